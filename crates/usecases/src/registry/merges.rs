//! One record made of two, and two again.

use std::sync::Arc;

use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::Directory;
use mamis_domain::registry::merge::join_memberships;
use mamis_domain::registry::policy::{RegistryAction, authorize_members};
use mamis_domain::registry::record::{RecordChange, person_changes};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{
    AccountId, AssociationId, FieldErrorCode, MergeField, MergeId, PersonId, RecordField, RecordPart, SessionEndReason,
    SessionId,
};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::{DoneMerge, Merge, PersonRecord};
use mamis_persistence::{StoreError, Tx};
use serde_json::json;

use super::members::permitted;
use super::reads::in_a_branch;
use crate::read_audit::Reading;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

const ACTION: &str = "registry.merge_persons";

/// Which two records are to become one.
#[derive(Debug, Clone)]
pub struct MergePersons {
    /// As clerk of what.
    pub association: AssociationId,
    /// The record that stays.
    pub kept: PersonId,
    /// The record that is given up.
    pub given_up: PersonId,
    /// What the kept record takes over from the other one.
    pub taken: Vec<MergeField>,
}

/// What a merge makes of two records.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The merge.
    pub id: MergeId,
    /// The record that stays, as it was.
    pub kept: PersonRecord,
    /// The record that is given up, as it was.
    pub given_up: PersonRecord,
    /// The record that there is then.
    pub after: PersonRecord,
    /// How many of what the kept record has from the other one.
    pub moved: Vec<(RecordPart, i64)>,
    /// Whether the account of the record that is given up is closed, because the kept record has one.
    pub closes_account: bool,
    /// What the record's history says of it (HIS-1).
    pub changes: Vec<RecordChange>,
    /// For the names of associations and categories.
    pub directory: Arc<Directory>,
}

/// Whose sessions are to be known anew once the merge is committed.
type Stirred = Vec<(AccountId, Vec<SessionId>)>;

/// What comes out of a transaction that was never meant to stay.
enum Tried {
    Shown(Box<Merged>),
    Refused(AppError),
}

impl From<StoreError> for Tried {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// Shows what a merge would make of two records, by doing it and taking it back.
///
/// Rules MERGE-1 to MERGE-4; source: docs/rules/registry.md#merge-1.
///
/// # Errors
/// [`AppError::Denied`] to who is no approver there; [`AppError::NotFound`] unless both are or were members of the association and
/// neither was given up; [`WorkflowError::InvalidFields`] for a record and itself.
#[tracing::instrument(name = "registry.preview_merge", skip_all)]
pub async fn preview_merge(app: &App, caller: &Caller, wish: &MergePersons) -> Result<Merged, AppError> {
    const ACTION: &str = "registry.preview_merge";
    let permit = permitted(app, caller, RegistryAction::MergePersons, wish.association, ACTION).await?;
    let directory = app.directory().await?;
    let tried: Result<(), Tried> = app
        .store
        .transaction(Some(&caller.request_id), async |tx| {
            let merged = merge(app, tx, (caller, &permit), wish, &directory).await.map_err(Tried::Refused)?;
            Err(Tried::Shown(Box::new(merged.0)))
        })
        .await;
    match tried {
        Ok(()) => Err(AppError::Internal("a trial was committed")),
        Err(Tried::Refused(error)) => Err(error),
        Err(Tried::Shown(merged)) => {
            for person in [wish.kept, wish.given_up] {
                let subject = ("person", person.uuid());
                let association = Some(wish.association);
                app.seen(caller, Reading { action: ACTION, subject, person: Some(person), association }).await;
            }
            Ok(*merged)
        }
    }
}

/// Makes one record of two. It can be taken back as long as nothing of it was changed.
///
/// Rules MERGE-1 to MERGE-4; source: docs/rules/registry.md#merge-1.
///
/// # Errors
/// Those of [`preview_merge`].
#[tracing::instrument(name = "registry.merge_persons", skip_all)]
pub async fn merge_persons(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    wish: &MergePersons,
    render: impl Fn(&Merged) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let permit = permitted(app, caller, RegistryAction::MergePersons, wish.association, ACTION).await?;
    let directory = app.directory().await?;
    let mut stirred = Stirred::new();
    let answer = app
        .once(caller, idempotency, async |tx| {
            let (merged, sessions) = merge(app, tx, (caller, &permit), wish, &directory).await?;
            stirred = sessions;
            let taken: Vec<&str> = wish.taken.iter().map(|field| field.as_str()).collect();
            let payload = json!({
                "kept": wish.kept, "given_up": wish.given_up, "taken": taken, "changes": merged.changes,
            });
            tx.audit_append(&permit, done(app, ACTION, merged.id, wish.kept, payload)).await?;
            render(&merged)
        })
        .await?;
    for (account, sessions) in stirred {
        for session in sessions {
            app.actors.invalidate(&(account, session)).await;
        }
    }
    Ok(answer)
}

async fn merge(
    app: &App,
    tx: &mut Tx,
    (caller, permit): (&Caller, &Permit<RegistryAction>),
    wish: &MergePersons,
    directory: &Arc<Directory>,
) -> Result<(Merged, Stirred), AppError> {
    if wish.kept == wish.given_up {
        let fault = FieldFault::new("/given_up_id", FieldErrorCode::Conflicting);
        return Err(WorkflowError::InvalidFields(vec![fault]).into());
    }
    if !tx.persons_for_merge(wish.association, [wish.kept, wish.given_up]).await? {
        return Err(AppError::NotFound);
    }
    let shown = |mut record: PersonRecord| {
        record.memberships.retain(|membership| {
            in_a_branch(directory, &[wish.association], AssociationId::from_uuid(membership.association_id))
        });
        record
    };
    let (kept, given_up) = (tx.person_record(wish.kept).await?, tx.person_record(wish.given_up).await?);
    let facts = tx.person_facts(wish.kept).await?;
    let own = tx.stretches_for_update(wish.kept).await?;
    let joined = join_memberships(&own, &tx.stretches_for_update(wish.given_up).await?);
    let now = app.clock.now();
    let merge = Merge {
        id: MergeId::from_uuid(app.new_id()),
        kept: wish.kept,
        given_up: wish.given_up,
        association: wish.association,
        by: caller.actor.account,
        at: now,
    };
    let accounts = tx.persons_merge(permit, &merge, &wish.taken, &joined).await?;
    let mut stirred: Stirred = accounts.moved.into_iter().collect();
    if let Some(closed) = accounts.closed {
        stirred.push((closed, tx.sessions_end_all(closed, SessionEndReason::Revoked, now).await?));
    }
    let mut changes = person_changes(Some(&facts), &tx.person_facts(wish.kept).await?);
    changes.extend(joined.added.iter().map(|said| {
        let first_day = said.period.valid_from().to_string();
        RecordChange::membership(said.association, RecordField::MembershipFrom, first_day)
    }));
    let merged = Merged {
        changes,
        id: merge.id,
        kept: shown(kept),
        given_up: shown(given_up),
        after: shown(tx.person_record(wish.kept).await?),
        moved: tx.merge_counts(merge.id).await?,
        closes_account: accounts.closed.is_some(),
        directory: directory.clone(),
    };
    Ok((merged, stirred))
}

/// The merges that clerks of an association have done, latest first.
///
/// # Errors
/// [`AppError::Denied`] to who is no operator there.
#[tracing::instrument(name = "registry.list_merges", skip_all)]
pub async fn list_merges(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<MergeId>,
    limit: i64,
) -> Result<Vec<DoneMerge>, AppError> {
    const ACTION: &str = "registry.list_merges";
    let permit = permitted(app, caller, RegistryAction::SortDuplicates, association, ACTION).await?;
    let found = app.store.merge_list(&permit, association, after, limit).await?;
    let subject = ("association", association.uuid());
    app.seen(caller, Reading { action: ACTION, subject, person: None, association: Some(association) }).await;
    Ok(found)
}

/// Takes a merge back: both records are as they were. What was filed or written since stays with the kept record.
///
/// Rule MERGE-5; source: docs/rules/registry.md#merge-5.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::ChangedSince`] when it was taken back already, or when something that it
/// had moved was changed afterwards: then nothing is taken back.
#[tracing::instrument(name = "registry.undo_merge", skip_all)]
pub async fn undo_merge(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    id: MergeId,
) -> Result<Answer, AppError> {
    const ACTION: &str = "registry.undo_merge";
    let now = app.clock.now();
    let undone = app
        .once(caller, idempotency, async |tx| {
            let found = tx.merge_for_update(id).await?.ok_or(AppError::NotFound)?;
            let (association, pair, is_undone) = found;
            let permit = authorize_members(&caller.actor, RegistryAction::MergePersons, association)?;
            let [kept, given_up] = pair;
            let facts = tx.person_facts(kept).await?;
            if is_undone || !tx.merge_undo(&permit, (id, pair), caller.actor.account, now).await? {
                return Err(AppError::ChangedSince);
            }
            let changes = person_changes(Some(&facts), &tx.person_facts(kept).await?);
            let payload = json!({ "kept": kept, "given_up": given_up, "changes": changes });
            tx.audit_append(&permit, done(app, ACTION, id, kept, payload)).await?;
            Ok(Rendered::nothing())
        })
        .await;
    match undone {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, ACTION, ("person_merge", Some(id.uuid())), None, error).await),
    }
}

fn done(
    app: &App,
    action: &'static str,
    id: MergeId,
    kept: PersonId,
    payload: serde_json::Value,
) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "person_merge",
        subject_id: Some(id.uuid()),
        person: Some(kept),
        at: app.clock.now(),
        payload: Some(payload),
    }
}
