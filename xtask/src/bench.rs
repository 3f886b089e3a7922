//! `cargo xtask bench` and `cargo xtask crash`: both live in `crates/bench`, beside what they measure.

use anyhow::Result;

use crate::{
    setup::{self, Need},
    shell::cargo,
    spa,
};

const BRIEF_ROUNDS: &str = "3";

/// Measures with optimised code. `bench spa` needs no server, so it is measured here.
pub(crate) fn bench(names: &[String]) -> Result<()> {
    let all = names.is_empty();
    if all || names.iter().any(|name| name == "spa") {
        setup::setup(&[Need::Wasm, Need::Spa])?;
        spa::build()?;
        print_spa_sizes()?;
    }
    let others: Vec<&String> = names.iter().filter(|name| *name != "spa").collect();
    if all || !others.is_empty() {
        setup::setup(&[Need::Postgres])?;
        cargo(["build", "--release", "--bin", "mamis"]).run()?;
        // By binary, not by package: so the workspace's features stay as they are in every other build.
        cargo(["run", "--release", "--bin", "mamis-bench", "--"]).args(others).run()?;
    }
    Ok(())
}

/// Kills servers while they decide cases. Optimised: it shows more interleavings in the same time.
pub(crate) fn crash(arguments: &[String]) -> Result<()> {
    setup::setup(&[Need::Postgres])?;
    cargo(["build", "--release", "--bin", "mamis"]).run()?;
    cargo(["run", "--release", "--bin", "mamis-bench", "--", "crash"]).args(arguments).run()
}

/// The short trial among the gates, with the build that the other gates made already.
pub(crate) fn crash_briefly() -> Result<()> {
    cargo(["build", "--bin", "mamis"]).run()?;
    cargo(["run", "--bin", "mamis-bench", "--", "crash", "--rounds", BRIEF_ROUNDS]).run()
}

/// One line, in the form of every benchmark.
pub(crate) fn print_spa_sizes() -> Result<()> {
    let sizes = spa::sizes()?;
    let kib = |bytes: u64| bytes.div_ceil(1024);
    println!("bench spa wasm_br_kib={} total_br_kib={} aim_total_br_kib=450", kib(sizes.wasm), kib(sizes.total));
    Ok(())
}
