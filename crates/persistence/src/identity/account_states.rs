use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::policy::OwnerFacts;
use mamis_domain::identity::{AccountStanding, MembershipEvent, Permit};
use mamis_kernel::{
    AccountClass, AccountId, AccountState, AssociationId, PersonId, SessionEndReason, SessionId, SuspensionReason,
};
use uuid::Uuid;

use crate::schema::{
    account_suspensions, accounts, application_steps, applications, associations, memberships, sessions,
};
use crate::{Datastore, StoreError, Tx};

/// A suspension that is in force.
#[derive(Debug, Clone)]
pub struct Suspension {
    /// Which of the four.
    pub reason: SuspensionReason,
    /// What was written with it.
    pub note: String,
    /// The association that imposed it; `None` when a rule did.
    pub association: Option<AssociationId>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A suspension to be imposed.
#[derive(Debug, Clone)]
pub struct NewSuspension<'a> {
    /// The row.
    pub id: Uuid,
    /// Which of the four.
    pub reason: SuspensionReason,
    /// What is written with it.
    pub note: &'a str,
    /// The association that imposes it.
    pub association: Option<AssociationId>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What a clerk sees of an account that cannot sign in.
#[derive(Debug, Clone)]
pub struct AccountDiagnosis {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// Where it stands.
    pub state: AccountState,
    /// What kind of user it is for.
    pub class: AccountClass,
    /// Whether mail can reach its owner.
    pub has_email: bool,
    /// When its owner last signed in.
    pub last_log_in: Option<DateTime<Utc>>,
    /// The suspension in force.
    pub suspension: Option<Suspension>,
}

/// A person's account, locked.
#[derive(Debug, Clone)]
pub struct OwnerOfAccount {
    /// The account.
    pub account: AccountId,
    /// Where it stands.
    pub standing: AccountStanding,
    /// The suspension in force.
    pub suspension: Option<Suspension>,
}

/// An account that the rule has something to say about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackedAccount {
    /// Its physician.
    pub person: PersonId,
    /// What befell the memberships.
    pub event: MembershipEvent,
}

fn unreadable(id: Uuid, column: &'static str) -> StoreError {
    StoreError::Unreadable { table: "accounts", id: id.to_string(), column }
}

type SuspensionRow = (Uuid, String, String, Option<Uuid>, DateTime<Utc>);

macro_rules! open_suspension {
    ($account:expr) => {
        account_suspensions::table
            .filter(account_suspensions::account_id.eq($account))
            .filter(account_suspensions::lifted_at.is_null())
            .select((
                account_suspensions::id,
                account_suspensions::reason,
                account_suspensions::note,
                account_suspensions::association_id,
                account_suspensions::suspended_at,
            ))
    };
}

fn suspension((id, reason, note, association, since): SuspensionRow) -> Result<Suspension, StoreError> {
    let reason = reason.parse().map_err(|_| StoreError::Unreadable {
        table: "account_suspensions",
        id: id.to_string(),
        column: "reason",
    })?;
    Ok(Suspension { reason, note, association: association.map(AssociationId::from_uuid), since })
}

async fn owner_facts(
    conn: &mut diesel_async::AsyncPgConnection,
    person: PersonId,
    today: NaiveDate,
) -> Result<OwnerFacts, StoreError> {
    type Membership = (Uuid, String, NaiveDate, Option<NaiveDate>);
    let member: Vec<Membership> = memberships::table
        .inner_join(associations::table.on(associations::id.eq(memberships::association_id)))
        .filter(memberships::person_id.eq(person.uuid()))
        .filter(memberships::known_to.is_null())
        .select((associations::id, associations::tier, memberships::valid_from, memberships::valid_to))
        .load(conn)
        .await?;
    let filed: Vec<(Uuid, String)> = application_steps::table
        .inner_join(applications::table)
        .inner_join(associations::table.on(associations::id.eq(application_steps::association_id)))
        .filter(applications::person_id.eq(person.uuid()))
        .filter(applications::submitted_at.is_not_null())
        .select((associations::id, associations::tier))
        .distinct()
        .load(conn)
        .await?;
    let mut seen_by: Vec<Uuid> = member.iter().map(|row| row.0).chain(filed.iter().map(|row| row.0)).collect();
    seen_by.sort_unstable();
    seen_by.dedup();
    let in_force = |row: &&Membership| row.2 <= today && row.3.is_none_or(|end| today < end);
    let current: Vec<_> = member.iter().filter(in_force).collect();
    let latest = member.iter().filter_map(|row| row.3).max();
    let answering: Vec<(Uuid, &str)> = if !current.is_empty() {
        current.into_iter().map(|row| (row.0, row.1.as_str())).collect()
    } else if latest.is_some() {
        member.iter().filter(|row| row.3 == latest).map(|row| (row.0, row.1.as_str())).collect()
    } else {
        filed.iter().map(|(id, tier)| (*id, tier.as_str())).collect()
    };
    let tier = |(id, tier): (Uuid, &str)| {
        let read = tier.parse().map_err(|_| StoreError::Unreadable {
            table: "associations",
            id: id.to_string(),
            column: "tier",
        })?;
        Ok((AssociationId::from_uuid(id), read))
    };
    Ok(OwnerFacts {
        person,
        seen_by: seen_by.into_iter().map(AssociationId::from_uuid).collect(),
        with: answering.into_iter().map(tier).collect::<Result<_, StoreError>>()?,
    })
}

impl Datastore {
    /// What the policy needs to know of a person whose account it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn owner_facts(&self, person: PersonId, today: NaiveDate) -> Result<OwnerFacts, StoreError> {
        owner_facts(&mut *self.conn().await?, person, today).await
    }

    /// A person's account as a clerk who helps sees it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_diagnosis(&self, person: PersonId) -> Result<Option<AccountDiagnosis>, StoreError> {
        type Row = (Uuid, String, String, String, Option<String>);
        let mut conn = self.conn().await?;
        let row: Option<Row> = accounts::table
            .filter(accounts::person_id.eq(person.uuid()))
            .select((accounts::id, accounts::login_id, accounts::state, accounts::class, accounts::email))
            .first(&mut conn)
            .await
            .optional()?;
        let Some((id, login_id, state, class, email)) = row else { return Ok(None) };
        let last_log_in = sessions::table
            .filter(sessions::account_id.eq(id))
            .select(diesel::dsl::max(sessions::started_at))
            .first(&mut conn)
            .await?;
        let open: Option<SuspensionRow> = open_suspension!(id).first(&mut conn).await.optional()?;
        Ok(Some(AccountDiagnosis {
            id: AccountId::from_uuid(id),
            login_id,
            state: state.parse().map_err(|_| unreadable(id, "state"))?,
            class: class.parse().map_err(|_| unreadable(id, "class"))?,
            has_email: email.is_some(),
            last_log_in,
            suspension: open.map(suspension).transpose()?,
        }))
    }

    /// Physicians whose account does not yet say what their memberships say on `today`; a few at a time.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn accounts_to_follow(
        &self,
        today: NaiveDate,
        after: Option<PersonId>,
        limit: i64,
    ) -> Result<Vec<TrackedAccount>, StoreError> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Uuid)]
            person_id: Uuid,
            #[diesel(sql_type = diesel::sql_types::Bool)]
            is_member: bool,
            #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
            last_end: Option<String>,
            #[diesel(sql_type = diesel::sql_types::Bool)]
            died: bool,
        }
        let rows: Vec<Row> = diesel::sql_query(
            "select a.person_id, m.is_member, m.died, e.end_reason as last_end
             from accounts a
             cross join lateral (
                 select coalesce(bool_or(valid_from <= $1 and (valid_to is null or valid_to > $1)), false) as is_member,
                     coalesce(bool_or(end_reason = 'death' and valid_to <= $1), false) as died,
                     coalesce(bool_or(valid_to <= $1), false) as has_left
                 from memberships where person_id = a.person_id and known_to is null) m
             left join lateral (
                 select end_reason from memberships
                 where person_id = a.person_id and known_to is null and valid_to <= $1
                 order by valid_to desc, (end_reason = 'expulsion') desc limit 1) e on true
             where a.person_id > $2 and a.state <> 'closed' and (
                 m.died
                 or (m.is_member and a.class = 'training_only')
                 or (not m.is_member and m.has_left and a.class = 'member'))
             order by a.person_id limit $3",
        )
        .bind::<diesel::sql_types::Date, _>(today)
        .bind::<diesel::sql_types::Uuid, _>(after.map_or(Uuid::nil(), PersonId::uuid))
        .bind::<diesel::sql_types::BigInt, _>(limit)
        .load(&mut self.conn().await?)
        .await?;
        let event = |row: &Row| match (row.died, row.is_member, row.last_end.as_deref()) {
            (true, _, _) => MembershipEvent::Died,
            (false, true, _) => MembershipEvent::Joined,
            (false, false, Some("expulsion")) => MembershipEvent::ExpelledFromAll,
            (false, false, _) => MembershipEvent::LeftAll,
        };
        let tracked = |row: &Row| TrackedAccount { person: PersonId::from_uuid(row.person_id), event: event(row) };
        Ok(rows.iter().map(tracked).collect())
    }
}

impl Tx {
    /// What the policy needs to know of a person whose account it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn owner_facts(&mut self, person: PersonId, today: NaiveDate) -> Result<OwnerFacts, StoreError> {
        owner_facts(&mut self.conn, person, today).await
    }

    /// A person's account with its standing, locked until the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_of_person_for_update(
        &mut self,
        person: PersonId,
    ) -> Result<Option<OwnerOfAccount>, StoreError> {
        let row: Option<(Uuid, String, String)> = accounts::table
            .filter(accounts::person_id.eq(person.uuid()))
            .select((accounts::id, accounts::state, accounts::class))
            .for_update()
            .first(&mut self.conn)
            .await
            .optional()?;
        let Some((id, state, class)) = row else { return Ok(None) };
        let open: Option<SuspensionRow> = open_suspension!(id).first(&mut self.conn).await.optional()?;
        let suspension = open.map(suspension).transpose()?;
        Ok(Some(OwnerOfAccount {
            account: AccountId::from_uuid(id),
            standing: AccountStanding {
                state: state.parse().map_err(|_| unreadable(id, "state"))?,
                class: class.parse().map_err(|_| unreadable(id, "class"))?,
                suspended_for: suspension.as_ref().map(|open| open.reason),
            },
            suspension,
        }))
    }

    /// Takes an account to another state and class.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_stands<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        account: AccountId,
        standing: AccountStanding,
    ) -> Result<(), StoreError> {
        diesel::update(accounts::table.find(account.uuid()))
            .set((accounts::state.eq(standing.state.as_str()), accounts::class.eq(standing.class.as_str())))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Notes a suspension.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when one is in force.
    pub async fn suspension_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        account: AccountId,
        new: &NewSuspension<'_>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(account_suspensions::table)
            .values((
                account_suspensions::id.eq(new.id),
                account_suspensions::account_id.eq(account.uuid()),
                account_suspensions::reason.eq(new.reason.as_str()),
                account_suspensions::note.eq(new.note),
                account_suspensions::association_id.eq(new.association.map(AssociationId::uuid)),
                account_suspensions::suspended_at.eq(new.since),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Closes the suspension in force.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn suspension_lift<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        account: AccountId,
        note: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::update(account_suspensions::table)
            .filter(account_suspensions::account_id.eq(account.uuid()))
            .filter(account_suspensions::lifted_at.is_null())
            .set((account_suspensions::lifted_at.eq(now), account_suspensions::lifted_note.eq(note)))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Ends every open session of an account; gives those that were ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions_end_all(
        &mut self,
        account: AccountId,
        reason: SessionEndReason,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let open = sessions::table.filter(sessions::account_id.eq(account.uuid())).filter(sessions::ended_at.is_null());
        let ended: Vec<Uuid> = diesel::update(open)
            .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.as_str())))
            .returning(sessions::id)
            .get_results(&mut self.conn)
            .await?;
        Ok(ended.into_iter().map(SessionId::from_uuid).collect())
    }
}
