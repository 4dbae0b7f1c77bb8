//! Choices, made by the bytes of an input.

pub struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub fn new(bytes: &'b [u8]) -> Choices<'b> {
        Choices { bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte; 0 when there is none.
    pub fn byte(&mut self) -> u8 {
        let Some((&byte, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        byte
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    pub fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// As many bytes, or as there are.
    pub fn take(&mut self, count: usize) -> &'b [u8] {
        let (taken, rest) = self.bytes.split_at(count.min(self.bytes.len()));
        self.bytes = rest;
        taken
    }

    /// Numbers at the edges of what is allowed, and small ones.
    pub fn number(&mut self) -> i64 {
        match self.byte() {
            byte @ 0..=199 => i64::from(byte as i8 % 20),
            200..=209 => i64::from(self.byte()),
            210..=219 => i64::from(u16::from_be_bytes([self.byte(), self.byte()])),
            220..=227 => i64::MAX,
            228..=235 => i64::MIN,
            236..=243 => i64::from(u32::MAX),
            byte => 1 << (byte - 243),
        }
    }
}
