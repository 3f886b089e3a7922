//! Benchmarks and the crash trial, run by `cargo xtask bench [NAME…]` and `cargo xtask crash [--rounds N]`.
//!
//! Both treat MAMIS as its users do: the built program as a child process, spoken to over HTTP. What they find in the
//! database they read with SQL of their own, so that a mistake of the product is not repeated by its judge. Every run has
//! a private PostgreSQL under `target/bench-data`, as durable as in production. docs/benchmarks.md explains each line.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its standard streams")]

mod cases;
mod crash;
mod ground;
mod http;
mod letters;
mod load;
mod login;
mod members;
mod person_read;
mod reference;
mod report;
mod roster;
mod server;
mod stage;
mod startup;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use ground::Ground;

/// In the order of `cargo xtask bench`: what only loads comes first, what needs a large database last.
const BENCHES: &[&str] =
    &["letters", "startup", "reference_import", "roster_import", "person_read", "cases", "login", "members"];

/// Other names under which a benchmark prints: what is filed is then decided, and what signs in disturbs who reads.
const HALVES: &[(&str, &str)] = &[
    ("case_submit", "cases"),
    ("case_decide", "cases"),
    ("login_isolation", "login"),
    ("person_search", "members"),
    ("list_deep", "members"),
    ("export_csv", "members"),
    ("growth", "members"),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // One thread: what drives the load must not take the cores from what is measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.context("starting").and_then(|runtime| runtime.block_on(run(&arguments)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nmamis-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<()> {
    if let [first, rest @ ..] = arguments
        && first == "crash"
    {
        return crash::run(&crash::Options::read(rest)?).await;
    }
    for name in arguments {
        let known = BENCHES.contains(&name.as_str()) || HALVES.iter().any(|(half, _)| half == name);
        if !known {
            bail!("there is no benchmark `{name}`; there are: spa {}", BENCHES.join(" "));
        }
    }
    let asked = |name: &str| {
        let half_of = |asked: &str| HALVES.iter().any(|(half, whole)| *half == asked && *whole == name);
        arguments.is_empty() || arguments.iter().any(|asked| asked == name || half_of(asked))
    };
    if asked("letters") {
        letters::run().context("bench letters")?;
    }
    if !arguments.is_empty() && arguments.iter().all(|name| name == "letters") {
        return Ok(());
    }
    let ground = Ground::open().await?;
    for name in BENCHES.iter().filter(|name| **name != "letters" && asked(name)) {
        let done = match *name {
            "startup" => startup::run(&ground).await,
            "reference_import" => reference::run(&ground).await,
            "roster_import" => roster::run(&ground).await,
            "person_read" => person_read::run(&ground).await,
            "login" => login::run(&ground).await,
            "members" => members::run(&ground).await,
            _ => cases::run(&ground).await,
        };
        done.with_context(|| format!("bench {name}"))?;
    }
    Ok(())
}
