//! What a span tells, by the semantic conventions of OpenTelemetry for clients of databases.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use crate::error::ErrorType;
use crate::observe::{About, Ending};

/// The caller's span.
pub struct Parent {
    pub trace: u128,
    pub span: u64,
    pub flags: u8,
    pub remote: bool,
    /// The header `tracestate`.
    pub state: Option<String>,
}

/// What is known of a span when its operation begins.
pub struct Traced {
    pub trace: u128,
    pub parent: Option<Parent>,
}

/// A try of an operation that came to nothing.
pub struct Heard {
    pub when: SystemTime,
    pub what: String,
}

/// What was seen of an operation while it ran.
#[derive(Default)]
pub struct Sight {
    pub took: Duration,
    /// The node that answered, or did not.
    pub server: Option<(String, u16)>,
    pub failed_tries: Vec<Heard>,
}

pub struct Finished {
    pub traced: Traced,
    pub name: String,
    pub start: SystemTime,
    pub end: SystemTime,
    pub failed: bool,
    pub attributes: Vec<(&'static str, Value)>,
    /// Each try that was followed by another.
    pub retries: Vec<Heard>,
}

pub enum Value {
    Text(Cow<'static, str>),
    Int(i64),
}

impl Finished {
    pub fn new(about: &About<'_>, ending: Ending<'_>, traced: Traced, sight: Sight) -> Self {
        let end = SystemTime::now();
        let Sight { took, server, failed_tries: mut retries } = sight;
        let error = match ending {
            Ending::Failed(error) => Some(error),
            Ending::Done | Ending::Abandoned => None,
        };
        if let Some(error) = error {
            // The last try is no retry's cause.
            let repeated = error.iterations.map_or(0, |tries| tries.saturating_sub(1) as usize);
            retries.truncate(repeated.saturating_sub(error.refusals.len()));
            retries.extend(error.refusals.iter().map(|code| Heard {
                when: end,
                what: ErrorType::of_code(*code).name().into_owned(),
            }));
        }
        Self {
            traced,
            name: name(about, server.as_ref()),
            start: end.checked_sub(took).unwrap_or(end),
            end,
            failed: ending.error_type().is_some(),
            attributes: attributes(about, ending, server),
            retries,
        }
    }
}

/// The operation and what it is done to, as closely as that is known.
fn name(about: &About<'_>, server: Option<&(String, u16)>) -> String {
    let (operation, subject) = (about.operation, &about.subject);
    match (&*subject.namespace, &*subject.set, server) {
        ("", "", None) => operation.to_owned(),
        ("", "", Some((address, port))) => format!("{operation} {address}:{port}"),
        (namespace, "", _) => format!("{operation} {namespace}"),
        (_, set, _) => format!("{operation} {set}"),
    }
}

fn attributes(
    about: &About<'_>,
    ending: Ending<'_>,
    server: Option<(String, u16)>,
) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::Text(text.to_owned().into());
    let mut all = Vec::with_capacity(9);
    all.push(("db.system.name", Value::Text("aerospike".into())));
    all.push(("db.operation.name", Value::Text(about.operation.into())));
    let subject = &about.subject;
    if !subject.namespace.is_empty() {
        all.push(("db.namespace", text(&subject.namespace)));
    }
    if !subject.set.is_empty() {
        all.push(("db.collection.name", text(&subject.set)));
    }
    // By the conventions a batch of one is no batch.
    if let Some(size) = subject.batch_size.filter(|size| *size != 1) {
        all.push(("db.operation.batch.size", Value::Int(size as i64)));
    }
    if let Some((address, port)) = server {
        all.push(("server.address", Value::Text(address.into())));
        all.push(("server.port", Value::Int(port.into())));
    }
    if let Some(error_type) = ending.error_type() {
        all.push(("error.type", Value::Text(error_type.name())));
    }
    // Codes below 0 are the client's own: the database has not responded.
    if let Ending::Failed(error) = ending
        && error.code > 0
    {
        all.push(("db.response.status_code", Value::Text(error.code.to_string().into())));
    }
    all
}
