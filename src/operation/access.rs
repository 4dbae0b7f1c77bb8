//! Whether an operation changes its record.

use std::fmt::{self, Write};

use aerospike_core::operations::Operation;

/// Whether the core takes an operation for one that writes. It has no function that tells, but
/// the name of the operation's type comes first in its debug output.
pub fn writes(operation: &Operation) -> bool {
    let mut start = Start { text: String::new() };
    // Ends with an error as soon as the start is written.
    let _ = write!(start, "{operation:?}");
    let kind = start.text.strip_prefix(PREFIX).and_then(|rest| rest.split([',', ' ']).next());
    let kind = kind.unwrap_or_default();
    !kind.ends_with("Read") && kind != "ToString"
}

const PREFIX: &str = "Operation { op: ";

/// The first characters of a text.
struct Start {
    text: String,
}

impl Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        match self.text.len() > PREFIX.len() && self.text.ends_with([',', ' ']) {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use aerospike_core::operations::{self, lists, maps};
    use aerospike_core::{Bin, MapReturnType, Value};

    use super::*;

    #[test]
    fn reads_are_told_from_writes() {
        let bin = Bin::new("b".to_owned(), Value::Int(1));
        let reads = [
            operations::get(),
            operations::get_bin("b"),
            operations::get_header(),
            lists::size("b"),
            maps::get_by_key("b", Value::Int(1), MapReturnType::VALUE),
        ];
        let written = [
            operations::put(&bin),
            operations::add(&bin),
            operations::append(&bin),
            operations::prepend(&bin),
            operations::touch(),
            operations::delete(),
            lists::clear("b"),
            maps::clear("b"),
        ];
        assert!(!reads.iter().any(writes));
        assert!(written.iter().all(writes));
    }
}
