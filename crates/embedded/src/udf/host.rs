//! What a function may ask and change of the record that it is applied to.

use std::time::Duration;

use super::convert::Particle;

/// A bin that a function changed; `None` if it removed it.
#[derive(Debug)]
pub struct Change {
    pub name: Vec<u8>,
    /// `Err` if the value can't be stored.
    pub value: Result<Option<Particle>, ()>,
}

/// What is to be done with changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    Create,
    Update,
    Remove,
}

/// What is known of a record besides its bins.
#[derive(Debug)]
pub enum About {
    Nothing,
    Number(i64),
    Text(Vec<u8>),
    Value(Particle),
    Names(Vec<Vec<u8>>),
}

/// A record, as a function sees it.
pub trait Host {
    fn bin(&self, name: &[u8]) -> Option<Particle>;
    fn exists(&self) -> bool;
    fn about(&self, what: &str) -> About;
    /// Applies changes; a number that is not 0 tells that they were not.
    fn commit(&self, what: Commit, changes: Vec<Change>, too_many: bool) -> i64;
    /// Whether an application of changes failed for good.
    fn has_failed(&self) -> bool;
    fn set_ttl(&self, ttl: u32);
    fn drop_key(&self);
}

/// A record that can only be read: so in streams, which may keep it for longer than it is there.
#[derive(Debug)]
pub struct Snapshot {
    pub bins: Vec<(Vec<u8>, Particle)>,
    pub about: Vec<(&'static str, About)>,
}

/// How long a function may take when the client does not say.
pub const DEFAULT_TIME: Duration = Duration::from_secs(1);

/// How long a function may take at most.
pub const MAX_TIME: Duration = Duration::from_secs(10);
