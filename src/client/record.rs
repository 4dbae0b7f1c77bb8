//! The verbs on one record.

use std::sync::Arc;

use aerospike_core as core;
use core::policy::{BasePolicy, ReadPolicy};
use core::{Bin, Bins, Key, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::docs;
use super::seats::shorten;
use super::task::Input;
use super::verb::{Change, Keyed, Verb};
use crate::convert::argument::{choose, int_from_py};
use crate::convert::bins::{bin_name_from_py, bin_names_from_py, bins_from_py};
use crate::convert::key::{LazyKey, key_again, key_from_py};
use crate::convert::policy::{Writing, expiration_from_py, read_policy, write_policy};
use crate::convert::record::{exists_to_py, record_to_py};
use crate::convert::type_name;
use crate::convert::value::{Reader, value_from_py};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::objects::int_value;
use crate::state::State;
use crate::transaction::Shared;

/// A key and the policy to read it with.
pub struct Read {
    key: LazyKey,
    policy: ReadPolicy,
}

impl Read {
    /// Reads `key` and `policy` from the arguments at these positions, and keeps the key's tuple.
    fn parse(input: &Input<'_>, args: &Args<'_, '_>, key: usize, policy: usize) -> PyResult<Self> {
        let defaults = &input.config.policies.read;
        let given = args.required(key);
        input.keep(given.to_owned());
        Ok(Self {
            key: key_from_py(&given)?,
            policy: read_policy(args.optional(policy).as_deref(), defaults)?,
        })
    }

    fn shortened(&self, waited: u32) -> Self {
        let mut policy = self.policy.clone();
        shorten(&mut policy.base_policy, waited);
        Self { key: key_again(&self.key), policy }
    }
}

/// A key and the policy to write it with.
pub struct Write {
    pub key: LazyKey,
    pub policy: Writing,
}

impl Write {
    /// Reads `key`, and `meta` and `policy` that follow each other from `meta` on.
    pub fn parse(
        args: &Args<'_, '_>,
        defaults: &Writing,
        key: usize,
        meta: usize,
    ) -> PyResult<Self> {
        let (meta, policy) = (args.optional(meta), args.optional(meta + 1));
        Ok(Self {
            key: key_from_py(&args.required(key))?,
            policy: write_policy(policy.as_deref(), meta.as_deref(), defaults)?,
        })
    }
}

impl Write {
    /// Reads `key` and `policy`, of a call without `meta`.
    pub fn with_policy(
        args: &Args<'_, '_>,
        defaults: &Writing,
        key: usize,
        policy: usize,
    ) -> PyResult<Self> {
        Ok(Self {
            key: key_from_py(&args.required(key))?,
            policy: write_policy(args.optional(policy).as_deref(), None, defaults)?,
        })
    }

    pub fn shortened(&self, waited: u32) -> Self {
        let mut policy = self.policy.clone();
        shorten(&mut policy.base_policy, waited);
        Self { key: key_again(&self.key), policy }
    }

    /// How values to be written are read.
    pub fn reader<'a>(&self, input: &Input<'a>) -> Reader<'a> {
        Reader::new(input.types, self.policy.wrap_integers)
    }
}

impl Keyed for Write {
    fn key(&self) -> Option<&Key> {
        Some(&self.key)
    }

    fn record_policy(&self) -> Option<&BasePolicy> {
        Some(&self.policy.base_policy)
    }

    fn shortened(&self, waited: u32) -> Option<Self> {
        Some(Self::shortened(self, waited))
    }

    fn transaction(&self) -> Option<&Arc<Shared>> {
        self.policy.transaction.as_ref()
    }
}

/// Bins to write to a record.
pub struct WriteBins {
    write: Write,
    bins: Vec<Bin>,
}

impl Keyed for WriteBins {
    fn key(&self) -> Option<&Key> {
        self.write.key()
    }

    fn transaction(&self) -> Option<&Arc<Shared>> {
        self.write.transaction()
    }

    fn record_policy(&self) -> Option<&BasePolicy> {
        self.write.record_policy()
    }

    fn shortened(&self, waited: u32) -> Option<Self> {
        Some(Self { write: Write::shortened(&self.write, waited), bins: self.bins.clone() })
    }
}

const META: Param = optional("meta", "None");
const POLICY: Param = optional("policy", "None");

pub struct Get;

impl Verb for Get {
    const SIGNATURE: Signature =
        Signature { name: "get", params: &[required("key"), POLICY], doc: docs::GET };
    const WRITES: bool = false;
    type Request = Read;
    type Outcome = core::Record;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Read> {
        Read::parse(input, args, 0, 1)
    }

    fn key(request: &Read) -> Option<&Key> {
        Some(&request.key)
    }

    fn record_policy(request: &Read) -> Option<&BasePolicy> {
        Some(&request.policy.base_policy)
    }

    fn shortened(request: &Read, waited: u32) -> Option<Read> {
        Some(request.shortened(waited))
    }

    async fn run(request: &Read, client: &core::Client) -> Result<core::Record, ErrorInfo> {
        client.get(&request.policy, &request.key, Bins::All).await.map_err(ErrorInfo::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Read,
        record: core::Record,
    ) -> PyResult<Bound<'py, PyAny>> {
        record_to_py(owner, record, &request.key, state.types_for(owner))
    }
}

pub struct Select;

impl Verb for Select {
    const SIGNATURE: Signature = Signature {
        name: "select",
        params: &[required("key"), required("bins"), POLICY],
        doc: docs::SELECT,
    };
    const WRITES: bool = false;
    type Request = (Read, Vec<String>);
    type Outcome = core::Record;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        Ok((Read::parse(input, args, 0, 2)?, bin_names_from_py(&args.required(1))?))
    }

    fn key((read, _): &Self::Request) -> Option<&Key> {
        Some(&read.key)
    }

    fn record_policy((read, _): &Self::Request) -> Option<&BasePolicy> {
        Some(&read.policy.base_policy)
    }

    fn shortened((read, names): &Self::Request, waited: u32) -> Option<Self::Request> {
        Some((read.shortened(waited), names.clone()))
    }

    async fn run(
        (read, names): &Self::Request,
        client: &core::Client,
    ) -> Result<core::Record, ErrorInfo> {
        let bins = Bins::Some(names.clone());
        client.get(&read.policy, &read.key, bins).await.map_err(ErrorInfo::from)
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        (read, _): Self::Request,
        record: core::Record,
    ) -> PyResult<Bound<'py, PyAny>> {
        record_to_py(owner, record, &read.key, state.types_for(owner))
    }
}

pub struct Exists;

impl Verb for Exists {
    const SIGNATURE: Signature =
        Signature { name: "exists", params: &[required("key"), POLICY], doc: docs::EXISTS };
    const WRITES: bool = false;
    type Request = Read;
    type Outcome = Option<core::Record>;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Read> {
        Read::parse(input, args, 0, 1)
    }

    fn key(request: &Read) -> Option<&Key> {
        Some(&request.key)
    }

    fn record_policy(request: &Read) -> Option<&BasePolicy> {
        Some(&request.policy.base_policy)
    }

    fn shortened(request: &Read, waited: u32) -> Option<Read> {
        Some(request.shortened(waited))
    }

    async fn run(request: &Read, client: &core::Client) -> Result<Self::Outcome, ErrorInfo> {
        let header = client.get(&request.policy, &request.key, Bins::None).await;
        match header.map_err(ErrorInfo::from) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn finish_for<'py>(
        owner: &Bound<'py, PyAny>,
        state: &State,
        request: Read,
        header: Self::Outcome,
    ) -> PyResult<Bound<'py, PyAny>> {
        exists_to_py(owner, header, &request.key, &state.types)
    }
}

/// Whether a call that is told SERIALIZER_* has the user's function serialize values.
fn serializes(which: &Bound<'_, PyAny>, reader: Reader<'_>) -> PyResult<bool> {
    let int = int_from_py(which, "serializer")?;
    let choices = [(0, "SERIALIZER_NONE", false), (2, "SERIALIZER_USER", true)];
    let wanted = choose(int_value(int), &choices).map_err(|allowed| {
        PyValueError::new_err(format!("serializer must be {allowed}, not {int}"))
    })?;
    if wanted && reader.types.serializer.get(which.py()).is_none() {
        return Err(PyValueError::new_err(
            "serializer: there is none for SERIALIZER_USER; set_serializer() gives one to all \
             clients, and config key \"serialization\" to one of them",
        ));
    }
    Ok(wanted)
}

pub struct Put;

impl Change for Put {
    const SIGNATURE: Signature = Signature {
        name: "put",
        params: &[required("key"), required("bins"), META, POLICY, optional("serializer", "None")],
        doc: docs::PUT,
    };
    type Request = WriteBins;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<WriteBins> {
        let write = Write::parse(args, &input.config.policies.write, 0, 2)?;
        let mut reader = write.reader(input);
        if let Some(which) = args.optional(4) {
            reader.serializes = serializes(&which, reader)?;
        }
        Ok(WriteBins { bins: bins_from_py(&args.required(1), reader)?, write })
    }

    async fn apply(request: &WriteBins, client: &core::Client) -> Result<(), ErrorInfo> {
        let WriteBins { write, bins } = request;
        client.put(&write.policy, &write.key, bins).await.map_err(ErrorInfo::from)
    }
}

pub struct RemoveBin;

impl Change for RemoveBin {
    const SIGNATURE: Signature = Signature {
        name: "remove_bin",
        params: &[required("key"), required("bin_names"), META, POLICY],
        doc: docs::REMOVE_BIN,
    };
    type Request = WriteBins;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<WriteBins> {
        let names = bin_names_from_py(&args.required(1))?;
        Ok(WriteBins {
            write: Write::parse(args, &input.config.policies.write, 0, 2)?,
            bins: names.into_iter().map(|name| Bin::new(name, Value::Nil)).collect(),
        })
    }

    async fn apply(request: &WriteBins, client: &core::Client) -> Result<(), ErrorInfo> {
        Put::apply(request, client).await
    }
}

pub struct Remove;

impl Change for Remove {
    const SIGNATURE: Signature =
        Signature { name: "remove", params: &[required("key"), META, POLICY], doc: docs::REMOVE };
    const OPERATION: &'static str = "delete";
    type Request = Write;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Write> {
        Write::parse(args, &input.config.policies.remove, 0, 1)
    }

    async fn apply(request: &Write, client: &core::Client) -> Result<(), ErrorInfo> {
        match client.delete(&request.policy, &request.key).await.map_err(ErrorInfo::from)? {
            true => Ok(()),
            false => Err(ErrorInfo::not_found()),
        }
    }
}

pub struct Touch;

impl Change for Touch {
    const SIGNATURE: Signature = Signature {
        name: "touch",
        params: &[required("key"), optional("val", "0"), META, POLICY],
        doc: docs::TOUCH,
    };
    type Request = Write;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Write> {
        let mut write = Write::parse(args, &input.config.policies.operate, 0, 2)?;
        if let Some(ttl) = args.optional(1)
            && let Some(expiration) = expiration_from_py("val", &ttl)?
        {
            write.policy.expiration = expiration;
        }
        Ok(write)
    }

    async fn apply(request: &Write, client: &core::Client) -> Result<(), ErrorInfo> {
        client.touch(&request.policy, &request.key).await.map_err(ErrorInfo::from)
    }
}

/// Reads the arguments of a verb that changes one bin: key, bin, value, meta, policy.
fn one_bin(
    input: &Input<'_>,
    args: &Args<'_, '_>,
    accepts: fn(&Value) -> bool,
    accepted: &str,
) -> PyResult<WriteBins> {
    let write = Write::parse(args, &input.config.policies.operate, 0, 3)?;
    let name = bin_name_from_py(&args.required(1))?;
    let given = args.required(2);
    let value = value_from_py(&given, write.reader(input))?;
    if !accepts(&value) {
        return Err(PyTypeError::new_err(format!(
            "the value for bin {name:?} must be {accepted}, not {}",
            type_name(&given)
        )));
    }
    Ok(WriteBins { write, bins: vec![Bin::new(name, value)] })
}

const fn is_text_or_bytes(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Blob(_))
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

pub struct Append;

impl Change for Append {
    const SIGNATURE: Signature = Signature {
        name: "append",
        params: &[required("key"), required("bin"), required("val"), META, POLICY],
        doc: docs::APPEND,
    };
    type Request = WriteBins;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<WriteBins> {
        one_bin(input, args, is_text_or_bytes, "str or bytes")
    }

    async fn apply(request: &WriteBins, client: &core::Client) -> Result<(), ErrorInfo> {
        let WriteBins { write, bins } = request;
        client.append(&write.policy, &write.key, bins).await.map_err(ErrorInfo::from)
    }
}

pub struct Prepend;

impl Change for Prepend {
    const SIGNATURE: Signature = Signature {
        name: "prepend",
        params: &[required("key"), required("bin"), required("val"), META, POLICY],
        doc: docs::PREPEND,
    };
    type Request = WriteBins;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<WriteBins> {
        one_bin(input, args, is_text_or_bytes, "str or bytes")
    }

    async fn apply(request: &WriteBins, client: &core::Client) -> Result<(), ErrorInfo> {
        let WriteBins { write, bins } = request;
        client.prepend(&write.policy, &write.key, bins).await.map_err(ErrorInfo::from)
    }
}

pub struct Increment;

impl Change for Increment {
    const SIGNATURE: Signature = Signature {
        name: "increment",
        params: &[required("key"), required("bin"), required("offset"), META, POLICY],
        doc: docs::INCREMENT,
    };
    type Request = WriteBins;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<WriteBins> {
        one_bin(input, args, is_number, "int or float")
    }

    async fn apply(request: &WriteBins, client: &core::Client) -> Result<(), ErrorInfo> {
        let WriteBins { write, bins } = request;
        client.add(&write.policy, &write.key, bins).await.map_err(ErrorInfo::from)
    }
}
