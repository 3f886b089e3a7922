use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::notices::{Message, NextTry};
use mamis_kernel::{AccountId, AssociationId, ConfirmationId, Language, PersonId};
use uuid::Uuid;

use super::rows::{CodePurpose, ContactCode, WaitingMail};
use crate::schema::{associations, contact_codes, mails, memberships, postal_notices};
use crate::{Datastore, StoreError, Tx};

/// A mail to be sent.
pub struct NewMail<'a> {
    /// The mail.
    pub id: Uuid,
    /// Whose account it concerns.
    pub account: Option<AccountId>,
    /// To whom.
    pub address: &'a str,
    /// Which text it is.
    pub template: &'static str,
    /// The language it is written in.
    pub language: Language,
    /// The text.
    pub message: &'a Message,
}

/// A notice to be printed.
pub struct NewPostalNotice<'a> {
    /// The notice.
    pub id: Uuid,
    /// To whom.
    pub person: PersonId,
    /// Who prints it.
    pub association: AssociationId,
    /// Which text it is.
    pub template: &'static str,
    /// The text.
    pub message: &'a Message,
}

impl Tx {
    /// Puts a mail into the outbox.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_queue<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        mail: &NewMail<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(mails::table)
            .values((
                mails::id.eq(mail.id),
                mails::account_id.eq(mail.account.map(AccountId::uuid)),
                mails::address.eq(mail.address),
                mails::template.eq(mail.template),
                mails::language.eq(mail.language.as_str()),
                mails::subject.eq(&mail.message.subject),
                mails::body.eq(mail.message.body(mail.language)),
                mails::next_attempt_at.eq(now),
                mails::queued_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Puts a notice into an association's next print batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postal_notice_queue<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        notice: &NewPostalNotice<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(postal_notices::table)
            .values((
                postal_notices::id.eq(notice.id),
                postal_notices::person_id.eq(notice.person.uuid()),
                postal_notices::association_id.eq(notice.association.uuid()),
                postal_notices::template.eq(notice.template),
                postal_notices::subject.eq(&notice.message.subject),
                postal_notices::paragraphs.eq(&notice.message.paragraphs),
                postal_notices::queued_at.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// The association that writes to a person by post: of those the person belongs or belonged to, one of the lowest tier,
    /// joined last.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_that_writes_to(&mut self, person: PersonId) -> Result<Option<AssociationId>, StoreError> {
        let found: Option<Uuid> = memberships::table
            .inner_join(associations::table.on(associations::id.eq(memberships::association_id)))
            .filter(memberships::person_id.eq(person.uuid()))
            .filter(memberships::known_to.is_null())
            .order((
                memberships::valid_to.desc().nulls_first(),
                diesel::dsl::sql::<sql_types::Integer>(
                    "case associations.tier when 'district' then 1 when 'prefectural' then 2 else 3 end",
                ),
                memberships::valid_from.desc(),
            ))
            .select(memberships::association_id)
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(found.map(AssociationId::from_uuid))
    }

    /// Keeps a new code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_code_insert(
        &mut self,
        (id, purpose): (ConfirmationId, CodePurpose),
        (address, account): (&str, Option<AccountId>),
        code_hash: &[u8],
        (issued_at, expires_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), StoreError> {
        diesel::insert_into(contact_codes::table)
            .values((
                contact_codes::id.eq(id.uuid()),
                contact_codes::account_id.eq(account.map(AccountId::uuid)),
                contact_codes::purpose.eq(purpose.as_str()),
                contact_codes::address.eq(address),
                contact_codes::code_hash.eq(code_hash),
                contact_codes::issued_at.eq(issued_at),
                contact_codes::expires_at.eq(expires_at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// A code, locked until the end of the transaction: of two that show it at once, one finds it used.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_code_for_update(
        &mut self,
        id: ConfirmationId,
        purpose: CodePurpose,
    ) -> Result<Option<ContactCode>, StoreError> {
        type Row = (Option<Uuid>, String, Vec<u8>, i32, DateTime<Utc>, Option<DateTime<Utc>>);
        let row: Option<Row> = contact_codes::table
            .find(id.uuid())
            .filter(contact_codes::purpose.eq(purpose.as_str()))
            .select((
                contact_codes::account_id,
                contact_codes::address,
                contact_codes::code_hash,
                contact_codes::failures,
                contact_codes::expires_at,
                contact_codes::used_at,
            ))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        Ok(row.map(|(account, address, code_hash, failures, expires_at, used_at)| ContactCode {
            address,
            account: account.map(AccountId::from_uuid),
            code_hash,
            failures,
            expires_at,
            used_at,
        }))
    }

    /// Counts a wrong guess.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_code_guessed(&mut self, id: ConfirmationId) -> Result<(), StoreError> {
        let counted = contact_codes::failures.eq(contact_codes::failures + 1);
        diesel::update(contact_codes::table.find(id.uuid())).set(counted).execute(&mut self.conn).await?;
        Ok(())
    }

    /// Marks a code as used.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_code_used(&mut self, id: ConfirmationId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let used = contact_codes::used_at.eq(now);
        diesel::update(contact_codes::table.find(id.uuid())).set(used).execute(&mut self.conn).await?;
        Ok(())
    }
}

impl Datastore {
    /// Takes up to `limit` mails whose time has come, for as long as `held`: who dies meanwhile leaves them to others then.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_claim(
        &self,
        limit: i64,
        held: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<WaitingMail>, StoreError> {
        let claim = diesel::sql_query(
            "update mails set attempts = attempts + 1, next_attempt_at = $3
             where id in (select id from mails where state = 'waiting' and next_attempt_at <= $1
                          order by next_attempt_at, id limit $2 for update skip locked)
             returning id, address, language, subject, body, attempts, queued_at",
        );
        let mut claimed: Vec<WaitingMail> = claim
            .bind::<sql_types::Timestamptz, _>(now)
            .bind::<sql_types::BigInt, _>(limit)
            .bind::<sql_types::Timestamptz, _>(now + held)
            .load(&mut self.conn().await?)
            .await?;
        claimed.sort_by_key(|mail| mail.id);
        Ok(claimed)
    }

    /// Notes that a mail has left, and forgets its text.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_sent(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(mails::table.find(id))
            .filter(mails::state.eq("waiting"))
            .set((
                mails::state.eq("sent"),
                mails::body.eq(None::<String>),
                mails::finished_at.eq(now),
                mails::last_error.eq(None::<String>),
            ))
            .execute(&mut self.conn().await?)
            .await?;
        Ok(())
    }

    /// Notes that a mail could not be sent, and when it is tried again; one that is given up loses its text.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_not_sent(
        &self,
        id: Uuid,
        error: &str,
        next: NextTry,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let waiting = mails::table.find(id).filter(mails::state.eq("waiting"));
        let mut conn = self.conn().await?;
        match next {
            NextTry::At(at) => {
                let again = (mails::next_attempt_at.eq(at), mails::last_error.eq(error));
                diesel::update(waiting).set(again).execute(&mut conn).await?;
            }
            NextTry::Never => {
                let given_up = (
                    mails::state.eq("failed"),
                    mails::body.eq(None::<String>),
                    mails::finished_at.eq(now),
                    mails::last_error.eq(error),
                );
                diesel::update(waiting).set(given_up).execute(&mut conn).await?;
            }
        }
        Ok(())
    }

    /// Mails that wait or were given up: how many of each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_pending(&self) -> Result<(i64, i64), StoreError> {
        let mut conn = self.conn().await?;
        let waiting = mails::table.filter(mails::state.eq("waiting")).count().get_result(&mut conn).await?;
        let failed = mails::table.filter(mails::state.eq("failed")).count().get_result(&mut conn).await?;
        Ok((waiting, failed))
    }

    /// Forgets codes that ended before `before`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_codes_forget(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let old = contact_codes::table.filter(contact_codes::expires_at.lt(before));
        Ok(diesel::delete(old).execute(&mut self.conn().await?).await?)
    }
}
