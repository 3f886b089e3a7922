//! `cargo xtask test`: every gate, in the order a person would look, each with its seconds; the first failure ends it.

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{
    bench, fuzz, journeys, setup,
    shell::{cargo, say},
    spa, wasm,
};

/// A gate: its name, and what it does.
type Gate = (&'static str, fn() -> Result<()>);

const GATES: &[Gate] = &[
    ("setup", || setup::setup_named(&[]).and_then(|()| wasm::fetch_crates())),
    ("fmt", || cargo(["fmt", "--all", "--check"]).run()),
    ("clippy", || cargo(["clippy", "--all-targets", "--", "-D", "warnings"]).run()),
    ("clippy-frontend", || {
        cargo(["clippy", "--package", "mamis-frontend", "--all-targets", "--", "-D", "warnings"]).run()
    }),
    ("tests", || cargo(["test", "--workspace", "--exclude", "mamis-frontend", "--", "--skip", "journeys::"]).run()),
    ("tests-frontend", || cargo(["test", "--package", "mamis-frontend"]).run()),
    ("wasm-check", || {
        let check = ["check", "--package", "mamis-kernel", "--package", "mamis-contract"];
        cargo(check).args(["--target", "wasm32-unknown-unknown"]).envs(&wasm::environment()?).run()
    }),
    ("rustdoc", || cargo(["doc", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings").run()),
    ("spa", spa::build),
    ("spa-size", bench::print_spa_sizes),
    ("journeys", journeys::run),
    ("fuzz-api", || fuzz::fuzz_api(&[])),
    ("crash", bench::crash_briefly),
    ("deny", deny),
];

/// Runs all gates, or those named.
pub(crate) fn test(names: &[String]) -> Result<()> {
    if names.iter().any(|name| name == "--list") {
        GATES.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(());
    }
    let known = |name: &String| GATES.iter().any(|(gate, _)| gate == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        bail!("there is no gate `{unknown}`; `cargo xtask test --list` names them");
    }
    let since = Instant::now();
    let chosen = |gate: &&Gate| names.is_empty() || names.iter().any(|name| name == gate.0);
    let chosen: Vec<&Gate> = GATES.iter().filter(chosen).collect();
    for (number, (name, gate)) in chosen.iter().enumerate() {
        say(format!("gate {name} ({} of {})", number + 1, chosen.len()));
        let started = Instant::now();
        gate().with_context(|| format!("gate {name} failed; try again with: cargo xtask test {name}"))?;
        println!("gate {name} seconds={}", started.elapsed().as_secs());
    }
    println!("all {} gates are green, seconds={}", chosen.len(), since.elapsed().as_secs());
    Ok(())
}

/// Licences, sources and banned crates from what is at hand; known vulnerabilities where their list can be fetched.
fn deny() -> Result<()> {
    let tool = [setup::cargo_deny()?];
    cargo(["deny", "check", "bans", "licenses", "sources"]).path_first(&tool).run()?;
    if cargo(["deny", "fetch", "db"]).path_first(&tool).succeeds_within(std::time::Duration::from_secs(60)) {
        return cargo(["deny", "--offline", "check", "advisories"]).path_first(&tool).run();
    }
    say("the list of known vulnerabilities cannot be fetched from here: not checked");
    Ok(())
}
