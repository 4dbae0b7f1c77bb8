//! Writing elements in the shortest form.

/// Appends an integer without a sign.
pub fn unsigned(output: &mut Vec<u8>, value: u64) {
    match value {
        0..=0x7f => output.push(value as u8),
        0x80..=0xff => output.extend_from_slice(&[0xcc, value as u8]),
        0x100..=0xffff => tagged(output, 0xcd, &(value as u16).to_be_bytes()),
        0x1_0000..=0xffff_ffff => tagged(output, 0xce, &(value as u32).to_be_bytes()),
        _ => tagged(output, 0xcf, &value.to_be_bytes()),
    }
}

/// Appends a negative integer.
pub fn negative(output: &mut Vec<u8>, value: i64) {
    if value >= -32 {
        output.push(value as u8);
    } else if let Ok(value) = i8::try_from(value) {
        tagged(output, 0xd0, &value.to_be_bytes());
    } else if let Ok(value) = i16::try_from(value) {
        tagged(output, 0xd1, &value.to_be_bytes());
    } else if let Ok(value) = i32::try_from(value) {
        tagged(output, 0xd2, &value.to_be_bytes());
    } else {
        tagged(output, 0xd3, &value.to_be_bytes());
    }
}

/// Appends an integer with a sign.
pub fn integer(output: &mut Vec<u8>, value: i64) {
    if value < 0 { negative(output, value) } else { unsigned(output, value as u64) }
}

/// Appends a floating point number.
pub fn double(output: &mut Vec<u8>, value: f64) {
    tagged(output, 0xcb, &value.to_be_bytes());
}

/// Appends bytes that begin with their particle type.
pub fn raw(output: &mut Vec<u8>, bytes: &[u8]) {
    raw_header(output, bytes.len());
    output.extend_from_slice(bytes);
}

fn raw_header(output: &mut Vec<u8>, size: usize) {
    match size {
        size @ 0..=0x1f => output.push(0xa0 | size as u8),
        size @ 0x20..=0xff => tagged(output, 0xd9, &(size as u8).to_be_bytes()),
        size @ 0x100..=0xffff => tagged(output, 0xda, &(size as u16).to_be_bytes()),
        size => tagged(output, 0xdb, &(size as u32).to_be_bytes()),
    }
}

/// Appends the header of a list of that many elements, its flags not counted.
pub fn list(output: &mut Vec<u8>, count: usize, flags: u8) {
    collection(output, count + usize::from(flags != 0), 0x90, 0xdc);
    if flags != 0 {
        output.extend_from_slice(&[0xc7, 0, flags]);
    }
}

/// Appends the header of a map of that many pairs, its flags not counted.
pub fn map(output: &mut Vec<u8>, count: usize, flags: u8) {
    collection(output, count + usize::from(flags != 0), 0x80, 0xde);
    if flags != 0 {
        output.extend_from_slice(&[0xc7, 0, flags, 0xc0]);
    }
}

fn collection(output: &mut Vec<u8>, count: usize, short: u8, long: u8) {
    match count {
        0..=0x0f => output.push(short | count as u8),
        0x10..=0xffff => tagged(output, long, &(count as u16).to_be_bytes()),
        _ => tagged(output, long + 1, &(count as u32).to_be_bytes()),
    }
}

/// Appends bytes with their particle type.
pub fn typed(output: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    raw_header(output, bytes.len() + 1);
    output.push(kind);
    output.extend_from_slice(bytes);
}

fn tagged(output: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    output.push(tag);
    output.extend_from_slice(bytes);
}
