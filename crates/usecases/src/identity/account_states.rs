use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::policy::{IdentityAction, authorize_owner};
use mamis_domain::identity::{
    AccountStanding, Denied, MembershipEvent, Permit, SystemActor, account_after, may_lift, transition,
};
use mamis_kernel::{AccountId, AccountState, PersonId, SessionEndReason, SessionId, SuspensionReason};
use mamis_persistence::Tx;
use mamis_persistence::audit::{NewAuditEvent, ReadEvent};
use mamis_persistence::identity::{AccountDiagnosis, NewSuspension};
use serde_json::json;

use super::log_in::account_key;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// What a rule writes when it ends an account's use.
const BY_RULE: &str = "会員資格の異動による（ID-67）";

/// A person's account for the screen "cannot sign in".
#[derive(Debug, Clone)]
pub struct DiagnosedAccount {
    /// The account; `None`: the person has none.
    pub account: Option<AccountDiagnosis>,
    /// Until when log-ins are refused after wrong passwords.
    pub throttled_until: Option<DateTime<Utc>>,
    /// The reasons for which the caller may suspend it now.
    pub may_suspend_for: Vec<SuspensionReason>,
    /// Whether the caller may lift the suspension in force.
    pub may_lift: bool,
}

/// The sessions that ended with an account's use; tell [`forget_sessions`] once the transaction is committed.
#[derive(Debug, Clone)]
pub struct AccountStopped {
    account: AccountId,
    sessions: Vec<SessionId>,
}

/// Forgets what is remembered of ended sessions, so that their access tokens are refused with the next request. Other
/// processes notice within twenty seconds.
pub async fn forget_sessions(app: &App, stopped: &AccountStopped) {
    for session in &stopped.sessions {
        app.actors.invalidate(&(stopped.account, *session)).await;
    }
}

/// Why somebody cannot sign in, on one screen, for the clerks who see the person.
///
/// # Errors
/// [`AppError::Denied`]
#[tracing::instrument(name = "identity.read_account", skip_all)]
pub async fn read_account(app: &App, caller: &Caller, person: PersonId) -> Result<DiagnosedAccount, AppError> {
    const ACTION: &str = "identity.read_account";
    let facts = app.store.owner_facts(person, app.clock.today()).await?;
    if let Err(denied) = authorize_owner(&caller.actor, IdentityAction::ReadAccount, &facts) {
        return Err(app.refused(caller, ACTION, subject(person), None, denied.into()).await);
    }
    let now = app.clock.now();
    let account = app.store.account_diagnosis(person).await?;
    let throttled_until = match &account {
        Some(account) => app.store.login_blocked_until(&[account_key(&account.login_id)], now).await?,
        None => None,
    };
    let association = facts.acting_association(&caller.actor);
    app.read_audit
        .record(ReadEvent {
            account: caller.actor.account,
            association,
            on_behalf_of: None,
            action: ACTION,
            subject_kind: "person",
            subject_id: person.uuid(),
            person: Some(person),
            at: now,
            request_id: Some(caller.request_id.clone()),
        })
        .await;
    let reasons = facts.reasons_of(&caller.actor);
    let state = account.as_ref().map(|account| account.state);
    let directory = app.directory().await?;
    let tier = |id| directory.get(id).map(|association| association.tier);
    let open = account.as_ref().and_then(|account| account.suspension.as_ref());
    let lifting = open.is_some_and(|open| {
        let high_enough = association.and_then(tier).is_some_and(|own| may_lift(open.association.and_then(tier), own));
        reasons.contains(&open.reason) && high_enough
    });
    Ok(DiagnosedAccount {
        account,
        throttled_until,
        may_suspend_for: if state == Some(AccountState::Active) { reasons } else { Vec::new() },
        may_lift: lifting,
    })
}

fn subject(person: PersonId) -> (&'static str, Option<uuid::Uuid>) {
    ("person", Some(person.uuid()))
}

fn done(action: &'static str, account: AccountId, person: PersonId, at: DateTime<Utc>) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "account",
        subject_id: Some(account.uuid()),
        person: Some(person),
        at,
        payload: None,
    }
}

/// Suspends a person's account: its sessions end at once, its data stay.
///
/// Rules ID-65, ID-66; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::AccountState`] for accounts that are not in use.
#[tracing::instrument(name = "identity.suspend_account", skip_all)]
pub async fn suspend_account(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    person: PersonId,
    (reason, note): (SuspensionReason, &str),
) -> Result<Answer, AppError> {
    const ACTION: &str = "identity.suspend_account";
    let (now, today) = (app.clock.now(), app.clock.today());
    let mut stopped = None;
    let suspended = app
        .once(caller, idempotency, async |tx| {
            let facts = tx.owner_facts(person, today).await?;
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_owner(&actor, IdentityAction::suspend(reason), &facts)?;
            let owner = tx.account_of_person_for_update(person).await?.ok_or(AppError::AccountState)?;
            let state = transition(owner.standing.state, AccountState::Suspended);
            let state = state.map_err(|_| AppError::AccountState)?;
            let standing = AccountStanding { state, suspended_for: Some(reason), ..owner.standing };
            let association = permit.as_clerk_of();
            let new = NewSuspension { id: app.new_id(), reason, note, association, since: now };
            tx.account_stands(&permit, owner.account, standing).await?;
            tx.suspension_insert(&permit, owner.account, &new).await?;
            let sessions = tx.sessions_end_all(owner.account, SessionEndReason::AccountStopped, now).await?;
            let mut event = done(ACTION, owner.account, person, now);
            event.payload = Some(json!({ "reason": reason }));
            tx.audit_append(&permit, event).await?;
            stopped = Some(AccountStopped { account: owner.account, sessions });
            Ok(Rendered::nothing())
        })
        .await;
    match suspended {
        Ok(answer) => {
            if let Some(stopped) = stopped {
                forget_sessions(app, &stopped).await;
            }
            Ok(answer)
        }
        Err(error) => Err(app.refused(caller, ACTION, subject(person), None, error).await),
    }
}

/// Lifts the suspension of a person's account: whoever may suspend for its reason may, from the same tier or a higher one.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::AccountState`] when the account is not suspended.
#[tracing::instrument(name = "identity.lift_suspension", skip_all)]
pub async fn lift_suspension(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    person: PersonId,
    note: &str,
) -> Result<Answer, AppError> {
    const ACTION: &str = "identity.lift_suspension";
    let (now, today) = (app.clock.now(), app.clock.today());
    let directory = app.directory().await?;
    let lifted = app
        .once(caller, idempotency, async |tx| {
            let facts = tx.owner_facts(person, today).await?;
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            // Who may not even look must not learn whether it is suspended.
            authorize_owner(&actor, IdentityAction::ReadAccount, &facts)?;
            if facts.reasons_of(&actor).is_empty() {
                return Err(Denied::Forbidden.into());
            }
            let owner = tx.account_of_person_for_update(person).await?.ok_or(AppError::AccountState)?;
            let open = owner.suspension.ok_or(AppError::AccountState)?;
            let permit = authorize_owner(&actor, IdentityAction::suspend(open.reason), &facts)?;
            let tier = |id| directory.get(id).map(|association| association.tier);
            let own = permit.as_clerk_of().and_then(tier);
            if !own.is_some_and(|own| may_lift(open.association.and_then(tier), own)) {
                return Err(Denied::Forbidden.into());
            }
            let state = transition(owner.standing.state, AccountState::Active).map_err(|_| AppError::AccountState)?;
            let standing = AccountStanding { state, suspended_for: None, ..owner.standing };
            tx.account_stands(&permit, owner.account, standing).await?;
            tx.suspension_lift(&permit, owner.account, note, now).await?;
            tx.audit_append(&permit, done(ACTION, owner.account, person, now)).await?;
            Ok(Rendered::nothing())
        })
        .await;
    match lifted {
        Ok(answer) => Ok(answer),
        Err(error) => Err(app.refused(caller, ACTION, subject(person), None, error).await),
    }
}

/// Changes a person's account as the rule says when memberships begin or end; part of the transaction that ends them. Gives
/// the sessions that ended with it, to be forgotten after the commit.
///
/// Rule ID-67; source: docs/rules/identity.md#id-67.
///
/// # Errors
/// [`AppError::Store`]
pub async fn apply_membership_event<A: Copy>(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<A>,
    person: PersonId,
    event: MembershipEvent,
) -> Result<Option<AccountStopped>, AppError> {
    let Some(owner) = tx.account_of_person_for_update(person).await? else { return Ok(None) };
    let now = app.clock.now();
    let after = account_after(owner.standing, event);
    if after == owner.standing {
        return Ok(None);
    }
    tx.account_stands(permit, owner.account, after).await?;
    match (owner.standing.suspended_for, after.suspended_for) {
        (None, Some(reason)) => {
            let new = NewSuspension {
                id: app.new_id(),
                reason,
                note: BY_RULE,
                association: permit.as_clerk_of(),
                since: now,
            };
            tx.suspension_insert(permit, owner.account, &new).await?;
        }
        (Some(_), None) => tx.suspension_lift(permit, owner.account, BY_RULE, now).await?,
        (None, None) | (Some(_), Some(_)) => {}
    }
    tx.audit_append(permit, done("identity.account_follows_memberships", owner.account, person, now)).await?;
    if after.state == AccountState::Active || after.state == owner.standing.state {
        return Ok(None);
    }
    let sessions = tx.sessions_end_all(owner.account, SessionEndReason::AccountStopped, now).await?;
    Ok(Some(AccountStopped { account: owner.account, sessions }))
}

/// Brings accounts in line with memberships that began or ended by today: the nightly job. Says how many changed.
///
/// # Errors
/// [`AppError::Store`]; what was done until then stays, and the next run goes on.
#[tracing::instrument(name = "identity.follow_memberships", skip_all)]
pub async fn follow_memberships(app: &App) -> Result<u64, AppError> {
    const AT_ONCE: i64 = 500;
    let permit = Permit::system(SystemActor::Worker, ());
    let today = app.clock.today();
    let (mut after, mut changed) = (None, 0);
    loop {
        let found = app.store.accounts_to_follow(today, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(changed) };
        after = Some(last.person);
        for tracked in &found {
            let stopped = app
                .store
                .transaction(None, async |tx| {
                    apply_membership_event(app, tx, &permit, tracked.person, tracked.event).await
                })
                .await?;
            changed += 1;
            if let Some(stopped) = stopped {
                forget_sessions(app, &stopped).await;
            }
        }
    }
}
