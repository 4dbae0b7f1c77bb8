//! Which version of the server is modelled.

use std::fmt;
use std::str::FromStr;

/// The version whose behaviour is modelled, where they differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compat {
    #[default]
    V8_1,
    /// Has operations on strings, the joining of lists, base64, and expressions written as text.
    V8_2,
}

impl Compat {
    /// What clients are told.
    pub fn build(self) -> &'static str {
        match self {
            Compat::V8_1 => "8.1.2.0",
            Compat::V8_2 => "8.2.0.0",
        }
    }

    /// Whether there are operations on strings, and what came with them.
    pub fn has_strings(self) -> bool {
        self >= Compat::V8_2
    }

    /// Whether expressions may be written as text, and queries be planned by it.
    pub fn has_ael(self) -> bool {
        self >= Compat::V8_2
    }
}

impl FromStr for Compat {
    type Err = String;

    fn from_str(text: &str) -> Result<Compat, String> {
        match text {
            "8.1" => Ok(Compat::V8_1),
            "8.2" => Ok(Compat::V8_2),
            _ => Err(format!("{text:?} is neither 8.1 nor 8.2")),
        }
    }
}

impl fmt::Display for Compat {
    fn fmt(&self, output: &mut fmt::Formatter<'_>) -> fmt::Result {
        output.write_str(match self {
            Compat::V8_1 => "8.1",
            Compat::V8_2 => "8.2",
        })
    }
}
