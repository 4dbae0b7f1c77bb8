//! Proof that a panic becomes an exception of the interpreter that called, wherever in a
//! call it happens, and that the client goes on.

use std::path::Path;

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::session::Session;
use super::task::{Input, Task};
use crate::error::ErrorInfo;
use crate::interp::args::{Args, Signature, required};
use crate::interp::embedded;
use crate::state::State;

/// A method that panics in the named part of a call.
pub struct Fault;

fn panic_if(part: &str, now: &str) {
    assert!(part != now, "in {now}");
}

impl Task for Fault {
    const SIGNATURE: Signature =
        Signature { name: "_fault", params: &[required("part")], doc: "Panic." };
    const WRITES: bool = true;
    type Request = String;
    type Outcome = ();

    fn parse(_input: &Input<'_>, args: &Args<'_, '_>) -> PyResult<String> {
        let part = args.required(0).cast::<PyString>()?.to_str()?.to_owned();
        panic_if(&part, "parse");
        Ok(part)
    }

    async fn run(part: &String, _session: &Session) -> Result<(), ErrorInfo> {
        tokio::task::yield_now().await;
        panic_if(part, "run");
        Ok(())
    }

    fn finish<'py>(
        _state: &State,
        client: &Bound<'py, PyAny>,
        part: String,
        (): (),
    ) -> PyResult<Bound<'py, PyAny>> {
        panic_if(&part, "finish");
        Ok(PyString::new(client.py(), "done").into_any())
    }
}

// What happens to a panic does not depend on the GIL.
#[cfg_attr(Py_GIL_DISABLED, ignore = "a Python linked statically can't load asyncio's modules")]
#[test]
fn a_panic_is_an_exception_and_the_client_goes_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (package, story) = (root.join("python"), root.join("src/client/fault.py"));
    let script = format!("package, story = {package:?}, {story:?}\n{IN_BOTH_INTERPRETERS}");
    embedded::run(c"aerospike_py._aerospike", crate::PyInit__aerospike, &script);
}

const IN_BOTH_INTERPRETERS: &str = "
import _interpreters

source = f'PACKAGE = {package!r}\\n' + open(story).read()
exec(source, {'__name__': 'story'})
other = _interpreters.create('isolated')
failure = _interpreters.exec(other, source)
assert failure is None, failure
_interpreters.destroy(other)
";
