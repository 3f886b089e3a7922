//! `mamis import reference`: reference data from the files of a folder, all or nothing.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::registry::reference::{
    ReferenceError, parse_associations, parse_medical_schools, parse_municipalities, parse_organisations,
    parse_postal_codes,
};
use mamis_persistence::StoreError;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::bulk::{BulkStore, Exclusive, ReferenceCounts, ReferenceRows};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

const MUNICIPALITIES: &str = "municipalities.csv";
const ASSOCIATIONS: &str = "associations.csv";
const SCHOOLS: &str = "medical_schools.csv";
const ORGANISATIONS: &str = "organisations.csv";
const POSTAL_ARCHIVE: &str = "utf_ken_all.zip";
const POSTAL_CODES: &str = "utf_ken_all.csv";
/// Japan's postal codes take 18 MiB; an archive that unpacks to much more is not theirs.
const LARGEST_FILE: u64 = 256 << 20;

/// Reference data could not be loaded; nothing has changed.
#[derive(Debug, Error)]
pub enum ImportReferenceError {
    /// A file is missing or cannot be read.
    #[error("{} cannot be read", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The archive is none, or holds no CSV file.
    #[error("{} is not an archive with the postal codes: {problem}", .path.display())]
    Archive {
        /// Which.
        path: PathBuf,
        /// Why not.
        problem: String,
    },
    /// A file says something impossible.
    #[error(transparent)]
    Content(#[from] ReferenceError),
    /// Two files do not fit together.
    #[error("{file} speaks of the municipality {code}, which {MUNICIPALITIES} does not list")]
    UnknownMunicipality {
        /// The file.
        file: &'static str,
        /// The code.
        code: String,
    },
    /// Another process is at it.
    #[error("another import of reference data is running; wait until it has ended")]
    AlreadyRunning,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the reference data of a folder: `municipalities.csv`, `associations.csv`, `medical_schools.csv`, and the postal
/// codes as `utf_ken_all.csv` or, where that is missing, `utf_ken_all.zip`; `organisations.csv` only where there is one.
///
/// # Errors
/// The first file that is missing or cannot be read.
pub fn read_reference(folder: &Path) -> Result<ReferenceRows, ImportReferenceError> {
    let plain = folder.join(POSTAL_CODES);
    let postal_codes = if plain.exists() { read_text(&plain)? } else { read_archive(&folder.join(POSTAL_ARCHIVE))? };
    let organisations = folder.join(ORGANISATIONS);
    let rows = ReferenceRows {
        municipalities: parse_municipalities(MUNICIPALITIES, &read_text(&folder.join(MUNICIPALITIES))?)?,
        postal_towns: parse_postal_codes(POSTAL_CODES, &postal_codes)?,
        associations: parse_associations(ASSOCIATIONS, &read_text(&folder.join(ASSOCIATIONS))?)?,
        schools: parse_medical_schools(SCHOOLS, &read_text(&folder.join(SCHOOLS))?)?,
        organisations: if organisations.exists() {
            parse_organisations(ORGANISATIONS, &read_text(&organisations)?)?
        } else {
            Vec::new()
        },
    };
    let known: std::collections::HashSet<&str> = rows.municipalities.iter().map(|row| row.code.as_str()).collect();
    let towns = rows.postal_towns.iter().map(|row| (POSTAL_CODES, &row.municipality_code));
    let areas = rows.associations.iter().flat_map(|row| row.municipality_codes.iter().map(|code| (ASSOCIATIONS, code)));
    match towns.chain(areas).find(|(_, code)| !known.contains(code.as_str())) {
        Some((file, code)) => Err(ImportReferenceError::UnknownMunicipality { file, code: code.clone() }),
        None => Ok(rows),
    }
}

/// Loads reference data in one transaction: new rows are added and changed ones updated; postal codes and areas that the
/// files no longer have are removed; municipalities, associations and schools stay, and associations keep their ids.
///
/// # Errors
/// [`ImportReferenceError::AlreadyRunning`] beside another import; the store's own errors.
pub async fn import_reference(
    store: &mut BulkStore,
    rows: &ReferenceRows,
    now: DateTime<Utc>,
) -> Result<ReferenceCounts, ImportReferenceError> {
    if !store.try_exclusive(Exclusive::ReferenceImport).await? {
        return Err(ImportReferenceError::AlreadyRunning);
    }
    let permit = Permit::system(SystemActor::ReferenceImport, RegistryAction::ImportReference);
    store
        .transaction(async |tx| {
            let counts = tx.reference_replace(&permit, rows, Uuid::now_v7).await?;
            let of_table = |(table, counts): (&str, mamis_persistence::registry::bulk::TableCounts)| {
                let counts = json!({ "added": counts.added, "updated": counts.updated,
                    "unchanged": counts.unchanged, "removed": counts.removed });
                (table.to_owned(), counts)
            };
            let event = NewAuditEvent {
                action: "registry.import_reference",
                outcome: AuditOutcome::Done,
                subject_kind: "reference_data",
                subject_id: None,
                person: None,
                at: now,
                payload: Some(counts.tables().map(of_table).into_iter().collect()),
            };
            tx.audit_append_all(&permit, &[event], Uuid::now_v7).await?;
            Ok(counts)
        })
        .await
}

fn read_text(path: &Path) -> Result<String, ImportReferenceError> {
    std::fs::read_to_string(path).map_err(|source| ImportReferenceError::File { path: path.to_owned(), source })
}

fn read_archive(path: &Path) -> Result<String, ImportReferenceError> {
    let file_error = |source| ImportReferenceError::File { path: path.to_owned(), source };
    let problem = |problem: String| ImportReferenceError::Archive { path: path.to_owned(), problem };
    let bytes = std::fs::read(path).map_err(file_error)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| problem(error.to_string()))?;
    let name = archive.file_names().find(|name| name.to_ascii_lowercase().ends_with(".csv")).map(str::to_owned);
    let name = name.ok_or_else(|| problem("it holds no CSV file".to_owned()))?;
    let entry = archive.by_name(&name).map_err(|error| problem(error.to_string()))?;
    let mut text = String::new();
    entry.take(LARGEST_FILE).read_to_string(&mut text).map_err(file_error)?;
    Ok(text)
}
