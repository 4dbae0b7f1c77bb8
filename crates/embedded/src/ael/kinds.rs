//! Finding out of which types things are. Each has a variable; what is known of one is known of all
//! that must be of the same type.

use super::{Error, Parsed};
use crate::expression::Kind;

/// The type of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Var(usize);

#[derive(Debug, Clone, Copy)]
enum State {
    Unknown,
    /// An integer or a float.
    Number,
    Is(Kind),
    /// That of another one.
    Same(Var),
}

#[derive(Debug, Default)]
pub struct Kinds {
    states: Vec<State>,
}

impl Kinds {
    pub fn unknown(&mut self) -> Var {
        self.add(State::Unknown)
    }

    pub fn number(&mut self) -> Var {
        self.add(State::Number)
    }

    pub fn known(&mut self, kind: Kind) -> Var {
        self.add(State::Is(kind))
    }

    fn add(&mut self, state: State) -> Var {
        self.states.push(state);
        Var(self.states.len() - 1)
    }

    /// The one that others are the same as, and what is known of it.
    fn root(&self, mut var: Var) -> (Var, State) {
        loop {
            match self.states.get(var.0) {
                Some(State::Same(other)) => var = *other,
                state => return (var, state.copied().unwrap_or(State::Unknown)),
            }
        }
    }

    /// The type, if it is known.
    pub fn get(&self, var: Var) -> Option<Kind> {
        match self.root(var).1 {
            State::Is(kind) => Some(kind),
            _ => None,
        }
    }

    /// Has two be of the same type. `at` is where that is asked for.
    pub fn unify(&mut self, a: Var, b: Var, at: usize) -> Parsed<()> {
        let ((a, of_a), (b, of_b)) = (self.root(a), self.root(b));
        if a == b {
            return Ok(());
        }
        let (from, to) = match (of_a, of_b) {
            (State::Unknown, _) => (a, b),
            (_, State::Unknown) => (b, a),
            (State::Number, State::Number) => (a, b),
            (State::Number, State::Is(kind)) if kind.is_number() => (a, b),
            (State::Is(kind), State::Number) if kind.is_number() => (b, a),
            (State::Is(one), State::Is(other)) if one == other => (a, b),
            _ => return Err(Error::new(at, format!("{} is not {}", told(of_a), told(of_b)))),
        };
        if let Some(state) = self.states.get_mut(from.0) {
            *state = State::Same(to);
        }
        Ok(())
    }

    pub fn expect(&mut self, var: Var, kind: Kind, at: usize) -> Parsed<()> {
        let wanted = self.known(kind);
        self.unify(var, wanted, at)
    }

    pub fn expect_number(&mut self, var: Var, at: usize) -> Parsed<()> {
        let wanted = self.number();
        self.unify(var, wanted, at)
    }
}

const NAMES: [(Kind, &str); 9] = [
    (Kind::Int, "INT"),
    (Kind::String, "STRING"),
    (Kind::Float, "FLOAT"),
    (Kind::Bool, "BOOL"),
    (Kind::Blob, "BLOB"),
    (Kind::Hll, "HLL"),
    (Kind::List, "LIST"),
    (Kind::Map, "MAP"),
    (Kind::Geo, "GEO"),
];

/// The type of this name.
pub fn of_name(name: &str) -> Option<Kind> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
}

fn told(state: State) -> &'static str {
    match state {
        State::Is(kind) => {
            NAMES.iter().find(|(known, _)| *known == kind).map_or("NIL", |row| row.1)
        }
        State::Number => "a number",
        State::Unknown | State::Same(_) => "of unknown type",
    }
}
