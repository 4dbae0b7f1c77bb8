//! Which node answers for a record. The core knows it and tells it of failures alone, so where a
//! span is to name the node, it is found by what the nodes themselves say of their partitions.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerospike_core as core;
use arc_swap::ArcSwapOption;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use core::policy::{AdminPolicy, BasePolicy, Replica};
use core::{Key, Node};
use futures_util::future::join_all;
use tokio::sync::Mutex;

/// How many partitions a namespace has.
const PARTITIONS: usize = 4096;

/// How long nobody asks again: the core does not look at the cluster more often by default.
const PAUSE: Duration = Duration::from_secs(1);

const GENERATION: &str = "partition-generation";
const REPLICAS: &str = "replicas";

/// How a command on one record goes to a node.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    pub key: &'a Key,
    pub policy: &'a BasePolicy,
    pub writes: bool,
}

impl Route<'_> {
    /// Whether the record's master gets it first, and in that case whether no other node gets it
    /// when it is repeated.
    fn to_master(self) -> Option<bool> {
        match (self.policy.replica, self.writes) {
            (Replica::Master, _) | (Replica::MasterProles | Replica::Random, true) => Some(true),
            (Replica::Sequence, _) | (Replica::PreferRack, true) => {
                Some(self.policy.max_retries == 0)
            }
            (Replica::MasterProles | Replica::Random | Replica::PreferRack, false) => None,
        }
    }
}

/// The masters of partitions, as the nodes of a client last told.
#[derive(Default)]
pub struct Owners {
    known: ArcSwapOption<Known>,
    /// When they were last asked. Held while they are.
    asked: Mutex<Option<Instant>>,
}

struct Known {
    /// All nodes, and the generation of what each told.
    nodes: Vec<(Arc<Node>, isize)>,
    /// By namespace, where in `nodes` the master of each partition is, if just one says so.
    masters: HashMap<String, Vec<Option<u16>>>,
}

/// The node that is to answer a command.
pub struct Expected {
    node: Arc<Node>,
    known: Arc<Known>,
    /// Set if another node may answer in its place: how often the core had looked at this one.
    looks: Option<usize>,
}

impl Owners {
    /// The node that a command will go to, if that is certain.
    pub fn expect(&self, client: &core::Client, route: Route<'_>) -> Option<Expected> {
        let only_master = route.to_master()?;
        let known = self.known.load_full()?;
        let node = known.master(client, route.key)?;
        let looks = match only_master {
            true => None,
            false => Some(looks_without_error(&node)?),
        };
        Some(Expected { node, known, looks })
    }

    /// Whether the nodes have told something since they were last asked.
    pub fn are_stale(&self, client: &core::Client) -> bool {
        !self.known.load().as_ref().is_some_and(|known| known.is_current(client))
    }

    /// Asks the nodes, unless someone does so already or has just done so.
    pub async fn ask(&self, client: &core::Client) {
        let Ok(mut asked) = self.asked.try_lock() else { return };
        if asked.is_some_and(|asked| asked.elapsed() < PAUSE) {
            return;
        }
        *asked = Some(Instant::now());
        // What is not told is not known: there is nothing more to do about it.
        self.known.store(Known::ask(client).await.map(Arc::new));
    }
}

impl Expected {
    /// The node, if it must have been the one that answered. `failed` tells that a try failed.
    pub fn answered(self, client: &core::Client, failed: bool) -> Option<Arc<Node>> {
        let Self { node, known, looks } = self;
        let alone = looks.is_none_or(|_| !failed && looks_without_error(&node) == looks);
        (alone && node.is_active() && known.is_current(client)).then_some(node)
    }
}

/// How often the core has looked at the node, unless errors of it were counted since. What is
/// repeated since its node refused it is known by nothing else.
fn looks_without_error(node: &Node) -> Option<usize> {
    let counts = node.node_max_error_rate() > 0;
    (counts && node.error_rate_count() == 0).then(|| node.refresh_count())
}

impl Known {
    async fn ask(client: &core::Client) -> Option<Self> {
        let nodes = client.nodes();
        let policy = AdminPolicy::default();
        let answers = nodes.iter().map(|node| node.info(&policy, &[GENERATION, REPLICAS]));
        let mut known = Self { nodes: Vec::new(), masters: HashMap::new() };
        for (node, answer) in nodes.iter().zip(join_all(answers).await) {
            let answer = answer.ok()?;
            known.learn(answer.get(REPLICAS)?)?;
            known.nodes.push((Arc::clone(node), answer.get(GENERATION)?.trim().parse().ok()?));
        }
        Some(known)
    }

    /// Learns what the next node tells: `namespace:regime,copies,masters,...;...`, where `masters`
    /// has a bit for each partition.
    fn learn(&mut self, replicas: &str) -> Option<()> {
        let number = u16::try_from(self.nodes.len()).ok()?;
        for told in replicas.trim_end().split(';').filter(|told| !told.is_empty()) {
            let (namespace, told) = told.split_once(':')?;
            let bits = BASE64.decode(told.split(',').nth(2)?).ok()?;
            let masters = self.masters.entry(namespace.to_owned());
            let masters = masters.or_insert_with(|| vec![None; PARTITIONS]);
            for (partition, master) in masters.iter_mut().enumerate() {
                if bits.get(partition / 8)? & (0x80 >> (partition % 8)) != 0 {
                    // Of two that both say so, neither is certain.
                    *master = if master.is_none() { Some(number) } else { Some(u16::MAX) };
                }
            }
        }
        Some(())
    }

    /// Whether the core goes by the same: its nodes are these, and have not told another since.
    fn is_current(&self, client: &core::Client) -> bool {
        let nodes = client.nodes();
        let is_known = |node: &Arc<Node>| {
            let mut known = self.nodes.iter();
            known.any(|(known, told)| {
                Arc::ptr_eq(known, node) && node.partition_generation() == *told
            })
        };
        nodes.len() == self.nodes.len() && nodes.iter().all(is_known)
    }

    fn master(&self, client: &core::Client, key: &Key) -> Option<Arc<Node>> {
        let number = self.masters.get(key.namespace())?[key.partition_id()]?;
        let (node, _) = self.nodes.get(usize::from(number))?;
        (node.is_active() && self.is_current(client)).then(|| Arc::clone(node))
    }
}
