//! Several nodes in one process, which behave as those of a cluster.
//!
//! There is one store. What makes a cluster of it is who may answer for which partition: nodes
//! that have all of its records, or are said to have. A node that is killed takes along what no
//! other has; one that comes gets its partitions one by one, and until then others answer for it.
//!
//! * `settings` is what the cluster is started with, `node` what is known of a node;
//! * `balance` says where partitions are to be, `view` where they are;
//! * this module changes it: when nodes come and go, fall silent, and as records arrive;
//! * `routing` says who answers a command;
//! * `control` is how all this is asked for from outside.

mod balance;
pub mod control;
mod node;
pub mod routing;
mod settings;
mod view;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Notify, watch};

pub use node::{Identity, Node};
pub use settings::{MAX_NODES, Settings};
pub use view::{NodeSet, Refused, View};

use crate::store::{Detached, Store};
use crate::udf::Modules;

/// The number of a node: they are numbered as they come.
pub type NodeId = usize;

/// A cluster.
#[derive(Debug)]
pub struct Cluster {
    pub settings: Settings,
    /// The records of all nodes.
    store: Store,
    /// The functions that all nodes know.
    pub modules: Arc<Modules>,
    view: ArcSwap<View>,
    state: Mutex<State>,
    /// Whether some node in the cluster does not answer.
    has_silent: AtomicBool,
    /// Held by all who carry out a command, and by nobody else while the cluster is split or healed.
    unity: RwLock<()>,
    /// Wakes those who wait for the cluster to change.
    changes: watch::Sender<()>,
    /// Wakes the one that maintains it.
    work: Notify,
    /// Milliseconds from the start to the last rebalance.
    rebalanced: AtomicU64,
    started: Instant,
}

/// What only those who change the cluster look at.
#[derive(Debug, Default)]
struct State {
    /// Nodes in the cluster that do not answer, and since when.
    silent: Vec<(NodeId, Instant)>,
    /// Nobody moves records to where they are to be.
    is_held: bool,
    /// When the next records are to have arrived, and how many partitions they are.
    arrival: Option<(Instant, usize)>,
    /// What paused nodes have, of which the others have no copy.
    detached: Vec<(NodeId, Detached)>,
}

/// How often records arrive while they move.
const ARRIVALS: Duration = Duration::from_millis(5);

impl Cluster {
    pub fn new(settings: Settings, store: Store, modules: Modules) -> Cluster {
        Cluster {
            settings,
            store,
            modules: Arc::new(modules),
            view: ArcSwap::default(),
            state: Mutex::default(),
            has_silent: AtomicBool::new(false),
            unity: RwLock::default(),
            changes: watch::Sender::new(()),
            work: Notify::new(),
            rebalanced: AtomicU64::new(0),
            started: Instant::now(),
        }
    }

    pub fn view(&self) -> Arc<View> {
        self.view.load_full()
    }

    pub fn since_rebalance(&self) -> Duration {
        let at = Duration::from_millis(self.rebalanced.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(at)
    }

    /// Adds the nodes that it starts with, which share the partitions from the beginning.
    pub fn found(&self, nodes: Vec<Arc<Node>>) {
        let mut state = self.state.lock();
        let mut view = View::default();
        for node in nodes {
            view.present.insert(node.id);
            view.enlist(node.id);
            view.nodes.push(node);
        }
        self.rebalance(&mut state, view);
    }

    /// Takes a node into the cluster that has no records: a new one, or one that was started again.
    pub fn join(&self, node: Arc<Node>) {
        let mut state = self.state.lock();
        let mut view = View::clone(&self.view());
        let id = node.id;
        self.expel(&mut state, &mut view, id);
        match view.nodes.get_mut(id) {
            Some(known) => *known = node,
            None => {
                view.nodes.push(node);
                view.enlist(id);
            }
        }
        view.present.insert(id);
        view.peers_generation += 1;
        self.rebalance(&mut state, view);
    }

    /// Goes on without some of the nodes, which are a cluster of their own from now on: the result,
    /// and the view that it starts from.
    pub fn part(&self, leaving: NodeSet) -> (View, Cluster) {
        let _alone = self.unity.write();
        let mut state = self.state.lock();
        let view = View::clone(&self.view());
        let cluster = Cluster::new(self.settings.clone(), self.store.fork(), self.modules.fork());
        let mut rest = view.clone();
        rest.keep_only(view.present.without(leaving));
        state.silent.retain(|(id, _)| !leaving.contains(*id));
        self.rebalance(&mut state, rest);
        (view, cluster)
    }

    /// Goes on with some of the nodes of another cluster.
    pub fn go_on_apart(&self, mut view: View, nodes: Vec<Arc<Node>>) {
        let mut state = self.state.lock();
        let ids: Vec<_> = nodes.iter().map(|node| node.id).collect();
        view.keep_only(NodeSet::of(&ids));
        for node in nodes {
            let id = node.id;
            if let Some(place) = view.nodes.get_mut(id) {
                *place = node;
            }
        }
        self.rebalance(&mut state, view);
    }

    /// Takes back what was a cluster of its own, none of whose nodes answers any more; these are the
    /// same nodes started again.
    pub fn reunite(&self, other: &Cluster, nodes: Vec<Arc<Node>>) {
        let (_alone, _other_alone) = (self.unity.write(), other.unity.write());
        let detached = std::mem::take(&mut other.state.lock().detached);
        self.modules.reunite(&other.modules);
        other.store.merge(detached.into_iter().map(|(_, detached)| detached).collect());
        let mut state = self.state.lock();
        let (mut view, theirs) = (View::clone(&self.view()), other.view());
        self.store.reunite(&other.store, |partition| view.is_behind(&theirs, partition));
        view.reunite(&theirs, nodes);
        self.rebalance(&mut state, view);
    }

    /// The records of its nodes.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Ends a node. Until it is missed, a little later, the others take it for the master of what it
    /// was the master of, and wait for it to say that it has what is written.
    pub fn kill(&self, node: &Node) {
        let mut state = self.state.lock();
        node.kill();
        state.detached.retain(|(id, _)| *id != node.id);
        let view = self.view();
        self.note_silent(&mut state, &view, node.id);
        self.publish(&mut state, View::clone(&view));
    }

    /// Has a node not answer any more, until it is resumed.
    pub fn pause(&self, node: &Node) {
        let mut state = self.state.lock();
        node.set_paused(true);
        let view = self.view();
        self.note_silent(&mut state, &view, node.id);
        self.publish(&mut state, View::clone(&view));
    }

    /// Has a paused node go on. If it was given up it joins again with what it has.
    pub fn resume(&self, node: &Node) {
        let mut state = self.state.lock();
        node.set_paused(false);
        state.silent.retain(|(id, _)| *id != node.id);
        let mut view = View::clone(&self.view());
        if view.present.contains(node.id) {
            self.publish(&mut state, view);
        } else {
            let is_back = |(id, _): &mut (NodeId, Detached)| *id == node.id;
            let back = state.detached.extract_if(.., is_back).map(|(_, detached)| detached);
            let back: Vec<_> = back.collect();
            back.iter().for_each(|detached| view.note_found(detached.partition));
            self.store.merge(back);
            view.present.insert(node.id);
            view.peers_generation += 1;
            self.rebalance(&mut state, view);
        }
    }

    /// Has a node give away its partitions, or stop to.
    pub fn drain(&self, node: &Node, is_draining: bool) {
        let mut state = self.state.lock();
        node.set_draining(is_draining);
        self.rebalance(&mut state, View::clone(&self.view()));
    }

    /// Notes which nodes namespaces with strong consistency are to be made of.
    pub fn set_roster(&self, roster: NodeSet) {
        let mut state = self.state.lock();
        let mut view = View::clone(&self.view());
        view.pending_roster = roster;
        self.publish(&mut state, view);
    }

    /// Lets partitions whose records are gone begin anew when the cluster forms anew.
    pub fn revive(&self) {
        let mut state = self.state.lock();
        let mut view = View::clone(&self.view());
        view.revive();
        self.publish(&mut state, view);
    }

    /// Forms the cluster anew of the same nodes.
    pub fn recluster(&self) {
        let mut state = self.state.lock();
        let mut view = View::clone(&self.view());
        view.roster = view.pending_roster;
        self.rebalance(&mut state, view);
    }

    /// Keeps records where they are, or lets them move on.
    pub fn hold_migrations(&self, is_held: bool) {
        let mut state = self.state.lock();
        state.is_held = is_held;
        self.publish(&mut state, View::clone(&self.view()));
    }

    /// Whether nothing will change by itself.
    pub fn is_settled(&self) -> bool {
        let state = self.state.lock();
        state.silent.is_empty() && state.arrival.is_none()
    }

    /// Whether records are on their way, but kept from arriving.
    pub fn is_held(&self) -> bool {
        self.state.lock().is_held && self.view().migrating().next().is_some()
    }

    /// Waits until the state of the cluster is one of those wanted.
    pub async fn until(&self, is_wanted: impl Fn(&Cluster) -> bool) {
        let mut changes = self.changes.subscribe();
        while !is_wanted(self) && changes.changed().await.is_ok() {}
    }

    /// Gives up nodes that do not answer, and moves records, until it is dropped.
    pub async fn maintain(&self) {
        loop {
            match self.next_work(Instant::now()) {
                Some(wait) => {
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.work.notified() => {}
                    }
                }
                None => self.work.notified().await,
            }
        }
    }

    /// Does what is due; tells how long until there is more to do.
    fn next_work(&self, now: Instant) -> Option<Duration> {
        let mut state = self.state.lock();
        let view = self.view();
        let timeout = self.settings.heartbeat_timeout();
        let is_due = |since: Instant| now.saturating_duration_since(since) >= timeout;
        // The others give a node up: if all are paused, none does.
        let is_observed = view.members().any(|node| node.responds());
        let is_missed = |(id, since): &(NodeId, Instant)| {
            is_due(*since) && (is_observed || view.node(*id).is_none_or(|node| node.is_killed()))
        };
        let missed: Vec<_> = state.silent.iter().filter(|s| is_missed(s)).map(|s| s.0).collect();
        if !missed.is_empty() {
            let mut next = View::clone(&view);
            for id in missed {
                self.expel(&mut state, &mut next, id);
            }
            next.peers_generation += 1;
            self.rebalance(&mut state, next);
        } else if let Some((due, count)) = state.arrival
            && due <= now
        {
            let mut next = View::clone(&view);
            let arriving: Vec<_> = next.migrating().take(count).collect();
            arriving.into_iter().for_each(|partition| next.migrate(partition));
            next.partition_generation += 1;
            state.arrival = Some((now + ARRIVALS, count));
            self.publish(&mut state, next);
        }
        let misses = state.silent.iter().map(|(_, since)| *since + timeout);
        let misses = misses.filter(|miss| is_observed || *miss > now);
        let arrivals = state.arrival.iter().map(|(due, _)| *due);
        misses.chain(arrivals).min().map(|due| due.saturating_duration_since(now))
    }

    /// Takes a node out of the cluster, with what it has.
    fn expel(&self, state: &mut State, view: &mut View, id: NodeId) {
        view.present.remove(id);
        state.silent.retain(|(known, _)| *known != id);
        let lost = view.forget_copies(id);
        if view.node(id).is_some_and(|node| node.is_paused()) {
            let detached = lost.into_iter().map(|partition| (id, self.store.detach(partition)));
            state.detached.extend(detached);
        }
    }

    fn note_silent(&self, state: &mut State, view: &View, id: NodeId) {
        let is_known = state.silent.iter().any(|(known, _)| *known == id);
        if view.present.contains(id) && !is_known {
            state.silent.push((id, Instant::now()));
        }
    }

    fn rebalance(&self, state: &mut State, mut view: View) {
        // What was written to those that died with it must not come back.
        for partition in view.unowned() {
            drop(self.store.detach(partition));
        }
        let key = RandomState::new().hash_one(view.rebalance_generation) >> 16 | 1;
        view.rebalance(key, self.settings.replication_factor());
        // The first generation is 0.
        view.partition_generation += u64::from(view.rebalance_generation > 1);
        let elapsed = self.started.elapsed().as_millis() as u64;
        self.rebalanced.store(elapsed, Ordering::Relaxed);
        state.arrival = None;
        self.publish(state, view);
    }

    /// Makes a state that of the cluster, and tells everyone.
    fn publish(&self, state: &mut State, view: View) {
        let has_silent = view.members().any(|node| !node.responds());
        let migrating = view.migrating().count();
        let moving = if state.is_held || has_silent { 0 } else { migrating };
        state.arrival = match (moving, state.arrival) {
            (0, _) => None,
            (_, Some(arrival)) => Some(arrival),
            (moving, None) => {
                let steps = self.settings.migration_time().as_millis() / ARRIVALS.as_millis();
                let count = moving.div_ceil((steps as usize).max(1));
                Some((Instant::now() + ARRIVALS, count))
            }
        };
        let is_one = view.present.len() == 1
            && !has_silent
            && migrating == 0
            && view.refused() == Refused::default();
        for node in &view.nodes {
            node.set_alone(is_one && view.present.contains(node.id));
        }
        self.has_silent.store(has_silent, Ordering::Relaxed);
        self.view.store(Arc::new(view));
        self.changes.send_replace(());
        self.work.notify_one();
    }
}
