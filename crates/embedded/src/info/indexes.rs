//! Secondary indexes: making, removing and describing them.

use std::sync::Arc;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::parameters::Parameters;
use super::{Answer, Refusal, set_indexes};
use crate::cdt;
use crate::compat::Compat;
use crate::expression::{self, Expression, Kind};
use crate::hll::{Shape, Sketch, count};
use crate::server::Shared;
use crate::store::index::{Collection, Definition, Index, Rejected, Source, ValueKind};
use crate::store::{Namespace, Store, partition_of};

/// Longest values of parameters, in bytes.
pub(super) mod longest {
    pub const NAME: usize = 63;
    pub const NAMESPACE: usize = 31;
    pub const BIN: usize = 14;
    pub const KIND: usize = 11;
    pub const OLD_DATA: usize = 26;
    pub const ENCODED: usize = 2048;
}

/// Answers `sindex-create`.
pub fn create(store: &Store, parameters: &Parameters<'_>) -> Answer {
    let name = parameters.required("indexname", longest::NAME)?;
    let namespace_name = parameters.required_namespace(longest::NAMESPACE)?;
    if parameters.get("indextype").is_some_and(|kind| kind.eq_ignore_ascii_case(set_indexes::TYPE))
    {
        return set_indexes::create(store, name, namespace_name, parameters);
    }
    let parsed = Parsed::parse(parameters, store.compat)?;
    // The server that is modelled notes the wish and finds out later that it can't be fulfilled.
    let Some(namespace) = store.namespace(namespace_name.as_bytes()) else {
        return Ok("ok".into());
    };
    let set = match parsed.set {
        Some(set) => match namespace.sets.find_or_create(set.as_bytes()) {
            Ok(id) => Some(id),
            Err(_) => return Err(Refusal::new(4, "failed to get/create set")),
        },
        None => None,
    };
    let Parsed { source, collection, kind, .. } = parsed;
    match namespace.indexes.create(name, Definition { set, source, collection, kind }) {
        Ok(Some(index)) => populate(namespace, index),
        Ok(None) => {}
        Err(Rejected::NameTaken) => {
            return Err(Refusal::new(200, "'indexname' already exists with different definition"));
        }
        Err(Rejected::TooMany) => {
            return Err(Refusal::new(205, "already at sindex definition limit"));
        }
    }
    Ok("ok".into())
}

/// Puts the records that are there into a new index: at once if there are few.
fn populate(namespace: &Arc<Namespace>, index: Arc<Index>) {
    const FEW: u64 = 10_000;
    if namespace.objects() <= FEW {
        // Without rest: on a busy machine as many pauses as partitions take seconds.
        namespace.populate(&index, || {});
    } else {
        let namespace = Arc::clone(namespace);
        // One after the other: what clients ask for meanwhile is not to wait for a processor.
        thread::spawn(move || {
            let _turn = namespace.indexes.population.lock();
            namespace.populate(&index, thread::yield_now);
        });
    }
}

/// Answers `sindex-delete`.
pub fn delete(store: &Store, parameters: &Parameters<'_>) -> Answer {
    let name = parameters.required("indexname", longest::NAME)?;
    let namespace = parameters.required_namespace(longest::NAMESPACE)?;
    if let Some(namespace) = store.namespace(namespace.as_bytes()) {
        namespace.indexes.remove(name);
        set_indexes::delete(namespace, name);
    }
    Ok("ok".into())
}

/// Answers `sindex-exists`.
pub fn exists(store: &Store, parameters: &Parameters<'_>) -> Answer {
    let namespace = super::namespaces::check_namespace(store, parameters)?;
    match parameters.get("indexname") {
        Some(name) => {
            let is_there = namespace.indexes.by_name(name).is_some()
                || set_indexes::find(namespace, name).is_some();
            Ok(is_there.to_string())
        }
        None => Ok("ERROR:4:missing 'indexname'false".into()),
    }
}

/// Answers `sindex-list`.
pub fn list(store: &Store, parameters: &Parameters<'_>) -> Answer {
    let encoded = match parameters.get("b64") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::new(4, "bad b64")),
    };
    match parameters.namespace() {
        None => Ok(list_all(store.namespaces(), encoded)),
        Some(name) => match store.namespace(name.as_bytes()) {
            Some(namespace) => Ok(list_all(std::slice::from_ref(namespace), encoded)),
            // The server that is modelled says it twice.
            None => {
                Ok("ERROR:20:namespace not found on node;ERROR:20:namespace not found on node"
                    .into())
            }
        },
    }
}

/// Answers `sindex`, `sindex/NAMESPACE` and `sindex/NAMESPACE/INDEX`.
pub fn list_or_statistics(shared: &Shared, path: &str) -> Answer {
    let store = &shared.store;
    if path.is_empty() {
        return Ok(list_all(store.namespaces(), false));
    }
    let (namespace, index) = path.split_once('/').unwrap_or((path, ""));
    let Some(namespace) = store.namespace(namespace.as_bytes()) else {
        return Ok("ns_type=unknown".into());
    };
    if index.is_empty() {
        Ok(list_all(std::slice::from_ref(namespace), false))
    } else {
        statistics_of(shared, namespace, index)
    }
}

/// Answers `sindex-stat`.
pub fn statistics(shared: &Shared, parameters: &Parameters<'_>) -> Answer {
    let name = parameters.required("indexname", longest::NAME)?;
    let namespace = super::namespaces::check_namespace(&shared.store, parameters)?;
    statistics_of(shared, namespace, name)
}

fn statistics_of(shared: &Shared, namespace: &Namespace, name: &str) -> Answer {
    if let Some(set) = set_indexes::find(namespace, name) {
        return Ok(set_indexes::statistics(&set));
    }
    let index = namespace.indexes.by_name(name).ok_or(Refusal::new(201, "no index"))?;
    let (mut values, mut records) = (counter(), counter());
    let (mut entries, mut all) = (0, 0);
    let is_held = shared.is_held();
    index.for_each(|(value, digest)| {
        all += 1;
        if !is_held(partition_of(digest)) {
            return;
        }
        entries += 1;
        values.add(&value.to_be_bytes());
        records.add(digest);
    });
    let bytes = (index.bytes() * entries).checked_div(all).unwrap_or_else(|| index.bytes());
    // Rounded half up; none of nothing.
    let per = |distinct: u64| (entries + distinct / 2).checked_div(distinct).unwrap_or(0);
    Ok(format!(
        "entries={entries};used_bytes={};entries_per_bval={};entries_per_rec={};load_pct={};\
         load_time=0;stat_gc_recs=0",
        bytes,
        per(count(&values)),
        per(count(&records)),
        index.populated_percent(),
    ))
}

/// Counts different values in little memory.
fn counter() -> Sketch<'static> {
    Sketch::empty(Shape { index_bits: 14, minhash_bits: 0 })
}

fn list_all(namespaces: &[Arc<Namespace>], encoded: bool) -> String {
    let lines = namespaces.iter().flat_map(|namespace| {
        let indexes = namespace.indexes.list();
        indexes.iter().map(|index| describe(namespace, index, encoded)).collect::<Vec<_>>()
    });
    let of_sets = namespaces.iter().flat_map(|namespace| set_indexes::describe_all(namespace));
    lines.chain(of_sets).collect::<Vec<_>>().join(";")
}

fn describe(namespace: &Namespace, index: &Index, encoded: bool) -> String {
    let Definition { set, source, collection, kind } = &index.definition;
    let set = set.and_then(|id| namespace.sets.get(id));
    let set = set.map_or("null".into(), |set| String::from_utf8_lossy(&set.name).into_owned());
    let null = || "null".to_owned();
    let (bin, context, expression) = match source {
        Source::Bin { name, context } => {
            let context = context.as_deref().map(|context| {
                if encoded { STANDARD.encode(context) } else { cdt::describe_context(context) }
            });
            (String::from_utf8_lossy(name).into_owned(), context.unwrap_or_else(null), null())
        }
        Source::Expression(wire) => {
            let told = if encoded { STANDARD.encode(wire) } else { expression::describe(wire) };
            (null(), null(), told)
        }
    };
    format!(
        "ns={}:indexname={}:set={set}:bin={bin}:type={}:indextype={}:context={context}:\
         exp={expression}:state={}",
        namespace.name(),
        index.name(),
        kind.name(),
        collection.name(),
        if index.is_complete() { "RW" } else { "WO" },
    )
}

/// What an index is to be on, as a request says it.
struct Parsed<'a> {
    set: Option<&'a str>,
    source: Source,
    collection: Collection,
    kind: ValueKind,
}

impl<'a> Parsed<'a> {
    fn parse(parameters: &Parameters<'a>, compat: Compat) -> Result<Parsed<'a>, Refusal> {
        let set = parameters.optional("set", longest::NAME)?;
        let context = parse_context(parameters)?;
        let collection = match parameters.optional("indextype", longest::KIND)? {
            None => Collection::None,
            Some(name) => Collection::of_name(name).ok_or(Refusal::new(
                4,
                "bad 'indextype' - must be one of 'default', 'list', 'mapkeys', 'mapvalues'",
            ))?,
        };
        let old_data = parameters.optional("indexdata", longest::OLD_DATA)?;
        let kind = parameters.optional("type", longest::KIND)?;
        let (source, kind) = match (old_data, kind) {
            (None, None) => {
                return Err(Refusal::new(4, "both 'indexdata' and 'type' are missing"));
            }
            (Some(_), Some(_)) => {
                return Err(Refusal::new(4, "both 'indexdata' and 'type' are specified"));
            }
            (Some(data), None) => parse_old_data(data, context)?,
            (None, Some(kind)) => {
                let kind = ValueKind::of_name(kind).ok_or(Refusal::new(
                    4,
                    "bad 'type' - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'",
                ))?;
                let source = parse_source(parameters, context)?;
                check_type(&source, collection, kind, compat)?;
                (source, kind)
            }
        };
        if collection == Collection::MapKeys && kind == ValueKind::GeoJson {
            return Err(Refusal::new(
                4,
                "bad 'indexdata' bin type for 'indextype' 'mapkeys' - must be one of 'numeric', \
                 'string', 'blob'",
            ));
        }
        Ok(Parsed { set, source, collection, kind })
    }
}

fn parse_context(parameters: &Parameters<'_>) -> Result<Option<Box<[u8]>>, Refusal> {
    let Some(text) = parameters.optional("context", longest::ENCODED)? else { return Ok(None) };
    let context = STANDARD.decode(text).map_err(|_| Refusal::new(4, "'context' invalid base64"))?;
    if !cdt::is_context(&context) {
        return Err(Refusal::new(4, "'context' invalid cdt context"));
    }
    Ok(Some(context.into()))
}

fn parse_source(
    parameters: &Parameters<'_>,
    context: Option<Box<[u8]>>,
) -> Result<Source, Refusal> {
    let bin = parameters.optional("bin", longest::BIN + 1)?;
    let expression = parameters.optional("exp", longest::ENCODED)?;
    match (bin, expression) {
        (Some(_), Some(_)) => Err(Refusal::new(4, "both 'bin' and 'exp' are specified")),
        (None, None) => Err(Refusal::new(4, "both 'bin' and 'exp' are missing")),
        (Some(bin), None) => Ok(Source::Bin { name: bin.as_bytes().into(), context }),
        (None, Some(_)) if context.is_some() => {
            Err(Refusal::new(4, "both 'context' and 'exp' are specified"))
        }
        (None, Some(text)) => {
            let bytes = STANDARD.decode(text).map_err(|_| Refusal::new(4, "bad 'exp'"))?;
            Ok(Source::Expression(bytes.into()))
        }
    }
}

/// Refuses an expression that never comes to what is to be indexed.
fn check_type(
    source: &Source,
    collection: Collection,
    kind: ValueKind,
    compat: Compat,
) -> Result<(), Refusal> {
    let Source::Expression(wire) = source else { return Ok(()) };
    let expression = Expression::parse(wire, compat).map_err(|_| Refusal::new(4, "bad 'exp'"))?;
    // What changes without a write can't be indexed.
    let uses = expression::uses(wire);
    if uses.metadata || uses.key || !(uses.bins || uses.digest) {
        return Err(Refusal::new(4, "bad 'exp'"));
    }
    let wanted = match (collection, kind) {
        (Collection::List, _) => Kind::List,
        (Collection::MapKeys | Collection::MapValues, _) => Kind::Map,
        (Collection::None, ValueKind::Integer) => Kind::Int,
        (Collection::None, ValueKind::String) => Kind::String,
        (Collection::None, ValueKind::Blob) => Kind::Blob,
        (Collection::None, ValueKind::GeoJson) => Kind::Geo,
    };
    if expression.kind() != wanted {
        return Err(Refusal::new(4, "bad 'exp' - expression type does not match expected type"));
    }
    Ok(())
}

/// Bin name and type in one, as clients once sent them.
fn parse_old_data(data: &str, context: Option<Box<[u8]>>) -> Result<(Source, ValueKind), Refusal> {
    let (bin, kind) =
        data.split_once(',').ok_or(Refusal::new(4, "'indexdata' missing bin type"))?;
    if bin.is_empty() {
        return Err(Refusal::new(4, "'indexdata' missing bin name"));
    }
    if bin.len() > longest::BIN + 1 {
        return Err(Refusal::new(4, "'indexdata' bin name too long"));
    }
    let kind = ValueKind::of_name(kind).ok_or(Refusal::new(
        4,
        "bad 'indexdata' bin type - must be one of 'numeric', 'string', 'blob', 'geo2dsphere'",
    ))?;
    Ok((Source::Bin { name: bin.as_bytes().into(), context }, kind))
}
