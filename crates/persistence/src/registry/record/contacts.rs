use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::record::ContactFacts;
use mamis_kernel::{ContactPointId, PersonId};
use uuid::Uuid;

use crate::schema::contact_points;
use crate::{StoreError, Tx};

impl Tx {
    /// Whose a contact point is, whether it is still believed or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_person(&mut self, id: ContactPointId) -> Result<Option<PersonId>, StoreError> {
        let row = contact_points::table.find(id.uuid()).select(contact_points::person_id);
        let person: Option<Uuid> = row.first(&mut self.conn).await.optional()?;
        Ok(person.map(PersonId::from_uuid))
    }

    /// How a person is reached, as is believed now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_list(&mut self, person: PersonId) -> Result<Vec<(Uuid, ContactFacts)>, StoreError> {
        type Row = (Uuid, String, String, Option<String>, String);
        let rows: Vec<Row> = contact_points::table
            .filter(contact_points::person_id.eq(person.uuid()))
            .filter(contact_points::known_to.is_null())
            .order((contact_points::kind, contact_points::id))
            .select((
                contact_points::id,
                contact_points::kind,
                contact_points::purpose,
                contact_points::postal_code,
                contact_points::value,
            ))
            .load(&mut self.conn)
            .await?;
        let read = |(id, kind, purpose, postal_code, value): Row| {
            let unreadable = |column| StoreError::Unreadable { table: "contact_points", id: id.to_string(), column };
            let kind = kind.parse().map_err(|_| unreadable("kind"))?;
            let purpose = purpose.parse().map_err(|_| unreadable("purpose"))?;
            Ok((id, ContactFacts { kind, purpose, postal_code, value }))
        };
        rows.into_iter().map(read).collect()
    }

    /// Believes from now on that somebody is reached there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        person: PersonId,
        id: Uuid,
        facts: &ContactFacts,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(contact_points::table)
            .values((
                contact_points::id.eq(id),
                contact_points::person_id.eq(person.uuid()),
                contact_points::kind.eq(facts.kind.as_str()),
                contact_points::purpose.eq(facts.purpose.as_str()),
                contact_points::postal_code.eq(&facts.postal_code),
                contact_points::value.eq(&facts.value),
                contact_points::known_from.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Believes it no longer; the row stays.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`] when it is not believed any more.
    pub async fn contact_supersede<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let closed = diesel::update(contact_points::table.find(id))
            .filter(contact_points::known_to.is_null())
            .set(contact_points::known_to.eq(believed_until!(now)))
            .execute(&mut self.conn)
            .await?;
        if closed == 1 { Ok(()) } else { Err(StoreError::StaleVersion) }
    }
}
