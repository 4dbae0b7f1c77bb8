//! The 8-byte header that begins every request and reply: version, type, and size of the body.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::cursor::Cursor;

pub const VERSION: u8 = 2;
pub const INFO: u8 = 1;
pub const SECURITY: u8 = 2;
pub const MESSAGE: u8 = 3;
pub const COMPRESSED: u8 = 4;

pub const HEADER_SIZE: usize = 8;

/// The largest body that is accepted, compressed or not.
const MAX_BODY_SIZE: usize = 128 * 1024 * 1024;

/// A complete frame.
#[derive(Debug)]
pub struct Frame<'a> {
    pub kind: u8,
    pub body: &'a [u8],
}

impl Frame<'_> {
    pub fn size(&self) -> usize {
        HEADER_SIZE + self.body.len()
    }
}

/// The frame at the beginning of `bytes`, or `None` if it is not complete yet.
pub fn parse(bytes: &[u8]) -> io::Result<Option<Frame<'_>>> {
    let mut cursor = Cursor::new(bytes);
    let Some(header) = cursor.u64() else { return Ok(None) };
    let [version, kind, ..] = header.to_be_bytes();
    let size = (header & 0x0000_ffff_ffff_ffff) as usize;
    // Old clients send security messages as version 0.
    if version != VERSION && !(version == 0 && kind == SECURITY) {
        return Err(invalid(format!("protocol version {version}, not {VERSION}")));
    }
    if !matches!(kind, INFO | SECURITY | MESSAGE | COMPRESSED) {
        return Err(invalid(format!("frame of type {kind}")));
    }
    if size > MAX_BODY_SIZE {
        return Err(invalid(format!("frame of {size} bytes, more than {MAX_BODY_SIZE}")));
    }
    Ok(cursor.take(size).map(|body| Frame { kind, body }))
}

/// Appends the header of a frame whose body has `size` bytes.
pub fn push_header(output: &mut Vec<u8>, kind: u8, size: usize) {
    output.extend_from_slice(&header(kind, size));
}

/// Fills in the header that was left at `start`, now that the body of its frame is complete.
pub fn fill_header(output: &mut [u8], start: usize, kind: u8) {
    let size = output.len().saturating_sub(start + HEADER_SIZE);
    for (place, byte) in output.iter_mut().skip(start).zip(header(kind, size)) {
        *place = byte;
    }
}

/// The header of a frame whose body has `size` bytes.
pub fn header(kind: u8, size: usize) -> [u8; HEADER_SIZE] {
    ((u64::from(VERSION) << 56) | (u64::from(kind) << 48) | size as u64).to_be_bytes()
}

/// The body of the message inside a compressed frame, or `None` if there is none.
pub fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(body);
    let size = usize::try_from(cursor.u64()?).ok()?;
    if !(HEADER_SIZE..=HEADER_SIZE + MAX_BODY_SIZE).contains(&size) {
        return None;
    }
    // The buffer grows as bytes come out: the promised size alone allocates nothing.
    let mut inflated = Vec::new();
    let mut decoder = ZlibDecoder::new(cursor.rest()).take(size as u64 + 1);
    decoder.read_to_end(&mut inflated).ok()?;
    let frame = parse(&inflated).ok()??;
    let whole = frame.kind == MESSAGE && frame.size() == size && inflated.len() == size;
    if !whole {
        return None;
    }
    inflated.drain(..HEADER_SIZE);
    Some(inflated)
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_is_written() {
        let mut bytes = header(MESSAGE, 3).to_vec();
        bytes.extend_from_slice(b"abc");
        let frame = parse(&bytes).unwrap().unwrap();
        assert_eq!((frame.kind, frame.body, frame.size()), (MESSAGE, &b"abc"[..], 11));
    }

    #[test]
    fn a_frame_that_is_not_complete_is_waited_for() {
        let mut bytes = header(INFO, 4).to_vec();
        bytes.extend_from_slice(b"abc");
        for end in 0..bytes.len() {
            assert!(parse(&bytes[..end]).unwrap().is_none());
        }
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        for bytes in [[1, 3, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0], [2, 3, 0, 0, 8, 0, 0, 1]]
        {
            assert!(parse(&bytes).is_err());
        }
    }

    #[test]
    fn a_compressed_frame_must_hold_exactly_one_message() {
        use std::io::Write;
        let deflate = |plain: &[u8], promised: u64| {
            let mut body = promised.to_be_bytes().to_vec();
            let mut encoder = flate2::write::ZlibEncoder::new(&mut body, Default::default());
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap();
            body
        };
        let mut plain = header(MESSAGE, 3).to_vec();
        plain.extend_from_slice(b"abc");
        assert_eq!(inflate(&deflate(&plain, 11)).unwrap(), b"abc");
        assert!(inflate(&deflate(&plain, 10)).is_none());
        assert!(inflate(&deflate(&plain, 12)).is_none());
        assert!(inflate(&deflate(&plain, u64::MAX)).is_none());
        assert!(inflate(&deflate(&vec![0; 1 << 20], 1 << 20)).is_none());
        assert!(inflate(b"").is_none());
    }
}
