//! A server without sockets: it is handed what a client would send, and hands back the replies.
//!
//! Fuzzers and benchmarks talk to this one, whose answers depend on nothing but what it was asked.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::cluster::Identity;
use crate::command::{self, Answer, Step};
use crate::info;
use crate::nodes::Template;
use crate::protocol::frame;
use crate::security::{self, Caller};
use crate::server::{Config, Contents, Shared};
use crate::store::Store;

/// A server that is called directly.
#[derive(Debug)]
pub struct Offline {
    contents: Contents,
    shared: Arc<Shared>,
    /// Background queries run here, while a request is answered.
    runtime: Runtime,
}

impl Offline {
    /// A server with the configuration of a real one, of which the address is not used.
    ///
    /// # Errors
    /// When something of the configuration is not allowed.
    pub fn new(config: Config) -> io::Result<Offline> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let store = Store::new(&config.namespaces, config.compat, &config.strong_consistency)
            .map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let template = Template::new(config, store)?;
        let rack = template.cluster.settings.rack(0);
        let shared = template.node(&Identity::new(0, rack, address, None), &template.cluster);
        template.cluster.found(vec![Arc::clone(&shared.node)]);
        Ok(Offline { contents: template.contents(), shared, runtime })
    }

    /// Answers frames one after the other, and waits for the background queries that they began.
    /// A frame that is cut short at the end is not answered.
    ///
    /// # Errors
    /// When there is what is no frame: a connection would be closed.
    pub fn exchange(&self, mut input: &[u8]) -> io::Result<Vec<u8>> {
        let mut output = Vec::new();
        self.runtime
            .block_on(async {
                while let Some(frame) = frame::parse(input)? {
                    match frame.kind {
                        frame::INFO => {
                            info::answer(&self.shared, &Caller::Anyone, frame.body, &mut output)
                        }
                        frame::MESSAGE => self.answer(frame.body, &mut output).await,
                        frame::COMPRESSED => match frame::inflate(frame.body) {
                            Some(body) => self.answer(&body, &mut output).await,
                            None => command::refuse_compressed(&mut output),
                        },
                        _ => security::refuse(&mut output),
                    }
                    input = input.get(frame.size()..).unwrap_or_default();
                }
                while self.shared.jobs.active() > 0 {
                    tokio::task::yield_now().await;
                }
                Ok(())
            })
            .map(|()| output)
    }

    async fn answer(&self, body: &[u8], output: &mut Vec<u8>) {
        let peer = self.shared.node.address;
        let start = output.len();
        match command::answer(&self.shared, &Caller::Anyone, peer, body, output) {
            Answer::Made => {}
            Answer::Waiting(waiting) => {
                waiting.end(&self.shared, &Caller::Anyone, peer, body, start, output).await;
            }
            Answer::Stepwise(mut query) => loop {
                match query.answer_some(output) {
                    Step::GoOn => tokio::task::yield_now().await,
                    Step::Wait(time) => tokio::time::sleep(time).await,
                    Step::Done => break,
                }
            },
        }
    }

    /// The records, and what else is kept.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }
}
