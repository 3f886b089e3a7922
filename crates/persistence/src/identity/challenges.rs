//! What was asked of somebody who signs in and is not answered yet.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_kernel::{AccountId, codes};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::login_challenges;
use crate::{Datastore, StoreError, Tx};

codes! {
    /// What a challenge is for; it answers for nothing else.
    ChallengeKind {
        /// The second step of a log-in whose password was right.
        SecondStep => "second_step",
        /// A new passkey.
        PasskeyRegistration => "passkey_registration",
        /// A log-in by passkey.
        PasskeyLogIn => "passkey_log_in",
    }
}

/// A challenge that waits for its answer.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Hash of the token by which it is known.
    pub token_hash: Vec<u8>,
    /// What for.
    pub kind: ChallengeKind,
    /// Whom it was put to; a log-in by passkey says so only with its answer.
    pub account: Option<AccountId>,
    /// What is needed to check the answer.
    pub state: Option<Value>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Tx {
    /// Puts a challenge.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn challenge_insert(&mut self, challenge: &Challenge) -> Result<(), StoreError> {
        diesel::insert_into(login_challenges::table)
            .values((
                login_challenges::token_hash.eq(&challenge.token_hash),
                login_challenges::kind.eq(challenge.kind.as_str()),
                login_challenges::account_id.eq(challenge.account.map(AccountId::uuid)),
                login_challenges::state.eq(&challenge.state),
                login_challenges::expires_at.eq(challenge.expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// A challenge of this kind that waits and has been answered wrongly less than `tries` times; locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn challenge_for_update(
        &mut self,
        token_hash: &[u8],
        kind: ChallengeKind,
        tries: i32,
        now: DateTime<Utc>,
    ) -> Result<Option<Challenge>, StoreError> {
        type Row = (Option<Uuid>, Option<Value>, DateTime<Utc>);
        let row: Option<Row> = login_challenges::table
            .find(token_hash)
            .filter(login_challenges::kind.eq(kind.as_str()))
            .filter(login_challenges::used_at.is_null())
            .filter(login_challenges::failures.lt(tries))
            .filter(login_challenges::expires_at.gt(now))
            .select((login_challenges::account_id, login_challenges::state, login_challenges::expires_at))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(account, state, expires_at)| Challenge {
            token_hash: token_hash.to_vec(),
            kind,
            account: account.map(AccountId::from_uuid),
            state,
            expires_at,
        }))
    }

    /// Notes that a challenge was answered: rightly, or wrongly once more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn challenge_answered(
        &mut self,
        token_hash: &[u8],
        rightly_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let wrong = i32::from(rightly_at.is_none());
        diesel::update(login_challenges::table.find(token_hash))
            .set((
                login_challenges::used_at.eq(rightly_at),
                login_challenges::failures.eq(login_challenges::failures + wrong),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }
}

impl Datastore {
    /// Forgets challenges that have run out; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn challenges_forget(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let over = login_challenges::table.filter(login_challenges::expires_at.lt(now));
        Ok(diesel::delete(over).execute(&mut self.conn().await?).await?)
    }
}
