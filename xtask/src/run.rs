//! `cargo xtask run`: from a fresh clone to a demonstration in the browser.

use std::os::unix::process::CommandExt;

use anyhow::Result;

use crate::{
    setup::{self, Need},
    shell::{cargo, program, say, target_dir},
    spa,
};

const PORT: &str = "8080";

/// Sets up, builds what changed, and becomes the server, so that Ctrl+C reaches it alone.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let release = arguments.iter().any(|argument| argument == "--release");
    let passed_on = arguments.iter().filter(|argument| *argument != "--release");
    setup::setup(&[Need::Postgres, Need::Wasm, Need::Spa])?;
    say("building the server (the first time takes minutes)");
    // A demonstration is quick enough without optimised code, which takes three times as long to build.
    let profile = if release { "release" } else { "dev" };
    cargo(["build", "--bin", "mamis", "--profile", profile]).run()?;
    spa::build()?;
    let folder = if release { "release" } else { "debug" };
    say(format!("starting on http://localhost:{PORT} (Ctrl+C stops it)"));
    let error = program(target_dir().join(folder).join("mamis"), ["serve", "--demo", "--data-dir", "data"])
        .args(["--port", PORT, "--spa-dir", "frontend/dist"])
        .args(passed_on)
        .into_command()
        .exec();
    Err(error.into())
}
