//! Queries that run or ran.

use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::command::Jobs;

/// Answers `query-show`: one query, or all.
pub fn show(jobs: &Jobs, parameters: &Parameters<'_>) -> Answer {
    match id(parameters)? {
        None => Ok(jobs.describe_all()),
        Some(id) => jobs.describe(id).ok_or(Refusal::new(2, "job not found")),
    }
}

/// Answers `query-abort`.
pub fn abort(jobs: &Jobs, parameters: &Parameters<'_>) -> Answer {
    let id = id(parameters)?.ok_or_else(|| Refusal::missing("id"))?;
    if jobs.abort(id) { Ok("ok".into()) } else { Err(Refusal::new(2, "id not active")) }
}

/// Answers `query-abort-all`.
pub fn abort_all(jobs: &Jobs) -> Answer {
    Ok(format!("number-of-queries-killed:{}", jobs.abort_all()))
}

/// The number of a query, by its newer or older parameter name.
fn id(parameters: &Parameters<'_>) -> Result<Option<u64>, Refusal> {
    const LONGEST: usize = 24;
    let text = match parameters.optional("id", LONGEST)? {
        None => parameters.optional("trid", LONGEST)?,
        text => text,
    };
    let parse = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    match text.map(parse) {
        None => Ok(None),
        Some(Ok(id)) if id != 0 => Ok(Some(id)),
        Some(_) => Err(Refusal::new(4, "bad id")),
    }
}
