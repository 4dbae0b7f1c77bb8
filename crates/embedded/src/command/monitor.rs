//! Commands on the monitor of a transaction, which clients address as a record: adding the digests
//! of records that are about to be written, marking that the transaction commits, deleting.

use super::{Failure, Request};
use crate::cdt::{Call, list_elements};
use crate::msgpack::Token;
use crate::particle::kind;
use crate::protocol::cursor::Cursor;
use crate::protocol::message::{Op, field, info2, op};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{Outcome, ResultCode};
use crate::store::Digest;
use crate::store::monitor::{MAX_DURATION, SET};

mod bin {
    pub const ID: &[u8] = b"id";
    pub const DIGESTS: &[u8] = b"keyds";
    pub const FORWARD: &[u8] = b"fwd";
}

/// Codes of list operations.
const APPEND: u64 = 1;
const APPEND_ITEMS: u64 = 2;

pub fn is_monitor(request: &Request<'_>) -> bool {
    request.namespace.strong_consistency && request.message.fields.set == SET
}

pub fn execute(request: &Request<'_>, reply: &mut Reply<'_>) -> Result<Metadata, Failure> {
    let message = request.message;
    let monitors = &request.namespace.monitors;
    if message.fields.transaction.is_some() {
        return Err(ResultCode::Parameter.into());
    }
    if message.has_info2(info2::DELETE) {
        monitors.close(&request.digest)?;
        return Ok(Metadata::default());
    }
    let mut asked = Asked::default();
    for op in message.ops {
        asked.take(&op)?;
    }
    match asked {
        Asked { marks: true, id: None, digests: None } => monitors.mark(&request.digest)?,
        Asked { marks: false, id, digests: Some(digests) } => {
            let duration = duration(request)?;
            let (deadline, count) = monitors.add(request.digest, id, &digests, duration)?;
            answer(request, deadline, count, reply);
        }
        _ => return Err(ResultCode::Parameter.into()),
    }
    Ok(Metadata { generation: 1, ..Metadata::default() })
}

/// What the operations of a request ask for.
#[derive(Default)]
struct Asked {
    /// The transaction that begins.
    id: Option<u64>,
    digests: Option<Vec<Digest>>,
    marks: bool,
}

impl Asked {
    fn take(&mut self, op: &Op<'_>) -> Outcome<()> {
        match (op.code, op.name) {
            (op::WRITE, bin::ID) if op.kind == kind::INTEGER => {
                let id = op.value.try_into().map_err(|_| ResultCode::Parameter)?;
                self.id = Some(u64::from_be_bytes(id));
            }
            (op::WRITE, bin::FORWARD) => self.marks = true,
            (op::CDT_MODIFY, bin::DIGESTS) => self.digests = Some(digests(op)?),
            _ => return Err(ResultCode::Parameter),
        }
        Ok(())
    }
}

fn digests(op: &Op<'_>) -> Outcome<Vec<Digest>> {
    let call = Call::parse(op.value)?;
    let elements = match call.code {
        APPEND => vec![call.element(0)?],
        APPEND_ITEMS => list_elements(call.element(0)?).ok_or(ResultCode::Parameter)?,
        _ => return Err(ResultCode::Parameter),
    };
    elements.into_iter().map(|element| digest(element).ok_or(ResultCode::Parameter)).collect()
}

fn digest(element: &[u8]) -> Option<Digest> {
    match Token::read(&mut Cursor::new(element))? {
        Token::Raw([kind::BLOB, digest @ ..]) => digest.try_into().ok(),
        _ => None,
    }
}

/// As long as the transaction may take, in seconds, if the client says.
fn duration(request: &Request<'_>) -> Outcome<Option<u32>> {
    match request.message.header.ttl {
        0 => Ok(None),
        ttl @ 1..=MAX_DURATION => Ok(Some(ttl)),
        _ => Err(ResultCode::Parameter),
    }
}

fn answer(request: &Request<'_>, deadline: u32, count: usize, reply: &mut Reply<'_>) {
    reply.push_field(field::TRANSACTION_DEADLINE, &deadline.to_le_bytes());
    for op in request.message.ops {
        match op.code {
            op::CDT_MODIFY => {
                reply.push(op.code, op.name, kind::INTEGER, &(count as u64).to_be_bytes());
            }
            _ => reply.push(op.code, op.name, kind::NIL, b""),
        }
    }
}
