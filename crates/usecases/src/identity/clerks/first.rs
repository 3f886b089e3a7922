use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::policy::IdentityAction;
use mamis_domain::identity::{DatedRole, Permit, Place, SystemActor};
use mamis_kernel::{AccountClass, AccountId, ClerkRoleId, FieldErrorCode, Language, Period, Role};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::InvitedAccount;
use mamis_persistence::{Conflict, StoreError};

use super::super::change_password::{judged, refused};
use crate::{App, AppError};

/// The first administrator of an association.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The association's code, five digits.
    pub association_code: String,
    /// What will be typed to sign in: four letters, digits, `.`, `_` or `-` at least.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// The password.
    pub password: String,
    /// In which language to write.
    pub language: Language,
}

const ACTION: &str = "identity.create_administrator";

/// Makes an account that is administrator of an association which has none.
///
/// Rules ID-5, ID-12; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such association; [`AppError::AlreadyClerk`] when it has an administrator; faults of
/// the login id and the password.
#[tracing::instrument(name = "identity.create_administrator", skip_all)]
pub async fn create_first_administrator(app: &App, command: FirstAdministrator) -> Result<AccountId, AppError> {
    let FirstAdministrator { association_code, login_id, display_name, password, language } = command;
    let (now, today) = (app.clock.now(), app.clock.today());
    let directory = app.directory().await?;
    let association = directory.of_code(&association_code).ok_or(AppError::NotFound)?.id;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !(4..=64).contains(&login_id.len()) || !login_id.chars().all(plain) {
        return Err(refused("/login_id", FieldErrorCode::InvalidFormat));
    }
    let own_data = vec![login_id.clone(), display_name.clone()];
    if let Some(fault) = judged(password.clone(), own_data).await?.fault {
        return Err(refused("/password", fault));
    }
    let id = AccountId::from_uuid(app.new_id());
    let password_hash = app.new_password_hash(password).await?;
    let class = AccountClass::Clerk;
    let clerk = InvitedAccount { id, class, login_id, display_name, password_hash, email: None, language };
    let (place, permit) =
        (Place::Association(association), Permit::system(SystemActor::CommandLine, IdentityAction::InviteClerk));
    let event = |outcome, (subject_kind, subject)| NewAuditEvent {
        action: ACTION,
        outcome,
        subject_kind,
        subject_id: Some(subject),
        person: None,
        at: now,
        payload: None,
    };
    let made = app
        .store
        .transaction(None, async |tx| -> Result<_, AppError> {
            if !tx.place_lock(place).await? {
                return Err(AppError::NotFound);
            }
            if tx.association_has_administrator(association, today).await? {
                return Err(AppError::AlreadyClerk);
            }
            match tx.invited_account_insert(&permit, &clerk, now).await {
                Err(StoreError::Conflict { conflict: Conflict::LoginIdTaken, .. }) => {
                    return Err(refused("/login_id", FieldErrorCode::Taken));
                }
                made => made?,
            }
            let dated = DatedRole { role: Role::Administrator, period: Period::open(today) };
            tx.clerk_role_insert(&permit, ClerkRoleId::from_uuid(app.new_id()), id, place, dated).await?;
            Ok(tx.audit_append(&permit, event(AuditOutcome::Done, ("account", id.uuid()))).await?)
        })
        .await;
    match made {
        Ok(()) => Ok(id),
        Err(AppError::AlreadyClerk) => {
            let denied = event(AuditOutcome::Denied, ("association", association.uuid()));
            app.record_system(SystemActor::CommandLine, denied).await?;
            Err(AppError::AlreadyClerk)
        }
        Err(error) => Err(error),
    }
}
