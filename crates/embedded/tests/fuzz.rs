//! What fuzzers found worth keeping, and bounded changes of it, without a fuzzer.

#[path = "../fuzz/src/lib.rs"]
mod harness;
#[path = "support/noise.rs"]
mod noise;

use std::fs;
use std::path::Path;

use noise::Noise;

/// As many changes of each input are tried.
const CHANGES: u64 = 2;

/// An input with some bytes changed, left out or put in, or continued by a part of another.
fn change(noise: &mut Noise, input: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=noise.below(4) {
        let at = noise.below(bytes.len() + 1);
        match noise.below(4) {
            0 => bytes.insert(at, noise.next() as u8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => {
                bytes.truncate(at);
                bytes.extend(&other[noise.below(other.len() + 1)..]);
            }
            _ if at < bytes.len() => bytes[at] ^= 1 << noise.below(8),
            _ => bytes.push(noise.next() as u8),
        }
    }
    bytes
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
            let changed = change(&mut noise, input, other);
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
