//! The command line of the embedded server.

mod files;

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use aerospike_embedded::faults::Plan;
use aerospike_embedded::server::DEFAULT_MAX_CONNECTIONS;
use aerospike_embedded::{Compat, Config, SecuritySettings, Server, Settings, TlsSettings};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

/// An in-memory server of the Aerospike protocol, for development and tests.
#[derive(Debug, Parser)]
#[command(name = "aerospike-embedded", version)]
struct Options {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,

    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = 3000)]
    port: u16,

    /// Namespace to serve; may be given several times
    #[arg(long = "namespace", value_name = "NAME", default_value = "test")]
    namespaces: Vec<String>,

    /// The version of the server that is modelled: 8.1 or 8.2
    #[arg(long, value_name = "VERSION", default_value_t = Compat::V8_1)]
    compat: Compat,

    /// Connections beyond so many are closed at once
    #[arg(long, value_name = "COUNT", default_value_t = DEFAULT_MAX_CONNECTIONS)]
    max_connections: u32,

    /// Give a namespace strong consistency, as only the Enterprise Edition has it: transactions, and
    /// deletes only if they are durable; may be given several times
    #[arg(long, value_name = "NAMESPACE")]
    strong_consistency: Vec<String>,

    /// Log connections and each of their commands to standard error, without the values of bins
    #[arg(long)]
    log: bool,

    /// Let something go wrong on purpose; may be given several times.
    ///
    /// The rates, of all commands on records, are from 0 to 1 and together at most 1:
    /// lost=RATE (not carried out and never answered), dropped=RATE (carried out, but never
    /// answered), half=RATE (carried out, half of the reply sent, then closed), reset=RATE (carried
    /// out, then the connection is reset), refused=RATE (answered with the result code of code=CODE,
    /// not carried out). latency=MS and jitter=MS delay every command, by the first and up to the
    /// second more. only=reads or only=writes spares the others. times=N ends all but the delays
    /// after N faults. seed=N chooses which commands are hit: equal seeds choose equally.
    #[arg(long = "fault", value_name = "NAME=VALUE", verbatim_doc_comment)]
    faults: Vec<String>,

    /// Start with the records of this file: an array of objects with namespace, set, key and bins
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,

    /// Write all records to this file at the end, in the form in which they are loaded
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,

    #[command(flatten)]
    cluster: Settings,

    #[command(flatten)]
    security: SecuritySettings,

    #[command(flatten)]
    tls: TlsSettings,

    /// End when standard input closes, so that a parent that dies leaves no orphan
    #[arg(long)]
    exit_with_stdin: bool,
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aerospike-embedded: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> io::Result<()> {
    let faults = options.faults.iter().map(|fault| fault.split_once('=').unwrap_or((fault, "")));
    let faults = Plan::parse(faults)
        .map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let server = Server::bind(Config {
            host: options.host,
            port: options.port,
            namespaces: options.namespaces,
            strong_consistency: options.strong_consistency,
            log: options.log,
            faults,
            cluster: options.cluster,
            security: options.security,
            tls: options.tls,
            compat: options.compat,
            max_connections: files::make_room_for(options.max_connections),
        })
        .await?;
        let contents = server.contents();
        if let Some(path) = &options.load {
            contents.load(path)?;
        }
        announce(&server)?;
        tokio::select! {
            result = server.run() => result?,
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = stdin_closed(options.exit_with_stdin) => {}
        }
        match &options.snapshot {
            Some(path) => contents.save(path).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            }),
            None => Ok(()),
        }
    })
}

/// The one line of standard output: whoever started the server waits for it.
fn announce(server: &Server) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let list = |addresses: &[SocketAddr]| {
        addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(" ")
    };
    write!(stdout, "listening on {}", list(server.addresses()))?;
    if let Some(address) = server.control_address() {
        write!(stdout, "; control on {address}")?;
    }
    if !server.tls_addresses().is_empty() {
        write!(stdout, "; TLS on {}", list(server.tls_addresses()))?;
    }
    writeln!(stdout)?;
    stdout.flush()
}

async fn stdin_closed(wanted: bool) {
    if !wanted {
        return std::future::pending().await;
    }
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 256];
        let mut stdin = io::stdin().lock();
        while matches!(stdin.read(&mut buffer), Ok(1..)) {}
        let _ = sender.send(());
    });
    let _ = receiver.await;
}
