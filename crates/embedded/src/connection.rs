//! One connection: frames in, replies out, in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use crate::command::{self, Answer, Step};
use crate::faults::Fate;
use crate::info;
use crate::log;
use crate::protocol::frame::{self, Frame};
use crate::protocol::message;
use crate::security::{self, Caller, Identity};
use crate::server::Shared;
use crate::tls::Stream;

/// What a connection keeps for reading while it is quiet.
const READ_SIZE: usize = 16 * 1024;

/// Replies to pipelined requests are sent before more of them are worked on beyond this size.
const FLUSH_SIZE: usize = 256 * 1024;

/// Serves a connection until the peer closes it or sends what is no frame.
pub async fn serve(mut stream: Stream, peer: SocketAddr, shared: &Arc<Shared>) -> io::Result<()> {
    let users = shared.security.as_deref();
    let mut identity = Identity::new(peer.ip(), stream.certificate_name(), users.is_some());
    let mut input = Input::default();
    let mut output = Vec::with_capacity(READ_SIZE);
    while input.read_from(&mut stream).await? {
        shared.unless_paused().await;
        while let Some(frame) = input.next_frame()? {
            match frame.kind {
                frame::INFO => {
                    let started = shared.log.then(Instant::now);
                    let caller = identity.caller(users);
                    shared.undivided(|| info::answer(shared, caller, frame.body, &mut output))?;
                    if let Some(started) = started {
                        log::info(peer, frame.body, started);
                    }
                }
                frame::MESSAGE => {
                    let caller = identity.caller(users);
                    answer(shared, caller, peer, frame.body, &mut stream, &mut output).await?
                }
                frame::COMPRESSED => match frame::inflate(frame.body) {
                    Some(body) => {
                        let caller = identity.caller(users);
                        answer(shared, caller, peer, &body, &mut stream, &mut output).await?;
                    }
                    None => command::refuse_compressed(&mut output),
                },
                _ => administer(shared, peer, &mut identity, frame.body, &mut output),
            }
            flush_if_large(&mut stream, &mut output, FLUSH_SIZE).await?;
        }
        if !output.is_empty() {
            send(&mut stream, &output).await?;
            output.clear();
            output.shrink_to(FLUSH_SIZE);
        }
        input.compact();
    }
    Ok(())
}

/// Answers a message of a user who logs in or administers others.
fn administer(
    shared: &Shared,
    peer: SocketAddr,
    identity: &mut Identity,
    body: &[u8],
    output: &mut Vec<u8>,
) {
    let Some(users) = &shared.security else { return security::refuse(output) };
    let started = shared.log.then(Instant::now);
    let (what, about, code) = security::answer(users, identity, body, output);
    if let Some(started) = started {
        log::administration(peer, what, &about, code, started);
    }
}

/// Answers a message, unless something is to go wrong with it.
async fn answer(
    shared: &Arc<Shared>,
    caller: &Caller,
    peer: SocketAddr,
    body: &[u8],
    stream: &mut Stream,
    output: &mut Vec<u8>,
) -> io::Result<()> {
    let started = shared.log.then(Instant::now);
    let (delay, fate) = shared.faults.next(|| command::writes(body));
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let start = output.len();
    let last = match fate {
        None => Some(carry_out(shared, caller, peer, body, stream, output, FLUSH_SIZE).await?),
        Some(Fate::Refused(code)) => {
            command::refuse(body, code, output);
            Some(start)
        }
        Some(Fate::Lost) => None,
        // The reply is kept together: not even a part of it may have left already.
        Some(_) => Some(carry_out(shared, caller, peer, body, stream, output, usize::MAX).await?),
    };
    if let Some(started) = started {
        let place = last.map(|last| last + frame::HEADER_SIZE + message::RESULT_CODE);
        let code = place.and_then(|place| output.get(place)).copied();
        log::message(peer, body, code, fate, started);
    }
    match fate {
        None | Some(Fate::Refused(_)) => Ok(()),
        Some(Fate::Lost | Fate::Dropped) => {
            output.truncate(start);
            send(stream, output).await?;
            until_closed(stream).await
        }
        Some(Fate::Half) => {
            output.truncate(start + (output.len() - start) / 2);
            send(stream, output).await?;
            Err(io::Error::other("half of a reply was sent, on purpose"))
        }
        Some(Fate::Reset) => {
            stream.tcp().set_zero_linger()?;
            Err(io::Error::other("reset, on purpose"))
        }
    }
}

/// Carries out a message and answers it; tells where in the output its last reply begins. What
/// exceeds `flush_size` is sent before the rest is there.
async fn carry_out(
    shared: &Arc<Shared>,
    caller: &Caller,
    peer: SocketAddr,
    body: &[u8],
    stream: &mut Stream,
    output: &mut Vec<u8>,
    flush_size: usize,
) -> io::Result<usize> {
    let start = output.len();
    match shared.undivided(|| command::answer(shared, caller, peer, body, output))? {
        Answer::Made => return Ok(start),
        Answer::Waiting(waiting) => {
            // So seldom that connections need not have room for it.
            Box::pin(waiting.end(shared, caller, peer, body, start, output)).await;
            return Ok(start);
        }
        Answer::Stepwise(mut query) => loop {
            match shared.undivided(|| query.answer_some(output))? {
                // A query may take long: other connections have their turn in between.
                Step::GoOn => {
                    flush_if_large(stream, output, flush_size).await?;
                    tokio::task::yield_now().await;
                    shared.unless_paused().await;
                }
                Step::Wait(time) => {
                    // The client would wait for what is there.
                    let size = if flush_size == FLUSH_SIZE { 1 } else { flush_size };
                    flush_if_large(stream, output, size).await?;
                    tokio::time::sleep(time).await;
                }
                Step::Done => break,
            }
        },
    }
    Ok(output.len().saturating_sub(frame::HEADER_SIZE + message::HEADER_SIZE))
}

/// Waits for the peer to give up: whatever it sends gets no answer.
async fn until_closed(stream: &mut Stream) -> io::Result<()> {
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Err(io::Error::other("a command was not answered, on purpose"))
}

async fn send(stream: &mut Stream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

async fn flush_if_large(
    stream: &mut Stream,
    output: &mut Vec<u8>,
    flush_size: usize,
) -> io::Result<()> {
    if output.len() >= flush_size {
        send(stream, output).await?;
        output.clear();
    }
    Ok(())
}

/// The bytes received and not yet answered.
#[derive(Default)]
pub struct Input {
    buffer: Vec<u8>,
    /// Where the first frame that is not answered yet begins.
    start: usize,
}

impl Input {
    /// Makes room for a read. Room grows with the bytes that have come, never with what a header
    /// promises.
    fn reserve(&mut self) {
        let room = self.buffer.capacity() - self.buffer.len();
        if room < READ_SIZE / 2 {
            self.buffer.reserve(self.buffer.len().clamp(READ_SIZE, 8 * 1024 * 1024));
        }
    }

    /// Reads what has come. Whether there was something before the end.
    pub async fn read_from(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> io::Result<bool> {
        self.reserve();
        Ok(stream.read_buf(&mut self.buffer).await? > 0)
    }

    pub fn next_frame(&mut self) -> io::Result<Option<Frame<'_>>> {
        let rest = self.buffer.get(self.start..).unwrap_or_default();
        let Some(frame) = frame::parse(rest)? else { return Ok(None) };
        self.start += frame.size();
        Ok(Some(frame))
    }

    /// Drops what has been answered.
    pub fn compact(&mut self) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(4 * READ_SIZE);
        } else if self.start > 0 {
            self.buffer.drain(..self.start);
        }
        self.start = 0;
    }
}
