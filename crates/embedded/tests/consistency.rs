//! Strong consistency on several nodes: transactions whose records and monitor lie on different ones,
//! and what is refused while nodes are missing.

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::cluster::{Cluster, number, partition_of, put};
use support::transaction::{BACK, FORWARD, add, close, ending, mark, monitor_key, within};
use support::{Connection, Key, Reply, Request};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const UNAVAILABLE: u8 = 11;
const BLOCKED: u8 = 120;
const COMMITTED: u8 = 124;

/// What a node says of its namespace.
fn statistic(node: &mut Connection, name: &str) -> u64 {
    let all = node.info("namespace/test");
    let value = all.split(';').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap().parse().unwrap()
}

/// A transaction whose monitor lies on a node.
fn transaction_of_master(cluster: &mut Cluster, node: usize) -> u64 {
    let lies_there = |id: &u64| cluster.owners(partition_of(&monitor_key(*id)))[0] == node;
    (1..).find(lies_there).unwrap()
}

#[test]
fn a_transaction_goes_on_when_a_node_that_it_wrote_to_is_gone() {
    for (bits, after) in [(FORWARD, 2), (BACK, 1)] {
        for killed in 0..3 {
            let mut cluster = Cluster::consistent(3, 2);
            let keys: Vec<_> = (0..3).map(|node| cluster.key_of_master(node)).collect();
            let digests: Vec<_> = keys.iter().map(Key::digest).collect();
            let id = transaction_of_master(&mut cluster, 2);
            // Any node passes on what it does not have.
            let asked = (killed + 1) % 3;
            let mut node = cluster.node(asked);
            for key in &keys {
                assert_eq!(node.call(&put(key, 1)).code, OK);
            }
            assert_eq!(node.call(&add(id, &digests, true, 100)).code, OK);
            for key in &keys {
                assert_eq!(node.call(&within(put(key, 2), id)).code, OK);
            }
            cluster.order(&format!("node-kill:node={killed}"));
            cluster.settle();
            assert_eq!(statistic(&mut node, "mrt_provisionals"), 3);
            for key in &keys {
                assert_eq!(number(&node.call(&Request::get(key))), Some(1));
                assert_eq!(number(&node.call(&within(Request::get(key), id))), Some(2));
                assert_eq!(node.call(&put(key, 9)).code, BLOCKED);
            }
            if bits == FORWARD {
                assert_eq!(node.call(&mark(id)).code, OK);
                assert_eq!(node.call(&mark(id)).code, COMMITTED);
            }
            // One more comes while it ends.
            cluster.order(&format!("node-restart:node={killed}"));
            for key in &keys {
                assert_eq!(node.call(&ending(key, id, bits)).code, OK);
            }
            assert_eq!(node.call(&close(id)).code, OK);
            cluster.settle();
            for asked in 0..3 {
                let mut node = cluster.node(asked);
                let read = |key| number(&node.call(&Request::get(key)));
                assert_eq!(keys.iter().map(read).collect::<Vec<_>>(), [Some(after); 3]);
            }
            assert_eq!(statistic(&mut node, "mrt_provisionals"), 0);
        }
    }
}

/// The codes with which a node answers a write, a read, a row of a batch and a query of a partition.
fn codes(node: &mut Connection, key: &Key) -> [u8; 4] {
    let mut row = vec![0, 0, 0, 1, 4, 0, 0, 0, 0];
    row.extend_from_slice(&key.digest());
    row.extend_from_slice(&[0, 3, 0, 1, 0, 0, 0, 0, 0, 5, 0]);
    row.extend_from_slice(b"test");
    let mut batch = Request { info: [9, 0, 0, 0], ..Request::default() };
    batch.fields.push((41, row));
    let mut query = Request { info: [1, 0, 4, 0], ..Request::default() };
    let partition = partition_of(key) as u16;
    query.fields = vec![(0, b"test".to_vec()), (11, partition.to_le_bytes().to_vec())];
    let mut first = |request: &Request| {
        let (_, mut body) = node.exchange(&request.frame()).unwrap();
        let mut replies: Vec<(u32, Reply)> = Vec::new();
        loop {
            replies.extend(Reply::parse_all(&body));
            if replies.last().unwrap().1.info3 & 1 != 0 {
                return replies.remove(0).1.code;
            }
            body = node.receive().unwrap().1;
        }
    };
    let (batch, query) = (first(&batch), first(&query));
    [node.call(&put(key, 5)).code, node.call(&Request::get(key)).code, batch, query]
}

#[test]
fn a_minority_refuses_everything() {
    let mut cluster = Cluster::consistent(3, 2);
    let keys: Vec<_> = (0..3).map(|node| cluster.key_of_master(node)).collect();
    let mut node = cluster.node(0);
    for key in &keys {
        assert_eq!(codes(&mut node, key)[..2], [OK, OK]);
    }
    assert!(node.info("replicas").starts_with("test:1,2,"), "the regime");
    cluster.order("node-kill:node=1");
    cluster.settle();
    assert_eq!(statistic(&mut node, "unavailable_partitions"), 0);
    for key in &keys {
        assert_eq!(codes(&mut node, key)[..3], [OK; 3]);
    }
    cluster.order("node-kill:node=2");
    cluster.settle();
    assert_eq!(statistic(&mut node, "unavailable_partitions"), 4096);
    assert_eq!(statistic(&mut node, "dead_partitions"), 0);
    for key in &keys {
        assert_eq!(codes(&mut node, key), [UNAVAILABLE; 4]);
    }
    let map = node.info("replicas-master");
    assert!(map.trim_start_matches("test:").trim_end_matches('=').bytes().all(|byte| byte == b'A'));

    // It still has everything: with one of the others it is the majority again.
    cluster.order("node-restart:node=1");
    cluster.settle();
    assert_eq!(statistic(&mut node, "unavailable_partitions"), 0);
    for key in &keys {
        assert_eq!(number(&cluster.node(1).call(&Request::get(key))), Some(5));
    }

    // Or if nobody expects the others any more.
    cluster.order("node-kill:node=1");
    cluster.settle();
    assert_eq!(node.call(&Request::get(&keys[0])).code, UNAVAILABLE);
    let name = node.info("node");
    assert_eq!(node.info(&format!("roster-set:namespace=test;nodes={name}@0")), "ok");
    assert!(node.info("roster:namespace=test").contains(&format!(":pending_roster={name}:")));
    assert_eq!(node.call(&Request::get(&keys[0])).code, UNAVAILABLE);
    assert_eq!(node.info("recluster:"), "ok");
    assert_eq!(number(&node.call(&Request::get(&keys[0]))), Some(5));
    assert!(node.info("roster-set:namespace=test;nodes=none").starts_with("ERROR:4:"));
}

#[test]
fn records_that_went_with_the_last_copy_are_not_taken_for_records_that_never_were() {
    let mut cluster = Cluster::consistent(3, 1);
    let (lost, kept) = (cluster.key_of_master(1), cluster.key_of_master(0));
    let id = transaction_of_master(&mut cluster, 1);
    let mut node = cluster.node(0);
    for key in [&lost, &kept] {
        assert_eq!(node.call(&put(key, 1)).code, OK);
    }
    assert_eq!(node.call(&add(id, &[lost.digest()], true, 100)).code, OK);
    assert_eq!(node.call(&within(put(&lost, 2), id)).code, OK);
    cluster.order("node-kill:node=1");
    cluster.settle();
    for _ in 0..2 {
        assert_eq!(codes(&mut node, &lost), [UNAVAILABLE; 4]);
        assert_eq!(codes(&mut node, &kept)[..3], [OK; 3]);
        assert_eq!(node.call(&mark(id)).code, UNAVAILABLE);
        assert_eq!(statistic(&mut node, "mrt_provisionals"), 0);
        assert_eq!(statistic(&mut node, "mrt_monitors"), 0);
        cluster.order("node-restart:node=1");
        cluster.settle();
    }
    assert!((1300..1400).contains(&statistic(&mut node, "dead_partitions")));
    assert_eq!(node.info("revive:namespace=test"), "ok");
    assert_eq!(node.call(&Request::get(&lost)).code, UNAVAILABLE);
    assert_eq!(node.info("recluster:"), "ok");
    cluster.settle();
    assert_eq!(statistic(&mut node, "dead_partitions"), 0);
    assert_eq!(node.call(&Request::get(&lost)).code, NOT_FOUND);
    assert_eq!(codes(&mut node, &lost)[..2], [OK, OK]);
}

#[test]
fn a_transaction_that_ended_while_a_node_was_away_ends_there_when_it_is_back() {
    let mut cluster = Cluster::consistent(3, 1);
    let (away, here) = (cluster.key_of_master(1), cluster.key_of_master(2));
    let id = transaction_of_master(&mut cluster, 0);
    let digests: Vec<_> = [&away, &here].map(Key::digest).into();
    let mut node = cluster.node(0);
    for key in [&away, &here] {
        assert_eq!(node.call(&put(key, 1)).code, OK);
    }
    assert_eq!(node.call(&add(id, &digests, true, 1)).code, OK);
    for key in [&away, &here] {
        assert_eq!(node.call(&within(put(key, 2), id)).code, OK);
    }
    cluster.order("node-pause:node=1");
    cluster.settle();
    assert_eq!(node.call(&Request::get(&away)).code, UNAVAILABLE);
    assert_eq!(node.call(&put(&here, 9)).code, BLOCKED);
    // The server rolls it back by itself where it can.
    let started = Instant::now();
    while node.call(&put(&here, 3)).code == BLOCKED {
        assert!(started.elapsed() < Duration::from_secs(20), "it is never rolled back");
        std::thread::sleep(Duration::from_millis(10));
    }
    cluster.order("node-resume:node=1");
    cluster.settle();
    assert_eq!(statistic(&mut node, "mrt_provisionals"), 0);
    assert_eq!(number(&node.call(&Request::get(&away))), Some(1));
    assert_eq!(node.call(&put(&away, 3)).code, OK);
}

#[test]
fn only_the_larger_half_of_a_cluster_goes_on() {
    for (apart, larger, smaller) in [("1,2", [1, 2], 0), ("0", [1, 2], 0), ("0,2", [0, 2], 1)] {
        let mut cluster = Cluster::consistent(3, 2);
        let keys: Vec<_> = (0..3).map(|node| cluster.key_of_master(node)).collect();
        let digests: Vec<_> = keys.iter().map(Key::digest).collect();
        let mut node = cluster.node(smaller);
        assert_eq!(node.call(&add(7, &digests, true, 100)).code, OK);
        for key in &keys {
            assert_eq!(node.call(&put(key, 1)).code, OK);
            assert_eq!(node.call(&within(put(key, 2), 7)).code, OK);
        }
        cluster.order(&format!("cluster-split:nodes={apart}"));
        cluster.settle();
        let mut refusing = cluster.node(smaller);
        assert_eq!(statistic(&mut refusing, "unavailable_partitions"), 4096);
        for key in &keys {
            assert_eq!(codes(&mut refusing, key), [UNAVAILABLE; 4]);
        }
        assert_eq!(refusing.call(&mark(7)).code, UNAVAILABLE);
        let mut going_on = cluster.node(larger[0]);
        assert_eq!(going_on.call(&mark(7)).code, OK);
        for key in &keys {
            assert_eq!(going_on.call(&ending(key, 7, FORWARD)).code, OK);
        }
        assert_eq!(going_on.call(&close(7)).code, OK);
        assert_eq!(cluster.node(larger[1]).call(&put(&keys[0], 3)).code, OK);
        cluster.order("cluster-heal");
        cluster.settle();
        for asked in 0..3 {
            let mut node = cluster.node(asked);
            let read = |key| number(&node.call(&Request::get(key)));
            assert_eq!(keys.iter().map(read).collect::<Vec<_>>(), [Some(3), Some(2), Some(2)]);
        }
        let mut node = cluster.node(smaller);
        assert_eq!(statistic(&mut node, "mrt_provisionals"), 0);
        assert_eq!(statistic(&mut node, "unavailable_partitions"), 0);
        assert_eq!(statistic(&mut node, "mrt_monitors"), 0);
    }
}

/// Adds 1 to records again and again through a node, which may be away; how often it was said of
/// each that it was done.
fn count_up(node: SocketAddr, keys: &[Key], is_over: &AtomicBool) -> Vec<i64> {
    let mut counts = vec![0; keys.len()];
    let mut connection = None;
    while !is_over.load(Ordering::Relaxed) {
        for (key, count) in keys.iter().zip(&mut counts) {
            let Some(stream) = connection.take().or_else(|| TcpStream::connect(node).ok()) else {
                continue;
            };
            let request = Request::new(key, [0, 1, 0]).op(5, "n", 1, &1_i64.to_be_bytes());
            let mut reply = [0; 8 + 22];
            let done = (&stream).write_all(&request.frame()).and((&stream).read_exact(&mut reply));
            if done.is_ok() {
                *count += i64::from(reply[8 + 5] == OK);
                connection = Some(stream);
            }
        }
    }
    counts
}

#[test]
fn no_write_that_was_acknowledged_is_lost_when_the_cluster_is_split_and_healed_meanwhile() {
    let mut cluster = Cluster::consistent(3, 2);
    let keys: Vec<_> = (0..40).map(|number| Key::string(&number.to_string())).collect();
    for key in &keys {
        assert_eq!(cluster.node(0).call(&put(key, 0)).code, OK);
    }
    let (nodes, is_over) = (cluster.embedded.addresses.clone(), AtomicBool::new(false));
    let counts: Vec<Vec<i64>> = thread::scope(|scope| {
        let count = |node: &SocketAddr| {
            let (node, keys, is_over) = (*node, &keys, &is_over);
            scope.spawn(move || count_up(node, keys, is_over))
        };
        let counters: Vec<_> = nodes.iter().map(count).collect();
        for round in 0..40 {
            cluster.order(&format!("cluster-split:nodes={}", ["1,2", "0,1", "2"][round % 3]));
            cluster.order("cluster-heal");
        }
        is_over.store(true, Ordering::Relaxed);
        counters.into_iter().map(|counter| counter.join().unwrap()).collect()
    });
    cluster.settle();
    for (place, key) in keys.iter().enumerate() {
        let acknowledged: i64 = counts.iter().map(|counts| counts[place]).sum();
        let found = number(&cluster.node(1).call(&Request::get(key))).unwrap();
        assert!(found >= acknowledged, "of {acknowledged} there are {found}");
        assert!(acknowledged > 0);
    }
}
