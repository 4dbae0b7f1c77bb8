//! Where a record lies: its digest and its partition. Nothing is sent.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt};

use super::class::{ClientOf, Kind};
use super::docs;
use crate::convert::key::{digest_from_py, key_from_parts, partition_id};
use crate::interp::args::{Args, Param, Signature, required};
use crate::interp::class::This;
use crate::interp::method::{Context, Function, Method};
use crate::state::State;

const KEY: &[Param] = &[required("namespace"), required("set"), required("key")];

pub struct CalcDigest;

impl Function<State> for CalcDigest {
    const SIGNATURE: Signature =
        Signature { name: "calc_digest", params: KEY, doc: docs::CALC_DIGEST };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let key = key_from_parts(&args.required(0), &args.required(1), &args.required(2))?;
        Ok(PyBytes::new(context.py, &key.digest()).into_any())
    }
}

pub struct PartitionId;

impl Function<State> for PartitionId {
    const SIGNATURE: Signature = Signature {
        name: "get_partition_id",
        params: &[required("digest")],
        doc: docs::GET_PARTITION_ID,
    };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let digest = digest_from_py(&args.required(0))?;
        Ok(PyInt::new(context.py, partition_id(&digest)).into_any())
    }
}

pub struct KeyPartitionId;

impl<K: Kind> Method<ClientOf<K>> for KeyPartitionId {
    const SIGNATURE: Signature =
        Signature { name: "get_key_partition_id", params: KEY, doc: docs::GET_KEY_PARTITION_ID };

    fn call<'py>(
        context: &Context<'_, 'py, State>,
        _this: This<'_, 'py, ClientOf<K>>,
        args: &Args<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let key = key_from_parts(&args.required(0), &args.required(1), &args.required(2))?;
        Ok(PyInt::new(context.py, partition_id(&key.digest())).into_any())
    }
}
