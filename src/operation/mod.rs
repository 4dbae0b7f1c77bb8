//! Operations on one record: dicts with a code in `op` to aerospike-core's.
//!
//! A file for each family has a table with a row for each code: [`scalar`], [`list`], [`map`],
//! [`bit`], [`hll`], [`string`], [`expression`], [`path`]. Nested collections are reached by a
//! [`context`]. What comes back is the subject of [`answer`].

mod access;
mod answer;
mod arguments;
mod bit;
mod context;
mod expression;
mod hll;
mod list;
mod map;
mod path;
mod scalar;
mod string;

use std::ops::Deref;

use aerospike_core::operations::Operation;
use aerospike_core::policy::{Expiration, WritePolicy};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub use self::answer::ordered_to_py;
use self::answer::{Answer, Kind};
use self::arguments::{Arguments, Named};
pub use self::context::{context_from_py, steps_from_py};
use crate::convert::argument::items_from_py;
use crate::convert::bins::within;
use crate::convert::value::Reader;

/// The operations that one code stands for.
struct Row {
    code: i64,
    name: &'static str,
    /// The keys besides `op`.
    keys: &'static [&'static str],
    make: fn(&Arguments<'_, '_>) -> PyResult<Made>,
}

impl Named for Row {
    fn code(&self) -> i64 {
        self.code
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn keys(&self) -> &'static [&'static str] {
        self.keys
    }
}

/// What a row makes of an operation's dict.
struct Made {
    operation: Operation,
    answer: Answer,
    /// The time to live that a touch asks for.
    expiration: Option<Expiration>,
}

const FAMILIES: &[&[Row]] = &[
    scalar::ROWS,
    list::ROWS,
    map::ROWS,
    bit::ROWS,
    hll::ROWS,
    string::ROWS,
    expression::ROWS,
    path::ROWS,
];

/// Operations, with what the server answers to each.
#[derive(Clone)]
pub struct Operations {
    list: Vec<Operation>,
    answers: Vec<Answer>,
    expiration: Option<Expiration>,
}

impl Operations {
    /// Whether any of them changes the record.
    pub fn write(&self) -> bool {
        self.list.iter().any(access::writes)
    }

    /// The time to live that a touch among them asks for.
    pub fn expiration(&self) -> Option<Expiration> {
        self.expiration
    }

    /// The operations alone, for a call that does not tell its answers apart.
    pub fn into_list(self) -> Vec<Operation> {
        self.list
    }

    /// Sets in the policy of the call what belongs to the call as a whole.
    pub fn amend(&self, policy: &mut WritePolicy) {
        if let Some(expiration) = self.expiration {
            policy.expiration = expiration;
        }
    }

    /// Asks for an answer to each operation, if each can be told from the others: to a read of
    /// all bins the server answers with each bin, and then leaves out answers without a value.
    pub fn ask_each(&self, policy: &mut WritePolicy) -> PyResult<()> {
        policy.respond_per_each_op = true;
        let count = |kind| self.answers.iter().filter(|answer| answer.kind == kind).count();
        match (count(Kind::Bins), count(Kind::Value)) {
            (0, _) | (1, 0) => Ok(()),
            _ => Err(PyValueError::new_err(
                "operate_ordered() can't tell the results of a read of all bins from those of \
                 other reads: read the bins by their names, or use operate()",
            )),
        }
    }
}

impl Deref for Operations {
    type Target = [Operation];

    fn deref(&self) -> &[Operation] {
        &self.list
    }
}

/// Operations from a list or tuple of dicts, at least one.
pub fn operations_from_py(
    operations: &Bound<'_, PyAny>,
    reader: Reader<'_>,
) -> PyResult<Operations> {
    let dicts = items_from_py(operations, "ops", "a list or tuple of dicts")?;
    if dicts.is_empty() {
        return Err(PyValueError::new_err("ops must have at least one operation"));
    }
    let mut made = Operations {
        list: Vec::with_capacity(dicts.len()),
        answers: Vec::with_capacity(dicts.len()),
        expiration: None,
    };
    for (index, dict) in dicts.as_slice().iter().enumerate() {
        match operation_from_py(dict, reader) {
            Ok(Made { operation, answer, expiration }) => {
                made.list.push(operation);
                made.answers.push(answer);
                made.expiration = expiration.or(made.expiration);
            }
            Err(error) => {
                return Err(within(dict.py(), error, format_args!("operation {index}")));
            }
        }
    }
    Ok(made)
}

fn operation_from_py(dict: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<Made> {
    let mut arguments = Arguments::of(dict, reader, "an operation", "op")?;
    let row = arguments.row(FAMILIES.iter().copied().flatten())?;
    (row.make)(&arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_have_the_same_code() {
        let mut codes: Vec<_> = FAMILIES.iter().copied().flatten().map(|row| row.code).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
