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

/// A connection on its way to the thread that will serve it, for a node.
type Accepted = (std::net::TcpStream, SocketAddr, Arc<Shared>);

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
        shared: &Arc<Shared>,
    ) -> io::Result<()> {
        let stream = stream.into_std()?;
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.inboxes.len();
        if let Some(inbox) = self.inboxes.get(next) {
            inbox.send((stream, peer, Arc::clone(shared))).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

async fn work(mut inbox: mpsc::UnboundedReceiver<Accepted>) {
    while let Some((stream, peer, shared)) = inbox.recv().await {
        let node = Arc::clone(&shared.node);
        let connection = tokio::spawn(serve(stream, peer, shared));
        node.keep(connection.abort_handle());
    }
}

async fn serve(stream: std::net::TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    if shared.log {
        eprintln!("{peer} connected");
    }
    shared.counters.connections_opened.fetch_add(1, Ordering::Relaxed);
    let result = match TcpStream::from_std(stream) {
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
