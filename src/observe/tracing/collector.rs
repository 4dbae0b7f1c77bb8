//! Spans on their way to a collector, in batches, on threads of their own.

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::trace::{
    Event, Span, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{
    self, IdGenerator, SdkTracer, SdkTracerProvider, SpanData, SpanExporter,
};
use tokio::runtime::{Builder, Handle, Runtime};

use super::sampler::Sampler;
use super::settings::Settings;
use super::span::{Finished, Parent, Value};
use crate::interp::{boundary, instance, signals};
use crate::runtime::{PerProcess, lock, own_random_numbers};

pub struct Collector {
    /// The number of the module instance.
    instance: u64,
    settings: Settings,
    pub sampler: Sampler,
    pipeline: PerProcess<Pipeline>,
}

impl Collector {
    /// Fails if the settings can't be used. Nothing is sent before there are spans.
    pub fn start(instance: u64, settings: Settings, sampler: Sampler) -> io::Result<Self> {
        let collector = Self { instance, settings, sampler, pipeline: PerProcess::new() };
        collector.pipeline()?;
        Ok(collector)
    }

    /// The pipeline of this process.
    fn pipeline(&self) -> io::Result<Arc<Pipeline>> {
        self.pipeline.get_or_make(|| Pipeline::start(self.instance, &self.settings))
    }

    pub fn sample(&self, parent: Option<&Parent>) -> Option<u128> {
        own_random_numbers();
        self.sampler.sample(parent)
    }

    pub fn send(&self, finished: Finished) {
        // There is none at the end.
        if let Ok(pipeline) = self.pipeline() {
            pipeline.send(finished);
        }
    }

    pub fn shut_down(&self) -> Result<(), String> {
        match self.pipeline.take() {
            Some(pipeline) => pipeline.shut_down(),
            None => Ok(()),
        }
    }
}

fn context(parent: Option<&Parent>) -> Context {
    let Some(parent) = parent else { return Context::new() };
    let state = parent.state.as_deref().unwrap_or_default();
    Context::new().with_remote_span_context(SpanContext::new(
        TraceId::from(parent.trace),
        SpanId::from(parent.span),
        TraceFlags::new(parent.flags),
        parent.remote,
        // What W3C does not allow is not passed on, as it asks for.
        state.parse().unwrap_or(TraceState::NONE),
    ))
}

struct Pipeline {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    /// What the exporter runs on, until the end.
    runtime: Mutex<Option<Runtime>>,
    /// How long the end waits for spans to be sent.
    patience: Duration,
    generation: u32,
}

impl Pipeline {
    fn start(instance: u64, settings: &Settings) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("aerospike-traces")
            .on_thread_start(move || {
                boundary::never_attach();
                instance::dedicate(instance);
            })
            .enable_all()
            .build()?;
        let exporter = {
            let _runtime = runtime.enter();
            settings.exporter().map_err(io::Error::other)?
        };
        let sender = Sender { exporter: Arc::new(exporter), runtime: runtime.handle().clone() };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(sender)
            .with_resource(settings.resource())
            // What is not to be sampled doesn't come here.
            .with_sampler(trace::Sampler::AlwaysOn)
            .with_id_generator(Ids)
            .build();
        let scope = InstrumentationScope::builder("aerospike_py")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        let tracer = provider.tracer_with_scope(scope);
        let (patience, generation) = (settings.timeout, signals::generation());
        Ok(Self { provider, tracer, runtime: Mutex::new(Some(runtime)), patience, generation })
    }

    fn send(&self, finished: Finished) {
        let Finished { traced, name, start, end, failed, attributes, retries } = finished;
        TRACE.set(traced.trace);
        let retries = retries.into_iter().map(|heard| {
            let why = KeyValue::new("aerospike.retry.reason", heard.what);
            Event::new("aerospike.retry", heard.when, vec![why], 0)
        });
        let mut span = self
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Client)
            .with_start_time(start)
            .with_attributes(attributes.into_iter().map(|(name, value)| match value {
                Value::Text(text) => KeyValue::new(name, text),
                Value::Int(number) => KeyValue::new(name, number),
            }))
            .with_events(retries.collect())
            .start_with_context(&self.tracer, &context(traced.parent.as_ref()));
        if failed {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(end);
    }

    fn shut_down(&self) -> Result<(), String> {
        let ended = self.provider.shutdown_with_timeout(self.patience);
        if let Some(runtime) = lock(&self.runtime).take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
        ended.map_err(|error| error.to_string())
    }
}

impl Drop for Pipeline {
    /// Without [`Pipeline::shut_down`] before: any thread may be the last that knows it.
    fn drop(&mut self) {
        if let Some(runtime) = lock(&self.runtime).take() {
            match self.generation == signals::generation() {
                true => runtime.shutdown_background(),
                false => mem::forget(runtime),
            }
        }
    }
}

thread_local! {
    /// The trace of the span that this thread makes.
    static TRACE: Cell<u128> = const { Cell::new(0) };
}

/// Gives spans the trace that was sampled, and ids that no other process gives.
#[derive(Debug)]
struct Ids;

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from(TRACE.get())
    }

    fn new_span_id(&self) -> SpanId {
        own_random_numbers();
        SpanId::from(rand::random::<u64>())
    }
}

/// Sends spans from the runtime's thread: the one that calls has no timers and no sockets.
#[derive(Debug)]
struct Sender {
    exporter: Arc<opentelemetry_otlp::SpanExporter>,
    runtime: Handle,
}

impl SpanExporter for Sender {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        let exporter = Arc::clone(&self.exporter);
        let sent = self.runtime.spawn(async move {
            let sent = exporter.export(batch).await;
            if let Err(error) = &sent {
                log::warn!(target: "aerospike_py::tracing", "spans could not be sent: {error}");
            }
            sent
        });
        async move {
            let lost = |error| OTelSdkError::InternalFailure(format!("{error}"));
            sent.await.unwrap_or_else(|error| Err(lost(error)))
        }
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        let exporter = Arc::get_mut(&mut self.exporter);
        exporter.expect("nothing is sent before the resource is set").set_resource(resource);
    }
}
