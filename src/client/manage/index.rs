//! Secondary indexes.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use aerospike_core as core;
use core::expressions::Expression;
use core::operations::CdtContext;
use core::policy::AdminPolicy;
use core::query::{CollectionIndexType as Collection, IndexType};
use core::task::{Status, Task};
use pyo3::Borrowed;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::{ask, name, name_from_py, rows, set_name, wait_for};
use crate::client::docs::manage as docs;
use crate::client::task::Input;
use crate::client::verb::{Change, Keyed, Verb};
use crate::convert::argument::{bool_from_py, choose, int_from_py, wrong_type};
use crate::convert::bins::bin_name_from_py;
use crate::convert::policy::admin_policy;
use crate::convert::value::Reader;
use crate::error::ErrorInfo;
use crate::expression;
use crate::interp::args::{Args, Param, Signature, optional, required};
use crate::interp::objects::int_value;
use crate::observe::Subject;
use crate::operation::context_from_py;
use crate::state::State;

const NAMESPACE: Param = required("namespace");
const SET: Param = required("set_name");
const BIN: Param = required("bin_name");
const NAME: Param = required("index_name");
const TYPE: Param = required("index_type");
const DATATYPE: Param = required("index_datatype");
const POLICY: Param = optional("policy", "None");
const CTX: Param = optional("ctx", "None");
const WAIT: Param = optional("wait", "True");

/// What tells the ways to create an index apart. Arguments are found by their names.
pub trait Way: 'static {
    const SIGNATURE: Signature;
    /// The type of what is indexed; None if an argument says it.
    const DATATYPE: Option<IndexType> = None;
    /// Where the values are; None if an argument says it.
    const COLLECTION: Option<Collection> = Some(Collection::Default);
}

pub struct Create<W>(PhantomData<W>);

pub struct Creation {
    namespace: String,
    set: String,
    name: String,
    of: Of,
    policy: AdminPolicy,
    wait: bool,
}

impl Keyed for Creation {
    fn subject(&self) -> Subject<'_> {
        Subject::in_set(&self.namespace, &self.set)
    }
}

/// What is indexed.
enum Of {
    Bin(String, IndexType, Collection, Vec<CdtContext>),
    Expression(Expression, IndexType, Collection),
    Records,
}

fn choice<T: Clone>(
    value: &Bound<'_, PyAny>,
    what: &str,
    choices: &[(i64, &str, T)],
) -> PyResult<T> {
    choose(int_value(int_from_py(value, what)?), choices).map_err(|permitted| {
        PyValueError::new_err(format!("{what} must be {permitted}, not {value}"))
    })
}

fn datatype(value: &Bound<'_, PyAny>) -> PyResult<IndexType> {
    choice(
        value,
        "index_datatype",
        &[
            (0, "INDEX_NUMERIC", IndexType::Numeric),
            (1, "INDEX_STRING", IndexType::String),
            (2, "INDEX_BLOB", IndexType::Blob),
            (3, "INDEX_GEO2DSPHERE", IndexType::Geo2DSphere),
        ],
    )
}

fn collection(value: &Bound<'_, PyAny>) -> PyResult<Collection> {
    choice(
        value,
        "index_type",
        &[
            (0, "INDEX_TYPE_DEFAULT", Collection::Default),
            (1, "INDEX_TYPE_LIST", Collection::List),
            (2, "INDEX_TYPE_MAPKEYS", Collection::MapKeys),
            (3, "INDEX_TYPE_MAPVALUES", Collection::MapValues),
        ],
    )
}

fn expression_from_py(value: &Bound<'_, PyAny>) -> PyResult<Expression> {
    expression::of(value)
        .map(expression::Expression::core)
        .ok_or_else(|| wrong_type(value, "expressions", "an Expression made by aerospike_py.exp"))
}

/// The arguments of a way to create an index, by their names.
struct Named<'a, 'py> {
    args: &'a Args<'a, 'py>,
    params: &'static [Param],
}

impl<'a, 'py> Named<'a, 'py> {
    fn position(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|param| param.name == name)
    }

    /// An argument that this way has, unless it is None.
    fn get(&self, name: &str) -> Option<Borrowed<'a, 'py, PyAny>> {
        self.args.optional(self.position(name)?)
    }
}

impl Creation {
    fn parse<W: Way>(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self> {
        let params = W::SIGNATURE.params;
        let named = Named { args, params };
        let collection = match (W::COLLECTION, named.position("index_type")) {
            (None, Some(index)) => collection(&args.required(index))?,
            (known, _) => known.unwrap_or(Collection::Default),
        };
        let datatype = match (W::DATATYPE, named.position("index_datatype")) {
            (None, Some(index)) => datatype(&args.required(index))?,
            (known, _) => known.unwrap_or(IndexType::Numeric),
        };
        let of = if let Some(bin) = named.position("bin_name") {
            bin_name_from_py(&args.required(bin))?;
            let reader = Reader::new(&input.state.types, false);
            let context = named.get("ctx").map(|ctx| context_from_py(&ctx, reader)).transpose()?;
            Of::Bin(name(args, params, bin)?, datatype, collection, context.unwrap_or_default())
        } else if let Some(index) = named.position("expressions") {
            Of::Expression(expression_from_py(&args.required(index))?, datatype, collection)
        } else {
            Of::Records
        };
        let (policy, wait) = (named.get("policy"), named.get("wait"));
        Ok(Self {
            namespace: name(args, params, 0)?,
            set: set_name(args, params, 1)?,
            name: name(args, params, named.position("index_name").expect("an index has a name"))?,
            of,
            policy: admin_policy(policy.as_deref(), &input.config.policies.info)?,
            wait: wait.map_or(Ok(true), |wait| bool_from_py(&wait, "wait"))?,
        })
    }

    async fn run(&self, client: &core::Client) -> Result<(), ErrorInfo> {
        let Self { namespace, set, name, of, policy, wait } = self;
        let task = match of {
            Of::Bin(bin, datatype, collection, context) => {
                let (datatype, context) = (datatype.clone(), Some(&context[..]));
                client
                    .create_index_on_bin(
                        policy,
                        namespace,
                        set,
                        bin,
                        name,
                        datatype,
                        *collection,
                        context,
                    )
                    .await
            }
            Of::Expression(expression, datatype, collection) => {
                let datatype = datatype.clone();
                client
                    .create_index_using_expression(
                        policy,
                        namespace,
                        set,
                        name,
                        datatype,
                        *collection,
                        expression,
                    )
                    .await
            }
            Of::Records => client.create_set_index(policy, namespace, set, name).await,
        };
        let task = task.map_err(ErrorInfo::from)?;
        let heard_by = Instant::now() + Duration::from_millis(policy.timeout.into());
        match wait {
            true => wait_for(|| readable(&task, heard_by)).await,
            false => Ok(()),
        }
    }
}

/// The state of an index being built. At first a node may not have heard of it yet.
async fn readable(task: &core::IndexTask, heard_by: Instant) -> core::Result<Status> {
    match task.query_status().await {
        Err(error) if Instant::now() < heard_by && is_unknown(&error) => Ok(Status::InProgress),
        status => status,
    }
}

/// Whether a node answered that it knows no such index. The core keeps only the text.
fn is_unknown(error: &core::Error) -> bool {
    let text = error.base_message();
    text.contains("ERROR:201:") || text.contains("FAIL:201:")
}

impl<W: Way> Change for Create<W> {
    const SIGNATURE: Signature = W::SIGNATURE;
    type Request = Creation;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Creation> {
        Creation::parse::<W>(input, args)
    }

    async fn apply(request: &Creation, client: &core::Client) -> Result<(), ErrorInfo> {
        request.run(client).await
    }
}

/// Declares the ways: what each is called, what it takes, and what it knows without being told.
macro_rules! ways {
    ($($way:ident $name:literal $doc:ident [$($param:expr),+] $({$($known:item)+})?)+) => {$(
        pub struct $way;

        impl Way for $way {
            const SIGNATURE: Signature =
                Signature { name: $name, params: &[$($param),+], doc: docs::$doc };
            $($($known)+)?
        }
    )+};
}

ways! {
    Integer "index_integer_create" INDEX_INTEGER_CREATE
        [NAMESPACE, SET, BIN, NAME, POLICY, CTX, WAIT]
        { const DATATYPE: Option<IndexType> = Some(IndexType::Numeric); }
    Text "index_string_create" INDEX_STRING_CREATE
        [NAMESPACE, SET, BIN, NAME, POLICY, CTX, WAIT]
        { const DATATYPE: Option<IndexType> = Some(IndexType::String); }
    Blob "index_blob_create" INDEX_BLOB_CREATE
        [NAMESPACE, SET, BIN, NAME, POLICY, CTX, WAIT]
        { const DATATYPE: Option<IndexType> = Some(IndexType::Blob); }
    Geo "index_geo2dsphere_create" INDEX_GEO2DSPHERE_CREATE
        [NAMESPACE, SET, BIN, NAME, POLICY, CTX, WAIT]
        { const DATATYPE: Option<IndexType> = Some(IndexType::Geo2DSphere); }
    SingleValue "index_single_value_create" INDEX_SINGLE_VALUE_CREATE
        [NAMESPACE, SET, BIN, DATATYPE, NAME, POLICY, CTX, WAIT]
    List "index_list_create" INDEX_LIST_CREATE
        [NAMESPACE, SET, BIN, DATATYPE, NAME, POLICY, CTX, WAIT]
        { const COLLECTION: Option<Collection> = Some(Collection::List); }
    MapKeys "index_map_keys_create" INDEX_MAP_KEYS_CREATE
        [NAMESPACE, SET, BIN, DATATYPE, NAME, POLICY, CTX, WAIT]
        { const COLLECTION: Option<Collection> = Some(Collection::MapKeys); }
    MapValues "index_map_values_create" INDEX_MAP_VALUES_CREATE
        [NAMESPACE, SET, BIN, DATATYPE, NAME, POLICY, CTX, WAIT]
        { const COLLECTION: Option<Collection> = Some(Collection::MapValues); }
    Cdt "index_cdt_create" INDEX_CDT_CREATE
        [NAMESPACE, SET, BIN, TYPE, DATATYPE, NAME, required("ctx"), POLICY, WAIT]
        { const COLLECTION: Option<Collection> = None; }
    OnExpression "index_expr_create" INDEX_EXPR_CREATE
        [NAMESPACE, SET, TYPE, DATATYPE, required("expressions"), NAME, POLICY, WAIT]
        { const COLLECTION: Option<Collection> = None; }
    OfSet "index_set_create" INDEX_SET_CREATE
        [NAMESPACE, SET, NAME, POLICY, WAIT]
}

pub struct Remove;

pub struct Removal {
    namespace: String,
    name: String,
    policy: AdminPolicy,
}

impl Keyed for Removal {
    fn subject(&self) -> Subject<'_> {
        Subject::in_set(&self.namespace, "")
    }
}

const REMOVE: &[Param] = &[NAMESPACE, NAME, POLICY];

impl Change for Remove {
    const SIGNATURE: Signature =
        Signature { name: "index_remove", params: REMOVE, doc: docs::INDEX_REMOVE };
    type Request = Removal;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Removal> {
        Ok(Removal {
            namespace: name(args, REMOVE, 0)?,
            name: name(args, REMOVE, 1)?,
            policy: admin_policy(args.optional(2).as_deref(), &input.config.policies.info)?,
        })
    }

    async fn apply(request: &Removal, client: &core::Client) -> Result<(), ErrorInfo> {
        let Removal { namespace, name, policy } = request;
        let task = client.drop_index(policy, namespace, "", name).await?;
        wait_for(|| task.query_status()).await
    }
}

pub struct Indexes;

const LIST: &[Param] = &[optional("namespace", "None"), POLICY];

impl Verb for Indexes {
    const SIGNATURE: Signature =
        Signature { name: "index_list", params: LIST, doc: docs::INDEX_LIST };
    const WRITES: bool = false;
    type Request = (Option<String>, AdminPolicy);
    type Outcome = String;

    fn parse(input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<Self::Request> {
        let namespace = args.optional(0).map(|name| name_from_py(&name, "namespace"));
        let policy = admin_policy(args.optional(1).as_deref(), &input.config.policies.info)?;
        Ok((namespace.transpose()?, policy))
    }

    fn subject((namespace, _): &Self::Request) -> Subject<'_> {
        Subject::in_set(namespace.as_deref().unwrap_or_default(), "")
    }

    async fn run(
        (namespace, policy): &Self::Request,
        client: &core::Client,
    ) -> Result<String, ErrorInfo> {
        match namespace {
            None => ask(client, policy, "sindex-list").await,
            Some(name) => ask(client, policy, &format!("sindex-list:namespace={name}")).await,
        }
    }

    fn finish<'py>(
        py: Python<'py>,
        _state: &State,
        _request: Self::Request,
        answer: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        for row in rows(&answer) {
            let index = PyDict::new(py);
            for (name, value) in row {
                // This is how the server says that there is none.
                let none = value.eq_ignore_ascii_case("null");
                index.set_item(name, (!none).then_some(value))?;
            }
            list.append(index)?;
        }
        Ok(list.into_any())
    }
}
