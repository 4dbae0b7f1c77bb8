//! Encrypted connections: what is trusted, who the client is, and which versions and cipher
//! suites of the protocol are permitted.
//!
//! - [`key`]: the client's own key; [`refused`]: certificates that are not to be trusted

mod key;
mod refused;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use aerospike_core::Host;
use aerospike_core::policy::{ClientPolicy, TlsPolicy};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use refused::Refused;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::{ALL_CIPHER_SUITES, default_provider};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::{ClientConfig, RootCertStore, SupportedCipherSuite, SupportedProtocolVersion};

use crate::convert::table::{Field, Row, apply};

const WHAT: &str = "config[\"tls\"]";

/// What `tls` says.
#[derive(Default)]
pub struct Draft {
    /// Whether the configuration says anything about TLS.
    given: bool,
    enable: bool,
    authority_file: Option<String>,
    authority_folder: Option<String>,
    authority_text: Option<String>,
    certificate: Option<Source>,
    key: Option<Source>,
    key_password: Option<Vec<u8>>,
    refused: Vec<Refused>,
    versions: Option<Vec<&'static SupportedProtocolVersion>>,
    suites: Option<Vec<SupportedCipherSuite>>,
    revocation: Option<Revocation>,
    for_login_only: bool,
}

/// PEM text, or the path of the file that has it, under the name that it was given by.
struct Source {
    name: &'static str,
    value: String,
    is_path: bool,
}

impl Source {
    fn text(&self) -> PyResult<Vec<u8>> {
        match self.is_path {
            true => read(self.name, &self.value),
            false => Ok(self.value.clone().into_bytes()),
        }
    }
}

/// Which certificates are looked up in revocation lists.
#[derive(Clone, Copy, PartialEq)]
enum Revocation {
    Server,
    Chain,
}

impl Draft {
    pub fn patch(&mut self, dict: &Bound<'_, PyAny>) -> PyResult<()> {
        self.given = true;
        apply(dict, WHAT, &[ROWS], self)
    }

    /// The policy, or None if connections are not encrypted.
    pub fn policy(&self) -> PyResult<Option<TlsPolicy>> {
        if !self.enable {
            return Ok(None);
        }
        let provider = self.provider();
        let versions = self.versions.as_deref().unwrap_or(rustls::DEFAULT_VERSIONS);
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| invalid("protocols", error))?
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(provider)?);
        let config = match (&self.certificate, &self.key) {
            (None, None) => config.with_no_client_auth(),
            (Some(certificate), Some(key)) => {
                let chain: Vec<CertificateDer<'_>> = all(certificate.name, &certificate.text()?)?;
                if chain.is_empty() {
                    return Err(invalid(certificate.name, "there is no certificate in it"));
                }
                let key = key::key(key.name, &key.text()?, self.key_password.as_deref())?;
                config
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| invalid(certificate.name, error))?
            }
            _ => {
                return Err(PyValueError::new_err(format!(
                    "{WHAT}: \"certfile\" and \"keyfile\" must be given together"
                )));
            }
        };
        Ok(Some(TlsPolicy::new(config).with_login_only(self.for_login_only)))
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        let mut provider = default_provider();
        if let Some(suites) = &self.suites {
            provider.cipher_suites.clone_from(suites);
        }
        Arc::new(provider)
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> PyResult<Arc<dyn ServerCertVerifier>> {
        let inner = self.authority_verifier(provider)?;
        match self.refused.is_empty() {
            true => Ok(inner),
            false => Ok(Arc::new(refused::Verifier { refused: self.refused.clone(), inner })),
        }
    }

    /// What certificates are checked with against those that are trusted.
    fn authority_verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> PyResult<Arc<WebPkiServerVerifier>> {
        let authorities = self.authorities()?;
        let mut roots = RootCertStore::empty();
        if authorities.is_empty() {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        for (key, text) in &authorities {
            roots.add_parsable_certificates(all::<CertificateDer<'_>>(key, text)?);
        }
        if roots.is_empty() {
            return Err(PyValueError::new_err(format!(
                "{WHAT}: no trusted certificate was found; name some with \"cafile\" or \"capath\""
            )));
        }
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let builder = match self.revocation {
            None => builder,
            Some(revocation) => {
                let mut lists = Vec::new();
                for (key, text) in &authorities {
                    lists.extend(all::<CertificateRevocationListDer<'_>>(key, text)?);
                }
                if lists.is_empty() {
                    return Err(PyValueError::new_err(format!(
                        "{WHAT}: no revocation list was found; \"cafile\" or \"capath\" must have some"
                    )));
                }
                let builder = builder.with_crls(lists);
                match revocation {
                    Revocation::Server => builder.only_check_end_entity_revocation(),
                    Revocation::Chain => builder,
                }
            }
        };
        builder.build().map_err(|error| invalid("cafile", error))
    }

    /// The texts with trusted certificates and revocation lists, each with the key that it was
    /// given by.
    fn authorities(&self) -> PyResult<Vec<(&'static str, Vec<u8>)>> {
        let mut texts = Vec::new();
        if let Some(text) = &self.authority_text {
            texts.push(("castring", text.clone().into_bytes()));
        }
        if let Some(file) = &self.authority_file {
            texts.push(("cafile", read("cafile", file)?));
        }
        if let Some(folder) = &self.authority_folder {
            let failed = |error| unreadable("capath", Some(folder), pem::Error::Io(error));
            for entry in Path::new(folder).read_dir().map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_file() {
                    texts.push(("capath", read("capath", &path.to_string_lossy())?));
                }
            }
        }
        Ok(texts)
    }

    /// Makes sure that what a server's certificate must name is known, and that a host with a
    /// TLS name is not connected to in the clear by oversight.
    pub fn check_names(&self, policy: &ClientPolicy, hosts: &[Host]) -> PyResult<()> {
        let refused = |host: &Host, why: &str| {
            Err(PyValueError::new_err(format!("config key \"hosts\": {host} {why}")))
        };
        for host in hosts {
            let named = host.tls_name.is_some() || policy.cluster_name.is_some();
            if policy.tls_policy.is_some() && !named {
                return refused(host, "needs a TLS name: (host, port, tls_name)");
            }
            if host.tls_name.is_some() && !self.given {
                return refused(host, "has a TLS name, but config has no key \"tls\"");
            }
        }
        Ok(())
    }
}

/// Everything of one kind that PEM text holds.
fn all<T: PemObject>(key: &str, text: &[u8]) -> PyResult<Vec<T>> {
    T::pem_slice_iter(text).collect::<Result<_, _>>().map_err(|error| unreadable(key, None, error))
}

fn read(key: &str, file: &str) -> PyResult<Vec<u8>> {
    fs::read(file).map_err(|error| unreadable(key, Some(file), pem::Error::Io(error)))
}

fn unreadable(key: &str, file: Option<&str>, error: pem::Error) -> PyErr {
    let (kind, why) = match error {
        pem::Error::Io(error) => (error.kind(), error.to_string()),
        error => (io::ErrorKind::InvalidData, error.to_string()),
    };
    let file = file.map_or("it".into(), |file| format!("{file:?}"));
    let message = format!("{WHAT} key {key:?}: can't read {file}: {why}");
    match kind {
        io::ErrorKind::InvalidData => PyValueError::new_err(message),
        kind => io::Error::new(kind, message).into(),
    }
}

fn invalid(key: &str, error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(format!("{WHAT} key {key:?}: {error}"))
}

/// Versions from a list such as `-all +TLSv1.2 +TLSv1.3`. A name without a sign is permitted.
fn versions(field: &Field<'_, '_>) -> PyResult<Vec<&'static SupportedProtocolVersion>> {
    const WANTED: &str =
        "a list of \"all\", \"TLSv1.2\" and \"TLSv1.3\", each with \"+\", \"-\" or nothing before";
    let mut permitted: Vec<&'static SupportedProtocolVersion> = Vec::new();
    for word in field.text()?.split_whitespace() {
        let (permits, name) = match word.strip_prefix('-') {
            Some(name) => (false, name),
            None => (true, word.strip_prefix('+').unwrap_or(word)),
        };
        let named: &[&'static SupportedProtocolVersion] = match name {
            "all" => rustls::ALL_VERSIONS,
            "TLSv1.2" => &[&rustls::version::TLS12],
            "TLSv1.3" => &[&rustls::version::TLS13],
            // Older versions can be forbidden: they are.
            "SSLv2" | "SSLv3" | "TLSv1" | "TLSv1.1" if !permits => &[],
            _ => return Err(field.wrong_value(WANTED)),
        };
        permitted.retain(|version| !named.contains(version));
        if permits {
            permitted.extend(named);
        }
    }
    match permitted.is_empty() {
        true => Err(field.wrong_value(WANTED)),
        false => Ok(permitted),
    }
}

/// The name that OpenSSL gives to a suite: as the standard has it for TLS 1.3, and for TLS 1.2 of
/// the form `ECDHE-RSA-AES256-GCM-SHA384`.
fn suite_name(suite: &SupportedCipherSuite) -> String {
    let name = format!("{:?}", suite.suite());
    match suite {
        SupportedCipherSuite::Tls13(_) => name.replace("TLS13_", "TLS_"),
        SupportedCipherSuite::Tls12(_) => name
            .replace("TLS_", "")
            .replace("WITH_", "")
            .replace("AES_", "AES")
            .replace("POLY1305_SHA256", "POLY1305")
            .replace('_', "-"),
    }
}

fn source(field: &Field<'_, '_>, is_path: bool) -> PyResult<Source> {
    Ok(Source { name: field.key, value: field.text()?.to_owned(), is_path })
}

fn suites(field: &Field<'_, '_>) -> PyResult<Vec<SupportedCipherSuite>> {
    let find = |name: &str| {
        ALL_CIPHER_SUITES.iter().copied().find(|suite| suite_name(suite) == name).ok_or_else(|| {
            let known: Vec<_> = ALL_CIPHER_SUITES.iter().map(suite_name).collect();
            field.wrong_value(&format!("some of {}, separated by colons", known.join(":")))
        })
    };
    field.text()?.split(':').map(find).collect()
}

const ROWS: &[Row<Draft>] = &[
    ("enable", |draft, field| {
        draft.enable = field.bool()?;
        Ok(())
    }),
    ("cafile", |draft, field| {
        draft.authority_file = Some(field.text()?.to_owned());
        Ok(())
    }),
    ("capath", |draft, field| {
        draft.authority_folder = Some(field.text()?.to_owned());
        Ok(())
    }),
    ("castring", |draft, field| {
        draft.authority_text = Some(field.text()?.to_owned());
        Ok(())
    }),
    ("certfile", |draft, field| {
        field.once(&mut draft.certificate, "certstring", |field| source(field, true))
    }),
    ("certstring", |draft, field| {
        field.once(&mut draft.certificate, "certfile", |field| source(field, false))
    }),
    ("keyfile", |draft, field| {
        field.once(&mut draft.key, "keystring", |field| source(field, true))
    }),
    ("keystring", |draft, field| {
        field.once(&mut draft.key, "keyfile", |field| source(field, false))
    }),
    ("keyfile_pw", |draft, field| {
        draft.key_password = key::password(field)?;
        Ok(())
    }),
    ("protocols", |draft, field| {
        draft.versions = Some(versions(field)?);
        Ok(())
    }),
    ("cipher_suite", |draft, field| {
        draft.suites = Some(suites(field)?);
        Ok(())
    }),
    ("cert_blacklist", |draft, field| {
        if !field.value.is_none() {
            draft.refused = refused::list(field)?;
        }
        Ok(())
    }),
    ("crl_check", |draft, field| {
        if field.bool()? && draft.revocation.is_none() {
            draft.revocation = Some(Revocation::Server);
        }
        Ok(())
    }),
    ("crl_check_all", |draft, field| {
        if field.bool()? {
            draft.revocation = Some(Revocation::Chain);
        }
        Ok(())
    }),
    ("log_session_info", |_, field| match field.bool()? {
        false => Ok(()),
        true => Err(field.not_built("log of TLS sessions")),
    }),
    ("for_login_only", |draft, field| {
        draft.for_login_only = field.bool()?;
        Ok(())
    }),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_have_the_names_of_openssl() {
        let names: Vec<_> = ALL_CIPHER_SUITES.iter().map(suite_name).collect();
        for name in [
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-RSA-CHACHA20-POLY1305",
        ] {
            assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
        }
    }
}
