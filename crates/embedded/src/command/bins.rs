//! The bins of a record while operations work on them.

use smallvec::SmallVec;

use crate::expression::BinSource;
use crate::particle::Value;
use crate::protocol::{Outcome, ResultCode};
use crate::store::record::{encode_body, flat_size};
use crate::store::{Record, StoredBin};

/// The longest bin name, in bytes.
const MAX_NAME_SIZE: usize = 15;

/// As many bins as a record can have.
const MAX_BINS: usize = 0x7fff;

/// As many operations as a request can have.
pub const MAX_OPS: u16 = 32 * 1024;

/// As large as a record may become on the storage of the server that is modelled.
const MAX_RECORD_SIZE: usize = 1024 * 1024;

/// A bin.
#[derive(Debug, Clone)]
pub struct Bin<'a> {
    pub name: &'a [u8],
    /// Particle type.
    pub kind: u8,
    pub value: Value<'a>,
}

/// The bins, in order. A bin that is removed leaves its place to the last one.
#[derive(Debug, Default)]
pub struct Bins<'a> {
    list: SmallVec<[Bin<'a>; 8]>,
}

impl<'a> Bins<'a> {
    pub fn of(record: &'a Record) -> Bins<'a> {
        let bins = record.bins();
        let list = bins.map(|StoredBin { name, kind, value }| Bin {
            name,
            kind,
            value: Value::Borrowed(value),
        });
        Bins { list: list.collect() }
    }

    pub fn iter(&self) -> impl Iterator<Item = StoredBin<'_>> + Clone {
        let stored = |bin: &'_ Bin<'a>| -> (&'a [u8], u8) { (bin.name, bin.kind) };
        self.list.iter().map(move |bin| {
            let (name, kind) = stored(bin);
            StoredBin { name, kind, value: bin.value.bytes() }
        })
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn get(&self, name: &[u8]) -> Option<&Bin<'a>> {
        self.list.iter().find(|bin| bin.name == name)
    }

    pub fn get_mut(&mut self, name: &[u8]) -> Option<&mut Bin<'a>> {
        self.list.iter_mut().find(|bin| bin.name == name)
    }

    pub fn set(&mut self, name: &'a [u8], kind: u8, value: Value<'a>) {
        match self.get_mut(name) {
            Some(bin) => {
                bin.kind = kind;
                bin.value = value;
            }
            None => self.list.push(Bin { name, kind, value }),
        }
    }

    pub fn remove(&mut self, name: &[u8]) {
        if let Some(position) = self.list.iter().position(|bin| bin.name == name) {
            self.list.swap_remove(position);
        }
    }

    pub fn clear(&mut self) {
        self.list.clear();
    }

    pub fn check_count(&self) -> Outcome<()> {
        if self.list.len() > MAX_BINS { Err(ResultCode::Parameter) } else { Ok(()) }
    }

    /// Refuses a record that the server that is modelled could not store.
    pub fn check_size(&self, has_void_time: bool, set: &[u8], key: Option<&[u8]>) -> Outcome<()> {
        let size = flat_size(has_void_time, set, key, self.iter());
        if size > MAX_RECORD_SIZE { Err(ResultCode::RecordTooBig) } else { Ok(()) }
    }

    pub fn encode(&self, key: Option<&[u8]>) -> Box<[u8]> {
        encode_body(key, self.iter())
    }
}

impl BinSource for Bins<'_> {
    fn bin(&self, name: &[u8]) -> Option<StoredBin<'_>> {
        self.iter().find(|bin| bin.name == name)
    }
}

pub fn check_name(name: &[u8]) -> Outcome<()> {
    if name.len() > MAX_NAME_SIZE { Err(ResultCode::BinName) } else { Ok(()) }
}
