//! The listening socket and the life of the server.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::connection;
use crate::info::Node;
use crate::store::{Store, reaper};

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
}

impl Default for Config {
    fn default() -> Self {
        Config { host: "127.0.0.1".into(), port: 0, namespaces: vec!["test".into()], log: false }
    }
}

/// What every connection of a server shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub store: Store,
    pub node: Node,
    pub log: bool,
}

/// A bound server: it has its address and serves once [`Server::run`] is polled.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Binds the listening socket.
    ///
    /// # Errors
    /// When the address can't be bound, or a namespace name is not allowed.
    pub async fn bind(config: Config) -> io::Result<Server> {
        let store = Store::new(&config.namespaces)
            .map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let listener = TcpListener::bind((config.host.as_str(), config.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { store, node: Node::new(address), log: config.log });
        Ok(Server { listener, address, shared })
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the future is dropped.
    ///
    /// # Errors
    /// Never at present; a failed accept is tried again.
    pub async fn run(self) -> io::Result<()> {
        let mut tasks = tokio::task::JoinSet::new();
        for namespace in self.shared.store.namespaces() {
            tasks.spawn(reaper::run(Arc::clone(namespace)));
        }
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => self.serve(&mut tasks, stream, peer),
                    // Out of file descriptors, or the peer left already: neither is cured by haste.
                    Err(error) => {
                        eprintln!("accept: {error}");
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                },
                // Forget connections that have ended, so that the set does not grow.
                Some(_) = tasks.join_next() => {}
            }
        }
    }

    fn serve(&self, tasks: &mut tokio::task::JoinSet<()>, stream: TcpStream, peer: SocketAddr) {
        let shared = Arc::clone(&self.shared);
        tasks.spawn(async move {
            if shared.log {
                eprintln!("{peer} connected");
            }
            let result = connection::serve(stream, &shared).await;
            if shared.log {
                match result {
                    Ok(()) => eprintln!("{peer} left"),
                    Err(error) => eprintln!("{peer} closed: {error}"),
                }
            }
        });
    }
}
