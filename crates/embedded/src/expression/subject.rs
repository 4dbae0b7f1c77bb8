//! What expressions ask about a record.

use crate::store::{Digest, Record, SetId, Sets, StoredBin};

/// Bins, by name.
pub trait BinSource {
    fn bin(&self, name: &[u8]) -> Option<StoredBin<'_>>;
}

impl BinSource for Record {
    fn bin(&self, name: &[u8]) -> Option<StoredBin<'_>> {
        Record::bin(self, name)
    }
}

/// A record that an expression is about.
pub struct Subject<'a> {
    pub digest: Digest,
    pub sets: &'a Sets,
    pub set: SetId,
    /// The record as it is stored, if it is: what its times and size are.
    pub record: Option<&'a Record>,
    /// The key that is stored or is about to be.
    pub key: Option<&'a [u8]>,
    /// The bins as they are now, in the midst of a request.
    pub bins: &'a dyn BinSource,
}
