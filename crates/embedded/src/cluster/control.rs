//! Commands on the cluster itself, which no other server has. They come as info requests, on a
//! port of their own that answers whatever has become of the nodes:
//!
//! * `cluster`: the nodes, and whether all is settled;
//! * `node-kill:node=N`, `node-pause:node=N`, `node-resume:node=N`, `node-restart:node=N`,
//!   `node-drain:node=N`, `node-undrain:node=N`: N is the number of a node or its name;
//! * `node-add` or `node-add:rack=R`: answers as `cluster` does, of the new node;
//! * `cluster-wait`: answers once all is settled;
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
    let cluster = nodes.cluster();
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
            cluster.until(|cluster| cluster.is_settled() || cluster.is_held()).await;
            if cluster.is_held() {
                return Err(Refusal::new(22, "migrations are held"));
            }
        }
        "migrations-hold" => cluster.hold_migrations(true),
        "migrations-release" => cluster.hold_migrations(false),
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
        "node-pause" => cluster.pause(&*find_alive(nodes, &parameters)?),
        "node-resume" => cluster.resume(&*find_alive(nodes, &parameters)?),
        "node-drain" => cluster.drain(&*find_alive(nodes, &parameters)?, true),
        "node-undrain" => cluster.drain(&*find_alive(nodes, &parameters)?, false),
        _ => {
            let all = nodes.all();
            let first = all.first().ok_or(Refusal::UNRECOGNIZED)?;
            return info::run(first, &Caller::Anyone, command);
        }
    }
    Ok("ok".into())
}

/// The nodes that have all records of a partition.
fn owners(nodes: &Nodes, partition: usize) -> Answer {
    let view = nodes.cluster().view();
    let complete = view.complete(partition);
    let owners = view.succession(partition).iter().filter(|&&id| complete.contains(id));
    Ok(owners.map(ToString::to_string).collect::<Vec<_>>().join(","))
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
    let given = parameters.get("node").ok_or_else(|| Refusal::missing("node"))?;
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
    let cluster = nodes.cluster();
    let view = cluster.view();
    let mut text = format!(
        "settled={},migrating={},replication-factor={}",
        cluster.is_settled(),
        view.migrating().count(),
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
        nodes.cluster().view().present.contains(node.id),
    )
}
