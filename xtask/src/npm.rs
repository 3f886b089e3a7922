//! The front end's npm packages: wasm-opt, design tokens, axe.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    shell::{program, root, say},
    spa::hash_of,
};

/// Installs exactly what `package-lock.json` says, when it changed.
pub(crate) fn install() -> Result<()> {
    let frontend = root().join("frontend");
    let wanted = hash_of(&fs::read(frontend.join("package-lock.json")).context("reading frontend/package-lock.json")?);
    let stamp = frontend.join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the front end's npm packages");
    program("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).dir(&frontend).run()?;
    fs::write(stamp, wanted).context("noting the installed packages")
}

/// Where the packages' programs are.
pub(crate) fn bin_dir() -> PathBuf {
    root().join("frontend/node_modules/.bin")
}
