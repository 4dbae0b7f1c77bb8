//! What a file has besides records: modules of functions, and secondary indexes.
//!
//! ```json
//! {"module": "m.lua", "source": "function f(r) return 1 end"},
//! {"namespace": "test", "index": "by_age", "set": "people", "bin": "age", "type": "numeric"},
//! ```
//!
//! `set`, `collection` (list, mapkeys, mapvalues, or set for one of all records of a set) and `context` of an index may be absent; in place of
//! `bin` there may be `expression`. Contexts and expressions are as text in base64.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::text;
use crate::info;
use crate::server::Contents;
use crate::store::Namespace;
use crate::store::index::{Collection, Source};
use crate::udf::Rejected;

const OF_MODULES: [&str; 2] = ["module", "source"];

/// The fields of an index, and what they are called in the command that makes one.
const OF_INDEXES: [(&str, &str); 8] = [
    ("namespace", "namespace"),
    ("index", "indexname"),
    ("set", "set"),
    ("bin", "bin"),
    ("expression", "exp"),
    ("type", "type"),
    ("collection", "indextype"),
    ("context", "context"),
];

/// Whether it is a module or an index, which has then been made.
pub fn load(contents: &Contents, fields: &Map<String, Json>) -> Result<bool, String> {
    if fields.contains_key("module") {
        load_module(contents, fields)?;
    } else if fields.contains_key("index") {
        load_index(contents, fields)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn load_module(contents: &Contents, fields: &Map<String, Json>) -> Result<(), String> {
    if let Some(unknown) = fields.keys().find(|name| !OF_MODULES.contains(&name.as_str())) {
        return Err(format!("{unknown:?} is none of {}", OF_MODULES.join(", ")));
    }
    let name = text(fields, "module")?.unwrap_or_default();
    let is_named = name.strip_suffix(".lua").is_some_and(|stem| !stem.is_empty());
    if !is_named || name.contains([';', ',', '"', '\\', '/']) {
        return Err(format!("\"module\": {name:?} is no name of a file of Lua"));
    }
    let source = text(fields, "source")?.ok_or("\"source\" is missing")?;
    contents.modules.put(name, source.as_bytes().to_vec()).map_err(|rejected| match rejected {
        Rejected::TooMany => "there are as many modules as can be".into(),
        Rejected::Compile { line, message } => format!("{name}, line {line}: {message}"),
    })
}

fn load_index(contents: &Contents, fields: &Map<String, Json>) -> Result<(), String> {
    let mut command = String::new();
    for name in fields.keys() {
        let known = OF_INDEXES.iter().find(|(known, _)| known == name);
        let Some((_, parameter)) = known else {
            let known = OF_INDEXES.map(|(known, _)| known).join(", ");
            return Err(format!("{name:?} is none of {known}"));
        };
        let value = text(fields, name)?.unwrap_or_default();
        if value.contains(';') {
            return Err(format!("{name:?}: {value:?} has a ; in it"));
        }
        command += &format!("{parameter}={value};");
    }
    let namespace = text(fields, "namespace")?.ok_or("\"namespace\" is missing")?;
    if contents.store.namespace(namespace.as_bytes()).is_none() {
        return Err(format!("\"namespace\": {namespace:?} is not served"));
    }
    info::create_index(&contents.store, &command)
}

/// Writes the modules and the indexes, each after the separator; whether there was any.
pub fn write(
    contents: &Contents,
    separator: &mut &'static str,
    output: &mut impl Write,
) -> io::Result<()> {
    let modules = contents.modules.all().into_iter().filter_map(|(name, source)| {
        let source = std::str::from_utf8(&source).ok()?;
        Some(object([("module", name.into()), ("source", source.into())]))
    });
    let namespaces = contents.store.namespaces().iter();
    for item in modules.chain(namespaces.flat_map(|namespace| indexes(namespace))) {
        write!(output, "{separator}{item}")?;
        *separator = ",\n";
    }
    Ok(())
}

fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn indexes(namespace: &Namespace) -> Vec<Json> {
    let string = |bytes: &[u8]| Json::from(String::from_utf8_lossy(bytes));
    let indexes = namespace.indexes.list();
    let show = |index: &std::sync::Arc<crate::store::index::Index>| {
        let definition = &index.definition;
        let mut fields = Map::new();
        let mut add = |name: &str, value: Json| fields.insert(name.into(), value);
        add("namespace", namespace.name().into());
        add("index", index.name().into());
        if let Some(set) = definition.set.and_then(|id| namespace.sets.get(id)) {
            add("set", string(&set.name));
        }
        match &definition.source {
            Source::Bin { name, context } => {
                add("bin", string(name));
                if let Some(context) = context {
                    add("context", STANDARD.encode(context).into());
                }
            }
            Source::Expression(wire) => {
                add("expression", STANDARD.encode(wire).into());
            }
        }
        add("type", definition.kind.name().into());
        if definition.collection != Collection::None {
            add("collection", definition.collection.name().into());
        }
        Json::Object(fields)
    };
    let sets = namespace.sets.list();
    let of_sets = sets.iter().filter_map(|set| {
        let name = set.index.lock().clone().filter(|name| !name.is_empty())?;
        Some(object([
            ("namespace", namespace.name().into()),
            ("index", name.into()),
            ("set", string(&set.name)),
            ("collection", "set".into()),
        ]))
    });
    indexes.iter().map(show).chain(of_sets).collect()
}
