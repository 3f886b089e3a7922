use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::policy::{IdentityAction, authorize_acceptance};
use mamis_domain::identity::{Actor, DatedRole, Permit, SystemActor, ThrottleRule};
use mamis_kernel::{AccountClass, AccountId, ClerkRoleId, FieldErrorCode, Language, Period};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::{Invitation, InvitedAccount};
use mamis_persistence::{Conflict, StoreError, Tx};

use super::super::change_password::{judged, refused};
use super::super::tokens::hash;
use super::code::code_hash;
use super::{done, forget_actor, place_facts};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Somebody who accepts an invitation and has no account yet.
#[derive(Debug, Clone)]
pub struct AcceptInvitation {
    /// As it was mailed or handed over.
    pub code: String,
    /// What will be typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// The new password.
    pub password: String,
    /// In which language to write.
    pub language: Language,
}

/// What an invitation says to whoever holds its code.
#[derive(Debug, Clone)]
pub struct LookedUpInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The organisation's name, when it is none of the associations.
    pub organisation: Option<mamis_persistence::identity::Organisation>,
}

const ACCEPT: &str = "identity.accept_clerk_invitation";

fn throttle_key(address: &str) -> Vec<u8> {
    hash(&format!("clerk_invitation:{address}")).to_vec()
}

/// The invitation of a code that may be accepted, as far as that is known before it is.
async fn usable(app: &App, code: &str, address: &str, request_id: &str) -> Result<Invitation, AppError> {
    let now = app.clock.now();
    let key = throttle_key(address);
    if let Some(until) = app.store.login_blocked_until(std::slice::from_ref(&key), now).await? {
        return Err(AppError::LoginThrottled { seconds: (until - now).num_seconds() + 1 });
    }
    let found = app.store.invitation_by_code(&code_hash(code)).await?;
    if let Some(invitation) = found.as_ref().filter(|invitation| stands(app, invitation)) {
        return Ok(invitation.clone());
    }
    not_usable(app, found.as_ref(), &key, request_id).await
}

/// Whether it was neither used nor expired, and the role it is about has not ended by now.
fn stands(app: &App, invitation: &Invitation) -> bool {
    let (now, today) = (app.clock.now(), app.clock.today());
    let over = invitation.dated.period.valid_to().is_some_and(|end| end <= today);
    !invitation.used && now < invitation.expires_at && !over
}

/// Counts and records a code that does not work; which fault it was is not said.
async fn not_usable<T>(
    app: &App,
    invitation: Option<&Invitation>,
    key: &[u8],
    request_id: &str,
) -> Result<T, AppError> {
    let now = app.clock.now();
    let event = NewAuditEvent {
        action: ACCEPT,
        outcome: AuditOutcome::Denied,
        subject_kind: "clerk_invitation",
        subject_id: invitation.map(|invitation| invitation.id.uuid()),
        person: None,
        at: now,
        payload: None,
    };
    app.store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            tx.login_failed(key, &ThrottleRule::ADDRESS, now).await?;
            Ok(tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?)
        })
        .await?;
    Err(AppError::InvitationUnusable)
}

/// What an invitation is about, for whoever holds its code.
///
/// # Errors
/// [`AppError::InvitationUnusable`]; [`AppError::LoginThrottled`] after many wrong codes from one address.
#[tracing::instrument(name = "identity.look_up_clerk_invitation", skip_all)]
pub async fn look_up_invitation(
    app: &App,
    code: &str,
    address: &str,
    request_id: &str,
) -> Result<LookedUpInvitation, AppError> {
    let invitation = usable(app, code, address, request_id).await?;
    let organisation = match invitation.place.organisation() {
        Some(id) => app.store.organisation_get(id).await?,
        None => None,
    };
    Ok(LookedUpInvitation { invitation, organisation })
}

/// Accepts an invitation with a new account.
///
/// Rules ID-5, ID-64; source: docs/rules/identity.md.
///
/// # Errors
/// Those of [`look_up_invitation`]; faults of the login id and the password.
#[tracing::instrument(name = "identity.accept_clerk_invitation", skip_all)]
pub async fn accept_invitation(
    app: &App,
    command: AcceptInvitation,
    address: &str,
    request_id: &str,
) -> Result<(), AppError> {
    let invitation = usable(app, &command.code, address, request_id).await?;
    let own_data = vec![command.login_id.clone(), command.display_name.clone(), invitation.invitee.clone()];
    if let Some(fault) = judged(command.password.clone(), own_data).await?.fault {
        return Err(refused("/password", fault));
    }
    let clerk = InvitedAccount {
        id: AccountId::from_uuid(app.new_id()),
        class: AccountClass::Clerk,
        login_id: command.login_id,
        display_name: command.display_name,
        password_hash: app.new_password_hash(command.password).await?,
        email: invitation.email.clone(),
        language: command.language,
    };
    app.directory().await?;
    let accepted = app
        .store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            let permit = standing(app, tx, &invitation, clerk.id).await?;
            match tx.invited_account_insert(&permit, &clerk, app.clock.now()).await {
                Err(StoreError::Conflict { conflict: Conflict::LoginIdTaken, .. }) => {
                    return Err(refused("/login_id", FieldErrorCode::Taken));
                }
                made => made?,
            }
            use_up(app, tx, &permit, &invitation, clerk.id).await
        })
        .await;
    match accepted {
        Err(AppError::InvitationUnusable | AppError::Denied(_)) => {
            not_usable(app, Some(&invitation), &throttle_key(address), request_id).await
        }
        accepted => accepted,
    }
}

/// Accepts an invitation with the account that is signed in.
///
/// # Errors
/// [`AppError::InvitationUnusable`]; [`AppError::AlreadyClerk`] when the account holds a role there in these days.
#[tracing::instrument(name = "identity.claim_clerk_invitation", skip_all)]
pub async fn claim_invitation(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    code: &str,
    address: &str,
) -> Result<Answer, AppError> {
    let account = caller.actor.account;
    let claimed = app
        .once(caller, idempotency, async |tx| {
            let found = tx.invitation_of_code(&code_hash(code)).await?;
            let invitation = found.filter(|found| stands(app, found)).ok_or(AppError::InvitationUnusable)?;
            let permit = standing(app, tx, &invitation, account).await?;
            use_up(app, tx, &permit, &invitation, account).await?;
            Ok(Rendered::nothing())
        })
        .await;
    match claimed {
        Ok(answer) => {
            forget_actor(app, account, &[caller.actor.session]).await;
            Ok(answer)
        }
        Err(AppError::InvitationUnusable | AppError::Denied(_)) => {
            let subject = ("clerk_invitation", None);
            let error = app.refused(caller, ACCEPT, subject, None, AppError::InvitationUnusable).await;
            let now = app.clock.now();
            app.store
                .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
                    Ok(tx.login_failed(&throttle_key(address), &ThrottleRule::ADDRESS, now).await?)
                })
                .await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// Locks place and invitation, in this order, and asks whether it still stands and its giver still may give it.
async fn standing(
    app: &App,
    tx: &mut Tx,
    invitation: &Invitation,
    acceptor: AccountId,
) -> Result<Permit<IdentityAction>, AppError> {
    tx.place_lock(invitation.place).await?;
    let locked = tx.invitation_for_update(invitation.id).await?.ok_or(AppError::InvitationUnusable)?;
    if !stands(app, &locked) {
        return Err(AppError::InvitationUnusable);
    }
    let inviter = match locked.invited_by {
        Some(account) => {
            let held = tx.capabilities_of_active(account, app.clock.today()).await?;
            Some(Actor::absent(account, held))
        }
        None => None,
    };
    let directory = app.directory().await?;
    let facts = place_facts(app, tx, &directory, locked.place).await?;
    Ok(authorize_acceptance(inviter.as_ref(), &facts, locked.dated.role, acceptor)?)
}

async fn use_up(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<IdentityAction>,
    invitation: &Invitation,
    account: AccountId,
) -> Result<(), AppError> {
    let DatedRole { role, period } = invitation.dated;
    // Accepted late, the role begins today: it was held on no day before.
    let from = period.valid_from().max(app.clock.today());
    let period = Period::new(from, period.valid_to()).map_err(|_| AppError::InvitationUnusable)?;
    let id = ClerkRoleId::from_uuid(app.new_id());
    tx.clerk_role_insert(permit, id, account, invitation.place, DatedRole { role, period }).await?;
    tx.invitation_accepted(permit, invitation.id, account, app.clock.now()).await?;
    Ok(tx.audit_append(permit, done(app, ACCEPT, ("clerk_invitation", invitation.id.uuid()))).await?)
}
