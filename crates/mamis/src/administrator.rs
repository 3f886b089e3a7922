//! `mamis create-administrator`: somebody has to be the first.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use mamis_kernel::{FieldErrorCode, Language, SHORTEST_PASSWORD};
use mamis_usecases::identity::{FirstAdministrator, TokenKeys, create_first_administrator};
use mamis_usecases::{App, AppConfig, AppError, SystemClock};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::config::Config;
use crate::database::Database;
use crate::say::{complain, say};
use crate::serve;

/// Whom to make administrator. The password is asked for, or read from the first line of the standard input; it never stands in
/// the arguments, where others see it.
#[derive(Args)]
pub(crate) struct CreateArgs {
    /// The association's code in the reference data, `00000` for the national one.
    #[arg(long, value_name = "CODE")]
    organisation: String,
    /// What will be typed to sign in: four or more letters, digits, `.`, `_` and `-`.
    #[arg(long)]
    login_id: String,
    /// The name, for the page's head; the login id when not given.
    #[arg(long)]
    name: Option<String>,
    /// `ja` or `en`: in which language to write.
    #[arg(long, default_value = "ja")]
    language: Language,
}

/// Exit codes: 0 made; 1 refused; 2 it could not be tried.
pub(crate) async fn run(config: &Config, args: CreateArgs) -> anyhow::Result<ExitCode> {
    let Some(password) = read_password()? else {
        complain!("mamis: the two passwords differ");
        return Ok(ExitCode::FAILURE);
    };
    let CreateArgs { organisation, login_id, name, language } = args;
    let command = FirstAdministrator {
        association_code: organisation.clone(),
        display_name: name.unwrap_or_else(|| login_id.clone()),
        login_id: login_id.clone(),
        password,
        language,
    };
    let database = Database::open(config).await?;
    let tokens = TokenKeys::from_secret(&serve::secret(&config.data_dir)?);
    let app = App::new(database.store()?, Arc::new(SystemClock), tokens, AppConfig::default());
    let made = create_first_administrator(&app, command).await;
    drop(app);
    database.close();
    match made {
        Ok(_) => {
            say!(
                "{login_id} is administrator of {organisation} and can sign in now; others are invited at /work/clerks"
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => match refusal(&error, &organisation, &login_id) {
            Some(reason) => {
                complain!("mamis: {reason}");
                Ok(ExitCode::FAILURE)
            }
            None => Err(error.into()),
        },
    }
}

/// What people can do something about, in words.
fn refusal(error: &AppError, organisation: &str, login_id: &str) -> Option<String> {
    match error {
        AppError::NotFound => Some(format!(
            "there is no association {organisation}; load the reference data first: mamis import reference"
        )),
        AppError::AlreadyClerk => Some(format!("{organisation} has an administrator already, who can invite others")),
        _ => error.field_faults().first().map(|fault| match (fault.pointer.as_str(), fault.code) {
            ("/login_id", FieldErrorCode::Taken) => format!("the login id {login_id} is taken"),
            ("/login_id", _) => "a login id is four or more letters, digits, `.`, `_` and `-`".to_owned(),
            (_, FieldErrorCode::TooShort) => format!("the password needs {SHORTEST_PASSWORD} characters or more"),
            (_, _) => "the password is guessed easily, or holds the login id or the name".to_owned(),
        }),
    }
}

/// The password, asked for twice at a terminal and read once otherwise; nothing when the two differ.
fn read_password() -> anyhow::Result<Option<String>> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return read_line().map(Some);
    }
    let _unseen = Unseen::begin()?;
    let first = ask("password: ")?;
    let second = ask("once more: ")?;
    Ok((first == second).then_some(first))
}

fn ask(words: &str) -> anyhow::Result<String> {
    let mut terminal = std::io::stderr().lock();
    write!(terminal, "{words}")?;
    terminal.flush()?;
    let line = read_line()?;
    // The key that ended the line was not shown either.
    writeln!(terminal)?;
    Ok(line)
}

fn read_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives, the terminal does not show what is typed.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> anyhow::Result<Self> {
        let before = tcgetattr(std::io::stdin()).context("asking the terminal")?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &unseen).context("hiding what is typed")?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // A terminal that has gone needs nothing back.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
