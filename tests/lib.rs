//! One test binary for everything that spans crates; see `main.rs`.
