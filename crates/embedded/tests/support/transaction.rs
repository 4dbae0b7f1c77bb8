//! The commands of transactions, byte by byte.

use super::{Key, Request};

pub const VERSION: u8 = 3;
pub const TRANSACTION: u8 = 5;
pub const DEADLINE: u8 = 6;

pub const VERIFY: u8 = 1;
pub const FORWARD: u8 = 2;
pub const BACK: u8 = 4;
pub const ON_LOCKING_ONLY: u8 = 16;

pub const LATER: u32 = u32::MAX;

pub fn monitor_key(id: u64) -> Key {
    let (namespace, set) = ("test".into(), "<ERO~MRT".into());
    Key { namespace, set, kind: 1, value: id.to_be_bytes().to_vec() }
}

/// Adds digests to a monitor, which is made if `begins`.
pub fn add(id: u64, digests: &[Vec<u8>], begins: bool, seconds: u32) -> Request {
    let mut request = Request::new(&monitor_key(id), [0, 0x81, 0]);
    request.ttl = seconds;
    if begins {
        request = request.op(2, "id", 1, &id.to_be_bytes());
    }
    // [append items, [digest, ...], ordered, unique | no fail | partial]
    let mut call = vec![0x94, 2, 0xdd];
    call.extend_from_slice(&(digests.len() as u32).to_be_bytes());
    for digest in digests {
        call.extend_from_slice(&[0xb5, 4]);
        call.extend_from_slice(digest);
    }
    call.extend_from_slice(&[1, 13]);
    request.op(4, "keyds", 4, &call)
}

pub fn mark(id: u64) -> Request {
    Request::new(&monitor_key(id), [0, 1, 0]).op(2, "fwd", 17, &[1])
}

pub fn close(id: u64) -> Request {
    Request::new(&monitor_key(id), [0, 0x13, 0])
}

pub fn field(mut request: Request, kind: u8, value: &[u8]) -> Request {
    request.fields.push((kind, value.to_vec()));
    request
}

pub fn within(request: Request, id: u64) -> Request {
    field(field(request, TRANSACTION, &id.to_le_bytes()), DEADLINE, &LATER.to_le_bytes())
}

pub fn put(key: &Key, number: u8) -> Request {
    Request::new(key, [0, 1, 0]).op(2, "n", 1, &[0, 0, 0, 0, 0, 0, 0, number])
}

pub fn delete(key: &Key) -> Request {
    Request::new(key, [0, 0x13, 0])
}

pub fn ending(key: &Key, id: u64, bits: u8) -> Request {
    let mut request = Request::new(key, [0, 0x11, 0]);
    request.info[3] = bits;
    field(request, TRANSACTION, &id.to_le_bytes())
}

pub fn verify(key: &Key, version: &[u8]) -> Request {
    let mut request = Request::new(key, [0x21, 0, 0x40]);
    request.info[3] = VERIFY;
    field(request, VERSION, version)
}
