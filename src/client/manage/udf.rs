//! User-defined functions: modules of them on the cluster, and calls.

use std::fs;
use std::sync::Arc;

use aerospike_core as core;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use core::UdfLang;
use core::policy::{AdminPolicy, BasePolicy};
use core::task::Task;
use core::{Key, Value};
use pyo3::exceptions::{PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString};

use super::{ask, name, name_from_py, rows, wait_for};
use crate::client::batch::apply::{arguments_from_py, name_from_py as function_name};
use crate::client::batch::{Call, functions};
use crate::client::docs::manage as docs;
use crate::client::owners::Route;
use crate::client::record::Write;
use crate::client::task::Input;
use crate::client::verb::{Change, Keyed, Verb};
use crate::convert::policy::admin_policy;
use crate::convert::show::value_to_py;
use crate::convert::text::{required_utf8, utf8};
use crate::convert::type_name;
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::objects::int_value;
use crate::state::State;
use crate::transaction::Shared;

const POLICY: Param = optional("policy", "None");

/// `UDF_TYPE_LUA`, the only language that there is.
const LUA: i64 = 0;

fn check_language(args: &Args<'_, '_>, params: &[Param], index: usize) -> PyResult<()> {
    match args.optional(index) {
        None => Ok(()),
        Some(value) => match value.cast::<PyInt>() {
            Ok(int) if int_value(&int) == Some(LUA) => Ok(()),
            _ => Err(PyValueError::new_err(format!(
                "{} must be UDF_TYPE_LUA (0), not {}",
                params[index].name,
                value.repr()?
            ))),
        },
    }
}

pub struct Put;

pub struct Registration {
    file: String,
    source: Vec<u8>,
    policy: AdminPolicy,
}

impl Keyed for Registration {}

const PUT: &[Param] =
    &[required("filename"), optional("udf_type", "0"), POLICY, optional("source", "None")];

fn path_from_py(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let path = match value.getattr_opt("__fspath__")? {
        Some(method) => method.call0()?,
        None => value.clone(),
    };
    Ok(required_utf8(&path, "filename")?.to_owned())
}

fn source_from_py(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = value.cast::<PyString>() {
        Ok(utf8(text, "source")?.as_bytes().to_vec())
    } else if let Ok(bytes) = value.cast::<PyBytes>() {
        Ok(bytes.as_bytes().to_vec())
    } else {
        Err(PyTypeError::new_err(format!("source must be str or bytes, not {}", type_name(value))))
    }
}

/// A file's contents, or the error that Python's `open` raises for it.
fn read(path: &str) -> PyResult<Vec<u8>> {
    fs::read(path).map_err(|error| match error.raw_os_error() {
        // Called with an errno, OSError makes the subclass of it.
        Some(number) => PyOSError::new_err((number, reason(&error), path.to_owned())),
        None => PyOSError::new_err(format!("{error}: {path:?}")),
    })
}

/// What went wrong, without the number that Rust puts after it.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

impl Change for Put {
    const SIGNATURE: Signature = Signature { name: "udf_put", params: PUT, doc: docs::UDF_PUT };
    type Request = Registration;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Registration> {
        check_language(args, PUT, 1)?;
        let path = path_from_py(&args.required(0))?;
        let policy = admin_policy(args.optional(2).as_deref(), &input.config.policies.info)?;
        let source = match args.optional(3) {
            Some(source) => source_from_py(&source)?,
            None => read(&path)?,
        };
        let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let file = name_from_py(&PyString::new(args.required(0).py(), file), "filename")?;
        Ok(Registration { file, source, policy })
    }

    async fn apply(request: &Registration, client: &core::Client) -> Result<(), ErrorInfo> {
        let Registration { file, source, policy } = request;
        let task = client.register_udf(policy, source, file, UdfLang::Lua).await;
        let task = task.map_err(ErrorInfo::from)?;
        wait_for(|| task.query_status()).await
    }
}

/// A module of functions, by the name of its file.
pub struct Module {
    file: String,
    policy: AdminPolicy,
}

impl Keyed for Module {}

impl Module {
    fn parse(
        input: &Input<'_>,
        args: &Args<'_, '_>,
        params: &[Param],
        policy: usize,
    ) -> PyResult<Self> {
        let module = name(args, params, 0)?;
        let policy = admin_policy(args.optional(policy).as_deref(), &input.config.policies.info)?;
        // Functions are called by the module's name, files are kept by theirs.
        let file = match module.ends_with(".lua") {
            true => module,
            false => format!("{module}.lua"),
        };
        Ok(Self { file, policy })
    }
}

pub struct Remove;

const REMOVE: &[Param] = &[required("module"), POLICY];

impl Change for Remove {
    const SIGNATURE: Signature =
        Signature { name: "udf_remove", params: REMOVE, doc: docs::UDF_REMOVE };
    type Request = Module;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Module> {
        Module::parse(input, args, REMOVE, 1)
    }

    async fn apply(request: &Module, client: &core::Client) -> Result<(), ErrorInfo> {
        let task = client.remove_udf(&request.policy, &request.file).await;
        let task = task.map_err(ErrorInfo::from)?;
        wait_for(|| task.query_status()).await
    }
}

/// The source text of a module, by the name of its file.
pub async fn source(
    client: &core::Client,
    policy: &AdminPolicy,
    file: &str,
) -> Result<String, ErrorInfo> {
    let answer = ask(client, policy, &format!("udf-get:filename={file}")).await?;
    let content = answer.split(';').find_map(|part| part.strip_prefix("content="));
    let source = content.and_then(|content| BASE64.decode(content).ok());
    source
        .and_then(|source| String::from_utf8(source).ok())
        .ok_or_else(|| ErrorInfo::udf(&format!("the server has no module {file:?}: {answer}")))
}

pub struct Get;

const GET: &[Param] = &[required("module"), optional("language", "0"), POLICY];

impl Verb for Get {
    const SIGNATURE: Signature = Signature { name: "udf_get", params: GET, doc: docs::UDF_GET };
    const WRITES: bool = false;
    type Request = Module;
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Module> {
        check_language(args, GET, 1)?;
        Module::parse(input, args, GET, 2)
    }

    async fn run(request: &Module, client: &core::Client) -> Result<String, ErrorInfo> {
        source(client, &request.policy, &request.file).await
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Module,
        source: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::new(py, &source).into_any())
    }
}

pub struct Modules;

impl Verb for Modules {
    const SIGNATURE: Signature =
        Signature { name: "udf_list", params: &[POLICY], doc: docs::UDF_LIST };
    const WRITES: bool = false;
    type Request = AdminPolicy;
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<AdminPolicy> {
        admin_policy(args.optional(0).as_deref(), &input.config.policies.info)
    }

    async fn run(policy: &AdminPolicy, client: &core::Client) -> Result<String, ErrorInfo> {
        ask(client, policy, "udf-list").await
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: AdminPolicy,
        answer: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        for row in rows(&answer.replace(',', ":")) {
            let module = PyDict::new(py);
            for (name, value) in row {
                match name {
                    "filename" => module.set_item("name", value)?,
                    "type" => module.set_item("type", LUA)?,
                    name => module.set_item(name, value)?,
                }
            }
            list.append(module)?;
        }
        Ok(list.into_any())
    }
}

pub struct Apply;

pub struct Request {
    write: Write,
    call: Call,
}

const APPLY: &[Param] =
    &[required("key"), required("module"), required("function"), optional("args", "None"), POLICY];

impl Verb for Apply {
    const SIGNATURE: Signature = Signature { name: "apply", params: APPLY, doc: docs::APPLY };
    const WRITES: bool = true;
    type Request = Request;
    type Outcome = Value;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Request> {
        let write = Write::with_policy(args, &input.config.policies.apply, 0, 4)?;
        let arguments = arguments_from_py(args.optional(3).as_deref(), write.reader(input))?;
        let name = |index: usize| function_name(&args.required(index), APPLY[index].name);
        let call = Call { module: name(1)?, function: name(2)?, arguments };
        Ok(Request { write, call })
    }

    fn key(request: &Request) -> Option<&Key> {
        Some(&request.write.key)
    }

    fn record_policy(request: &Request) -> Option<&BasePolicy> {
        request.write.record_policy()
    }

    fn shortened(request: &Request, waited: u32) -> Option<Request> {
        let Request { write, call } = request;
        Some(Request { write: Write::shortened(write, waited), call: call.clone() })
    }

    /// In a transaction it is sent as a batch.
    fn route(request: &Request) -> Option<Route<'_>> {
        let Write { key, policy } = &request.write;
        let alone = policy.transaction.is_none();
        alone.then(|| Route { key, policy: &policy.base_policy, writes: true })
    }

    fn transaction(request: &Request) -> Option<&Arc<Shared>> {
        request.write.transaction()
    }

    async fn run(request: &Request, client: &core::Client) -> Result<Value, ErrorInfo> {
        let Request { write, call } = request;
        if write.policy.transaction.is_some() {
            return functions::call(&write.key, &write.policy, call, client).await;
        }
        let Call { module, function, arguments } = call;
        let value =
            client.execute_udf(&write.policy, &write.key, module, function, arguments).await;
        value.map(|value| value.unwrap_or(Value::Nil)).map_err(ErrorInfo::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        _request: Request,
        value: Value,
    ) -> PyResult<Bound<'py, PyAny>> {
        value_to_py(owner.py(), &value, state.types_for(owner))
    }
}
