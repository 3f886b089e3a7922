use std::sync::Arc;

use mamis_domain::identity::Scope;
use mamis_domain::registry::Directory;
use mamis_domain::registry::policy::sees_unmasked;
use mamis_kernel::{AssociationId, HistoryActor, PersonId};
use mamis_persistence::registry::HistoryRow;

use crate::registry::reads::{in_a_branch, seen, seen_by};
use crate::{App, AppError, Caller};

/// Rows that are read at once: a clerk may not know of some of them.
const BATCH: i64 = 200;

/// One change, as far as the reader may know of it.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    /// What the audit says, without what is not the reader's to know.
    pub row: HistoryRow,
    /// What kind of hand it was.
    pub actor: HistoryActor,
}

/// A page of a record's history.
pub struct History {
    /// The changes, latest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether the reader does not see sensitive values (VIS-3).
    pub is_masked: bool,
    /// For the names of associations and categories.
    pub directory: Arc<Directory>,
}

/// What was changed about a person, latest first, before `before`; `limit` changes at most.
///
/// Rule HIS-2 (a clerk is told of changes whose facts lie in the own branch, and of nobody else's clerks); source:
/// docs/rules/registry.md#his-2.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person in the caller's scope.
#[tracing::instrument(name = "registry.get_person_history", skip_all)]
pub async fn get_person_history(
    app: &App,
    caller: &Caller,
    person: PersonId,
    before: Option<i64>,
    limit: usize,
) -> Result<History, AppError> {
    const ACTION: &str = "registry.get_person_history";
    let scope = Scope::of(&caller.actor);
    let record = app.store.person_get(&scope, person).await?.ok_or(AppError::NotFound)?;
    let directory = app.directory().await?;
    let own = scope.person() == Some(person);
    let is_masked = !own && !sees_unmasked(&caller.actor, person, &seen_by(app, &scope, &record).await?);
    let mut entries = Vec::new();
    let mut before = before;
    while entries.len() < limit {
        let rows = app.store.history_list(&scope, person, before, BATCH).await?;
        let is_last = i64::try_from(rows.len()).unwrap_or(BATCH) < BATCH;
        before = rows.last().map(|row| row.sequence);
        let known = |row| known(row, own, scope.associations(), &directory);
        entries.extend(rows.into_iter().filter_map(known));
        if is_last {
            break;
        }
    }
    entries.truncate(limit);
    if !own {
        seen(app, caller, ACTION, person, scope.associations().first().copied()).await;
    } else if !caller.actor.is_own(person) {
        seen(app, caller, ACTION, person, None).await;
    }
    Ok(History { entries, is_masked, directory })
}

/// What a reader may know of a change; `None` when that is nothing.
fn known(
    mut row: HistoryRow,
    own: bool,
    associations: &[AssociationId],
    directory: &Directory,
) -> Option<HistoryEntry> {
    let visible = |association: AssociationId| own || in_a_branch(directory, associations, association);
    row.changes.retain(|change| change.association_id.is_none_or(visible));
    if row.changes.is_empty() {
        return None;
    }
    let is_hidden = row.association.is_some_and(|association| !visible(association));
    let actor = match (row.on_behalf_of, row.association, &row.by) {
        _ if is_hidden => HistoryActor::Other,
        (_, _, None) => HistoryActor::System,
        (Some(_), Some(_), Some(_)) => HistoryActor::OnBehalf,
        (Some(_), None, Some(_)) => HistoryActor::Assistant,
        (None, None, Some(_)) if row.by_person => HistoryActor::Person,
        (None, _, Some(_)) => HistoryActor::Clerk,
    };
    if is_hidden {
        (row.by, row.association) = (None, None);
    }
    if !own && !row.sees_application {
        row.application = None;
    }
    Some(HistoryEntry { row, actor })
}
