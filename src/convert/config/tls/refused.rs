//! Certificates that are refused though somebody certifies them: those of a list of numbers.

use std::sync::Arc;

use pyo3::prelude::*;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::name::Name;

use super::read;
use crate::convert::table::Field;

/// A certificate by its number, which is unique to an issuer.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    serial: Vec<u8>,
    /// The attributes of the issuer's name; `None` is any issuer.
    issuer: Option<Vec<String>>,
}

/// The list in a file: in each line a number in hexadecimal digits, and maybe the issuer as
/// `/C=US/O=Acme/CN=Acme CA`.
pub fn list(field: &Field<'_, '_>) -> PyResult<Vec<Refused>> {
    let path = field.text()?;
    let text = read(field.key, path)?;
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(number, line)| {
            entry(line).ok_or_else(|| {
                field.refused(&format!(
                    "line {} of {path:?} must be a number in hexadecimal digits, and maybe an \
                     issuer such as /C=US/CN=Acme: {line:?}",
                    number + 1
                ))
            })
        })
        .collect()
}

fn entry(line: &str) -> Option<Refused> {
    let (number, issuer) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let padded = if number.len() % 2 == 0 { number.to_owned() } else { format!("0{number}") };
    let digits = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let serial: Vec<u8> = padded.as_bytes().chunks(2).map(digits).collect::<Option<_>>()?;
    let issuer = match issuer.trim() {
        "" => None,
        issuer => Some(attributes(issuer.strip_prefix('/')?.split('/'))),
    };
    Some(Refused { serial: without_zeros(&serial).to_vec(), issuer })
}

/// Attributes in an order of their own, so that the order in which they are told is all one.
fn attributes<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut attributes: Vec<_> = parts.map(|part| part.trim().to_owned()).collect();
    attributes.sort_unstable();
    attributes
}

fn of_name(name: &Name) -> Vec<String> {
    let told: Vec<_> = name.iter().map(ToString::to_string).collect();
    attributes(told.iter().map(String::as_str))
}

fn without_zeros(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    &serial[zeros..]
}

/// Checks what the other verifier does, and that no certificate is on the list.
#[derive(Debug)]
pub struct Verifier {
    pub refused: Vec<Refused>,
    pub inner: Arc<WebPkiServerVerifier>,
}

impl Verifier {
    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        let parsed = Certificate::from_der(certificate)
            .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        let parsed = parsed.tbs_certificate();
        let serial = without_zeros(parsed.serial_number().as_bytes());
        let is_listed = self.refused.iter().any(|refused| {
            refused.serial == serial
                && refused.issuer.as_ref().is_none_or(|issuer| *issuer == of_name(parsed.issuer()))
        });
        match is_listed {
            true => Err(Error::InvalidCertificate(CertificateError::Revoked)),
            false => Ok(()),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        self.check(end_entity)?;
        intermediates.iter().try_for_each(|certificate| self.check(certificate))?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_numbers_with_or_without_an_issuer() {
        let entry = |line| entry(line).map(|refused| (refused.serial, refused.issuer));
        assert_eq!(entry("0A1b"), Some((vec![0x0a, 0x1b], None)));
        assert_eq!(entry("00fff"), Some((vec![0x0f, 0xff], None)));
        let issuer = vec!["CN=Acme CA".to_owned(), "O=Acme".to_owned()];
        assert_eq!(entry("1 /O=Acme/CN=Acme CA"), Some((vec![1], Some(issuer))));
        assert_eq!(entry("xyz"), None);
        assert_eq!(entry("12 O=Acme"), None);
    }
}
