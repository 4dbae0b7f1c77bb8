//! How much an expression may ask for.

use crate::compat::Compat;

/// How deep operations may be nested.
pub const MAX_DEPTH: usize = 200;

/// How deep their evaluation may go: a path has expressions of its own, which may walk paths in
/// their turn.
const MAX_EVALUATION_DEPTH: usize = 300;

/// The server that is modelled limits the size of what it compiles, in bytes.
pub const MAX_COMPILED_SIZE: usize = 1024 * 1024;

/// As many regular expressions as there may be: to compile one costs far more than to parse any
/// other operation.
const MAX_REGEXES: usize = 64;

/// As many bytes as the calls, comparisons and searches of one evaluation may look at. Each operation
/// can double a value, so that without a bound a small expression could ask for any amount of work.
const WORK: usize = 256 * 1024 * 1024;

/// As large as a value may become on the way, in bytes: larger ones no record can hold.
const MAX_VALUE: usize = 4 * 1024 * 1024;

/// What is left for an evaluation.
#[derive(Debug)]
pub struct Limits {
    compat: Compat,
    work: usize,
    /// Operations and steps of paths that are being evaluated within each other.
    depth: usize,
    regexes: usize,
}

impl Limits {
    /// Those of one evaluation, of what this version of the server has.
    pub fn new(compat: Compat) -> Limits {
        Limits { compat, work: WORK, depth: 0, regexes: MAX_REGEXES }
    }

    /// The version of the server that is modelled.
    pub fn compat(&self) -> Compat {
        self.compat
    }

    /// Takes off what an operation is about to look at; `None` if there is not so much left.
    pub fn spend(&mut self, bytes: usize) -> Option<()> {
        self.work = self.work.checked_sub(bytes)?;
        Some(())
    }

    /// Takes off what an operation made.
    pub fn spend_value(&mut self, bytes: usize) -> Option<()> {
        if bytes > MAX_VALUE { None } else { self.spend(bytes) }
    }

    /// Allows one more regular expression, if it may be.
    pub fn take_regex(&mut self) -> Option<()> {
        self.regexes = self.regexes.checked_sub(1)?;
        Some(())
    }

    /// Goes one level farther in; `None` if that is too deep.
    pub fn enter(&mut self) -> Option<()> {
        if self.depth == MAX_EVALUATION_DEPTH {
            return None;
        }
        self.depth += 1;
        Some(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }
}
