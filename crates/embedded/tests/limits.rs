//! What one client can't take from the others: connections, memory, the processor.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::time::Duration;

use aerospike_embedded::Config;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use support::{Connection, Embedded, Key, Reply, Request, frame};

/// The files that this process has open, the server's among them.
fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn statistic(connection: &mut Connection, name: &str) -> u64 {
    let all = connection.info("statistics");
    let value = all.split(';').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap().parse().unwrap()
}

/// Waits until the server has noticed what clients did.
fn wait_for(connection: &mut Connection, name: &str, count: u64) {
    while statistic(connection, name) != count {
        std::thread::yield_now();
    }
}

#[test]
fn ten_thousand_connections_dropped_in_the_middle_of_a_message_leave_nothing() {
    const CONNECTIONS: usize = 10_000;
    let server = Embedded::start();
    let mut watch = server.connect();
    watch.info("build");
    let key = Key::string("dropped");
    let messages = [
        Request::new(&key, [0, 1, 0]).op(2, "a", 3, &[b'x'; 300]).frame(),
        // One that is answered, though nobody reads it: such a client leaves with a reset.
        [frame(1, b"statistics\n"), Request::get(&key).frame()].concat(),
        frame(4, &[0; 40]),
    ];
    let before = open_files();
    let mut used = 0;
    for number in 0..CONNECTIONS {
        let message = &messages[number % messages.len()];
        let mut connection = server.connect();
        let cut = 1 + number % 60;
        connection.stream.write_all(&message[..message.len().saturating_sub(cut)]).unwrap();
        drop(connection);
        // What so many take at once is no leak: the server keeps up.
        if number % 50 == 0 {
            wait_for(&mut watch, "client_connections_opened", number as u64 + 2);
            wait_for(&mut watch, "client_connections", 1);
        }
        if number == CONNECTIONS / 10 {
            used = resident_kib();
        }
    }
    wait_for(&mut watch, "client_connections_opened", CONNECTIONS as u64 + 1);
    wait_for(&mut watch, "client_connections", 1);
    assert_eq!(open_files(), before);
    let now = resident_kib();
    assert!(now < used + 32 * 1024, "{used} KiB have become {now}");
}

#[test]
fn connections_beyond_the_limit_are_closed_and_those_below_it_served() {
    let server = Embedded::with(Config { max_connections: 3, ..Config::default() });
    let mut served: Vec<_> = (0..3).map(|_| server.connect()).collect();
    for connection in &mut served {
        assert!(connection.info("get-config:context=service").contains(";proto-fd-max=3;"));
    }
    for _ in 0..10 {
        let mut refused = server.connect();
        let _ = refused.stream.write_all(&frame(1, b"build\n"));
        assert!(!matches!(refused.stream.read(&mut [0; 8]), Ok(1..)));
    }
    served.truncate(1);
    wait_for(&mut served[0], "client_connections", 1);
    assert_eq!(server.connect().info("status"), "ok");
}

#[test]
fn a_reply_that_would_fill_the_memory_is_refused_and_the_record_left_as_it_was() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let key = Key::string("echo");
    let value = vec![b'x'; 900_000];
    assert_eq!(connection.call(&Request::new(&key, [0, 1, 0]).op(2, "a", 3, &value)).code, 0);
    let repeated = |request: Request, count: usize| {
        (0..count).fold(request, |request, _| request.op(1, "a", 0, b""))
    };
    let reply = connection.call(&repeated(Request::new(&key, [1, 0, 0]), 50));
    assert_eq!((reply.code, reply.entries.len()), (0, 50));
    let before = resident_kib();
    assert_eq!(connection.call(&repeated(Request::new(&key, [1, 0, 0]), 20_000)).code, 13);
    let write = Request::new(&key, [1, 1, 0]).op(2, "a", 1, &[1]);
    let write = repeated(Request::new(&key, [1, 1, 0]), 20_000).op(2, "b", 1, &write.ops[0].value);
    assert_eq!(connection.call(&write).code, 13);
    assert_eq!(connection.call(&Request::get(&key)).entries.len(), 1);
    assert!(resident_kib() < before + 300 * 1024);
    let text = [b"statistics\n".repeat(20_000), b"build\n".to_vec()].concat();
    let (_, body) = connection.exchange(&frame(1, &text)).unwrap();
    assert!(body.len() < 17 * 1024 * 1024);
    assert!(body.ends_with(b"statistics\tERROR:4:the reply is too large already\n"));
    assert_eq!(connection.info("status"), "ok");
}

#[test]
fn operations_that_copy_a_bin_again_and_again_come_to_an_end() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let key = Key::string("copies");
    let piece = [b'x'; 3000];
    let grow = |count| {
        (0..count).fold(Request::new(&key, [0, 1, 0]), |request, _| request.op(9, "a", 3, &piece))
    };
    // Refused for the time it takes, or what it comes to: whichever is first.
    assert!(matches!(connection.call(&grow(30_000)).code, 9 | 13));
    assert_eq!(connection.call(&Request::get(&key)).code, 2);
}

/// Asks for all records, with a timeout of so many milliseconds, and reads the answer once that is
/// over: how many records came, and the last code.
fn query_slowly(connection: &mut Connection, is_short: bool, timeout: u32) -> (usize, u8) {
    let short = if is_short { 4 } else { 0 };
    let mut request = Request { info: [1 | short, 0, 4, 0], ..Request::default() };
    let all = (0..4096_u16).flat_map(u16::to_le_bytes).collect();
    request.fields = vec![(0, b"test".to_vec()), (11, all)];
    let mut bytes = request.frame();
    bytes[8 + 14..8 + 18].copy_from_slice(&timeout.to_be_bytes());
    connection.stream.write_all(&bytes).unwrap();
    std::thread::sleep(Duration::from_millis(timeout.into()) * 2);
    let mut records = 0;
    loop {
        let (_, body) = connection.receive().unwrap();
        for (_, reply) in Reply::parse_all(&body) {
            match reply.info3 & 1 {
                1 => return (records, reply.code),
                _ => records += 1,
            }
        }
    }
}

#[test]
fn a_short_query_that_takes_too_long_is_ended_and_a_long_one_goes_on() {
    const RECORDS: usize = 300;
    let server = Embedded::start();
    let mut connection = server.connect();
    // More than fits into what lies between the server and a client that does not read.
    let value = vec![b'x'; 200_000];
    for number in 0..RECORDS {
        let put = Request::new(&Key::string(&number.to_string()), [0, 1, 0]).op(2, "a", 3, &value);
        assert_eq!(connection.call(&put).code, 0);
    }
    assert_eq!(query_slowly(&mut connection, false, 20), (RECORDS, 0));
    let (records, code) = query_slowly(&mut connection, true, 20);
    assert_eq!(code, 9);
    assert!(records < RECORDS, "{records}");
    let all = connection.info("namespace/test");
    assert!(all.contains(";pi_query_short_basic_timeout=1;"), "{all}");
    assert!(all.contains(";pi_query_long_basic_complete=1;"), "{all}");
}

#[test]
fn functions_that_would_never_end_are_stopped_wherever_they_are() {
    let endless = [
        "while true do end",
        "pcall(function() while true do end end) while true do pcall(error) end",
        "local a = ('a'):rep(30) return a:find(('a*'):rep(30) .. 'b')",
        "return ('a'):rep(200):gsub(('.-'):rep(40) .. 'b', '')",
        "return ('x'):rep(5000):match(('x?'):rep(100) .. ('x-'):rep(60) .. 'y')",
        "for _ in ('a'):rep(40):gmatch(('a*'):rep(40) .. 'b') do end",
        "return #('('):rep(1 << 20):gsub('%b()', '')",
        "return (''):rep(1 << 62)",
        "return table.move({}, 1, 1 << 62, 2)",
        "return table.insert(setmetatable({}, {__len = function() return 1 << 62 end}), 1, 1)",
        "return table.remove(setmetatable({}, {__len = function() return 1 << 62 end}), 1)",
        "return table.concat(setmetatable({}, {__index = table.concat}), '', 1, 1 << 62)",
        "local t = setmetatable({}, {__len = function() return (1 << 31) - 2 end, __index = rawequal, \
         __newindex = rawequal}) return table.sort(t, rawequal)",
        "setmetatable({}, {__gc = function() while true do end end}) return ('x'):rep(1 << 24)",
        "return coroutine.wrap(function() while true do end end)()",
        // What would close a variable, however it is closed: nothing does.
        "for k in next, {1}, nil, setmetatable({}, {__close = endless}) do while true do end end",
        "local m = {} local o = setmetatable({}, m) m.__close = endless for k in next, {1}, nil, o do \
         while true do end end",
        "local m = {__close = endless} pcall(function() for k in next, {1}, nil, setmetatable({}, m) do \
         while true do end end end)",
        "local m = {} function m.__close() for k in next, {1}, nil, setmetatable({}, m) do pcall(endless) \
         end end m.__close()",
        "getmetatable('').__close = endless coroutine.wrap(function() for k in next, {1}, nil, 'x' do \
         endless() end end)()",
        "getmetatable('').__close = endless local c = coroutine.create(function() for k in next, {1}, \
         nil, 'x' do coroutine.yield() end end) coroutine.resume(c) coroutine.close(c) endless()",
        "getmetatable('').__close = endless table.sort({3, 2, 1}, function() for k in next, {1}, nil, \
         'x' do endless() end end)",
        "getmetatable('').__close = endless tostring(setmetatable({}, {__tostring = function() for k in \
         next, {1}, nil, 'x' do endless() end end}))",
        "load('local o = ... for k in next, {1}, nil, o do while true do end end')(setmetatable({}, \
         {__close = endless}))",
        "local pieces = {'local o = ... for k in next', ', {1}, nil, o do while true do end end'} \
         load(function() return table.remove(pieces, 1) end)(setmetatable({}, {__close = endless}))",
        "load('local x <close> = ... while true do end')(setmetatable({}, {__close = endless}))",
        "error(setmetatable({}, {__tostring = endless}))",
        "return load(tostring)",
        "return xpcall(error, function() while true do end end)",
        "local t = {} while true do t[#t + 1] = ('x'):rep(1 << 20) .. #t end",
    ];
    let server = Embedded::start();
    let mut connection = server.connect();
    let mut source = "local function endless() while true do end end\n".to_owned();
    for (number, body) in endless.iter().enumerate() {
        source += &format!("function f{number}(r) do {body} end end\n");
    }
    source += "function sound(r) return ('a1b2'):gsub('%d', '') end\n";
    let source = STANDARD.encode(source);
    let put = format!("udf-put:filename=m.lua;content={source};content-len={}", source.len());
    assert_eq!(connection.info(&put), "ok");
    let key = Key::string("endless");
    let mut call = |function: &str| {
        let mut request = Request::new(&key, [0, 1, 0]);
        request.fields.push((30, b"m".to_vec()));
        request.fields.push((31, function.as_bytes().to_vec()));
        request.fields.push((32, b"\x90".to_vec()));
        // How long the client waits.
        let mut bytes = request.frame();
        bytes[8 + 14..8 + 18].copy_from_slice(&200u32.to_be_bytes());
        let (_, body) = connection.exchange(&bytes).unwrap();
        Reply::parse(&body)
    };
    for (number, body) in endless.iter().enumerate() {
        let reply = call(&format!("f{number}"));
        // Those that have an end are so quick that they need not be stopped.
        let ended = reply.code == 0 || reply.code == 100;
        assert!(ended, "{body}: {reply:?}");
    }
    assert_eq!(call("sound").entries[0].2, b"ab");
    let closing = STANDARD.encode("function f(r)\n  local x <close> = r\nend");
    let put = format!("udf-put:filename=n.lua;content={closing};content-len={}", closing.len());
    let refused = connection.info(&put);
    let (_, message) = refused.split_once("line=2;message=").unwrap();
    let message = String::from_utf8(STANDARD.decode(message).unwrap()).unwrap();
    assert!(message.starts_with("unknown attribute 'close_is_not_supported'"), "{message}");
    assert!(resident_kib() < 1024 * 1024);
}
