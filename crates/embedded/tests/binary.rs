//! The program: how it starts, what it says, how it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Program {
    fn start(options: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aerospike-embedded"))
            .args(["--port", "0"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").expect(&line).trim().to_owned();
        Program { child, stdout, address }
    }

    /// Waits for the end: whether it was one without error, and what else was printed.
    fn end(mut self) -> (bool, String) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().success(), rest)
    }
}

#[test]
fn it_says_where_it_listens_and_ends_on_a_signal() {
    for signal in ["TERM", "INT"] {
        let program = Program::start(&["--namespace", "one", "--namespace", "two"]);
        let _connection = TcpStream::connect(&program.address).unwrap();
        let id = program.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        assert_eq!(program.end(), (true, String::new()));
    }
}

#[test]
fn it_says_where_each_of_several_nodes_listens() {
    let options = ["--nodes", "3", "--control-port", "0", "--exit-with-stdin"];
    let mut program = Program::start(&options);
    let (nodes, control) = program.address.split_once("; control on ").unwrap();
    let addresses: Vec<_> = nodes.split(' ').chain([control]).collect();
    assert_eq!(addresses.len(), 4);
    for address in addresses {
        TcpStream::connect(address).unwrap();
    }
    drop(program.child.stdin.take());
    assert_eq!(program.end(), (true, String::new()));
}

#[test]
fn it_ends_with_its_standard_input_if_told_so() {
    let mut program = Program::start(&["--exit-with-stdin"]);
    TcpStream::connect(&program.address).unwrap();
    drop(program.child.stdin.take());
    assert_eq!(program.end(), (true, String::new()));
}

#[test]
fn it_says_what_is_wrong_with_its_options() {
    for (options, message) in [
        (&["--namespace", "a b"][..], "namespace \"a b\": not 1 to 31 bytes"),
        (&["--namespace", "a", "--namespace", "a"], "namespace \"a\" is given twice"),
        (&["--fault", "lost=2"], "fault lost=2: not a rate from 0 to 1"),
        (&["--fault", "refused=1"], "fault refused needs a result code"),
        (&["--port", "66000"], "66000"),
        (&["--nodes", "33"], "33 is not in 1..=32"),
        (&["--nodes", "2", "--racks", "1,2,3"], "--racks has 3 racks for 2 nodes"),
        (&["--port", "65535", "--nodes", "2"], "node 1 has no port left"),
        (&["--host", "203.0.113.1"], "aerospike-embedded: "),
    ] {
        let program = Command::new(env!("CARGO_BIN_EXE_aerospike-embedded"));
        let output = { program }.args(options).output().unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(message), "{text}");
    }
}
