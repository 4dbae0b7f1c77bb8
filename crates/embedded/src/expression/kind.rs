//! Types of values, as expressions name them.

/// What an expression comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nil,
    Bool,
    Int,
    String,
    List,
    Map,
    Blob,
    Float,
    Geo,
    Hll,
    /// The request to remove the element that is being modified.
    Remove,
    /// Infinity and the like: elements that are no value of a bin.
    Mark,
}

impl Kind {
    /// The type with this number on the wire.
    pub fn from_wire(number: u64) -> Option<Kind> {
        Some(match number {
            0 => Kind::Nil,
            1 => Kind::Bool,
            2 => Kind::Int,
            3 => Kind::String,
            4 => Kind::List,
            5 => Kind::Map,
            6 => Kind::Blob,
            7 => Kind::Float,
            8 => Kind::Geo,
            9 => Kind::Hll,
            _ => return None,
        })
    }

    pub fn is_number(self) -> bool {
        matches!(self, Kind::Int | Kind::Float)
    }
}
