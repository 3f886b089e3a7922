use mamis_domain::identity::LetterDates;
use mamis_domain::identity::policy::{IdentityAction, authorize_letters};
use mamis_kernel::text::search_key::kana_key;
use mamis_kernel::{AssociationId, FieldErrorCode, LetterBatchId, LetterPurpose, PersonId};
use mamis_persistence::Tx;
use mamis_persistence::identity::{LetterBatch, NewLetter, NewLetterBatch, NotRegistered, NotRegisteredFilter};

use super::super::change_password::refused;
use super::batch_event;
use super::temporary::login_id;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// Letters of one batch at most: a box of envelopes, what a browser downloads without complaint, and what is set in memory at
/// once.
const LARGEST_BATCH: i64 = 5_000;

/// To whom letters go.
#[derive(Debug, Clone)]
pub enum Recipients {
    /// These, also when a letter of theirs still holds: it is void then.
    Chosen(Vec<PersonId>),
    /// All who have not registered and match; with a letter that still holds only when asked for.
    NotRegistered(NotRegisteredFilter),
}

/// Letters to be issued.
#[derive(Debug, Clone)]
pub struct IssueLetters {
    /// Who writes.
    pub association: AssociationId,
    /// What for.
    pub purpose: LetterPurpose,
    /// To whom.
    pub recipients: Recipients,
}

/// Lists members of an association who have no account.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk there.
#[tracing::instrument(name = "identity.list_not_registered", skip_all)]
pub async fn list_not_registered(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    filter: NotRegisteredFilter,
    (after, limit): (Option<(String, PersonId)>, i64),
) -> Result<Vec<NotRegistered>, AppError> {
    let permit = match authorize_letters(&caller.actor, IdentityAction::ReadLetters, association) {
        Ok(permit) => permit,
        Err(denied) => {
            let subject = ("association", Some(association.uuid()));
            return Err(app.refused(caller, "identity.list_not_registered", subject, None, denied.into()).await);
        }
    };
    let moment = (app.clock.now(), app.clock.today());
    let filter = keyed(filter);
    Ok(app.store.not_registered_list(&permit, association, &filter, (after.as_ref(), limit), moment).await?)
}

/// Issues letters: a batch that the worker prints. Earlier letters of the same people are void from now on.
///
/// Rules ID-70, ID-71; source: docs/rules/identity.md.
///
/// # Errors
/// [`AppError::Denied`]; field faults when nobody is left to write to, or somebody chosen is none to whom the association may
/// write for this purpose.
#[tracing::instrument(name = "identity.issue_letters", skip_all)]
pub async fn issue_letters(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    command: IssueLetters,
    render: impl AsyncFnOnce(LetterBatch) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let IssueLetters { association, purpose, recipients } = command;
    let (now, today) = (app.clock.now(), app.clock.today());
    let issued = app
        .once(caller, idempotency, async |tx| {
            let actor = tx.actor_afresh(&caller.actor, today).await?;
            let permit = authorize_letters(&actor, IdentityAction::IssueLetters, association)?;
            let persons = recipients_of(app, tx, association, purpose, recipients).await?;
            let letters = persons
                .iter()
                .map(|person| Ok(NewLetter { id: app.new_id(), person: *person, login_id: login_id()? }))
                .collect::<Result<Vec<_>, AppError>>()?;
            let id = LetterBatchId::from_uuid(app.new_id());
            let batch = NewLetterBatch { id, association, purpose, requested_by: caller.actor.account };
            let dates = LetterDates::issued(now, app.config.letter_days);
            tx.letters_issue(&permit, &batch, &letters, (now, dates)).await?;
            // The owner sees a letter that was written to one (ID-7); of a mailing to all, everybody reads in the letter.
            let only = <[PersonId; 1]>::try_from(persons).ok().map(|[person]| person);
            let mut event = batch_event("identity.issue_letters", id, only, now);
            event.payload = Some(serde_json::json!({ "letters": letters.len(), "purpose": purpose }));
            tx.audit_append(&permit, event).await?;
            render(tx.letter_batch_get(id).await?.ok_or(AppError::NotFound)?).await
        })
        .await;
    match issued {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let subject = ("association", Some(association.uuid()));
            Err(app.refused(caller, "identity.issue_letters", subject, None, error).await)
        }
    }
}

/// Who gets a letter, locked and looked at again: somebody may have enrolled a moment ago.
async fn recipients_of(
    app: &App,
    tx: &mut Tx,
    association: AssociationId,
    purpose: LetterPurpose,
    recipients: Recipients,
) -> Result<Vec<PersonId>, AppError> {
    let (now, today) = (app.clock.now(), app.clock.today());
    let (wanted, pointer, chosen) = match recipients {
        Recipients::NotRegistered(filter) => {
            let found = tx.not_registered_list(association, &keyed(filter), LARGEST_BATCH, (now, today)).await?;
            (found.iter().map(NotRegistered::person).collect::<Vec<_>>(), "/not_registered", false)
        }
        Recipients::Chosen(mut chosen) => {
            chosen.sort_unstable();
            chosen.dedup();
            (chosen, "/person_ids", true)
        }
    };
    tx.letter_persons_lock(&wanted).await?;
    let persons = tx.letter_recipients_among(association, &wanted, purpose, today).await?;
    if chosen && persons.len() != wanted.len() {
        return Err(refused(pointer, FieldErrorCode::UnknownValue));
    }
    if persons.is_empty() {
        return Err(refused(pointer, FieldErrorCode::Required));
    }
    Ok(persons)
}

fn keyed(filter: NotRegisteredFilter) -> NotRegisteredFilter {
    let prefix = filter.kana_prefix.map(|kana| kana_key(&kana)).filter(|key| !key.is_empty());
    NotRegisteredFilter { kana_prefix: prefix, ..filter }
}
