//! The text protocol with which clients discover and watch a cluster.
//!
//! A request is lines of commands, `name` or `name:parameters` or `name/path`; the reply has a line
//! for each: the command as it came, a tab, the answer.

mod cluster;
mod faults;
mod indexes;
mod modules;
mod namespaces;
mod parameters;
mod permissions;
mod queries;
mod roster;
mod sessions;
mod set_indexes;
mod shares;
mod statistics;
mod tables;

pub use parameters::Parameters;

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use crate::protocol::{ResultCode, frame};
use crate::security::Caller;
use crate::server::Shared;
use cluster::Addresses;

/// The server whose behaviour is modelled, of a version that can be chosen.
const COMMUNITY: &str = "Aerospike Community Edition";
const ENTERPRISE: &str = "Aerospike Enterprise Edition";

/// More of a command than this is not looked at.
const MAX_COMMAND_SIZE: usize = 2 * 1024 * 1024;

/// Once a reply is so large, no more commands are carried out.
const MAX_REPLY_SIZE: usize = 16 * 1024 * 1024;

/// An answer: text, or a failure with its code and message.
pub type Answer = Result<String, Refusal>;

/// Why a command is refused.
#[derive(Debug)]
pub struct Refusal {
    code: u8,
    message: Cow<'static, str>,
}

impl Refusal {
    pub const UNRECOGNIZED: Refusal = Refusal::constant(4, "unrecognized command");
    const ENTERPRISE_ONLY: Refusal = Refusal::constant(25, "enterprise only");
    const NO_NAMESPACE: Refusal = Refusal::constant(20, "namespace not found on node");

    const fn constant(code: u8, message: &'static str) -> Refusal {
        Refusal { code, message: Cow::Borrowed(message) }
    }

    pub fn new(code: u8, message: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal { code, message: message.into() }
    }
}

impl Refusal {
    pub fn missing(parameter: &str) -> Refusal {
        Refusal::about(parameter, format!("missing '{parameter}'"))
    }

    fn missing_value(parameter: &str) -> Refusal {
        Refusal::about(parameter, format!("missing '{parameter}' value"))
    }

    fn too_long(parameter: &str) -> Refusal {
        Refusal::about(parameter, format!("'{parameter}' value too long"))
    }

    fn about(parameter: &str, message: String) -> Refusal {
        let code = if parameter == "namespace" { 20 } else { 4 };
        Refusal { code, message: message.into() }
    }
}

/// Makes a secondary index, as the command with these parameters does.
pub fn create_index(store: &crate::store::Store, parameters: &str) -> Result<(), String> {
    let created = indexes::create(store, &Parameters::new(parameters));
    created.map(|_| ()).map_err(|refusal| refusal.message.into_owned())
}

/// Answers an info request.
pub fn answer(shared: &Shared, caller: &Caller, body: &[u8], output: &mut Vec<u8>) {
    shared.counters.info_requests.fetch_add(1, Ordering::Relaxed);
    let mut reply = InfoReply::new(output);
    if let Err(code) = caller.check() {
        return reply.refuse(code);
    }
    for command in commands(body) {
        if reply.is_full() {
            reply.push(command, Err(Refusal::new(4, "the reply is too large already")));
            break;
        }
        reply.push(command, run(shared, caller, &String::from_utf8_lossy(command)));
    }
    reply.finish();
}

/// The commands of a request.
pub fn commands(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| line.get(..MAX_COMMAND_SIZE).unwrap_or(line))
}

/// The reply to a request, being written.
#[derive(Debug)]
pub struct InfoReply<'o> {
    output: &'o mut Vec<u8>,
    start: usize,
}

impl<'o> InfoReply<'o> {
    pub fn new(output: &'o mut Vec<u8>) -> Self {
        let start = output.len();
        frame::push_header(output, frame::INFO, 0);
        InfoReply { output, start }
    }

    fn is_full(&self) -> bool {
        self.output.len() - self.start > MAX_REPLY_SIZE
    }

    pub fn push(&mut self, command: &[u8], answer: Answer) {
        self.output.extend_from_slice(command);
        self.output.push(b'\t');
        match answer {
            Ok(answer) => self.output.extend_from_slice(answer.as_bytes()),
            Err(Refusal { code, message }) => {
                self.output.extend_from_slice(format!("ERROR:{code}:{message}").as_bytes());
            }
        }
        self.output.push(b'\n');
    }

    /// Answers all commands with one line.
    fn refuse(self, code: ResultCode) {
        self.output.extend_from_slice(permissions::refusal(code).as_bytes());
        self.finish();
    }

    pub fn finish(self) {
        frame::fill_header(self.output, self.start, frame::INFO);
    }
}

/// Answers one command.
pub fn run(shared: &Shared, caller: &Caller, command: &str) -> Answer {
    let end = command.find([':', '/']).unwrap_or(command.len());
    let (name, rest) = command.split_at_checked(end).unwrap_or((command, ""));
    let rest = rest.get(1..).unwrap_or("");
    let parameters = Parameters::new(rest);
    permissions::check(caller, name, &parameters)?;
    let node = &shared.node;
    let store = &shared.store;
    let build = store.compat.build();
    let edition = if store.is_enterprise() { ENTERPRISE } else { COMMUNITY };
    match name {
        "build" => Ok(build.into()),
        "edition" => Ok(edition.into()),
        "version" => Ok(format!("{edition} build {build}")),
        "status" => Ok("ok".into()),
        "features" => Ok(tables::FEATURES.into()),
        "digests" => Ok("RIPEMD160".into()),
        "compatibility-id" => Ok("15".into()),

        "node" | "name" => Ok(node.name.clone()),
        "service" | "service-clear-std" => Ok(node.advertised.standard.to_string()),
        "service-clear-alt" => Ok(cluster::alternate(node)),
        "services" | "services-alumni" => Ok(cluster::services(shared, Addresses::Standard)),
        "services-alternate" => Ok(cluster::services(shared, Addresses::Alternate)),
        "peers-clear-std" => Ok(cluster::peers(shared, Addresses::Standard)),
        "peers-clear-alt" => Ok(cluster::peers(shared, Addresses::Alternate)),
        "peers-generation" => Ok(shared.cluster.view().peers_generation.to_string()),
        "partition-generation" => Ok(shared.cluster.view().partition_generation.to_string()),
        "rebalance-generation" => Ok(shared.cluster.view().rebalance_generation.to_string()),
        "cluster-name" => Ok(shared.cluster.settings.name().into()),
        "cluster-stable" => cluster::stable(shared, &parameters),
        "partitions" => Ok(crate::store::PARTITIONS.to_string()),
        "replicas" => Ok(cluster::replicas(shared, true)),
        "replicas-all" => Ok(cluster::replicas(shared, false)),
        "replicas-master" => Ok(cluster::masters(shared)),
        "rack-ids" if shared.cluster.settings.has_racks() => Ok(cluster::rack_ids(shared)),
        "racks" if shared.cluster.settings.has_racks() => cluster::racks(shared, &parameters),
        "user-agent-set" => Ok("ok".into()),

        "namespaces" => Ok(namespaces::names(store)),
        "namespace" => namespaces::statistics(shared, rest),
        "sets" => namespaces::sets(shared, rest),
        "truncate" => namespaces::truncate(store, &parameters, true),
        "truncate-namespace" => namespaces::truncate(store, &parameters, false),
        "statistics" => Ok(statistics::of_server(shared)),
        "get-config" => statistics::config(shared, &parameters),
        "set-config" => statistics::set_config(shared, &parameters),
        "faults" => Ok(shared.faults.to_string()),
        "faults-set" => faults::set(&shared.faults, &parameters),
        "sessions-expire" => sessions::expire(shared.security.as_deref()),

        "health-outliers" | "health-stats" => Ok(String::new()),

        "sindex" => indexes::list_or_statistics(shared, rest),
        "sindex-list" => indexes::list(store, &parameters),
        "sindex-exists" => indexes::exists(store, &parameters),
        "sindex-stat" => indexes::statistics(shared, &parameters),
        "sindex-delete" => indexes::delete(store, &parameters),
        "sindex-create" => indexes::create(store, &parameters),

        "udf-list" => Ok(shared.modules.list()),
        "udf-get" => modules::get(&shared.modules, &parameters),
        "udf-put" => modules::put(&shared.modules, &parameters),
        "udf-remove" => modules::remove(&shared.modules, &parameters),
        "udf-clear-cache" => Ok("ok".into()),

        "query-abort" => queries::abort(&shared.jobs, &parameters),
        "query-abort-all" => queries::abort_all(&shared.jobs),
        "query-show" => queries::show(&shared.jobs, &parameters),

        "roster" if store.is_enterprise() => roster::show(shared, &parameters),
        "roster-set" if store.is_enterprise() => roster::set(shared, &parameters),
        "revive" if store.is_enterprise() => roster::revive(shared, &parameters),
        "recluster" if store.is_enterprise() => {
            shared.cluster.recluster();
            Ok("ok".into())
        }
        "racks" | "rack-ids" | "roster" | "roster-set" | "revive" | "quiesce" | "quiesce-undo" => {
            Err(Refusal::ENTERPRISE_ONLY)
        }
        "xdr-dc-state" | "xdr-get-filter" | "xdr-set-filter" => Err(Refusal::ENTERPRISE_ONLY),
        "service-tls-std" => cluster::tls_service(node),
        "service-tls-alt" => cluster::tls_service(node).map(|_| String::new()),
        "peers-tls-std" | "peers-tls-alt" => cluster::tls_peers(shared),
        _ => Err(Refusal::UNRECOGNIZED),
    }
}
