//! Records as rows of a NumPy array, and rows as bins.
//!
//! NumPy is imported only by the call that needs it. Arrays are made of and read as bytes, as
//! their dtype lays them out, so that the work on them needs neither NumPy nor Python.

use aerospike_core::{Bin, Record, Value};
use pyo3::exceptions::{PyImportError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyModule, PyString, PyTuple};

use super::text::utf8;
use super::type_name;

/// NumPy itself.
pub fn import(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("numpy").map_err(|error| match error.is_instance_of::<PyImportError>(py) {
        true => {
            let told = PyImportError::new_err(
                "NumPy is needed for this: install it, or aerospike-py[numpy]",
            );
            told.set_cause(py, Some(error));
            told
        }
        false => error,
    })
}

/// How the rows of an array lie in memory.
pub struct Layout {
    pub fields: Vec<Field>,
    /// Bytes of a row.
    pub size: usize,
}

/// A field of a row: one element, or several of a sub-array.
pub struct Field {
    pub name: String,
    pub kind: Kind,
    offset: usize,
    /// Bytes of an element.
    width: usize,
    /// Elements of a sub-array.
    count: Option<usize>,
    swapped: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    /// Bytes that end before their trailing zeros.
    Text,
    Bytes,
}

/// Why a value does not fit a field, or the other way round.
pub enum Misfit {
    Type(String),
    Range(String),
    Length(String),
}

impl From<Misfit> for PyErr {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::Type(text) => PyTypeError::new_err(text),
            Misfit::Range(text) => PyOverflowError::new_err(text),
            Misfit::Length(text) => PyValueError::new_err(text),
        }
    }
}

impl Misfit {
    /// The same, saying where it was found.
    pub fn at(self, place: impl std::fmt::Display) -> Self {
        let told = |text| format!("{place}: {text}");
        match self {
            Self::Type(text) => Self::Type(told(text)),
            Self::Range(text) => Self::Range(told(text)),
            Self::Length(text) => Self::Length(told(text)),
        }
    }
}

impl Layout {
    /// The layout that a structured `numpy.dtype` describes. `name` is the argument's.
    pub fn of(dtype: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        let py = dtype.py();
        let class = import(py)?.getattr("dtype")?;
        if !dtype.is_instance(&class)? {
            return Err(PyTypeError::new_err(format!(
                "{name} must be a numpy.dtype, not {}",
                type_name(dtype)
            )));
        }
        let names = dtype.getattr("names")?;
        let Ok(names) = names.cast::<PyTuple>() else {
            return Err(PyTypeError::new_err(format!("{name} must have named fields")));
        };
        let fields = dtype.getattr("fields")?;
        let mut layout = Self { fields: Vec::new(), size: size_of_dtype(dtype)? };
        for field in names.iter() {
            let parts = fields.get_item(&field)?;
            let offset = parts.get_item(1)?.extract()?;
            layout.fields.push(Field::of(&field, &parts.get_item(0)?, offset, name)?);
        }
        Ok(layout)
    }
}

fn size_of_dtype(dtype: &Bound<'_, PyAny>) -> PyResult<usize> {
    dtype.getattr("itemsize")?.extract()
}

impl Field {
    fn of(
        name: &Bound<'_, PyAny>,
        dtype: &Bound<'_, PyAny>,
        offset: usize,
        argument: &str,
    ) -> PyResult<Self> {
        let name = utf8(name.cast::<PyString>()?, "a field's name")?.to_owned();
        let base = dtype.getattr("base")?;
        let (width, whole) = (size_of_dtype(&base)?, size_of_dtype(dtype)?);
        let kind = match base.getattr("kind")?.extract::<String>()?.as_str() {
            "b" => Kind::Bool,
            "i" => Kind::Signed,
            "u" => Kind::Unsigned,
            "f" if width <= 8 => Kind::Float,
            "S" => Kind::Text,
            "V" if base.getattr("names")?.is_none() => Kind::Bytes,
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "field {name:?} of {argument} must be a bool, an integer, a float of at most \
                     64 bits, bytes (S) or raw bytes (V), not {dtype}"
                )));
            }
        };
        let is_number = matches!(kind, Kind::Signed | Kind::Unsigned | Kind::Float);
        let is_native = base.getattr("isnative")?.is_truthy()?;
        let is_array = !dtype.getattr("subdtype")?.is_none();
        Ok(Self {
            name,
            kind,
            offset,
            width,
            count: is_array.then(|| whole.checked_div(width).unwrap_or(0)),
            swapped: is_number && is_native == cfg!(target_endian = "big"),
        })
    }

    fn bytes_of<'a>(&self, row: &'a [u8]) -> &'a [u8] {
        &row[self.offset..self.offset + self.width * self.count.unwrap_or(1)]
    }

    /// Fills this field of a row.
    pub fn fill(&self, value: &Value, row: &mut [u8]) -> Result<(), Misfit> {
        let place = self.offset..self.offset + self.width * self.count.unwrap_or(1);
        let place = &mut row[place];
        match (self.count, value) {
            (_, Value::Nil) => Ok(()),
            (None, value) => self.fill_element(value, place),
            // As an array's own bytes are stored, see [`Field::value`].
            (Some(_), Value::Blob(bytes)) if bytes.len() == place.len() => {
                place.copy_from_slice(bytes);
                if self.swapped {
                    place.chunks_exact_mut(self.width).for_each(<[u8]>::reverse);
                }
                Ok(())
            }
            (Some(count), Value::List(values)) => {
                let mut elements = Vec::with_capacity(count);
                flatten(values, &mut elements);
                if elements.len() != count {
                    return Err(self.wrong_length(elements.len(), count, "elements"));
                }
                let places = place.chunks_exact_mut(self.width);
                elements
                    .iter()
                    .zip(places)
                    .try_for_each(|(value, place)| self.fill_element(value, place))
            }
            (Some(_), Value::Blob(bytes)) => {
                Err(self.wrong_length(bytes.len(), place.len(), "bytes"))
            }
            (Some(_), other) => Err(self.wrong_type(other, "a list or bytes")),
        }
    }

    fn fill_element(&self, value: &Value, place: &mut [u8]) -> Result<(), Misfit> {
        match (self.kind, value) {
            (Kind::Bool, Value::Bool(bool)) => place[0] = (*bool).into(),
            (Kind::Signed, Value::Int(int)) => {
                let bits = 8 * self.width as u32;
                if bits < 64 && *int >> (bits - 1) != *int >> 63 {
                    return Err(self.out_of_range(*int));
                }
                self.put(&int.to_le_bytes(), place);
            }
            (Kind::Unsigned, Value::Int(int)) => {
                let bits = 8 * self.width as u32;
                if *int < 0 || (bits < 64 && *int >> bits != 0) {
                    return Err(self.out_of_range(*int));
                }
                self.put(&int.to_le_bytes(), place);
            }
            (Kind::Float, Value::Float(float)) => self.put_float(f64::from(float), place),
            (Kind::Float, Value::Int(int)) => self.put_float(*int as f64, place),
            (Kind::Text | Kind::Bytes, Value::String(text)) => {
                self.put_bytes(text.as_bytes(), place)?;
            }
            (Kind::Text | Kind::Bytes, Value::Blob(bytes)) => self.put_bytes(bytes, place)?,
            (Kind::Bool, other) => return Err(self.wrong_type(other, "a bool")),
            (Kind::Signed | Kind::Unsigned, other) => {
                return Err(self.wrong_type(other, "an integer"));
            }
            (Kind::Float, other) => return Err(self.wrong_type(other, "a number")),
            (Kind::Text | Kind::Bytes, other) => {
                return Err(self.wrong_type(other, "text or bytes"));
            }
        }
        Ok(())
    }

    /// Puts the lowest bytes of a number.
    fn put(&self, little: &[u8], place: &mut [u8]) {
        place.copy_from_slice(&little[..self.width]);
        if self.swapped {
            place.reverse();
        }
    }

    fn put_float(&self, float: f64, place: &mut [u8]) {
        match self.width {
            2 => self.put(&half_of(float).to_le_bytes(), place),
            4 => self.put(&(float as f32).to_le_bytes(), place),
            _ => self.put(&float.to_le_bytes(), place),
        }
    }

    fn put_bytes(&self, bytes: &[u8], place: &mut [u8]) -> Result<(), Misfit> {
        match place.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(self.wrong_length(bytes.len(), place.len(), "bytes")),
        }
    }

    /// What this field of a row is as a value. A sub-array is its bytes, the lowest of each
    /// element first.
    pub fn value(&self, row: &[u8]) -> Result<Value, Misfit> {
        let bytes = self.bytes_of(row);
        if self.count.is_some() {
            let mut bytes = bytes.to_vec();
            if self.swapped {
                bytes.chunks_exact_mut(self.width.max(1)).for_each(<[u8]>::reverse);
            }
            return Ok(Value::Blob(bytes));
        }
        Ok(match self.kind {
            Kind::Bool => Value::Bool(bytes[0] != 0),
            Kind::Signed => {
                let unused = 64 - 8 * self.width as u32;
                Value::Int(self.number(bytes).cast_signed() << unused >> unused)
            }
            Kind::Unsigned => Value::Int(i64::try_from(self.number(bytes)).map_err(|_| {
                Misfit::Range(format!("field {:?} has more than 63 bits", self.name))
            })?),
            Kind::Float => Value::from(self.float(bytes)),
            Kind::Text => {
                let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                Value::Blob(bytes[..end].to_vec())
            }
            Kind::Bytes => Value::Blob(bytes.to_vec()),
        })
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let mut little = [0; 8];
        little[..self.width].copy_from_slice(bytes);
        if self.swapped {
            little[..self.width].reverse();
        }
        u64::from_le_bytes(little)
    }

    fn float(&self, bytes: &[u8]) -> f64 {
        let bits = self.number(bytes);
        match self.width {
            2 => float_of(bits as u16),
            4 => f32::from_bits(bits as u32).into(),
            _ => f64::from_bits(bits),
        }
    }

    fn wrong_type(&self, value: &Value, wanted: &str) -> Misfit {
        let kind = match value {
            Value::Bool(_) => "a bool",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::String(_) => "text",
            Value::Blob(_) => "bytes",
            Value::List(_) => "a list",
            Value::HashMap(_) | Value::OrderedMap(_) | Value::SortedMap(_) => "a map",
            _ => "of another type",
        };
        Misfit::Type(format!("bin {:?} is {kind}, and its field takes {wanted}", self.name))
    }

    fn out_of_range(&self, int: i64) -> Misfit {
        let bits = 8 * self.width;
        Misfit::Range(format!("bin {:?} is {int}, and its field has {bits} bits", self.name))
    }

    fn wrong_length(&self, length: usize, room: usize, what: &str) -> Misfit {
        let name = &self.name;
        Misfit::Length(format!("bin {name:?} has {length} {what}, and its field {room}"))
    }
}

/// The elements of a list of lists, row by row.
fn flatten<'a>(values: &'a [Value], elements: &mut Vec<&'a Value>) {
    for value in values {
        match value {
            Value::List(inner) => flatten(inner, elements),
            value => elements.push(value),
        }
    }
}

impl Layout {
    /// Fills a row with the bins of a record. Fields without a bin stay zero.
    pub fn fill(&self, record: &Record, row: &mut [u8]) -> Result<(), Misfit> {
        self.fields.iter().try_for_each(|field| match record.bins.get(&field.name) {
            Some(value) => field.fill(value, row),
            None => Ok(()),
        })
    }

    /// The bins of a row: a field whose name begins with an underscore is none.
    pub fn bins(&self, row: &[u8]) -> Result<Vec<Bin>, Misfit> {
        let fields = self.fields.iter().filter(|field| !field.name.starts_with('_'));
        fields.map(|field| Ok(Bin::new(field.name.clone(), field.value(row)?))).collect()
    }
}

/// The bits of the nearest number of half precision.
fn half_of(value: f64) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    let magnitude = value.abs();
    if magnitude.is_nan() {
        return sign | 0x7e00;
    }
    if magnitude >= 65520.0 {
        return sign | 0x7c00;
    }
    if magnitude < 2f64.powi(-14) {
        // Steps of 2^-24; the last of them is the smallest number that is none of these.
        return sign | (magnitude * 2f64.powi(24)).round_ties_even() as u16;
    }
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1023;
    let steps = (magnitude / 2f64.powi(exponent - 10)).round_ties_even() as u16;
    // Steps that are rounded up to the next power of two carry into the exponent.
    (sign | ((exponent + 15) as u16 * 1024)) + (steps - 1024)
}

/// The number with these bits of half precision.
fn float_of(half: u16) -> f64 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, steps) = (i32::from(half >> 10 & 0x1f), f64::from(half & 0x3ff));
    sign * match exponent {
        0 => steps * 2f64.powi(-24),
        31 if steps == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + steps) * 2f64.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives() {
        for half in 0..=u16::MAX {
            let float = float_of(half);
            if !float.is_nan() {
                assert_eq!(half_of(float), half, "{float}");
            }
        }
    }

    #[test]
    fn halves_are_the_nearest() {
        assert_eq!(half_of(65519.9), 0x7bff);
        assert_eq!(half_of(65520.0), 0x7c00);
        assert_eq!(half_of(-f64::INFINITY), 0xfc00);
        assert_eq!(half_of(2047.5), half_of(2048.0));
        assert_eq!(half_of(1e-9), 0);
        assert!(float_of(half_of(f64::NAN)).is_nan());
    }
}
