use chrono::NaiveDate;
use mamis_domain::identity::{
    ActingAction, Delegation, Permit, ThrottleRule, authorize_delegation, invitation_expires_at, judge_password,
    last_day_allowed,
};
use mamis_domain::notices::Mail;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AccountClass, AccountId, DelegationId, DelegationScope, DelegationState, FieldErrorCode, Language};
use mamis_persistence::Tx;
use mamis_persistence::identity::{HeldDelegation, InvitedAccount, NewDelegation};

use super::tokens::hash;
use crate::notices::{MailTo, queue_mail};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Whom a physician invites, to do what, until when.
#[derive(Debug, Clone)]
pub struct AssistantInvitation {
    /// What the physician calls the assistant.
    pub assistant_name: String,
    /// Where the invitation goes; without it the physician hands the code over.
    pub email: Option<String>,
    /// What the assistant may do.
    pub scopes: Vec<DelegationScope>,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// An answer, with the code where it is to be handed over. The code is not kept: a repetition does not have it.
pub struct InvitedAssistant {
    /// What is sent, without the code.
    pub answer: Answer,
    /// What the physician hands over.
    pub code: Option<String>,
}

/// An assistant without an account yet.
#[derive(Clone)]
pub struct NewAssistant {
    /// What will be typed to sign in.
    pub login_id: String,
    /// The name.
    pub display_name: String,
    /// By ID-5.
    pub password: String,
    /// The language to be written to in.
    pub language: Language,
}

/// Digits and letters that nobody mistakes for one another, also on the telephone (Crockford).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 80 random bits as four groups of four.
fn new_code() -> Result<String, AppError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter));
    let groups: Vec<String> = bytes.chunks(4).map(|group| group.iter().map(letter).collect()).collect();
    Ok(groups.join("-"))
}

/// What is kept of a code, however it is typed.
fn code_hash(code: &str) -> [u8; 32] {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    hash(&format!("invitation:{}", plain.collect::<String>()))
}

/// Invites an assistant.
///
/// Rule ID-35 (a year at most, a code that is kept hashed); source: docs/rules/identity.md#id-35.
///
/// # Errors
/// [`AppError::Denied`] to all but physicians for themselves; [`WorkflowError::InvalidFields`].
#[tracing::instrument(name = "identity.invite_assistant", skip_all)]
pub async fn invite_assistant(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    invitation: AssistantInvitation,
    render: impl AsyncFnOnce(Delegation) -> Result<Rendered, AppError>,
) -> Result<InvitedAssistant, AppError> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let (permit, person) = match authorize_delegation(&caller.actor, ActingAction::Invite) {
        Ok(permitted) => permitted,
        Err(denied) => {
            let subject = ("delegation", None);
            return Err(app.refused(caller, "identity.invite_assistant", subject, None, denied.into()).await);
        }
    };
    if invitation.ends_on < today || last_day_allowed(today) < invitation.ends_on {
        return Err(fault("/ends_on", FieldErrorCode::OutOfRange));
    }
    let mut scopes = invitation.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(fault("/scopes", FieldErrorCode::Required));
    }
    let code = new_code()?;
    let delegation = Delegation {
        id: DelegationId::from_uuid(app.new_id()),
        person,
        invited_by: caller.actor.account,
        account: None,
        assistant_name: invitation.assistant_name,
        email: invitation.email,
        scopes,
        ends_on: invitation.ends_on,
        invited_at: now,
        invitation_expires_at: invitation_expires_at(now),
        accepted_at: None,
        revoked_at: None,
    };
    let handed_over = delegation.email.is_none();
    let new = NewDelegation { delegation, code_hash: code_hash(&code) };
    let answer = app
        .once(caller, idempotency, async |tx| {
            tx.delegation_insert(&permit, &new).await?;
            if let Some(address) = new.delegation.email.clone() {
                let physician = tx.person_brief(person).await?.map(|brief| brief.display_name).unwrap_or_default();
                let url = format!("{}/assistant-invitation#{code}", app.config.public_url);
                let mail = Mail::AssistantInvited { physician, code: code.clone(), url };
                let to = MailTo { account: None, address, language: Language::Ja };
                queue_mail(app, tx, &permit, to, &mail).await?;
            }
            render(new.delegation).await
        })
        .await?;
    let code = (handed_over && !answer.replayed).then_some(code);
    Ok(InvitedAssistant { answer, code })
}

/// What the caller has given as a physician, latest first, after `after`.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_delegations(
    app: &App,
    caller: &Caller,
    after: Option<DelegationId>,
    limit: i64,
) -> Result<Vec<Delegation>, AppError> {
    let Some(person) = caller.actor.person else { return Ok(Vec::new()) };
    Ok(app.store.delegation_list(person, after, limit).await?)
}

/// What the caller may act on today, latest first, after `after`.
///
/// # Errors
/// [`AppError::Store`]
pub async fn list_held_delegations(
    app: &App,
    caller: &Caller,
    after: Option<DelegationId>,
    limit: i64,
) -> Result<Vec<HeldDelegation>, AppError> {
    Ok(app.store.delegation_held_list(caller.actor.account, app.clock.today(), after, limit).await?)
}

/// Takes a delegation back, at once: the physician's own, or one the caller holds and gives up. Taking back what was taken
/// back is fine.
///
/// Rule ID-36; source: docs/rules/identity.md#id-36.
///
/// # Errors
/// [`AppError::NotFound`] when it is neither.
#[tracing::instrument(name = "identity.revoke_delegation", skip_all)]
pub async fn revoke_delegation(app: &App, caller: &Caller, id: DelegationId) -> Result<(), AppError> {
    let (now, account) = (app.clock.now(), caller.actor.account);
    app.store
        .transaction(Some(&caller.request_id), async |tx| {
            let given = tx.delegation_for_update(id).await?.ok_or(AppError::NotFound)?;
            if !caller.actor.is_own(given.person) && given.account != Some(account) {
                return Err(AppError::NotFound);
            }
            if given.revoked_at.is_some() {
                return Ok(());
            }
            let permit = Permit::holder(account, ActingAction::Revoke);
            Ok(tx.delegation_revoke(&permit, &given, account, now).await?)
        })
        .await
}

/// What an invitation's code is for, before it is accepted. Guessing gets slow per `origin` (ID-1).
///
/// # Errors
/// [`AppError::InvitationUnusable`]; [`AppError::LoginThrottled`].
pub async fn look_up_assistant_invitation(app: &App, code: &str, origin: &str) -> Result<HeldDelegation, AppError> {
    let key = throttle(app, origin).await?;
    let found = app.store.delegation_by_code(&code_hash(code)).await?;
    let open = |held: &HeldDelegation| held.physician_active && is_open(app, &held.delegation);
    match found.filter(open) {
        Some(held) => Ok(held),
        None => Err(missed(app, &key).await),
    }
}

/// Takes an invitation up with the caller's own account.
///
/// Rule ID-35 (once, within seven days, never one's own); source: docs/rules/identity.md#id-35.
///
/// # Errors
/// [`AppError::InvitationUnusable`]; [`AppError::LoginThrottled`].
#[tracing::instrument(name = "identity.accept_invitation", skip_all)]
pub async fn accept_assistant_invitation(
    app: &App,
    caller: &Caller,
    code: &str,
    origin: &str,
) -> Result<HeldDelegation, AppError> {
    let key = throttle(app, origin).await?;
    let account = caller.actor.account;
    let taken =
        app.store.transaction(Some(&caller.request_id), async |tx| taken_up(app, tx, code, account).await).await;
    found(app, taken, &key).await
}

/// Makes an account of class `assistant` and takes an invitation up with it, both or neither.
///
/// Rules ID-5, ID-35; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::InvitationUnusable`]; [`AppError::LoginThrottled`]; [`WorkflowError::InvalidFields`].
#[tracing::instrument(name = "identity.register_assistant", skip_all)]
pub async fn register_assistant(
    app: &App,
    code: &str,
    new: NewAssistant,
    (origin, request_id): (&str, &str),
) -> Result<HeldDelegation, AppError> {
    let key = throttle(app, origin).await?;
    let held = look_up_assistant_invitation(app, code, origin).await?;
    if !is_login_id(&new.login_id) {
        return Err(fault("/login_id", FieldErrorCode::InvalidFormat));
    }
    let own = [Some(new.login_id.clone()), Some(new.display_name.clone()), held.delegation.email.clone()];
    let password = new.password.clone();
    let judged = tokio::task::spawn_blocking(move || {
        let own: Vec<&str> = own.iter().flatten().map(String::as_str).collect();
        judge_password(&password, &own)
    });
    if let Some(code) = judged.await.map_err(|_| AppError::Internal("judging a password died"))?.fault {
        return Err(fault("/password", code));
    }
    let account = AccountId::from_uuid(app.new_id());
    let assistant = InvitedAccount {
        id: account,
        class: AccountClass::Assistant,
        login_id: new.login_id,
        display_name: new.display_name,
        password_hash: app.new_password_hash(new.password).await?,
        // Only who reads the mail has the code: the address is confirmed by it.
        email: held.delegation.email.clone(),
        language: new.language,
    };
    let taken = app
        .store
        .transaction(Some(request_id), async |tx| {
            let permit = Permit::holder(account, ActingAction::Accept);
            tx.invited_account_insert(&permit, &assistant, app.clock.now()).await?;
            taken_up(app, tx, code, account).await
        })
        .await;
    match taken {
        Err(AppError::LoginIdTaken) => Err(fault("/login_id", FieldErrorCode::Taken)),
        taken => found(app, taken, &key).await,
    }
}

async fn taken_up(app: &App, tx: &mut Tx, code: &str, account: AccountId) -> Result<DelegationId, AppError> {
    let given = tx.delegation_by_code_for_update(&code_hash(code)).await?;
    let open = |given: &Delegation| is_open(app, given) && given.invited_by != account;
    let given = given.filter(open).ok_or(AppError::InvitationUnusable)?;
    let permit = Permit::holder(account, ActingAction::Accept);
    tx.delegation_accept(&permit, &given, account, app.clock.now()).await?;
    Ok(given.id)
}

/// The delegation that was taken up; a failure is counted against guessing.
async fn found(app: &App, taken: Result<DelegationId, AppError>, key: &[u8]) -> Result<HeldDelegation, AppError> {
    match taken {
        Ok(id) => app.store.delegation_get(id).await?.ok_or(AppError::InvitationUnusable),
        Err(AppError::InvitationUnusable) => Err(missed(app, key).await),
        Err(other) => Err(other),
    }
}

fn is_open(app: &App, given: &Delegation) -> bool {
    given.state(app.clock.now(), app.clock.today()) == DelegationState::Invited
}

/// Letters, digits and three signs; never an `@`, which makes it an e-mail address.
fn is_login_id(text: &str) -> bool {
    (4..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

async fn throttle(app: &App, origin: &str) -> Result<Vec<u8>, AppError> {
    let now = app.clock.now();
    let key = hash(&format!("invitation-from:{origin}")).to_vec();
    match app.store.login_blocked_until(std::slice::from_ref(&key), now).await? {
        Some(until) => Err(AppError::LoginThrottled { seconds: (until - now).num_seconds() + 1 }),
        None => Ok(key),
    }
}

async fn missed(app: &App, key: &[u8]) -> AppError {
    let now = app.clock.now();
    let counted: Result<(), AppError> =
        app.store.transaction(None, async |tx| Ok(tx.login_failed(key, &ThrottleRule::ADDRESS, now).await?)).await;
    counted.err().unwrap_or(AppError::InvitationUnusable)
}

fn fault(pointer: &str, code: FieldErrorCode) -> AppError {
    WorkflowError::InvalidFields(vec![FieldFault::new(pointer, code)]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), 19);
        let typed = code.replace('-', " ").to_lowercase().replace('0', "o").replace('1', "l");
        assert_eq!(code_hash(&typed), code_hash(&code));
        assert_ne!(code_hash("0000-0000-0000-0000"), code_hash(&code));
    }

    #[test]
    fn a_login_id_is_no_address() {
        assert!(is_login_id("sakura-clinic.yamada"));
        for wrong in ["abc", "yamada@example.jp", "山田さん", "a b c d"] {
            assert!(!is_login_id(wrong), "{wrong}");
        }
    }
}
