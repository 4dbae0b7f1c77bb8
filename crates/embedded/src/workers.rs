//! The threads that serve connections.
//!
//! Each thread has a runtime of its own and each connection stays on one thread: an answer never
//! waits for another thread to be woken, which costs more than the work itself.

use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::connection;
use crate::server::Shared;
use crate::tls::Stream;

/// A connection on its way to the thread that will serve it.
struct Accepted {
    stream: std::net::TcpStream,
    peer: SocketAddr,
    /// Whether it is to be encrypted.
    encrypted: bool,
    /// Of the node that it is with.
    shared: Arc<Shared>,
}

/// The threads, of which connections are given to one after the other. They end with this value,
/// and their connections with them.
#[derive(Debug)]
pub struct Workers {
    inboxes: Vec<mpsc::UnboundedSender<Accepted>>,
    next: AtomicUsize,
}

impl Workers {
    /// Starts one thread for each processor.
    pub fn start() -> io::Result<Workers> {
        let count = thread::available_parallelism().map_or(1, NonZero::get);
        let mut inboxes = Vec::with_capacity(count);
        for number in 0..count {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (sender, inbox) = mpsc::unbounded_channel();
            thread::Builder::new()
                .name(format!("worker-{number}"))
                .spawn(move || runtime.block_on(work(inbox)))?;
            inboxes.push(sender);
        }
        Ok(Workers { inboxes, next: AtomicUsize::new(0) })
    }

    /// Gives a connection to the thread whose turn it is.
    pub fn give(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        encrypted: bool,
        shared: &Arc<Shared>,
    ) -> io::Result<()> {
        let stream = stream.into_std()?;
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.inboxes.len();
        if let Some(inbox) = self.inboxes.get(next) {
            shared.counters.connections_opened.fetch_add(1, Ordering::Relaxed);
            let shared = Arc::clone(shared);
            let accepted = Accepted { stream, peer, encrypted, shared };
            inbox.send(accepted).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

async fn work(mut inbox: mpsc::UnboundedReceiver<Accepted>) {
    while let Some(accepted) = inbox.recv().await {
        let node = Arc::clone(&accepted.shared.node);
        // In a box, so that a handle that outlives the connection keeps next to nothing of it.
        let connection = tokio::spawn(Box::pin(serve(accepted)));
        node.keep(connection.abort_handle());
    }
}

async fn serve(accepted: Accepted) {
    let Accepted { stream, peer, encrypted, shared } = accepted;
    if shared.log {
        eprintln!("{peer} connected");
    }
    let result = match open(stream, encrypted, &shared).await {
        Ok(stream) => connection::serve(stream, peer, &shared).await,
        Err(error) => Err(error),
    };
    shared.counters.connections_closed.fetch_add(1, Ordering::Relaxed);
    if shared.log {
        match result {
            Ok(()) => eprintln!("{peer} left"),
            Err(error) => eprintln!("{peer} closed: {error}"),
        }
    }
}

async fn open(stream: std::net::TcpStream, encrypted: bool, shared: &Shared) -> io::Result<Stream> {
    let stream = TcpStream::from_std(stream)?;
    stream.set_nodelay(true)?;
    match &shared.tls {
        Some(tls) if encrypted => tls.accept(stream).await,
        _ => Ok(Stream::Plain(stream)),
    }
}
