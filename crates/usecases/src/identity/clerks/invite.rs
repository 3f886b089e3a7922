use chrono::{NaiveDate, TimeDelta};
use mamis_domain::identity::policy::{IdentityAction, authorize_grant, authorize_place};
use mamis_domain::identity::{DatedRole, INVITATION_DAYS, Place};
use mamis_domain::notices::Mail;
use mamis_domain::registry::Directory;
use mamis_kernel::text::looks_like_email;
use mamis_kernel::{ClerkInvitationId, FieldErrorCode, Language, Period, Role};
use mamis_persistence::Tx;
use mamis_persistence::identity::NewInvitation;

use super::super::change_password::refused;
use super::code::{code_hash, new_code};
use super::{done, place_facts, place_subject};
use crate::notices::{MailTo, queue_mail};
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
    /// Where the invitation is sent; without it the code is handed over.
    pub email: Option<String>,
    /// In which language the invited reads.
    pub language: Language,
}

/// An invitation with its code, which nobody can ask for again.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The answer, fresh or kept.
    pub answer: Answer,
    /// The code to hand over: only with the first answer, and not when it was sent by mail.
    pub code: Option<String>,
}

/// Invites somebody to a role, by mail or with a code to be handed over.
///
/// Rules ID-61, ID-64; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`]; faults of the days and of the address.
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
    let by_mail = command.email.is_some();
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
            let email = command.email.map(|email| email.trim().to_owned());
            if email.as_deref().is_some_and(|email| !looks_like_email(email)) {
                return Err(refused("/email", FieldErrorCode::InvalidFormat));
            }
            let new = NewInvitation {
                id: ClerkInvitationId::from_uuid(app.new_id()),
                place,
                dated: DatedRole { role: command.role, period },
                invitee: command.invitee,
                email,
                language: command.language,
                code_hash: code_hash(&code),
                invited_at: now,
                expires_at: now + TimeDelta::days(INVITATION_DAYS),
            };
            tx.invitation_insert(&permit, &new).await?;
            let event = done(app, "identity.invite_clerk", ("clerk_invitation", new.id.uuid()));
            tx.audit_append(&permit, event).await?;
            if let Some(address) = new.email.clone() {
                let to = MailTo { account: None, address, language: new.language };
                let mail = Mail::ClerkInvited {
                    place: place_name(tx, &directory, place, new.language).await?,
                    role: command.role,
                    // Behind `#`, where no log sees it.
                    url: format!("{}/invitation#{code}", app.config.public_url),
                    days: INVITATION_DAYS,
                };
                queue_mail(app, tx, &permit, to, &mail).await?;
            }
            render(tx, &new).await
        })
        .await;
    match answer {
        Ok(answer) => {
            let code = (!answer.replayed && !by_mail).then_some(code);
            Ok(Invited { answer, code })
        }
        Err(error) => Err(app.refused(caller, "identity.invite_clerk", place_subject(place), None, error).await),
    }
}

async fn place_name(tx: &mut Tx, directory: &Directory, place: Place, language: Language) -> Result<String, AppError> {
    match place {
        Place::Association(id) => Ok(directory.get(id).ok_or(AppError::NotFound)?.name.clone()),
        Place::Organisation(id) => {
            let organisation = tx.organisation_in(id).await?.ok_or(AppError::NotFound)?;
            Ok(match language {
                Language::Ja => organisation.name,
                Language::En => organisation.name_en,
            })
        }
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
