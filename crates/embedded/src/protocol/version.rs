//! The versions of records, by which transactions know whether what they read still holds.

/// What tells the states of a record apart: two that it was ever in differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(u64);

const SIZE: usize = 7;

impl Version {
    /// The last update takes 40 bits, which do until 2044.
    pub fn new(last_update: u64, generation: u16) -> Version {
        Version(last_update & 0xff_ffff_ffff | u64::from(generation) << 40)
    }

    pub fn from_bytes(bytes: [u8; SIZE]) -> Version {
        let [a, b, c, d, e, f, g] = bytes;
        Version(u64::from_le_bytes([a, b, c, d, e, f, g, 0]))
    }

    pub fn to_bytes(self) -> [u8; SIZE] {
        let [a, b, c, d, e, f, g, _] = self.0.to_le_bytes();
        [a, b, c, d, e, f, g]
    }
}
