//! The `name=value;name=value` part of a command.

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

    /// The namespace that is named, by its newer or older parameter name.
    pub fn namespace(&self) -> Option<&'a str> {
        self.get("namespace").or_else(|| self.get("ns"))
    }
}
