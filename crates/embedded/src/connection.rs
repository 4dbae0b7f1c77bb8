//! One connection: frames in, replies out, in order.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::command::{self, Answer, Step};
use crate::info;
use crate::protocol::frame::{self, Frame};
use crate::server::Shared;

/// What a connection keeps for reading while it is quiet.
const READ_SIZE: usize = 16 * 1024;

/// Replies to pipelined requests are sent before more of them are worked on beyond this size.
const FLUSH_SIZE: usize = 256 * 1024;

/// Serves a connection until the peer closes it or sends what is no frame.
pub async fn serve(mut stream: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = Input::default();
    let mut output = Vec::with_capacity(READ_SIZE);
    loop {
        input.reserve();
        if stream.read_buf(&mut input.buffer).await? == 0 {
            return Ok(());
        }
        while let Some(frame) = input.next_frame()? {
            match frame.kind {
                frame::INFO => info::answer(shared, frame.body, &mut output),
                frame::MESSAGE => answer(shared, frame.body, &mut stream, &mut output).await?,
                frame::COMPRESSED => match frame::inflate(frame.body) {
                    Some(body) => answer(shared, &body, &mut stream, &mut output).await?,
                    None => command::refuse_compressed(&mut output),
                },
                _ => frame::refuse_security(&mut output),
            }
            flush_if_large(&mut stream, &mut output).await?;
        }
        if !output.is_empty() {
            stream.write_all(&output).await?;
            output.clear();
            output.shrink_to(FLUSH_SIZE);
        }
        input.compact();
    }
}

/// Answers a message. A long answer is sent piece by piece.
async fn answer(
    shared: &Arc<Shared>,
    body: &[u8],
    stream: &mut TcpStream,
    output: &mut Vec<u8>,
) -> io::Result<()> {
    match command::answer(shared, body, output) {
        Answer::Made => {}
        Answer::Batch(mut batch) => {
            while batch.answer_some(output) {
                flush_if_large(stream, output).await?;
            }
        }
        Answer::Stepwise(mut query) => loop {
            match query.answer_some(output) {
                // A query may take long: other connections have their turn in between.
                Step::GoOn => {
                    flush_if_large(stream, output).await?;
                    tokio::task::yield_now().await;
                }
                Step::Wait(time) => {
                    stream.write_all(output).await?;
                    output.clear();
                    tokio::time::sleep(time).await;
                }
                Step::Done => break,
            }
        },
    }
    Ok(())
}

async fn flush_if_large(stream: &mut TcpStream, output: &mut Vec<u8>) -> io::Result<()> {
    if output.len() >= FLUSH_SIZE {
        stream.write_all(output).await?;
        output.clear();
    }
    Ok(())
}

/// The bytes received and not yet answered.
#[derive(Default)]
struct Input {
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

    fn next_frame(&mut self) -> io::Result<Option<Frame<'_>>> {
        let rest = self.buffer.get(self.start..).unwrap_or_default();
        let Some(frame) = frame::parse(rest)? else { return Ok(None) };
        self.start += frame.size();
        Ok(Some(frame))
    }

    /// Drops what has been answered.
    fn compact(&mut self) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.buffer.shrink_to(4 * READ_SIZE);
        } else if self.start > 0 {
            self.buffer.drain(..self.start);
        }
        self.start = 0;
    }
}
