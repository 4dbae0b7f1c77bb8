//! A server in this process, and a connection that speaks the protocol to it byte by byte.

#![allow(dead_code, reason = "each test crate uses its part")]

pub mod cluster;
pub mod transaction;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use aerospike_embedded::{Config, Server};
use ripemd::{Digest, Ripemd160};
use tokio::runtime::Runtime;

/// A server that lives as long as this value.
pub struct Embedded {
    pub address: SocketAddr,
    /// Those of all nodes.
    pub addresses: Vec<SocketAddr>,
    /// Where commands on the cluster are taken.
    pub control: Option<SocketAddr>,
    _runtime: Runtime,
}

impl Embedded {
    pub fn start() -> Embedded {
        Embedded::with_namespaces(&["test", "bar"])
    }

    pub fn with_namespaces(names: &[&str]) -> Embedded {
        let namespaces = names.iter().map(|&name| name.to_owned()).collect();
        Embedded::with(Config { namespaces, ..Config::default() })
    }

    pub fn with(config: Config) -> Embedded {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::bind(config)).unwrap();
        let (address, control) = (server.address(), server.control_address());
        let addresses = server.addresses().to_vec();
        runtime.spawn(server.run());
        Embedded { address, addresses, control, _runtime: runtime }
    }

    pub fn connect(&self) -> Connection {
        Connection::to(self.address)
    }
}

/// A connection to the server.
pub struct Connection {
    pub stream: TcpStream,
}

impl Connection {
    pub fn to(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream }
    }

    /// Sends a whole frame and reads one: its type and body. `None` if the server closed.
    pub fn exchange(&mut self, frame: &[u8]) -> Option<(u8, Vec<u8>)> {
        // The server may have closed before it read everything.
        let _ = self.stream.write_all(frame);
        self.receive()
    }

    pub fn receive(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut header = [0; 8];
        self.stream.read_exact(&mut header).ok()?;
        assert_eq!(header[0], 2, "version of a reply");
        let mut size = [0; 8];
        size[2..].copy_from_slice(&header[2..]);
        let mut body = vec![0; u64::from_be_bytes(size) as usize];
        self.stream.read_exact(&mut body).unwrap();
        Some((header[1], body))
    }

    pub fn call(&mut self, request: &Request) -> Reply {
        let (kind, body) = self.exchange(&request.frame()).expect("a reply");
        assert_eq!(kind, 3, "type of a reply");
        Reply::parse(&body)
    }

    /// Sends one info command; the answer is what follows the tab.
    pub fn info(&mut self, command: &str) -> String {
        let (kind, body) = self.exchange(&frame(1, format!("{command}\n").as_bytes())).unwrap();
        assert_eq!(kind, 1);
        let text = String::from_utf8(body).unwrap();
        let answer = text.strip_prefix(command).and_then(|rest| rest.strip_prefix('\t'));
        answer.and_then(|rest| rest.strip_suffix('\n')).expect(&text).to_owned()
    }
}

pub fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = (body.len() as u64).to_be_bytes().to_vec();
    frame[0] = 2;
    frame[1] = kind;
    frame.extend_from_slice(body);
    frame
}

/// A user key: its particle type and bytes.
#[derive(Clone, Debug)]
pub struct Key {
    pub namespace: String,
    pub set: String,
    pub kind: u8,
    pub value: Vec<u8>,
}

impl Key {
    pub fn string(name: &str) -> Key {
        Key {
            namespace: "test".into(),
            set: "golden".into(),
            kind: 3,
            value: name.as_bytes().to_vec(),
        }
    }

    pub fn digest(&self) -> Vec<u8> {
        let mut hasher = Ripemd160::new();
        hasher.update(&self.set);
        hasher.update([self.kind]);
        hasher.update(&self.value);
        hasher.finalize().to_vec()
    }
}

/// A message in the making.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub info: [u8; 4],
    pub generation: u32,
    pub ttl: u32,
    pub fields: Vec<(u8, Vec<u8>)>,
    pub ops: Vec<Op>,
}

#[derive(Clone, Debug)]
pub struct Op {
    pub code: u8,
    pub kind: u8,
    pub name: String,
    pub value: Vec<u8>,
}

impl Request {
    pub fn new(key: &Key, info: [u8; 3]) -> Request {
        let fields = vec![
            (0, key.namespace.clone().into_bytes()),
            (1, key.set.clone().into_bytes()),
            (4, key.digest()),
        ];
        Request { info: [info[0], info[1], info[2], 0], fields, ..Request::default() }
    }

    pub fn get(key: &Key) -> Request {
        Request::new(key, [3, 0, 0])
    }

    pub fn delete(key: &Key) -> Request {
        Request::new(key, [0, 3, 0])
    }

    pub fn op(mut self, code: u8, name: &str, kind: u8, value: &[u8]) -> Request {
        self.ops.push(Op { code, kind, name: name.into(), value: value.to_vec() });
        self
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = vec![22, self.info[0], self.info[1], self.info[2], self.info[3], 0];
        body.extend_from_slice(&self.generation.to_be_bytes());
        body.extend_from_slice(&self.ttl.to_be_bytes());
        body.extend_from_slice(&1000u32.to_be_bytes());
        body.extend_from_slice(&(self.fields.len() as u16).to_be_bytes());
        body.extend_from_slice(&(self.ops.len() as u16).to_be_bytes());
        for (kind, value) in &self.fields {
            body.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
            body.push(*kind);
            body.extend_from_slice(value);
        }
        for op in &self.ops {
            let size = 4 + op.name.len() + op.value.len();
            body.extend_from_slice(&(size as u32).to_be_bytes());
            body.extend_from_slice(&[op.code, op.kind, 0, op.name.len() as u8]);
            body.extend_from_slice(op.name.as_bytes());
            body.extend_from_slice(&op.value);
        }
        body
    }

    pub fn frame(&self) -> Vec<u8> {
        frame(3, &self.body())
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub code: u8,
    pub info3: u8,
    pub generation: u32,
    pub void_time: u32,
    /// Type and value of each field.
    pub fields: Vec<(u8, Vec<u8>)>,
    /// Name, particle type and bytes of each entry.
    pub entries: Vec<(String, u8, Vec<u8>)>,
}

impl Reply {
    pub fn field(&self, kind: u8) -> Option<Vec<u8>> {
        self.fields.iter().find(|(known, _)| *known == kind).map(|(_, value)| value.clone())
    }

    pub fn parse(body: &[u8]) -> Reply {
        let mut replies = Reply::parse_all(body);
        assert_eq!(replies.len(), 1, "messages in a frame");
        replies.remove(0).1
    }

    /// The messages in a frame, each with the number of the row of a batch that it answers.
    pub fn parse_all(body: &[u8]) -> Vec<(u32, Reply)> {
        let word = |at: usize| u32::from_be_bytes(body[at..at + 4].try_into().unwrap());
        let half = |at: usize| u16::from_be_bytes(body[at..at + 2].try_into().unwrap());
        let mut replies = Vec::new();
        let mut start = 0;
        while start < body.len() {
            assert_eq!(body[start], 22, "header size");
            let (mut fields, mut entries) = (Vec::new(), Vec::new());
            let mut at = start + 22;
            for _ in 0..half(start + 18) {
                let end = at + 4 + word(at) as usize;
                fields.push((body[at + 4], body[at + 5..end].to_vec()));
                at = end;
            }
            for _ in 0..half(start + 20) {
                let end = at + 4 + word(at) as usize;
                let name_end = at + 8 + usize::from(body[at + 7]);
                let name = String::from_utf8_lossy(&body[at + 8..name_end]).into_owned();
                entries.push((name, body[at + 5], body[name_end..end].to_vec()));
                at = end;
            }
            let reply = Reply {
                code: body[start + 5],
                info3: body[start + 3],
                generation: word(start + 6),
                void_time: word(start + 10),
                fields,
                entries,
            };
            replies.push((word(start + 14), reply));
            start = at;
        }
        replies
    }
}
