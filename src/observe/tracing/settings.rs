//! How spans are sampled and sent.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use hyper_rustls::HttpsConnectorBuilder;
use opentelemetry::KeyValue;
use opentelemetry_http::HttpClient;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_otlp::tonic_types::metadata::MetadataMap;
use opentelemetry_otlp::tonic_types::transport::{Certificate, ClientTlsConfig, Identity};
use opentelemetry_otlp::{
    Compression, Protocol, SpanExporter, WithExportConfig, WithHttpConfig, WithTonicConfig,
};
use opentelemetry_sdk::Resource;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

pub struct Settings {
    pub grpc: bool,
    pub endpoint: String,
    pub headers: Vec<(String, String)>,
    pub timeout: Duration,
    pub resource: Vec<(String, String)>,
    pub gzip: bool,
    pub tls: Tls,
}

/// What a connection to a collector is encrypted by, each as PEM text.
pub struct Tls {
    /// Who is trusted, instead of those that the system trusts.
    pub authorities: Option<Vec<u8>>,
    /// The client's own certificate, with its key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Settings {
    /// What sends spans. To be called within the runtime that it will use.
    pub fn exporter(&self) -> Result<SpanExporter, String> {
        let headers = self.headers()?;
        let built = if self.grpc {
            let mut builder = SpanExporter::builder()
                .with_tonic()
                .with_metadata(MetadataMap::from_headers(headers))
                .with_endpoint(&self.endpoint)
                .with_timeout(self.timeout);
            if self.gzip {
                builder = builder.with_compression(Compression::Gzip);
            }
            if self.is_encrypted() {
                // What can't be used is found out here: later it would only fail to connect.
                self.tls.config()?;
                builder = builder.with_tls_config(self.tls.of_grpc());
            }
            builder.build()
        } else {
            let mut builder = SpanExporter::builder()
                .with_http()
                .with_shared_http_client(self.http_client()?)
                .with_headers(self.headers.iter().cloned().collect())
                .with_protocol(Protocol::HttpBinary)
                .with_endpoint(&self.endpoint)
                .with_timeout(self.timeout);
            if self.gzip {
                builder = builder.with_compression(Compression::Gzip);
            }
            builder.build()
        };
        built.map_err(|error| error.to_string())
    }

    fn is_encrypted(&self) -> bool {
        self.endpoint.starts_with("https:")
    }

    fn http_client(&self) -> Result<Arc<dyn HttpClient>, String> {
        if !self.is_encrypted() {
            return Ok(Arc::new(HyperClient::with_default_connector(self.timeout, None)));
        }
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(self.tls.config()?)
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

impl Tls {
    fn config(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(self.trusted()?);
        let Some((certificate, key)) = &self.identity else {
            return Ok(builder.with_no_client_auth());
        };
        let chain = certificates("client_certificate", certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| format!("client_key is no private key in PEM text: {error}"))?;
        builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| format!("client_certificate with client_key: {error}"))
    }

    fn trusted(&self) -> Result<RootCertStore, String> {
        let mut trusted = RootCertStore::empty();
        if let Some(text) = &self.authorities {
            for authority in certificates("certificate", text)? {
                trusted.add(authority).map_err(|error| format!("certificate: {error}"))?;
            }
            return Ok(trusted);
        }
        let known = rustls_native_certs::load_native_certs();
        match trusted.add_parsable_certificates(known.certs) {
            (0, _) => Err(format!("the system has no certificates to trust: {:?}", known.errors)),
            _ => Ok(trusted),
        }
    }

    fn of_grpc(&self) -> ClientTlsConfig {
        let config = match &self.authorities {
            Some(text) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(text)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        match &self.identity {
            Some((certificate, key)) => config.identity(Identity::from_pem(certificate, key)),
            None => config,
        }
    }
}

/// All certificates of a PEM text.
fn certificates(name: &str, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(format!("{name} has no certificate in PEM text")),
        Err(error) => Err(format!("{name} is no PEM text: {error}")),
    }
}
