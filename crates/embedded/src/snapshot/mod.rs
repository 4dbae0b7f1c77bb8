//! The records in a file, to start with them and to keep them: an array of objects, such as
//!
//! ```json
//! [
//! {"namespace": "test", "set": "people", "key": "ada", "bins": {"born": 1815}, "ttl": 3600, "generation": 2}
//! ]
//! ```
//!
//! `key` is an integer, a string or `{"$bytes": base64}`; in its place, or beside it, there may be
//! `digest`, 40 hexadecimal digits. `set`, `ttl` (seconds; without it the record never expires) and
//! `generation` (1 without it) may be absent. The values of bins are in [`value`], indexes and modules
//! in [`schema`].

mod schema;
mod value;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use ripemd::{Digest as _, Ripemd160};
use serde_json::{Map, Value as Json};

use crate::command::MAX_TTL;
use crate::command::bins::{Bins, check_name};
use crate::particle::{self, Value, kind};
use crate::server::Contents;
use crate::store::{Digest, PARTITIONS, Record, Store, clock};

const FIELDS: [&str; 7] = ["namespace", "set", "key", "digest", "bins", "ttl", "generation"];

/// Puts the records of a file into the store; tells how many, or what is wrong and in which line.
pub fn load(contents: &Contents, path: &Path) -> io::Result<usize> {
    let named = |message: String| format!("{}: {message}", path.display());
    let text =
        fs::read(path).map_err(|error| io::Error::new(error.kind(), named(error.to_string())))?;
    load_text(contents, &text)
        .map_err(|message| io::Error::new(io::ErrorKind::InvalidData, named(message)))
}

/// Puts the records of a text into the store; tells how many, or what is wrong and in which line.
pub fn load_text(contents: &Contents, text: &[u8]) -> Result<usize, String> {
    let mut lines = Lines { rest: text, line: 1 };
    if lines.take() != Some(b'[') {
        return Err(lines.wrong("not an array of records"));
    }
    let mut count = 0;
    if lines.peek() == Some(b']') {
        lines.take();
    } else {
        loop {
            let (line, record) = lines.value()?;
            let loaded = load_item(contents, &record);
            count += usize::from(loaded.map_err(|message| format!("line {line}: {message}"))?);
            match lines.take() {
                Some(b',') => {}
                Some(b']') => break,
                _ => return Err(lines.wrong("a record must be followed by , or ]")),
            }
        }
    }
    match lines.peek() {
        None => Ok(count),
        Some(_) => Err(lines.wrong("there is more after the array of records")),
    }
}

/// What is left of a text, and in which line it begins.
struct Lines<'t> {
    rest: &'t [u8],
    line: usize,
}

impl Lines<'_> {
    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let blanks = self.rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.pass(blanks);
        self.rest.first().copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.pass(1);
        Some(byte)
    }

    fn pass(&mut self, count: usize) {
        let (passed, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count();
        self.rest = rest;
    }

    /// The next value, and the line in which it begins.
    fn value(&mut self) -> Result<(usize, Json), String> {
        if self.peek().is_none() {
            return Err(self.wrong("the file ends where a record should be"));
        }
        let line = self.line;
        let mut values = serde_json::Deserializer::from_slice(self.rest).into_iter::<Json>();
        match values.next() {
            Some(Ok(value)) => {
                let size = values.byte_offset();
                self.pass(size);
                Ok((line, value))
            }
            Some(Err(error)) => {
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or_default();
                let (line, column) = (line + error.line().saturating_sub(1), error.column());
                Err(format!("line {line}: {message} (column {column})"))
            }
            None => Err(self.wrong("the file ends where a record should be")),
        }
    }

    fn wrong(&self, message: &str) -> String {
        format!("line {}: {message}", self.line)
    }
}

/// Whether it was a record.
fn load_item(contents: &Contents, json: &Json) -> Result<bool, String> {
    let Json::Object(fields) = json else { return Err("a record must be an object".into()) };
    if schema::load(contents, fields)? {
        return Ok(false);
    }
    load_record(&contents.store, fields).map(|()| true)
}

fn load_record(store: &Store, fields: &Map<String, Json>) -> Result<(), String> {
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(format!("{unknown:?} is none of {}", FIELDS.join(", ")));
    }
    let name = text(fields, "namespace")?.ok_or("\"namespace\" is missing")?;
    let namespace = store
        .namespace(name.as_bytes())
        .ok_or_else(|| format!("\"namespace\": {name:?} is not served"))?;
    let set_name = text(fields, "set")?.unwrap_or_default().as_bytes();
    let key = fields.get("key").map(read_key).transpose()?;
    let digest = match (fields.get("digest"), &key) {
        (Some(digest), _) => read_digest(digest)?,
        (None, Some(key)) => digest_of(set_name, key),
        (None, None) => return Err("\"key\" or \"digest\" is missing".into()),
    };
    let ttl = number(fields, "ttl", 1..=u64::from(MAX_TTL))?;
    let generation = number(fields, "generation", 1..=u64::from(u16::MAX))?.unwrap_or(1);
    let bins = fields.get("bins").and_then(Json::as_object).filter(|bins| !bins.is_empty());
    let bins = bins.ok_or("\"bins\" must be an object of at least one bin")?;
    let set =
        namespace.sets.find_or_create(set_name).map_err(|code| format!("\"set\": {code:?}"))?;
    let mut stored = Bins::default();
    for (name, json) in bins {
        let wrong = |message: String| format!("bin {name:?}: {message}");
        check_name(name.as_bytes()).map_err(|_| wrong("the name has more than 15 bytes".into()))?;
        let (kind, bytes) = value::from_json(json).map_err(wrong)?;
        let value = particle::from_wire(kind, &bytes)
            .map_err(|code| wrong(format!("the value can't be stored: {code:?}")))?;
        stored.set(name.as_bytes(), kind, Value::Owned(value.bytes().to_vec()));
    }
    let refused = |code| format!("the record can't be stored: {code:?}");
    stored.check_count().map_err(refused)?;
    stored.check_size(ttl.is_some(), set_name, key.as_deref()).map_err(refused)?;
    let mut record = Record::new(digest, set);
    record.generation = generation as u16;
    record.void_time = ttl.map_or(0, |ttl| clock::now_seconds() + ttl as u32);
    record.last_update = clock::now_ms();
    record.replace_body(stored.encode(key.as_deref()));
    namespace.lock(&digest).put(record);
    Ok(())
}

fn text<'j>(fields: &'j Map<String, Json>, name: &str) -> Result<Option<&'j str>, String> {
    let wrong = |json: &Json| format!("{name:?}: {json} is no string");
    fields.get(name).map(|json| json.as_str().ok_or_else(|| wrong(json))).transpose()
}

fn number(
    fields: &Map<String, Json>,
    name: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Option<u64>, String> {
    let (first, last) = (range.start(), range.end());
    let wrong = |json: &Json| format!("{name:?}: {json} is no number from {first} to {last}");
    let check = |json: &Json| {
        json.as_u64().filter(|number| range.contains(number)).ok_or_else(|| wrong(json))
    };
    fields.get(name).map(check).transpose()
}

/// A user key, with its particle type in front.
fn read_key(json: &Json) -> Result<Vec<u8>, String> {
    match value::from_json(json) {
        Ok((kind @ (kind::INTEGER | kind::STRING | kind::BLOB), mut bytes)) => {
            bytes.insert(0, kind);
            Ok(bytes)
        }
        _ => Err(format!("\"key\": {json} is no integer, string or {{\"$bytes\": base64}}")),
    }
}

fn read_digest(json: &Json) -> Result<Digest, String> {
    let wrong = || format!("\"digest\": {json} is not 40 hexadecimal digits");
    let digits = json.as_str().map(str::as_bytes).filter(|digits| digits.len() == 40);
    let (pairs, _) = digits.ok_or_else(wrong)?.as_chunks::<2>();
    let mut digest = Digest::default();
    for (byte, pair) in digest.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16).ok_or_else(wrong);
        let [high, low] = *pair;
        *byte = (digit(high)? << 4 | digit(low)?) as u8;
    }
    Ok(digest)
}

/// The digest that clients compute.
fn digest_of(set: &[u8], key: &[u8]) -> Digest {
    Ripemd160::new().chain_update(set).chain_update(key).finalize().into()
}

/// Writes the records of the store into a file, which replaces one that is there.
pub fn save(contents: &Contents, path: &Path) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let mut output = BufWriter::new(fs::File::create(&partial)?);
    write(contents, &mut output)?;
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&partial, path)
}

/// Writes the records, and what else makes a server answer as this one does, one in a line.
pub fn write(contents: &Contents, output: &mut impl Write) -> io::Result<()> {
    let mut separator = "[\n";
    schema::write(contents, &mut separator, output)?;
    for namespace in contents.store.namespaces() {
        let now = clock::now_seconds();
        for partition in 0..PARTITIONS {
            let mut records: Vec<(Digest, Json)> = Vec::new();
            namespace.for_each_in(partition, |record| {
                if !record.is_expired(now) {
                    let set = namespace.sets.get(record.set);
                    let set = set.as_ref().map_or(&[][..], |set| &set.name);
                    records.push((record.digest, show(namespace.name(), set, record, now)));
                }
            });
            // Equal records make equal files.
            records.sort_unstable_by_key(|(digest, _)| *digest);
            for (_, record) in records {
                write!(output, "{separator}{record}")?;
                separator = ",\n";
            }
        }
    }
    output.write_all(if separator == ",\n" { b"\n]\n" } else { b"[]\n" })
}

fn show(namespace: &str, set: &[u8], record: &Record, now: u32) -> Json {
    let mut fields = Map::new();
    let mut add = |name: &str, value: Json| fields.insert(name.into(), value);
    add("namespace", namespace.into());
    if !set.is_empty() {
        add("set", String::from_utf8_lossy(set).into());
    }
    if let Some([kind, key @ ..]) = record.key() {
        add("key", value::to_json(*kind, key));
    }
    if record.key().is_none_or(|key| digest_of(set, key) != record.digest) {
        let digits = record.digest.iter().map(|byte| format!("{byte:02x}"));
        add("digest", digits.collect::<String>().into());
    }
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let bins = record.bins().map(|bin| (name(bin.name), value::to_json(bin.kind, bin.value)));
    add("bins", Json::Object(bins.collect()));
    if record.void_time != 0 {
        add("ttl", (record.void_time - now).max(1).into());
    }
    add("generation", record.generation.into());
    Json::Object(fields)
}
