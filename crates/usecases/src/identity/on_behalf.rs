use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use mamis_domain::identity::{
    ActingAction, ON_BEHALF_MINUTES, OnBehalfGrant, Permit, Scope, SystemActor, authorize_on_behalf,
};
use mamis_domain::notices::Mail;
use mamis_kernel::{Language, OnBehalfId, PersonId, Role};
use mamis_persistence::Tx;
use mamis_persistence::identity::OnBehalfRow;
use mamis_persistence::notices::NewPostalNotice;

use crate::notices::queue_notice;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Stretches whose physicians are told at once.
const TOLD_AT_ONCE: i64 = 100;

/// Begins to act for a physician, for an hour at most. An open stretch of the same clerk ends: one hand, one name.
///
/// Rule ID-31; source: docs/rules/identity.md#id-31.
///
/// # Errors
/// [`AppError::Denied`] to those who are no operators of an association of the person's; hidden where none of the caller's
/// associations has to do with the person.
#[tracing::instrument(name = "identity.begin_on_behalf", skip_all)]
pub async fn begin_on_behalf(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (person, reason): (PersonId, String),
    render: impl AsyncFnOnce(&mut Tx, OnBehalfGrant) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let now = app.clock.now();
    let seeing: Vec<_> = app.store.person_audience(person).await?.into_iter().map(|(id, _)| id).collect();
    let (permit, association) = match authorize_on_behalf(&caller.actor, person, &seeing) {
        Ok(permitted) => permitted,
        Err(denied) => {
            // Whether there is such a person is none of the asker's business: the event names the id as it was asked.
            let subject = ("person", Some(person.uuid()));
            return Err(app.refused(caller, "identity.begin_on_behalf", subject, None, denied.into()).await);
        }
    };
    let grant = OnBehalfGrant {
        id: OnBehalfId::from_uuid(app.new_id()),
        account: caller.actor.account,
        session: caller.actor.session,
        association,
        person,
        reason,
        started_at: now,
        ends_at: now + TimeDelta::minutes(ON_BEHALF_MINUTES),
        ended_at: None,
    };
    // Readings that wait belong into the notice of the stretch before.
    app.read_audit.flush().await;
    app.once(caller, idempotency, async |tx| {
        for open in tx.on_behalf_open(grant.account, now).await? {
            ended(app, tx, open).await?;
        }
        tx.on_behalf_insert(&permit, &grant).await?;
        render(tx, grant).await
    })
    .await
}

/// Ends one's own stretch. Ending one that is over is fine.
///
/// # Errors
/// [`AppError::NotFound`] when it is not the caller's.
#[tracing::instrument(name = "identity.end_on_behalf", skip_all)]
pub async fn end_on_behalf(app: &App, caller: &Caller, id: OnBehalfId) -> Result<(), AppError> {
    let (now, account) = (app.clock.now(), caller.actor.account);
    let found = app.store.on_behalf_get(id).await?.filter(|grant| grant.account == account);
    found.ok_or(AppError::NotFound)?;
    app.read_audit.flush().await;
    app.directory().await?;
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            for open in tx.on_behalf_open(account, now).await? {
                if open.id == id {
                    ended(app, tx, open).await?;
                }
            }
            Ok(())
        })
        .await
}

async fn ended(app: &App, tx: &mut Tx, open: OnBehalfGrant) -> Result<(), AppError> {
    let now = app.clock.now();
    let permit = Permit::holder(open.account, ActingAction::End).for_person(open.person, Some(open.association));
    tx.on_behalf_end(&permit, &open, now).await?;
    tell(app, tx, &OnBehalfGrant { ended_at: Some(now), ..open }).await
}

/// Stretches the caller may know of, latest first, after `after`: those for the caller as a physician, those of the
/// associations the caller administers, and the caller's own.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_on_behalf(
    app: &App,
    caller: &Caller,
    after: Option<OnBehalfId>,
    limit: i64,
) -> Result<Vec<OnBehalfRow>, AppError> {
    let actor = &caller.actor;
    let associations = actor.clerk_associations().into_iter().filter(|at| actor.is_clerk(*at, Role::Administrator));
    let associations: Vec<_> = associations.collect();
    let scope = match actor.person {
        Some(person) => Scope::OwnAndAssociations(person, associations),
        None => Scope::Associations(associations),
    };
    Ok(app.store.on_behalf_list(&scope, actor.account, after, limit).await?)
}

/// Tells the physicians of stretches that ended by themselves; says of how many.
///
/// Rule ID-33 (the physician is told of every stretch, whatever was done in it); source: docs/rules/identity.md#id-33.
///
/// # Errors
/// [`AppError::Store`]
pub async fn tell_of_on_behalf(app: &App) -> Result<usize, AppError> {
    let due = app.store.on_behalf_to_be_told(app.clock.now(), TOLD_AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    app.read_audit.flush().await;
    app.directory().await?;
    let mut told = 0;
    for id in due {
        app.store
            .transaction(None, async |tx| -> Result<_, AppError> {
                let Some(grant) = tx.on_behalf_for_telling(id).await? else { return Ok(()) };
                told += 1;
                tell(app, tx, &grant).await
            })
            .await?;
    }
    Ok(told)
}

/// Queues the notice about a stretch that is over, in the transaction that ends it.
async fn tell(app: &App, tx: &mut Tx, grant: &OnBehalfGrant) -> Result<(), AppError> {
    let permit = Permit::system(SystemActor::Worker, ());
    let effects = tx.on_behalf_effects(grant).await?;
    let count = |only_seen: bool| {
        let counted = effects.iter().filter(|effect| effect.only_seen == only_seen);
        counted.filter(|effect| !effect.action.starts_with("identity.")).map(|effect| effect.times).sum()
    };
    let clerk = tx.account_names(&[grant.account]).await?.pop().map(|(_, name)| name).unwrap_or_default();
    let directory = app.directory().await?;
    let association = directory.get(grant.association).map(|known| known.name.clone()).unwrap_or_default();
    let at = |instant: DateTime<Utc>| instant.with_timezone(&Tokyo).format("%Y-%m-%d %H:%M").to_string();
    let (from, to) = (at(grant.started_at), at(grant.over_at()));
    let reason = grant.reason.clone();
    let mail = Mail::OnBehalfEnded { association, clerk, reason, from, to, seen: count(true), done: count(false) };
    match tx.account_of_person(grant.person).await? {
        Some(account) => {
            queue_notice(app, tx, &permit, &account, &mail).await?;
        }
        // Without an account there is a letter, in Japanese, by the association that acted.
        None => {
            let message = mail.message(Language::Ja);
            let notice = NewPostalNotice {
                id: app.new_id(),
                person: grant.person,
                association: grant.association,
                template: mail.template(),
                message: &message,
            };
            tx.postal_notice_queue(&permit, &notice, app.clock.now()).await?;
        }
    }
    Ok(tx.on_behalf_told(&permit, grant.id, app.clock.now()).await?)
}
