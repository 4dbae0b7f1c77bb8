//! Commands on the cluster itself, which no other server has. They come as info requests, on a
//! port of their own that answers whatever has become of the nodes:
//!
//! * `cluster`: the nodes, and whether all is settled;
//! * `node-kill:node=N`, `node-pause:node=N`, `node-resume:node=N`, `node-restart:node=N`,
//!   `node-drain:node=N`, `node-undrain:node=N`: N is the number of a node or its name;
//! * `node-add` or `node-add:rack=R`: answers as `cluster` does, of the new node;
//! * `cluster-wait`: answers once all is settled;
//! * `cluster-split:nodes=N,…`: those nodes are a cluster of their own, until `cluster-heal`;
//! * `partition:number=P`: the numbers of the nodes that have all of a partition, the master first;
//! * `faults-set:…`: sets those of all nodes, or with `node=N` those of one;
//! * `migrations-hold`, `migrations-release`: records stay where they are, or move on.
//!
//! Whatever else comes is answered as the first node answers it, to one who may do everything.

use std::fmt::Write;
use std::io;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Node;
use crate::connection::Input;
use crate::faults::Plan;
use crate::info::{self, Answer, InfoReply, Parameters, Refusal};
use crate::nodes::Nodes;
use crate::protocol::frame;
use crate::security::Caller;
use crate::store::PARTITIONS;

/// Takes commands until the future is dropped.
pub async fn serve(listener: TcpListener, nodes: &Arc<Nodes>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(answer_all(stream, Arc::clone(nodes)));
                }
                Err(error) => eprintln!("accept: {error}"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn answer_all(mut stream: TcpStream, nodes: Arc<Nodes>) -> io::Result<()> {
    let mut input = Input::default();
    let mut output = Vec::new();
    while input.read_from(&mut stream).await? {
        while let Some(request) = input.next_frame()? {
            if request.kind != frame::INFO {
                return Err(io::Error::other("not an info request"));
            }
            let mut reply = InfoReply::new(&mut output);
            for command in info::commands(request.body) {
                let answer = run(&nodes, &String::from_utf8_lossy(command)).await;
                reply.push(command, answer);
            }
            reply.finish();
        }
        stream.write_all(&output).await?;
        output.clear();
        input.compact();
    }
    Ok(())
}

async fn run(nodes: &Arc<Nodes>, command: &str) -> Answer {
    let (name, parameters) = command.split_once(':').unwrap_or((command, ""));
    let parameters = Parameters::new(parameters);
    let failed = |error: io::Error| Refusal::new(1, error.to_string());
    match name {
        "cluster" => return Ok(describe_all(nodes)),
        "partition" => {
            let number = parameters.get("number").and_then(|text| text.parse().ok());
            let number = number.filter(|&number| number < PARTITIONS);
            return owners(nodes, number.ok_or_else(|| Refusal::new(4, "bad 'number'"))?);
        }
        "faults-set" => set_faults(nodes, &parameters)?,
        "cluster-wait" => {
            for cluster in nodes.clusters() {
                cluster.until(|cluster| cluster.is_settled() || cluster.is_held()).await;
                if cluster.is_held() {
                    return Err(Refusal::new(22, "migrations are held"));
                }
            }
        }
        "cluster-split" => {
            let given = parameters.get("nodes").ok_or_else(|| Refusal::missing("nodes"))?;
            let ids = given.split(',').map(|given| Ok(find_named(nodes, given)?.id));
            let ids = ids.collect::<Result<Vec<_>, Refusal>>()?;
            nodes.split(&ids).await.map_err(failed)?;
        }
        "cluster-heal" => nodes.heal().await.map_err(failed)?,
        "migrations-hold" | "migrations-release" => {
            let is_held = name == "migrations-hold";
            nodes.clusters().iter().for_each(|cluster| cluster.hold_migrations(is_held));
        }
        "node-add" => {
            let rack = parameters.get("rack").map(str::parse).transpose();
            let rack = rack.map_err(|_| Refusal::new(4, "bad 'rack'"))?;
            let node = nodes.add(rack).map_err(failed)?;
            return Ok(describe(nodes, &node));
        }
        "node-kill" => nodes.kill(find(nodes, &parameters)?.id).await,
        "node-restart" => {
            let id = find(nodes, &parameters)?.id;
            nodes.restart(id).await.map_err(failed)?;
        }
        "node-pause" | "node-resume" | "node-drain" | "node-undrain" => {
            let node = find_alive(nodes, &parameters)?;
            let cluster = nodes.cluster_of(node.id);
            match name {
                "node-pause" => cluster.pause(&node),
                "node-resume" => cluster.resume(&node),
                _ => cluster.drain(&node, name == "node-drain"),
            }
        }
        _ => {
            let all = nodes.all();
            let first = all.first().ok_or(Refusal::UNRECOGNIZED)?;
            return info::run(first, &Caller::Anyone, command);
        }
    }
    Ok("ok".into())
}

/// The nodes that have all records of a partition, in each half if the cluster is split.
fn owners(nodes: &Nodes, partition: usize) -> Answer {
    let mut owners = Vec::new();
    for cluster in nodes.clusters() {
        let view = cluster.view();
        let complete = view.complete(partition);
        let ids = view.succession(partition).iter().filter(|&&id| complete.contains(id));
        owners.extend(ids.map(ToString::to_string));
    }
    Ok(owners.join(","))
}

/// Sets what goes wrong at one node, or at all.
fn set_faults(nodes: &Nodes, parameters: &Parameters<'_>) -> Result<(), Refusal> {
    let only = match parameters.get("node") {
        Some(_) => Some(find(nodes, parameters)?.id),
        None => None,
    };
    let settings = parameters.iter().filter(|(name, _)| *name != "node");
    let plan = Plan::parse(settings).map_err(|message| Refusal::new(4, message))?;
    for shared in nodes.all().iter().filter(|shared| only.is_none_or(|id| id == shared.node.id)) {
        shared.faults.set(plan.clone());
    }
    Ok(())
}

fn find(nodes: &Nodes, parameters: &Parameters<'_>) -> Result<Arc<Node>, Refusal> {
    find_named(nodes, parameters.get("node").ok_or_else(|| Refusal::missing("node"))?)
}

fn find_named(nodes: &Nodes, given: &str) -> Result<Arc<Node>, Refusal> {
    nodes.find(given).ok_or_else(|| Refusal::new(4, format!("there is no node {given:?}")))
}

fn find_alive(nodes: &Nodes, parameters: &Parameters<'_>) -> Result<Arc<Node>, Refusal> {
    let node = find(nodes, parameters)?;
    if node.is_killed() {
        return Err(Refusal::new(4, format!("node {} was killed", node.name)));
    }
    Ok(node)
}

fn describe_all(nodes: &Nodes) -> String {
    let view = nodes.cluster().view();
    let clusters = nodes.clusters();
    let migrating = clusters.iter().map(|cluster| cluster.view().migrating().count());
    let mut text = format!(
        "settled={},migrating={},replication-factor={}",
        clusters.iter().all(|cluster| cluster.is_settled()),
        migrating.sum::<usize>(),
        view.factor,
    );
    for shared in nodes.all() {
        let _ = write!(text, ";{}", describe(nodes, &shared.node));
    }
    text
}

fn describe(nodes: &Nodes, node: &Node) -> String {
    let state = match (node.is_killed(), node.is_paused()) {
        (true, _) => "killed",
        (false, true) => "paused",
        (false, false) => "up",
    };
    format!(
        "id={},name={},host={},port={},rack={},state={state},draining={},member={}",
        node.id,
        node.name,
        node.address.ip(),
        node.address.port(),
        node.rack,
        node.is_draining(),
        nodes.cluster_of(node.id).view().present.contains(node.id),
    )
}
