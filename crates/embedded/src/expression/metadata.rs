//! What expressions may ask of a record besides its bins.

use super::kind::Kind;
use super::node::Metadata;
use super::subject::Subject;
use super::value::{Bytes, Value};
use crate::particle::{self, kind};
use crate::store::clock;

const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;

/// What there is to tell of a record, also of one that is just being created.
pub fn metadata<'v>(subject: &'v Subject<'v>, what: Metadata) -> Value<'v> {
    let last_update = subject.record.map_or(0, |record| record.last_update);
    let void_time = subject.record.map_or(0, |record| record.void_time);
    match what {
        Metadata::LastUpdate => Value::Int(since_unix_epoch(last_update)),
        Metadata::SinceUpdate => Value::Int(clock::now_ms().saturating_sub(last_update) as i64),
        Metadata::VoidTime if void_time == 0 => Value::Int(-1),
        Metadata::VoidTime => Value::Int(since_unix_epoch(u64::from(void_time) * 1000)),
        Metadata::TimeToLive if void_time == 0 => Value::Int(-1),
        Metadata::TimeToLive => {
            Value::Int(i64::from(void_time.saturating_sub(clock::now_seconds())))
        }
        Metadata::SetName => Value::String(match subject.sets.get(subject.set) {
            Some(set) => set.name.to_vec().into(),
            None => Bytes::Borrowed(b""),
        }),
        Metadata::KeyExists => {
            Value::Bool(subject.record.is_some_and(|record| record.key().is_some()))
        }
        Metadata::IsTombstone => Value::Bool(false),
        Metadata::DeviceSize | Metadata::RecordSize => Value::Int(size(subject) as i64),
    }
}

/// Nanoseconds since the Unix epoch at a moment in milliseconds since that of the protocol.
fn since_unix_epoch(milliseconds: u64) -> i64 {
    let milliseconds = milliseconds + clock::EPOCH.as_millis() as u64;
    (milliseconds as i64).saturating_mul(NANOSECONDS_PER_MILLISECOND)
}

/// What the record would take on the storage of the server that is modelled, in whole blocks.
fn size(subject: &Subject<'_>) -> usize {
    const BLOCK: usize = 16;
    let set = subject.sets.get(subject.set);
    let set: &[u8] = set.as_ref().map_or(b"", |set| &set.name);
    subject.record.map_or(0, |record| record.flat_size(set).next_multiple_of(BLOCK))
}

/// The last four bytes of the digest, modulo a number.
pub fn digest_modulo<'v>(subject: &Subject<'_>, modulus: i32) -> Option<Value<'v>> {
    let [.., a, b, c, d] = subject.digest;
    let number = i64::from(u32::from_le_bytes([a, b, c, d]));
    number.checked_rem(i64::from(modulus)).map(Value::Int)
}

/// The user key, if there is one of that type.
pub fn key<'v>(subject: &Subject<'v>, wanted: Kind) -> Option<Value<'v>> {
    let (&first, bytes) = subject.key?.split_first()?;
    let key = match first {
        kind::INTEGER => Value::Int(particle::integer(bytes).ok()?),
        kind::STRING => Value::String(Bytes::Borrowed(bytes)),
        kind::BLOB => Value::Blob(Bytes::Borrowed(bytes)),
        _ => return None,
    };
    (key.kind() == wanted).then_some(key)
}
