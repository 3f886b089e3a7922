use std::sync::Arc;

use chrono::{DateTime, Utc};
use mamis_domain::identity::{Actor, Capability, Standing, TermsStanding};
use mamis_kernel::{AccountId, Assurance, SessionId};
use mamis_persistence::identity::Account;
use mamis_persistence::registry::PersonBrief;

use crate::app::ACTOR_CACHED_FOR;
use crate::{App, AppError};

/// The actor of an access token.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the token is not ours or no longer holds, the session has ended or the account is not
/// active; an end is noticed within twenty seconds by every process.
pub async fn authenticate(app: &App, access_token: &str) -> Result<Arc<Actor>, AppError> {
    let now = app.clock.now();
    let (account, session) = app.tokens.read(access_token, now).ok_or(AppError::NotSignedIn)?;
    // By our clock too, which may run ahead of the cache's.
    let fresh =
        |read_at: DateTime<Utc>| now.signed_duration_since(read_at).to_std().is_ok_and(|age| age < ACTOR_CACHED_FOR);
    if let Some((read_at, known)) = app.actors.get(&(account, session)).await
        && fresh(read_at)
    {
        return Ok(known);
    }
    let actor = Arc::new(actor_of(app, account, session).await?);
    match actor.standing {
        Standing::Full => app.actors.insert((account, session), (now, Arc::clone(&actor))).await,
        // An approval is noticed at once.
        Standing::Provisional => {}
    }
    Ok(actor)
}

/// The actor of a session as it may act: roles that want a second factor are held back in a session without one (ID-20).
/// The only place where an actor is made.
async fn actor_of(app: &App, account: AccountId, session: SessionId) -> Result<Actor, AppError> {
    let found = app.store.actor_of_session(account, session, app.clock.now(), app.clock.today()).await?;
    Ok(found.ok_or(AppError::NotSignedIn)?.hold_back(app.config.second_factor_from))
}

/// An account with what it may do today.
pub struct AccountFacts {
    /// The account.
    pub account: Account,
    /// Its physician.
    pub person: Option<PersonBrief>,
    /// How sure the session is of who opened it.
    pub assurance: Assurance,
    /// Roles in force today.
    pub capabilities: Vec<Capability>,
    /// Roles that wait until a second factor is shown.
    pub held_back: Vec<Capability>,
    /// What the terms of use ask.
    pub terms: TermsStanding,
}

/// Who an account is.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the account has gone.
pub async fn account_facts(app: &App, account: AccountId, session: SessionId) -> Result<AccountFacts, AppError> {
    let found = app.store.account_get(account).await?.ok_or(AppError::NotSignedIn)?;
    let Actor { assurance, capabilities, held_back, .. } = actor_of(app, account, session).await?;
    let person = match found.person {
        Some(person) => app.store.person_brief(person).await?,
        None => None,
    };
    let terms = super::terms::standing(app, account).await?;
    Ok(AccountFacts { account: found, person, assurance, capabilities, held_back, terms })
}
