//! `mamis maintenance`: planned stops.

use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, NaiveDateTime, Utc};
use clap::{Subcommand, ValueEnum};
use mamis_domain::notices::MaintenanceWindow;
use mamis_kernel::{MaintenanceKind, MaintenanceWindowId};
use mamis_usecases::notices::{cancel_maintenance, list_maintenance, plan_maintenance};
use mamis_usecases::{Clock, SystemClock, from_tokyo, tokyo};
use uuid::Uuid;

use crate::config::Config;
use crate::database::Database;
use crate::say::say;

/// Planned stops. The server notices a change within five seconds.
#[derive(Subcommand)]
pub(crate) enum MaintenanceCommand {
    /// Plans a stop. Times are Japan's.
    Plan {
        /// When it begins: `2026-12-01 22:00`.
        #[arg(long, value_parser = japan_time)]
        from: DateTime<Utc>,
        /// When everything works again.
        #[arg(long, value_parser = japan_time)]
        until: DateTime<Utc>,
        /// What stops.
        #[arg(long, value_enum)]
        kind: Kind,
        /// Why, in Japanese; everybody reads it.
        #[arg(long)]
        message: String,
        /// Why, in English.
        #[arg(long)]
        message_en: String,
    },
    /// Lists the stops that are not over.
    List,
    /// Cancels a stop, or ends one that is on.
    Cancel {
        /// As listed: `mnt_…`.
        #[arg(value_parser = window_id)]
        id: MaintenanceWindowId,
    },
}

/// What a stop stops.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// Everything.
    Full,
    /// Whatever changes something; reading goes on.
    ReadOnly,
}

fn japan_time(text: &str) -> Result<DateTime<Utc>, String> {
    let shown =
        ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"].iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    shown.map(from_tokyo).ok_or_else(|| "a time of the form 2026-12-01 22:00 is needed".to_owned())
}

fn window_id(text: &str) -> Result<MaintenanceWindowId, String> {
    text.parse().map_err(|_| "an id of the form mnt_… is needed; see `mamis maintenance list`".to_owned())
}

pub(crate) async fn run(config: &Config, command: MaintenanceCommand) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    let store = database.store()?;
    let now = SystemClock.now();
    match command {
        MaintenanceCommand::Plan { from, until, kind, message, message_en } => {
            let window = MaintenanceWindow {
                id: MaintenanceWindowId::from_uuid(Uuid::now_v7()),
                starts_at: from,
                ends_at: until,
                kind: match kind {
                    Kind::Full => MaintenanceKind::Full,
                    Kind::ReadOnly => MaintenanceKind::ReadOnly,
                },
                message_ja: message,
                message_en,
            };
            plan_maintenance(&store, &window, now).await.context("planning a stop")?;
            say_window(&window);
        }
        MaintenanceCommand::List => {
            for window in list_maintenance(&store, now).await? {
                say_window(&window);
            }
        }
        MaintenanceCommand::Cancel { id } => {
            cancel_maintenance(&store, id, now).await.context("cancelling a stop")?;
            say!("cancelled {id}");
        }
    }
    drop(store);
    database.close();
    Ok(ExitCode::SUCCESS)
}

fn say_window(window: &MaintenanceWindow) {
    let shown = |at| tokyo(at).format("%Y-%m-%d %H:%M");
    let (from, until) = (shown(window.starts_at), shown(window.ends_at));
    say!("{}  {from} – {until}  {}  {} / {}", window.id, window.kind.as_str(), window.message_ja, window.message_en);
}
