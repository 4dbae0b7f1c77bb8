//! A cluster that is split in two halves, each with records of its own, and healed.

use std::io;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Listeners, Nodes, Running};
use crate::cluster::{Cluster, Identity, Node, NodeId, NodeSet};
use crate::server::{Shared, keep};

/// Nodes that are a cluster of their own for a while.
#[derive(Debug)]
pub struct Apart {
    cluster: Arc<Cluster>,
    _keepers: JoinSet<()>,
}

/// A node that is to take the place of what it was, and where it listens, if it does.
type Started = (Identity, Arc<Shared>, Option<Listeners>);

impl Nodes {
    /// Has some of the nodes be a cluster of their own, which neither knows of the others nor has
    /// their records from now on. Their connections end.
    pub async fn split(&self, leaving: &[NodeId]) -> io::Result<()> {
        let mut apart = self.apart.lock().await;
        let refused = |message: &str| Err(io::Error::other(message.to_owned()));
        if apart.is_some() {
            return refused("the cluster is split already");
        }
        let present: Vec<_> = self.cluster().view().members().map(|node| node.id).collect();
        let stays = |id: &NodeId| !leaving.contains(id);
        if leaving.is_empty() || !present.iter().any(stays) {
            return refused("each half must have a node of the cluster");
        }
        if !leaving.iter().all(|id| present.contains(id)) {
            return refused("only nodes that are in the cluster can be in a half");
        }
        let identities = self.cut(leaving).await;
        let (view, cluster) = self.cluster().part(NodeSet::of(leaving));
        let cluster = Arc::new(cluster);
        let started = self.prepare(identities, &cluster)?;
        cluster.go_on_apart(view, nodes_of(&started));
        let keepers = keep(&cluster);
        *apart = Some(Apart { cluster, _keepers: keepers });
        self.replace(started);
        Ok(())
    }

    /// Has what was split off be part of the cluster again, with what became of its records. Its
    /// connections end.
    pub async fn heal(&self) -> io::Result<()> {
        let mut apart = self.apart.lock().await;
        let Some(Apart { cluster, .. }) = apart.take() else {
            return Err(io::Error::other("the cluster is not split"));
        };
        let of_it = |shared: &Arc<Shared>| Arc::ptr_eq(&shared.cluster, &cluster);
        let ids: Vec<_> = self.all().iter().filter(|s| of_it(s)).map(|s| s.node.id).collect();
        let identities = self.cut(&ids).await;
        let started = self.prepare(identities, self.cluster())?;
        self.cluster().reunite(&cluster, nodes_of(&started));
        self.replace(started);
        Ok(())
    }

    /// Ends connections of nodes, and takes no more. Tells which of them listened.
    async fn cut(&self, ids: &[NodeId]) -> Vec<(Identity, bool)> {
        let mut identities = Vec::new();
        for &id in ids {
            let taken = {
                let mut running = self.running.lock();
                running.get_mut(id).map(|node| (node.identity.clone(), node.acceptor.take()))
            };
            let Some((identity, acceptor)) = taken else { continue };
            identities.push((identity, acceptor.is_some()));
            if let Some(acceptor) = acceptor {
                acceptor.end().await;
            }
        }
        for shared in self.all().iter().filter(|shared| ids.contains(&shared.node.id)) {
            shared.node.kill();
            shared.jobs.abort_all();
        }
        identities
    }

    /// The same nodes as part of a cluster, with their sockets if they are to listen.
    fn prepare(
        &self,
        identities: Vec<(Identity, bool)>,
        cluster: &Arc<Cluster>,
    ) -> io::Result<Vec<Started>> {
        let prepare = |(identity, listens): (Identity, bool)| {
            let shared = self.template.node(&identity, cluster);
            if !listens {
                shared.node.kill();
                return Ok((identity, shared, None));
            }
            let listeners = Listeners::bind(identity.bound, identity.tls_bound)?;
            Ok((identity, shared, Some(listeners)))
        };
        identities.into_iter().map(prepare).collect()
    }

    /// Has nodes take the place of those that they were.
    fn replace(&self, started: Vec<Started>) {
        let mut running = self.running.lock();
        for (identity, shared, listeners) in started {
            let id = identity.id;
            let node = match listeners {
                Some(listeners) => self.run(identity, shared, listeners),
                None => Running { identity, shared, acceptor: None },
            };
            if let Some(place) = running.get_mut(id) {
                *place = node;
            }
        }
    }
}

fn nodes_of(started: &[Started]) -> Vec<Arc<Node>> {
    started.iter().map(|(_, shared, _)| Arc::clone(&shared.node)).collect()
}
