//! The binary: command line, configuration, the private PostgreSQL, wiring.
fn main() {}
