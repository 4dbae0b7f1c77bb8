//! How spans are sampled and sent.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use hyper_rustls::HttpsConnectorBuilder;
use opentelemetry::KeyValue;
use opentelemetry_http::HttpClient;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_otlp::tonic_types::metadata::MetadataMap;
use opentelemetry_otlp::{
    Protocol, SpanExporter, WithExportConfig, WithHttpConfig, WithTonicConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, ShouldSample};

pub struct Settings {
    pub grpc: bool,
    pub endpoint: String,
    pub headers: Vec<(String, String)>,
    pub timeout: Duration,
    pub resource: Vec<(String, String)>,
}

impl Settings {
    /// What sends spans. To be called within the runtime that it will use.
    pub fn exporter(&self) -> Result<SpanExporter, String> {
        let headers = self.headers()?;
        let built = if self.grpc {
            SpanExporter::builder()
                .with_tonic()
                .with_metadata(MetadataMap::from_headers(headers))
                .with_endpoint(&self.endpoint)
                .with_timeout(self.timeout)
                .build()
        } else {
            SpanExporter::builder()
                .with_http()
                .with_shared_http_client(self.http_client()?)
                .with_headers(self.headers.iter().cloned().collect())
                .with_protocol(Protocol::HttpBinary)
                .with_endpoint(&self.endpoint)
                .with_timeout(self.timeout)
                .build()
        };
        built.map_err(|error| error.to_string())
    }

    fn http_client(&self) -> Result<Arc<dyn HttpClient>, String> {
        if !self.endpoint.starts_with("https:") {
            return Ok(Arc::new(HyperClient::with_default_connector(self.timeout, None)));
        }
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| format!("there are no certificates to trust: {error}"))?
            .https_only()
            .enable_http1()
            .build();
        Ok(Arc::new(HyperClient::new(connector, self.timeout, None)))
    }

    fn headers(&self) -> Result<HeaderMap, String> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let key = HeaderName::from_bytes(name.as_bytes());
            let key = key.map_err(|_| format!("headers: {name:?} is no header's name"))?;
            let text = HeaderValue::from_str(value);
            let text = text.map_err(|_| format!("headers: the value of {name} is no header's"))?;
            map.insert(key, text);
        }
        Ok(map)
    }

    pub fn resource(&self) -> Resource {
        let told = self.resource.iter();
        Resource::builder_empty()
            .with_attributes(told.map(|(name, text)| KeyValue::new(name.clone(), text.clone())))
            .build()
    }
}

/// The sampler of the name, as OTEL_TRACES_SAMPLER has it.
pub fn sampler(name: &str, ratio: f64) -> Option<Arc<dyn ShouldSample>> {
    let based = |root: Sampler| Sampler::ParentBased(Box::new(root));
    Some(Arc::new(match name {
        "always_on" => Sampler::AlwaysOn,
        "always_off" => Sampler::AlwaysOff,
        "traceidratio" => Sampler::TraceIdRatioBased(ratio),
        "parentbased_always_on" => based(Sampler::AlwaysOn),
        "parentbased_always_off" => based(Sampler::AlwaysOff),
        "parentbased_traceidratio" => based(Sampler::TraceIdRatioBased(ratio)),
        _ => return None,
    }))
}
