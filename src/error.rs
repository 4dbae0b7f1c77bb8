//! Errors: what went wrong, told without Python, and the exception that it becomes.

use std::any::Any;
use std::borrow::Cow;

use aerospike_core::errors::{Error, ErrorKind};
use aerospike_core::{BatchRecord, Key, ResultCode};
use pyo3::prelude::*;

use crate::convert::key::key_to_py;
use crate::convert::types::Types;
use crate::interp::boundary::panic_text;

/// Result codes of the client's own errors. Positive codes are the server's.
pub mod code {
    pub const CLIENT: i32 = -1;
    pub const PARAM: i32 = -2;
    pub const INVALID_HOST: i32 = -4;
    pub const NO_MORE_CONNECTIONS: i32 = -7;
    pub const INVALID_NODE: i32 = -8;
    pub const TLS: i32 = -9;
    pub const CONNECTION: i32 = -10;
    pub const CLUSTER: i32 = -11;
    pub const MAX_RETRIES: i32 = -12;
    pub const MAX_ERROR_RATE: i32 = -14;
    pub const NO_RESPONSE: i32 = -15;
    pub const BATCH_FAILED: i32 = -16;
    pub const TXN_FAILED: i32 = -17;
    pub const TXN_ALREADY_COMMITTED: i32 = -18;
    pub const TXN_ALREADY_ABORTED: i32 = -19;
    /// The node could not be asked.
    pub const TRANSPORT: &[i32] =
        &[NO_MORE_CONNECTIONS, INVALID_NODE, CONNECTION, CLUSTER, MAX_RETRIES, MAX_ERROR_RATE];
    pub const NOT_AUTHENTICATED: i32 = 80;
    /// What the server says of users and of what they may not do.
    pub const SECURITY: std::ops::RangeInclusive<i32> = 51..=93;
    pub const TRANSACTION: std::ops::RangeInclusive<i32> = -19..=-15;

    /// What a code of the client's own is called.
    pub fn name(code: i32) -> &'static str {
        match code {
            PARAM => "InvalidArgument",
            INVALID_HOST => "InvalidHost",
            NO_MORE_CONNECTIONS => "NoMoreConnections",
            INVALID_NODE => "InvalidNode",
            TLS => "Tls",
            CONNECTION => "Connection",
            CLUSTER => "Cluster",
            MAX_RETRIES => "MaxRetriesExceeded",
            MAX_ERROR_RATE => "MaxErrorRate",
            NO_RESPONSE => "NoResponse",
            BATCH_FAILED => "BatchFailed",
            code if TRANSACTION.contains(&code) => "Transaction",
            _ => "Client",
        }
    }
}

/// An error, as an exception will tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorInfo {
    pub code: i32,
    pub message: String,
    pub in_doubt: bool,
    pub subcode: Option<u32>,
    pub node: Option<String>,
    pub iterations: Option<u32>,
    /// The codes by which nodes refused earlier tries, which were then repeated.
    pub refusals: Vec<i32>,
    class: Class,
}

/// Which exception tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    OfCode,
    /// The operation waited in vain to begin.
    Backpressure,
    /// There is a defect in the client.
    Panic,
    /// Nobody is there to be told.
    Abandoned,
}

/// What kind of error it was, as metrics and traces name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorType {
    class: Class,
    code: i32,
}

impl ErrorType {
    /// Of an operation that was interrupted.
    pub const ABANDONED: Self = Self { class: Class::Abandoned, code: code::CLIENT };

    /// That of the result code, for an error that has one of its own.
    pub fn name(self) -> Cow<'static, str> {
        match (self.class, self.code) {
            (Class::Backpressure, _) => "Backpressure".into(),
            (Class::Panic, _) => "RustPanic".into(),
            (Class::Abandoned, _) => "Abandoned".into(),
            (Class::OfCode, code) => match u8::try_from(code) {
                Ok(code) => format!("{:?}", ResultCode::from(code)).into(),
                Err(_) => code::name(code).into(),
            },
        }
    }

    /// Of a result code.
    pub fn of_code(code: i32) -> Self {
        Self { class: Class::OfCode, code }
    }
}

impl ErrorInfo {
    fn new(code: i32, message: String) -> Self {
        Self {
            code,
            message,
            in_doubt: false,
            subcode: None,
            node: None,
            iterations: None,
            refusals: Vec::new(),
            class: Class::OfCode,
        }
    }

    /// The client can't do what it is asked for.
    pub fn client(message: &str) -> Self {
        Self::new(code::CLIENT, message.to_owned())
    }

    /// The cluster has no such node.
    pub fn invalid_node(message: &str) -> Self {
        Self::new(code::INVALID_NODE, message.to_owned())
    }

    /// Nothing is known of the outcome.
    pub fn no_response() -> Self {
        Self::new(code::NO_RESPONSE, "there was no response".to_owned())
    }

    /// The record does not exist.
    pub fn not_found() -> Self {
        Self::of_server(ResultCode::KeyNotFoundError)
    }

    /// What the server says by this code.
    pub fn of_server(code: ResultCode) -> Self {
        Self::new(u8::from(code).into(), code.to_string())
    }

    /// A node refused an info command with this code.
    pub fn of_node(code: i32, message: &str) -> Self {
        Self::new(code, message.to_owned())
    }

    /// A transaction can't be ended.
    pub fn transaction(message: &str) -> Self {
        Self::new(code::TXN_FAILED, message.to_owned())
    }

    /// A transaction can't be committed any more.
    pub fn already_aborted() -> Self {
        Self::new(code::TXN_ALREADY_ABORTED, "the transaction has been aborted".to_owned())
    }

    /// A transaction can't be aborted any more.
    pub fn already_committed() -> Self {
        Self::new(code::TXN_ALREADY_COMMITTED, "the transaction has been committed".to_owned())
    }

    /// The server has no such module of functions.
    pub fn udf(message: &str) -> Self {
        Self::new(u8::from(ResultCode::UdfBadResponse).into(), message.to_owned())
    }

    pub fn error_type(&self) -> ErrorType {
        ErrorType { class: self.class, code: self.code }
    }

    pub fn is_timeout(&self) -> bool {
        self.code == i32::from(u8::from(ResultCode::Timeout))
    }

    pub fn is_not_found(&self) -> bool {
        self.code == i32::from(u8::from(ResultCode::KeyNotFoundError))
    }

    /// No slot for the operation became free in time.
    pub fn backpressure(slots: usize, milliseconds: u64) -> Self {
        let message = format!(
            "all {slots} slots of max_concurrent_operations were taken for {milliseconds} ms"
        );
        Self { class: Class::Backpressure, ..Self::new(code::CLIENT, message) }
    }

    /// No connection became free in time; nothing was sent.
    pub fn no_connection(connections: usize, milliseconds: u32) -> Self {
        let message = format!(
            "all connections to a node were in use for {milliseconds} ms: max_conns_per_node \
             is {connections}"
        );
        Self::new(code::NO_MORE_CONNECTIONS, message)
    }

    /// A defect of the client was contained.
    pub fn panicked(panic: &(dyn Any + Send), in_doubt: bool) -> Self {
        let message = format!("internal error (Rust panic): {}", panic_text(panic));
        Self { class: Class::Panic, in_doubt, ..Self::new(code::CLIENT, message) }
    }

    /// The exception, not yet raised. `key` is the key of the operation's record.
    pub fn to_py_err(&self, py: Python<'_>, key: Option<&Key>, types: &Types) -> PyErr {
        match self.exception(py, key, types) {
            Ok(exception) => PyErr::from_value(exception),
            Err(failed) => failed,
        }
    }

    fn exception<'py>(
        &self,
        py: Python<'py>,
        key: Option<&Key>,
        types: &Types,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Self { code, message, in_doubt, subcode, node, iterations, class, .. } = self;
        match class {
            Class::Backpressure => types.backpressure_error.bind(py).call1((message,)),
            Class::Panic => types.rust_panic_error.bind(py).call1((message, *code, *in_doubt)),
            Class::OfCode | Class::Abandoned => {
                let key = key.map(|key| key_to_py(py, key, types)).transpose()?;
                let told = (*code, message, *in_doubt, *subcode, node.as_deref(), key, *iterations);
                types.error_from_code.bind(py).call1(told)
            }
        }
    }
}

impl From<Error> for ErrorInfo {
    fn from(error: Error) -> Self {
        let telling = telling(&error);
        Self {
            in_doubt: error.in_doubt() && !was_refused(&error, telling),
            subcode: error.server_error_detail().map(|detail| detail.sub_code),
            node: error.node().map(str::to_owned),
            iterations: error.iteration(),
            refusals: error.sub_errors().iter().filter_map(refusal).collect(),
            ..Self::new(code_of(telling), message(&error))
        }
    }
}

/// The code by which a node refused a try.
fn refusal(error: &Error) -> Option<i32> {
    error.server_result_code().map(|code| u8::from(code).into())
}

/// Whether the only attempt was answered with an error, so that nothing is in doubt: that no
/// retry was left does not change it.
fn was_refused(error: &Error, telling: &Error) -> bool {
    let answered = match telling.kind() {
        ErrorKind::Server { rc, .. } => *rc != ResultCode::Timeout,
        ErrorKind::UdfBadResponse => true,
        _ => false,
    };
    answered && error.sub_errors().is_empty() && error.iteration().is_none_or(|count| count <= 1)
}

/// The error of a chain whose code tells most. That a command was not retried again, or
/// that preparing it failed, says less than why.
fn telling(error: &Error) -> &Error {
    match (error.kind(), error.cause()) {
        (ErrorKind::Client | ErrorKind::StreamTerminated, Some(cause)) => telling(cause),
        (ErrorKind::Timeout, Some(cause)) if retries_used_up(error) => telling(cause),
        _ => error,
    }
}

/// The core calls two things a timeout: that time ran out, which has the server's code,
/// and that no retry was left.
fn retries_used_up(error: &Error) -> bool {
    error.result_code() < 0
}

fn code_of(error: &Error) -> i32 {
    match error.kind() {
        ErrorKind::Timeout if retries_used_up(error) => code::MAX_RETRIES,
        ErrorKind::Io(error)
            if error.get_ref().is_some_and(|error| error.is::<rustls::Error>()) =>
        {
            code::TLS
        }
        ErrorKind::Connection => {
            refusal_of_seeds(&error.base_message()).unwrap_or(code::CONNECTION)
        }
        ErrorKind::Io(_) => code::CONNECTION,
        ErrorKind::ConnectionPoolEmpty | ErrorKind::NoMoreConnections => code::NO_MORE_CONNECTIONS,
        ErrorKind::MaxErrorRate => code::MAX_ERROR_RATE,
        ErrorKind::InvalidNode => code::INVALID_NODE,
        ErrorKind::InvalidArgument => code::PARAM,
        // What the core says when it has never reached a node, whatever the namespace.
        ErrorKind::InvalidNamespace if error.base_message().ends_with("Partition map empty") => {
            code::CLUSTER
        }
        ErrorKind::ParseAddr(_) => code::INVALID_HOST,
        ErrorKind::Server { .. }
        | ErrorKind::Timeout
        | ErrorKind::InvalidNamespace
        | ErrorKind::UdfBadResponse => error.result_code(),
        _ if code::TRANSACTION.contains(&error.result_code()) => error.result_code(),
        ErrorKind::Client if is_misuse_of_transaction(error) => code::PARAM,
        _ => code::CLIENT,
    }
}

/// Why no node that was asked first let the client in, if it was for who the client or the node is.
/// The core tells of each in a line of text alone: `host Error 65, node=...: Invalid credential`.
fn refusal_of_seeds(message: &str) -> Option<i32> {
    let (_, lines) = message.split_once("Failed to connect to [")?;
    lines.lines().skip(1).find_map(|line| {
        let (_, told) = line.split_once(" Error ")?;
        let number: String = told.chars().take_while(char::is_ascii_digit).collect();
        match number.parse() {
            Ok(code) if code::SECURITY.contains(&code) => Some(code),
            _ => REFUSALS.iter().find(|(part, _)| told.contains(part)).map(|(_, code)| *code),
        }
    })
}

/// What errors say that have no such code: those of encryption, and that of a node that tells not
/// even its name to who has not logged in.
const REFUSALS: &[(&str, i32)] = &[
    ("peer certificate", code::TLS),
    ("fatal alert", code::TLS),
    ("peer is incompatible", code::TLS),
    ("Missing node name", code::NOT_AUTHENTICATED),
];

/// Whether a command asked for what its transaction does not allow: the core tells by words alone.
fn is_misuse_of_transaction(error: &Error) -> bool {
    let text = error.base_message();
    text.starts_with("Issuing commands to this transaction is forbidden")
        || text.starts_with("Namespace must be the same for all commands in the Transaction")
}

/// The messages of the whole chain, the outermost first. That no retry was left is told by
/// `iterations`.
fn message(error: &Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.cause();
        let spent = matches!(error.kind(), ErrorKind::Timeout) && retries_used_up(error);
        if spent && next.is_some() {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&own_message(error));
    }
    text
}

fn own_message(error: &Error) -> String {
    if let ErrorKind::InvalidUtf8(why) = error.kind() {
        return format!("the record has text that is not UTF-8, which can't be read ({why})");
    }
    if let ErrorKind::Commit { error_type, verify_records, roll_records } = error.kind() {
        return format!("{error_type}{}", failed_rows(verify_records, roll_records));
    }
    if code_of(error) == code::CLUSTER {
        return "no node of the cluster is connected".to_owned();
    }
    let text = error.base_message();
    // The class of the exception says it.
    text.strip_prefix("Client Timeout: ").unwrap_or(&text).trim_end().to_owned()
}

/// A key in words.
fn shown_key(key: &Key) -> String {
    let name = match key.user_key() {
        Some(name) => name.to_string(),
        None => key.digest().iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    format!("{}/{}/{name}", key.namespace(), key.set_name())
}

/// The records that kept a transaction from being ended, and why each did.
fn failed_rows(verified: &[BatchRecord], rolled: &[BatchRecord]) -> String {
    const SHOWN: usize = 5;
    let failed = |row: &&BatchRecord| !matches!(row.result_code(), Some(ResultCode::Ok));
    let rows: Vec<_> = verified.iter().chain(rolled).filter(failed).collect();
    let told = rows.iter().take(SHOWN).map(|row| {
        let why = row.error().map_or("no response".to_owned(), |error| error.base_message());
        format!("{}: {}", shown_key(&row.key), why.trim_end())
    });
    let mut text: String = told.map(|row| format!(" {row};")).collect();
    if rows.len() > SHOWN {
        text.push_str(&format!(" and {} more", rows.len() - SHOWN));
    }
    text.trim_end_matches(';').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_gives_way_to_its_cause() {
        let error = ErrorInfo::from(Error::invalid_argument("no").chain_error("preparing"));
        assert_eq!(error.code, -2);
        assert_eq!(error.message, "preparing: Invalid argument: no");
        assert!(!error.in_doubt);
    }

    #[test]
    fn seeds_that_refuse_the_client_say_why() {
        let told =
            |line: &str| refusal_of_seeds(&format!("Failed to connect to [1] host(s):\n{line}"));
        assert_eq!(told("  a:3000 Error 65, node=a:3000: Invalid credential"), Some(65));
        assert_eq!(told("  a:3000 Error -10: refused\n  b:3000 Error 80: no"), Some(80));
        assert_eq!(told("  a:3000 Error -3: Invalid cluster node: Missing node name"), Some(80));
        assert_eq!(told("  a:4333 Error -1: invalid peer certificate: Revoked"), Some(code::TLS));
        assert_eq!(told("  a:3000 Error -10: Connection refused"), None);
        assert_eq!(told("  a:3000 Error 4: no"), None);
        assert_eq!(refusal_of_seeds("Error 65"), None);
    }

    #[test]
    fn io_errors_are_connection_errors() {
        let broken = std::io::Error::new(std::io::ErrorKind::BrokenPipe, "broken");
        assert_eq!(ErrorInfo::from(Error::from(broken)).code, -10);
    }
}
