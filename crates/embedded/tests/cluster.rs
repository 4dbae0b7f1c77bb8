//! Several nodes: what they say of each other, who answers for what, and what happens as they come
//! and go.

mod support;

use std::collections::HashMap;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use aerospike_embedded::Settings;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use support::cluster::{Cluster, number, partition_of, put};
use support::{Connection, Key, Reply, Request};

const PARTITIONS: usize = 4096;
const PARTITION_DONE: u8 = 4;
const TIMEOUT: u8 = 9;
const UNAVAILABLE: u8 = 11;

/// The partitions that a node says it has: those of each place, and how many places there are.
fn replicas(node: &mut Connection) -> Vec<Vec<bool>> {
    let answer = node.info("replicas");
    let (_, map) = answer.split_once(':').unwrap();
    let mut parts = map.split(',');
    assert_eq!(parts.next(), Some("0"), "the regime");
    let count: usize = parts.next().unwrap().parse().unwrap();
    let bits = |text: &str| {
        let bytes = STANDARD.decode(text).unwrap();
        let bit = |number: usize| bytes[number / 8] & (0x80 >> (number % 8)) != 0;
        (0..PARTITIONS).map(bit).collect::<Vec<_>>()
    };
    let places: Vec<_> = parts.map(bits).collect();
    assert_eq!(places.len(), count);
    places
}

fn statistics(node: &mut Connection, command: &str) -> HashMap<String, String> {
    let answer = node.info(command);
    let pairs = answer.split(';').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn count(node: &mut Connection, name: &str) -> u64 {
    statistics(node, "namespace/test")[name].parse().unwrap()
}

/// Asks a node for all records of some partitions: how many came, and which partitions did not.
fn scan(node: &mut Connection, partitions: &[usize]) -> (usize, Vec<usize>) {
    let mut request = Request { info: [1, 0, PARTITION_DONE, 0], ..Request::default() };
    let numbers = partitions.iter().flat_map(|&number| (number as u16).to_le_bytes()).collect();
    request.fields = vec![(0, b"test".to_vec()), (11, numbers), (7, 7_u64.to_be_bytes().to_vec())];
    request.fields.truncate(2);
    let (mut records, mut missed) = (0, Vec::new());
    let (_, mut body) = node.exchange(&request.frame()).unwrap();
    loop {
        for (_, reply) in Reply::parse_all(&body) {
            match (reply.info3, reply.code) {
                (PARTITION_DONE, UNAVAILABLE) => missed.push(reply.generation as usize),
                (1, 0) => return (records, missed),
                (0, 0) => records += 1,
                other => panic!("{other:?}"),
            }
        }
        body = node.receive().unwrap().1;
    }
}

#[test]
fn the_nodes_know_each_other() {
    let mut cluster = Cluster::with(Settings {
        nodes: 3,
        racks: vec![1, 2, 1],
        alternate_access_address: Some("127.0.0.9".parse().unwrap()),
        ..Settings::default()
    });
    let mut nodes: Vec<_> = (0..3).map(|number| cluster.node(number)).collect();
    let names: Vec<_> = nodes.iter_mut().map(|node| node.info("node")).collect();
    let ports: Vec<_> = cluster.embedded.addresses.iter().map(|a| a.port()).collect();
    let key = nodes[0].info("cluster-stable:size=3");
    for (number, node) in nodes.iter_mut().enumerate() {
        let others: Vec<_> = (0..3).filter(|&other| other != number).collect();
        let peers = |ip: &str| {
            let peer = |&other: &usize| format!("[{},,[{ip}:{}]]", names[other], ports[other]);
            let peers = others.iter().map(peer).collect::<Vec<_>>().join(",");
            format!("0,{},[{peers}]", ports[number])
        };
        assert_eq!(node.info("peers-clear-std"), peers("127.0.0.1"));
        assert_eq!(node.info("peers-clear-alt"), peers("127.0.0.9"));
        let address = |ip: &str| format!("{ip}:{}", ports[number]);
        assert_eq!(node.info("service-clear-std"), address("127.0.0.1"));
        assert_eq!(node.info("service-clear-alt"), address("127.0.0.9"));
        let services = others.iter().map(|&other| format!("127.0.0.1:{}", ports[other]));
        assert_eq!(node.info("services"), services.collect::<Vec<_>>().join(";"));

        assert_eq!(node.info("rack-ids"), format!("test:{}", [1, 2, 1][number]));
        let mut first = [names[0].clone(), names[2].clone()];
        first.sort_by_key(|name| names.iter().position(|known| known == name));
        let racks = format!("rack_1={}:rack_2={}", first.join(","), names[1]);
        assert_eq!(node.info("racks:namespace=test"), racks);
        assert_eq!(node.info("racks"), format!("ns=test:{racks}"));

        assert_eq!(node.info("cluster-stable:size=3"), key);
        assert_eq!(node.info("cluster-stable:size=2"), "ERROR:7:cluster not specified size");
        let all = statistics(node, "statistics");
        assert_eq!((all["cluster_size"].as_str(), &all["cluster_key"]), ("3", &key));
        assert_eq!(&all["cluster_principal"], names.iter().max().unwrap());
        let namespace = statistics(node, "namespace/test");
        assert_eq!(namespace["ns_cluster_size"], "3");
        assert_eq!(namespace["effective_replication_factor"], "2");
    }
    assert!(Connection::to(cluster.embedded.address).info("quiesce").starts_with("ERROR:25"));
    assert_eq!(cluster.control.info("node-kill:node=9"), "ERROR:4:there is no node \"9\"");
}

#[test]
fn each_partition_has_one_master_and_its_copies() {
    for (nodes, factor) in [(1, 2), (2, 2), (3, 1), (3, 2), (5, 3)] {
        let cluster = Cluster::start(nodes, factor);
        let places = usize::from(factor.min(nodes));
        let maps: Vec<_> =
            (0..usize::from(nodes)).map(|n| replicas(&mut cluster.node(n))).collect();
        for partition in 0..PARTITIONS {
            let holders = |place: usize| {
                let has = |node: &usize| maps[*node][place][partition];
                (0..maps.len()).filter(has).collect::<Vec<_>>()
            };
            let mut owners: Vec<_> = (0..places).flat_map(holders).collect();
            assert_eq!(owners.len(), places, "partition {partition}");
            owners.dedup();
            assert_eq!(owners.len(), places, "partition {partition}");
        }
        let masters = |map: &Vec<Vec<bool>>| map[0].iter().filter(|has| **has).count();
        let share = PARTITIONS / usize::from(nodes);
        assert!(maps.iter().all(|map| masters(map).abs_diff(share) < 10));
    }
}

#[test]
fn a_node_answers_for_what_another_has() {
    let mut cluster = Cluster::start(3, 1);
    let mut nodes: Vec<_> = (0..3).map(|number| cluster.node(number)).collect();
    let key = cluster.key_of_master(1);
    assert_eq!(nodes[0].call(&put(&key, 5)).code, 0);
    assert_eq!(number(&nodes[2].call(&Request::get(&key))), Some(5));
    assert_eq!(count(&mut nodes[0], "client_proxy_complete"), 1);
    assert_eq!(count(&mut nodes[0], "client_write_success"), 0);
    assert_eq!(count(&mut nodes[1], "from_proxy_write_success"), 1);
    assert_eq!(count(&mut nodes[1], "from_proxy_read_success"), 1);
    let objects: Vec<_> = nodes.iter_mut().map(|node| count(node, "objects")).collect();
    assert_eq!(objects, [0, 1, 0]);
    let sets: Vec<_> = nodes.iter_mut().map(|node| node.info("sets/test/golden")).collect();
    for (set, objects) in sets.iter().zip(objects) {
        assert!(set.starts_with(&format!("objects={objects}:")), "{set}");
    }

    let all: Vec<_> = (0..PARTITIONS).collect();
    for (node, connection) in nodes.iter_mut().enumerate() {
        let (records, missed) = scan(connection, &all);
        assert_eq!(records, usize::from(node == 1));
        let owned = (0..50).filter(|&partition| cluster.owners(partition) == [node]);
        assert!(owned.into_iter().all(|partition| !missed.contains(&partition)));
        assert!(missed.len() > PARTITIONS / 2);
    }
}

#[test]
fn what_no_other_node_had_is_gone_with_it() {
    for factor in [1, 2] {
        let mut cluster = Cluster::start(3, factor);
        let key = cluster.key_of_master(1);
        let mut others = [cluster.node(0), cluster.node(2)];
        assert_eq!(others[0].call(&put(&key, 5)).code, 0);
        let before = others[0].info("peers-generation");
        let mut victim = cluster.node(1);
        cluster.order("node-kill:node=1");
        assert!(victim.receive().is_none(), "the connection ends");
        assert!(TcpStream::connect(cluster.embedded.addresses[1]).is_err());
        for node in &mut others {
            // Until the node is missed nobody answers for it: the command waits.
            let reply = node.call(&Request::get(&key));
            assert_eq!(number(&reply), if factor == 1 { None } else { Some(5) });
            assert_eq!(reply.code, if factor == 1 { 2 } else { 0 });
        }
        cluster.settle();
        assert_ne!(others[0].info("peers-generation"), before);
        assert_eq!(statistics(&mut others[0], "statistics")["cluster_size"], "2");

        // Started again it has nothing, but gets what the others have.
        cluster.order("node-restart:node=1");
        cluster.settle();
        assert_eq!(cluster.owners(partition_of(&key)).first(), Some(&1));
        let reply = cluster.node(1).call(&Request::get(&key));
        assert_eq!(number(&reply), if factor == 1 { None } else { Some(5) });
        assert_eq!(statistics(&mut others[0], "statistics")["cluster_size"], "3");
    }
}

#[test]
fn the_only_node_can_be_killed_and_started_again() {
    let mut cluster = Cluster::start(1, 1);
    let key = Key::string("k");
    assert_eq!(cluster.node(0).call(&put(&key, 5)).code, 0);
    cluster.order("node-kill:node=0");
    cluster.settle();
    cluster.order("node-restart:node=0");
    assert_eq!(cluster.node(0).call(&Request::get(&key)).code, 2);
    assert_eq!(cluster.node(0).call(&put(&key, 6)).code, 0);
}

#[test]
fn a_paused_node_is_silent_and_comes_back_with_what_it_had() {
    let settings = Settings { nodes: 2, replication_factor: Some(1), ..Settings::default() };
    let mut patient = Cluster::with(Settings { heartbeat_timeout: 60_000, ..settings.clone() });
    let key = patient.key_of_master(1);
    let mut node = patient.node(1);
    assert_eq!(node.call(&put(&key, 5)).code, 0);
    patient.order("node-pause:node=1");
    node.stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(node.exchange(&Request::get(&key).frame()).is_none(), "no answer in that time");
    // Another node waits for it, and gives up when the time of the command is over.
    let started = Instant::now();
    assert_eq!(patient.node(0).call(&Request::get(&key)).code, TIMEOUT);
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(count(&mut patient.node(0), "client_proxy_timeout"), 1);
    patient.order("node-resume:node=1");
    node.stream.set_read_timeout(None).unwrap();
    let (_, body) = node.receive().unwrap();
    assert_eq!(number(&Reply::parse(&body)), Some(5), "the answer to the first request");

    // Given up, it takes its records along, and gives them back.
    let mut cluster = Cluster::with(settings);
    let key = cluster.key_of_master(1);
    assert_eq!(cluster.node(0).call(&put(&key, 5)).code, 0);
    cluster.order("node-pause:node=1");
    cluster.settle();
    assert_eq!(cluster.node(0).call(&Request::get(&key)).code, 2);
    cluster.order("node-resume:node=1");
    cluster.settle();
    assert_eq!(number(&cluster.node(0).call(&Request::get(&key))), Some(5));
}

#[test]
fn a_write_waits_for_its_copies() {
    let settings = Settings { nodes: 2, heartbeat_timeout: 60_000, ..Settings::default() };
    let mut cluster = Cluster::with(settings);
    let key = cluster.key_of_master(0);
    cluster.order("node-pause:node=1");
    let mut node = cluster.node(0);
    let mut reader = cluster.node(0);
    // It is done, but nobody can say that it is kept: whoever reads it sees it.
    assert_eq!(node.call(&put(&key, 7)).code, TIMEOUT);
    assert_eq!(number(&reader.call(&Request::get(&key))), Some(7));
    let writing = thread::spawn(move || node.call(&put(&key, 8)).code);
    cluster.order("node-resume:node=1");
    assert_eq!(writing.join().unwrap(), 0);
}

#[test]
fn until_a_killed_node_is_missed_it_is_waited_for() {
    let settings = Settings { nodes: 3, heartbeat_timeout: 60_000, ..Settings::default() };
    let mut cluster = Cluster::with(settings);
    let mine = cluster.key_of_master(1);
    let partition = partition_of(&mine);
    let [_, copy] = cluster.owners(partition)[..] else { panic!("two copies") };
    let other = 3 - 1 - copy;
    let mut keys = (0..).map(|number| Key::string(&format!("copy {number}")));
    let copied = keys.find(|key| cluster.owners(partition_of(key)) == [copy, 1]).unwrap();
    for key in [&mine, &copied] {
        assert_eq!(cluster.node(copy).call(&put(key, 5)).code, 0);
    }
    cluster.order("node-kill:node=1");
    // The copy answers reads. Writes wait for the master, or for the copy of what was written.
    assert_eq!(number(&cluster.node(copy).call(&Request::get(&mine))), Some(5));
    assert_eq!(cluster.node(other).call(&Request::get(&mine)).code, TIMEOUT);
    assert_eq!(cluster.node(copy).call(&put(&mine, 6)).code, TIMEOUT);
    assert_eq!(cluster.node(copy).call(&put(&copied, 6)).code, TIMEOUT);
    // Restarted it is another one: nobody waits for what it was.
    cluster.order("node-restart:node=1");
    cluster.settle();
    assert_eq!(number(&cluster.node(1).call(&Request::get(&mine))), Some(5));
    assert_eq!(number(&cluster.node(1).call(&Request::get(&copied))), Some(6));
    assert_eq!(cluster.node(copy).call(&put(&mine, 7)).code, 0);

    // Missed soon, it is waited for until then.
    let mut cluster = Cluster::start(3, 2);
    cluster.order("node-kill:node=1");
    for key in [&mine, &copied] {
        for node in [0, 2] {
            assert_eq!(cluster.node(node).call(&put(key, 8)).code, 0);
        }
    }
}

#[test]
fn partitions_move_to_a_new_node_one_by_one() {
    let mut cluster = Cluster::start(2, 1);
    let keys: Vec<_> = (0..200).map(|number| Key::string(&format!("{number}"))).collect();
    let mut old = cluster.node(0);
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(old.call(&put(key, number as i64)).code, 0);
    }
    cluster.order("migrations-hold");
    let about = cluster.control.info("node-add");
    let port = about.split(',').find_map(|field| field.strip_prefix("port=")).unwrap();
    let mut new = Connection::to(format!("127.0.0.1:{port}").parse().unwrap());
    assert_eq!(cluster.control.info("cluster-wait"), "ERROR:22:migrations are held");

    // It is a peer, and the master of nothing yet, but answers with what the others have.
    assert!(old.info("peers-clear-std").contains(&format!("127.0.0.1:{port}")));
    assert!(replicas(&mut new)[0].iter().all(|has| !has));
    assert_eq!(old.info("cluster-stable:"), "ERROR:7:unstable cluster");
    assert_eq!(
        old.info("cluster-stable:ignore-migrations=true"),
        new.info("cluster-stable:ignore-migrations=true")
    );
    assert!(count(&mut new, "migrate_rx_partitions_remaining") > 1000);
    for (expected, key) in keys.iter().enumerate() {
        assert_eq!(number(&new.call(&Request::get(key))), Some(expected as i64));
    }
    assert_eq!(count(&mut new, "client_proxy_complete"), keys.len() as u64);

    let before = new.info("partition-generation");
    cluster.order("migrations-release");
    cluster.settle();
    assert_ne!(new.info("partition-generation"), before);
    assert_eq!(count(&mut new, "migrate_rx_partitions_remaining"), 0);
    let share = replicas(&mut new)[0].iter().filter(|has| **has).count();
    assert!((1300..1400).contains(&share), "{share}");
    let objects = count(&mut new, "master_objects") as usize;
    assert!((30..110).contains(&objects), "{objects}");
    for (expected, key) in keys.iter().enumerate() {
        assert_eq!(number(&old.call(&Request::get(key))), Some(expected as i64));
    }
}

#[test]
fn a_drained_node_has_nothing_and_answers_all_the_same() {
    let mut cluster = Cluster::start(3, 2);
    let key = cluster.key_of_master(2);
    let mut drained = cluster.node(2);
    assert_eq!(drained.call(&put(&key, 5)).code, 0);
    cluster.order("node-drain:node=2");
    cluster.settle();
    assert!(replicas(&mut drained).iter().flatten().all(|has| !has));
    assert_eq!(number(&drained.call(&Request::get(&key))), Some(5));
    assert_eq!(statistics(&mut drained, "namespace/test")["effective_is_quiesced"], "true");
    assert_eq!(count(&mut drained, "nodes_quiesced"), 1);
    cluster.order("node-undrain:node=2");
    cluster.settle();
    assert_eq!(cluster.owners(partition_of(&key)).first(), Some(&2));
}

#[test]
fn a_row_of_a_batch_that_nobody_answers_fails_alone() {
    let settings = Settings {
        nodes: 2,
        replication_factor: Some(1),
        heartbeat_timeout: 60_000,
        ..Settings::default()
    };
    let mut cluster = Cluster::with(settings);
    let keys = [cluster.key_of_master(0), cluster.key_of_master(1)];
    let mut node = cluster.node(0);
    for key in &keys {
        assert_eq!(node.call(&put(key, 5)).code, 0);
    }
    let mut rows = vec![0, 0, 0, 2, 4];
    for (number, key) in keys.iter().enumerate() {
        rows.extend_from_slice(&(number as u32).to_be_bytes());
        rows.extend_from_slice(&key.digest());
        rows.extend_from_slice(&[0, 3, 0, 1, 0, 0, 0, 0, 0, 5, 0]);
        rows.extend_from_slice(b"test");
    }
    let mut batch = Request { info: [9, 0, 0, 0], ..Request::default() };
    batch.fields.push((41, rows));
    let codes = |node: &mut Connection| {
        let mut codes = [None; 2];
        let (_, mut body) = node.exchange(&batch.frame()).unwrap();
        loop {
            for (row, reply) in Reply::parse_all(&body) {
                if reply.info3 & 1 != 0 {
                    return codes;
                }
                codes[row as usize] = Some(reply.code);
            }
            body = node.receive().unwrap().1;
        }
    };
    assert_eq!(codes(&mut node), [Some(0), Some(0)]);
    assert_eq!(count(&mut node, "batch_sub_proxy_complete"), 1);
    cluster.order("node-pause:node=1");
    assert_eq!(codes(&mut node), [Some(0), Some(TIMEOUT)]);
    cluster.order("node-resume:node=1");
    assert_eq!(codes(&mut node), [Some(0), Some(0)]);
}

#[test]
fn modules_indexes_and_truncation_are_those_of_all_nodes() {
    let mut cluster = Cluster::start(3, 2);
    let mut nodes: Vec<_> = (0..3).map(|number| cluster.node(number)).collect();
    let source = STANDARD.encode("function f(r) return 1 end\n");
    let put_module = format!(
        "udf-put:filename=m.lua;udf-type=LUA;content-len={};content={source};",
        source.len()
    );
    assert_eq!(nodes[0].info(&put_module), "ok");
    assert_eq!(
        nodes[0].info("sindex-create:namespace=test;set=golden;indexname=i;bin=n;type=numeric"),
        "ok"
    );
    let key = cluster.key_of_master(0);
    assert_eq!(nodes[1].call(&put(&key, 5)).code, 0);
    for node in &mut nodes {
        assert!(node.info("udf-list").contains("m.lua"));
        assert!(node.info("sindex-list:namespace=test").contains("indexname=i"));
    }
    let entries = |node: &mut Connection| -> u64 {
        statistics(node, "sindex-stat:namespace=test;indexname=i")["entries"].parse().unwrap()
    };
    assert_eq!(nodes.iter_mut().map(entries).sum::<u64>(), 2, "one in each of two copies");
    assert_eq!(nodes[2].info("truncate:namespace=test;set=golden"), "ok");
    assert_eq!(nodes[1].call(&Request::get(&key)).code, 2);
}

#[test]
fn faults_hit_one_node_or_all() {
    let mut cluster = Cluster::start(2, 1);
    let keys = [cluster.key_of_master(0), cluster.key_of_master(1)];
    let mut nodes = [cluster.node(0), cluster.node(1)];
    cluster.order("faults-set:node=1;refused=1;code=8;only=writes");
    let mut codes = |request: fn(&Key) -> Request| {
        let pairs = nodes.iter_mut().zip(&keys);
        pairs.map(|(node, key)| node.call(&request(key)).code).collect::<Vec<_>>()
    };
    assert_eq!(codes(|key| put(key, 1)), [0, 8]);
    assert_eq!(codes(Request::get), [0, 2]);
    cluster.order("faults-set:refused=1;code=14");
    assert_eq!(codes(Request::get), [14, 14]);
    cluster.order("faults-set:");
    assert_eq!(codes(Request::get), [0, 2]);
}

/// The codes with which each half answers, and what it has.
fn told(cluster: &Cluster, key: &Key) -> Vec<(u8, Option<i64>)> {
    let ask = |node| {
        let reply = cluster.node(node).call(&Request::get(key));
        (reply.code, number(&reply))
    };
    (0..3).map(ask).collect()
}

#[test]
fn halves_of_a_cluster_take_writes_of_which_the_one_with_more_wins() {
    let mut cluster = Cluster::start(3, 2);
    let keys: Vec<_> = (0..60).map(|number| Key::string(&number.to_string())).collect();
    let new = Key { set: "made apart".into(), ..Key::string("new") };
    for key in &keys {
        assert_eq!(cluster.node(0).call(&put(key, 0)).code, 0);
    }
    assert_eq!(
        cluster.node(0).info("sindex-create:namespace=test;indexname=i;bin=n;type=numeric"),
        "ok"
    );
    let whole = cluster.node(0).info("cluster-stable:");
    cluster.order("cluster-split:nodes=1,2");
    for (command, told) in [
        ("cluster-split:nodes=1", "ERROR:1:the cluster is split already"),
        ("cluster-split:nodes=7", "ERROR:4:there is no node \"7\""),
    ] {
        assert_eq!(cluster.control.info(command), told);
    }
    cluster.settle();

    // Each has its own view.
    let facts = |node: usize| {
        let mut node = cluster.node(node);
        let peers = node.info("peers-clear-std").matches("[BB9").count();
        (node.info("cluster-stable:"), peers, node.info("replicas"))
    };
    let all: Vec<_> = (0..3).map(facts).collect();
    assert_eq!(all.iter().map(|(_, peers, _)| *peers).collect::<Vec<_>>(), [0, 1, 1]);
    assert_eq!(all[1].0, all[2].0);
    assert!(all[0].0 != whole && all[1].0 != whole && all[0].0 != all[1].0);
    let alone = replicas(&mut cluster.node(0));
    assert!(alone[0].iter().all(|has| *has), "it answers for everything");

    // Both take writes; the one that writes more often wins, whoever was last.
    for (number, key) in keys.iter().enumerate() {
        let (more, less) = if number % 2 == 0 { (0, 1) } else { (2, 0) };
        for _ in 0..3 {
            assert_eq!(cluster.node(more).call(&put(key, 10 + more as i64)).code, 0);
        }
        assert_eq!(cluster.node(less).call(&put(key, 20 + less as i64)).code, 0);
        let here = |node: usize| if (node == 0) == (more == 0) { more + 10 } else { less + 20 };
        let expected: Vec<_> = (0..3).map(|node| (0, Some(here(node) as i64))).collect();
        assert_eq!(told(&cluster, key), expected);
    }
    assert_eq!(cluster.node(1).call(&put(&new, 1)).code, 0);
    assert_eq!(told(&cluster, &new).iter().map(|(code, _)| *code).collect::<Vec<_>>(), [2, 0, 0]);

    cluster.order("cluster-heal");
    cluster.settle();
    assert_eq!(cluster.control.info("cluster-heal"), "ERROR:1:the cluster is not split");
    for (number, key) in keys.iter().enumerate() {
        let value = if number % 2 == 0 { 10 } else { 12 };
        assert_eq!(told(&cluster, key), [(0, Some(value)); 3]);
    }
    assert_eq!(told(&cluster, &new), [(0, Some(1)); 3]);
    let mut node = cluster.node(0);
    assert_eq!(node.info("peers-clear-std").matches("[BB9").count(), 2);
    let stable = node.info("cluster-stable:size=3");
    assert!(!stable.starts_with("ERROR") && stable != whole, "{stable}");
    let objects: u64 = (0..3).map(|n| count(&mut cluster.node(n), "master_objects")).sum();
    assert_eq!(objects, 61);
    let sets = node.info("sets/test/made apart");
    assert!(sets.contains("objects="), "{sets}");
    let entries =
        statistics(&mut node, "sindex-stat:namespace=test;indexname=i")["entries"].clone();
    assert_ne!(entries, "0");

    // What is killed while it is apart comes back to where it belongs.
    cluster.order("cluster-split:nodes=2");
    cluster.order("node-kill:node=2");
    cluster.order("cluster-heal");
    cluster.order("node-restart:node=2");
    cluster.settle();
    assert_eq!(told(&cluster, &new), [(0, Some(1)); 3]);
    assert_eq!(cluster.node(2).info("peers-clear-std").matches("[BB9").count(), 2);
}

/// The values of what a node tells of several things, of those that have this name, in order.
fn names(told: &str, name: &str) -> Vec<String> {
    let pairs = told.split([':', ';', ',']).filter_map(|pair| pair.split_once('='));
    let mut names: Vec<_> = pairs.filter(|pair| pair.0 == name).map(|pair| pair.1.into()).collect();
    names.sort_unstable();
    names
}

#[test]
fn what_either_half_is_told_of_indexes_truncations_and_modules_holds_for_the_whole() {
    let mut cluster = Cluster::start(3, 2);
    let in_set = |set: &str, name: &str| Key { set: set.into(), ..Key::string(name) };
    // The first node has what is truncated where that is not heard of.
    let mut old = (0..).map(|number| in_set("old", &number.to_string()));
    let old = old.find(|key| cluster.owners(partition_of(key)).contains(&0)).unwrap();
    let anew = in_set("old", "anew");
    for key in [&old, &anew, &in_set("s", "1"), &in_set("s", "2")] {
        assert_eq!(cluster.node(0).call(&put(key, 1)).code, 0);
    }
    let index = |cluster: &Cluster, node, name: &str, on: &str| {
        let create = format!("sindex-create:namespace=test;indexname={name};{on};type=numeric");
        assert_eq!(cluster.node(node).info(&create), "ok");
    };
    for (name, bin) in
        [("kept", "n"), ("dropped_here", "a"), ("dropped_there", "b"), ("old_name", "c")]
    {
        index(&cluster, 0, name, &format!("bin={bin}"));
    }
    // A module without functions.
    let nothing = "content=LS0=;content-len=4";
    for file in ["kept.lua", "dropped.lua"] {
        let told = cluster.node(0).info(&format!("udf-put:filename={file};{nothing}"));
        assert_eq!(told, "ok");
    }
    cluster.order("cluster-split:nodes=1,2");
    cluster.settle();
    assert_eq!(cluster.node(1).info("udf-remove:filename=dropped.lua"), "ok");
    assert_eq!(cluster.node(2).info(&format!("udf-put:filename=made.lua;{nothing}")), "ok");
    for (node, files) in [(0, ["dropped.lua", "kept.lua"]), (1, ["kept.lua", "made.lua"])] {
        assert_eq!(names(&cluster.node(node).info("udf-list"), "filename"), files);
    }
    for (node, name) in [(0, "dropped_here"), (1, "dropped_there")] {
        let delete = format!("sindex-delete:namespace=test;indexname={name}");
        assert_eq!(cluster.node(node).info(&delete), "ok");
    }
    index(&cluster, 0, "made_here", "bin=d");
    index(&cluster, 1, "made_there", "set=s;bin=n");
    index(&cluster, 1, "new_name", "bin=c");
    assert_eq!(cluster.node(2).call(&put(&in_set("s", "3"), 1)).code, 0);
    assert_eq!(cluster.node(1).info("truncate:namespace=test;set=old"), "ok");
    assert_eq!(cluster.node(0).call(&put(&anew, 2)).code, 0);
    assert_eq!(told(&cluster, &old).iter().map(|(code, _)| *code).collect::<Vec<_>>(), [0, 2, 2]);

    cluster.order("cluster-heal");
    cluster.settle();
    let modules = names(&cluster.node(0).info("udf-list"), "filename");
    assert_eq!(modules, ["kept.lua", "made.lua"]);
    let indexes = names(&cluster.node(0).info("sindex-list:namespace=test"), "indexname");
    assert_eq!(indexes, ["kept", "made_here", "made_there", "new_name"]);
    // Each node tells of the records that it has, of which there are two copies.
    for (name, records) in [("kept", 4), ("made_there", 3)] {
        let stat = format!("sindex-stat:namespace=test;indexname={name}");
        let entries = |node| statistics(&mut cluster.node(node), &stat)["entries"].clone();
        let entries = (0..3).map(|node| entries(node).parse::<u64>().unwrap());
        assert_eq!(entries.sum::<u64>(), 2 * records, "{name}");
    }
    assert_eq!(told(&cluster, &old), [(2, None); 3]);
    assert_eq!(told(&cluster, &anew), [(0, Some(2)); 3]);
}
