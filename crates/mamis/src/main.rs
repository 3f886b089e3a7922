//! The binary: command line, configuration, the private PostgreSQL, wiring.

mod administrator;
mod config;
mod database;
mod demo;
mod doctor;
mod import;
mod maintenance;
mod progress;
mod say;
mod seed;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mamis_persistence::audit::verify_chain;

use crate::config::Config;
use crate::database::Database;
use crate::say::{complain, say};

/// Member information system for Japan's medical associations.
#[derive(Parser)]
#[command(name = "mamis", version)]
struct Cli {
    /// Where the private PostgreSQL, the secret and the files live.
    #[arg(long, global = true, default_value = "data", env = "MAMIS_DATA_DIR")]
    data_dir: PathBuf,
    /// A PostgreSQL to use instead of the private one.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The same database for the role that owns the tables, when that is another one.
    #[arg(long, global = true, env = "MAMIS_OWNER_DATABASE_URL", hide_env_values = true)]
    owner_database_url: Option<String>,
    /// Further settings.
    #[arg(long, global = true, env = "MAMIS_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server.
    Serve(serve::ServeArgs),
    /// Brings the database up to date.
    Migrate,
    /// Makes the first administrator of an association, who then invites everybody else.
    CreateAdministrator(administrator::CreateArgs),
    /// Loads data from files.
    Import {
        #[command(subcommand)]
        command: import::ImportCommand,
    },
    /// Fills an empty database with made-up people and cases; never for production.
    Seed(seed::SeedArgs),
    /// The audit's hash chain.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Says what this installation has, what it lacks and how to mend it; exit code 1 when something is missing.
    Doctor(doctor::DoctorArgs),
    /// Planned stops: everybody is told beforehand, and until when.
    Maintenance {
        #[command(subcommand)]
        command: maintenance::MaintenanceCommand,
    },
    /// Prints who may do what.
    AuthzMatrix {
        /// Writes it to a file instead.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Prints the API's description.
    Openapi {
        /// Writes it to a file instead.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Computes the chain again; exit code 1 when it does not hold.
    Verify,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let local = tokio::task::LocalSet::new();
    match local.block_on(&runtime, run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    complain!("mamis: {error:#}");
    ExitCode::from(2)
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(&cli)?;
    match cli.command {
        Command::Serve(args) => {
            serve::run(&config, &args).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => {
            let database = Database::open(&config).await?;
            database.close();
            Ok(ExitCode::SUCCESS)
        }
        Command::CreateAdministrator(args) => administrator::run(&config, args).await,
        Command::Import { command } => import::run(&config, &command).await,
        Command::Seed(args) => {
            seed::run(&config, &args).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit { command: AuditCommand::Verify } => {
            let database = Database::open(&config).await?;
            let report = verify_chain(&database.store()?).await?;
            database.close();
            say!(
                "verified={} unsealed={} erased_payloads={}",
                report.verified,
                report.unsealed,
                report.erased_payloads
            );
            match report.fault {
                None => Ok(ExitCode::SUCCESS),
                Some(fault) => {
                    say!("fault: {fault}");
                    Ok(ExitCode::FAILURE)
                }
            }
        }
        Command::Maintenance { command } => maintenance::run(&config, command).await,
        Command::Doctor(args) => doctor::run(&config, &args).await,
        Command::AuthzMatrix { out } => write_or_say(out, &mamis_api::authz_matrix_markdown()),
        Command::Openapi { out } => write_or_say(out, &mamis_api::openapi_json()),
    }
}

fn write_or_say(out: Option<PathBuf>, text: &str) -> anyhow::Result<ExitCode> {
    match out {
        Some(path) => std::fs::write(&path, text)?,
        None => say!("{}", text.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}
