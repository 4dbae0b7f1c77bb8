//! What a cluster is started with.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// As many nodes as a cluster can have, those that were killed among them.
pub const MAX_NODES: usize = 32;

/// How many nodes there are, and how they make a cluster.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Settings {
    /// Nodes of a cluster, each with a port of its own from --port on
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub nodes: u8,

    /// Copies of each record, if there are as many nodes [default: 2, or 1 of a single node]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=32))]
    pub replication_factor: Option<u8>,

    /// Name of the cluster, which clients may insist on: 1 to 64 bytes without blanks and : ; , =
    #[arg(long, value_name = "NAME", value_parser = parse_name)]
    pub cluster_name: Option<String>,

    /// Racks of the nodes, as in 1,2,1; copies are kept in different racks
    #[arg(long, value_name = "RACK,...", value_delimiter = ',')]
    pub racks: Vec<u32>,

    /// Address that the nodes say clients reach them at, instead of the one they listen on
    #[arg(long, value_name = "ADDRESS")]
    pub access_address: Option<IpAddr>,

    /// Address that they tell clients that ask for alternate ones
    #[arg(long, value_name = "ADDRESS")]
    pub alternate_access_address: Option<IpAddr>,

    /// Milliseconds after which a node that does not answer the others is out of the cluster
    #[arg(long, value_name = "MS", default_value_t = 500)]
    pub heartbeat_timeout: u64,

    /// Milliseconds that the records take to where they are to be, when nodes came or went
    #[arg(long, value_name = "MS", default_value_t = 100)]
    pub migration_time: u64,

    /// Port for the commands that kill, pause, restart, drain and add nodes; 0 picks a free one
    #[arg(long, value_name = "PORT")]
    pub control_port: Option<u16>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            nodes: 1,
            replication_factor: None,
            cluster_name: None,
            racks: Vec::new(),
            access_address: None,
            alternate_access_address: None,
            heartbeat_timeout: 500,
            migration_time: 100,
            control_port: None,
        }
    }
}

/// The longest name of a cluster, in bytes.
const MAX_NAME_SIZE: usize = 64;

fn parse_name(name: &str) -> Result<String, String> {
    let is_bad = |c: char| c.is_control() || c.is_whitespace() || ":;,=".contains(c);
    if name.is_empty() || name.len() > MAX_NAME_SIZE || name.contains(is_bad) {
        return Err(format!("not 1 to {MAX_NAME_SIZE} bytes without blanks and : ; , ="));
    }
    // What a server answers that has no name.
    if name == "null" {
        return Err("a cluster called null would be taken for one without a name".into());
    }
    Ok(name.into())
}

/// Where a node says that clients reach it.
#[derive(Debug, Clone)]
pub struct Advertised {
    pub standard: SocketAddr,
    pub alternate: Option<SocketAddr>,
}

impl Settings {
    /// The name of the cluster, as it is told.
    pub fn name(&self) -> &str {
        self.cluster_name.as_deref().unwrap_or("null")
    }

    /// The rack of a node; without racks all are in the same one.
    pub fn rack(&self, number: usize) -> u32 {
        self.racks.get(number).or(self.racks.last()).copied().unwrap_or(0)
    }

    pub fn has_racks(&self) -> bool {
        !self.racks.is_empty()
    }

    pub fn replication_factor(&self) -> usize {
        let default = if self.nodes > 1 || self.control_port.is_some() { 2 } else { 1 };
        usize::from(self.replication_factor.unwrap_or(default))
    }

    pub fn heartbeat_timeout(&self) -> Duration {
        Duration::from_millis(self.heartbeat_timeout)
    }

    pub fn migration_time(&self) -> Duration {
        Duration::from_millis(self.migration_time)
    }

    pub fn advertised(&self, address: SocketAddr) -> Advertised {
        let at = |ip: IpAddr| SocketAddr::new(ip, address.port());
        Advertised {
            standard: self.access_address.map_or(address, at),
            alternate: self.alternate_access_address.map(at),
        }
    }

    /// What is wrong with the settings together.
    pub fn check(&self) -> Result<(), String> {
        let (racks, nodes) = (self.racks.len(), usize::from(self.nodes));
        if racks != 0 && racks != nodes {
            return Err(format!("--racks has {racks} racks for {nodes} nodes: give one for each"));
        }
        Ok(())
    }
}
