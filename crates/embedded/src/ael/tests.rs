use super::pack::push_literal;
use super::parse::Parser;
use super::probe::Wanted;
use super::tree::Literal;
use super::{Error, parse, probes, text_of};
use crate::compat::Compat;
use crate::expression::{Expression, Limits, Subject, Value};
use crate::msgpack::normalise;
use crate::particle::kind;
use crate::store::index::{Collection, ValueKind};
use crate::store::{Record, SetId, Sets, StoredBin, record};

/// A record with these bins, whose values are written as texts have them.
fn record(bins: &[(&str, &str)]) -> Record {
    let values: Vec<_> = bins
        .iter()
        .map(|(name, text)| {
            let literal = Parser::new(text).element().unwrap();
            let mut packed = Vec::new();
            push_literal(&mut packed, &literal);
            let (kind, bytes) = match literal {
                Literal::Int(number) => (kind::INTEGER, number.to_be_bytes().to_vec()),
                Literal::Float(number) => (kind::FLOAT, number.to_be_bytes().to_vec()),
                Literal::Bool(value) => (kind::BOOL, vec![u8::from(value)]),
                Literal::String(text) => (kind::STRING, text.into_bytes()),
                Literal::Blob(bytes) => (kind::BLOB, bytes),
                Literal::List(_) => (kind::LIST, normalise(&packed).unwrap().1),
                Literal::Map(_) => (kind::MAP, normalise(&packed).unwrap().1),
                other => panic!("{other:?} is no value of a bin"),
            };
            (*name, kind, bytes)
        })
        .collect();
    let bins = values.iter().map(|(name, kind, value)| StoredBin {
        name: name.as_bytes(),
        kind: *kind,
        value,
    });
    let mut record = Record::new([7; 20], SetId::NONE);
    record.replace_body(record::encode_body(None, bins));
    record
}

fn people() -> Record {
    record(&[
        ("age", "36"),
        ("born", "1815"),
        ("name", "'Ada'"),
        ("mail", "'ada@example.net'"),
        ("height", "1.6"),
        ("alive", "false"),
        ("raw", "x'c0ff'"),
        ("odd-name", "1"),
        ("tags", "['poet', 'prodigy', 'maths']"),
        ("scores", "[7, 3, 9, 3]"),
        ("home", "{city: 'London', rooms: {attic: 1, hall: 4}, 5: 'five'}"),
        ("books", "[{title: 'Notes', price: 8.5}, {title: 'Letters', price: 12.0}]"),
    ])
}

/// What a text comes to for a record, as it is shown; an error or nothing as well.
fn shown(text: &str, record: &Record) -> String {
    let tree = match parse(text.as_bytes()).and_then(|tree| super::pack(&tree).map(|_| tree)) {
        Ok(tree) => tree,
        Err(error) => return error.describe(text.as_bytes()),
    };
    let expression = Expression::of_tree(&tree, Compat::V8_2)
        .unwrap_or_else(|code| panic!("{text} is no expression: {code:?}"));
    let sets = Sets::default();
    let subject = Subject {
        digest: record.digest,
        sets: &sets,
        set: SetId::NONE,
        record: Some(record),
        key: None,
        bins: record,
    };
    let value = expression.evaluate(&subject, &mut Limits::new(Compat::V8_2));
    match value {
        None => "unknown".into(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Float(number)) => format!("{number:?}"),
        Some(Value::String(text)) => format!("'{}'", String::from_utf8_lossy(&text)),
        Some(Value::List(packed) | Value::Map(packed)) => crate::cdt::describe_value(&packed),
        Some(other) => format!("{other:?}"),
    }
}

/// Checks what each text comes to for Ada.
fn check(cases: &[(&str, &str)]) {
    let record = people();
    let told: Vec<_> = cases.iter().map(|(text, _)| (*text, shown(text, &record))).collect();
    let wrong: Vec<_> = told.iter().zip(cases).filter(|(told, case)| told.1 != case.1).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn comparisons_and_logic() {
    check(&[
        ("$.age > 18", "true"),
        ("18 < $.age and $.age<=36", "true"),
        ("$.age == 36 or $.missing == 1", "true"),
        ("$.age == 35 or $.missing == 1", "unknown"),
        ("$.age != 36", "false"),
        ("not($.age == 1)", "true"),
        ("exclusive($.age == 36, $.born == 1, $.alive)", "true"),
        ("$.name == \"Ada\"", "true"),
        ("$.name >= 'Ada' and $.name < 'Adb'", "true"),
        ("$.height > 1.5", "true"),
        ("$.height == 1", "unknown"),
        ("not($.alive)", "true"),
        ("$.alive == false", "true"),
        ("$.raw == X'C0FF'", "true"),
        ("$.raw == b64'wP8='", "true"),
        ("$.\"odd-name\" == 1", "true"),
        ("$.born:INT > $.age", "true"),
        ("$.age in [1, 36]", "true"),
        ("'poet' in $.tags", "true"),
        ("$.name in [Bob, 'Eve']", "false"),
        ("$.tags == ['poet', 'prodigy', \"maths\"]", "true"),
        ("$.missing:INT == 1 or true", "true"),
        ("/* a */ $.age /* b */ >= /* c */ 0x24 and 0b100100 == $.age", "true"),
        ("$. age\n>\t1 or $.a == 1 and $.b == 2", "true"),
    ]);
}

#[test]
fn operators_bind_as_they_should() {
    check(&[
        ("$.age + 2 * 3", "42"),
        ("($.age + 2) * 3", "114"),
        ("$.age - 1 - 2", "33"),
        ("-$.age - -2", "-34"),
        ("$.age / 5 % 4", "3"),
        ("2.0 ** 3.0 ** 2.0", "512.0"),
        ("1 | 6 & 2", "2"),
        ("1 << 4 + 1", "32"),
        ("-8 >> 1", "-4"),
        ("-1 >>> 60", "15"),
        ("~0 ^ 5", "-6"),
        ("+$.age * 1", "36"),
        ("$.age -1", "35"),
        ("1 + 1 == 2 and 3 > 2", "true"),
        ("9223372036854775807 + 0", "9223372036854775807"),
        ("-9223372036854775808 + 0", "-9223372036854775808"),
        ("abs(-3) + min($.age, 5, 9) + max(1, 2)", "10"),
        ("floor(1.7) + ceil(.2) + log(8.0, 2.0)", "5.0"),
        ("countOneBits(255)", "8"),
        ("$.age:INT.toFloat() / 5.0", "7.2"),
        ("5.asFloat() + 0.5", "5.5"),
        ("$.height:FLOAT.toInt()", "1"),
        ("$.age:INT.toString()", "'36'"),
    ]);
}

#[test]
fn strings_and_metadata() {
    check(&[
        ("$.mail =~ /^[^@]+@[^@]+\\.net$/", "true"),
        ("$.name =~ /^ADA$/i", "true"),
        ("$.name =~ /A\\/B/", "false"),
        ("$.name.upper() == 'ADA'", "true"),
        ("$.name.lower().strlen() + $.mail.find('@')", "6"),
        ("$.mail.substr(from: 4, to: 11)", "'example'"),
        ("$.name.substr(-1)", "'a'"),
        ("' x '.trim()", "'x'"),
        ("$.name.startsWith('Ad') and $.name.endsWith('a')", "true"),
        ("'12'.toInt() + 1", "13"),
        ("$.ttl() == -1", "true"),
        ("$.recordSize() > 0 and not($.isTombstone())", "true"),
        ("$.keyExists()", "false"),
        ("$.digestModulo(3) < 3", "true"),
        ("$.setName() == ''", "true"),
        ("$.key():INT == 1", "unknown"),
        ("$.name.exists() and not($.missing.exists())", "true"),
    ]);
}

#[test]
fn control() {
    check(&[
        ("when ($.age < 18 => 'young', $.age < 65 => 'adult', default => 'old')", "'adult'"),
        ("when ($.age < 18 => 1, default => unknown) == 1", "unknown"),
        ("let (a = $.age * 2, b = ${a} + 1) then (${b} > 72)", "true"),
    ]);
}

#[test]
fn paths_lead_into_collections() {
    check(&[
        ("$.home.city == 'London'", "true"),
        ("$.home.rooms.hall > 3", "true"),
        ("$.home.'city' == 'Paris'", "false"),
        ("$.home.{@5} == 'five'", "true"),
        ("$.home.{@city}:STRING", "'London'"),
        ("$.home.none == 1", "unknown"),
        ("$.scores.[0] == 7 and $.scores.[-1] == 3", "true"),
        ("$.scores.[#-1]:INT", "9"),
        ("$.scores.[1:3] == [3, 9]", "true"),
        ("$.scores.[:2].count() + $.scores.[2:].count()", "4"),
        ("$.scores.[!1:3].count()", "2"),
        ("$.scores.[=3].count()", "2"),
        ("$.scores.[=3:9].count()", "3"),
        ("$.scores.[=3,9,].count()", "3"),
        ("$.scores.[#0:2].count()", "2"),
        ("$.scores.[#0:~4].count()", "2"),
        ("$.tags.[='poet'].exists()", "true"),
        ("$.tags.[=dancer].exists()", "false"),
        ("$.tags.count() + $.home.count()", "6"),
        ("$.home.rooms:MAP.count()", "2"),
        ("$.home.rooms.{attic,hall}.count()", "2"),
        ("$.home.rooms.{@'a':'b'}.getKeys() == [attic]", "true"),
        // Its flags are counted.
        ("$.home.rooms.{@attic,hall}.getTree()", "<map#3>"),
        ("$.home.rooms.{@attic,hall}.getKeyValues()", "<list#4>"),
        ("$.home.rooms.{=2:}.count()", "1"),
        ("$.home.rooms.{#0}:INT", "1"),
        ("$.home.rooms.{0}:INT", "1"),
        ("$.home.rooms.{0:1~hall}.count()", "1"),
        ("$.home.rooms.{!@hall,}.count()", "1"),
        ("$.books.[0].price < 9.0", "true"),
    ]);
}

#[test]
fn paths_go_on_to_many_elements() {
    check(&[
        ("$.scores:LIST.*[?(@ > 3)].count()", "2"),
        ("$.scores:LIST.*.count()", "4"),
        ("$.scores:LIST.*[?(@:INT > 3 and @index < 1)].count()", "1"),
        ("$.books:LIST.*[?(@.price < 10.0)].title.count()", "1"),
        ("$.books:LIST.*[?(@.title =~ /^let/i)].exists()", "true"),
        ("$.home.rooms.*[?(@key == 'hall')].exists()", "true"),
        ("$.home.rooms.{attic,hall}&[?(@ > 1)].count()", "1"),
    ]);
}

#[test]
fn places_are_compared() {
    let region = r#"{"type":"AeroCircle","coordinates":[[0.0,0.0],10000.0]}"#;
    let point = |longitude: &str| {
        format!(r#"geoJson('{{"type":"Point","coordinates":[{longitude},0.0]}}')"#)
    };
    let compared = |longitude| format!("geoCompare({}, geoJson('{region}'))", point(longitude));
    check(&[
        (&compared("0.01"), "true"),
        (&compared("1.0"), "false"),
        (&format!("not({})", compared("1.0")), "true"),
        ("geoCompare($.age, $.home)", "unknown"),
        ("geoCompare($.age)", "line 1, column 1: geoCompare has 1 arguments"),
        ("geoCompare(1, $.age)", "line 1, column 12: INT is not GEO"),
        (
            "geoCompare($.age, geoJson($.home))",
            "line 1, column 19: geoJson takes a string that is written out",
        ),
    ]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    check(&[
        ("", "line 1, column 1: the text ends where \"a value\" should be"),
        ("$.age >", "line 1, column 8: the text ends where \"a value\" should be"),
        ("$.age > 18 18", "line 1, column 12: '1' where \"the end\" should be"),
        ("true and\n  1", "line 2, column 3: INT is not BOOL"),
        ("$.age == 'a' or $.age == 1", "line 1, column 26: STRING is not INT"),
        ("$.a == $.b", "line 1, column 1: of unknown type: say which, as in $.bin:INT"),
        ("1 < 2 < 3", "line 1, column 8: comparisons can't be chained: use and, or parentheses"),
        ("$.age ** 2", "line 1, column 10: INT is not FLOAT"),
        ("'a", "line 1, column 1: the string has no end"),
        ("/* a", "line 1, column 1: the comment has no end"),
        ("x'abc' == $.b", "line 1, column 1: \"abc\" is not hexadecimal digits, two for each byte"),
        ("hello == 1", "line 1, column 1: \"hello\" is no value: strings have quotes"),
        ("f(1)", "line 1, column 1: there is no function \"f\" here"),
        ("abs(1, 2)", "line 1, column 1: abs has 2 arguments"),
        ("$.f() == 1", "line 1, column 1: there is no function \"f\" of records here"),
        ("$.a:NUMBER == 1", "line 1, column 5: there is no type \"NUMBER\" here"),
        (
            "$.a =~ /(/",
            "line 1, column 8: no regular expression, or one of a kind that is not known",
        ),
        ("@ > 1", "line 1, column 1: there is an element only in a condition on elements"),
        ("${a} > 1", "line 1, column 1: there is no variable \"a\""),
        (
            "$.a.*[?(@ > $.b)].count() > 0",
            "line 1, column 13: a bin can't be read in a condition on elements here",
        ),
        (
            "99999999999999999999 > 1",
            "line 1, column 1: no number: number too large to fit in target type",
        ),
        ("9223372036854775808 > 1", "line 1, column 1: no integer of 64 bits is so large"),
        ("$.l.[1:3].x == 1", "line 1, column 5: only the last step can lead to several elements"),
        ("{a: 1, a: 2} == $.m", "line 1, column 8: the key is there already"),
    ]);
}

#[test]
fn nothing_is_nested_too_deep() {
    let deep = |open: &str, inner: &str, close: &str, count: usize| {
        format!("{}{inner}{}", open.repeat(count), close.repeat(count))
    };
    for text in [
        deep("(", "1", ")", 10_000),
        deep("~", "1", "", 10_000),
        deep("not(", "true", ")", 10_000),
        deep("2.0 ** ", "2.0", "", 8_000),
        deep("[", "", "]", 10_000),
        format!("1{}", " / 2".repeat(2_000)),
    ] {
        let error = parse(text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(error.message.starts_with("more than 80 operations"), "{error:?}");
    }
    let long = format!("$.age == 36{}", " and $.age > 1 + 2 + 3".repeat(1_000));
    assert_eq!(shown(&long, &people()), "true");
    assert!(parse(&b"1".repeat(70_000)).is_err());
}

/// What is asked of indexes, as it is shown.
fn asked(text: &str) -> Vec<String> {
    let tree = parse(text.as_bytes()).unwrap();
    let Some(probes) = probes(&tree) else { return vec!["nothing".into()] };
    let show = |probe: super::Probe| {
        let bin = String::from_utf8(probe.bin).unwrap();
        let within = if probe.context.is_some() { " within" } else { "" };
        let of = match probe.collection {
            Collection::None => "",
            Collection::List => " list",
            Collection::MapKeys => " keys",
            Collection::MapValues => " values",
        };
        let wanted = match probe.wanted {
            Wanted::Integers(i64::MIN, high) => format!("..={high}"),
            Wanted::Integers(low, i64::MAX) => format!("{low}.."),
            Wanted::Integers(low, high) => format!("{low}..={high}"),
            Wanted::Bytes(ValueKind::String, text) => String::from_utf8(text).unwrap(),
            Wanted::Bytes(ValueKind::GeoJson, text) => {
                format!("geo {}", String::from_utf8(text).unwrap())
            }
            Wanted::Bytes(_, bytes) => format!("{bytes:?}"),
        };
        format!("{bin}{within}{of} {wanted}")
    };
    probes.into_iter().map(show).collect()
}

#[test]
fn what_indexes_can_answer() {
    let cases: [(&str, &[&str]); 28] = [
        ("$.a == 5", &["a 5..=5"]),
        ("5 < $.a", &["a 6.."]),
        ("$.a >= 1 and $.b == 2 and $.a < 9", &["a 1..=8", "b 2..=2"]),
        ("($.a > 1 and $.b == 'x') and $.c <= 3", &["a 2..", "b x", "c ..=3"]),
        ("$.a > 1 or $.b > 1", &[]),
        ("$.a > 10 and ($.a < 50 or $.c == 'US')", &["a 11.."]),
        ("not($.a > 1)", &[]),
        ("$.a != 1", &[]),
        ("$.a > 1.5", &[]),
        ("$.a > 'x'", &[]),
        ("$.r == x'00ff'", &["r [0, 255]"]),
        ("$.a > 100 and $.a < 10", &["nothing"]),
        ("$.a > 10 and $.a < 11", &["nothing"]),
        ("$.a > 9223372036854775807", &["nothing"]),
        ("$.m.k == 5", &["m within 5..=5"]),
        ("$.m.k.exists()", &["m keys k"]),
        ("true == $.m.{=v}.exists()", &["m values v"]),
        ("$.l.[=1:5].exists() and $.l.[=7:9].exists()", &["l list 1..=4", "l list 7..=8"]),
        ("$.l.[='a':'c'].exists()", &[]),
        ("$.l.[0].exists()", &[]),
        ("$.m.k.exists() == false", &[]),
        ("$.m.{@1:}.count() > 0", &["m keys 1.."]),
        ("$.m.{@1:}.count() == 0", &[]),
        ("geoCompare($.loc, geoJson('x'))", &["loc geo x"]),
        ("geoCompare(geoJson('x'), $.m.loc) == true", &["m within geo x"]),
        ("geoCompare($.loc, geoJson('x')) == false", &[]),
        ("geoCompare($.loc, $.other)", &[]),
        ("'v' in $.m.list and 'w' in $.l", &["m within list v", "l list w"]),
    ];
    for (text, wanted) in cases {
        assert_eq!(asked(text), wanted, "{text}");
    }
    assert_eq!(asked(&format!("$.a == '{}'", "x".repeat(2048))), [""; 0]);
}

#[test]
fn a_text_is_told_from_other_expressions() {
    assert_eq!(text_of(b"\x92\xcc\x80\xc4\x03$.a"), Some(&b"$.a"[..]));
    for other in [&b"\x92\xcc\x80"[..], b"\x92\xcc\x80\xc4\x03$.ab", b"\x93\x01\x02\x03", b"\x01"] {
        assert_eq!(text_of(other), None);
    }
    assert!(matches!(parse(b"\xff"), Err(Error { at: 0, .. })));
    assert!(super::parse_condition(b"$.alive").is_ok_and(|tree| super::pack(&tree).is_ok()));
    assert!(super::parse_condition(b"1").is_err());
}
