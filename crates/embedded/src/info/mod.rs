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
mod queries;
mod statistics;
mod tables;

pub use cluster::Node;

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use crate::protocol::frame;
use crate::server::Shared;
use parameters::Parameters;

/// The server whose behaviour is modelled.
const BUILD: &str = "8.1.2.0";
const EDITION: &str = "Aerospike Community Edition";

/// More of a command than this is not looked at.
const MAX_COMMAND_SIZE: usize = 2 * 1024 * 1024;

/// An answer: text, or a failure with its code and message.
type Answer = Result<String, Refusal>;

/// Why a command is refused.
#[derive(Debug)]
pub struct Refusal {
    code: u8,
    message: Cow<'static, str>,
}

impl Refusal {
    const UNRECOGNIZED: Refusal = Refusal::new(4, "unrecognized command");
    const ENTERPRISE_ONLY: Refusal = Refusal::new(25, "enterprise only");
    const NO_NAMESPACE: Refusal = Refusal::new(20, "namespace not found on node");

    const fn new(code: u8, message: &'static str) -> Refusal {
        Refusal { code, message: Cow::Borrowed(message) }
    }
}

impl Refusal {
    fn missing(parameter: &str) -> Refusal {
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

/// Answers an info request.
pub fn answer(shared: &Shared, body: &[u8], output: &mut Vec<u8>) {
    shared.counters.info_requests.fetch_add(1, Ordering::Relaxed);
    let start = output.len();
    frame::push_header(output, frame::INFO, 0);
    let text = output.len();
    for line in body.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let command = line.get(..MAX_COMMAND_SIZE).unwrap_or(line);
        output.extend_from_slice(command);
        output.push(b'\t');
        match run(shared, &String::from_utf8_lossy(command)) {
            Ok(answer) => output.extend_from_slice(answer.as_bytes()),
            Err(Refusal { code, message }) => {
                output.extend_from_slice(format!("ERROR:{code}:{message}").as_bytes());
            }
        }
        output.push(b'\n');
    }
    let header = frame::header(frame::INFO, output.len() - text);
    for (place, byte) in output.iter_mut().skip(start).zip(header) {
        *place = byte;
    }
}

fn run(shared: &Shared, command: &str) -> Answer {
    let end = command.find([':', '/']).unwrap_or(command.len());
    let (name, rest) = command.split_at_checked(end).unwrap_or((command, ""));
    let rest = rest.get(1..).unwrap_or("");
    let parameters = Parameters::new(rest);
    let node = &shared.node;
    let store = &shared.store;
    match name {
        "build" => Ok(BUILD.into()),
        "edition" => Ok(EDITION.into()),
        "version" => Ok(format!("{EDITION} build {BUILD}")),
        "status" => Ok("ok".into()),
        "features" => Ok(tables::FEATURES.into()),
        "digests" => Ok("RIPEMD160".into()),
        "compatibility-id" => Ok("15".into()),

        "node" | "name" => Ok(node.name.clone()),
        "service" | "service-clear-std" => Ok(node.address.to_string()),
        "services" | "services-alumni" | "service-clear-alt" => Ok(String::new()),
        "peers-clear-std" | "peers-clear-alt" => Ok(node.peers()),
        "peers-generation" | "partition-generation" => Ok("0".into()),
        "rebalance-generation" => Ok("1".into()),
        "cluster-name" => Ok("null".into()),
        "cluster-stable" => node.cluster_stable(&parameters),
        "partitions" => Ok(crate::store::PARTITIONS.to_string()),
        "replicas" => Ok(cluster::replicas(store, "0,1,")),
        "replicas-all" => Ok(cluster::replicas(store, "1,")),
        "replicas-master" => Ok(cluster::replicas(store, "")),
        "user-agent-set" => Ok("ok".into()),

        "namespaces" => Ok(namespaces::names(store)),
        "namespace" => namespaces::statistics(store, rest),
        "sets" => namespaces::sets(store, rest),
        "truncate" => namespaces::truncate(store, &parameters, true),
        "truncate-namespace" => namespaces::truncate(store, &parameters, false),
        "statistics" => Ok(statistics::of_server(shared)),
        "get-config" => statistics::config(shared, &parameters),
        "set-config" => statistics::set_config(shared, &parameters),
        "faults" => Ok(shared.faults.to_string()),
        "faults-set" => faults::set(&shared.faults, &parameters),

        "health-outliers" | "health-stats" => Ok(String::new()),

        "sindex" => indexes::list_or_statistics(store, rest),
        "sindex-list" => indexes::list(store, &parameters),
        "sindex-exists" => indexes::exists(store, &parameters),
        "sindex-stat" => indexes::statistics(store, &parameters),
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

        "racks" | "rack-ids" | "roster" | "quiesce" | "quiesce-undo" => {
            Err(Refusal::ENTERPRISE_ONLY)
        }
        "service-tls-std" | "service-tls-alt" | "peers-tls-std" | "peers-tls-alt" => {
            Err(Refusal::ENTERPRISE_ONLY)
        }
        _ => Err(Refusal::UNRECOGNIZED),
    }
}
