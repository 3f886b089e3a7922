//! Benchmarks and the crash trial, run by cargo xtask.
fn main() {}
