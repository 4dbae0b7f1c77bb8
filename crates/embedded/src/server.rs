//! The listening socket and the life of the server.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, lookup_host};

use crate::command::Jobs;
use crate::faults::{Faults, Plan};
use crate::info::Node;
use crate::snapshot;
use crate::store::{Store, reaper};
use crate::udf::Modules;
use crate::workers::Workers;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub host: String,
    /// Port to listen on; 0 picks a free one.
    pub port: u16,
    /// Namespaces to serve, in the order in which they are listed to clients.
    pub namespaces: Vec<String>,
    /// Whether to log connections and commands to standard error.
    pub log: bool,
    /// What goes wrong on purpose.
    pub faults: Plan,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            host: "127.0.0.1".into(),
            port: 0,
            namespaces: vec!["test".into()],
            log: false,
            faults: Plan::default(),
        }
    }
}

/// What has happened in the server as a whole, counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub connections_opened: AtomicU64,
    pub connections_closed: AtomicU64,
    pub info_requests: AtomicU64,
    pub batches_begun: AtomicU64,
    pub batches_complete: AtomicU64,
    pub batches_failed: AtomicU64,
}

/// What every connection of a server shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub store: Store,
    pub node: Node,
    pub jobs: Arc<Jobs>,
    pub modules: Arc<Modules>,
    pub counters: Counters,
    pub faults: Faults,
    pub log: bool,
}

/// A bound server: it has its address and serves once [`Server::run`] is polled.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// The records of a server.
#[derive(Debug)]
pub struct Contents(Arc<Shared>);

impl Contents {
    /// Adds the records of a file; tells how many.
    ///
    /// # Errors
    /// When the file can't be read, or something in it can't be a record: its line and field.
    pub fn load(&self, path: &Path) -> io::Result<usize> {
        snapshot::load(&self.0.store, path)
    }

    /// Writes all records to a file.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        snapshot::save(&self.0.store, path)
    }
}

/// How many connections may wait to be accepted: clients open hundreds at once.
const BACKLOG: u32 = 4096;

async fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in lookup_host((host, port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

impl Server {
    /// Binds the listening socket.
    ///
    /// # Errors
    /// When the address can't be bound, or a namespace name is not allowed.
    pub async fn bind(config: Config) -> io::Result<Server> {
        let store = Store::new(&config.namespaces)
            .map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let listener = listen(&config.host, config.port).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            store,
            node: Node::new(address),
            jobs: Arc::default(),
            counters: Counters::default(),
            modules: Arc::new(Modules::new(config.log)),
            faults: Faults::new(config.faults),
            log: config.log,
        });
        Ok(Server { listener, address, shared })
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The records, which can be loaded and saved whether it serves or not.
    #[must_use]
    pub fn contents(&self) -> Contents {
        Contents(Arc::clone(&self.shared))
    }

    /// Serves until the future is dropped.
    ///
    /// # Errors
    /// When the threads that serve connections can't be started.
    pub async fn run(self) -> io::Result<()> {
        let mut workers = Workers::start(&self.shared)?;
        let mut reapers = tokio::task::JoinSet::new();
        for namespace in self.shared.store.namespaces() {
            reapers.spawn(reaper::run(Arc::clone(namespace)));
        }
        loop {
            let accepted = match self.listener.accept().await {
                Ok((stream, peer)) => workers.give(stream, peer),
                Err(error) => Err(error),
            };
            // Out of file descriptors, or the peer left already: neither is cured by haste.
            if let Err(error) = accepted {
                eprintln!("accept: {error}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}
