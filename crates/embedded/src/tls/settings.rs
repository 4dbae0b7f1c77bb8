//! How connections are to be encrypted.

use std::io;
use std::path::PathBuf;

use super::issue::issue;

/// Whether there are encrypted connections, and what the server shows who it is by.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub struct Settings {
    /// Port for encrypted connections, the first of those of several nodes; 0 picks free ones
    #[arg(long, value_name = "PORT", default_value_t = 4333)]
    pub tls_port: u16,

    /// Encrypt connections to the TLS port; this file has the server's certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// The certificates of those who certify clients
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_ca: Option<PathBuf>,

    /// The name in the certificate by which nodes tell clients of each other
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    pub tls_name: String,

    /// Refuse encrypted connections of clients that show no certificate
    #[arg(long)]
    pub tls_client_auth: bool,

    /// Encrypt with certificates made at the start and written here: ca.pem, which clients trust,
    /// server.pem and server.key
    #[arg(long, value_name = "FOLDER", conflicts_with = "tls_cert")]
    pub tls_self_signed: Option<PathBuf>,

    /// Make a certificate and key for a client as well, NAME.pem and NAME.key; may be given several
    /// times
    #[arg(long, value_name = "NAME", requires = "tls_self_signed")]
    pub tls_client: Vec<String>,
}

/// The files, in PEM, with which a server proves who it is.
#[derive(Debug)]
pub struct Files {
    /// The server's certificate, and those that certify it up to the authority.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// The certificates of those who certify clients; without them no client can show who it is.
    pub authority: Option<PathBuf>,
}

impl Settings {
    /// The files, if connections are to be encrypted; they are made if that is wanted.
    pub fn files(&self, host: &str) -> io::Result<Option<Files>> {
        let files = match (&self.tls_cert, &self.tls_key, &self.tls_self_signed) {
            (Some(certificate), Some(key), _) => Files {
                certificate: certificate.clone(),
                key: key.clone(),
                authority: self.tls_ca.clone(),
            },
            (.., Some(folder)) => issue(folder, host, &self.tls_name, &self.tls_client)?,
            _ => return Ok(None),
        };
        if self.tls_client_auth && files.authority.is_none() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "--tls-client-auth needs --tls-ca: the certificates of those who certify clients",
            ));
        }
        Ok(Some(files))
    }
}
