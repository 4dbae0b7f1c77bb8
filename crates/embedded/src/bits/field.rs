//! Runs of bits within bytes, the highest bit of a byte first.

/// The bit at a position; none beyond the end counts as 0.
pub fn bit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at / 8).is_some_and(|byte| byte & mask(at) != 0)
}

pub fn set_bit(bytes: &mut [u8], at: usize, value: bool) {
    if let Some(byte) = bytes.get_mut(at / 8) {
        if value {
            *byte |= mask(at);
        } else {
            *byte &= !mask(at);
        }
    }
}

fn mask(at: usize) -> u8 {
    0x80 >> (at % 8)
}

/// Reads up to 64 bits as a number.
pub fn load(bytes: &[u8], offset: usize, size: usize) -> u64 {
    (offset..offset + size).fold(0, |number, at| number << 1 | u64::from(bit(bytes, at)))
}

/// Writes the lowest bits of a number.
pub fn store(bytes: &mut [u8], offset: usize, size: usize, number: u64) {
    for (at, shift) in (offset..offset + size).zip((0..size).rev()) {
        set_bit(bytes, at, number >> shift & 1 != 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_loaded_as_it_was_stored() {
        for offset in 0..16 {
            for size in 1..=64 {
                let number = 0x0123_4567_89ab_cdef_u64 >> (64 - size);
                let mut bytes = [0xff; 10];
                store(&mut bytes, offset, size, number);
                assert_eq!(load(&bytes, offset, size), number);
                assert_eq!(
                    bytes.iter().map(|byte| byte.count_ones()).sum::<u32>() as usize,
                    80 - size + number.count_ones() as usize
                );
            }
        }
    }
}
