//! Completions on their way from the workers to the loop, and the loop's wake-up.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex};

use super::Finish;
use crate::runtime::lock;
use wake::Wake;

/// The end of the operation under `number`; without `finish` it was abandoned.
pub struct Completion {
    pub number: usize,
    pub finish: Option<Finish>,
}

pub struct Queue {
    completions: Mutex<Vec<Completion>>,
    wake: Wake,
}

impl Queue {
    pub fn new() -> io::Result<Self> {
        Ok(Self { completions: Mutex::new(Vec::new()), wake: Wake::new()? })
    }

    fn push(&self, completion: Completion) {
        let first = {
            let mut completions = lock(&self.completions);
            completions.push(completion);
            completions.len() == 1
        };
        if first {
            self.wake();
        }
    }

    pub fn take(&self) -> Vec<Completion> {
        mem::take(&mut *lock(&self.completions))
    }

    /// Makes the descriptor readable.
    pub fn wake(&self) {
        self.wake.raise();
    }

    /// Makes the descriptor unreadable again. To be called before [`Queue::take`], so
    /// that nothing pushed afterwards goes unnoticed.
    pub fn acknowledge(&self) {
        self.wake.lower();
    }

    /// The descriptor that the loop watches.
    pub fn descriptor(&self) -> i64 {
        self.wake.descriptor()
    }
}

/// The duty to complete one slot: kept by [`Ticket::complete`], or when dropped.
pub struct Ticket {
    queue: Arc<Queue>,
    number: usize,
    open: bool,
}

impl Ticket {
    pub fn new(queue: Arc<Queue>, number: usize) -> Self {
        Self { queue, number, open: true }
    }

    pub fn complete(mut self, finish: Finish) {
        self.open = false;
        self.queue.push(Completion { number: self.number, finish: Some(finish) });
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.open {
            self.queue.push(Completion { number: self.number, finish: None });
        }
    }
}

#[cfg(target_os = "linux")]
mod wake {
    use std::io;
    use std::os::fd::{AsRawFd, OwnedFd};

    use rustix::event::{EventfdFlags, eventfd};

    /// An eventfd: readable from `raise` to `lower`.
    pub struct Wake(OwnedFd);

    impl Wake {
        pub fn new() -> io::Result<Self> {
            Ok(Self(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
        }

        pub fn raise(&self) {
            // It can fail only when the counter is full, and then it is readable.
            let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
        }

        pub fn lower(&self) {
            let _ = rustix::io::read(&self.0, &mut [0; 8]);
        }

        pub fn descriptor(&self) -> i64 {
            i64::from(self.0.as_raw_fd())
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod wake {
    use std::io::{self, Read, Write};
    use std::net::{TcpListener, TcpStream};

    /// A pair of connected sockets: readable from `raise` to `lower`.
    pub struct Wake {
        reader: TcpStream,
        writer: TcpStream,
    }

    impl Wake {
        pub fn new() -> io::Result<Self> {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            let writer = TcpStream::connect(listener.local_addr()?)?;
            let (reader, from) = listener.accept()?;
            if from != writer.local_addr()? {
                return Err(io::Error::other("a stranger connected to the wake-up socket"));
            }
            writer.set_nodelay(true)?;
            writer.set_nonblocking(true)?;
            reader.set_nonblocking(true)?;
            Ok(Self { reader, writer })
        }

        pub fn raise(&self) {
            // It can fail only when the buffer is full, and then it is readable.
            let _ = (&self.writer).write(&[1]);
        }

        pub fn lower(&self) {
            let _ = (&self.reader).read(&mut [0; 64]);
        }

        #[cfg(unix)]
        pub fn descriptor(&self) -> i64 {
            use std::os::fd::AsRawFd;
            i64::from(self.reader.as_raw_fd())
        }

        #[cfg(windows)]
        pub fn descriptor(&self) -> i64 {
            use std::os::windows::io::AsRawSocket;
            self.reader.as_raw_socket() as i64
        }
    }
}
