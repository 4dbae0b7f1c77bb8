//! Answers that have to wait for a node that does not answer: it comes back, or is given up, or
//! the command runs out of time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::{Answer, answer, note_proxied, refuse};
use crate::cluster::Cluster;
use crate::cluster::routing::{Destination, Route};
use crate::protocol::ResultCode;
use crate::protocol::message::{Header, Message};
use crate::security::Caller;
use crate::server::Shared;
use crate::store::counters::Event;

/// How long a command may take whose client does not say.
const TIMEOUT: Duration = Duration::from_secs(1);

/// What an answer waits for.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    to: Destination,
    timeout: Duration,
    /// Whether it was carried out, and only the others have not said yet that they have it.
    is_done: bool,
}

/// How long a command may take.
pub fn timeout(header: &Header) -> Duration {
    match header.timeout_ms {
        0 => TIMEOUT,
        given => Duration::from_millis(given.into()),
    }
}

impl Waiting {
    pub fn for_master(message: &Message<'_>, to: Destination) -> Waiting {
        Waiting { to, timeout: timeout(&message.header), is_done: false }
    }

    pub fn for_copies(message: &Message<'_>, to: Destination) -> Waiting {
        Waiting { is_done: true, ..Waiting::for_master(message, to) }
    }

    /// Waits, and puts the answer to `body` into `output`, which may have it from `start` on.
    pub async fn end(
        mut self,
        shared: &Arc<Shared>,
        caller: &Caller,
        peer: SocketAddr,
        body: &[u8],
        start: usize,
        output: &mut Vec<u8>,
    ) {
        let deadline = Instant::now() + self.timeout;
        loop {
            let over = shared.cluster.until(|cluster| self.is_over(cluster, shared));
            if timeout_at(deadline, over).await.is_err() {
                break;
            }
            if self.is_done {
                return;
            }
            match shared.undivided(|| answer(shared, caller, peer, body, output)) {
                Ok(Answer::Waiting(again)) => self = again,
                Ok(_) => return,
                Err(_) => break,
            }
        }
        output.truncate(start);
        refuse(body, ResultCode::Timeout as u8, output);
        if let Some(message) = Message::parse(body).filter(|_| !self.is_done) {
            note_proxied(shared, &message, Event::ProxyTimeout);
        }
    }

    fn is_over(&self, cluster: &Cluster, shared: &Shared) -> bool {
        if self.is_done {
            cluster.acknowledges(self.to.partition)
        } else {
            !matches!(shared.route(self.to), Route::Silent)
        }
    }
}
