//! Migrations are compiled in, and a new folder among them is nothing the compiler notices by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
