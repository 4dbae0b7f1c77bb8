#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| aerospike_embedded_fuzz::frames(bytes));
