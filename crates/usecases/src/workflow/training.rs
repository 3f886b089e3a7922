//! What a training account needs beside the engine: its person (W-25), and whose record the account comes to speak for
//! (W-26).

use chrono::NaiveDate;
use mamis_domain::identity::Permit;
use mamis_domain::notices::Mail;
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_domain::workflow::training_account::{NumberHolder, TrainingAccount, claim};
use mamis_domain::workflow::{Applicant, Application, ApplicationState, CaseEventKind, Change, Effect};
use mamis_kernel::text::RegistrationNumber;
use mamis_kernel::{AccountId, PersonId};
use mamis_persistence::Tx;

use crate::notices::queue_notice;
use crate::{App, AppError};

/// What the registry says about the registration number of a case that waits for a decision: for clerks of its route alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownNumber {
    /// Whether an account speaks already for the person who has the number.
    pub has_account: bool,
    /// Whether the record has the case's name.
    pub same_name: bool,
    /// Whether the record has the case's birth date.
    pub same_birth_date: bool,
    /// Whether the record has the case's day of registration.
    pub same_registered_on: bool,
}

fn account_of(applicant: Applicant) -> Result<(AccountId, Option<PersonId>), AppError> {
    match applicant {
        Applicant::Account { account, person } => Ok((account, person)),
        Applicant::Person(_) => Err(AppError::Internal("a training account for a person of the registry")),
    }
}

/// Filing makes the person, provisional, so that credits can hang on the registration number from now on (W-25). Somebody
/// else's record with that number is not touched.
pub(super) async fn training_applicant(
    app: &App,
    tx: &mut Tx,
    (permit, applicant): (&Permit<WorkflowAction>, Applicant),
    training: &TrainingAccount,
) -> Result<Applicant, AppError> {
    let (account, person) = account_of(applicant)?;
    let person = person.unwrap_or_else(|| PersonId::from_uuid(app.new_id()));
    tx.registration_number_lock(training.identity.registration_number).await?;
    tx.person_provisional_save(permit, person, &training.identity, app.clock.now()).await?;
    Ok(Applicant::Account { account, person: Some(person) })
}

/// Concluding finds whose record the account speaks for, and what is to be written.
pub(super) async fn training_concluded(
    app: &App,
    tx: &mut Tx,
    (permit, applicant): (&Permit<WorkflowAction>, Applicant),
    training: &TrainingAccount,
    effective_date: NaiveDate,
) -> Result<(Applicant, Vec<Effect>), AppError> {
    let (account, own) = account_of(applicant)?;
    let own = own.ok_or(AppError::Internal("a filed case without a person"))?;
    tx.registration_number_lock(training.identity.registration_number).await?;
    let holder = tx.registration_number_holder(&training.identity).await?;
    let claimed = claim(own, holder.as_ref(), &training.identity)?;
    if claimed.person() != own {
        tx.person_lock(claimed.person()).await?;
        tx.person_merge(permit, own, claimed.person(), app.clock.now()).await?;
    }
    let effects = training.effects(account, claimed, (effective_date, app.clock.today()));
    Ok((Applicant::Account { account, person: Some(claimed.person()) }, effects))
}

/// Tells the applicant of a training account what was decided, with the clerk's words.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    permit: &Permit<WorkflowAction>,
    case: &Application,
) -> Result<(), AppError> {
    let (Applicant::Account { account, .. }, Some(event)) = (case.applicant, case.events.last()) else { return Ok(()) };
    let (number, reason) = (case.number.clone().unwrap_or_default(), event.comment.clone().unwrap_or_default());
    let url = format!("{}/applications/{}", app.config.public_url, case.id);
    let account = tx.account_get(account).await?.ok_or(AppError::Internal("a case of no account"))?;
    let mail = match event.kind {
        CaseEventKind::Completed => {
            Mail::TrainingApproved { login_id: account.login_id.clone(), url: app.config.public_url.clone() }
        }
        CaseEventKind::Returned => Mail::CaseReturned { number, reason, url },
        CaseEventKind::Rejected => Mail::CaseRejected { number, reason, url },
        CaseEventKind::Created
        | CaseEventKind::Submitted
        | CaseEventKind::Approved
        | CaseEventKind::Corrected
        | CaseEventKind::Retracted => return Ok(()),
    };
    queue_notice(app, tx, permit, &account, &mail).await?;
    Ok(())
}

/// What to tell the clerk of a case under review about its registration number; `None` when only the case itself has it.
pub(super) async fn known_number(app: &App, case: &Application) -> Result<Option<KnownNumber>, AppError> {
    match case.state {
        ApplicationState::InReview | ApplicationState::Returned => {}
        ApplicationState::Draft
        | ApplicationState::Completed { .. }
        | ApplicationState::Rejected
        | ApplicationState::Retracted => return Ok(None),
    }
    let draft = case.changes.iter().find_map(|change| match change {
        Change::TrainingAccount(draft) => Some(draft),
        Change::JoinNew(_) => None,
    });
    let Some(draft) = draft else { return Ok(None) };
    let number = draft.registration_number.as_deref().and_then(|text| RegistrationNumber::parse(text).ok());
    let Some(number) = number else { return Ok(None) };
    let name = [&draft.family_name, &draft.given_name].map(|part| part.clone().unwrap_or_default()).concat();
    let holder: Option<NumberHolder> = app.store.registration_number_holder(number, &name).await?;
    let other = holder.filter(|holder| Some(holder.person) != case.applicant.person());
    Ok(other.map(|holder| KnownNumber {
        has_account: holder.has_account,
        same_name: holder.same_name,
        same_birth_date: Some(holder.birth_date) == draft.birth_date,
        same_registered_on: Some(holder.registered_on) == draft.registered_on,
    }))
}
