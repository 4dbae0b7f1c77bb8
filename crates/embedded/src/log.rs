//! What `--log` writes to standard error: a line for each command, as people read it.
//!
//! ```text
//! 127.0.0.1:40112 put test/people/"ada" write(age: integer of 8 bytes) -> Ok in 12 us
//! 127.0.0.1:40112 remove test/people/0123…cdef -> NotFound in 4 us
//! ```
//!
//! Of values only the types and sizes are shown: a log is not where they should be found.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Instant;

use crate::ael;
use crate::cdt;
use crate::faults::Fate;
use crate::particle::kind;
use crate::protocol::ResultCode;
use crate::protocol::message::{Fields, Message, Op, info1, info2, info4, op};

/// Longer user keys are cut off: one may have a megabyte.
const MAX_KEY_SIZE: usize = 64;

/// So are info requests: one may bring a module of functions.
const MAX_INFO_SIZE: usize = 256;

/// Tells of a message that is answered. `code` is that of its reply, if it was carried out.
pub fn message(
    peer: SocketAddr,
    body: &[u8],
    code: Option<u8>,
    fate: Option<Fate>,
    started: Instant,
) {
    let what = match Message::parse(body) {
        None => "malformed message".into(),
        Some(message) if message.has_info1(info1::BATCH) => {
            let count = message.fields.batch.and_then(|rows| rows.first_chunk());
            format!("batch of {} records", count.map_or(0, |count| u32::from_be_bytes(*count)))
        }
        Some(message) => describe(&message, message.fields.digest),
    };
    let refused = code.filter(|code| *code == ResultCode::Parameter as u8);
    let refused = refused.and_then(|_| wrong_text(&Message::parse(body)?));
    let code = match code {
        None => "not carried out".into(),
        Some(code) => name_of(code),
    };
    let wrong = refused.map_or(String::new(), |wrong| format!(" ({wrong})"));
    let fault = fate.map_or(String::new(), |fate| format!(" [fault: {fate}]"));
    eprintln!("{peer} {what} -> {code}{wrong} in {} us{fault}", started.elapsed().as_micros());
}

/// What is wrong with the text that is the condition of a message, if anything is.
fn wrong_text(message: &Message<'_>) -> Option<String> {
    let flagged = || {
        let condition = message.fields.condition?;
        let flags = condition.iter().position(|byte| byte & 1 == 0)?;
        condition.get(flags + 1..)
    };
    let text = message.fields.filter.and_then(ael::text_of).or_else(flagged)?;
    let read = ael::parse_condition(text).and_then(|tree| ael::pack(&tree));
    read.err().map(|error| error.describe(text))
}

/// Tells of a row of a batch.
pub fn row(
    peer: SocketAddr,
    message: &Message<'_>,
    digest: &[u8],
    code: ResultCode,
    started: Instant,
) {
    let what = describe(message, Some(digest));
    eprintln!("{peer} in a batch: {what} -> {code:?} in {} us", started.elapsed().as_micros());
}

/// Tells of an info request.
pub fn info(peer: SocketAddr, body: &[u8], started: Instant) {
    let commands = String::from_utf8_lossy(start_of(body.trim_ascii_end(), MAX_INFO_SIZE));
    eprintln!("{peer} info {commands:?} in {} us", started.elapsed().as_micros());
}

/// Tells of a message about users; its fields, among them passwords, are not shown.
pub fn administration(
    peer: SocketAddr,
    what: &str,
    user: &str,
    code: ResultCode,
    started: Instant,
) {
    eprintln!("{peer} {what} of {user:?} -> {code:?} in {} us", started.elapsed().as_micros());
}

fn name_of(code: u8) -> String {
    ResultCode::from_u8(code).map_or_else(|| format!("code {code}"), |code| format!("{code:?}"))
}

fn describe(message: &Message<'_>, digest: Option<&[u8]>) -> String {
    let mut text = format!("{} {}", verb(message, digest), place(&message.fields, digest));
    for op in message.ops {
        text.push(' ');
        text.push_str(&describe_op(&op));
    }
    if let (Some(module), Some(function)) = (message.fields.udf_module, message.fields.udf_function)
    {
        let [module, function] = [module, function].map(String::from_utf8_lossy);
        let _ = write!(text, " {module}.{function}()");
    }
    text
}

fn verb(message: &Message<'_>, digest: Option<&[u8]>) -> &'static str {
    let writes = message.has_info2(info2::WRITE);
    let all = |codes: &[u8]| message.ops.into_iter().all(|op| codes.contains(&op.code));
    match () {
        () if digest.is_none() && message.fields.udf_module.is_some() => "query with a function",
        () if digest.is_none() && writes => "background query",
        () if digest.is_none() => "query",
        () if message.has_info4(info4::ROLL_FORWARD) => "roll forward",
        () if message.has_info4(info4::ROLL_BACK) => "roll back",
        () if message.has_info4(info4::VERIFY_READ) => "verify",
        () if message.has_info2(info2::DELETE) => "remove",
        () if message.fields.udf_module.is_some() => "apply",
        () if !writes && message.has_info1(info1::GET_NO_BINS) => "exists",
        () if !writes && message.header.op_count == 0 => "get",
        () if !writes && all(&[op::READ]) => "select",
        () if all(&[op::WRITE]) => "put",
        () if all(&[op::TOUCH]) => "touch",
        () if all(&[op::INCREMENT]) => "increment",
        () if all(&[op::APPEND]) => "append",
        () if all(&[op::PREPEND]) => "prepend",
        () => "operate",
    }
}

/// `namespace/set/key`, the digest taking the place of a key that was not sent.
fn place(fields: &Fields<'_>, digest: Option<&[u8]>) -> String {
    let namespace = String::from_utf8_lossy(fields.namespace.unwrap_or_default());
    let set = String::from_utf8_lossy(fields.set);
    let key = match (fields.key, digest) {
        (Some(key), _) => format!("/{}", user_key(key)),
        (None, Some(digest)) => format!("/{}", hex(digest)),
        (None, None) => String::new(),
    };
    format!("{namespace}/{set}{key}")
}

fn user_key(key: &[u8]) -> String {
    match key {
        [kind::INTEGER, bytes @ ..] if bytes.len() == 8 => {
            bytes.iter().fold(0, |number: i64, &byte| number << 8 | i64::from(byte)).to_string()
        }
        [kind::STRING, text @ ..] => {
            format!("{:?}", String::from_utf8_lossy(start_of(text, MAX_KEY_SIZE)))
        }
        [_, bytes @ ..] => format!("0x{}", hex(start_of(bytes, MAX_KEY_SIZE))),
        [] => String::new(),
    }
}

fn start_of(bytes: &[u8], size: usize) -> &[u8] {
    bytes.get(..size).unwrap_or(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `name(bin)`, or `name(bin: type of n bytes)` if the operation has a value.
fn describe_op(op: &Op<'_>) -> String {
    let name = match op.code {
        op::READ => "read",
        op::WRITE if op.kind == kind::NIL => "remove",
        op::WRITE => "write",
        op::INCREMENT => "increment",
        op::EXP_READ => "expression_read",
        op::EXP_MODIFY => "expression_write",
        op::APPEND => "append",
        op::PREPEND => "prepend",
        op::TOUCH => return "touch".into(),
        op::BITS_READ => "bits_read",
        op::BITS_MODIFY => "bits_modify",
        op::DELETE_ALL => return "delete".into(),
        op::HLL_READ => "hll_read",
        op::HLL_MODIFY => "hll_modify",
        op::CDT_READ | op::CDT_MODIFY => {
            let bin = String::from_utf8_lossy(op.name);
            return format!("{}({bin}: {} bytes)", cdt::describe_call(op.value), op.value.len());
        }
        _ => return format!("operation {}({})", op.code, String::from_utf8_lossy(op.name)),
    };
    let bin = String::from_utf8_lossy(op.name);
    match op.kind {
        kind::NIL => format!("{name}({bin})"),
        kind => format!("{name}({bin}: {} of {} bytes)", type_name(kind), op.value.len()),
    }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        kind::INTEGER => "integer",
        kind::FLOAT => "double",
        kind::STRING => "string",
        kind::BOOL => "boolean",
        kind::HLL => "HyperLogLog",
        kind::MAP => "map",
        kind::LIST => "list",
        kind::GEOJSON => "GeoJSON",
        kind::VECTOR => "vector",
        _ => "blob",
    }
}
