use std::sync::Arc;

use mamis_domain::identity::{ActingId, Actor, Scope};

use crate::{App, AppError, Caller};

/// The actor of a request that names for whom it is made. Nothing is remembered: what was taken back a moment ago no
/// longer works, in any process.
///
/// Rules ID-30, ID-31, ID-36; source: docs/rules/identity.md#id-30.
///
/// # Errors
/// [`AppError::ActingEnded`] when there is no such grant or delegation, it is another account's, it is over, or what it
/// rests on is no longer there; which of them is not said, and the attempt is recorded.
pub async fn act_for(app: &App, caller: &Caller, header: &str) -> Result<Arc<Actor>, AppError> {
    let Ok(id) = header.parse::<ActingId>() else {
        return Err(app.refused(caller, "identity.act", ("account", None), None, AppError::ActingEnded).await);
    };
    let (actor, now, today) = (&caller.actor, app.clock.now(), app.clock.today());
    let acting = match id {
        ActingId::OnBehalf(id) => match app.store.on_behalf_get(id).await? {
            Some(grant) => {
                let scope = Scope::Associations(vec![grant.association]);
                let sees = app.store.person_is_visible(&scope, grant.person).await?;
                grant.acting(actor, sees, now)
            }
            None => None,
        },
        ActingId::Delegation(id) => app
            .store
            .delegation_get(id)
            .await?
            .and_then(|held| held.delegation.acting(actor, held.physician_active, now, today)),
    };
    match acting {
        Some(acting) => Ok(Arc::new(actor.acting_for(acting))),
        None => Err(app.refused(caller, "identity.act", id.subject(), None, AppError::ActingEnded).await),
    }
}

/// Records that an operation was refused to somebody who acts for another, and gives the error back.
pub async fn refuse_while_acting(app: &App, caller: &Caller, operation: &str, error: AppError) -> AppError {
    let acting = caller.actor.acting.as_ref();
    let subject = acting.map_or(("account", None), |acting| acting.id().subject());
    let person = acting.map(|acting| acting.person);
    app.refused(caller, &format!("identity.act.{operation}"), subject, person, error).await
}
