use chrono::{DateTime, TimeDelta, Utc};
use mamis_kernel::{AccountId, ConfirmationId, FieldErrorCode};
use mamis_persistence::Tx;
use mamis_persistence::notices::CodePurpose;
use subtle::ConstantTimeEq;

use crate::{App, AppError};

/// How long a code holds.
pub(super) const MINUTES: u32 = 15;
/// Wrong guesses that end a code: one chance in two hundred thousand.
const GUESSES: i32 = 5;

/// A code that was made, and how it is named.
pub(crate) struct IssuedCode {
    /// Named with it.
    pub(crate) id: ConfirmationId,
    /// Six digits.
    pub(crate) code: String,
    /// Until when it holds.
    pub(crate) expires_at: DateTime<Utc>,
}

/// What became of a code that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CodeVerdict {
    /// It is right, and used now; this is the address it was sent to.
    Right(String),
    /// It is wrong; another guess may be made.
    Wrong,
    /// It is not there, was used, has run out, or was guessed at too often: a new one is needed.
    Spent,
}

/// Makes a code for an address; the caller sends it.
///
/// Rule ID-10 (a code holds for fifteen minutes, five guesses and one use); source: docs/rules/identity.md#id-10.
pub(crate) async fn issue_code(
    app: &App,
    tx: &mut Tx,
    purpose: CodePurpose,
    (address, account): (&str, Option<AccountId>),
) -> Result<IssuedCode, AppError> {
    let now = app.clock.now();
    let id = ConfirmationId::from_uuid(app.new_id());
    let code = six_digits()?;
    let hash = app.tokens.keyed_hash("contact code", &format!("{id}:{code}"));
    let expires_at = now + TimeDelta::minutes(i64::from(MINUTES));
    tx.contact_code_insert((id, purpose), (address, account), &hash, (now, expires_at)).await?;
    Ok(IssuedCode { id, code, expires_at })
}

/// Compares a shown code and uses it. The verdict is a value, not an error: a wrong guess must be committed to count.
pub(crate) async fn check_code(
    app: &App,
    tx: &mut Tx,
    purpose: CodePurpose,
    (id, account): (ConfirmationId, Option<AccountId>),
    code: &str,
) -> Result<CodeVerdict, AppError> {
    let now = app.clock.now();
    let Some(kept) = tx.contact_code_for_update(id, purpose).await? else { return Ok(CodeVerdict::Spent) };
    if kept.account != account {
        return Ok(CodeVerdict::Spent);
    }
    if kept.used_at.is_some() || kept.expires_at <= now || kept.failures >= GUESSES {
        return Ok(CodeVerdict::Spent);
    }
    let shown = app.tokens.keyed_hash("contact code", &format!("{id}:{code}"));
    if !bool::from(shown.as_slice().ct_eq(&kept.code_hash)) {
        tx.contact_code_guessed(id).await?;
        return Ok(if kept.failures + 1 >= GUESSES { CodeVerdict::Spent } else { CodeVerdict::Wrong });
    }
    tx.contact_code_used(id, now).await?;
    Ok(CodeVerdict::Right(kept.address))
}

impl CodeVerdict {
    /// The address, or the fault of the field in which the code was typed.
    pub(crate) fn address(self) -> Result<String, FieldErrorCode> {
        match self {
            Self::Right(address) => Ok(address),
            Self::Wrong => Err(FieldErrorCode::WrongCode),
            Self::Spent => Err(FieldErrorCode::CodeSpent),
        }
    }
}

/// Evenly spread: values above the last whole million are thrown again.
fn six_digits() -> Result<String, AppError> {
    const WHOLE: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let mut bytes = [0_u8; 4];
        getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
        let number = u32::from_le_bytes(bytes);
        if number < WHOLE {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}
