//! How long operations took.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use hashbrown::{Equivalent, HashMap};

use super::cells::Histogram;
use super::family::{Family, Kind, Label, Point, Value};
use crate::error::ErrorType;
use crate::observe::About;
use crate::runtime::lock;

/// How many label sets there are at most. Names of sets come from the application, which may make
/// them up without end.
const LIMIT: usize = 1000;

/// The namespace and the set of the operations whose own labels would be too many.
const OVERFLOW: &str = "__overflow__";

/// A histogram for each set of labels.
#[derive(Default)]
pub struct Operations {
    /// Replaced as a whole by one that has more; read without a lock.
    known: ArcSwap<Known>,
    /// Held by who replaces it.
    growing: Mutex<()>,
}

type Known = HashMap<Labels, Arc<Histogram>>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Labels {
    operation: &'static str,
    namespace: Box<str>,
    set: Box<str>,
    error: Option<ErrorType>,
}

/// Labels that are looked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    operation: &'static str,
    namespace: &'a str,
    set: &'a str,
    error: Option<ErrorType>,
}

impl Hash for Wanted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // As `Labels` are hashed.
        let Self { operation, namespace, set, error } = self;
        (operation, namespace, set, error).hash(state);
    }
}

impl Equivalent<Labels> for Wanted<'_> {
    fn equivalent(&self, labels: &Labels) -> bool {
        self.operation == labels.operation
            && self.namespace == &*labels.namespace
            && self.set == &*labels.set
            && self.error == labels.error
    }
}

impl Operations {
    pub fn record(&self, about: &About<'_>, error: Option<ErrorType>, duration: Duration) {
        let (operation, subject) = (about.operation, &about.subject);
        let wanted = Wanted { operation, namespace: &subject.namespace, set: &subject.set, error };
        match self.known.load().get(&wanted) {
            Some(histogram) => histogram.record(duration),
            None => self.make(wanted).record(duration),
        }
    }

    /// The histogram of labels that were not known a moment ago.
    #[cold]
    fn make(&self, wanted: Wanted<'_>) -> Arc<Histogram> {
        let _alone = lock(&self.growing);
        let known = self.known.load();
        let wanted = match known.len() < LIMIT || known.contains_key(&wanted) {
            true => wanted,
            false => Wanted { namespace: OVERFLOW, set: OVERFLOW, ..wanted },
        };
        if let Some(histogram) = known.get(&wanted) {
            return Arc::clone(histogram);
        }
        let Wanted { operation, namespace, set, error } = wanted;
        let labels = Labels { operation, namespace: namespace.into(), set: set.into(), error };
        let histogram = Arc::<Histogram>::default();
        let mut more = Known::clone(&known);
        more.insert(labels, Arc::clone(&histogram));
        self.known.store(Arc::new(more));
        histogram
    }

    pub fn family(&self) -> Family {
        let known = self.known.load();
        let mut points: Vec<_> = known
            .iter()
            .map(|(labels, histogram)| Point {
                labels: labels.to_labels(),
                value: Value::Histogram(histogram.counted()),
            })
            .collect();
        points.sort_by(|one, other| one.labels.cmp(&other.labels));
        Family {
            name: "db_client_operation_duration_seconds",
            help: "How long operations of the clients took.",
            kind: Kind::Histogram,
            points,
        }
    }
}

impl Labels {
    fn to_labels(&self) -> Vec<Label> {
        let error = self.error.map_or_else(String::new, |error| error.name().into_owned());
        vec![
            ("db_system_name", "aerospike".to_owned()),
            ("db_namespace", self.namespace.clone().into_string()),
            ("db_collection_name", self.set.clone().into_string()),
            ("db_operation_name", self.operation.to_owned()),
            ("error_type", error),
        ]
    }
}
