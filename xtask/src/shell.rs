//! Running programs so that a reader sees what runs, and what failed.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Where cargo builds.
pub(crate) fn target_dir() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty());
    root().join(set.unwrap_or_else(|| "target".into()))
}

/// Says what happens next.
pub(crate) fn say(text: impl fmt::Display) {
    println!("==> {text}");
}

/// A program to run, in the root of the workspace unless told otherwise.
#[derive(Debug)]
pub(crate) struct Program {
    command: Command,
    shown: String,
}

/// A program with its arguments.
pub(crate) fn program<S: AsRef<OsStr>>(name: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = S>) -> Program {
    let mut command = Command::new(&name);
    command.current_dir(root());
    // What `cargo run` set for us would mislead a nested cargo of another toolchain.
    command.env_remove("LD_LIBRARY_PATH");
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("CARGO_PKG_") {
            command.env_remove(variable);
        }
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH").env_remove("CARGO");
    let mut program = Program { command, shown: name.as_ref().to_string_lossy().into_owned() };
    for argument in arguments {
        program = program.arg(argument);
    }
    program
}

/// Cargo, of the toolchain that runs us.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Program {
    program("cargo", arguments)
}

impl Program {
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        let text = argument.as_ref().to_string_lossy();
        let quote = if text.is_empty() || text.contains([' ', '*', '"', '$', '(']) { "'" } else { "" };
        self.shown += &format!(" {quote}{text}{quote}");
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = S>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{name}={} {}", value.as_ref().to_string_lossy(), self.shown);
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs(self, variables: &[(String, OsString)]) -> Self {
        variables.iter().fold(self, |program, (name, value)| program.env(name, value))
    }

    /// Puts folders before `PATH`; not shown, for it is long.
    pub(crate) fn path_first(mut self, folders: &[PathBuf]) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = folders.iter().cloned().chain(std::env::split_paths(&path));
        if let Ok(joined) = std::env::join_paths(all) {
            self.command.env("PATH", joined);
        }
        self
    }

    pub(crate) fn dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Shows the command, runs it with our own streams and wants it to succeed.
    pub(crate) fn run(mut self) -> Result<()> {
        println!("  $ {}", self.shown);
        let status = self.command.status().with_context(|| format!("could not start: {}", self.shown))?;
        if !status.success() {
            bail!("this failed ({status}):\n  {}", self.shown);
        }
        Ok(())
    }

    /// Runs the command silently and returns what it printed; its errors are in ours.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self.command.stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("could not start: {}", self.shown))?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            bail!("this failed ({}):\n  {}\n{}", output.status, self.shown, words.trim_end());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether the command succeeds; silent, and ended when it takes longer than `limit`.
    pub(crate) fn succeeds_within(mut self, limit: Duration) -> bool {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = self.command.spawn() else { return false };
        let since = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if since.elapsed() < limit => thread::sleep(Duration::from_millis(50)),
                Ok(None) | Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return false;
                }
            }
        }
    }

    pub(crate) fn into_command(self) -> Command {
        self.command
    }
}

/// Finds a program on `PATH`.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
