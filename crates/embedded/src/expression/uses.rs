//! What of a record an expression looks at.

use crate::cdt::{integer, take_element};
use crate::msgpack::Token;
use crate::protocol::cursor::Cursor;

/// What an expression looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    pub bins: bool,
    pub digest: bool,
    /// Times, sizes, the set: what is known of a record besides.
    pub metadata: bool,
    pub key: bool,
}

/// What a well-formed expression looks at.
pub fn uses(wire: &[u8]) -> Uses {
    let mut uses = Uses::default();
    uses.note(wire);
    uses
}

impl Uses {
    fn note(&mut self, wire: &[u8]) {
        const DIGEST_MODULO: i64 = 64;
        const QUOTE: i64 = 126;
        const CALL: i64 = 127;
        let parts = elements(wire);
        let Some((first, arguments)) = parts.split_first() else { return };
        match integer(first) {
            Some(DIGEST_MODULO) => self.digest = true,
            Some(65..=74) => self.metadata = true,
            Some(80) => self.key = true,
            Some(81 | 82) => self.bins = true,
            Some(QUOTE) => {}
            Some(CALL) => {
                if let [_, _, call, on] = arguments {
                    self.note_call(call);
                    self.note(on);
                }
            }
            _ => arguments.iter().for_each(|argument| self.note(argument)),
        }
    }

    /// An operation on a collection: what is in front is its own code, not that of an expression.
    fn note_call(&mut self, call: &[u8]) {
        const WITH_CONTEXT: i64 = 0xff;
        let parts = elements(call);
        match parts.as_slice() {
            [code, context, inner] if integer(code) == Some(WITH_CONTEXT) => {
                elements(context).iter().for_each(|step| self.note(step));
                self.note_call(inner);
            }
            [_, arguments @ ..] => arguments.iter().for_each(|argument| self.note(argument)),
            [] => {}
        }
    }
}

/// The elements of a list; none of anything else.
fn elements(wire: &[u8]) -> Vec<&[u8]> {
    let mut cursor = Cursor::new(wire);
    match Token::read(&mut cursor) {
        Some(Token::List(count)) => (0..count).map_while(|_| take_element(&mut cursor)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_is_found_wherever_it_is() {
        let bins = Uses { bins: true, ..Uses::default() };
        assert_eq!(uses(b"\x93\x14\x93\x51\x02\xa3age\x05"), bins);
        // A map operation whose code is that of something else: 65.
        assert_eq!(uses(b"\x95\x7f\x05\x40\x93\x41\xa2\x03a\x05\x93\x51\x05\xa1m"), bins);
        let both = Uses { metadata: true, ..bins };
        assert_eq!(uses(b"\x93\x03\x93\x51\x02\xa1i\x91\x45"), both);
        assert_eq!(uses(b"\x92\x50\x02"), Uses { key: true, ..Uses::default() });
        assert_eq!(uses(b"\x92\x40\x03"), Uses { digest: true, ..Uses::default() });
        assert_eq!(uses(b"\x92\x7e\x92\x45\x05"), Uses::default());
    }
}
