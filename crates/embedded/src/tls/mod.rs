//! Encrypted connections.
//!
//! * `issue` makes certificates for tests, `settings` say which to use.

mod issue;
mod settings;

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_cert::Certificate;
use x509_cert::der::{
    Decode,
    asn1::{PrintableStringRef, Utf8StringRef},
    oid::ObjectIdentifier,
};

pub use settings::Settings;

/// How long a client may take to agree on encryption.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of the attribute of a name that is the common name.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// What connections are encrypted with.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    name: String,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// What is to be encrypted with, if anything is.
    ///
    /// # Errors
    /// When a file can't be read, or what is in the files does not belong together.
    pub fn new(settings: &Settings, host: &str) -> io::Result<Option<Tls>> {
        let Some(files) = settings.files(host)? else { return Ok(None) };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain = certificates(&files.certificate)?;
        let key = PrivateKeyDer::from_pem_file(&files.key)
            .map_err(|error| unreadable(&files.key, error))?;
        let verifier = match &files.authority {
            None => WebPkiClientVerifier::no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(path)? {
                    roots.add(certificate).map_err(|error| invalid(path, error))?;
                }
                let builder = WebPkiClientVerifier::builder_with_provider(
                    Arc::new(roots),
                    Arc::clone(&provider),
                );
                let builder = match settings.tls_client_auth {
                    true => builder,
                    false => builder.allow_unauthenticated(),
                };
                builder.build().map_err(|error| invalid(path, error))?
            }
        };
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)
            .map_err(|error| invalid(&files.certificate, error))?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Some(Tls { acceptor, name: settings.tls_name.clone() }))
    }

    /// The name in the certificate by which the nodes are told of.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Agrees with the client on encryption.
    pub async fn accept(&self, stream: TcpStream) -> io::Result<Stream> {
        let stream = timeout(HANDSHAKE_TIMEOUT, self.acceptor.accept(stream)).await??;
        Ok(Stream::Encrypted(Box::new(stream)))
    }
}

fn certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let chain = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    match chain.map_err(|error| unreadable(path, error))? {
        chain if Vec::is_empty(&chain) => Err(invalid(path, "there is no certificate in it")),
        chain => Ok(chain),
    }
}

fn unreadable(path: &Path, error: pem::Error) -> io::Error {
    match error {
        pem::Error::Io(error) => {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        }
        error => invalid(path, error),
    }
}

fn invalid(path: &Path, error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))
}

/// A connection, encrypted or not.
#[derive(Debug)]
pub enum Stream {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Stream {
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(stream) => stream,
            Stream::Encrypted(stream) => stream.get_ref().0,
        }
    }

    /// The name in the certificate that the client has shown.
    pub fn certificate_name(&self) -> Option<String> {
        let Stream::Encrypted(stream) = self else { return None };
        common_name(stream.get_ref().1.peer_certificates()?.first()?)
    }
}

fn common_name(certificate: &[u8]) -> Option<String> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let subject = certificate.tbs_certificate().subject();
    let attribute = subject.iter().find(|attribute| attribute.oid == COMMON_NAME)?;
    let value = &attribute.value;
    let utf8 = value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned());
    utf8.or_else(|_| {
        value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str().to_owned())
    })
    .ok()
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
