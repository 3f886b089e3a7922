//! Changes of members that come in by a file: looked through, written once somebody has seen what they would do, and taken back.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use mamis_documents::{Table, TableError, XlsxFile, as_cp932, read_csv, read_xlsx};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::Directory;
use mamis_domain::registry::member_import::{
    FieldChange, ImportColumns, JudgedRow, ROWS_AT_MOST, RowRefusal, UNDONE_WITHIN, judge_row, record_changes,
};
use mamis_domain::registry::policy::{RegistryAction, authorize_members};
use mamis_domain::registry::roster::{RosterEncoding, decode};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{
    AssociationId, FieldErrorCode, FileEncoding, ImportOutcome, ImportRefusal, MemberColumn, MemberImportId,
    MemberImportState, PersonId,
};
use mamis_persistence::Tx;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::{ImportCounts, ImportRow, MemberImport, MemberLine, NewImportRow, NewMemberImport};
use serde_json::json;
use uuid::Uuid;

use super::member_cells::cell;
use super::members::{MemberSearch, permitted, question};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Characters kept of a file's name.
const NAME_AT_MOST: usize = 100;

/// A file with how many of its rows came out how.
#[derive(Debug, Clone)]
pub struct SeenImport {
    /// The file.
    pub import: MemberImport,
    /// Its rows.
    pub counts: Vec<(ImportOutcome, u64)>,
    /// Until when its changes can be taken back, while they can.
    pub undo_until: Option<DateTime<Utc>>,
}

impl SeenImport {
    fn of(import: MemberImport, counts: &ImportCounts) -> Self {
        let count = |outcome: &ImportOutcome| {
            let rows = counts.get(&(import.id, outcome.as_str().to_owned())).copied();
            rows.and_then(|rows| u64::try_from(rows).ok()).map(|rows| (*outcome, rows))
        };
        let counts = ImportOutcome::ALL.iter().filter_map(count).collect();
        let is_applied = import.state == MemberImportState::Applied.as_str();
        let undo_until = import.applied_at.filter(|_| is_applied).map(|at| at + UNDONE_WITHIN);
        Self { counts, undo_until, import }
    }
}

/// A workbook with the headings that are understood, and nothing below.
///
/// # Errors
/// [`AppError::Internal`]
pub fn import_template() -> Result<Vec<u8>, AppError> {
    let said = [MemberColumn::MedicalRegistrationNumber, MemberColumn::BirthDate];
    let changeable = MemberColumn::ALL.iter().copied().filter(|column| column.is_changeable());
    let names = [MemberColumn::FamilyName, MemberColumn::GivenName];
    let columns = said.into_iter().chain(names).chain(changeable);
    Ok(XlsxFile::new("会員の変更", columns.map(MemberColumn::heading))?.finish()?)
}

/// Looks a file through: what each row would change, or why it is refused. Nothing is written.
///
/// Rules IMP-1 to IMP-5; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::Denied`] below an operator of the association; a fault at `/file` for what is no table with the headings that are
/// needed.
#[tracing::instrument(name = "registry.check_member_import", skip_all)]
pub async fn check_member_import(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (association, file_name, bytes): (AssociationId, &str, Vec<u8>),
    render: impl AsyncFnOnce(SeenImport) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    const ACTION: &str = "registry.check_member_import";
    let permit = permitted(app, caller, RegistryAction::ImportMembers, association, ACTION).await?;
    let read = tokio::task::spawn_blocking(move || read_file(&bytes)).await;
    let (encoding, table) = read.map_err(|_| AppError::Internal("reading a file was stopped"))?.map_err(fault)?;
    let columns = ImportColumns::of(&table.headings).ok_or_else(|| fault(FieldErrorCode::BadHeadings))?;
    let rows = judge(app, &permit, association, (encoding, &table, &columns)).await?;
    let now = app.clock.now();
    let new = NewMemberImport {
        id: MemberImportId::from_uuid(app.new_id()),
        association,
        by: caller.actor.account,
        file_name: file_name.chars().filter(|c| !c.is_control()).take(NAME_AT_MOST).collect(),
        encoding,
        ignored_headings: columns.ignored,
        at: now,
        rows,
    };
    app.once(caller, idempotency, async |tx| {
        let actor = tx.actor_afresh(&caller.actor, app.clock.today()).await?;
        let permit = authorize_members(&actor, RegistryAction::ImportMembers, association)?;
        tx.member_import_insert(&permit, &new).await?;
        let payload = json!({ "file_name": new.file_name, "rows": new.rows.len() });
        tx.audit_append(&permit, about(ACTION, new.id, payload, now)).await?;
        render(seen_now(tx, new.id).await?).await
    })
    .await
}

fn fault(code: FieldErrorCode) -> AppError {
    WorkflowError::InvalidFields(vec![FieldFault::new("/file", code)]).into()
}

fn about(action: &str, id: MemberImportId, payload: serde_json::Value, at: DateTime<Utc>) -> NewAuditEvent<'_> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "member_import",
        subject_id: Some(id.uuid()),
        person: None,
        at,
        payload: Some(payload),
    }
}

/// The table in a file, by what its bytes say it is.
fn read_file(bytes: &[u8]) -> Result<(FileEncoding, Table), FieldErrorCode> {
    let refused = |error| match error {
        TableError::TooManyRows => FieldErrorCode::TooManyRows,
        TableError::Empty => FieldErrorCode::BadHeadings,
        TableError::Unreadable => FieldErrorCode::UnreadableTable,
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok((FileEncoding::Xlsx, read_xlsx(bytes, ROWS_AT_MOST).map_err(refused)?));
    }
    let (text, encoding) = decode::decode(bytes).map_err(|_| FieldErrorCode::UnreadableTable)?;
    let encoding = match encoding {
        RosterEncoding::Utf8WithBom => FileEncoding::Utf8Bom,
        RosterEncoding::Utf8 => FileEncoding::Utf8,
        RosterEncoding::Cp932 => FileEncoding::Cp932,
    };
    Ok((encoding, read_csv(&text, ROWS_AT_MOST).map_err(refused)?))
}

/// Every row, whatever is wrong with those before it.
async fn judge(
    app: &App,
    permit: &Permit<RegistryAction>,
    association: AssociationId,
    (encoding, table, columns): (FileEncoding, &Table, &ImportColumns),
) -> Result<Vec<NewImportRow>, AppError> {
    let keys: Vec<Result<(String, NaiveDate), RowRefusal>> =
        table.rows.iter().map(|(_, cells)| columns.key(cells)).collect();
    let numbers: Vec<String> = keys.iter().flatten().map(|(number, _)| number.clone()).collect();
    let search = MemberSearch {
        association,
        text: None,
        as_of: None,
        state: None,
        category_codes: Vec::new(),
        also_of: None,
        min_age: None,
        max_age: None,
        specialty: None,
        facility_kinds: Vec::new(),
    };
    let (question, directory) = question(app, &search, true).await?;
    let lines = app.store.member_lines_by_number(permit, &question, &numbers).await?;
    let lines: HashMap<&str, &MemberLine> =
        lines.iter().filter_map(|line| Some((line.number.as_deref()?, line))).collect();
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(table.rows.len());
    for ((number, cells), key) in table.rows.iter().zip(keys) {
        let known = key.and_then(|(registration, born)| {
            let line = lines.get(registration.as_str()).filter(|line| line.birth_date == born);
            let line = line.ok_or(RowRefusal::row(ImportRefusal::UnknownMember))?;
            let first = seen.insert(line.person_id);
            if first { Ok(*line) } else { Err(RowRefusal::row(ImportRefusal::SameMemberTwice)) }
        });
        let (person, judged) = match known {
            Ok(line) => (Some(line.person_id), judge_line(columns, cells, line, (association, &directory), encoding)),
            Err(refusal) => (None, JudgedRow { changes: Vec::new(), refusals: vec![refusal] }),
        };
        let outcome = match (judged.refusals.is_empty(), judged.changes.is_empty()) {
            (false, _) => ImportOutcome::Refused,
            (true, true) => ImportOutcome::Unchanged,
            (true, false) => ImportOutcome::WouldChange,
        };
        rows.push(NewImportRow {
            number: i32::try_from(*number).unwrap_or(i32::MAX),
            person,
            outcome,
            changes: judged.changes,
            refusals: judged.refusals,
        });
    }
    Ok(rows)
}

fn judge_line(
    columns: &ImportColumns,
    cells: &[String],
    line: &MemberLine,
    (association, directory): (AssociationId, &Directory),
    encoding: FileEncoding,
) -> JudgedRow {
    let written = |text: &str| match encoding {
        FileEncoding::Cp932 => as_cp932(text).into_owned(),
        FileEncoding::Utf8Bom | FileEncoding::Utf8 | FileEncoding::Xlsx => text.to_owned(),
    };
    let record = |column| -> Cow<'_, str> { cell(line, column, association, directory) };
    judge_row(columns, cells, record, written)
}

/// The files of an association, newest first.
///
/// # Errors
/// [`AppError::Denied`] below an operator there.
pub async fn list_member_imports(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<MemberImportId>,
    limit: i64,
) -> Result<Vec<SeenImport>, AppError> {
    const ACTION: &str = "registry.list_member_imports";
    let permit = permitted(app, caller, RegistryAction::ImportMembers, association, ACTION).await?;
    let imports = app.store.member_import_list(&permit, association, after, limit).await?;
    let ids: Vec<Uuid> = imports.iter().map(|import| import.id).collect();
    let counts = app.store.member_import_counts(&ids).await?;
    Ok(imports.into_iter().map(|import| SeenImport::of(import, &counts)).collect())
}

/// A file.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
pub async fn get_member_import(app: &App, caller: &Caller, id: MemberImportId) -> Result<SeenImport, AppError> {
    let (import, _) = seen(app, caller, "registry.get_member_import", id).await?;
    let counts = app.store.member_import_counts(&[id.uuid()]).await?;
    Ok(SeenImport::of(import, &counts))
}

/// The rows of a file.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
pub async fn list_import_rows(
    app: &App,
    caller: &Caller,
    (id, outcome): (MemberImportId, Option<ImportOutcome>),
    after: Option<i32>,
    limit: i64,
) -> Result<Vec<ImportRow>, AppError> {
    let (_, permit) = seen(app, caller, "registry.list_import_rows", id).await?;
    Ok(app.store.member_import_row_list(&permit, (id, outcome), after, limit).await?)
}

async fn seen(
    app: &App,
    caller: &Caller,
    action: &'static str,
    id: MemberImportId,
) -> Result<(MemberImport, Permit<RegistryAction>), AppError> {
    let import = app.store.member_import_get(id).await?.ok_or(AppError::NotFound)?;
    match authorize_members(&caller.actor, RegistryAction::ImportMembers, import.association()) {
        Ok(permit) => Ok((import, permit)),
        Err(denied) => {
            let subject = ("member_import", Some(id.uuid()));
            Err(app.refused(caller, action, subject, None, denied.into()).await)
        }
    }
}

async fn seen_now(tx: &mut Tx, id: MemberImportId) -> Result<SeenImport, AppError> {
    let (import, counts) = tx.member_import_now(id).await?.ok_or(AppError::NotFound)?;
    Ok(SeenImport::of(import, &counts))
}

/// Whether a file's changes are written or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Written.
    Apply,
    /// Taken back.
    Undo,
}

/// Writes what a file changes, or takes it back, in one transaction. A row whose record has changed since is left alone and told.
///
/// Rules IMP-6, IMP-7; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`WorkflowError::WrongState`] when there is nothing to write or to take back.
#[tracing::instrument(name = "registry.move_member_import", skip_all)]
pub async fn move_member_import(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (id, which): (MemberImportId, Move),
    render: impl AsyncFnOnce(SeenImport) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let action = match which {
        Move::Apply => "registry.apply_member_import",
        Move::Undo => "registry.undo_member_import",
    };
    let moved = app
        .once(caller, idempotency, async |tx| {
            let (association, state, applied_at) = tx.member_import_lock(id).await?.ok_or(AppError::NotFound)?;
            let actor = tx.actor_afresh(&caller.actor, app.clock.today()).await?;
            let permit = authorize_members(&actor, RegistryAction::ImportMembers, association)?;
            let now = app.clock.now();
            let rows = match (which, state) {
                (Move::Apply, MemberImportState::Checked) => ImportOutcome::WouldChange,
                (Move::Undo, MemberImportState::Applied) if applied_at.is_some_and(|at| now < at + UNDONE_WITHIN) => {
                    ImportOutcome::Changed
                }
                (Move::Apply | Move::Undo, _) => return Err(WorkflowError::WrongState.into()),
            };
            let rows = tx.member_import_rows_of(id, rows).await?;
            if rows.is_empty() {
                return Err(WorkflowError::WrongState.into());
            }
            write(tx, &permit, (id, action, which), rows, now).await?;
            tx.member_import_moved(&permit, id, which == Move::Undo, now).await?;
            render(seen_now(tx, id).await?).await
        })
        .await;
    match moved {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, action, ("member_import", Some(id.uuid())), None, error).await),
    }
}

async fn write(
    tx: &mut Tx,
    permit: &Permit<RegistryAction>,
    (id, action, which): (MemberImportId, &'static str, Move),
    rows: Vec<(i32, Uuid, Vec<FieldChange>)>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let persons: Vec<Uuid> = rows.iter().map(|(_, person, _)| *person).collect();
    let facts = tx.import_facts_lock(&persons).await?;
    let (mut done, mut left, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (row, person, changes) in rows {
        let changes: Vec<FieldChange> = match which {
            Move::Apply => changes,
            Move::Undo => changes.iter().map(FieldChange::reversed).collect(),
        };
        let facts = facts.get(&person).filter(|facts| changes.iter().all(|c| facts.holds(c.field, &c.before)));
        let Some(facts) = facts else {
            left.push(row);
            continue;
        };
        let person = PersonId::from_uuid(person);
        tx.member_change(permit, (person, facts), &changes, now).await?;
        events.push(NewAuditEvent {
            action,
            outcome: AuditOutcome::Done,
            subject_kind: "person",
            subject_id: Some(person.uuid()),
            person: Some(person),
            at: now,
            payload: Some(json!({ "changes": record_changes(&changes), "import": id })),
        });
        done.push(row);
    }
    tx.audit_append_many(permit, events).await?;
    let since = [RowRefusal::row(ImportRefusal::ChangedSince)];
    let (came_out, stayed) = match which {
        Move::Apply => (ImportOutcome::Changed, ImportOutcome::Refused),
        Move::Undo => (ImportOutcome::Undone, ImportOutcome::NotUndone),
    };
    tx.member_import_rows_came_out(permit, id, &done, (came_out, &[])).await?;
    tx.member_import_rows_came_out(permit, id, &left, (stayed, &since)).await?;
    Ok(())
}

/// Forgets the rows of files whose time is over; says how many (IMP-7).
///
/// # Errors
/// [`AppError::Store`]
pub async fn forget_import_rows(app: &App) -> Result<usize, AppError> {
    // Whoever applied a file on the last day keeps the whole time to take it back.
    Ok(app.store.member_import_rows_forget(app.clock.now() - UNDONE_WITHIN - UNDONE_WITHIN).await?)
}
