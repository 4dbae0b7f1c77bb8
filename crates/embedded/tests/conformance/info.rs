//! Suite of info commands, as far as no data set is needed.

use serde_json::Value as Json;

use super::{Tally, cases, people, udf};
use crate::support::{Connection, Embedded, Key, Request, frame};

fn matches(pattern: &str, text: &str) -> bool {
    type Belongs = fn(char) -> bool;
    let markers: [(&str, Belongs); 4] = [
        ("<n>", |c| c.is_ascii_digit()),
        ("<hex>", |c| c.is_ascii_hexdigit()),
        ("<address>", |c| c.is_ascii_digit() || ".:".contains(c)),
        ("<any>", |c| !";:=".contains(c)),
    ];
    let first = markers.iter().filter_map(|(marker, belongs)| {
        pattern.find(marker).map(|start| (start, marker.len(), belongs))
    });
    let Some((start, size, belongs)) = first.min_by_key(|(start, ..)| *start) else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(&pattern[..start]) else { return false };
    let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    end > 0 && matches(&pattern[start + size..], &rest[end..])
}

fn run(connection: &mut Connection, case: &Json) -> Result<(), String> {
    let expect = &case["expect"];
    let commands = match case["commands"].as_array() {
        Some(commands) => commands.iter().map(|c| c.as_str().unwrap()).collect(),
        None => vec![case["command"].as_str().unwrap()],
    };
    let request = commands.join("\n") + "\n";
    let (_, body) = connection.exchange(&frame(1, request.as_bytes())).unwrap();
    let text = String::from_utf8(body).unwrap();
    if let Some(raw) = expect["raw"].as_str() {
        return if matches(raw, &text) { Ok(()) } else { Err(text) };
    }
    let answer = text.strip_prefix(commands[0]).and_then(|rest| rest.strip_prefix('\t'));
    let answer = answer.and_then(|rest| rest.strip_suffix('\n')).ok_or_else(|| text.clone())?;
    // The recorded server listened on port 3000.
    let port = connection.stream.peer_addr().unwrap().port();
    let pattern = expect["reply"].as_str().map(|p| p.replace("0,3000,", &format!("0,{port},")));
    match pattern {
        Some(pattern) if matches(&pattern, answer) => Ok(()),
        Some(_) => Err(answer.to_owned()),
        None => {
            let names: Vec<_> =
                answer.split(';').filter_map(|part| part.split('=').next()).collect();
            let wanted = expect["keys"].as_array().unwrap();
            let missing: Vec<_> =
                wanted.iter().filter(|name| !names.contains(&name.as_str().unwrap())).collect();
            if missing.is_empty() { Ok(()) } else { Err(format!("missing {missing:?}")) }
        }
    }
}

#[test]
fn info_commands_answer_as_the_real_server_does() {
    let server = Embedded::start();
    let mut connection = server.connect();
    people::load(&mut connection);
    udf::register(&mut connection);
    let mut tally = Tally::default();
    for case in cases("info") {
        tally.note(&case, run(&mut connection, &case));
    }
    tally.expect(92, 0);
}

/// The value of a statistic of the namespace `test`.
fn statistic(connection: &mut Connection, name: &str) -> u64 {
    let statistics = connection.info("namespace/test");
    let value = statistics.split(';').find_map(|part| part.strip_prefix(&format!("{name}=")));
    value.unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

#[test]
fn what_happens_is_counted() {
    let server = Embedded::start();
    let mut connection = server.connect();
    let key = Key::string("counted");
    let put = Request::new(&key, [0, 1, 0]).op(2, "a", 1, &[7]);
    connection.call(&put);
    connection.call(&Request::get(&key));
    connection.call(&Request::get(&Key::string("not there")));
    let mut lasting = put.clone();
    lasting.ttl = 1000;
    connection.call(&lasting);
    for (name, value) in [
        ("client_write_success", 2),
        ("client_read_success", 1),
        ("client_read_not_found", 1),
        ("client_delete_success", 0),
        ("non_expirable_objects", 0),
        ("objects", 1),
    ] {
        assert_eq!(statistic(&mut connection, name), value, "{name}");
    }
    connection.call(&put);
    assert_eq!(statistic(&mut connection, "non_expirable_objects"), 1);
    connection.call(&Request::delete(&key));
    assert_eq!(statistic(&mut connection, "client_delete_success"), 1);
    assert_eq!(statistic(&mut connection, "non_expirable_objects"), 0);
}
