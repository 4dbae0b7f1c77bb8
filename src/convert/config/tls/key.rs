//! The client's own key, which may be encrypted with a password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::pem;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{WHAT, invalid, read, unreadable};
use crate::convert::table::Field;

/// What begins and ends a key in the form that can be decrypted.
const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";

/// What a key has that OpenSSL encrypted in the way of its own that it had before.
const OLD_ENCRYPTION: &str = "Proc-Type: 4,ENCRYPTED";

/// A password: itself, or where it is.
pub fn password(field: &Field<'_, '_>) -> PyResult<Option<Vec<u8>>> {
    if field.value.is_none() {
        return Ok(None);
    }
    let text = field.text()?;
    let (prefix, rest) = text.split_once(':').unwrap_or(("", text));
    let (place, is_base64) = match prefix.strip_suffix("b64") {
        Some(place) if matches!(place, "" | "env-" | "file-") => {
            (place.trim_end_matches('-'), true)
        }
        _ => (prefix, false),
    };
    let found = match place {
        "env" => std::env::var(rest).map_err(|_| {
            field.refused(&format!("there is no variable {rest:?} of the environment"))
        })?,
        "file" => {
            let text = read(field.key, rest)?;
            String::from_utf8_lossy(&text).trim_end_matches(['\r', '\n']).to_owned()
        }
        _ if is_base64 => rest.to_owned(),
        _ => text.to_owned(),
    };
    if !is_base64 {
        return Ok(Some(found.into_bytes()));
    }
    match BASE64.decode(found.trim()) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(_) => Err(field.refused("the password is no Base64")),
    }
}

/// The key in PEM text, decrypted. `name` is that of the configuration's key that it comes from.
pub fn key(name: &str, text: &[u8], password: Option<&[u8]>) -> PyResult<PrivateKeyDer<'static>> {
    let readable = String::from_utf8_lossy(text);
    if readable.contains(OLD_ENCRYPTION) {
        return Err(PyValueError::new_err(format!(
            "{WHAT} key {name:?}: the key is encrypted in an old way of OpenSSL; \
             `openssl pkcs8 -topk8` makes one of it that can be read"
        )));
    }
    let Some((_, rest)) = readable.split_once(BEGIN) else {
        return PrivateKeyDer::from_pem_slice(text).map_err(|error| unreadable(name, None, error));
    };
    let Some(password) = password else {
        return Err(PyValueError::new_err(format!(
            "{WHAT} key {name:?}: the key is encrypted; give its password as \"keyfile_pw\""
        )));
    };
    let body = rest.split(END).next().unwrap_or_default();
    let block = format!("{BEGIN}{body}{END}\n");
    let (_, der) = pem::decode_vec(block.as_bytes()).map_err(|error| invalid(name, error))?;
    let encrypted =
        EncryptedPrivateKeyInfoRef::try_from(&der[..]).map_err(|error| invalid(name, error))?;
    let decrypted = encrypted.decrypt(password).map_err(|error| {
        invalid(name, format!("the key can't be decrypted with the password ({error})"))
    })?;
    Ok(PrivatePkcs8KeyDer::from(decrypted.as_bytes().to_vec()).into())
}
