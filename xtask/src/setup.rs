//! Makes sure of what a command needs: Debian packages, Rust tools, npm packages.
//!
//! Tools that we build ourselves lie by version outside the clone, in `$MAMIS_TOOLS_DIR`, by default
//! `~/.cache/mamis-tools/<tool>-<version>`, so that they are built once per machine. See docs/adr/0002-developer-tools.md.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    npm,
    shell::{cargo, program, say, which},
    wasm,
};

pub(crate) const TRUNK_VERSION: &str = "0.21.14";
pub(crate) const CARGO_DENY_VERSION: &str = "0.20.2";
pub(crate) const SCHEMATHESIS_VERSION: &str = "4.32";

/// Something a command cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// The server programs of PostgreSQL.
    Postgres,
    /// A compiler and linker for `wasm32-unknown-unknown`.
    Wasm,
    /// Trunk, wasm-bindgen, wasm-opt and the front end's npm packages.
    Spa,
    /// Chromium, its driver and a Japanese font.
    Browser,
    /// An SMTP server for the tests of mail.
    Mail,
    /// Schemathesis.
    Fuzz,
    /// cargo-deny.
    Deny,
}

const ALL: &[(&str, Need)] = &[
    ("postgres", Need::Postgres),
    ("wasm", Need::Wasm),
    ("spa", Need::Spa),
    ("browser", Need::Browser),
    ("mail", Need::Mail),
    ("fuzz", Need::Fuzz),
    ("deny", Need::Deny),
];

/// Sets up what is named, or everything.
pub(crate) fn setup_named(names: &[String]) -> Result<()> {
    let find = |name: &String| {
        let found = ALL.iter().find(|(known, _)| known == name).map(|(_, need)| *need);
        found.with_context(|| format!("there is nothing called `{name}` to set up"))
    };
    let named = names.iter().map(find).collect::<Result<Vec<_>>>()?;
    setup(&if named.is_empty() { ALL.iter().map(|(_, need)| *need).collect() } else { named })
}

/// Makes sure of these needs. Quick when everything is there.
pub(crate) fn setup(needs: &[Need]) -> Result<()> {
    // Two commands at once must not both install.
    let lock_path = tools_dir()?.join("lock");
    let lock = File::create(&lock_path).with_context(|| format!("opening {}", lock_path.display()))?;
    if lock.try_lock().is_err() {
        say("another xtask is setting up; waiting for it");
        lock.lock().context("waiting for the other xtask")?;
    }
    let needs: BTreeSet<Need> = needs.iter().copied().collect();
    let mut packages = Vec::new();
    for need in &needs {
        packages.extend(missing_packages(*need)?);
    }
    apt_install(&packages)?;
    for need in needs {
        match need {
            Need::Wasm => wasm::prepare()?,
            Need::Spa => {
                trunk()?;
                wasm_bindgen()?;
                npm::install()?;
            }
            Need::Fuzz => schemathesis().map(drop)?,
            Need::Deny => cargo_deny().map(drop)?,
            Need::Postgres | Need::Browser | Need::Mail => {}
        }
    }
    Ok(())
}

/// Where tools lie by version.
pub(crate) fn tools_dir() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("MAMIS_TOOLS_DIR")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("mamis-tools")))
        .or_else(|| Some(set("HOME")?.join(".cache/mamis-tools")))
        .context("set MAMIS_TOOLS_DIR: there is neither HOME nor XDG_CACHE_HOME")?;
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// The folder that holds `trunk`.
pub(crate) fn trunk() -> Result<PathBuf> {
    // Its own lock file is needed: newer releases of its dependencies do not compile with it.
    cargo_tool("trunk", "trunk", TRUNK_VERSION, true)
}

/// The folder that holds `wasm-bindgen`, of exactly the version that Cargo.lock has: the two speak a private format.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &locked_version("wasm-bindgen")?, false)
}

/// The folder that holds `cargo-deny`.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    cargo_tool("cargo-deny", "cargo-deny", CARGO_DENY_VERSION, true)
}

/// The folder that holds `schemathesis`, in a virtual environment of its own.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let folder = tools_dir()?.join(format!("schemathesis-{SCHEMATHESIS_VERSION}"));
    let (bin, done) = (folder.join("bin"), folder.join("complete"));
    if done.exists() && bin.join("schemathesis").exists() {
        return Ok(bin);
    }
    let requirement = format!("schemathesis=={SCHEMATHESIS_VERSION}.*");
    say(format!("installing {requirement} (a minute, once)"));
    program("python3", ["-m", "venv", "--clear"]).arg(&folder).run()?;
    program(bin.join("python"), ["-m", "pip", "install", "--quiet", &requirement]).run()?;
    fs::write(done, "")?;
    Ok(bin)
}

/// Builds a tool from crates.io into a folder named by its version, unless it is there.
fn cargo_tool(package: &str, binary: &str, version: &str, locked: bool) -> Result<PathBuf> {
    let folder = tools_dir()?.join(format!("{binary}-{version}"));
    let bin = folder.join("bin");
    if bin.join(binary).exists() {
        return Ok(bin);
    }
    if which("cargo-binstall").is_some() {
        let quick = program("cargo", ["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"]);
        if quick.arg(&folder).arg(format!("{package}@{version}")).succeeds_within(Duration::from_secs(120)) {
            return Ok(bin);
        }
    }
    say(format!("building {package} {version} (minutes, once per machine, into {})", folder.display()));
    let mut build = cargo(["install", package, "--version", version, "--root"]).arg(&folder).dir("/");
    if locked {
        build = build.arg("--locked");
    }
    // A tool that runs for seconds is not worth minutes of optimising.
    build
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .run()?;
    Ok(bin)
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(crate::shell::root().join("Cargo.lock")).context("reading Cargo.lock")?;
    version_in_lock(&lock, package).with_context(|| format!("Cargo.lock has no {package}"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let entry = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != entry).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

/// Debian packages that a need lacks on this machine.
fn missing_packages(need: Need) -> Result<Vec<String>> {
    let lacks = |absent: bool, packages: &[&str]| {
        if absent { packages.iter().map(|p| (*p).to_owned()).collect() } else { Vec::new() }
    };
    Ok(match need {
        Need::Postgres => lacks(!has_postgres(), &["postgresql"]),
        Need::Wasm => wasm::missing_packages()?,
        Need::Spa => lacks(which("npm").is_none(), &["nodejs", "npm"]),
        Need::Browser => {
            let browser = which("chromium").is_none() || which("chromedriver").is_none();
            let mut missing: Vec<String> = lacks(browser, &["chromium", "chromium-driver"]);
            missing.extend(lacks(!has_japanese_font(), &["fonts-noto-cjk"]));
            missing
        }
        Need::Mail => {
            // The system's own Python: the package is installed there, not for another that comes first in the path.
            let known = program("/usr/bin/python3", ["-c", "import aiosmtpd"]).succeeds_within(Duration::from_secs(20));
            lacks(!known, &["python3-aiosmtpd"])
        }
        Need::Fuzz => {
            let venv = program("python3", ["-c", "import venv, ensurepip"]).succeeds_within(Duration::from_secs(20));
            lacks(!venv, &["python3-venv"])
        }
        Need::Deny => Vec::new(),
    })
}

/// The same places that `crates/cluster` looks at; it checks the version and says so.
fn has_postgres() -> bool {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    std::env::var_os("MAMIS_PG_BIN").is_some()
        || debian.into_iter().any(|version| version.path().join("bin/initdb").exists())
        || which("initdb").is_some()
}

fn has_japanese_font() -> bool {
    match which("fc-list") {
        Some(_) => program("fc-list", [":lang=ja"]).read().is_ok_and(|fonts| !fonts.trim().is_empty()),
        None => Path::new("/usr/share/fonts/opentype/noto").exists(),
    }
}

/// Installs Debian packages, or names the one command that would.
fn apt_install(packages: &[String]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    let root = program("id", ["-u"]).read()?.trim() == "0";
    let sudo = !root && program("sudo", ["-n", "true"]).succeeds_within(Duration::from_secs(5));
    if which("apt-get").is_none() {
        bail!("please install what Debian calls: {list}");
    }
    if !root && !sudo {
        bail!(
            "some Debian packages are missing; please run this and start again:\n\n  \
               sudo apt-get install -y --no-install-recommends {list}\n"
        );
    }
    say(format!("installing Debian packages: {list}"));
    let apt = |arguments: &[&str]| {
        let start: &[&str] = if root { &["env"] } else { &["sudo", "-n", "env"] };
        let all = start.iter().chain(&["DEBIAN_FRONTEND=noninteractive", "apt-get"]).chain(arguments);
        let words: Vec<&str> = all.copied().collect();
        program(words[0], &words[1..])
    };
    let names: Vec<&str> = packages.iter().map(String::as_str).collect();
    let install = [&["install", "-y", "-q", "--no-install-recommends"], names.as_slice()].concat();
    // Package lists are refreshed first: on a fresh machine they are missing or too old to download from.
    apt(&["update", "-q"]).run()?;
    apt(&install).run()
}

#[cfg(test)]
mod tests {
    use super::version_in_lock;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
