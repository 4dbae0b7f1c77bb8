//! Whatever arrives, the server answers or closes, goes on serving, and never panics.

#[path = "support/noise.rs"]
mod noise;
mod support;

use std::io::Write;
use std::net::Shutdown;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use noise::Noise;
use support::{Connection, Embedded, Key, Reply, Request, frame};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A server whose panics are counted: they happen on threads that have no test of their own.
fn server() -> Embedded {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name().is_some_and(|name| name.starts_with("worker")) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            default(panic);
        }));
    });
    Embedded::start()
}

/// Another client is served as if nothing had happened.
fn check_alive(server: &Embedded) {
    let key = Key::string("alive");
    let mut connection = server.connect();
    let put = Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7]);
    assert_eq!(connection.call(&put).code, 0);
    let reply = connection.call(&Request::get(&key));
    assert_eq!(reply.entries, [("a".to_owned(), 1, vec![0, 0, 0, 0, 0, 0, 0, 7])]);
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

/// Sends bytes and nothing more; takes whatever comes until the server closes.
fn send_and_leave(server: &Embedded, bytes: &[u8]) {
    let mut connection = server.connect();
    let _ = connection.stream.write_all(bytes);
    let _ = connection.stream.shutdown(Shutdown::Write);
    while connection.receive().is_some() {}
}

/// Requests of every kind that the server knows.
fn samples() -> Vec<Vec<u8>> {
    let key = Key::string("sample");
    let write = || Request::new(&key, [1, 0x81, 0]);
    let map = b"\x83\xc7\0\x01\xc0\xa2\x03a\x92\x01\xcb\0\0\0\0\0\0\0\0\xa2\x03b\xc0";
    let mut with_key = write().op(2, "i", 1, &[1, 2]).op(5, "i", 1, &[5]).op(1, "i", 0, b"");
    with_key.fields.push((2, b"\x03sample".to_vec()));
    vec![
        with_key.frame(),
        write().op(2, "s", 3, b"text").op(9, "s", 3, b"x").op(10, "s", 3, b"y").frame(),
        write()
            .op(2, "m", 19, map)
            .op(2, "l", 20, b"\x93\x01\xa2\x04b\xd3\0\0\0\0\0\0\0\x01")
            .frame(),
        write().op(2, "g", 23, b"\0\0\0{\"type\":\"Point\",\"coordinates\":[0,1]}").frame(),
        write().op(2, "h", 18, &[&[0, 4, 0][..], &[0; 20]].concat()).op(2, "t", 17, &[1]).frame(),
        write().op(11, "", 0, b"").op(14, "", 0, b"").op(2, "f", 2, &[0; 8]).frame(),
        write().op(4, "l", 4, b"\x93\x01\x05\x00").op(3, "l", 4, b"\x93\x18\x07\x00").frame(),
        write().op(4, "d", 4, b"\x93\xcc\xff\x94\x50\x00\xcc\xa2\xa2\x03k\x92\x01\x05").frame(),
        write().op(4, "m", 4, b"\x95\x43\xa2\x03k\x91\x01\x01\x00").frame(),
        write().op(3, "m", 4, b"\x94\x67\x08\xa2\x03a\xc0").frame(),
        write().op(2, "b", 4, b"blob").op(13, "b", 4, b"\x95\x0a\x03\x0b\x07\x00").frame(),
        write()
            .op(13, "b", 4, b"\x95\x03\x05\x09\xa3\x04ab\x08")
            .op(12, "b", 4, b"\x93\x32\x01\x02")
            .frame(),
        write()
            .op(7, "r", 0, b"\x92\x97\x7d\xa1x\x93\x51\x02\xa1i\xa1y\x93\x14\x92\x7c\xa1x\x01\x94\x7b\xc3\x05\x92\x7c\xa1y\x10")
            .op(8, "w", 0, b"\x92\x95\x7f\x04\x40\x92\x01\x93\x51\x02\xa1i\x93\x51\x04\xa1l\x14")
            .op(7, "m", 0, b"\x92\x93\x09\xa2\x03a\x92\x65\x93\x51\x05\xa1m\x10")
            .frame(),
        write()
            .op(3, "m", 4, b"\x93\xcc\xfe\x98\x04\xc3\x04\x93\x03\x93\x7a\x02\x02\x00\x10\x00\x21\x00\x10")
            .op(4, "m", 4, b"\x94\xcc\xfe\x96\x2a\x91\xa2\x03a\xcd\x02\x04\xc3\x04\xc3\x14\x93\x14\x93\x7a\x02\x01\x01")
            .op(3, "l", 4, b"\x93\xcc\xfe\x92\x04\xc3\x01")
            .frame(),
        filtered(
            Request::get(&key),
            b"\x93\x10\x93\x03\x93\x51\x02\xa1i\x01\x94\x07\x01\xa4a|.*\x93\x51\x03\xa1s",
        )
        .frame(),
        Request::get(&key).frame(),
        Request::delete(&key).frame(),
        batch_of(&[Request::get(&key), write().op(2, "i", 1, &[1])]),
        frame(1, b"node\nreplicas\nsets/test/golden\ntruncate:namespace=bar;set=x;lut=5\n"),
        frame(
            1,
            b"sindex-create:namespace=test;set=golden;indexname=i;bin=i;type=numeric\n\
              sindex-create:namespace=test;indexname=c;bin=m;context=kiKiA2E=;indextype=list;type=numeric\n\
              sindex-create:namespace=test;set=golden;indexname=g;bin=g;type=geo2dsphere\n\
              sindex-create:namespace=test;indexname=e;exp=kxSTUQKhaQE=;type=numeric\n\
              udf-put:filename=m.lua;content=ZnVuY3Rpb24gZihyLGIpIHJldHVybiByW2JdIGVuZA==;content-len=44\n",
        ),
        write().op(16, "h", 4, b"\x95\x01\x92\x05\xa2\x03a\x04\x00\x00").op(15, "h", 4, b"\x91\x32").frame(),
        query(&[(22, b"\x01\x01i\x01\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\x09".to_vec())])
            .op(1, "i", 0, b"")
            .frame(),
        query(&[
            (22, [&b"\x01\x01g\x17\0\0\0\x34"[..], CIRCLE, b"\0\0\0\x34", CIRCLE].concat()),
            (13, vec![0, 0, 0, 0, 0, 0, 0, 5]),
        ])
        .frame(),
        filtered(query(&[(12, vec![1; 20]), (10, vec![0, 0, 0x10, 0])]), b"\x93\x03\x93\x51\x02\xa1i\x01")
            .frame(),
        udf(Request::new(&key, [0, 1, 0])).frame(),
        udf(Request { info: [0, 1, 0, 0], fields: vec![(0, b"test".to_vec()), (33, vec![2])], ..Request::default() })
            .frame(),
        frame(2, &[0; 16]),
    ]
}

const CIRCLE: &[u8] = br#"{"type":"AeroCircle","coordinates":[[0,1],10000000]}"#;

/// A query of a few partitions.
fn query(fields: &[(u8, Vec<u8>)]) -> Request {
    let mut request = Request { info: [1, 0x80, 4, 0], ..Request::default() };
    request.fields =
        vec![(0, b"test".to_vec()), (1, b"golden".to_vec()), (11, vec![5, 0, 7, 0x0f])];
    request.fields.extend_from_slice(fields);
    request
}

/// A request that calls a function.
fn udf(mut request: Request) -> Request {
    request.fields.push((30, b"m".to_vec()));
    request.fields.push((31, b"f".to_vec()));
    request.fields.push((32, b"\x92\xa2\x03m\x81\xa2\x03k\x91\xc0".to_vec()));
    request
}

fn filtered(mut request: Request, filter: &[u8]) -> Request {
    request.fields.push((43, filter.to_vec()));
    request
}

/// A batch of rows without what a row may leave out.
fn batch_of(requests: &[Request]) -> Vec<u8> {
    let mut rows = (requests.len() as u32).to_be_bytes().to_vec();
    rows.push(5);
    for request in requests {
        let mut alone = request.clone();
        let (_, digest) = alone.fields.remove(2);
        rows.extend_from_slice(&[0, 0, 0, 9]);
        rows.extend_from_slice(&digest);
        rows.extend_from_slice(&[2, request.info[0], request.info[1], request.info[2]]);
        rows.extend_from_slice(&alone.body()[18..]);
    }
    Request { info: [9, 0, 0, 0], fields: vec![(41, rows)], ..Request::default() }.frame()
}

fn bytes(noise: &mut Noise, count: usize) -> Vec<u8> {
    (0..count).map(|_| noise.next() as u8).collect()
}

#[test]
fn a_request_cut_short_is_forgotten() {
    let server = server();
    for sample in samples() {
        for end in 0..sample.len() {
            send_and_leave(&server, &sample[..end]);
        }
    }
    check_alive(&server);
}

#[test]
fn a_request_with_any_byte_changed_is_answered_or_closed() {
    let server = server();
    for sample in samples() {
        for at in 0..sample.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = sample.clone();
                changed[at] ^= change;
                send_and_leave(&server, &changed);
            }
        }
    }
    check_alive(&server);
}

#[test]
fn noise_is_answered_or_closed() {
    let server = server();
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for _ in 0..500 {
        let size = noise.below(300);
        send_and_leave(&server, &bytes(&mut noise, size));
    }
    for kind in [1, 3, 4] {
        let mut connection = server.connect();
        for _ in 0..2000 {
            let size = noise.below(200);
            let body = bytes(&mut noise, size);
            assert!(connection.exchange(&frame(kind, &body)).is_some(), "frame of type {kind}");
        }
    }
    check_alive(&server);
}

#[test]
fn requests_of_random_parts_are_answered() {
    let server = server();
    let mut noise = Noise(42);
    let mut connection = server.connect();
    let kinds = [0, 1, 2, 3, 4, 17, 18, 19, 20, 23];
    for number in 0..20_000 {
        let key = Key::string(&format!("{}", number % 7));
        let info = [noise.next() as u8 & !8, noise.next() as u8, noise.next() as u8];
        let mut request = Request::new(&key, info);
        request.generation = noise.below(4) as u32;
        request.ttl = noise.below(3) as u32;
        if noise.below(8) == 0 {
            let size = noise.below(12);
            request.fields.push((noise.next() as u8, bytes(&mut noise, size)));
        }
        for _ in 0..noise.below(5) {
            let name = ["", "a", "b", "c", "sixteen_letters_"][noise.below(5)];
            let size = [0, 1, 8, noise.below(30)][noise.below(4)];
            let value = bytes(&mut noise, size);
            request = request.op(noise.below(19) as u8, name, kinds[noise.below(10)], &value);
        }
        connection.call(&request);
    }
    check_alive(&server);
}

#[test]
fn collection_operations_of_random_parts_are_answered() {
    let server = server();
    let mut noise = Noise(7);
    let mut connection = server.connect();
    let key = Key::string("collections");
    let parts: [&[u8]; 16] = [
        b"\x00",
        b"\x01",
        b"\xff",
        b"\xfe",
        b"\xc0",
        b"\x07",
        b"\xa2\x03a",
        b"\xa2\x03b",
        b"\x92\x01\x02",
        b"\x93\xc7\0\x01\x01\x02",
        b"\x81\x01\x02",
        b"\x83\xc7\0\x01\xc0\xa2\x03a\x01\xa2\x03b\x90",
        b"\xd4\xff\0",
        b"\xd4\xff\x01",
        b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xd3\x80\0\0\0\0\0\0\0",
    ];
    for number in 0..40_000 {
        let mut payload = Vec::new();
        if noise.below(3) == 0 {
            let steps = 1 + noise.below(3);
            payload.extend_from_slice(&[0x93, 0xcc, 0xff, 0x90 | (2 * steps) as u8]);
            for _ in 0..steps {
                let kind = [0x10, 0x11, 0x13, 0x20, 0x21, 0x22, 0x23, 0x50, 0x90, 0xd0, 0x62, 0xa2];
                payload.extend_from_slice(&[0xcc, kind[noise.below(12)]]);
                payload.extend_from_slice(parts[noise.below(16)]);
            }
        }
        let arguments = noise.below(5);
        payload.extend_from_slice(&[0x91 + arguments as u8, noise.below(112) as u8]);
        for _ in 0..arguments {
            payload.extend_from_slice(parts[noise.below(16)]);
        }
        let code = [3, 4, 12, 13][noise.below(4)];
        let info = if code == 3 || code == 12 { [1, 0, 0] } else { [1, 1, 0] };
        let bin = ["l", "m", "b", "none"][noise.below(4)];
        let mut request = Request::new(&key, info).op(code, bin, 4, &payload);
        if number % 16 == 0 {
            request = Request::new(&key, [0, 1, 0]);
            request = request.op(2, "l", 20, parts[8 + noise.below(2)]);
            request = request.op(2, "m", 19, parts[10 + noise.below(2)]);
            request = request.op(2, "b", 4, b"some bytes");
        }
        connection.call(&request);
    }
    check_alive(&server);
}

#[test]
fn a_promise_of_many_bytes_allocates_nothing() {
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let server = server();
    check_alive(&server);
    let before = resident();
    let mut promise = frame(3, b"");
    promise[2..].copy_from_slice(&[0, 0, 0x08, 0, 0, 0]);
    let connections: Vec<_> = (0..100)
        .map(|_| {
            let mut connection = server.connect();
            connection.stream.write_all(&promise).unwrap();
            connection
        })
        .collect();
    check_alive(&server);
    assert!(resident() - before < 64 * 1024, "{} KiB more", resident() - before);
    drop(connections);
}

#[test]
fn a_frame_that_is_too_large_is_closed() {
    let server = server();
    let mut connection = server.connect();
    let mut promise = frame(3, b"");
    promise[2..].copy_from_slice(&[0, 0, 0x08, 0, 0, 1]);
    assert!(connection.exchange(&promise).is_none());
    check_alive(&server);
}

#[test]
fn a_request_that_comes_byte_by_byte_is_answered() {
    let server = server();
    let mut connection = server.connect();
    let bytes = Request::get(&Key::string("nobody")).frame();
    let (last, first) = bytes.split_last().unwrap();
    for byte in first {
        connection.stream.write_all(&[*byte]).unwrap();
    }
    let (_, body) = connection.exchange(&[*last]).unwrap();
    assert_eq!(Reply::parse(&body).code, 2);
}

#[test]
fn requests_sent_together_are_answered_in_order() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("pipeline");
    let add = Request::new(&key, [1, 1, 0]).op(5, "n", 1, &[1]).op(1, "n", 0, b"").frame();
    let mut writer = Connection { stream: connection.stream.try_clone().unwrap() };
    let count = 20_000u64;
    thread::scope(|scope| {
        scope.spawn(move || writer.stream.write_all(&add.repeat(count as usize)).unwrap());
        for number in 1..=count {
            let (_, body) = connection.receive().unwrap();
            assert_eq!(Reply::parse(&body).entries[0].2, number.to_be_bytes());
        }
    });
}

#[test]
fn a_compressed_request_is_answered_as_a_plain_one() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("compressed");
    let plain = Request::new(&key, [0, 1, 0]).op(2, "a", 3, &[b'x'; 10_000]).frame();
    let mut body = (plain.len() as u64).to_be_bytes().to_vec();
    let mut encoder = flate2::write::ZlibEncoder::new(&mut body, flate2::Compression::fast());
    encoder.write_all(&plain).unwrap();
    encoder.finish().unwrap();
    let (kind, reply) = connection.exchange(&frame(4, &body)).unwrap();
    assert_eq!((kind, Reply::parse(&reply).code), (3, 0));
    assert_eq!(connection.call(&Request::get(&key)).entries[0].2, [b'x'; 10_000]);
}

#[test]
fn writes_from_many_connections_are_all_counted() {
    let server = server();
    let key = Key::string("counter");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut connection = server.connect();
                let add = Request::new(&key, [0, 1, 0]).op(5, "n", 1, &[1]);
                for _ in 0..1000 {
                    assert_eq!(connection.call(&add).code, 0);
                }
            });
        }
    });
    let reply = server.connect().call(&Request::get(&key));
    assert_eq!((reply.generation, &reply.entries[0].2[..]), (8000, &8000u64.to_be_bytes()[..]));
}

#[test]
fn connections_dropped_in_the_middle_leave_nothing_behind() {
    let server = server();
    let bytes = Request::get(&Key::string("nobody")).frame();
    for number in 0..2000 {
        let mut connection = server.connect();
        let _ = connection.stream.write_all(&bytes[..number % bytes.len()]);
    }
    check_alive(&server);
}

#[test]
fn expressions_as_deep_as_can_be_are_answered_and_deeper_ones_refused() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("deep");
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7])).code, 0);
    let nested = |depth: usize| [b"\x92\x12".repeat(depth), b"\xc3".to_vec()].concat();
    let mut code = |filter: &[u8]| connection.call(&filtered(Request::get(&key), filter)).code;
    assert_eq!(code(&nested(198)), 0);
    assert_eq!(code(&nested(199)), 27);
    for depth in [200, 10_000, 1_000_000] {
        assert_eq!(code(&nested(depth)), 4);
    }
    // A condition, a variable, a value: the operations that go deepest in themselves.
    for (before, after) in
        [(&b"\x94\x7b\xc3"[..], &b"\xc2"[..]), (b"\x94\x7d\xa1x\x01", b""), (b"\x93\x10\xc3", b"")]
    {
        let nested = [before.repeat(199), b"\xc3".to_vec(), after.repeat(199)].concat();
        assert!(matches!(code(&nested), 0 | 4));
    }
    check_alive(&server);
}

#[test]
fn an_expression_that_doubles_a_value_again_and_again_is_given_up() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("doubled");
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7])).code, 0);
    // Each variable is the one before, appended to itself.
    let name = |number: u8| vec![0xa2, b'v', b'a' + number];
    let variable = |number: u8| [&b"\x92\x7c"[..], &name(number)].concat();
    let mut wire = vec![0xdc, 0, 54, 0x7d];
    wire.extend([name(0), b"\x92\x7e\x91\x01".to_vec()].concat());
    for number in 1..26 {
        wire.extend(name(number));
        wire.extend(b"\x95\x7f\x04\x40\x92\x02");
        wire.extend([variable(number - 1), variable(number - 1)].concat());
    }
    wire.extend([&b"\x93\x01\x95\x7f\x02\x00\x91\x10"[..], &variable(25), b"\x05"].concat());
    assert_eq!(connection.call(&filtered(Request::get(&key), &wire)).code, 27);
    check_alive(&server);
}

#[test]
fn paths_within_expressions_within_paths_do_not_go_on_for_ever() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("paths");
    let lists = [b"\x91".repeat(40), b"\x90".to_vec()].concat();
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "l", 20, &lists)).code, 0);
    // Whether what a path selects is not nothing, with as many denials as still may be around it.
    let selects = |from: &[u8], condition: &[u8]| {
        let path = [&b"\x93\xcc\xfe\x92\x04"[..], condition, b"\x11"].concat();
        let selected = [&b"\x95\x7f\x04\x00"[..], &path, from].concat();
        let size = [&b"\x95\x7f\x02\x00\x91\x10"[..], &selected].concat();
        [&b"\x92\x12".repeat(190)[..], b"\x93\x03", &size, b"\xff"].concat()
    };
    for levels in [1, 2, 3, 10, 35] {
        let mut condition = b"\xc3".to_vec();
        for _ in 0..levels {
            condition = selects(b"\x93\x7a\x04\x01", &condition);
        }
        let filter = selects(b"\x93\x51\x04\xa1l", &condition);
        let code = connection.call(&filtered(Request::get(&key), &filter)).code;
        assert_eq!(code, 0, "{levels} levels");
    }
    check_alive(&server);
}

#[test]
fn small_regular_expressions_that_become_large_are_refused() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("regexes");
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "s", 3, b"text")).code, 0);
    let regex = |pattern: &[u8]| {
        let name = [&[0xd9, pattern.len() as u8], pattern].concat();
        [&b"\x94\x07\x01"[..], &name, b"\x93\x51\x03\xa1s"].concat()
    };
    let mut code = |filter: &[u8]| connection.call(&filtered(Request::get(&key), filter)).code;
    assert_eq!(code(&regex(b"^t(e|x)+t$")), 0);
    assert_eq!(code(&regex(b"((((x{99}){99}){99}){99})")), 4);
    // More of them than there may be.
    let any =
        |count: u8| [vec![0xdc, 0, count + 1, 0x11], regex(b"z").repeat(count.into())].concat();
    assert_eq!(code(&any(64)), 27);
    assert_eq!(code(&any(65)), 4);
    check_alive(&server);
}

#[test]
fn numbers_that_are_none_do_not_confuse_sorting() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("numbers");
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for size in [21u16, 50, 400, 5000] {
        let mut list = [&[0xdc][..], &size.to_be_bytes()].concat();
        for _ in 0..size {
            let number = match noise.below(3) {
                0 => f64::NAN,
                _ => noise.below(1000) as f64,
            };
            list.push(0xcb);
            list.extend_from_slice(&number.to_be_bytes());
        }
        let put = Request::new(&key, [0, 1, 0]).op(2, "l", 20, &list);
        assert_eq!(connection.call(&put).code, 0);
        // Sort it, ask for ranks, and look for all of its elements by value.
        let wanted = [&b"\x93\x17\x03"[..], &list].concat();
        for operation in [&b"\x92\x0d\x00"[..], b"\x94\x1a\x07\x00\x7f", &wanted] {
            let code = if operation[1] == 0x0d { 4 } else { 3 };
            let request = Request::new(&key, [1, 0x81, 0]).op(code, "l", 4, operation);
            assert_eq!(connection.call(&request).code, 0);
        }
    }
    check_alive(&server);
}

#[test]
fn many_values_named_in_large_collections_are_looked_for_at_once() {
    const SIZE: u32 = 20_000;
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("large");
    let number = |number: u32| [&[0xce][..], &number.to_be_bytes()].concat();
    let many = |head: u8, of: &dyn Fn(u32) -> Vec<u8>| {
        let elements = (0..SIZE).flat_map(of);
        [&[head][..], &SIZE.to_be_bytes()].concat().into_iter().chain(elements).collect::<Vec<_>>()
    };
    let numbers = many(0xdd, &|n| number(n * 2));
    let others = many(0xdd, &|n| number(n * 2 + 1));
    let wildcards = many(0xdd, &|_| vec![0xd4, 0xff, 0]);
    let pairs = many(0xdf, &|n| [number(n * 2), vec![0xc0]].concat());
    let other_pairs = many(0xdf, &|n| [number(n * 2 + 1), vec![0xc0]].concat());
    let put = Request::new(&key, [0, 1, 0]).op(2, "l", 20, &numbers).op(2, "m", 19, &pairs);
    assert_eq!(connection.call(&put).code, 0);
    let mut code = |bin: &str, operations: &[(u8, Vec<u8>)]| {
        let request = Request::new(&key, [1, 0x81, 0]);
        let add = |request: Request, (code, operation): &(u8, Vec<u8>)| {
            request.op(*code, bin, 4, operation)
        };
        connection.call(&operations.iter().fold(request, add)).code
    };
    let append_unique = [&b"\x94\x02"[..], &others, b"\x00\x01"].concat();
    // None of them is left when the request fails.
    assert_eq!(code("l", &[(4, append_unique.clone()), (4, b"\x92\x00\xcc\x7f".to_vec())]), 26);
    let by_value = |what: u8, values: &[u8]| [&[0x93, 0x17, what][..], values].concat();
    for what in [1, 3, 5, 7] {
        assert_eq!(code("l", &[(3, by_value(what, &others)), (3, by_value(what, &numbers))]), 0);
    }
    let order = b"\x92\x00\x01".to_vec();
    assert_eq!(code("l", &[(4, order), (3, by_value(7, &numbers))]), 0);
    assert_eq!(code("l", &[(3, by_value(7, &wildcards))]), 13);
    let put_items = [&b"\x94\x44"[..], &other_pairs, b"\x00\x00"].concat();
    let by_key = [&b"\x93\x6b\x01"[..], &others].concat();
    let unordered_by_value = [&b"\x93\x6c\xce\x00\x01\x00\x03"[..], &others].concat();
    let operations = [(4, put_items), (3, by_key), (3, unordered_by_value)];
    assert_eq!(code("m", &operations), 0);
    check_alive(&server);
}

#[test]
fn an_expression_that_would_take_a_megabyte_compiled_is_refused() {
    let server = server();
    let mut connection = server.connect();
    let key = Key::string("compiled");
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7])).code, 0);
    let mut code = |filter: &[u8]| connection.call(&filtered(Request::get(&key), filter)).code;
    // A list of so many literals of 24 bytes each.
    let all = |count: u32| {
        [&[0xdd][..], &(count + 1).to_be_bytes(), &[0x10], &b"\xc3".repeat(count as usize)].concat()
    };
    assert_eq!(code(&all(43_690)), 0);
    assert_eq!(code(&all(43_691)), 4);
    check_alive(&server);
}
