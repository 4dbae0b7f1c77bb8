//! Suite of info commands, as far as no data set is needed.

use serde_json::Value as Json;

use super::{Tally, cases, people, udf};
use crate::support::{Connection, Embedded, frame};

/// Cases about long lists of names.
const NOT_YET: &[u32] = &[85, 86, 87, 88, 89];

fn is_supported(case: &Json) -> bool {
    let number = case["id"].as_str().unwrap().strip_prefix("info/").unwrap();
    !NOT_YET.contains(&number.parse().unwrap())
}

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
        if is_supported(&case) {
            tally.note(&case, run(&mut connection, &case));
        } else {
            tally.passed_over += 1;
        }
    }
    tally.expect(87, 5);
}
