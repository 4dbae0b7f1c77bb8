//! The runtime behind asyncio: a few worker threads that do all the I/O.

use std::env;
use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::interp::{boundary, instance, signals};

const VARIABLE: &str = "AEROSPIKE_RUNTIME_WORKERS";
const DEFAULT_WORKERS: usize = 2;

pub struct Workers {
    /// Taken when dropped.
    runtime: Option<Runtime>,
    instance: u64,
    generation: u32,
}

impl Workers {
    /// Starts the worker threads, as many as `AEROSPIKE_RUNTIME_WORKERS` says.
    pub fn start(instance: u64) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(worker_count()?)
            .thread_name("aerospike-async")
            .on_thread_start(move || {
                boundary::never_attach();
                instance::dedicate(instance);
            })
            .enable_all()
            .build()?;
        Ok(Self { runtime: Some(runtime), instance, generation: signals::generation() })
    }

    pub fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.runtime().spawn(task);
    }
}

impl Workers {
    /// Runs `future` to its end on the calling thread, which is none of the workers.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let _working = instance::work_for(self.instance);
        self.runtime().block_on(future)
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("workers have their runtime until they are dropped")
    }
}

impl Drop for Workers {
    /// Tasks are dropped at their next wait; the threads are joined.
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        if self.generation == signals::generation() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        } else {
            std::mem::forget(runtime);
        }
    }
}

fn worker_count() -> io::Result<usize> {
    let Some(text) = env::var_os(VARIABLE) else { return Ok(DEFAULT_WORKERS) };
    text.to_str().and_then(|text| text.parse().ok()).filter(|count| *count >= 1).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{VARIABLE} must be a whole number, at least 1, not {text:?}"),
        )
    })
}
