#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

//! Migrations are compiled in, and a new folder among them is nothing the compiler notices by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
