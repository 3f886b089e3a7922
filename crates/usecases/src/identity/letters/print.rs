use chrono::TimeDelta;
use mamis_documents::{DocumentError, TemporaryLetter, temporary_letters};
use mamis_domain::identity::LETTER_FILE_HOLDS;
use mamis_kernel::{AssociationId, LetterBatchId};
use mamis_persistence::identity::LetterToPrint;
use uuid::Uuid;

use super::temporary::{hash_password, password};
use crate::{App, AppError, tokyo_day};

/// Longer than printing the largest batch takes.
const HELD: TimeDelta = TimeDelta::minutes(30);

/// Prints the batches that wait; says how many.
///
/// A password is made here, printed, and kept as a keyed hash only; the file is sealed before it is kept. Hashes and file are
/// written together, so that who dies meanwhile leaves a batch that another prints anew.
///
/// # Errors
/// [`AppError`]; the batch is taken up again later.
pub async fn print_letters(app: &App) -> Result<u64, AppError> {
    print_letters_by(app, temporary_letters).await
}

/// The same on another press.
///
/// # Errors
/// Those of [`print_letters`].
pub async fn print_letters_by<P>(app: &App, press: P) -> Result<u64, AppError>
where
    P: Fn(&[TemporaryLetter]) -> Result<Vec<u8>, DocumentError> + Clone + Send + 'static,
{
    let mut printed = 0;
    while let Some((batch, association)) = app.store.letter_batch_claim(HELD, app.clock.now()).await? {
        print_batch(app, batch, association, press.clone()).await?;
        printed += 1;
    }
    Ok(printed)
}

async fn print_batch<P>(app: &App, batch: LetterBatchId, association: AssociationId, press: P) -> Result<(), AppError>
where
    P: Fn(&[TemporaryLetter]) -> Result<Vec<u8>, DocumentError> + Send + 'static,
{
    let letters = app.store.letters_to_print(batch).await?;
    if letters.is_empty() {
        // Others were issued in their place before these were printed.
        return Ok(app.store.letter_batch_void(batch).await?);
    }
    let directory = app.directory().await?;
    let from = directory.get(association).ok_or(AppError::Internal("a batch of no association"))?;
    let mut sheets = Vec::with_capacity(letters.len());
    let mut hashes: Vec<(Uuid, [u8; 32])> = Vec::with_capacity(letters.len());
    for letter in letters {
        let password = password()?;
        hashes.push((letter.id, hash_password(app, &letter.login_id, &password)));
        sheets.push(sheet(app, letter, password, &from.name));
    }
    let pdf = tokio::task::spawn_blocking(move || press(&sheets)).await;
    let pdf = pdf.map_err(|_| AppError::Internal("printing letters died"))?;
    let pdf = pdf.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, batch = %batch, "letters could not be printed");
        AppError::Internal("letters could not be printed")
    })?;
    let sealed = app.tokens.secrets.seal_for(batch.uuid(), &pdf)?;
    let now = app.clock.now();
    let until = now + LETTER_FILE_HOLDS;
    app.store
        .transaction(None, async |tx| -> Result<_, AppError> {
            Ok(tx.letters_printed(batch, &hashes, &sealed, (now, until)).await?)
        })
        .await
}

fn sheet(app: &App, letter: LetterToPrint, password: String, from: &str) -> TemporaryLetter {
    let last_day = tokyo_day(letter.expires_at - TimeDelta::seconds(1));
    TemporaryLetter {
        recipient_name: format!("{}\u{3000}{}", letter.family_name, letter.given_name),
        postal_code: letter.postal_code.unwrap_or_default(),
        address_lines: letter.address.map(|address| vec![address]).unwrap_or_default(),
        association_name: from.to_owned(),
        association_contact: Vec::new(),
        enrolment_url: format!("{}/enrol?id={}", app.config.public_url, letter.login_id),
        temporary_login_id: letter.login_id,
        temporary_password: password,
        valid_until: last_day,
        issued_on: tokyo_day(letter.issued_at),
        issue_number: u32::try_from(letter.issue_number).unwrap_or(1),
    }
}
