//! Keys: namespace, set, and what identifies the record in them.

use std::sync::LazyLock;

use aerospike_core::{Key, ParticleType, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyInt, PyString, PyTuple};
use ripemd::{Digest, Ripemd160};

use super::show::user_key_to_py;
use super::text::{required_utf8, utf8};
use super::type_name;
use super::types::Types;
use super::value::{bytearray_bytes, int_from_py};
use crate::interp::objects::{index, named_tuple};

const PARTITIONS: u32 = 4096;
const DIGEST_BYTES: usize = 20;

/// A key whose digest is computed at its first use: that takes a microsecond, which is
/// better spent where no other thread waits for the interpreter.
pub type LazyKey = LazyLock<Key, Box<dyn FnOnce() -> Key + Send>>;

/// The same key once more.
pub fn key_again(key: &LazyKey) -> LazyKey {
    let key = Key::clone(key);
    LazyLock::new(Box::new(move || key))
}

/// A key from a tuple `(namespace, set, user_key[, digest])`.
pub fn key_from_py(key: &Bound<'_, PyAny>) -> PyResult<LazyKey> {
    Ok(KeyParts::from_py(key)?.into_lazy())
}

/// A key whose digest is to be computed.
pub fn key_from_parts(
    namespace: &Bound<'_, PyAny>,
    set: &Bound<'_, PyAny>,
    user_key: &Bound<'_, PyAny>,
) -> PyResult<LazyKey> {
    Ok(KeyParts::named(namespace, set, user_key)?.into_lazy())
}

/// What a key is made of. Computing the digest needs no Python.
#[derive(Clone)]
pub struct KeyParts {
    namespace: String,
    set: String,
    id: Id,
}

/// What tells a record from the others of its set.
#[derive(Clone)]
enum Id {
    /// A user key, and whether it was given as `bytes`.
    Named(Value, bool),
    Digest(Option<Value>, [u8; DIGEST_BYTES]),
}

impl KeyParts {
    pub fn from_py(key: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(parts) = key.cast::<PyTuple>() else {
            return Err(PyTypeError::new_err(format!(
                "key must be a tuple (namespace, set, user_key[, digest]), not {}",
                type_name(key)
            )));
        };
        match parts.as_slice() {
            [namespace, set, user_key] => Self::named(namespace, set, user_key),
            [namespace, set, user_key, digest] if digest.is_none() => {
                Self::named(namespace, set, user_key)
            }
            [namespace, set, user_key, digest] => {
                let digest = digest_from_py(digest)?;
                let user_key = match user_key.is_none() {
                    true => None,
                    false => Some(user_key_from_py(user_key)?),
                };
                Ok(Self {
                    namespace: namespace_from_py(namespace)?.to_owned(),
                    set: set_from_py(set)?.to_owned(),
                    id: Id::Digest(user_key, digest),
                })
            }
            parts => Err(PyValueError::new_err(format!(
                "key must have 3 or 4 parts (namespace, set, user_key[, digest]), not {}",
                parts.len()
            ))),
        }
    }

    /// Of a user key that is an integer, or what Python would give as `bytes`.
    pub fn of(namespace: String, set: String, user_key: Value) -> Self {
        Self { namespace, set, id: Id::Named(user_key, true) }
    }

    fn named(
        namespace: &Bound<'_, PyAny>,
        set: &Bound<'_, PyAny>,
        user_key: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let (namespace, set) = (namespace_from_py(namespace)?, set_from_py(set)?);
        if user_key.is_none() {
            return Err(PyValueError::new_err(
                "the user key is None: give one, or the digest as the key's fourth part",
            ));
        }
        let is_bytes = user_key.is_instance_of::<PyBytes>();
        let id = Id::Named(user_key_from_py(user_key)?, is_bytes);
        Ok(Self { namespace: namespace.to_owned(), set: set.to_owned(), id })
    }

    /// The namespace and the set.
    pub fn place(&self) -> (&str, &str) {
        (&self.namespace, &self.set)
    }

    /// Whether the user key is given, and shown again as it was: a bytearray is not.
    pub fn is_named(&self) -> bool {
        match &self.id {
            Id::Named(user_key, is_bytes) => *is_bytes || !matches!(user_key, Value::Blob(_)),
            Id::Digest(..) => false,
        }
    }

    fn into_lazy(self) -> LazyKey {
        LazyLock::new(Box::new(move || self.into_key()))
    }

    /// The key, with its digest.
    pub fn into_key(self) -> Key {
        let Self { namespace, set, id } = self;
        match id {
            Id::Digest(user_key, digest) => Key::with_digest(namespace, set, user_key, digest),
            Id::Named(Value::Blob(bytes), true) => {
                let digest = digest_as_text(&set, &bytes);
                Key::with_digest(namespace, set, Some(Value::Blob(bytes)), digest)
            }
            Id::Named(user_key, _) => Key::new(namespace, set, user_key)
                .expect("the user key is of a type that has a digest"),
        }
    }
}

/// Whether a key is found again by its user key as [`user_key_to_py`] shows it.
pub fn is_named(key: &Key) -> bool {
    match key.user_key() {
        None => false,
        Some(Value::Blob(bytes)) => digest_as_text(key.set_name(), bytes) == key.digest(),
        Some(user_key) => Key::new("", key.set_name(), user_key.clone())
            .is_ok_and(|named| named.digest() == key.digest()),
    }
}

/// The digest of a user key given as bytes: that of text with these bytes, since both older
/// clients for Python find their records so. (That of a bytearray differs, in theirs as here.)
fn digest_as_text(set: &str, user_key: &[u8]) -> [u8; DIGEST_BYTES] {
    let mut hash = Ripemd160::new();
    hash.update(set.as_bytes());
    hash.update([ParticleType::String as u8]);
    hash.update(user_key);
    hash.finalize().into()
}

/// The namespace of a key.
pub fn namespace_from_py<'a>(namespace: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    match required_utf8(namespace, "the key's namespace")? {
        "" => Err(PyValueError::new_err("the key's namespace is empty")),
        name => Ok(name),
    }
}

/// The set of a key. None is no set, and so is the empty name.
pub fn set_from_py<'a>(set: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    if set.is_none() {
        return Ok("");
    }
    match set.cast::<PyString>() {
        Ok(name) => utf8(name, "the key's set"),
        Err(_) => Err(PyTypeError::new_err(format!(
            "the key's set must be str or None, not {}",
            type_name(set)
        ))),
    }
}

fn user_key_from_py(user_key: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(text) = user_key.cast::<PyString>() {
        return Ok(Value::String(utf8(text, "the user key")?.to_owned()));
    }
    if let Ok(bytes) = user_key.cast::<PyBytes>() {
        return Ok(Value::Blob(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = user_key.cast::<PyByteArray>() {
        return Ok(Value::Blob(bytearray_bytes(bytes)));
    }
    if !user_key.is_instance_of::<PyBool>() {
        if let Ok(int) = user_key.cast::<PyInt>() {
            return Ok(Value::Int(int_from_py(int)?));
        }
        if let Some(int) = index(user_key) {
            return Ok(Value::Int(int_from_py(&int?)?));
        }
    }
    Err(PyTypeError::new_err(format!(
        "the user key must be str, int, bytes or bytearray, not {}",
        type_name(user_key)
    )))
}

/// A digest from bytes or a bytearray.
pub fn digest_from_py(digest: &Bound<'_, PyAny>) -> PyResult<[u8; DIGEST_BYTES]> {
    let copy;
    let bytes = if let Ok(bytes) = digest.cast::<PyBytes>() {
        bytes.as_bytes()
    } else if let Ok(bytes) = digest.cast::<PyByteArray>() {
        copy = bytearray_bytes(bytes);
        &copy
    } else {
        return Err(PyTypeError::new_err(format!(
            "the digest must be bytes or bytearray, not {}",
            type_name(digest)
        )));
    };
    bytes.try_into().map_err(|_| {
        PyValueError::new_err(format!(
            "the digest must have {DIGEST_BYTES} bytes, not {}",
            bytes.len()
        ))
    })
}

/// The partition of a digest.
pub fn partition_id(digest: &[u8; DIGEST_BYTES]) -> u32 {
    let [a, b, c, d, ..] = *digest;
    u32::from_le_bytes([a, b, c, d]) % PARTITIONS
}

/// The `AerospikeKey` of a key.
pub fn key_to_py<'py>(py: Python<'py>, key: &Key, types: &Types) -> PyResult<Bound<'py, PyAny>> {
    named_key_to_py(py, key, types, |_, name| PyString::new(py, name))
}

/// The same with names made by `name_of`: of the namespace, at 0, and of the set, at 1.
pub fn named_key_to_py<'py>(
    py: Python<'py>,
    key: &Key,
    types: &Types,
    name_of: impl FnMut(usize, &str) -> Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let user_key = match key.user_key() {
        None => py.None().into_bound(py),
        Some(user_key) => user_key_to_py(py, user_key, types)?,
    };
    key_of_parts(py, key, types, name_of, user_key)
}

/// The `AerospikeKey` of a key whose tuple was kept: `owner` is as in
/// [`Task::finish`](crate::client::task::Task::finish). It has the tuple's own objects where they
/// would be made alike.
pub fn kept_key_to_py<'py>(
    owner: &Bound<'py, PyAny>,
    key: &Key,
    types: &Types,
) -> PyResult<Bound<'py, PyAny>> {
    let py = owner.py();
    let kept = owner.cast_exact::<PyTuple>().ok().and_then(|owner| owner.as_slice().get(1));
    let given = kept.and_then(|kept| kept.cast::<PyTuple>().ok());
    let Some([namespace, set, user_key, ..]) = given.map(|given| given.as_slice()) else {
        return key_to_py(py, key, types);
    };
    let name_of = |at: usize, name: &str| match [namespace, set][at].cast_exact::<PyString>() {
        Ok(same) => same.clone(),
        Err(_) => PyString::new(py, name),
    };
    let shows_itself = user_key.is_exact_instance_of::<PyString>()
        || user_key.is_exact_instance_of::<PyInt>()
        || user_key.is_exact_instance_of::<PyBytes>();
    match key.user_key() {
        Some(_) if shows_itself => key_of_parts(py, key, types, name_of, user_key.clone()),
        _ => named_key_to_py(py, key, types, name_of),
    }
}

fn key_of_parts<'py>(
    py: Python<'py>,
    key: &Key,
    types: &Types,
    mut name_of: impl FnMut(usize, &str) -> Bound<'py, PyString>,
    user_key: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let set = match key.set_name() {
        "" => py.None().into_bound(py),
        name => name_of(1, name).into_any(),
    };
    let fields = [
        name_of(0, key.namespace()).into_any(),
        set,
        user_key,
        PyBytes::new(py, &key.digest()).into_any(),
    ];
    named_tuple(types.aerospike_key.bind(py), fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partition_is_the_digests_first_twelve_bits_little_endian() {
        for user_key in 0..100 {
            let key = Key::new("test", "demo", Value::Int(user_key)).unwrap();
            assert_eq!(partition_id(&key.digest()) as usize, key.partition_id());
        }
    }

    #[test]
    fn bytes_have_the_digest_of_text() {
        let text = Key::new("test", "demo", Value::from("abc")).unwrap();
        assert_eq!(digest_as_text("demo", b"abc"), text.digest());
        let blob = Key::new("test", "demo", Value::Blob(b"abc".to_vec())).unwrap();
        assert_ne!(blob.digest(), text.digest());
    }
}
