//! What is fuzzed, and what must hold whatever the input.
//!
//! `frames` hands the input to the server as it is; `commands` reads it as choices of which a
//! sequence of commands is made that get farther than bytes by chance do. The test `fuzz` of the
//! server runs both on what fuzzers found worth keeping, and on a bounded number of changes of it.

mod choices;
mod collection;
mod expression;
mod info;
mod message;

use aerospike_embedded::{Compat, Config, Offline};

use choices::Choices;

/// As many commands are made of an input.
const MAX_COMMANDS: usize = 40;

/// The server answers, or says that there is no frame; what it answers is well-formed.
pub fn frames(bytes: &[u8]) {
    let server = server();
    if let Ok(replies) = server.exchange(bytes) {
        check_replies(&replies);
    }
}

/// What is stored can be saved and loaded; and once all is truncated, nothing is counted any more.
pub fn commands(bytes: &[u8]) {
    let server = server();
    let mut choices = Choices::new(bytes);
    for _ in 0..MAX_COMMANDS {
        if choices.is_empty() {
            break;
        }
        let frame = message::any(&mut choices);
        let replies = server.exchange(&frame).expect("a frame is no frame");
        assert!(!replies.is_empty(), "no answer");
        check_replies(&replies);
    }
    check_snapshot(&server);
    check_nothing_left(&server);
}

fn server() -> Offline {
    let config = Config { compat: Compat::V8_2, ..Config::default() };
    Offline::new(config).expect("a server")
}

fn check_snapshot(server: &Offline) {
    let text = |server: &Offline| {
        let mut text = Vec::new();
        server.contents().write(&mut text).expect("memory is written to");
        String::from_utf8(text).expect("a snapshot is text")
    };
    let saved = text(server);
    let copy = self::server();
    copy.contents().read(saved.as_bytes()).unwrap_or_else(|error| panic!("{error} in {saved}"));
    // Times to live may have become shorter meanwhile.
    if !saved.contains("\"ttl\":") {
        assert_eq!(text(&copy), saved);
    }
}

fn check_nothing_left(server: &Offline) {
    ask(server, "truncate-namespace:namespace=test");
    let statistics = ask(server, "namespace/test");
    let zero = ["objects", "data_used_bytes", "non_expirable_objects", "sindex_used_bytes"];
    for name in zero {
        let value =
            statistics.split(';').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        assert_eq!(value, Some("0"), "{name}");
    }
    for set in ask(server, "sets/test").split(';').filter(|set| !set.is_empty()) {
        assert!(set.contains(":objects=0:tombstones=0:data_used_bytes=0:"), "{set}");
    }
}

/// Asks one thing; what is answered after the tab.
fn ask(server: &Offline, command: &str) -> String {
    let replies = server.exchange(&message::frame(1, command.as_bytes())).expect("a frame");
    let text = String::from_utf8_lossy(&replies[8..]).into_owned();
    text.split_once('\t').expect("an answer").1.trim_end().to_owned()
}

/// Walks through frames, and through the messages in them, to the last byte.
fn check_replies(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let (header, rest) = bytes.split_first_chunk::<8>().expect("the header of a frame");
        let [version, kind, size @ ..] = *header;
        assert_eq!(version, 2);
        let size = size.iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
        let (body, rest) = rest.split_at_checked(size).expect("a whole frame");
        match kind {
            1 => assert!(body.is_empty() || body.ends_with(b"\n")),
            2 => assert_eq!(size, 16),
            3 => check_messages(body),
            _ => panic!("a frame of type {kind}"),
        }
        bytes = rest;
    }
}

fn check_messages(mut body: &[u8]) {
    fn take<'b>(body: &mut &'b [u8], count: usize) -> &'b [u8] {
        let (taken, rest) = body.split_at_checked(count).expect("a whole message");
        *body = rest;
        taken
    }
    assert!(!body.is_empty(), "a frame without a message");
    while !body.is_empty() {
        let header = take(&mut body, 22);
        assert_eq!(header[0], 22);
        let half = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        for _ in 0..half(18) + half(20) {
            let size = u32::from_be_bytes(*take(&mut body, 4).first_chunk().expect("four bytes"));
            take(&mut body, size as usize);
        }
    }
}
