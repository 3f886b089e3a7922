use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::identity::Permit;
use mamis_domain::registry::record::{Affiliation, AffiliationFacts};
use mamis_kernel::{AffiliationId, BusinessType, Employment, FacilityId, FacilityKind, Period, PersonId};
use uuid::Uuid;

use crate::registry::AffiliationRecord;
use crate::schema::{affiliations, facilities};
use crate::{StoreError, Tx};

type Row = (Uuid, Uuid, String, Option<String>, Option<String>, Option<String>, bool, NaiveDate, Option<NaiveDate>);

impl Tx {
    /// Whose an affiliation is, whether it is still believed or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn affiliation_person(&mut self, id: AffiliationId) -> Result<Option<PersonId>, StoreError> {
        let row = affiliations::table.find(id.uuid()).select(affiliations::person_id);
        let person: Option<Uuid> = row.first(&mut self.conn).await.optional()?;
        Ok(person.map(PersonId::from_uuid))
    }

    /// Where a person works and worked, as is believed now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn affiliation_list(&mut self, person: PersonId) -> Result<Vec<Affiliation>, StoreError> {
        let rows: Vec<Row> = affiliations::table
            .inner_join(facilities::table.on(facilities::id.eq(affiliations::facility_id)))
            .filter(affiliations::person_id.eq(person.uuid()))
            .filter(affiliations::known_to.is_null())
            .order((affiliations::valid_from, affiliations::id))
            .select((
                affiliations::id,
                affiliations::facility_id,
                facilities::name,
                affiliations::role,
                affiliations::business_type,
                affiliations::employment,
                affiliations::is_main,
                affiliations::valid_from,
                affiliations::valid_to,
            ))
            .load(&mut self.conn)
            .await?;
        rows.into_iter().map(affiliation).collect()
    }

    /// An affiliation as views show it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn affiliation_record(&mut self, id: AffiliationId) -> Result<Option<AffiliationRecord>, StoreError> {
        type Shown = (Row, String, String);
        let row: Option<Shown> = affiliations::table
            .inner_join(facilities::table.on(facilities::id.eq(affiliations::facility_id)))
            .filter(affiliations::id.eq(id.uuid()))
            .select((
                (
                    affiliations::id,
                    affiliations::facility_id,
                    facilities::name,
                    affiliations::role,
                    affiliations::business_type,
                    affiliations::employment,
                    affiliations::is_main,
                    affiliations::valid_from,
                    affiliations::valid_to,
                ),
                facilities::kind,
                facilities::address,
            ))
            .first(&mut self.conn)
            .await
            .optional()?;
        let Some((row, kind, address)) = row else { return Ok(None) };
        let Affiliation { id, facts } = affiliation(row)?;
        Ok(Some(AffiliationRecord {
            id: id.uuid(),
            facility_id: facts.facility.uuid(),
            facility_name: facts.facility_name,
            facility_kind: kind.parse().unwrap_or(FacilityKind::Other),
            address,
            role: facts.role,
            business_type: facts.business_type,
            employment: facts.employment,
            is_main: facts.is_main,
            valid_from: facts.period.valid_from(),
            valid_to: facts.period.valid_to(),
        }))
    }

    /// Believes from now on that somebody works there. The person's row is locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn affiliation_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        person: PersonId,
        id: Uuid,
        facts: &AffiliationFacts,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        diesel::insert_into(affiliations::table)
            .values((
                affiliations::id.eq(id),
                affiliations::person_id.eq(person.uuid()),
                affiliations::facility_id.eq(facts.facility.uuid()),
                affiliations::role.eq(&facts.role),
                affiliations::business_type.eq(facts.business_type.map(BusinessType::as_str)),
                affiliations::employment.eq(facts.employment.map(Employment::as_str)),
                affiliations::is_main.eq(facts.is_main),
                affiliations::valid_from.eq(facts.period.valid_from()),
                affiliations::valid_to.eq(facts.period.valid_to()),
                affiliations::known_from.eq(now),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Believes it no longer; the row stays.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`] when it is not believed any more.
    pub async fn affiliation_supersede<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        id: AffiliationId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let closed = diesel::update(affiliations::table.find(id.uuid()))
            .filter(affiliations::known_to.is_null())
            .set(affiliations::known_to.eq(believed_until!(now)))
            .execute(&mut self.conn)
            .await?;
        if closed == 1 { Ok(()) } else { Err(StoreError::StaleVersion) }
    }
}

fn affiliation(row: Row) -> Result<Affiliation, StoreError> {
    let (id, facility, facility_name, role, business_type, employment, is_main, valid_from, valid_to) = row;
    let unreadable = |column| StoreError::Unreadable { table: "affiliations", id: id.to_string(), column };
    let facts = AffiliationFacts {
        facility: FacilityId::from_uuid(facility),
        facility_name,
        role,
        business_type: business_type.map(|text| text.parse()).transpose().map_err(|_| unreadable("business_type"))?,
        employment: employment.map(|text| text.parse()).transpose().map_err(|_| unreadable("employment"))?,
        is_main,
        period: Period::new(valid_from, valid_to).map_err(|_| unreadable("valid_to"))?,
    };
    Ok(Affiliation { id: AffiliationId::from_uuid(id), facts })
}
