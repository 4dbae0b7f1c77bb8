//! Arithmetic on integers and floating point numbers, and the bits of integers.

use super::value::Value;

/// An operation on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Logarithm,
    Modulo,
    Absolute,
    Floor,
    Ceiling,
    ToInt,
    ToFloat,
    And,
    Or,
    Xor,
    Not,
    ShiftLeft,
    ShiftRight,
    ShiftRightSigned,
    CountOnes,
    ScanLeft,
    ScanRight,
    Min,
    Max,
}

/// The result; `None` where there is none: a division by zero.
pub fn apply<'v>(operation: Arithmetic, operands: &[Value<'_>]) -> Option<Value<'v>> {
    match operands.first()? {
        Value::Int(first) => on_ints(operation, *first, operands.get(1..)?),
        Value::Float(first) => on_floats(operation, *first, operands.get(1..)?),
        _ => None,
    }
}

fn on_ints<'v>(operation: Arithmetic, first: i64, rest: &[Value<'_>]) -> Option<Value<'v>> {
    use Arithmetic::*;
    let fold = |with: fn(i64, i64) -> i64| {
        rest.iter().try_fold(first, |so_far, next| Some(with(so_far, int(next)?)))
    };
    let second = || rest.first().and_then(int);
    Some(Value::Int(match operation {
        Add => fold(i64::wrapping_add)?,
        Subtract if rest.is_empty() => first.wrapping_neg(),
        Subtract => fold(i64::wrapping_sub)?,
        Multiply => fold(i64::wrapping_mul)?,
        Divide => {
            let (dividend, divisor) = match rest {
                [] => (1, first),
                _ => (first, product(rest)?),
            };
            if divisor == 0 {
                return None;
            }
            dividend.wrapping_div(divisor)
        }
        Modulo => match second()? {
            0 => return None,
            divisor => first.wrapping_rem(divisor),
        },
        Absolute => first.wrapping_abs(),
        ToFloat => return Some(Value::Float(first as f64)),
        And => fold(|a, b| a & b)?,
        Or => fold(|a, b| a | b)?,
        Xor => fold(|a, b| a ^ b)?,
        Not => !first,
        // Shifts count modulo the width, as processors do.
        ShiftLeft => first.wrapping_shl(second()? as u32),
        ShiftRight => (first as u64).wrapping_shr(second()? as u32) as i64,
        ShiftRightSigned => first.wrapping_shr(second()? as u32),
        CountOnes => i64::from(first.count_ones()),
        ScanLeft => match scanned(first, rest)? {
            0 => -1,
            bits => i64::from(bits.leading_zeros()),
        },
        ScanRight => 63 - i64::from(scanned(first, rest)?.trailing_zeros()),
        Min => fold(i64::min)?,
        Max => fold(i64::max)?,
        Power | Logarithm | Floor | Ceiling | ToInt => return None,
    }))
}

fn on_floats<'v>(operation: Arithmetic, first: f64, rest: &[Value<'_>]) -> Option<Value<'v>> {
    use Arithmetic::*;
    let fold = |with: fn(f64, f64) -> f64| {
        rest.iter().try_fold(first, |so_far, next| Some(with(so_far, float(next)?)))
    };
    let second = || rest.first().and_then(float);
    Some(Value::Float(match operation {
        Add => fold(|a, b| a + b)?,
        Subtract if rest.is_empty() => 0.0 - first,
        Subtract => fold(|a, b| a - b)?,
        Multiply => fold(|a, b| a * b)?,
        Divide if rest.is_empty() => 1.0 / first,
        Divide => first / rest.iter().try_fold(1.0, |so_far, next| Some(so_far * float(next)?))?,
        Power => first.powf(second()?),
        Logarithm => first.ln() / second()?.ln(),
        Absolute => first.abs(),
        Floor => first.floor(),
        Ceiling => first.ceil(),
        ToInt => return Some(Value::Int(to_int(first))),
        // Not those of the standard library: a number that is none is never passed over.
        Min => fold(|a, b| if a > b { b } else { a })?,
        Max => fold(|a, b| if a < b { b } else { a })?,
        _ => return None,
    }))
}

/// Out of range, the smallest integer: so processors tell that there is none.
fn to_int(number: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) { number as i64 } else { i64::MIN }
}

/// The bits in which to look for a one: zeros are looked for in the complement.
fn scanned(number: i64, rest: &[Value<'_>]) -> Option<u64> {
    match rest.first()? {
        Value::Bool(true) => Some(number as u64),
        Value::Bool(false) => Some(!number as u64),
        _ => None,
    }
}

fn product(numbers: &[Value<'_>]) -> Option<i64> {
    numbers.iter().try_fold(1, |so_far: i64, next| Some(so_far.wrapping_mul(int(next)?)))
}

fn int(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

fn float(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(operation: Arithmetic, operands: &[i64]) -> Option<i64> {
        let operands: Vec<_> = operands.iter().map(|&number| Value::Int(number)).collect();
        match apply(operation, &operands) {
            Some(Value::Int(number)) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn integers_wrap_and_nothing_is_divided_by_zero() {
        use Arithmetic::*;
        for (operation, operands, wanted) in [
            (Add, &[i64::MAX, 1][..], Some(i64::MIN)),
            (Subtract, &[i64::MIN], Some(i64::MIN)),
            (Subtract, &[1, 2, 3], Some(-4)),
            (Multiply, &[i64::MAX, 2], Some(-2)),
            (Divide, &[i64::MIN, -1], Some(i64::MIN)),
            (Divide, &[2], Some(0)),
            (Divide, &[100, 5, 2], Some(10)),
            (Divide, &[7, 0], None),
            (Divide, &[7, i64::MIN, 2], None),
            (Modulo, &[i64::MIN, -1], Some(0)),
            (Modulo, &[-7, 3], Some(-1)),
            (Modulo, &[7, 0], None),
            (Absolute, &[i64::MIN], Some(i64::MIN)),
            (ShiftLeft, &[1, 65], Some(2)),
            (ShiftRight, &[-1, 63], Some(1)),
            (ShiftRightSigned, &[-8, -63], Some(-4)),
            (CountOnes, &[-1], Some(64)),
        ] {
            assert_eq!(ints(operation, operands), wanted, "{operation:?} {operands:?}");
        }
    }

    #[test]
    fn bits_are_looked_for_from_either_side() {
        use Arithmetic::{ScanLeft, ScanRight};
        for (operation, number, bit, wanted) in [
            (ScanLeft, 1, true, 63),
            (ScanLeft, 0, true, -1),
            (ScanLeft, -1, false, -1),
            (ScanLeft, 0, false, 0),
            (ScanRight, 1, true, 63),
            (ScanRight, i64::MIN, true, 0),
            (ScanRight, 0, true, -1),
        ] {
            let found = apply(operation, &[Value::Int(number), Value::Bool(bit)]);
            assert!(
                matches!(found, Some(Value::Int(place)) if place == wanted),
                "{operation:?} {number} {bit}: {found:?}"
            );
        }
    }

    #[test]
    fn a_float_that_no_integer_can_hold_is_the_smallest() {
        for (number, wanted) in [
            (-1.9, -1),
            (9.3e18, i64::MIN),
            (-9.3e18, i64::MIN),
            (f64::NAN, i64::MIN),
            (f64::INFINITY, i64::MIN),
        ] {
            assert_eq!(to_int(number), wanted, "{number}");
        }
    }
}
