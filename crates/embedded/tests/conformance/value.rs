//! Values: from the notation of the corpus to the wire and back, and comparing them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// A value as it is compared: integers and doubles differ, doubles by their bits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Double(u64),
    String(String),
    Bytes(Vec<u8>),
    List(bool, Vec<Value>),
    /// Flags, and the pairs: of an unordered map, sorted.
    Map(u8, Vec<(Value, Value)>),
    Geo(String),
    Hll(Vec<u8>),
    Wildcard,
    Infinity,
    /// What no client can show.
    Particle(u8, Vec<u8>),
}

pub fn base64(text: &Json) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

impl Value {
    pub fn double(number: f64) -> Value {
        Value::Double(if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() })
    }

    fn map(flags: u8, mut pairs: Vec<(Value, Value)>) -> Value {
        if flags & 1 == 0 {
            pairs.sort();
        }
        Value::Map(flags, pairs)
    }

    pub fn from_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Nil,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Value::Int(integer),
                None => Value::double(number.as_f64().unwrap()),
            },
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => Value::List(false, items.iter().map(Value::from_json).collect()),
            Json::Object(object) => {
                let (name, inner) = match object.iter().next() {
                    Some((name, inner)) if name.starts_with('$') => (name.as_str(), inner),
                    _ => ("", json),
                };
                let order = object.get("$order").and_then(Json::as_str).unwrap_or("");
                Value::from_tagged(name, inner, order)
            }
        }
    }

    fn from_tagged(name: &str, inner: &Json, order: &str) -> Value {
        match name {
            "" => {
                let pairs = inner.as_object().unwrap().iter();
                let pairs = pairs.map(|(k, v)| (Value::String(k.clone()), Value::from_json(v)));
                Value::map(0, pairs.collect())
            }
            "$bytes" => Value::Bytes(base64(inner)),
            "$hll" => Value::Hll(base64(inner)),
            "$geo" => Value::Geo(inner.as_str().unwrap().into()),
            "$float" => Value::double(inner.as_str().unwrap().parse().unwrap()),
            "$wildcard" => Value::Wildcard,
            "$infinity" => Value::Infinity,
            "$bytes_fill" => {
                let number = |at: usize| inner[at].as_u64().unwrap();
                Value::Bytes(vec![number(0) as u8; number(1) as usize])
            }
            "$particle" => Value::Particle(inner[0].as_u64().unwrap() as u8, base64(&inner[1])),
            "$list" => {
                let items = inner.as_array().unwrap().iter().map(Value::from_json);
                Value::List(order == "ordered", items.collect())
            }
            "$map" => {
                let flags = match order {
                    "" => 0,
                    "key" => 1,
                    "value" => 2,
                    "key_value" => 3,
                    "preserve" => 8,
                    other => panic!("order {other}"),
                };
                let pair = |p: &Json| (Value::from_json(&p[0]), Value::from_json(&p[1]));
                let pairs: Vec<_> = inner.as_array().unwrap().iter().map(pair).collect();
                if flags == 8 { Value::Map(8, pairs) } else { Value::map(flags, pairs) }
            }
            other => panic!("notation {other}"),
        }
    }

    /// With the pairs of every map in the order of their keys, as clients send them.
    pub fn sorted(self) -> Value {
        match self {
            Value::List(flags, items) => {
                Value::List(flags, items.into_iter().map(Value::sorted).collect())
            }
            Value::Map(flags, pairs) => {
                let pairs = pairs.into_iter().map(|(key, value)| (key, value.sorted()));
                let mut pairs: Vec<_> = pairs.collect();
                pairs.sort();
                Value::Map(flags, pairs)
            }
            other => other,
        }
    }

    /// Particle type and bytes, as a client sends them.
    pub fn to_particle(&self) -> (u8, Vec<u8>) {
        match self {
            Value::Nil => (0, vec![]),
            Value::Int(number) => (1, number.to_be_bytes().to_vec()),
            Value::Double(bits) => (2, bits.to_be_bytes().to_vec()),
            // The client that was recorded ends strings at a zero byte.
            Value::String(text) => (3, text.bytes().take_while(|&b| b != 0).collect()),
            Value::Bytes(bytes) => (4, bytes.clone()),
            Value::Bool(value) => (17, vec![u8::from(*value)]),
            Value::Hll(bytes) => (18, bytes.clone()),
            Value::Map(..) => (19, self.packed()),
            Value::List(..) => (20, self.packed()),
            Value::Geo(text) => (23, [&[0, 0, 0], text.as_bytes()].concat()),
            Value::Particle(kind, bytes) => (*kind, bytes.clone()),
            Value::Wildcard | Value::Infinity => panic!("{self:?} is no bin value"),
        }
    }

    pub fn packed(&self) -> Vec<u8> {
        let mut output = Vec::new();
        self.pack(&mut output);
        output
    }

    fn pack(&self, output: &mut Vec<u8>) {
        let raw = |output: &mut Vec<u8>, kind: u8, bytes: &[u8]| {
            let size = bytes.len() + 1;
            match size {
                0..32 => output.push(0xa0 | size as u8),
                32..0x1_0000 => {
                    output.push(0xda);
                    output.extend_from_slice(&(size as u16).to_be_bytes());
                }
                _ => {
                    output.push(0xdb);
                    output.extend_from_slice(&(size as u32).to_be_bytes());
                }
            }
            output.push(kind);
            output.extend_from_slice(bytes);
        };
        match self {
            Value::Nil => output.push(0xc0),
            Value::Bool(value) => output.push(0xc2 + u8::from(*value)),
            Value::Int(number) if (-32..128).contains(number) => output.push(*number as u8),
            Value::Int(number) => {
                output.push(0xd3);
                output.extend_from_slice(&number.to_be_bytes());
            }
            Value::Double(bits) => {
                output.push(0xcb);
                output.extend_from_slice(&bits.to_be_bytes());
            }
            Value::String(text) => raw(output, 3, text.as_bytes()),
            Value::Bytes(bytes) => raw(output, 4, bytes),
            Value::Hll(bytes) => raw(output, 18, bytes),
            Value::Geo(text) => raw(output, 23, text.as_bytes()),
            Value::Wildcard => output.extend_from_slice(&[0xd4, 0xff, 0]),
            Value::Infinity => output.extend_from_slice(&[0xd4, 0xff, 1]),
            Value::List(ordered, items) => {
                output.push(0xdd);
                let count = items.len() + usize::from(*ordered);
                output.extend_from_slice(&(count as u32).to_be_bytes());
                if *ordered {
                    output.extend_from_slice(&[0xc7, 0, 1]);
                }
                items.iter().for_each(|item| item.pack(output));
            }
            Value::Map(flags, pairs) => {
                output.push(0xdf);
                let count = pairs.len() + usize::from(*flags != 0);
                output.extend_from_slice(&(count as u32).to_be_bytes());
                if *flags != 0 {
                    output.extend_from_slice(&[0xc7, 0, *flags, 0xc0]);
                }
                for (key, value) in pairs {
                    key.pack(output);
                    value.pack(output);
                }
            }
            Value::Particle(..) => panic!("{self:?} is not in collections"),
        }
    }

    pub fn from_particle(kind: u8, bytes: &[u8]) -> Value {
        match kind {
            0 => Value::Nil,
            1 => Value::Int(i64::from_be_bytes(bytes.try_into().unwrap())),
            2 => Value::double(f64::from_be_bytes(bytes.try_into().unwrap())),
            3 => match String::from_utf8(bytes.to_vec()) {
                Ok(text) => Value::String(text),
                Err(_) => Value::Particle(3, bytes.to_vec()),
            },
            4 => Value::Bytes(bytes.to_vec()),
            17 => Value::Bool(bytes == [1]),
            18 => Value::Hll(bytes.to_vec()),
            19 | 20 => {
                let mut rest = bytes;
                let value = Value::unpack(&mut rest);
                assert!(rest.is_empty(), "bytes after a collection: {rest:x?}");
                value
            }
            23 => {
                let cells = usize::from(u16::from_be_bytes([bytes[1], bytes[2]]));
                Value::Geo(String::from_utf8(bytes[3 + 8 * cells..].to_vec()).unwrap())
            }
            _ => Value::Particle(kind, bytes.to_vec()),
        }
    }

    fn unpack(rest: &mut &[u8]) -> Value {
        fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
            let (taken, left) = rest.split_at(count);
            *rest = left;
            taken
        }
        fn number(rest: &mut &[u8], size: usize) -> u64 {
            take(rest, size).iter().fold(0, |n, &byte| n << 8 | u64::from(byte))
        }
        let first = take(rest, 1)[0];
        match first {
            0x00..=0x7f => Value::Int(i64::from(first)),
            0x80..=0x8f => Value::unpack_map(rest, usize::from(first & 15)),
            0x90..=0x9f => Value::unpack_list(rest, usize::from(first & 15)),
            0xa0..=0xbf => Value::from_raw(take(rest, usize::from(first & 31))),
            0xc0 => Value::Nil,
            0xc2 | 0xc3 => Value::Bool(first == 0xc3),
            0xca => Value::double(f64::from(f32::from_bits(number(rest, 4) as u32))),
            0xcb => Value::double(f64::from_bits(number(rest, 8))),
            0xcc..=0xcf => Value::Int(number(rest, 1 << (first - 0xcc)) as i64),
            0xd0 => Value::Int(i64::from(number(rest, 1) as i8)),
            0xd1 => Value::Int(i64::from(number(rest, 2) as i16)),
            0xd2 => Value::Int(i64::from(number(rest, 4) as i32)),
            0xd3 => Value::Int(number(rest, 8) as i64),
            0xd9..=0xdb => {
                let size = number(rest, 1 << (first - 0xd9)) as usize;
                Value::from_raw(take(rest, size))
            }
            0xdc | 0xdd => {
                let count = number(rest, 2 << (first - 0xdc)) as usize;
                Value::unpack_list(rest, count)
            }
            0xde | 0xdf => {
                let count = number(rest, 2 << (first - 0xde)) as usize;
                Value::unpack_map(rest, count)
            }
            0xe0..=0xff => Value::Int(i64::from(first as i8)),
            other => panic!("byte {other:x} begins no stored element"),
        }
    }

    /// The flags with which a collection begins.
    fn unpack_flags(rest: &mut &[u8], count: &mut usize) -> u8 {
        match **rest {
            [0xc7, 0, flags, ..] if *count > 0 => {
                *rest = &rest[3..];
                *count -= 1;
                assert_ne!(flags, 0, "flags that say nothing");
                flags
            }
            _ => 0,
        }
    }

    fn unpack_list(rest: &mut &[u8], mut count: usize) -> Value {
        let flags = Value::unpack_flags(rest, &mut count);
        assert!(flags <= 1, "flags {flags} of a list");
        Value::List(flags == 1, (0..count).map(|_| Value::unpack(rest)).collect())
    }

    fn unpack_map(rest: &mut &[u8], mut count: usize) -> Value {
        let flags = Value::unpack_flags(rest, &mut count);
        if flags != 0 {
            assert_eq!(Value::unpack(rest), Value::Nil);
        }
        let pairs: Vec<_> =
            (0..count).map(|_| (Value::unpack(rest), Value::unpack(rest))).collect();
        if flags == 8 { Value::Map(8, pairs) } else { Value::map(flags, pairs) }
    }

    fn from_raw(bytes: &[u8]) -> Value {
        let Some((&kind, bytes)) = bytes.split_first() else { return Value::Bytes(vec![]) };
        match kind {
            3 => Value::String(String::from_utf8(bytes.to_vec()).unwrap()),
            4 => Value::Bytes(bytes.to_vec()),
            18 => Value::Hll(bytes.to_vec()),
            23 => Value::Geo(String::from_utf8(bytes.to_vec()).unwrap()),
            _ => Value::Particle(kind, bytes.to_vec()),
        }
    }
}
