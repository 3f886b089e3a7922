//! The browser's entry.

fn main() {
    mamis_frontend::start();
}
