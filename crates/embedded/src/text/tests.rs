use super::{flag, modify, packed, read};
use crate::cdt::Answer;
use crate::msgpack::write;
use crate::particle::kind;
use crate::protocol::ResultCode;

/// An argument of an operation.
enum Arg<'a> {
    Int(i64),
    Text(&'a str),
    Texts(&'a [&'a str]),
}
use Arg::{Int, Text, Texts};

fn payload(code: u8, arguments: &[Arg<'_>]) -> Vec<u8> {
    let mut output = Vec::new();
    write::list(&mut output, 1 + arguments.len(), 0);
    write::integer(&mut output, i64::from(code));
    for argument in arguments {
        match argument {
            Int(number) => write::integer(&mut output, *number),
            Text(text) => output.extend(packed(text)),
            Texts(texts) => {
                write::list(&mut output, texts.len(), 0);
                texts.iter().for_each(|text| output.extend(packed(text)));
            }
        }
    }
    output
}

fn reads(of: &str, code: u8, arguments: &[Arg<'_>]) -> Result<Answer, ResultCode> {
    read(kind::STRING, of.as_bytes(), &payload(code, arguments))
}

fn string(text: &str) -> Result<Answer, ResultCode> {
    Ok(Answer::Particle(kind::STRING, text.as_bytes().to_vec()))
}

fn changes(of: &str, code: u8, arguments: &[Arg<'_>]) -> Result<String, ResultCode> {
    let changed = modify(Some((kind::STRING, of.as_bytes())), &payload(code, arguments))?;
    let (particle, text) = changed.unwrap_or((kind::STRING, of.as_bytes().to_vec()));
    assert_eq!(particle, kind::STRING);
    Ok(String::from_utf8(text).unwrap())
}

const COMPOSED: &str = "caf\u{e9} noir";
const DECOMPOSED: &str = "cafe\u{301} noir";

#[test]
fn characters_are_counted_and_taken() {
    assert_eq!(reads(COMPOSED, 0, &[]), Ok(Answer::int(9)));
    assert_eq!(reads(DECOMPOSED, 0, &[]), Ok(Answer::int(10)));
    assert_eq!(reads(COMPOSED, 9, &[]), Ok(Answer::int(10)));
    for (start, end, part) in [
        (0, None, COMPOSED),
        (-4, None, "noir"),
        (3, Some(4), "\u{e9}"),
        (1, Some(-5), "af\u{e9}"),
        (-100, Some(2), "ca"),
        (2, Some(100), "f\u{e9} noir"),
        (4, Some(2), ""),
        (9, None, ""),
    ] {
        let arguments: Vec<_> = [Some(Int(start)), end.map(Int)].into_iter().flatten().collect();
        assert_eq!(reads(COMPOSED, 1, &arguments), string(part), "{start} {end:?}");
    }
    for (index, part) in [(0, "c"), (3, "\u{e9}"), (-1, "r"), (-100, "c"), (9, ""), (100, "")] {
        assert_eq!(reads(COMPOSED, 2, &[Int(index)]), string(part), "{index}");
    }
}

#[test]
fn occurrences_are_found_from_both_ends_whatever_the_normal_form() {
    for (of, needle, occurrence, at) in [
        ("abcabc", "bc", 1, 1),
        ("abcabc", "bc", 2, 4),
        ("abcabc", "bc", -1, 4),
        ("abcabc", "bc", -2, 1),
        ("abcabc", "bc", 3, -1),
        ("aaaa", "aa", 2, 2),
        ("aaa", "aa", -1, 1),
        ("abc", "", 1, 0),
        ("abc", "abcd", 1, -1),
        (COMPOSED, "noir", 1, 5),
        (DECOMPOSED, "noir", 1, 6),
        (DECOMPOSED, "f\u{e9}", 1, 2),
        (COMPOSED, "e\u{301}", -1, 3),
        (DECOMPOSED, "fe", 1, -1),
        ("e\u{301}e\u{301}e\u{301}", "\u{e9}\u{e9}", -1, 2),
    ] {
        let found = reads(of, 3, &[Text(needle), Int(occurrence)]);
        assert_eq!(found, Ok(Answer::int(at)), "{needle:?} {occurrence} in {of:?}");
    }
    assert_eq!(reads("abc", 3, &[Text("a"), Int(0)]), Err(ResultCode::Parameter));
    for (code, needle, holds) in [
        (4, "\u{e9} n", true),
        (4, "e n", false),
        (4, "", true),
        (5, "caf\u{e9}", true),
        (5, "cafe", false),
        (5, "", true),
        (6, "\u{e9} noir", true),
        (6, "caf", false),
        (6, "", true),
    ] {
        let answer = Ok(Answer::bool(holds));
        assert_eq!(reads(DECOMPOSED, code, &[Text(needle)]), answer, "{code} {needle:?}");
    }
}

#[test]
fn a_search_takes_no_more_time_than_the_texts_are_long() {
    let text = "a\u{301}".repeat(200_000) + "b";
    let needle = "\u{e1}".repeat(100_000) + "c";
    assert_eq!(reads(&text, 3, &[Text(&needle)]), Ok(Answer::int(-1)));
}

#[test]
fn numbers_are_read_as_c_libraries_read_them() {
    let number = |text: &str| reads(text, 7, &[]);
    for (text, value) in [("12", 12), ("+5", 5), (" -7", -7), ("-9223372036854775808", i64::MIN)] {
        assert_eq!(number(text), Ok(Answer::int(value)));
    }
    for text in ["", "1 ", "1.0", "0x1", "9223372036854775808", "000000000000000000001", "-"] {
        assert_eq!(number(text), Err(ResultCode::NotApplicable), "{text:?}");
    }
    let double = |text: &str| reads(text, 8, &[]);
    for (text, value) in [("1.5", 1.5), (" -2e3", -2000.0), (".5", 0.5), ("inf", f64::INFINITY)] {
        assert_eq!(double(text), Ok(Answer::double(value)));
    }
    for text in ["", "1.5x", "1e999", "1e-999", "one"] {
        assert_eq!(double(text), Err(ResultCode::NotApplicable), "{text:?}");
    }
    for (text, kinds) in [
        ("5", [true, true, false]),
        ("-5.25", [true, false, true]),
        ("5.", [false; 3]),
        (".5", [true, false, true]),
        ("1e5", [false; 3]),
        (" 5", [false; 3]),
        ("", [false; 3]),
        ("+", [false; 3]),
        ("0000000000000000000000007", [true, true, false]),
        ("9223372036854775808", [false; 3]),
        ("9223372036854775808.0", [true, false, true]),
    ] {
        for (which, holds) in kinds.into_iter().enumerate() {
            let answer = reads(text, 10, &[Int(which as i64)]);
            assert_eq!(answer, Ok(Answer::bool(holds)), "{text:?} as {which}");
        }
    }
    assert_eq!(reads("5", 10, &[]), Ok(Answer::bool(true)));
    assert_eq!(reads("5", 10, &[Int(3)]), Err(ResultCode::Parameter));
}

#[test]
fn case_and_conversions() {
    for (text, upper, lower) in [
        ("ABC", true, false),
        ("abc", false, true),
        ("A B", false, false),
        ("", true, true),
        ("\u{c4}\u{d6}", true, false),
        ("\u{e4}\u{df}", false, true),
        // An ordinal indicator is no lower-case letter.
        ("\u{aa}", false, false),
    ] {
        assert_eq!(reads(text, 11, &[]), Ok(Answer::bool(upper)), "{text:?}");
        assert_eq!(reads(text, 12, &[]), Ok(Answer::bool(lower)), "{text:?}");
    }
    let blob = |bytes: &[u8]| Ok(Answer::Particle(kind::BLOB, bytes.to_vec()));
    assert_eq!(reads("\u{e9}", 13, &[]), blob(b"\xc3\xa9"));
    assert_eq!(reads("AUI=", 15, &[]), blob(&[1, 0x42]));
    assert_eq!(reads("AUI", 15, &[]), Err(ResultCode::NotApplicable));
    let list = |texts: &[&str]| {
        let items: Vec<_> = texts.iter().map(|text| packed(text)).collect();
        Ok(Answer::list(items.iter().map(Vec::as_slice)))
    };
    assert_eq!(reads("a\u{e9}", 14, &[]), list(&["a", "\u{e9}"]));
    assert_eq!(reads("", 14, &[]), list(&[]));
    assert_eq!(reads("a,,b,", 14, &[Text(",")]), list(&["a", "", "b", ""]));
    assert_eq!(reads("", 14, &[Text(",")]), list(&[""]));
}

#[test]
fn regular_expressions() {
    for (pattern, flags, holds) in [
        ("^b", 0, false),
        ("^b", 2, true),
        ("A.B", 0, false),
        ("A.B", 1, false),
        ("A.B", 5, true),
        ("", 0, true),
        (r"\d", 0, false),
    ] {
        let answer = reads("a\nb", 16, &[Text(pattern), Int(flags)]);
        assert_eq!(answer, Ok(Answer::bool(holds)), "{pattern:?} {flags}");
    }
    assert_eq!(reads("a", 16, &[Text("(")]), Err(ResultCode::Parameter));
    let replaced = |pattern, with, flags| {
        changes("ab12cd34", 66, &[Texts(&[pattern, with]), Int(flags), Int(0)])
    };
    assert_eq!(replaced(r"\d", "-", 0), Ok("ab-2cd34".into()));
    assert_eq!(replaced(r"\d", "-", 16), Ok("ab--cd--".into()));
    assert_eq!(replaced(r"(?<=[a-z])\d", "-", 16), Ok("ab-2cd-4".into()));
    assert_eq!(replaced(r"[a-z](?!\d)", "-", 16), Ok("-b12-d34".into()));
    let endless = format!("{}!", "a".repeat(60));
    assert_eq!(
        changes(&endless, 66, &[Texts(&["(a|aa)+(?<!b)$", "-"]), Int(16), Int(0)]),
        Err(ResultCode::NotApplicable)
    );
    let looks = r"(?=\w{200})".repeat(1000);
    assert_eq!(reads("a", 16, &[Text(&looks)]), Err(ResultCode::Parameter));
    assert_eq!(replaced(r"([a-z])(\d)", "$2${1}$$", 16), Ok("a1b$2c3d$4".into()));
    assert_eq!(replaced("(?<n>B)", "[${n}]", 1), Ok("a[b]12cd34".into()));
    assert_eq!(replaced("", "-", 0), Ok("-ab12cd34".into()));
    assert_eq!(replaced("b", "$1", 0), Err(ResultCode::NotApplicable));
    assert_eq!(changes("\u{e9}a", 66, &[Texts(&["", "-"]), Int(16)]), Ok("-\u{e9}-a-".into()));
}

#[test]
fn strings_are_changed() {
    type Case<'a> = (u8, &'a [Arg<'a>], &'a str);
    let cases: &[Case<'_>] = &[
        (50, &[Int(3), Text("-")], "caf-\u{e9} noir"),
        (50, &[Int(-4), Text("-")], "caf\u{e9} -noir"),
        (50, &[Int(100), Text("!")], "caf\u{e9} noir!"),
        (51, &[Int(3), Text("ee")], "cafeenoir"),
        (51, &[Int(8), Text("xyz")], "caf\u{e9} noixyz"),
        (52, &[Texts(&["1", "", "\u{e9}"])], "caf\u{e9} noir1\u{e9}"),
        (53, &[Int(3)], "caf"),
        (53, &[Int(0), Int(5)], "noir"),
        (53, &[Int(5), Int(2)], "caf\u{e9} noir"),
        (54, &[Texts(&["e\u{301}", "e"])], "cafe noir"),
        (55, &[Texts(&["o", "0"])], "caf\u{e9} n0ir"),
        (56, &[], "CAF\u{c9} NOIR"),
        (57, &[], "caf\u{e9} noir"),
        (63, &[Int(12), Text("ab")], "abacaf\u{e9} noir"),
        (64, &[Int(12), Text("\u{e9}b")], "caf\u{e9} noir\u{e9}b\u{e9}"),
        (64, &[Int(3), Text("x")], "caf\u{e9} noir"),
        (65, &[Int(2)], "caf\u{e9} noircaf\u{e9} noir"),
        (65, &[Int(0)], ""),
        (67, &[Text("!")], "caf\u{e9} noir!"),
        (68, &[Text("!")], "!caf\u{e9} noir"),
    ];
    for (code, arguments, expected) in cases {
        assert_eq!(changes(COMPOSED, *code, arguments), Ok((*expected).into()), "{code}");
    }
    assert_eq!(changes("\u{df}\u{130}", 58, &[]), Ok("ssi\u{307}".into()));
    assert_eq!(changes("stra\u{df}e", 56, &[]), Ok("STRASSE".into()));
    assert_eq!(changes(DECOMPOSED, 59, &[]), Ok(COMPOSED.into()));
    for (code, expected) in [(60, "a \u{3000}"), (61, "\u{a0}\n a"), (62, "a")] {
        assert_eq!(changes("\u{a0}\n a \u{3000}", code, &[]), Ok(expected.into()));
    }
    assert_eq!(changes("e\u{301}e\u{301}", 55, &[Texts(&["\u{e9}", "x"])]), Ok("xx".into()));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused: &[(u8, &[Arg<'_>])] = &[
        (51, &[Int(9), Text("x")]),
        (51, &[Int(-1), Text("x")]),
        (54, &[Texts(&["", "x"])]),
        (54, &[Texts(&["a"])]),
        (63, &[Int(-1), Text("x")]),
        (63, &[Int(20), Text("")]),
        (64, &[Int(3_000_000), Text("x")]),
        (65, &[Int(-1)]),
        (65, &[Int(1_000_000)]),
        (65, &[Int(1 << 40)]),
        (56, &[Int(1)]),
        (67, &[Text("x"), Int(8)]),
        (67, &[Text("x"), Int(3)]),
        (67, &[]),
        (67, &[Int(1)]),
        (69, &[]),
        (16, &[Text("x")]),
    ];
    for (code, arguments) in refused {
        assert_eq!(changes(COMPOSED, *code, arguments), Err(ResultCode::Parameter), "{code}");
    }
    assert_eq!(reads("a", 50, &[]), Err(ResultCode::Parameter));
    assert_eq!(read(kind::STRING, b"\xff", &payload(0, &[])), Err(ResultCode::InvalidEncoding));
    assert_eq!(read(kind::BLOB, b"a", &payload(0, &[])), Err(ResultCode::IncompatibleType));
}

#[test]
fn flags_say_what_must_be_there() {
    let append = |bin: Option<(u8, &[u8])>, flags: u64| {
        modify(bin, &payload(67, &[Text("x"), Int(flags as i64)]))
    };
    let there = Some((kind::STRING, &b"a"[..]));
    let text = |text: &[u8]| Ok(Some((kind::STRING, text.to_vec())));
    assert_eq!(append(None, 0), text(b"x"));
    assert_eq!(append(None, flag::UPDATE_ONLY), Ok(None));
    assert_eq!(append(there, flag::UPDATE_ONLY), text(b"ax"));
    assert_eq!(append(there, flag::CREATE_ONLY), Err(ResultCode::BinExists));
    assert_eq!(append(there, flag::CREATE_ONLY | flag::NO_FAIL), Ok(None));
    let number = Some((kind::INTEGER, &[0; 8][..]));
    assert_eq!(append(number, flag::NO_FAIL), Err(ResultCode::IncompatibleType));
    assert_eq!(modify(None, &payload(56, &[])), Ok(None));
    let replace = payload(66, &[Texts(&["a", "$7"]), Int(0), Int(flag::NO_FAIL as i64)]);
    assert_eq!(modify(there, &replace), Ok(None));
}

#[test]
fn elements_of_collections_are_read_and_changed() {
    let list = [&b"\x92\x01\x81"[..], &packed("k"), &packed("text")].concat();
    let within = |code: u8, arguments: &[Arg<'_>]| {
        let context = [&b"\x93\xcc\xff\x94\x10\x01\x22"[..], &packed("k")].concat();
        [context, payload(code, arguments)].concat()
    };
    assert_eq!(read(kind::LIST, &list, &within(0, &[])), Ok(Answer::int(4)));
    let changed = modify(Some((kind::LIST, &list)), &within(56, &[])).unwrap();
    let expected = [&b"\x92\x01\x81"[..], &packed("k"), &packed("TEXT")].concat();
    assert_eq!(changed, Some((kind::LIST, expected)));
    let first = [&b"\x93\xcc\xff\x92\x10\x00"[..], &payload(0, &[])].concat();
    assert_eq!(read(kind::LIST, &list, &first), Err(ResultCode::IncompatibleType));
    let none = [&b"\x93\xcc\xff\x92\x10\x07"[..], &payload(56, &[Int(4)])].concat();
    assert_eq!(modify(Some((kind::LIST, &list)), &none), Ok(None));
}
