//! The `name=value;name=value` part of a command.

use super::Refusal;

/// The parameters of a command.
#[derive(Debug, Clone, Copy)]
pub struct Parameters<'a> {
    text: &'a str,
}

impl<'a> Parameters<'a> {
    pub fn new(text: &'a str) -> Self {
        Parameters { text }
    }

    /// The parameters in order; one without a value has an empty one.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let parts = self.text.split(';').filter(|part| !part.is_empty());
        parts.map(|part| part.split_once('=').unwrap_or((part, "")))
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of a parameter that must be there.
    pub fn required(&self, name: &str, longest: usize) -> Result<&'a str, Refusal> {
        self.optional(name, longest)?.ok_or_else(|| Refusal::missing(name))
    }

    /// The value of a parameter that may be absent, but neither empty nor too long.
    pub fn optional(&self, name: &str, longest: usize) -> Result<Option<&'a str>, Refusal> {
        match self.get(name) {
            Some("") => Err(Refusal::missing_value(name)),
            Some(value) if value.len() > longest => Err(Refusal::too_long(name)),
            value => Ok(value),
        }
    }

    /// The name of a namespace, which must be there.
    pub fn required_namespace(&self, longest: usize) -> Result<&'a str, Refusal> {
        match self.namespace() {
            None => Err(Refusal::missing("namespace")),
            Some("") => Err(Refusal::missing_value("namespace")),
            Some(value) if value.len() > longest => Err(Refusal::too_long("namespace")),
            Some(value) => Ok(value),
        }
    }

    /// The namespace that is named, by its newer or older parameter name.
    pub fn namespace(&self) -> Option<&'a str> {
        self.get("namespace").or_else(|| self.get("ns"))
    }
}
