//! The connection of one client object to its cluster.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use aerospike_core as core;
use aerospike_core::AuthMode;
use aerospike_core::config::DynamicConfig;
use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::config_file::ConfigFile;
use super::owners::{Expected, Owners, Route};
use super::seats::{Demand, Seated, Seats};
use super::verb::explained;
use crate::convert::config::ClientConfig;
use crate::error::ErrorInfo;
use crate::interp::signals;
use crate::observe::Observers;
use crate::observe::logging::CLIENT;
use crate::observe::metrics::Metrics;
use crate::observe::metrics::clusters::standing_policy;
use crate::runtime::own_random_numbers;

/// In what the core says of a cluster whose partitions moved each time it asked for them: it takes a
/// node that has lost one to another since for one that has not told any. What one node told will do,
/// and the rest comes as it tends.
const UNSETTLED: &str = "the partition table never formed";

/// A session belongs to the process that made it: a forked child starts another one,
/// which connects at its first use if the parent's was connected.
pub struct Session {
    config: ArcSwap<ClientConfig>,
    observers: Arc<Observers>,
    /// Those of the observers in the process of this session.
    metrics: Arc<Metrics>,
    generation: u32,
    /// Held while connecting, so that one connects and the others find it done.
    connecting: Mutex<()>,
    client: ArcSwapOption<core::Client>,
    /// The dynamic configuration of that client.
    file: ArcSwapOption<ConfigFile>,
    /// Connect at first use.
    reconnect: AtomicBool,
    /// Counts calls of `close`, so that a connect under way finds out.
    closes: AtomicU64,
    /// Limits operations in flight, if `max_concurrent_operations` is set.
    gate: Option<Arc<Semaphore>>,
    /// One for each connection to a node.
    seats: Seats,
    /// Asked for nothing unless there are spans.
    owners: Arc<Owners>,
}

/// Leave to run one operation.
pub struct Admission {
    pub client: Arc<core::Client>,
    /// For how many milliseconds it had to wait for connections.
    pub waited: Option<u32>,
    _permit: Option<OwnedSemaphorePermit>,
    _seats: Option<OwnedSemaphorePermit>,
}

impl Session {
    pub fn new(config: Arc<ClientConfig>, observers: Arc<Observers>) -> Self {
        let limit = config.max_concurrent_operations;
        let seats = Seats::new(config.policy.max_conns_per_node);
        Self {
            config: ArcSwap::new(config),
            metrics: observers.metrics(),
            observers,
            generation: signals::generation(),
            connecting: Mutex::new(()),
            client: ArcSwapOption::empty(),
            file: ArcSwapOption::empty(),
            reconnect: AtomicBool::new(false),
            closes: AtomicU64::new(0),
            gate: (limit > 0).then(|| Arc::new(Semaphore::new(limit))),
            seats,
            owners: Arc::default(),
        }
    }

    pub fn config(&self) -> Arc<ClientConfig> {
        self.config.load_full()
    }

    /// Who is told of this session's operations.
    pub fn observers(&self) -> &Arc<Observers> {
        &self.observers
    }

    /// What counts them.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Uses other credentials than the configuration's for the connections to come.
    pub fn log_in_as(&self, user: &str, password: &str) -> Result<(), ErrorInfo> {
        if self.client.load().is_some() {
            return Err(ErrorInfo::client(
                "the client is connected already; close() it to log in as another user",
            ));
        }
        self.config.store(Arc::new(self.config.load().with_credentials(user, password)));
        Ok(())
    }

    /// How often it was closed.
    pub fn closes(&self) -> u64 {
        self.closes.load(Ordering::SeqCst)
    }

    /// Goes on with another password of the user that is logged in, if it is this one. The core knows
    /// only the old one to log in by when its session ends: the next use connects anew, unless it
    /// was closed since it had been `closes` times.
    pub fn use_password(&self, user: &str, password: &str, closes: u64) {
        let config = self.config();
        let (AuthMode::Internal(own, _)
        | AuthMode::External(own, _)
        | AuthMode::ExternalInsecure(own, _)) = &config.policy.auth_mode
        else {
            return;
        };
        if own != user {
            return;
        }
        self.config.store(Arc::new(config.with_credentials(user, password)));
        self.reconnect.store(true, Ordering::SeqCst);
        if let Some(old) = self.client.swap(None) {
            tokio::spawn(close_when_unused(old, Arc::clone(&self.observers)));
        }
        if self.closes() != closes {
            self.reconnect.store(false, Ordering::SeqCst);
        }
    }

    /// The cluster client, if connected.
    pub fn client(&self) -> Option<Arc<core::Client>> {
        self.client.load_full()
    }

    /// Whether there is a connection, or will be at the first use in this process.
    pub fn is_connected(&self) -> bool {
        match self.client() {
            Some(client) => client.is_connected(),
            None => self.reconnect.load(Ordering::SeqCst),
        }
    }

    /// Connects, if not connected.
    pub async fn connect(&self) -> Result<Arc<core::Client>, ErrorInfo> {
        let closes = self.closes.load(Ordering::SeqCst);
        let _alone = self.connecting.lock().await;
        if let Some(client) = self.client() {
            return Ok(client);
        }
        let config = self.config();
        let client = Arc::new(self.open(&config).await?);
        log::info!(target: CLIENT, "connected to {}", client.node_names().join(", "));
        self.seats.fit(&client);
        if self.observers.is_tracing() && client.nodes().len() > 1 {
            self.owners.ask(&client).await;
        }
        client.enable_metrics(standing_policy());
        self.observers.metrics().clusters.add(&client, config.policy.max_conns_per_node);
        self.client.store(Some(Arc::clone(&client)));
        // `close` counts first and takes the client afterwards: whichever comes last
        // finds what the other did.
        if self.closes.load(Ordering::SeqCst) != closes {
            self.client.store(None);
            let _ = close(&client, &self.observers).await;
            return Err(ErrorInfo::client("the client was closed while it connected"));
        }
        Ok(client)
    }

    async fn open(&self, config: &ClientConfig) -> Result<core::Client, ErrorInfo> {
        let mut policy = config.policy.clone();
        let unsettled = match self.open_with(policy.clone(), config).await {
            Err(error) if error.message.contains(UNSETTLED) => error,
            outcome => return outcome,
        };
        policy.fail_if_not_connected = false;
        let client = self.open_with(policy, config).await?;
        if client.nodes().iter().any(|node| node.partition_generation() != -1) {
            return Ok(client);
        }
        let _ = client.close().await;
        Err(unsettled)
    }

    async fn open_with(
        &self,
        mut policy: core::ClientPolicy,
        config: &ClientConfig,
    ) -> Result<core::Client, ErrorInfo> {
        let Some(source) = ConfigFile::source(config.file.as_ref())? else {
            return core::Client::new(&policy, &config.hosts).await.map_err(ErrorInfo::from);
        };
        let file = ConfigFile::open(source, &mut policy)?;
        let provider = Arc::clone(&file);
        let client = core::Client::new_with_config(&policy, &config.hosts, provider).await?;
        self.file.store(Some(file));
        Ok(client)
    }

    /// What the dynamic configuration lays over the policies, if there is one in use.
    pub fn overlay(&self) -> Option<Arc<DynamicConfig>> {
        self.file.load().as_ref().map(|file| file.current())
    }

    /// Closes. Operations in flight end first or fail; later ones are refused.
    pub async fn close(&self) -> Result<(), ErrorInfo> {
        self.closes.fetch_add(1, Ordering::SeqCst);
        self.reconnect.store(false, Ordering::SeqCst);
        match self.client.swap(None) {
            Some(client) => {
                let closed = close(&client, &self.observers).await;
                log::info!(target: CLIENT, "closed");
                closed
            }
            None => Ok(()),
        }
    }

    /// Lets an operation begin: there is a client, and fewer operations in flight than
    /// the configuration allows.
    pub async fn admit(&self) -> Result<Admission, ErrorInfo> {
        own_random_numbers();
        let client = match self.client() {
            Some(client) => client,
            None if self.reconnect.load(Ordering::SeqCst) => self.connect().await?,
            None => return Err(self.refusal()),
        };
        let permit = match &self.gate {
            None => None,
            Some(gate) => Some(self.wait_at(gate).await?),
        };
        Ok(Admission { client, waited: None, _permit: permit, _seats: None })
    }

    /// Lets an operation begin for which there are connections, too.
    pub async fn admit_for(&self, demand: Demand) -> Result<Admission, ErrorInfo> {
        let admission = self.admit().await?;
        let Seated { seats, waited } = self.seats.take(demand, &admission.client).await?;
        Ok(Admission { waited, _seats: Some(seats), ..admission })
    }

    async fn wait_at(&self, gate: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ErrorInfo> {
        let permit = Arc::clone(gate).acquire_owned();
        let config = self.config();
        let permit = match config.operation_queue_timeout_ms {
            0 => permit.await,
            limit => timeout(Duration::from_millis(limit), permit)
                .await
                .map_err(|_| ErrorInfo::backpressure(config.max_concurrent_operations, limit))?,
        };
        permit.map_err(|_| ErrorInfo::client("the client is closing"))
    }

    /// The node that is to answer a command, if that can be known.
    pub fn expect(&self, route: Route<'_>) -> Option<Expected> {
        let client = self.client.load_full().filter(|client| client.nodes().len() > 1)?;
        // What a dynamic configuration makes of the policy is the core's to know.
        if self.file.load().is_some() {
            return None;
        }
        if self.owners.are_stale(&client) {
            let owners = Arc::clone(&self.owners);
            tokio::spawn(async move { owners.ask(&client).await });
            return None;
        }
        self.owners.expect(&client, route)
    }

    /// Address and port of the node that answered an operation or failed it, if that is known: the
    /// core tells it of failures alone. `retried` tells that tries have failed.
    pub fn server(
        &self,
        failure: Option<&ErrorInfo>,
        expected: Option<Expected>,
        retried: bool,
    ) -> Option<(String, u16)> {
        let client = self.client.load();
        let client = client.as_ref()?;
        let nodes = client.nodes();
        let node = match failure.and_then(|failure| failure.node.as_deref()) {
            Some(name) => Arc::clone(nodes.iter().find(|node| node.name() == name)?),
            None if failure.is_some_and(|failure| failure.code < 0) => return None,
            None if nodes.len() == 1 => Arc::clone(&nodes[0]),
            None if failure.is_some_and(ErrorInfo::is_timeout) => return None,
            None => expected?.answered(client, retried)?,
        };
        let host = node.host();
        Some((host.name, host.port))
    }

    /// Tells with an error of the client's own that the client was closed meanwhile.
    pub fn explain(&self, mut error: ErrorInfo, client: &Arc<core::Client>) -> ErrorInfo {
        let open = self.client.load().as_ref().is_some_and(|now| Arc::ptr_eq(now, client));
        if !open && error.code < 0 {
            error.message = format!("the client was closed during the call: {}", error.message);
        }
        error
    }

    /// An error that arrived among results.
    pub fn told(&self, error: core::Error) -> ErrorInfo {
        match self.client() {
            Some(client) => explained(error.into(), self, &client),
            None => self.refusal(),
        }
    }

    /// The error of an operation without a connection.
    pub fn refusal(&self) -> ErrorInfo {
        if self.closes.load(Ordering::SeqCst) > 0 {
            ErrorInfo::client("the client is closed; connect() opens it again")
        } else {
            ErrorInfo::client("the client is not connected; call connect() first")
        }
    }

    /// The session that takes this one's place in a forked child.
    fn successor(&self) -> Self {
        let next = Self::new(self.config(), Arc::clone(&self.observers));
        let connected = self.client.load().is_some() || self.reconnect.load(Ordering::SeqCst);
        next.reconnect.store(connected, Ordering::SeqCst);
        next.closes.store(self.closes.load(Ordering::SeqCst), Ordering::SeqCst);
        next
    }
}

/// Closes a client whose place another has taken, once the operations in flight have ended.
async fn close_when_unused(client: Arc<core::Client>, observers: Arc<Observers>) {
    while Arc::strong_count(&client) > 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Nobody is left to hear of errors.
    let _ = close(&client, &observers).await;
}

/// The current session of a client object.
pub struct SessionCell(ArcSwap<Session>);

impl SessionCell {
    pub fn new(session: Session) -> Self {
        Self(ArcSwap::from_pointee(session))
    }

    /// The session of this process.
    pub fn get(&self) -> Arc<Session> {
        loop {
            let current = self.0.load();
            if current.generation == signals::generation() {
                return Arc::clone(&current);
            }
            let next = Arc::new(current.successor());
            let seen = self.0.compare_and_swap(&*current, next);
            if Arc::ptr_eq(&seen, &current) {
                // The parent's sockets and tasks are not this process's to close.
                std::mem::forget(arc_swap::Guard::into_inner(seen));
            }
        }
    }

    /// What is left to close when the client object goes away.
    pub fn abandon(&self) -> Option<impl Future<Output = ()> + use<>> {
        let session = self.get();
        let client = session.client.swap(None)?;
        Some(async move {
            // Nobody is left to hear of errors.
            let _ = timeout(Duration::from_secs(1), close(&client, &session.observers)).await;
        })
    }
}

async fn close(client: &core::Client, observers: &Observers) -> Result<(), ErrorInfo> {
    let closed = client.close().await;
    observers.metrics().clusters.retire(client);
    closed.map_err(ErrorInfo::from)
}
