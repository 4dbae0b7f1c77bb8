//! How a worker wakes an event loop: by something that the loop watches for reading.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

/// Readable for the loop from [`Wake::raise`] to [`Wake::lower`].
pub enum Wake {
    #[cfg(target_os = "linux")]
    EventFd(std::os::fd::OwnedFd),
    #[cfg(not(target_os = "linux"))]
    Watched { writer: TcpStream, reader: TcpStream },
    /// The reading end is the loop's own, and what it reads it takes away.
    Given { writer: TcpStream },
}

impl Wake {
    /// For a loop that can watch descriptors.
    pub fn watched() -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        {
            use rustix::event::{EventfdFlags, eventfd};
            Ok(Self::EventFd(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
        }
        #[cfg(not(target_os = "linux"))]
        {
            let (writer, reader) = connected()?;
            Ok(Self::Watched { writer, reader })
        }
    }

    /// For a loop that can only read sockets: the wake-up and the raw socket to read.
    pub fn given() -> io::Result<(Self, u64)> {
        let (writer, reader) = connected()?;
        Ok((Self::Given { writer }, into_raw(reader)))
    }

    pub fn raise(&self) {
        // A write can fail only when so many are unread that the loop wakes anyway.
        match self {
            #[cfg(target_os = "linux")]
            Self::EventFd(descriptor) => {
                let _ = rustix::io::write(descriptor, &1u64.to_ne_bytes());
            }
            #[cfg(not(target_os = "linux"))]
            Self::Watched { writer, .. } => {
                let _ = (&mut &*writer).write(&[1]);
            }
            Self::Given { writer } => {
                let _ = (&mut &*writer).write(&[1]);
            }
        }
    }

    pub fn lower(&self) {
        match self {
            #[cfg(target_os = "linux")]
            Self::EventFd(descriptor) => {
                let _ = rustix::io::read(descriptor, &mut [0; 8]);
            }
            #[cfg(not(target_os = "linux"))]
            Self::Watched { reader, .. } => {
                let _ = std::io::Read::read(&mut &*reader, &mut [0; 64]);
            }
            Self::Given { .. } => {}
        }
    }

    /// What the loop watches, if it is to watch a descriptor.
    pub fn descriptor(&self) -> Option<u64> {
        match self {
            #[cfg(target_os = "linux")]
            Self::EventFd(descriptor) => {
                Some(std::os::fd::AsRawFd::as_raw_fd(descriptor).unsigned_abs().into())
            }
            #[cfg(not(target_os = "linux"))]
            Self::Watched { reader, .. } => Some(as_raw(reader)),
            Self::Given { .. } => None,
        }
    }
}

/// Two ends of a connection within this process, neither of which blocks.
fn connected() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let writer = TcpStream::connect(listener.local_addr()?)?;
    let (reader, from) = listener.accept()?;
    if from != writer.local_addr()? {
        return Err(io::Error::other("somebody else connected to the loop's wake-up socket"));
    }
    writer.set_nodelay(true)?;
    writer.set_nonblocking(true)?;
    reader.set_nonblocking(true)?;
    Ok((writer, reader))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn as_raw(socket: &TcpStream) -> u64 {
    std::os::fd::AsRawFd::as_raw_fd(socket).unsigned_abs().into()
}

#[cfg(unix)]
fn into_raw(socket: TcpStream) -> u64 {
    std::os::fd::IntoRawFd::into_raw_fd(socket).unsigned_abs().into()
}

#[cfg(windows)]
fn as_raw(socket: &TcpStream) -> u64 {
    std::os::windows::io::AsRawSocket::as_raw_socket(socket)
}

#[cfg(windows)]
fn into_raw(socket: TcpStream) -> u64 {
    std::os::windows::io::IntoRawSocket::into_raw_socket(socket)
}
