//! The browser journeys of `tests/journeys`, in Debian's Chromium against the built front end.

use anyhow::Result;

use crate::{shell::cargo, spa};

/// Runs them one after the other: two browsers on two cores make each other slow enough to fail.
pub(crate) fn run() -> Result<()> {
    cargo(["test", "--test", "all", "--", "journeys::", "--test-threads=1"]).env("MAMIS_SPA_DIR", spa::dist()).run()
}
