//! `mamis import`: reference data and rosters.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Subcommand;
use mamis_persistence::registry::bulk::{BulkStore, ReferenceCounts};
use mamis_usecases::registry::import_roster::{REPORT_HEADER, Roster, RosterMode, RosterSummary, import_roster};
use mamis_usecases::registry::{ImportReferenceError, import_reference, read_reference};
use mamis_usecases::{Clock, SystemClock};

use crate::config::Config;
use crate::database::Database;
use crate::progress::Progress;
use crate::say::{complain, say};

/// What can be imported. Exit codes: 0 done; 1 stopped, what was stored stays; 2 the input cannot be read.
#[derive(Subcommand)]
pub(crate) enum ImportCommand {
    /// Loads postal codes, municipalities, associations, medical schools and organisations; again and again, in place.
    Reference {
        /// The folder with the files.
        #[arg(default_value = "reference")]
        dir: PathBuf,
    },
    /// Judges an old system's member roster record by record, and stores what is accepted.
    Roster {
        /// The CSV file: UTF-8, or CP932 as old systems write it.
        file: PathBuf,
        /// Stores the accepted records; without it nothing is stored.
        #[arg(long)]
        commit: bool,
        /// Writes what became of each record to a CSV file.
        #[arg(long, value_name = "OUT.csv")]
        report: Option<PathBuf>,
    },
}

const UNREADABLE: u8 = 2;

pub(crate) async fn run(config: &Config, command: &ImportCommand) -> anyhow::Result<ExitCode> {
    match command {
        ImportCommand::Reference { dir } => reference(config, dir).await,
        ImportCommand::Roster { file, commit, report } => {
            let mode = if *commit { RosterMode::Commit } else { RosterMode::DryRun };
            roster(config, file, mode, report.as_deref()).await
        }
    }
}

async fn reference(config: &Config, dir: &Path) -> anyhow::Result<ExitCode> {
    let since = Instant::now();
    let rows = match read_reference(dir) {
        Ok(rows) => rows,
        Err(error) => return Ok(refuse(&error.into(), UNREADABLE)),
    };
    let database = Database::open(config).await?;
    let mut store = BulkStore::connect(&database.app_url).await?;
    let imported = import_reference(&mut store, &rows, SystemClock.now()).await;
    drop(store);
    database.close();
    match imported {
        Ok(counts) => {
            print_counts(&counts);
            say!("done in {:.1} s", since.elapsed().as_secs_f64());
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ ImportReferenceError::Store(_)) => Err(error.into()),
        Err(error) => Ok(refuse(&error.into(), 1)),
    }
}

fn print_counts(counts: &ReferenceCounts) {
    say!("{:<20}{:>9}{:>9}{:>11}{:>9}", "table", "added", "updated", "unchanged", "removed");
    for (table, counts) in counts.tables() {
        let [added, updated, unchanged, removed] =
            [counts.added, counts.updated, counts.unchanged, counts.removed].map(|count| count.to_string());
        say!("{table:<20}{added:>9}{updated:>9}{unchanged:>11}{removed:>9}");
    }
}

async fn roster(config: &Config, file: &Path, mode: RosterMode, report: Option<&Path>) -> anyhow::Result<ExitCode> {
    let bytes = match std::fs::read(file).with_context(|| format!("{} cannot be read", file.display())) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(refuse(&error, UNREADABLE)),
    };
    let roster = match Roster::read(&bytes).with_context(|| format!("{} is not a roster", file.display())) {
        Ok(roster) => roster,
        Err(error) => return Ok(refuse(&error, UNREADABLE)),
    };
    say!("{}: {} records, read as {}", file.display(), roster.records(), roster.encoding().name());
    if !roster.ignored_columns().is_empty() {
        say!("columns without a meaning here: {}", roster.ignored_columns().join(", "));
    }
    let mut report = match report.map(Report::create).transpose() {
        Ok(report) => report,
        Err(error) => return Ok(refuse(&error, 1)),
    };

    let since = Instant::now();
    let database = Database::open(config).await?;
    let mut store = BulkStore::connect(&database.app_url).await?;
    let mut progress = Progress::new("records", roster.records());
    let imported = import_roster(&mut store, &roster, mode, SystemClock.now(), |row| {
        progress.advance();
        report.as_mut().map_or(Ok(()), |report| report.writer.write_record(row.cells()).map_err(std::io::Error::from))
    })
    .await;
    progress.finish();
    drop(store);
    database.close();
    match imported {
        Ok(summary) => {
            if let Some(report) = report {
                report.finish()?;
            }
            print_summary(&summary, mode, since);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(refuse(&error.into(), 1)),
    }
}

fn print_summary(summary: &RosterSummary, mode: RosterMode, since: Instant) {
    let stored = match mode {
        RosterMode::DryRun => "dry run: nothing is stored; add --commit to store",
        RosterMode::Commit => "stored",
    };
    say!(
        "accepted   {:>8}  ({} of them already stored, {} with warnings)",
        summary.accepted,
        summary.already_stored,
        summary.with_warnings
    );
    say!("rejected   {:>8}", summary.rejected);
    say!("duplicate  {:>8}", summary.duplicate);
    say!("conflict   {:>8}", summary.conflict);
    say!("{} records in {:.1} s; {stored}", summary.records(), since.elapsed().as_secs_f64());
}

fn refuse(error: &anyhow::Error, code: u8) -> ExitCode {
    complain!("mamis: {error:#}");
    ExitCode::from(code)
}

/// A report that stands under its name once it is complete.
struct Report {
    writer: csv::Writer<std::fs::File>,
    unfinished: PathBuf,
    path: PathBuf,
}

impl Report {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        let file = std::fs::File::create(&unfinished).with_context(|| format!("writing {}", unfinished.display()))?;
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(REPORT_HEADER)?;
        Ok(Self { writer, unfinished, path: path.to_owned() })
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.writer.flush()?;
        std::fs::rename(&self.unfinished, &self.path).with_context(|| format!("writing {}", self.path.display()))
    }
}
