use std::sync::Arc;

use mamis_domain::identity::{Actor, Capability, Standing};
use mamis_kernel::{AccountId, SessionId};
use mamis_persistence::identity::Account;
use mamis_persistence::registry::PersonBrief;

use crate::{App, AppError};

/// The actor of an access token.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the token is not ours or no longer holds, the session has ended or the account is not
/// active; an end is noticed within twenty seconds by every process.
pub async fn authenticate(app: &App, access_token: &str) -> Result<Arc<Actor>, AppError> {
    let now = app.clock.now();
    let (account, session) = app.tokens.read(access_token, now).ok_or(AppError::NotSignedIn)?;
    if let Some(known) = app.actors.get(&(account, session)).await {
        return Ok(known);
    }
    let found = app.store.actor_of_session(account, session, now, app.clock.today()).await?;
    let actor = Arc::new(found.ok_or(AppError::NotSignedIn)?);
    match actor.standing {
        Standing::Full => app.actors.insert((account, session), Arc::clone(&actor)).await,
        // An approval is noticed at once.
        Standing::Provisional => {}
    }
    Ok(actor)
}

/// An account with what it may do today.
pub struct AccountFacts {
    /// The account.
    pub account: Account,
    /// Its physician.
    pub person: Option<PersonBrief>,
    /// Roles in force today.
    pub capabilities: Vec<Capability>,
}

/// Who an account is.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the account has gone.
pub async fn account_facts(app: &App, account: AccountId, session: SessionId) -> Result<AccountFacts, AppError> {
    let found = app.store.account_get(account).await?.ok_or(AppError::NotSignedIn)?;
    let actor = app.store.actor_of_session(account, session, app.clock.now(), app.clock.today()).await?;
    let person = match found.person {
        Some(person) => app.store.person_brief(person).await?,
        None => None,
    };
    let capabilities = actor.ok_or(AppError::NotSignedIn)?.capabilities;
    Ok(AccountFacts { account: found, person, capabilities })
}
