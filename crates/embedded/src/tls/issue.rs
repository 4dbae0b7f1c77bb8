//! Certificates for tests: an authority made for one run of the server, and what it certifies.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};

use super::settings::Files;

/// The file of the authority's certificate, which clients trust.
const AUTHORITY: &str = "ca.pem";

/// Writes to a folder the certificates of an authority (`ca.pem`), of the server (`server.pem` and
/// `server.key`), which is good for localhost, `host` and `name`, and of each client (`NAME.pem`
/// and `NAME.key`), which names it.
///
/// # Errors
/// When the folder can't be written to, or a client's name can't be that of a file.
pub fn issue(folder: &Path, host: &str, name: &str, clients: &[String]) -> io::Result<Files> {
    for client in clients {
        if client.is_empty() || client.starts_with('.') || client.contains(['/', '\\', '\0']) {
            let message = format!("{client:?} can't be a client's name, and so that of a file");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    fs::create_dir_all(folder)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = named("aerospike-embedded test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
    fs::write(folder.join(AUTHORITY), authority.pem())?;

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    for further in [host, name] {
        if !names.iter().any(|known| known == further) {
            names.push(further.to_owned());
        }
    }
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name = common_name(name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    certify(folder, "server", params, &authority)?;
    for client in clients {
        let mut params = named(client);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        certify(folder, client, params, &authority)?;
    }
    Ok(Files {
        certificate: folder.join("server.pem"),
        key: folder.join("server.key"),
        authority: Some(folder.join(AUTHORITY)),
    })
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = common_name(name);
    params
}

/// Makes a key and its certificate.
fn certify(
    folder: &Path,
    name: &str,
    mut params: CertificateParams,
    authority: &CertifiedIssuer<'_, KeyPair>,
) -> io::Result<()> {
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.signed_by(&key, authority).map_err(io::Error::other)?;
    fs::write(folder.join(format!("{name}.pem")), certificate.pem())?;
    fs::write(folder.join(format!("{name}.key")), key.serialize_pem())
}
