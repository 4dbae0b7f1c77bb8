//! The threads that serve connections.
//!
//! Each thread has a runtime of its own and each connection stays on one thread: an answer never
//! waits for another thread to be woken, which costs more than the work itself.

use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::connection;
use crate::server::Shared;

/// A connection on its way to the thread that will serve it.
type Accepted = (std::net::TcpStream, SocketAddr);

/// The threads, of which connections are given to one after the other. They end with this value,
/// and their connections with them.
#[derive(Debug)]
pub struct Workers {
    inboxes: Vec<mpsc::UnboundedSender<Accepted>>,
    next: usize,
}

impl Workers {
    /// Starts one thread for each processor.
    pub fn start(shared: &Arc<Shared>) -> io::Result<Workers> {
        let count = thread::available_parallelism().map_or(1, NonZero::get);
        let mut inboxes = Vec::with_capacity(count);
        for number in 0..count {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (sender, inbox) = mpsc::unbounded_channel();
            let shared = Arc::clone(shared);
            thread::Builder::new()
                .name(format!("worker-{number}"))
                .spawn(move || runtime.block_on(work(inbox, shared)))?;
            inboxes.push(sender);
        }
        Ok(Workers { inboxes, next: 0 })
    }

    /// Gives a connection to the thread whose turn it is.
    pub fn give(&mut self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        let stream = stream.into_std()?;
        self.next = (self.next + 1) % self.inboxes.len();
        if let Some(inbox) = self.inboxes.get(self.next) {
            inbox.send((stream, peer)).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

async fn work(mut inbox: mpsc::UnboundedReceiver<Accepted>, shared: Arc<Shared>) {
    while let Some((stream, peer)) = inbox.recv().await {
        tokio::spawn(serve(stream, peer, Arc::clone(&shared)));
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
