use actix_web::web::Json;
use actix_web::{HttpRequest, get};
use mamis_contract::Page;
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{HistoryCase, HistoryChangeView, HistoryEntryView};
use mamis_domain::registry::Directory;
use mamis_domain::registry::record::RecordChange;
use mamis_kernel::{PersonId, RecordField};
use mamis_usecases::registry::{self, HistoryEntry};

use crate::cursor;
use crate::extract::{AppData, Params, PathId, SignedIn};
use crate::openapi::ReadProblems;
use crate::problem::{Rejection, Trouble};
use crate::registry::wire::{association_ref, category_view};

/// Lists what was changed about a person, latest first: when, by whom, which fields, before and after, and the case it came from.
///
/// A physician sees all of the own record; a clerk changes whose facts lie in the own branch. Readings of another's history are
/// audited.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = PersonId, Path), PageQuery),
    responses((status = 200, body = Page<HistoryEntryView>, description = "A page"), ReadProblems))]
#[get("/persons/{id}/history")]
pub async fn get_person_history(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<HistoryEntryView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let before: Option<i64> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let history = registry::get_person_history(&app, &caller, id, before, limit.saturating_add(1)).await?;
        let (directory, is_masked) = (history.directory, history.is_masked);
        let view = |entry| entry_view(entry, is_masked, &directory);
        Ok::<_, Trouble>(Json(cursor::page(history.entries, limit, |entry| entry.row.sequence, view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

fn entry_view(entry: HistoryEntry, is_masked: bool, directory: &Directory) -> HistoryEntryView {
    let HistoryEntry { row, actor } = entry;
    HistoryEntryView {
        id: row.id,
        at: row.at,
        action: row.action,
        actor,
        by: row.by,
        association: row.association.and_then(|id| association_ref(directory, id)),
        application: row.application.map(|(id, number)| HistoryCase { id, number }),
        changes: row.changes.into_iter().map(|change| change_view(change, is_masked, directory)).collect(),
    }
}

fn change_view(change: RecordChange, is_masked: bool, directory: &Directory) -> HistoryChangeView {
    let RecordChange { field, of, before, after, association_id } = change;
    let masked = is_masked && field.sensitive().is_some();
    let shown = |value: Option<String>| match (association_id, field) {
        _ if masked => None,
        (Some(association), RecordField::MembershipCategory) => {
            value.map(|code| category_view(directory, association, code).label)
        }
        (_, _) => value,
    };
    let association = association_id.and_then(|id| association_ref(directory, id)).map(|association| association.name);
    HistoryChangeView { field, of: association.or(of), before: shown(before), after: shown(after), masked }
}
