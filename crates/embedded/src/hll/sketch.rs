//! The bytes of a HyperLogLog: what elements leave in its registers.
//!
//! A byte of flags (0), the number of index bits, the number of minhash bits, the last count as 8
//! little-endian bytes (0: not counted since it changed), then the registers, packed. A register is
//! six bits for the longest run of zeros seen and, below them, the smallest part of a hash that came
//! with it: the minhash, by which two sketches can be compared.

use std::borrow::Cow;

use crate::protocol::cursor::Cursor;

const HEADER_SIZE: usize = 11;

/// Bits of a register that count zeros.
const RUN_BITS: u32 = 6;

/// As many different runs as a register can tell.
pub const RUNS: usize = 1 << RUN_BITS;

/// How many registers a sketch has, and how wide they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub index_bits: u8,
    /// 0 if the sketch can only count.
    pub minhash_bits: u8,
}

impl Shape {
    /// `None` if no sketch has this shape.
    pub fn new(index_bits: u8, minhash_bits: u8) -> Option<Shape> {
        let allowed = is_index_bits(index_bits)
            && is_minhash_bits(minhash_bits)
            && index_bits + minhash_bits <= 64;
        allowed.then_some(Shape { index_bits, minhash_bits })
    }

    pub fn registers(self) -> usize {
        1 << self.index_bits
    }

    fn register_bits(self) -> u32 {
        RUN_BITS + u32::from(self.minhash_bits)
    }

    fn size(self) -> usize {
        HEADER_SIZE + (self.register_bits() as usize * self.registers()).div_ceil(8)
    }

    /// The largest shape into which both fit.
    pub fn common(self, other: Shape) -> Shape {
        let same = self.minhash_bits == other.minhash_bits;
        Shape {
            index_bits: self.index_bits.min(other.index_bits),
            minhash_bits: if same { self.minhash_bits } else { 0 },
        }
    }
}

pub fn is_index_bits(bits: u8) -> bool {
    (4..=16).contains(&bits)
}

pub fn is_minhash_bits(bits: u8) -> bool {
    bits == 0 || (4..=51).contains(&bits)
}

/// A HyperLogLog.
#[derive(Debug, Clone)]
pub struct Sketch<'a> {
    shape: Shape,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Sketch<'a> {
    /// `None` if the bytes are no sketch.
    pub fn parse(bytes: &'a [u8]) -> Option<Sketch<'a>> {
        let [0, index_bits, minhash_bits, ..] = *bytes else { return None };
        let shape = Shape::new(index_bits, minhash_bits)?;
        (bytes.len() == shape.size()).then_some(Sketch { shape, bytes: Cow::Borrowed(bytes) })
    }

    /// A sketch of nothing.
    pub fn empty(shape: Shape) -> Sketch<'static> {
        let mut bytes = vec![0, shape.index_bits, shape.minhash_bits];
        bytes.resize(shape.size(), 0);
        Sketch { shape, bytes: Cow::Owned(bytes) }
    }

    /// The smallest sketch that holds what all of these do.
    pub fn union<'s>(sketches: impl Iterator<Item = &'s Sketch<'s>> + Clone) -> Sketch<'static> {
        let shapes = sketches.clone().map(|sketch| sketch.shape);
        let shape = shapes.reduce(Shape::common);
        let mut union = Sketch::empty(shape.unwrap_or(Shape { index_bits: 4, minhash_bits: 0 }));
        for sketch in sketches {
            union.absorb(sketch);
        }
        union
    }

    pub fn shape(&self) -> Shape {
        self.shape
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_owned()
    }

    /// The count that is kept with the sketch, if it is still right.
    pub fn kept_count(&self) -> Option<u64> {
        let kept = self.bytes.get(3..).and_then(|rest| rest.first_chunk::<8>());
        kept.map(|bytes| u64::from_le_bytes(*bytes)).filter(|&count| count != 0)
    }

    pub fn keep_count(&mut self, count: u64) {
        if let Some(place) = self.bytes.to_mut().get_mut(3..HEADER_SIZE) {
            place.copy_from_slice(&count.to_le_bytes());
        }
    }

    /// Adds an element in its stored form. Whether that changed anything.
    pub fn add(&mut self, element: &[u8]) -> bool {
        let (register, value) = self.place_of(element);
        let changes = self.register(register) < value;
        if changes {
            self.set_register(register, value);
            self.keep_count(0);
        }
        changes
    }

    /// Whether the element may have been added; if not, it was not.
    pub fn may_contain(&self, element: &[u8]) -> bool {
        let (register, value) = self.place_of(element);
        value <= self.register(register)
    }

    /// The register that an element belongs to, and the value that it would leave there.
    fn place_of(&self, element: &[u8]) -> (usize, u64) {
        let hash = fastmurmur3::murmur3_x64_128(element, 0);
        let (low, high) = (hash as u64, (hash >> 64) as u64);
        let register = low as usize & (self.shape.registers() - 1);
        let minhash_bits = u32::from(self.shape.minhash_bits);
        let minhash = low >> self.shape.index_bits & ((1 << minhash_bits) - 1);
        let run = u64::from(high.trailing_zeros() + 1);
        (register, run << minhash_bits | minhash)
    }

    /// Takes in all that another sketch holds, whose shape must be no smaller.
    pub fn absorb(&mut self, other: &Sketch<'_>) {
        let mask = self.shape.registers() - 1;
        let keeps_minhash = self.shape.minhash_bits != 0;
        for register in 0..other.shape.registers() {
            let value =
                if keeps_minhash { other.register(register) } else { other.run(register) as u64 };
            if self.register(register & mask) < value {
                self.set_register(register & mask, value);
            }
        }
    }

    /// Keeps the registers that are the same in another sketch, whose shape must be no smaller.
    pub fn retain_equal(&mut self, other: &Sketch<'_>) {
        let mask = self.shape.registers() - 1;
        for register in 0..other.shape.registers() {
            if self.register(register & mask) != other.register(register) {
                self.set_register(register & mask, 0);
            }
        }
    }

    /// Whether anything was added, as the server that is modelled sees it: it looks at the first
    /// registers only.
    pub fn has_data(&self) -> bool {
        let registers = self.bytes.iter().skip(HEADER_SIZE);
        registers.take(self.shape.registers()).any(|&byte| byte != 0)
    }

    pub fn used_registers(&self) -> usize {
        (0..self.shape.registers()).filter(|&register| self.register(register) != 0).count()
    }

    /// The longest run of zeros that a register has seen, plus one.
    pub fn run(&self, register: usize) -> usize {
        (self.register(register) >> self.shape.minhash_bits) as usize
    }

    /// Where a register lies: the first of 8 bytes, and how far it is from their lowest bit.
    fn window(&self, register: usize) -> (usize, u32) {
        let bits = self.shape.register_bits();
        let offset = bits as usize * register;
        // The last bytes are reached from further in front: 8 bytes are always there.
        let start = (HEADER_SIZE + offset / 8).min(self.shape.size() - 8);
        let skipped = offset - (start - HEADER_SIZE) * 8;
        (start, 64 - skipped as u32 - bits)
    }

    fn register(&self, register: usize) -> u64 {
        let (start, shift) = self.window(register);
        let word = self.bytes.get(start..).and_then(|rest| Cursor::new(rest).u64());
        word.unwrap_or(0) >> shift & self.register_mask()
    }

    fn set_register(&mut self, register: usize, value: u64) {
        let (start, shift) = self.window(register);
        let mask = self.register_mask();
        let place = self.bytes.to_mut().get_mut(start..).and_then(|rest| rest.first_chunk_mut());
        if let Some(place) = place {
            let word = u64::from_be_bytes(*place) & !(mask << shift);
            *place = (word | (value & mask) << shift).to_be_bytes();
        }
    }

    fn register_mask(&self) -> u64 {
        (1 << self.shape.register_bits()) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_of_every_shape_are_read_as_they_were_written() {
        for (index_bits, minhash_bits) in [(4, 0), (5, 4), (7, 13), (13, 51), (16, 48)] {
            let mut sketch = Sketch::empty(Shape::new(index_bits, minhash_bits).unwrap());
            let mask = sketch.register_mask();
            let value = |register: usize| (register as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for register in 0..sketch.shape.registers() {
                sketch.set_register(register, value(register));
            }
            for register in 0..sketch.shape.registers() {
                assert_eq!(sketch.register(register), value(register) & mask);
            }
        }
    }

    #[test]
    fn what_was_added_is_contained() {
        let mut sketch = Sketch::empty(Shape::new(12, 20).unwrap());
        for number in 0u16..500 {
            sketch.add(&number.to_be_bytes());
            assert!(!sketch.add(&number.to_be_bytes()));
        }
        assert!((0u16..500).all(|number| sketch.may_contain(&number.to_be_bytes())));
        assert!((500u16..600).any(|number| !sketch.may_contain(&number.to_be_bytes())));
    }

    #[test]
    fn bytes_of_any_other_size_are_no_sketch() {
        let bytes = Sketch::empty(Shape::new(4, 0).unwrap()).into_bytes();
        assert!(Sketch::parse(&bytes).is_some());
        assert!(Sketch::parse(&bytes[1..]).is_none());
        assert!(Sketch::parse(&[&bytes[..], &[0]].concat()).is_none());
        assert!(Sketch::parse(b"").is_none());
        assert!(Shape::new(3, 0).is_none() && Shape::new(17, 0).is_none());
        assert!(Shape::new(4, 3).is_none() && Shape::new(16, 49).is_none());
    }
}
