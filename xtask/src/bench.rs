//! `cargo xtask bench` and `cargo xtask crash`: both live in `crates/bench`, beside what they measure.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    setup::{self, Need},
    shell::cargo,
    spa,
};

const BRIEF_ROUNDS: &str = "4";
/// What a first visit may fetch.
const SPA_AIM_KIB: u64 = 450;
const FONTS: [&str; 4] = ["woff2", "woff", "ttf", "otf"];

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
        // By binary, not by package: so the workspace's features stay as they are in every other build.
        cargo(["build", "--release", "--bin", "mamis", "--bin", "mamis-bench"]).run()?;
        cargo(["run", "--release", "--bin", "mamis-bench", "--"]).args(others).run()?;
    }
    Ok(())
}

/// Kills servers while they decide cases. Optimised: it shows more interleavings in the same time.
pub(crate) fn crash(arguments: &[String]) -> Result<()> {
    setup::setup(&[Need::Postgres])?;
    cargo(["build", "--release", "--bin", "mamis", "--bin", "mamis-bench"]).run()?;
    cargo(["run", "--release", "--bin", "mamis-bench", "--", "crash"]).args(arguments).run()
}

/// The short trial among the gates, with the build that the other gates made already.
pub(crate) fn crash_briefly() -> Result<()> {
    cargo(["build", "--bin", "mamis"]).run()?;
    cargo(["run", "--bin", "mamis-bench", "--", "crash", "--rounds", BRIEF_ROUNDS]).run()
}

/// One line, in the form of every benchmark. Fonts stand apart: most readers have their own and fetch none.
pub(crate) fn print_spa_sizes() -> Result<()> {
    let sizes = spa::sizes()?;
    let (mut fonts, mut files) = (0, 0);
    for_each_file(&spa::dist(), &mut |path, bytes| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension {
            "br" | "gz" => {}
            _ if FONTS.contains(&extension) => {
                let compressed = path.with_extension(format!("{extension}.br")).metadata();
                fonts += compressed.map_or(bytes, |found| found.len());
            }
            _ => files += 1,
        }
    })?;
    let kib = |bytes: u64| bytes.div_ceil(1024);
    let total = kib(sizes.total.saturating_sub(fonts));
    println!(
        "bench spa wasm_br_kib={} total_br_kib={total} fonts_kib={} aim_total_br_kib=<={SPA_AIM_KIB} aim={} files={files}",
        kib(sizes.wasm),
        kib(fonts),
        if total <= SPA_AIM_KIB { "met" } else { "missed" },
    );
    Ok(())
}

fn for_each_file(folder: &Path, visit: &mut impl FnMut(&Path, u64)) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            for_each_file(&entry.path(), visit)?;
        } else {
            visit(&entry.path(), entry.metadata()?.len());
        }
    }
    Ok(())
}
