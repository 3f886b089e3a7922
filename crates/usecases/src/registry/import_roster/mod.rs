//! `mamis import roster`: an old system's roster, judged record by record and stored in chunks.
//!
//! The file is read once from end to end before anything is stored, so that a file which cannot be read stores nothing.
//! Then come chunks: look up what the database knows, judge ([`RosterJudge`]), plan (`plan`), and write each chunk in a
//! transaction of its own together with the fingerprints of its records. A process that is killed leaves whole chunks,
//! and the next run finds their fingerprints and goes on. A dry run does all of this but the writing.
//!
//! Rules: docs/rules/registry.md (RO-1 to RO-20).

mod plan;
mod report;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::registry::roster::{
    AcceptedRecord, Fingerprint, Outcome, RosterDirectory, RosterEncoding, RosterFile, RosterFileError, RosterJudge,
    RosterRecord,
};
use mamis_kernel::PersonId;
use mamis_persistence::StoreError;
use mamis_persistence::registry::bulk::{BulkStore, Exclusive, PersonOrigin};
use thiserror::Error;
use uuid::Uuid;

use plan::{ChunkRows, Planned, Planner};
pub use report::{ImportWarning, REPORT_HEADER, ReportRow, RosterSummary};

/// Records judged and stored together: few enough that a kill costs little, enough that a round trip costs nothing.
const CHUNK: usize = 1_000;
/// Fingerprints asked about in one statement.
const FINGERPRINTS_AT_ONCE: usize = 20_000;
/// A chunk is planned again when something else wrote the same facts in between.
const ATTEMPTS: u32 = 3;
/// A killed import keeps its lock until its server process has noticed.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// A roster could not be imported. Chunks stored before stay; a re-run goes on from there.
#[derive(Debug, Error)]
pub enum ImportRosterError {
    /// Without associations no record could be accepted.
    #[error("there are no associations yet; load them first with: mamis import reference reference/")]
    NoReferenceData,
    /// Another process is at it.
    #[error("another import of a roster is running; wait until it has ended")]
    AlreadyRunning,
    /// The file changed while it was read.
    #[error(transparent)]
    File(#[from] RosterFileError),
    /// The report cannot be written.
    #[error("the report cannot be written")]
    Report(#[source] std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether accepted records are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterMode {
    /// Everything but the storing.
    DryRun,
    /// Store.
    Commit,
}

/// A roster that has been read from end to end and can be imported.
#[derive(Debug)]
pub struct Roster<'a> {
    bytes: &'a [u8],
    encoding: RosterEncoding,
    ignored_columns: Vec<String>,
    fingerprints: Vec<Fingerprint>,
}

impl<'a> Roster<'a> {
    /// Reads the whole file.
    ///
    /// # Errors
    /// Why it is not a roster.
    pub fn read(bytes: &'a [u8]) -> Result<Self, RosterFileError> {
        let mut file = RosterFile::open(bytes)?;
        let mut record = RosterRecord::default();
        let mut fingerprints = Vec::new();
        while file.read(&mut record)? {
            fingerprints.push(record.fingerprint());
        }
        let ignored_columns = file.ignored_columns().to_vec();
        Ok(Self { bytes, encoding: file.encoding(), ignored_columns, fingerprints })
    }

    /// The encoding, to be named to the operator.
    #[must_use]
    pub const fn encoding(&self) -> RosterEncoding {
        self.encoding
    }

    /// Headers this import does not know.
    #[must_use]
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored_columns
    }

    /// How many records there are.
    #[must_use]
    pub const fn records(&self) -> usize {
        self.fingerprints.len()
    }
}

/// Imports a roster; `report` is told of each record once its chunk is stored.
///
/// # Errors
/// [`ImportRosterError`]; the chunks stored before stay.
pub async fn import_roster(
    store: &mut BulkStore,
    roster: &Roster<'_>,
    mode: RosterMode,
    now: DateTime<Utc>,
    mut report: impl FnMut(&ReportRow) -> std::io::Result<()>,
) -> Result<RosterSummary, ImportRosterError> {
    if mode == RosterMode::Commit {
        wait_for_turn(store).await?;
    }
    let mut import = Import::prepare(store, roster, now).await?;
    let mut file = RosterFile::open(roster.bytes)?;
    let mut records: Vec<RosterRecord> = Vec::new();
    let mut summary = RosterSummary::default();
    loop {
        let count = read_chunk(&mut file, &mut records)?;
        if count == 0 {
            return Ok(summary);
        }
        for row in import.chunk(store, &records[..count], mode).await? {
            summary.add(&row);
            report(&row).map_err(ImportRosterError::Report)?;
        }
    }
}

async fn wait_for_turn(store: &BulkStore) -> Result<(), ImportRosterError> {
    for _ in 0..LOCK_TRIES {
        if store.try_exclusive(Exclusive::RosterImport).await? {
            return Ok(());
        }
        tokio::time::sleep(LOCK_PAUSE).await;
    }
    Err(ImportRosterError::AlreadyRunning)
}

/// Fills `records` from the start; how many there were.
fn read_chunk(file: &mut RosterFile<'_>, records: &mut Vec<RosterRecord>) -> Result<usize, RosterFileError> {
    for count in 0..CHUNK {
        if records.len() == count {
            records.push(RosterRecord::default());
        }
        let Some(record) = records.get_mut(count) else { return Ok(count) };
        if !file.read(record)? {
            return Ok(count);
        }
    }
    Ok(CHUNK)
}

/// What is kept from chunk to chunk.
struct Import {
    judge: RosterJudge,
    planner: Planner,
    /// All records of the file.
    of_this_file: HashSet<Fingerprint>,
    /// Those that an earlier run stored.
    stored: HashMap<Fingerprint, PersonId>,
}

/// A record of a chunk, judged.
enum Judged {
    /// An earlier run stored it.
    AlreadyStored(Outcome),
    Accepted(Box<AcceptedRecord>, Outcome),
    Other(Outcome),
}

impl Import {
    async fn prepare(store: &BulkStore, roster: &Roster<'_>, now: DateTime<Utc>) -> Result<Self, ImportRosterError> {
        let associations = store.association_list_all().await?;
        if associations.is_empty() {
            return Err(ImportRosterError::NoReferenceData);
        }
        let areas = store.postal_area_list_all().await?;
        let mut stored = HashMap::new();
        for some in roster.fingerprints.chunks(FINGERPRINTS_AT_ONCE) {
            stored.extend(store.roster_records_find(some).await?);
        }
        let directory = RosterDirectory::new(associations.iter().map(|known| known.entry.clone()));
        let postal_codes = areas.iter().map(|area| area.postal_code).collect();
        Ok(Self {
            judge: RosterJudge::new(directory, postal_codes),
            planner: Planner::new(associations, areas, now),
            of_this_file: roster.fingerprints.iter().copied().collect(),
            stored,
        })
    }

    async fn chunk(
        &mut self,
        store: &mut BulkStore,
        records: &[RosterRecord],
        mode: RosterMode,
    ) -> Result<Vec<ReportRow>, ImportRosterError> {
        self.learn_persons(store, records).await?;
        let judged: Vec<(u64, Judged)> =
            records.iter().map(|record| (record.line_of_record(), self.judge(record))).collect();
        let accepted: Vec<&AcceptedRecord> = judged
            .iter()
            .filter_map(|(_, judged)| match judged {
                Judged::Accepted(record, _) => Some(&**record),
                Judged::AlreadyStored(_) | Judged::Other(_) => None,
            })
            .collect();
        let mut planned = self.plan_and_store(store, &accepted, mode).await?.into_iter();
        let rows = judged.iter().map(|(line, judged)| match judged {
            Judged::AlreadyStored(outcome) => ReportRow::already_stored(*line, outcome),
            Judged::Other(outcome) => ReportRow::judged(*line, outcome),
            Judged::Accepted(_, outcome) => ReportRow::planned(*line, outcome, planned.next()),
        });
        Ok(rows.collect())
    }

    fn judge(&mut self, record: &RosterRecord) -> Judged {
        let outcome = self.judge.judge(record);
        match outcome {
            Outcome::Duplicate { .. } => Judged::Other(outcome),
            // What an earlier run stored was accepted, whatever has become known since.
            _ if self.stored.contains_key(&record.fingerprint()) => Judged::AlreadyStored(outcome),
            Outcome::Accepted { record, warnings } => {
                let outcome = Outcome::Accepted { record: record.clone(), warnings };
                Judged::Accepted(record, outcome)
            }
            Outcome::Rejected(_) | Outcome::Conflict { .. } => Judged::Other(outcome),
        }
    }

    /// Tells planner and judge of the persons a chunk is about. The judge is not told of persons who came in by this very
    /// file: it meets them where the first run met them, and says the same (RO-19).
    async fn learn_persons(&mut self, store: &BulkStore, records: &[RosterRecord]) -> Result<(), StoreError> {
        let mut numbers: Vec<_> = records.iter().filter_map(RosterJudge::registration_number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|number| !self.planner.knows(*number));
        for person in store.persons_by_registration_number(&numbers).await? {
            let came_by_this_file = match &person.origin {
                PersonOrigin::Roster(records) => records.iter().any(|record| self.of_this_file.contains(record)),
                PersonOrigin::Elsewhere => false,
            };
            if !came_by_this_file {
                self.judge.know(person.number, person.birth_date);
            }
            self.planner.learn_person(person);
        }
        Ok(())
    }

    async fn plan_and_store(
        &mut self,
        store: &mut BulkStore,
        accepted: &[&AcceptedRecord],
        mode: RosterMode,
    ) -> Result<Vec<Planned>, ImportRosterError> {
        let mut attempt = 1;
        loop {
            self.learn_the_rest(store, accepted).await?;
            let mut rows = ChunkRows::default();
            let planned: Vec<Planned> = accepted.iter().map(|record| self.planner.plan(record, &mut rows)).collect();
            if mode == RosterMode::DryRun || rows.is_empty() {
                return Ok(planned);
            }
            match write(store, &rows).await {
                Ok(()) => return Ok(planned),
                // Somebody else wrote one of these facts since they were looked up.
                Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => {
                    attempt += 1;
                    self.planner.forget(accepted);
                    let mut numbers: Vec<_> = accepted.iter().map(|record| record.registration_number).collect();
                    numbers.sort_unstable();
                    numbers.dedup();
                    for person in store.persons_by_registration_number(&numbers).await? {
                        self.planner.learn_person(person);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Facilities and 日医会員ID are looked up once the accepted records are known.
    async fn learn_the_rest(&mut self, store: &BulkStore, accepted: &[&AcceptedRecord]) -> Result<(), StoreError> {
        let keys = self.planner.unknown_facilities(accepted);
        self.planner.learn_facilities(store.facilities_find(&keys).await?);
        let ids: Vec<String> = accepted.iter().filter_map(|record| record.jma_member_id.clone()).collect();
        self.planner.learn_member_ids(store.jma_member_id_holders(&ids).await?);
        Ok(())
    }
}

async fn write(store: &mut BulkStore, rows: &ChunkRows) -> Result<(), StoreError> {
    let permit = Permit::system(SystemActor::RosterImport, RegistryAction::ImportRoster);
    store
        .transaction(async |tx| {
            tx.insert(&permit, &rows.persons).await?;
            tx.insert(&permit, &rows.registrations).await?;
            tx.insert(&permit, &rows.contacts).await?;
            tx.insert(&permit, &rows.facilities).await?;
            tx.insert(&permit, &rows.affiliations).await?;
            tx.insert(&permit, &rows.memberships).await?;
            tx.insert(&permit, &rows.roster_records).await?;
            tx.member_ids_add(&permit, &rows.member_ids).await?;
            tx.audit_append_all(&permit, &rows.audit, Uuid::now_v7).await
        })
        .await
}
