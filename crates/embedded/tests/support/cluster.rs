//! A server of several nodes, and commands on them.

use aerospike_embedded::{Config, Settings};

use super::{Connection, Embedded, Key, Reply, Request};

/// A cluster that misses nodes soon, unless its settings say otherwise.
pub struct Cluster {
    pub embedded: Embedded,
    pub control: Connection,
}

impl Cluster {
    pub fn start(nodes: u8, factor: u8) -> Cluster {
        Cluster::with(Settings { nodes, replication_factor: Some(factor), ..Settings::default() })
    }

    pub fn with(settings: Settings) -> Cluster {
        Cluster::with_config(settings, Config::default())
    }

    /// One whose namespace `test` has strong consistency.
    pub fn consistent(nodes: u8, factor: u8) -> Cluster {
        let settings = Settings { nodes, replication_factor: Some(factor), ..Settings::default() };
        let strong_consistency = vec!["test".into()];
        Cluster::with_config(settings, Config { strong_consistency, ..Config::default() })
    }

    fn with_config(settings: Settings, config: Config) -> Cluster {
        let mut cluster = Settings { control_port: Some(0), migration_time: 20, ..settings };
        if cluster.heartbeat_timeout == Settings::default().heartbeat_timeout {
            cluster.heartbeat_timeout = 50;
        }
        let embedded = Embedded::with(Config { cluster, ..config });
        let control = Connection::to(embedded.control.unwrap());
        Cluster { embedded, control }
    }

    pub fn node(&self, number: usize) -> Connection {
        Connection::to(self.embedded.addresses[number])
    }

    pub fn order(&mut self, command: &str) {
        assert_eq!(self.control.info(command), "ok", "{command}");
    }

    pub fn settle(&mut self) {
        self.order("cluster-wait");
    }

    /// The numbers of the nodes that have a partition, the master first.
    pub fn owners(&mut self, partition: usize) -> Vec<usize> {
        let answer = self.control.info(&format!("partition:number={partition}"));
        answer.split(',').filter_map(|number| number.parse().ok()).collect()
    }

    /// One of some keys whose partition a node is the master of.
    pub fn key_of_master(&mut self, node: usize) -> Key {
        let mut keys = (0..).map(|number| Key::string(&format!("key {number}")));
        keys.find(|key| self.owners(partition_of(key)).first() == Some(&node)).unwrap()
    }
}

pub fn partition_of(key: &Key) -> usize {
    let digest = key.digest();
    usize::from(digest[0]) | usize::from(digest[1] & 0x0f) << 8
}

pub fn put(key: &Key, number: i64) -> Request {
    Request::new(key, [0, 1, 0]).op(2, "n", 1, &number.to_be_bytes())
}

pub fn number(reply: &Reply) -> Option<i64> {
    let (_, _, bytes) = reply.entries.first()?;
    Some(i64::from_be_bytes(bytes.as_slice().try_into().unwrap()))
}
