//! What fuzzers found worth keeping, and bounded changes of it, without a fuzzer.

#[path = "../fuzz/src/lib.rs"]
mod harness;

use std::fs;
use std::path::Path;

/// As many changes of each input are tried.
const CHANGES: u64 = 2;

/// Numbers without end, the same each time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    /// An input with some bytes changed, left out or put in, or continued by a part of another.
    fn change(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(4) {
                0 => bytes.insert(at, self.next() as u8),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => {
                    bytes.truncate(at);
                    bytes.extend(&other[self.below(other.len() + 1)..]);
                }
                _ if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                _ => bytes.push(self.next() as u8),
            }
        }
        bytes
    }
}

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.collect();
    files.sort();
    assert!(files.len() > 20, "{} files", files.len());
    let inputs: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for (file, input) in files.iter().zip(&inputs) {
        println!("{}", file.display());
        run(input);
    }
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for input in &inputs {
        for _ in 0..CHANGES {
            let other = &inputs[noise.below(inputs.len())];
            let changed = noise.change(input, other);
            println!("{changed:02x?}");
            run(&changed);
        }
    }
}

#[test]
fn frames_of_the_corpus_and_changes_of_them_are_answered() {
    replay("frames", harness::frames);
}

#[test]
fn commands_of_the_corpus_and_changes_of_them_leave_nothing_behind() {
    replay("commands", harness::commands);
}
