//! Developer commands: `cargo xtask run`, `cargo xtask test` and what they are made of.
//!
//! Every command first makes sure of what it needs (`setup`), says what it does, and shows the command that failed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its standard streams")]

mod bench;
mod fuzz;
mod gates;
mod journeys;
mod npm;
mod run;
mod server;
mod setup;
mod shell;
mod spa;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};
use setup::Need;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [--release] [ARGS…] set up, build, serve a demonstration on http://localhost:8080 (ARGS go to `mamis serve`)
  test [GATE…]           set up and run every gate, or only these; `test --list` names them
  setup [NEED…]          install what commands need: postgres wasm spa browser fuzz deny (default: all)
  spa                    build the front end into frontend/dist, precompressed
  bench [NAME…]          measure; one `bench NAME key=value …` line each
  crash [--rounds N]     kill the server while cases are decided, then look for lost or torn facts
  fuzz-api [--long]      run schemathesis over a running server
  openapi                write openapi/openapi.json anew
  authz-matrix           write docs/authz-matrix.md anew
  fmt                    format all code
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "run" => run::run(rest),
        "test" => gates::test(rest),
        "setup" => setup::setup_named(rest),
        "spa" => {
            setup::setup(&[Need::Wasm, Need::Spa])?;
            spa::build()
        }
        "bench" => bench::bench(rest),
        "crash" => bench::crash(rest),
        "fuzz-api" => fuzz::fuzz_api(rest),
        "openapi" => shell::cargo(["run", "--bin", "mamis", "--", "openapi", "--out", "openapi/openapi.json"]).run(),
        "authz-matrix" => {
            shell::cargo(["run", "--bin", "mamis", "--", "authz-matrix", "--out", "docs/authz-matrix.md"]).run()
        }
        "fmt" => shell::cargo(["fmt", "--all"]).run(),
        "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
