//! Commands: what arrives as a message.

mod batch;
pub mod bins;
mod bits;
mod budget;
mod collection;
mod delete;
mod expression;
mod hll;
mod monitor;
mod query;
mod read;
mod scalar;
mod text;
mod transaction;
mod udf;
mod waiting;
mod write;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::cluster::routing::{Destination, Route};
use crate::expression::Expression;
use crate::protocol::frame;
use crate::protocol::message::{self, Header, Message, info1, info2};
use crate::protocol::reply::{Metadata, Reply};
use crate::protocol::{ResultCode, cursor::Cursor};
use crate::security::Caller;
use crate::server::Shared;
use crate::store::counters::{Event, Origin, Work};
use crate::store::{Digest, Namespace, Record, Store};

use batch::Batch;
pub use query::jobs::Jobs;
pub use query::{Step, Stepwise};
pub use waiting::Waiting;
pub use write::MAX_TTL;

/// A command on one record: the request, and where the record lives.
struct Request<'a> {
    message: &'a Message<'a>,
    namespace: &'a Namespace,
    digest: Digest,
    /// The filter of a batch or a query, which is parsed once for all records.
    filter: Option<&'a Expression<'a>>,
    /// What must hold of the record besides the request's own filter: so in queries that write.
    condition: Option<&'a dyn Fn(&Record) -> bool>,
    /// Where it came from.
    origin: Origin,
}

/// Why a command failed, and what its reply says of the record nonetheless.
#[derive(Debug)]
struct Failure {
    code: ResultCode,
    metadata: Metadata,
    /// Whether the reply has entries all the same.
    keeps_entries: bool,
}

impl From<ResultCode> for Failure {
    fn from(code: ResultCode) -> Failure {
        Failure { code, metadata: Metadata::default(), keeps_entries: false }
    }
}

/// The answer to a message, which may be too long to be made at once.
pub enum Answer<'a> {
    Made,
    /// One that depends on a node that does not answer at present.
    Waiting(Waiting),
    /// One that is made step by step, with others having their turn in between.
    Stepwise(Box<dyn Stepwise + Send + 'a>),
}

/// Answers one message, or begins to.
pub fn answer<'a>(
    shared: &'a Arc<Shared>,
    caller: &'a Caller,
    peer: SocketAddr,
    body: &'a [u8],
    output: &mut Vec<u8>,
) -> Answer<'a> {
    if is_batch(body) {
        match caller.check().and_then(|()| Batch::parse(shared, caller, peer, body)) {
            Ok(batch) => return Answer::Stepwise(Box::new(batch)),
            Err(code) => Reply::new(output).fail_last(code),
        }
        return Answer::Made;
    }
    let mut reply = Reply::new(output);
    let Some(message) = Message::parse(body) else {
        reply.fail(ResultCode::Parameter, Metadata::default());
        return Answer::Made;
    };
    if let Err(code) = caller.check() {
        reply.fail(code, Metadata::default());
        return Answer::Made;
    }
    let name = message.fields.namespace;
    let Some(namespace) = name.and_then(|name| shared.store.namespace(name)) else {
        reply.fail(ResultCode::Namespace, Metadata::default());
        return Answer::Made;
    };
    let Some(digest) = message.fields.digest else {
        return match query::begin(shared, caller, body, &message) {
            Ok(Some(query)) => {
                reply.discard();
                Answer::Stepwise(query)
            }
            Ok(None) => {
                reply.fail_last(ResultCode::Ok);
                Answer::Made
            }
            Err(code) => {
                reply.fail(code, Metadata::default());
                Answer::Made
            }
        };
    };
    let Ok(digest) = Digest::try_from(digest) else {
        reply.fail(ResultCode::Parameter, Metadata::default());
        return Answer::Made;
    };
    if let Err(code) = caller.command(&message) {
        reply.fail(code, Metadata::default());
        return Answer::Made;
    }
    let to = Destination::of(&message, namespace, &digest);
    let route = shared.route(to);
    let (store, origin) = match &route {
        Route::Here => (&shared.store, Origin::Client),
        Route::Through(node) => {
            note_proxied(shared, &message, Event::ProxyComplete);
            (&node.store, Origin::Proxy)
        }
        Route::Silent => {
            reply.discard();
            return Answer::Waiting(Waiting::for_master(&message, to));
        }
        Route::Unavailable => {
            reply.fail(ResultCode::Unavailable, Metadata::default());
            return Answer::Made;
        }
    };
    let result = run(shared, store, &message, digest, None, origin, &mut reply);
    match result {
        Ok(metadata) => reply.finish(metadata),
        Err(Failure { code, metadata, keeps_entries: true }) => {
            reply.finish_failed(code, metadata);
        }
        Err(failure) => reply.fail(failure.code, failure.metadata),
    }
    if to.writes && !shared.cluster.acknowledges(to.partition) {
        return Answer::Waiting(Waiting::for_copies(&message, to));
    }
    Answer::Made
}

/// Counts a command that another node is to answer.
fn note_proxied(shared: &Shared, message: &Message<'_>, event: Event) {
    let namespace = message.fields.namespace.and_then(|name| shared.store.namespace(name));
    if let Some(namespace) = namespace {
        namespace.counters.count(event);
    }
}

/// Answers a message with this code, whatever it asks for.
pub fn refuse(body: &[u8], code: u8, output: &mut Vec<u8>) {
    let place = output.len() + frame::HEADER_SIZE + message::RESULT_CODE;
    let of_a_record = Message::parse(body).is_some_and(|message| message.fields.digest.is_some());
    if of_a_record {
        Reply::new(output).fail(ResultCode::Unknown, Metadata::default());
    } else {
        Reply::new(output).fail_last(ResultCode::Unknown);
    }
    if let Some(byte) = output.get_mut(place) {
        *byte = code;
    }
}

/// Answers a compressed frame that holds no message, as a server without compression does.
pub fn refuse_compressed(output: &mut Vec<u8>) {
    Reply::new(output).fail(ResultCode::EnterpriseOnly, Metadata::default());
}

/// Whether a message changes records, or may: so a batch with a row that does.
pub fn writes(body: &[u8]) -> bool {
    is_batch(body) && Batch::writes(body)
        || Header::parse(&mut Cursor::new(body)).is_some_and(|h| h.info2 & info2::WRITE != 0)
}

/// A batch has a layout of its own, so this is known before the message is read.
fn is_batch(body: &[u8]) -> bool {
    Header::parse(&mut Cursor::new(body)).is_some_and(|header| header.info1 & info1::BATCH != 0)
}

/// Runs a command on a single record, for the node whose store it is.
fn run(
    shared: &Shared,
    store: &Store,
    message: &Message<'_>,
    digest: Digest,
    filter: Option<&Expression<'_>>,
    origin: Origin,
    reply: &mut Reply<'_>,
) -> Result<Metadata, Failure> {
    let fields = &message.fields;
    let name = fields.namespace.ok_or(ResultCode::Namespace)?;
    let namespace: &Arc<Namespace> = store.namespace(name).ok_or(ResultCode::Namespace)?;
    let request = Request { message, namespace, digest, filter, condition: None, origin };
    transaction::check_namespace(&request, shared.store.is_enterprise())?;
    let (work, result) = if message.has_info2(info2::WRITE) {
        if transaction::is_roll(&request) {
            return transaction::roll(&request);
        } else if monitor::is_monitor(&request) {
            return monitor::execute(&request, reply);
        } else if message.has_info2(info2::DELETE) {
            (Work::Delete, delete::execute(&request))
        } else if fields.udf_module.is_some() {
            (Work::Udf, udf::execute(&request, &shared.modules, reply))
        } else {
            (Work::Write, write::execute(&request, reply))
        }
    } else if transaction::is_verification(&request) {
        return transaction::verify(&request);
    } else if message.has_info1(info1::READ) {
        (Work::Read, read::execute(&request, reply))
    } else {
        return Err(ResultCode::Parameter.into());
    };
    namespace.counters.note(origin, work, code_of(&result));
    result
}

fn code_of(result: &Result<Metadata, Failure>) -> ResultCode {
    result.as_ref().map_or_else(|failure| failure.code, |_| ResultCode::Ok)
}
