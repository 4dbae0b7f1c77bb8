//! The encoding of lists, maps and what is in them: MessagePack, with the protocol's own marks.
//!
//! * Strings, blobs and the like are raw bytes that begin with their particle type.
//! * A collection may begin with an extension element that carries its flags (a map with a pair of
//!   such an element and nil). It counts as an element but is none.
//! * Two extension values stand for the wildcard and for infinity; they are never stored.

mod compare;
mod normalise;
mod sort;
mod token;
pub mod write;

pub use compare::{compare, compare_strictly};
pub use normalise::{Collection, normalise};
pub use sort::sort_by;
pub use token::{Token, is_storable, skip, take_flags};

/// How deep collections may be nested: what is deeper is refused as malformed.
pub const MAX_DEPTH: usize = 256;

/// Flags of a list.
pub mod list_flags {
    pub const ORDERED: u8 = 1;
}

/// Flags of a map.
pub mod map_flags {
    pub const KEY_ORDERED: u8 = 1;
    pub const VALUE_ORDERED: u8 = 2;
    /// Those that are kept with a map.
    pub const STORED: u8 = KEY_ORDERED | VALUE_ORDERED;
    /// Of results only: the pairs come in the order of the selection.
    pub const PRESERVE: u8 = 8;
}
