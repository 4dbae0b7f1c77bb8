//! The nodes that run in this process: how they start and end.

mod halves;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use halves::Apart;

use crate::cluster::{Cluster, Identity, MAX_NODES, Node, NodeId};
use crate::faults::Faults;
use crate::security::Security;
use crate::server::{Config, Contents, Counters, Shared, port_of};
use crate::store::Store;
use crate::tls::Tls;
use crate::udf::Modules;
use crate::workers::Workers;

/// How many connections may wait to be accepted: clients open hundreds at once.
const BACKLOG: u32 = 4096;

/// What all nodes have in common.
#[derive(Debug)]
pub struct Template {
    pub config: Config,
    pub cluster: Arc<Cluster>,
    security: Option<Arc<Security>>,
    pub tls: Option<Tls>,
}

/// Where a node listens.
#[derive(Debug)]
pub struct Listeners {
    pub plain: TcpListener,
    /// For encrypted connections, if there are any.
    pub tls: Option<TcpListener>,
}

impl Listeners {
    fn bind(plain: SocketAddr, tls: Option<SocketAddr>) -> io::Result<Listeners> {
        Ok(Listeners { plain: listen(plain)?, tls: tls.map(listen).transpose()? })
    }

    fn tls_address(&self) -> io::Result<Option<SocketAddr>> {
        self.tls.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// The next connection, and whether it is to be encrypted.
    async fn accept(&self) -> (io::Result<(TcpStream, SocketAddr)>, bool) {
        let Some(tls) = &self.tls else { return (self.plain.accept().await, false) };
        tokio::select! {
            accepted = self.plain.accept() => (accepted, false),
            accepted = tls.accept() => (accepted, true),
        }
    }
}

/// The nodes.
#[derive(Debug)]
pub struct Nodes {
    template: Template,
    workers: Arc<Workers>,
    /// By their number.
    running: Mutex<Vec<Running>>,
    /// What was split off. Held by whoever splits the cluster or heals it.
    apart: tokio::sync::Mutex<Option<Apart>>,
}

/// A node that runs, or ran.
#[derive(Debug)]
struct Running {
    identity: Identity,
    shared: Arc<Shared>,
    /// Accepts connections; `None` once the node was killed.
    acceptor: Option<Acceptor>,
}

/// A task that ends with this value, and closes the socket on which it listens.
#[derive(Debug)]
struct Acceptor(JoinHandle<()>);

impl Acceptor {
    /// Ends it, and waits until its socket is closed.
    async fn end(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Template {
    /// # Errors
    /// When users or certificates can't be read, or are not what they must be.
    pub fn new(config: Config, store: Store) -> io::Result<Template> {
        let security = Security::new(&config.security)?.map(Arc::new);
        let tls = Tls::new(&config.tls, &config.host)?;
        let modules = Modules::new(config.log);
        let cluster = Arc::new(Cluster::new(config.cluster.clone(), store, modules));
        Ok(Template { config, cluster, security, tls })
    }

    pub fn contents(&self) -> Contents {
        let cluster = &self.cluster;
        Contents { store: cluster.store().clone(), modules: Arc::clone(&cluster.modules) }
    }

    pub fn node(&self, identity: &Identity, cluster: &Arc<Cluster>) -> Arc<Shared> {
        let store = cluster.store().of_another_node();
        let node = Node::new(identity.clone(), &cluster.settings, store.clone());
        Arc::new(Shared {
            store,
            node: Arc::new(node),
            cluster: Arc::clone(cluster),
            jobs: Arc::default(),
            modules: Arc::clone(&cluster.modules),
            counters: Counters::default(),
            faults: Faults::new(self.config.faults.clone()),
            security: self.security.clone(),
            tls: self.tls.clone(),
            log: self.config.log,
            max_connections: self.config.max_connections,
        })
    }
}

impl Nodes {
    /// Starts the threads that serve connections, and a node on each listener.
    pub fn start(template: Template, listeners: Vec<Listeners>) -> io::Result<Nodes> {
        let workers = Arc::new(Workers::start()?);
        let (running, apart) = (Mutex::default(), tokio::sync::Mutex::default());
        let nodes = Nodes { workers, template, running, apart };
        let mut founders = Vec::new();
        for (id, listeners) in listeners.into_iter().enumerate() {
            let rack = nodes.cluster().settings.rack(id);
            let bound = listeners.plain.local_addr()?;
            let identity = Identity::new(id, rack, bound, listeners.tls_address()?);
            let shared = nodes.template.node(&identity, nodes.cluster());
            founders.push((shared, identity, listeners));
        }
        // Only those that know of each other answer clients.
        nodes.cluster().found(founders.iter().map(|(shared, ..)| shared.node.clone()).collect());
        let founders = founders.into_iter();
        let running =
            founders.map(|(shared, identity, listeners)| nodes.run(identity, shared, listeners));
        nodes.running.lock().extend(running);
        Ok(nodes)
    }

    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.template.cluster
    }

    /// The node with this number or name.
    pub fn find(&self, given: &str) -> Option<Arc<Node>> {
        let running = self.running.lock();
        let is_given = |node: &Node| node.name == given || node.id.to_string() == given;
        let mut nodes = running.iter().map(|running| &running.shared.node);
        nodes.find(|node| is_given(node)).cloned()
    }

    /// All nodes, in the order of their numbers.
    pub fn all(&self) -> Vec<Arc<Shared>> {
        self.running.lock().iter().map(|running| Arc::clone(&running.shared)).collect()
    }

    /// Adds a node to the cluster.
    pub fn add(&self, rack: Option<u32>) -> io::Result<Arc<Node>> {
        let mut running = self.running.lock();
        let id = running.len();
        if id >= MAX_NODES {
            return Err(io::Error::other(format!("there can't be more than {MAX_NODES} nodes")));
        }
        let ip = running.first().map(|first| first.identity.bound.ip());
        let ip = ip.unwrap_or(std::net::Ipv4Addr::LOCALHOST.into());
        let config = &self.template.config;
        let at = |first| port_of(first, id).map(|port| SocketAddr::new(ip, port));
        let tls = self.template.tls.as_ref().map(|_| at(config.tls.tls_port)).transpose()?;
        let listeners = Listeners::bind(at(config.port)?, tls)?;
        let rack = rack.unwrap_or_else(|| self.template.cluster.settings.rack(id));
        let bound = listeners.plain.local_addr()?;
        let identity = Identity::new(id, rack, bound, listeners.tls_address()?);
        let shared = self.template.node(&identity, self.cluster());
        let node = Arc::clone(&shared.node);
        self.cluster().join(Arc::clone(&node));
        running.push(self.run(identity, shared, listeners));
        Ok(node)
    }

    /// Kills a node, unless it was killed before.
    pub async fn kill(&self, id: NodeId) {
        let taken = {
            let mut running = self.running.lock();
            running.get_mut(id).and_then(|node| Some((node.acceptor.take()?, node.shared.clone())))
        };
        if let Some((acceptor, shared)) = taken {
            acceptor.end().await;
            shared.cluster.kill(&shared.node);
            shared.jobs.abort_all();
        }
    }

    /// Starts a node again, without the records that it had. One that runs is killed first.
    pub async fn restart(&self, id: NodeId) -> io::Result<()> {
        self.kill(id).await;
        let mut running = self.running.lock();
        if let Some(place) = running.get_mut(id)
            && place.acceptor.is_none()
        {
            let identity = place.identity.clone();
            let listeners = Listeners::bind(identity.bound, identity.tls_bound)?;
            let cluster = Arc::clone(&place.shared.cluster);
            let shared = self.template.node(&identity, &cluster);
            cluster.join(Arc::clone(&shared.node));
            *place = self.run(identity, shared, listeners);
        }
        Ok(())
    }

    /// That which a node is part of.
    pub fn cluster_of(&self, id: NodeId) -> Arc<Cluster> {
        let running = self.running.lock();
        let cluster = running.get(id).map_or(self.cluster(), |node| &node.shared.cluster);
        Arc::clone(cluster)
    }

    /// The cluster, and what was split off from it.
    pub fn clusters(&self) -> Vec<Arc<Cluster>> {
        let mut clusters = vec![Arc::clone(self.cluster())];
        for shared in self.all() {
            if !clusters.iter().any(|known| Arc::ptr_eq(known, &shared.cluster)) {
                clusters.push(Arc::clone(&shared.cluster));
            }
        }
        clusters
    }

    fn run(&self, identity: Identity, shared: Arc<Shared>, listeners: Listeners) -> Running {
        let accepting = accept(listeners, Arc::clone(&shared), Arc::clone(&self.workers));
        Running { identity, shared, acceptor: Some(Acceptor(tokio::spawn(accepting))) }
    }
}

async fn accept(listeners: Listeners, shared: Arc<Shared>, workers: Arc<Workers>) {
    loop {
        let accepted = match listeners.accept().await {
            (Ok((_, peer)), _) if shared.is_full() => {
                if shared.log {
                    eprintln!("{peer} refused: there are as many connections as may be");
                }
                Ok(())
            }
            (Ok((stream, peer)), encrypted) => workers.give(stream, peer, encrypted, &shared),
            (Err(error), _) => Err(error),
        };
        // Out of file descriptors, or the peer left already: neither is cured by haste.
        if let Err(error) = accepted {
            eprintln!("accept: {error}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Listens at an address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
