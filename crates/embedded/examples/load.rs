//! Measures servers of the protocol side by side, in turns: how fast they answer reads of single
//! records, what processor time that takes them, and what memory the records take.
//!
//!     cargo run --release --example load -- --records 100000 127.0.0.1:3000=PID 127.0.0.1:3100=PID
//!
//! The process number of a server tells where to look for its time and memory.

use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use ripemd::{Digest, Ripemd160};

/// Writes records to servers, reads them, and compares.
#[derive(Debug, Parser)]
struct Options {
    /// Servers, each with the number of its process; the first is compared with the others
    #[arg(required = true, value_name = "ADDRESS=PID")]
    servers: Vec<String>,
    /// Records, each with an integer and a string of ten bytes
    #[arg(long, default_value_t = 100_000)]
    records: usize,
    /// Connections, shared by two threads
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Seconds of a round
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Rounds; 0 measures the memory alone
    #[arg(long, default_value_t = 15)]
    rounds: usize,
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

struct Server {
    address: String,
    process: String,
    rates: Vec<f64>,
    costs: Vec<f64>,
}

impl Server {
    fn parse(text: &str) -> Outcome<Server> {
        let (address, process) = text.split_once('=').ok_or("a server is ADDRESS=PID")?;
        let (address, process) = (address.to_owned(), process.to_owned());
        Ok(Server { address, process, rates: vec![], costs: vec![] })
    }

    fn connect(&self) -> Outcome<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Seconds of processor time so far.
    fn time(&self) -> Outcome<f64> {
        const TICKS: f64 = 100.0;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process))?;
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS)
    }

    fn resident_bytes(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
        Ok(number.parse::<u64>()? * 1024)
    }

    fn write(&self, records: usize) -> Outcome<()> {
        const AT_ONCE: usize = 500;
        let mut stream = self.connect()?;
        for first in (0..records).step_by(AT_ONCE) {
            let numbers = first..(first + AT_ONCE).min(records);
            let frames: Vec<u8> = numbers.clone().flat_map(put).collect();
            stream.write_all(&frames)?;
            for _ in numbers {
                check(&mut stream)?;
            }
        }
        Ok(())
    }

    /// Reads for a while; notes how many reads there were a second, and what one cost.
    fn measure(&mut self, options: &Options, gets: &[Vec<u8>]) -> Outcome<()> {
        const THREADS: usize = 2;
        let (over, count) = (AtomicBool::new(false), AtomicU64::new(0));
        let streams =
            (0..options.connections).map(|_| self.connect()).collect::<Outcome<Vec<_>>>()?;
        let mut shares: Vec<Vec<TcpStream>> = (0..THREADS).map(|_| vec![]).collect();
        for (number, stream) in streams.into_iter().enumerate() {
            shares[number % THREADS].push(stream);
        }
        let (time, started) = (self.time()?, Instant::now());
        thread::scope(|scope| {
            let threads: Vec<_> = shares
                .into_iter()
                .enumerate()
                .map(|(number, share)| {
                    let (over, count) = (&over, &count);
                    scope.spawn(move || read(share, gets, number * gets.len() / 2, over, count))
                })
                .collect();
            thread::sleep(Duration::from_secs_f64(options.seconds));
            over.store(true, Ordering::Relaxed);
            threads.into_iter().try_for_each(|thread| thread.join().expect("a thread"))
        })?;
        let count = count.into_inner() as f64;
        self.rates.push(count / started.elapsed().as_secs_f64());
        self.costs.push((self.time()? - time) * 1e6 / count);
        Ok(())
    }
}

/// Sends a read on each connection, then takes all the replies, and again.
fn read(
    mut streams: Vec<TcpStream>,
    gets: &[Vec<u8>],
    first: usize,
    over: &AtomicBool,
    count: &AtomicU64,
) -> Outcome<()> {
    let mut next = first;
    while !over.load(Ordering::Relaxed) {
        for stream in &mut streams {
            // Steps that have no factor in common with the number of records come to all of them.
            next = (next + 7919) % gets.len();
            stream.write_all(&gets[next])?;
        }
        for stream in &mut streams {
            check(stream)?;
        }
        count.fetch_add(streams.len() as u64, Ordering::Relaxed);
    }
    Ok(())
}

/// Takes a reply, which must be one without a failure.
fn check(stream: &mut TcpStream) -> Outcome<()> {
    let mut buffer = [0; 512];
    let mut size = 0;
    loop {
        if let Some(header) = buffer[..size].first_chunk::<8>() {
            let whole = 8 + (u64::from_be_bytes(*header) & 0xffff_ffff_ffff) as usize;
            if size > whole || whole > buffer.len() {
                return Err("a reply is too long".into());
            }
            if size == whole {
                let code = buffer[8 + 5];
                return if code == 0 { Ok(()) } else { Err(format!("result code {code}").into()) };
            }
            let got = stream.read(&mut buffer[size..whole])?;
            size += got;
            if got == 0 {
                return Err("the server left".into());
            }
        } else {
            // A whole reply, mostly: there is no other on the way but when records are written.
            let end = if size == 0 { 8 } else { buffer.len() };
            let got = stream.read(&mut buffer[size..end])?;
            size += got;
            if got == 0 {
                return Err("the server left".into());
            }
        }
    }
}

fn message(number: usize, info: [u8; 3], ops: &[Vec<u8>]) -> Vec<u8> {
    const SET: &[u8] = b"load";
    const INTEGER: u8 = 1;
    let digest = Ripemd160::new()
        .chain_update(SET)
        .chain_update([INTEGER])
        .chain_update((number as u64).to_be_bytes())
        .finalize();
    let mut body = vec![22, info[0], info[1], info[2], 0, 0];
    body.extend([0; 8]);
    body.extend(1000u32.to_be_bytes());
    body.extend(3u16.to_be_bytes());
    body.extend((ops.len() as u16).to_be_bytes());
    for (kind, value) in [(0, &b"test"[..]), (1, SET), (4, &digest)] {
        body.extend((value.len() as u32 + 1).to_be_bytes());
        body.push(kind);
        body.extend(value);
    }
    ops.iter().for_each(|op| body.extend(op));
    let mut frame = (body.len() as u64 | 2 << 56 | 3 << 48).to_be_bytes().to_vec();
    frame.extend(body);
    frame
}

fn put(number: usize) -> Vec<u8> {
    let op = |kind: u8, name: &[u8], value: &[u8]| {
        let mut op = ((4 + name.len() + value.len()) as u32).to_be_bytes().to_vec();
        op.extend([2, kind, 0, name.len() as u8]);
        op.extend(name);
        op.extend(value);
        op
    };
    let text = format!("{number:010}");
    let ops = [op(1, b"n", &(number as u64).to_be_bytes()), op(3, b"s", text.as_bytes())];
    message(number, [0, 1, 0], &ops)
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let mut servers =
        options.servers.iter().map(|text| Server::parse(text)).collect::<Outcome<Vec<_>>>()?;
    for server in &servers {
        let before = server.resident_bytes()?;
        server.write(options.records)?;
        let after = server.resident_bytes()?;
        let each = after.saturating_sub(before) as f64 / options.records as f64;
        let mib = after / (1024 * 1024);
        println!("{}: {mib} MiB, {each:.1} bytes a record", server.address);
    }
    let gets: Vec<_> =
        (0..options.records.min(1_000_000)).map(|n| message(n, [3, 0, 0], &[])).collect();
    for round in 0..options.rounds {
        let count = servers.len();
        for turn in 0..count {
            servers[(round + turn) % count].measure(&options, &gets)?;
        }
    }
    if options.rounds == 0 {
        return Ok(());
    }
    let (first, others) = servers.split_first().expect("a server");
    println!(
        "{}: {:.0} gets/s, {:.2} us each",
        first.address,
        median(&first.rates),
        median(&first.costs)
    );
    for other in others {
        let ratios = |ours: &[f64], theirs: &[f64]| {
            median(&ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
        };
        println!(
            "{}: {:.0} gets/s, {:.2} us each; rate ratio {:.2}, time ratio {:.2}",
            other.address,
            median(&other.rates),
            median(&other.costs),
            ratios(&first.rates, &other.rates),
            ratios(&first.costs, &other.costs),
        );
    }
    Ok(())
}
