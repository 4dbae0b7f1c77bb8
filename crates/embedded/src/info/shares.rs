//! What a node has of that which all nodes have together.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use crate::server::Shared;
use crate::store::{Namespace, PARTITIONS, SetId};

/// How many records a node has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Objects {
    /// Of partitions of which it is the master.
    pub master: u64,
    /// Of those that it is to have as well.
    pub prole: u64,
    /// Of those that it gives away.
    pub non_replica: u64,
}

impl Objects {
    pub fn total(self) -> u64 {
        self.master + self.prole + self.non_replica
    }
}

/// How many partitions are yet to come to a node, and to go from it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Migrations {
    pub incoming: u64,
    pub outgoing: u64,
}

impl Migrations {
    pub fn total(self) -> u64 {
        self.incoming + self.outgoing
    }
}

/// What a set takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    pub objects: u64,
    pub bytes: u64,
}

impl Shared {
    pub fn objects(&self, namespace: &Namespace) -> Objects {
        if self.node.is_alone() {
            return Objects { master: namespace.objects(), ..Objects::default() };
        }
        let view = self.cluster.view();
        let mut objects = Objects::default();
        for partition in self.held() {
            let kind = if view.master(partition) == Some(self.node.id) {
                &mut objects.master
            } else if view.replicas(partition).contains(&self.node.id) {
                &mut objects.prole
            } else {
                &mut objects.non_replica
            };
            *kind += namespace.objects_in(partition);
        }
        objects
    }

    pub fn set_sizes(&self, namespace: &Namespace) -> HashMap<SetId, Size> {
        let mut sizes: HashMap<SetId, Size> = HashMap::new();
        if self.node.is_alone() {
            for set in namespace.sets.list().iter() {
                let [objects, bytes] =
                    [&set.objects, &set.bytes].map(|counter| counter.load(Ordering::Relaxed));
                sizes.insert(set.id, Size { objects, bytes });
            }
            return sizes;
        }
        for partition in self.held() {
            namespace.for_each_in(partition, |record| {
                let size = sizes.entry(record.set).or_default();
                size.objects += 1;
                size.bytes += record.body_size() as u64;
            });
        }
        sizes
    }

    pub fn migrations(&self) -> Migrations {
        let view = self.cluster.view();
        let mut migrations = Migrations::default();
        for partition in view.migrating() {
            let is_complete = view.complete(partition).contains(self.node.id);
            let is_replica = view.replicas(partition).contains(&self.node.id);
            migrations.incoming += u64::from(is_replica && !is_complete);
            migrations.outgoing += u64::from(view.master(partition) == Some(self.node.id));
        }
        migrations
    }

    /// The partitions of which this node has all records.
    fn held(&self) -> impl Iterator<Item = usize> + use<> {
        let is_held = self.is_held();
        (0..PARTITIONS).filter(move |&partition| is_held(partition))
    }

    /// Tells of which partitions this node has all records.
    pub fn is_held(&self) -> impl Fn(usize) -> bool + use<> {
        let (view, id, is_alone) = (self.cluster.view(), self.node.id, self.node.is_alone());
        move |partition| is_alone || view.complete(partition).contains(id)
    }
}
