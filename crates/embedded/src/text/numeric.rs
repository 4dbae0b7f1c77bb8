//! Numbers that are written as text.

/// The longest text that is read as a number: that of the least integer, that of the smallest double.
const MAX_INTEGER: usize = 20;
const MAX_DOUBLE: usize = 327;

/// What counts as a number.
#[derive(Debug, Clone, Copy)]
pub enum Numeric {
    Any,
    Integer,
    Float,
}

/// Blanks in front are passed over, as C libraries do.
fn without_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
}

pub fn integer(text: &str) -> Option<i64> {
    if text.len() > MAX_INTEGER { None } else { without_blanks(text).parse().ok() }
}

pub fn double(text: &str) -> Option<f64> {
    if text.len() > MAX_DOUBLE {
        return None;
    }
    let text = without_blanks(text);
    let number: f64 = text.parse().ok()?;
    let is_named = text.contains(['n', 'N']);
    // Too large or too small for a double.
    let lost = number.is_infinite() || number == 0.0 && has_digit_but_zero(text);
    (is_named || !lost).then_some(number)
}

fn has_digit_but_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    mantissa.contains(|c: char| matches!(c, '1'..='9'))
}

/// Whether the text is a number in plain notation: a float has a digit after its point.
pub fn is_numeric(text: &str, what: Numeric) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_integer = !digits.is_empty() && all_digits(digits) && text.parse::<i64>().is_ok();
    let is_float = || match digits.split_once('.') {
        Some((whole, fraction)) => {
            let is_finite = || digits.parse::<f64>().is_ok_and(f64::is_finite);
            let lost = || digits.parse() == Ok(0.0) && has_digit_but_zero(digits);
            !fraction.is_empty()
                && all_digits(whole)
                && all_digits(fraction)
                && is_finite()
                && !lost()
        }
        None => false,
    };
    match what {
        Numeric::Any => is_integer || is_float(),
        Numeric::Integer => is_integer,
        Numeric::Float => is_float(),
    }
}
