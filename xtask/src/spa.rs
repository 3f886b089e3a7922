//! Builds the front end with Trunk into `frontend/dist` and writes a brotli and a gzip file beside each file.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    npm, setup,
    shell::{cargo, program, root, say, target_dir},
    wasm,
};

/// Compressing a smaller file saves less than one packet.
const WORTH_COMPRESSING: usize = 256;
const COMPRESSIBLE: &[&str] = &["html", "css", "js", "wasm", "json", "svg", "txt", "webmanifest", "ttf", "xml"];

/// Bytes of the front end as a browser fetches them with brotli.
#[derive(Debug, Default)]
pub(crate) struct Sizes {
    pub(crate) wasm: u64,
    pub(crate) total: u64,
}

/// Builds the front end unless its inputs are those of the last build.
pub(crate) fn build() -> Result<()> {
    let stamp = target_dir().join("spa.stamp");
    let inputs = inputs_hash()?;
    if fs::read_to_string(&stamp).is_ok_and(|built| built == format!("{inputs} {}", index_hash())) {
        say("the front end is up to date");
        return Ok(());
    }
    say("building the front end (the first time takes minutes)");
    let tools = [setup::trunk()?, setup::wasm_bindgen()?, npm::bin_dir()];
    // Trunk runs offline, lest it download tools of its own choice; the crates have to be there before.
    wasm::fetch_crates()?;
    // Trunk refuses the value 1 that many terminals and services set.
    program("trunk", ["build", "--release", "--offline"])
        .dir(root().join("frontend"))
        .envs(&wasm::environment()?)
        .env("NO_COLOR", "true")
        .path_first(&tools)
        .run()?;
    precompress(&dist())?;
    fs::create_dir_all(target_dir())?;
    fs::write(stamp, format!("{inputs} {}", index_hash())).context("noting the build")?;
    let sizes = sizes()?;
    say(format!(
        "front end: wasm {} KiB, total {} KiB (brotli)",
        sizes.wasm.div_ceil(1024),
        sizes.total.div_ceil(1024)
    ));
    Ok(())
}

/// Where the built front end is.
pub(crate) fn dist() -> PathBuf {
    root().join("frontend/dist")
}

/// What a first visit fetches: every file of `dist`, compressed where it is.
pub(crate) fn sizes() -> Result<Sizes> {
    let mut sizes = Sizes::default();
    for file in files_below(&dist())? {
        if has_extension(&file, &["br", "gz"]) {
            continue;
        }
        let compressed = with_suffix(&file, "br");
        let fetched = if compressed.exists() { &compressed } else { &file };
        let bytes = fetched.metadata()?.len();
        sizes.total += bytes;
        if has_extension(&file, &["wasm"]) {
            sizes.wasm += bytes;
        }
    }
    Ok(sizes)
}

/// A short name for these bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn precompress(dist: &Path) -> Result<()> {
    for file in files_below(dist)? {
        let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        if bytes.len() < WORTH_COMPRESSING || !has_extension(&file, COMPRESSIBLE) {
            continue;
        }
        fs::write(with_suffix(&file, "br"), brotli(&bytes)?)?;
        fs::write(with_suffix(&file, "gz"), gzip(&bytes)?)?;
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Everything that the built files depend on: sources, resolved dependencies, and how we build.
fn inputs_hash() -> Result<String> {
    let mut hasher = Sha256::new();
    let mut files = Vec::new();
    for folder in ["frontend", "crates/kernel", "crates/contract", "xtask/src"] {
        files.extend(files_below(&root().join(folder))?);
    }
    files.extend([root().join("Cargo.toml"), root().join(".cargo/config.toml")]);
    files.sort();
    for file in files {
        hasher.update(file.strip_prefix(root()).unwrap_or(&file).to_string_lossy().as_bytes());
        hasher.update(Sha256::digest(fs::read(&file).with_context(|| format!("reading {}", file.display()))?));
    }
    // Not Cargo.lock itself: the server's dependencies change more often than the front end's.
    let tree = ["tree", "-p", "mamis-frontend", "-e", "normal,build", "--prefix", "none", "--format", "{p} {f}"];
    hasher.update(cargo(tree).read()?);
    Ok(hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// A build by hand changes the page and with it this hash.
fn index_hash() -> String {
    fs::read(dist().join("index.html")).map(|page| hash_of(&page)).unwrap_or_default()
}

/// All files below a folder but generated ones.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if !["node_modules", "dist", "target"].iter().any(|generated| entry.file_name() == *generated) {
                found.extend(files_below(&path)?);
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().is_some_and(|e| extensions.iter().any(|known| e == *known))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}
