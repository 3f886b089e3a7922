use chrono::NaiveDate;
use mamis_domain::identity::policy::{IdentityAction, RoleTerm, authorize_change};
use mamis_domain::identity::{DatedRole, ImpossibleTerm, Permit, change_role, end_role, loses_last_administrator};
use mamis_domain::registry::Directory;
use mamis_kernel::{ClerkRoleId, FieldErrorCode, Period, Role, SessionId};
use mamis_persistence::Tx;
use mamis_persistence::identity::{ClerkRole, ClerkRoleItem};

use super::super::change_password::refused;
use super::{done, forget_actor, place_facts};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// What a role becomes.
#[derive(Debug, Clone, Copy)]
pub struct ChangeRole {
    /// The role.
    pub role: Role,
    /// From which day; today when not given.
    pub first_day: Option<NaiveDate>,
    /// To the end of which day; open when not given.
    pub last_day: Option<NaiveDate>,
}

/// Changes a clerk's role or its days: the row is closed and succeeded.
///
/// Rules ID-60 to ID-63; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::StaleVersion`] when the role was changed or has ended since;
/// [`AppError::LastAdministrator`]; faults of the days.
#[tracing::instrument(name = "identity.change_clerk", skip_all)]
pub async fn change_clerk_role(
    app: &App,
    caller: &Caller,
    id: ClerkRoleId,
    command: ChangeRole,
) -> Result<ClerkRoleItem, AppError> {
    let today = app.clock.today();
    let directory = app.directory().await?;
    let changed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let ChangeRole { role, first_day, last_day } = command;
            let after = RoleTerm { role, last_day };
            let (before, permit) = opened(app, tx, caller, &directory, id, Some(after)).await?;
            let rows =
                change_role(before.dated, role, first_day.unwrap_or(today), last_day, today).map_err(impossible)?;
            let (last, sessions) = succeed(app, tx, &permit, &before, &rows).await?;
            let event = done(app, "identity.change_clerk", ("clerk_role", id.uuid()));
            tx.audit_append(&permit, event).await?;
            Ok((last.unwrap_or(id), before, permit, sessions))
        })
        .await;
    match changed {
        Ok((last, before, permit, sessions)) => {
            forget_actor(app, before.account, &sessions).await;
            let item = app.store.clerk_role_item(&permit, last).await?;
            item.ok_or(AppError::Internal("a role that was just written is gone"))
        }
        Err(error) => Err(app.refused(caller, "identity.change_clerk", subject(id), None, error).await),
    }
}

/// Ends a clerk's role, at once or with a day.
///
/// # Errors
/// Those of [`change_clerk_role`].
#[tracing::instrument(name = "identity.end_clerk", skip_all)]
pub async fn end_clerk_role(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    id: ClerkRoleId,
    last_day: Option<NaiveDate>,
) -> Result<Answer, AppError> {
    let today = app.clock.today();
    let directory = app.directory().await?;
    let mut stopped = None;
    let ended = app
        .once(caller, idempotency, async |tx| {
            let (before, permit) = opened(app, tx, caller, &directory, id, None).await?;
            let left = end_role(before.dated, last_day, today).map_err(impossible)?;
            let rows: Vec<DatedRole> = left.into_iter().collect();
            let (_, sessions) = succeed(app, tx, &permit, &before, &rows).await?;
            tx.audit_append(&permit, done(app, "identity.end_clerk", ("clerk_role", id.uuid()))).await?;
            stopped = Some((before.account, sessions));
            Ok(Rendered::nothing())
        })
        .await;
    match ended {
        Ok(answer) => {
            if let Some((account, sessions)) = stopped {
                forget_actor(app, account, &sessions).await;
            }
            Ok(answer)
        }
        Err(error) => Err(app.refused(caller, "identity.end_clerk", subject(id), None, error).await),
    }
}

pub(super) fn subject(id: ClerkRoleId) -> (&'static str, Option<uuid::Uuid>) {
    ("clerk_role", Some(id.uuid()))
}

fn impossible(term: ImpossibleTerm) -> AppError {
    match term {
        ImpossibleTerm::First => refused("/first_day", FieldErrorCode::OutOfRange),
        ImpossibleTerm::Last => refused("/last_day", FieldErrorCode::OutOfRange),
    }
}

/// Locks the place and then the role, and asks the policy with the caller's roles as they are behind the lock.
pub(super) async fn opened(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    directory: &Directory,
    id: ClerkRoleId,
    after: Option<RoleTerm>,
) -> Result<(ClerkRole, Permit<IdentityAction>), AppError> {
    let place = tx.clerk_role_place(id).await?.ok_or(AppError::NotFound)?;
    tx.place_lock(place).await?;
    let before = tx.clerk_role_for_update(id).await?.ok_or(AppError::NotFound)?;
    let facts = place_facts(app, tx, directory, place).await?;
    let actor = tx.actor_afresh(&caller.actor, app.clock.today()).await?;
    let term = RoleTerm { role: before.dated.role, last_day: before.dated.period.last_day() };
    let permit = authorize_change(&actor, &facts, before.account, term, after)?;
    let over = before.dated.period.valid_to().is_some_and(|end| end <= app.clock.today());
    if before.superseded || over {
        return Err(AppError::StaleVersion);
    }
    Ok((before, permit))
}

/// Puts `rows` in the place of a role, unless the association would lose its last administrator. Gives the last new row and
/// the holder's open sessions.
async fn succeed(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<IdentityAction>,
    before: &ClerkRole,
    rows: &[DatedRole],
) -> Result<(Option<ClerkRoleId>, Vec<SessionId>), AppError> {
    let (now, today) = (app.clock.now(), app.clock.today());
    if let Some(association) = before.place.association() {
        let there = tx.administrators(association, today).await?;
        let others = there.iter().filter(|role| role.id != before.id).map(|role| role.dated.period);
        // Of an account that cannot be used nobody is left anyway.
        let counts = there.iter().any(|role| role.id == before.id) || before.dated.role != Role::Administrator;
        let kept = rows.iter().filter(|row| counts && row.role == Role::Administrator).map(|row| row.period);
        let after: Vec<Period> = others.chain(kept).collect();
        let there: Vec<Period> = there.iter().map(|role| role.dated.period).collect();
        if loses_last_administrator(&there, &after, today) {
            return Err(AppError::LastAdministrator);
        }
    }
    tx.clerk_role_supersede(permit, before.id, now).await?;
    let mut last = None;
    for row in rows {
        let id = ClerkRoleId::from_uuid(app.new_id());
        tx.clerk_role_insert(permit, id, before.account, before.place, *row).await?;
        last = Some(id);
    }
    Ok((last, tx.sessions_open(before.account, now).await?))
}
