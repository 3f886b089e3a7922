//! A compiler for `wasm32-unknown-unknown`.
//!
//! The ordinary way is `rustup target add`. Where rustup's server cannot be reached, Debian's own compiler builds the
//! standard library from its source package; the rest of the workspace stays with rustup's stable.

use std::{ffi::OsString, fs, path::Path, sync::OnceLock, time::Duration};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, program, say, target_dir, which};

const TARGET: &str = "wasm32-unknown-unknown";
/// rustup answers within seconds or, behind a closed network, never.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// How this machine compiles for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// The target of the toolchain that runs us.
    Rustup,
    /// Debian's rustc with its source, linked into rustup as `debian`.
    Debian,
}

/// Debian packages that the route lacks.
pub(crate) fn missing_packages() -> Result<Vec<String>> {
    if route() == Route::Rustup || (has_debian_compiler() && linker().is_some()) {
        return Ok(Vec::new());
    }
    let lld = newest_lld_package().unwrap_or_else(|| "lld".to_owned());
    Ok(["rustc-web", "cargo-web", "rust-web-src"].map(str::to_owned).into_iter().chain([lld]).collect())
}

/// Finishes the route after its packages are installed.
pub(crate) fn prepare() -> Result<()> {
    if route() == Route::Rustup {
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!("no compiler for {TARGET}: install rustup (https://rustup.rs), or the target's standard library");
    }
    let linked = program("rustup", ["toolchain", "list"]).read()?;
    if !linked.lines().any(|line| line.split_whitespace().next() == Some("debian")) {
        say("linking Debian's Rust as the toolchain `debian`");
        program("rustup", ["toolchain", "link", "debian", "/usr"]).run()?;
    }
    Ok(())
}

/// The environment for compiling the front end. The host's builds keep their own folder and flags.
pub(crate) fn environment() -> Result<Vec<(String, OsString)>> {
    let mut variables = vec![("CARGO_TARGET_DIR".to_owned(), target_dir().join("wasm").into_os_string())];
    if route() == Route::Debian {
        let linker = linker().context("no wasm-ld; run: cargo xtask setup wasm")?;
        let linker_variable = format!("CARGO_TARGET_{}_LINKER", TARGET.replace('-', "_").to_uppercase());
        for (name, value) in [
            ("RUSTUP_TOOLCHAIN", "debian"),
            ("RUSTC_BOOTSTRAP", "1"),
            ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
            (&linker_variable, &linker),
        ] {
            variables.push((name.to_owned(), value.into()));
        }
    }
    Ok(variables)
}

/// Downloads the crates for this machine and for the browser, of the standard library too where that is built.
pub(crate) fn fetch_crates() -> Result<()> {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    cargo(["fetch", "--quiet", "--target", TARGET, "--target", &host]).envs(&environment()?).run()
}

/// Looks once per command. `MAMIS_WASM_ROUTE=debian` skips rustup, to try that route where both work.
fn route() -> Route {
    static ROUTE: OnceLock<Route> = OnceLock::new();
    *ROUTE.get_or_init(|| {
        if std::env::var_os("MAMIS_WASM_ROUTE").is_some_and(|route| route == "debian") {
            return Route::Debian;
        }
        if has_target() {
            return Route::Rustup;
        }
        if which("rustup").is_some() {
            say(format!("adding the target {TARGET} with rustup"));
            if program("rustup", ["target", "add", TARGET]).succeeds_within(RUSTUP_LIMIT) && has_target() {
                return Route::Rustup;
            }
            say("rustup cannot; Debian's compiler builds the standard library instead");
        }
        Route::Debian
    })
}

fn has_target() -> bool {
    let folder = program("rustc", ["--print", "target-libdir", "--target", TARGET]).read();
    folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn has_debian_compiler() -> bool {
    let source = program("/usr/bin/rustc", ["--print", "sysroot"]).read();
    source.is_ok_and(|sysroot| Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").exists())
}

/// The newest `wasm-ld`, by its name in `/usr/bin`.
fn linker() -> Option<String> {
    let names = fs::read_dir("/usr/bin").ok()?.flatten().filter_map(|file| file.file_name().into_string().ok());
    let versions = names.filter_map(|name| name.strip_prefix("wasm-ld-")?.parse::<u32>().ok());
    let newest = versions.max().map(|version| format!("wasm-ld-{version}"));
    newest.or_else(|| which("wasm-ld").map(|_| "wasm-ld".to_owned()))
}

/// The newest `lld-NN` of the package lists: it must not be older than the compiler's LLVM.
fn newest_lld_package() -> Option<String> {
    let names = program("apt-cache", ["search", "--names-only", "^lld-[0-9]+$"]).read().ok()?;
    let versions = names.lines().filter_map(|line| line.split(' ').next()?.strip_prefix("lld-")?.parse::<u32>().ok());
    versions.max().map(|version| format!("lld-{version}"))
}
