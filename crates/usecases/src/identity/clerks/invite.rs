use chrono::{NaiveDate, TimeDelta};
use mamis_domain::identity::policy::{IdentityAction, authorize_grant, authorize_place};
use mamis_domain::identity::{DatedRole, INVITATION_DAYS, Place};
use mamis_kernel::{ClerkInvitationId, FieldErrorCode, Language, Period, Role};
use mamis_persistence::Tx;
use mamis_persistence::identity::NewInvitation;

use super::super::change_password::refused;
use super::code::{code_hash, new_code};
use super::{done, place_facts, place_subject};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Whom to invite, to what.
#[derive(Debug, Clone)]
pub struct InviteClerk {
    /// Where.
    pub place: Place,
    /// To what.
    pub role: Role,
    /// From which day; today when not given.
    pub first_day: Option<NaiveDate>,
    /// To the end of which day.
    pub last_day: Option<NaiveDate>,
    /// Who is meant.
    pub invitee: String,
    /// In which language the invited reads.
    pub language: Language,
}

/// An invitation with its code, which nobody can ask for again.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The answer, fresh or kept.
    pub answer: Answer,
    /// The code to hand over: only with the first answer.
    pub code: Option<String>,
}

/// Invites somebody to a role with a code to be handed over.
///
/// Rules ID-61, ID-64; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; faults of the days.
#[tracing::instrument(name = "identity.invite_clerk", skip_all)]
pub async fn invite_clerk(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    command: InviteClerk,
    render: impl AsyncFnOnce(&mut Tx, &NewInvitation) -> Result<Rendered, AppError>,
) -> Result<Invited, AppError> {
    let place = command.place;
    let (now, today) = (app.clock.now(), app.clock.today());
    let code = new_code()?;
    let directory = app.directory().await?;
    let answer = app
        .once(caller, idempotency, async |tx| {
            if !tx.place_lock(place).await? {
                return Err(AppError::NotFound);
            }
            let facts = place_facts(app, tx, &directory, place).await?;
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_grant(&actor, &facts, command.role)?;
            let period = term(command.first_day, command.last_day, today)?;
            let new = NewInvitation {
                id: ClerkInvitationId::from_uuid(app.new_id()),
                place,
                dated: DatedRole { role: command.role, period },
                invitee: command.invitee,
                email: None,
                language: command.language,
                code_hash: code_hash(&code),
                invited_at: now,
                expires_at: now + TimeDelta::days(INVITATION_DAYS),
            };
            tx.invitation_insert(&permit, &new).await?;
            let event = done(app, "identity.invite_clerk", ("clerk_invitation", new.id.uuid()));
            tx.audit_append(&permit, event).await?;
            render(tx, &new).await
        })
        .await;
    match answer {
        Ok(answer) => {
            let code = (!answer.replayed).then_some(code);
            Ok(Invited { answer, code })
        }
        Err(error) => Err(app.refused(caller, "identity.invite_clerk", place_subject(place), None, error).await),
    }
}

/// The days of a role that somebody is invited to.
fn term(first: Option<NaiveDate>, last: Option<NaiveDate>, today: NaiveDate) -> Result<Period, AppError> {
    let from = first.unwrap_or(today);
    if from < today {
        return Err(refused("/first_day", FieldErrorCode::OutOfRange));
    }
    let period = match last {
        Some(last) => Period::through(from, last),
        None => Ok(Period::open(from)),
    };
    period.map_err(|_| refused("/last_day", FieldErrorCode::OutOfRange))
}

/// Takes an invitation back. Taking back one that has ended is fine.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]
#[tracing::instrument(name = "identity.withdraw_clerk_invitation", skip_all)]
pub async fn withdraw_invitation(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    id: ClerkInvitationId,
) -> Result<Answer, AppError> {
    let directory = app.directory().await?;
    let today = app.clock.today();
    let withdrawn = app
        .once(caller, idempotency, async |tx| {
            let invitation = tx.invitation_for_update(id).await?.ok_or(AppError::NotFound)?;
            let facts = place_facts(app, tx, &directory, invitation.place).await?;
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_place(&actor, IdentityAction::InviteClerk, &facts)?;
            if !invitation.used {
                tx.invitation_withdrawn(&permit, id, app.clock.now()).await?;
                let event = done(app, "identity.withdraw_clerk_invitation", ("clerk_invitation", id.uuid()));
                tx.audit_append(&permit, event).await?;
            }
            Ok(Rendered::nothing())
        })
        .await;
    match withdrawn {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let subject = ("clerk_invitation", Some(id.uuid()));
            Err(app.refused(caller, "identity.withdraw_clerk_invitation", subject, None, error).await)
        }
    }
}
