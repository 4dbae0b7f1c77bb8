//! The listening sockets and the life of the server.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::net::{TcpListener, lookup_host};
use tokio::task::JoinSet;

use crate::cluster::{Cluster, Node, NodeId, Settings, control};
use crate::command::Jobs;
use crate::compat::Compat;
use crate::faults::{Faults, Plan};
use crate::nodes::{Listeners, Nodes, Template, listen};
use crate::security::{self, Security};
use crate::snapshot;
use crate::store::counters::Event;
use crate::store::{Namespace, Store, monitor, reaper};
use crate::tls::{self, Tls};
use crate::udf::Modules;

/// As many connections as the server that is modelled allows.
pub const DEFAULT_MAX_CONNECTIONS: u32 = 15_000;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub host: String,
    /// Port to listen on, the first of those of several nodes; 0 picks free ones.
    pub port: u16,
    /// Namespaces to serve, in the order in which they are listed to clients.
    pub namespaces: Vec<String>,
    /// The version of the server that is modelled.
    pub compat: Compat,
    /// Those of them that have strong consistency: transactions, and durable deletes only.
    pub strong_consistency: Vec<String>,
    /// Whether to log connections and commands to standard error.
    pub log: bool,
    /// What goes wrong on purpose.
    pub faults: Plan,
    /// How many nodes there are, and how they make a cluster.
    pub cluster: Settings,
    /// Whether there are users, and which; without any, everyone may do everything.
    pub security: security::Settings,
    /// Whether there are encrypted connections, to ports of their own.
    pub tls: tls::Settings,
    /// Connections of a node beyond so many are closed at once.
    pub max_connections: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            host: "127.0.0.1".into(),
            port: 0,
            namespaces: vec!["test".into()],
            compat: Compat::default(),
            strong_consistency: Vec::new(),
            log: false,
            faults: Plan::default(),
            cluster: Settings::default(),
            security: security::Settings::default(),
            tls: tls::Settings::default(),
            max_connections: DEFAULT_MAX_CONNECTIONS,
        }
    }
}

/// What has happened in a node as a whole, counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub connections_opened: AtomicU64,
    pub connections_closed: AtomicU64,
    pub info_requests: AtomicU64,
    pub batches_begun: AtomicU64,
    pub batches_complete: AtomicU64,
    pub batches_failed: AtomicU64,
}

/// What every connection of a node shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub store: Store,
    pub node: Arc<Node>,
    pub cluster: Arc<Cluster>,
    pub jobs: Arc<Jobs>,
    pub modules: Arc<Modules>,
    pub counters: Counters,
    pub faults: Faults,
    pub security: Option<Arc<Security>>,
    pub tls: Option<Tls>,
    pub log: bool,
    pub max_connections: u32,
}

impl Counters {
    /// How many connections there are.
    pub fn connections(&self) -> u64 {
        // This order: one that closes between is still counted, rather than fewer than none.
        let closed = self.connections_closed.load(Ordering::Relaxed);
        self.connections_opened.load(Ordering::Relaxed).saturating_sub(closed)
    }
}

impl Shared {
    /// Whether there may be no more connections.
    pub fn is_full(&self) -> bool {
        self.counters.connections() >= u64::from(self.max_connections)
    }
}

/// A bound server: it has its addresses and serves once [`Server::run`] is polled.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<Listeners>,
    control: Option<TcpListener>,
    /// Never empty, as is `listeners`.
    addresses: Vec<SocketAddr>,
    /// Those for encrypted connections, if there are any.
    tls_addresses: Vec<SocketAddr>,
    template: Template,
}

/// The records of a server, its indexes and its modules of functions.
#[derive(Debug)]
pub struct Contents {
    pub(crate) store: Store,
    pub(crate) modules: Arc<Modules>,
}

impl Contents {
    /// Adds what is in a file; tells how many records that are.
    ///
    /// # Errors
    /// When the file can't be read, or something in it can't be what it should: its line and field.
    pub fn load(&self, path: &Path) -> io::Result<usize> {
        snapshot::load(self, path)
    }

    /// Adds what is in a text; tells how many records that are.
    ///
    /// # Errors
    /// What is wrong with the text, and in which line.
    pub fn read(&self, text: &[u8]) -> Result<usize, String> {
        snapshot::load_text(self, text)
    }

    /// Writes all, as a file has it.
    ///
    /// # Errors
    /// When the output can't be written to.
    pub fn write(&self, output: &mut impl io::Write) -> io::Result<()> {
        snapshot::write(self, output)
    }

    /// Writes all to a file.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        snapshot::save(self, path)
    }
}

impl Server {
    /// Binds the listening sockets.
    ///
    /// # Errors
    /// When an address can't be bound, or a namespace name or the settings of the cluster are not
    /// allowed.
    pub async fn bind(config: Config) -> io::Result<Server> {
        let invalid = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
        config.cluster.check().map_err(invalid)?;
        let store = Store::new(&config.namespaces, config.compat, &config.strong_consistency)
            .map_err(invalid)?;
        let template = Template::new(config, store)?;
        let config = &template.config;
        let mut listeners = Vec::new();
        for number in 0..NodeId::from(config.cluster.nodes) {
            let plain = listen_on(&config.host, port_of(config.port, number)?).await?;
            let tls = match template.tls {
                Some(_) => {
                    let port = port_of(config.tls.tls_port, number)?;
                    Some(listen_on(&config.host, port).await?)
                }
                None => None,
            };
            listeners.push(Listeners { plain, tls });
        }
        let control = match config.cluster.control_port {
            Some(port) => Some(listen_on(&config.host, port).await?),
            None => None,
        };
        let plain = listeners.iter().map(|listeners| listeners.plain.local_addr());
        let addresses = plain.collect::<io::Result<_>>()?;
        let tls = listeners.iter().filter_map(|listeners| listeners.tls.as_ref());
        let tls_addresses = tls.map(TcpListener::local_addr).collect::<io::Result<_>>()?;
        Ok(Server { listeners, control, addresses, tls_addresses, template })
    }

    /// The address that the server listens on, with several nodes that of the first.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.addresses.first().copied().unwrap_or_else(|| SocketAddr::from(([0; 4], 0)))
    }

    /// The addresses of all nodes.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The addresses of all nodes for encrypted connections; none if there are none.
    #[must_use]
    pub fn tls_addresses(&self) -> &[SocketAddr] {
        &self.tls_addresses
    }

    /// Where commands on the cluster itself are taken, if anywhere.
    #[must_use]
    pub fn control_address(&self) -> Option<SocketAddr> {
        self.control.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The records, which can be loaded and saved whether it serves or not.
    #[must_use]
    pub fn contents(&self) -> Contents {
        self.template.contents()
    }

    /// Serves until the future is dropped.
    ///
    /// # Errors
    /// When the threads that serve connections can't be started.
    pub async fn run(self) -> io::Result<()> {
        let _keepers = keep(&self.template.cluster);
        let nodes = Arc::new(Nodes::start(self.template, self.listeners)?);
        match self.control {
            Some(listener) => control::serve(listener, &nodes).await,
            None => std::future::pending().await,
        }
        Ok(())
    }
}

/// Does what happens by itself in a cluster, until it is dropped: nodes are given up, records move
/// and expire, transactions end.
pub(crate) fn keep(cluster: &Arc<Cluster>) -> JoinSet<()> {
    let mut keepers = JoinSet::new();
    for namespace in cluster.store().namespaces() {
        let cluster = Arc::clone(cluster);
        let tell = move |of: &Namespace, partition, count| {
            note_expired(&cluster, of, partition, count);
        };
        keepers.spawn(reaper::run(Arc::clone(namespace), tell));
        keepers.spawn(monitor::run(Arc::clone(namespace)));
    }
    let cluster = Arc::clone(cluster);
    keepers.spawn(async move { cluster.maintain().await });
    keepers
}

/// Counts expired records where they were.
fn note_expired(cluster: &Cluster, of: &Namespace, partition: usize, count: u64) {
    let view = cluster.view();
    let master = view.master(partition).and_then(|id| view.node(id));
    let namespace = master.and_then(|node| node.store.namespace(of.name().as_bytes()));
    if let Some(namespace) = namespace {
        namespace.counters.count_many(Event::Expired, count);
    }
}

/// The port of a node: they follow each other, unless each is to be a free one.
pub(crate) fn port_of(first: u16, number: NodeId) -> io::Result<u16> {
    let port = if first == 0 { Some(0) } else { first.checked_add(number as u16) };
    port.ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("node {number} has no port left"))
    })
}

async fn listen_on(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in lookup_host((host, port)).await? {
        match listen(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}
