//! Registering modules of user-defined functions.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Answer;
use super::parameters::Parameters;
use crate::udf::{Modules, Rejected};

/// The longest file name, in bytes.
const MAX_NAME_SIZE: usize = 127;

/// The largest module, in bytes.
const MAX_SOURCE_SIZE: usize = 1024 * 1024;

fn error(what: &str) -> Answer {
    Ok(format!("error={what}"))
}

fn file_name<'a>(parameters: &Parameters<'a>) -> Option<&'a str> {
    parameters.get("filename").filter(|name| name.len() <= MAX_NAME_SIZE)
}

/// Answers `udf-put`.
pub fn put(modules: &Arc<Modules>, parameters: &Parameters<'_>) -> Answer {
    let is_valid = |name: &&str| name.find('.').is_some_and(|dot| dot > 0 && dot + 1 < name.len());
    // A name with other characters could not be told from the rest of a list.
    let is_plain = |name: &&str| !name.contains([';', ',', '"', '\\', '/']);
    let Some(name) = file_name(parameters).filter(is_valid).filter(is_plain) else {
        return error("invalid_filename");
    };
    let size = parameters.get("content-len").and_then(|size| size.parse::<usize>().ok());
    let Some(size) = size.filter(|size| size % 4 == 0) else {
        return error("invalid_content_len");
    };
    if parameters.get("udf-type").is_some_and(|kind| kind != "LUA") {
        return error("invalid_udf_type");
    }
    let Some(content) = parameters.get("content").filter(|content| content.len() == size) else {
        return error("invalid_content");
    };
    if size / 4 * 3 > MAX_SOURCE_SIZE {
        return error("invalid_udf_content_len,>1M");
    }
    let Ok(source) = STANDARD.decode(content) else { return error("invalid_base64_content") };
    match modules.put(name, source) {
        Ok(()) => Ok("ok".into()),
        Err(Rejected::TooMany) => error("timeout"),
        Err(Rejected::Compile { line, message }) => {
            let message = STANDARD.encode(message);
            error(&format!("compile_error;file={name};line={line};message={message}"))
        }
    }
}

/// Answers `udf-get`.
pub fn get(modules: &Modules, parameters: &Parameters<'_>) -> Answer {
    let Some(name) = file_name(parameters) else { return error("invalid_filename") };
    match modules.get(name) {
        None => error("not_found"),
        Some(source) if source.is_empty() => error("empty"),
        Some(source) => Ok(format!("type=LUA;content={};", STANDARD.encode(&**source))),
    }
}

/// Answers `udf-remove`.
pub fn remove(modules: &Modules, parameters: &Parameters<'_>) -> Answer {
    let Some(name) = file_name(parameters) else { return error("invalid_filename") };
    modules.remove(name);
    Ok("ok".into())
}
