//! Transactions, byte by byte: monitors, locks, versions, and how the server ends what is abandoned.

mod support;

use std::time::{Duration, Instant};

use aerospike_embedded::Config;
use support::transaction::*;
use support::{Connection, Embedded, Key, Reply, Request};

const OK: u8 = 0;
const NOT_FOUND: u8 = 2;
const GENERATION: u8 = 3;
const PARAMETER: u8 = 4;
const FORBIDDEN: u8 = 22;
const ENTERPRISE_ONLY: u8 = 25;
const UNSUPPORTED: u8 = 16;
const BLOCKED: u8 = 120;
const MISMATCH: u8 = 121;
const EXPIRED: u8 = 122;
const TOO_MANY_WRITES: u8 = 123;
const COMMITTED: u8 = 124;
const ABORTED: u8 = 125;
const ALREADY_LOCKED: u8 = 126;
const MONITOR_EXISTS: u8 = 127;

fn server() -> Embedded {
    Embedded::with(Config {
        namespaces: vec!["test".into(), "plain".into()],
        strong_consistency: vec!["test".into()],
        ..Config::default()
    })
}

/// The bin `n` as everybody sees it, or `None` if there is no record.
fn number(connection: &mut Connection, key: &Key) -> Option<u8> {
    let reply = connection.call(&Request::get(key));
    (reply.code == OK).then(|| reply.entries[0].2[7])
}

/// The version that a reply tells.
fn version(reply: &Reply) -> Option<Vec<u8>> {
    reply.field(VERSION)
}

fn code(connection: &mut Connection, request: &Request) -> u8 {
    connection.call(request).code
}

/// Waits until the server has done what it does by itself.
fn eventually(mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "it never came true");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_is_written_is_seen_by_others_when_it_is_rolled_forward() {
    let server = server();
    let connection = &mut server.connect();
    for (bits, after) in [(BACK, Some(1)), (FORWARD, Some(2)), (FORWARD, None)] {
        let key = Key::string(&format!("{bits} {after:?}"));
        assert_eq!(code(connection, &put(&key, 1)), OK);
        let write = if after.is_none() { delete(&key) } else { put(&key, 2) };
        let written = connection.call(&within(write, 7));
        assert_eq!((written.code, version(&written)), (OK, None));
        assert_eq!(number(connection, &key), Some(1));
        let own = connection.call(&within(Request::get(&key), 7));
        assert_eq!(own.code, if after.is_none() { NOT_FOUND } else { OK });
        assert_eq!(version(&own), None);

        for (others, bits) in [(put(&key, 3), 0), (within(put(&key, 3), 8), 0)] {
            assert_eq!((code(connection, &others), bits), (BLOCKED, 0));
        }
        assert_eq!(code(connection, &within(Request::get(&key), 8)), BLOCKED);
        // Whoever does not hold the record does not end that either.
        assert_eq!(code(connection, &ending(&key, 8, bits)), OK);
        assert_eq!(code(connection, &put(&key, 3)), BLOCKED);
        for _ in 0..2 {
            assert_eq!(code(connection, &ending(&key, 7, bits)), OK);
            assert_eq!(number(connection, &key), after);
        }
        assert_eq!(code(connection, &put(&key, 3)), OK);
    }
}

#[test]
fn versions_tell_what_changed() {
    let server = server();
    let connection = &mut server.connect();
    let key = Key::string("versions");
    let read = |connection: &mut Connection| connection.call(&within(Request::get(&key), 7));
    assert_eq!((read(connection).code, version(&read(connection))), (NOT_FOUND, None));
    assert_eq!(version(&connection.call(&put(&key, 1))), None);
    assert_eq!(version(&connection.call(&Request::get(&key))), None);
    let first = version(&read(connection)).expect("a version");
    assert_eq!(first.len(), 7);
    assert_eq!(version(&read(connection)), Some(first.clone()));
    assert_eq!(code(connection, &verify(&key, &first)), OK);

    // A write that fails has seen the record.
    let mut stale = put(&key, 2);
    (stale.info[1], stale.generation) = (1 | 4, 9);
    let failed = connection.call(&within(stale, 7));
    assert_eq!((failed.code, version(&failed)), (GENERATION, Some(first.clone())));

    // A lock alone is a reason not to rely on what was read.
    assert_eq!(code(connection, &within(put(&key, 2), 8)), OK);
    assert_eq!(code(connection, &verify(&key, &first)), BLOCKED);
    assert_eq!(code(connection, &ending(&key, 8, BACK)), OK);
    assert_eq!(code(connection, &verify(&key, &first)), OK);

    // Whatever changes the record changes its version, the same value and a delete among it.
    for change in [put(&key, 1), delete(&key), put(&key, 1)] {
        let before = version(&read(connection)).expect("a version");
        assert_eq!(code(connection, &change), OK);
        assert_eq!(code(connection, &verify(&key, &before)), MISMATCH);
        for command in [put(&key, 2), Request::get(&key)] {
            let command = field(within(command, 7), VERSION, &before);
            assert_eq!(code(connection, &command), MISMATCH);
        }
    }
    assert_eq!(connection.call(&Request::get(&key)).generation, 4);
    assert_eq!(code(connection, &verify(&key, &first)), MISMATCH);
}

#[test]
fn monitors_say_how_far_a_transaction_is() {
    let server = server();
    let connection = &mut server.connect();
    let digests: Vec<Vec<u8>> = (0..3).map(|n| Key::string(&n.to_string()).digest()).collect();

    assert_eq!(code(connection, &add(1, &digests, false, 0)), EXPIRED);
    assert_eq!(code(connection, &mark(1)), EXPIRED);
    assert_eq!(code(connection, &close(1)), NOT_FOUND);
    let begun = connection.call(&add(1, &digests[..2], true, 30));
    assert_eq!(begun.code, OK);
    let (kind, deadline) = &begun.fields[0];
    assert_eq!((*kind, deadline.len()), (DEADLINE, 4));
    let entries: Vec<_> = begun.entries.iter().map(|entry| (entry.0.as_str(), entry.1)).collect();
    assert_eq!(entries, [("id", 0), ("keyds", 1)]);
    assert_eq!(begun.entries[1].2[7], 2);
    assert_eq!(code(connection, &add(1, &digests, true, 30)), MONITOR_EXISTS);
    let added = connection.call(&add(1, &digests, false, 60));
    assert_eq!((added.code, &added.fields[0].1, added.entries[0].2[7]), (OK, deadline, 3));
    let many: Vec<Vec<u8>> =
        (0..4094).map(|n| Key::string(&format!("many {n}")).digest()).collect();
    assert_eq!(code(connection, &add(1, &many, false, 0)), TOO_MANY_WRITES);
    assert_eq!(code(connection, &add(1, &many[..4093], false, 0)), OK);
    assert!(connection.info("namespace/test").contains(";mrt_monitors=1;"));
    assert_eq!(code(connection, &Request::get(&monitor_key(1))), NOT_FOUND);

    assert_eq!(code(connection, &mark(1)), OK);
    assert_eq!(code(connection, &mark(1)), COMMITTED);
    assert_eq!(code(connection, &add(1, &digests, false, 0)), COMMITTED);
    assert_eq!(code(connection, &close(1)), OK);
    assert!(connection.info("namespace/test").contains(";mrt_monitors=0;"));
    assert_eq!(code(connection, &add(2, &digests, true, 121)), PARAMETER);
    let pointless = Request::new(&monitor_key(2), [0, 1, 0]).op(2, "x", 1, &[0; 8]);
    assert_eq!(code(connection, &pointless), PARAMETER);
}

#[test]
fn the_server_ends_what_is_abandoned() {
    let server = server();
    let connection = &mut server.connect();
    for (id, marked) in [(1, false), (2, true)] {
        let keys = [Key::string(&format!("{id} a")), Key::string(&format!("{id} b"))];
        let digests: Vec<_> = keys.iter().map(Key::digest).collect();
        assert_eq!(code(connection, &add(id, &digests, true, 1)), OK);
        for key in &keys {
            assert_eq!(code(connection, &within(put(key, 5), id)), OK);
        }
        if marked {
            assert_eq!(code(connection, &mark(id)), OK);
        }
        eventually(|| connection.info("namespace/test").contains(";mrt_provisionals=0;"));
        for key in &keys {
            assert_eq!(number(connection, key), marked.then_some(5));
        }
        // Whoever comes too late is told how it ended.
        assert_eq!(code(connection, &mark(id)), if marked { COMMITTED } else { ABORTED });
        let late = field(put(&keys[0], 6), TRANSACTION, &id.to_le_bytes());
        assert_eq!(code(connection, &field(late, DEADLINE, &1u32.to_le_bytes())), EXPIRED);
        assert_eq!(code(connection, &close(id)), OK);
    }
}

#[test]
fn durations_are_configured() {
    let server = server();
    let connection = &mut server.connect();
    assert!(connection.info("namespace/test").contains(";mrt-duration=10;"));
    let set =
        |duration: &str| format!("set-config:context=namespace;id=test;mrt-duration={duration}");
    assert_eq!(connection.info(&set("2")), "ok");
    assert!(connection.info("get-config:context=namespace;id=test").contains("mrt-duration=2;"));
    for wrong in ["0", "121", "x"] {
        assert!(connection.info(&set(wrong)).starts_with("ERROR:4:"));
    }
    let deadline = |connection: &mut Connection, id, seconds| {
        let begun = connection.call(&add(id, &[], true, seconds));
        u32::from_le_bytes(begun.fields[0].1.as_slice().try_into().unwrap())
    };
    let (short, long) = (deadline(connection, 1, 0), deadline(connection, 2, 100));
    assert!((97..=99).contains(&(long - short)), "{short} {long}");
}

#[test]
fn deletes_are_durable_where_there_are_transactions() {
    let server = server();
    let connection = &mut server.connect();
    let key = Key::string("durable");
    let plain = Key { namespace: "plain".into(), ..key.clone() };
    for key in [&key, &plain] {
        assert_eq!(code(connection, &put(key, 1)), OK);
    }
    let nil = |key: &Key, durable: u8| Request::new(key, [0, 1 | durable, 0]).op(2, "n", 0, &[]);
    assert_eq!(code(connection, &Request::delete(&key)), FORBIDDEN);
    assert_eq!(code(connection, &nil(&key, 0)), FORBIDDEN);
    assert_eq!(code(connection, &delete(&plain)), ENTERPRISE_ONLY);
    assert_eq!(code(connection, &nil(&key, 0x10)), OK);
    assert_eq!(number(connection, &key), None);
    assert_eq!(code(connection, &delete(&key)), NOT_FOUND);
    assert!(connection.info("namespace/test").contains(";tombstones=1;"));
    assert_eq!(connection.call(&put(&key, 2)).generation, 3);
    assert!(connection.info("namespace/test").contains(";tombstones=0;"));
    assert_eq!(code(connection, &Request::delete(&plain)), OK);
    assert_eq!(connection.call(&put(&plain, 2)).generation, 1);
}

#[test]
fn transactions_are_refused_elsewhere() {
    let server = server();
    let connection = &mut server.connect();
    let key = Key { namespace: "plain".into(), ..Key::string("k") };
    for request in [within(put(&key, 1), 7), within(Request::get(&key), 7), verify(&key, &[0; 7])] {
        assert_eq!(code(connection, &request), UNSUPPORTED);
    }
    assert!(connection.info("edition").contains("Enterprise"));
    let community = Embedded::start();
    let connection = &mut community.connect();
    assert_eq!(code(connection, &within(put(&Key::string("k"), 1), 7)), ENTERPRISE_ONLY);
    assert!(connection.info("edition").contains("Community"));
}

#[test]
fn odd_requests_are_refused() {
    let server = server();
    let connection = &mut server.connect();
    let key = Key::string("odd");
    let without_deadline = field(put(&key, 1), TRANSACTION, &7u64.to_le_bytes());
    assert_eq!(code(connection, &without_deadline), PARAMETER);
    let mut again = within(put(&key, 2), 7);
    again.info[3] = ON_LOCKING_ONLY;
    assert_eq!(code(connection, &again), OK);
    assert_eq!(code(connection, &again), ALREADY_LOCKED);
    let mut nobody = Request::new(&key, [0, 0x11, 0]);
    nobody.info[3] = FORWARD;
    assert_eq!(code(connection, &nobody), PARAMETER);
    for (kind, size) in [(TRANSACTION, 7), (DEADLINE, 5), (VERSION, 8)] {
        let malformed = field(Request::get(&key), kind, &vec![0; size]);
        assert_eq!(code(connection, &malformed), PARAMETER);
    }
    assert_eq!(code(connection, &within(mark(1), 7)), PARAMETER);
}
