//! Comparing values.

use std::cmp::Ordering;

use super::limits::Limits;
use super::node::Comparison;
use super::value::Value;
use crate::msgpack::{self, Token};
use crate::protocol::cursor::Cursor;

/// Whether a comparison holds; `None` if the values can't be compared.
pub fn holds(
    comparison: Comparison,
    a: &Value<'_>,
    b: &Value<'_>,
    limits: &mut Limits,
) -> Option<bool> {
    limits.spend(a.size().min(b.size()))?;
    let order = match (a, b) {
        (Value::Nil, Value::Nil) => Ordering::Equal,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => match a.partial_cmp(b) {
            Some(order) => order,
            // A number that is none differs from all and stands nowhere.
            None => return Some(comparison == Comparison::NotEqual),
        },
        (Value::String(a), Value::String(b)) | (Value::Blob(a), Value::Blob(b)) => {
            a[..].cmp(&b[..])
        }
        (Value::List(a), Value::List(b)) | (Value::Map(a), Value::Map(b)) => {
            msgpack::compare_strictly(a, b)?
        }
        (Value::Mark(a), Value::Mark(b)) => msgpack::compare_strictly(a, b)?,
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
    })
}

/// Whether a value is in a list.
pub fn is_in_list(value: &Value<'_>, list: &Value<'_>, limits: &mut Limits) -> Option<bool> {
    let Value::List(packed) = list else { return None };
    let mut wanted = Vec::new();
    value.pack(&mut wanted)?;
    limits.spend(packed.len())?;
    let mut cursor = Cursor::new(packed);
    let Token::List(count) = Token::read(&mut cursor)? else { return None };
    for _ in 0..count {
        let before = cursor.rest();
        msgpack::skip(&mut cursor)?;
        if msgpack::compare(&wanted, before).is_eq() {
            return Some(true);
        }
    }
    Some(false)
}
