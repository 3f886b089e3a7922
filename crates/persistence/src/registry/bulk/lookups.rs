//! What an import asks before it writes.

use std::collections::HashMap;

use chrono::NaiveDate;
use mamis_domain::registry::roster::{DirectoryEntry, Fingerprint};
use mamis_kernel::text::{PostalCode, RegistrationNumber};
use mamis_kernel::{AccountId, AssociationId, FacilityId, PersonId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::connection::BulkStore;
use super::rows::FacilityKey;
use crate::StoreError;

/// An association, by its code.
#[derive(Debug, Clone)]
pub struct KnownAssociation {
    /// It.
    pub id: AssociationId,
    /// What the roster's directory needs.
    pub entry: DirectoryEntry,
    /// Its kind's code.
    pub kind: String,
    /// The municipalities it serves.
    pub municipality_codes: Vec<String>,
}

/// A municipality that a postal code may lie in.
#[derive(Debug, Clone)]
pub struct KnownPostalArea {
    /// The postal code.
    pub postal_code: PostalCode,
    /// JIS X 0402.
    pub municipality_code: String,
    /// How addresses there begin: prefecture and municipality.
    pub address_prefix: String,
}

/// How a person came into the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonOrigin {
    /// By a record of a roster; its transaction stored these.
    Roster(Vec<Fingerprint>),
    /// In another way.
    Elsewhere,
}

/// A person in the database, as far as an import has to know.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    /// The person.
    pub id: PersonId,
    /// The registration number in force.
    pub number: RegistrationNumber,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 日医会員ID
    pub jma_member_id: Option<String>,
    /// How the person came in.
    pub origin: PersonOrigin,
    /// Kind and purpose of the contact points in force.
    pub contacts: Vec<(String, String)>,
    /// As believed now.
    pub memberships: Vec<HeldMembership>,
    /// Past ones included.
    pub affiliations: Vec<HeldAffiliation>,
}

/// A stretch of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMembership {
    /// Where.
    pub association: AssociationId,
    /// In the association's own codes.
    pub category_code: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// The day after the last.
    pub valid_to: Option<NaiveDate>,
}

/// A stretch of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAffiliation {
    /// Where.
    pub facility: FacilityId,
    /// Whether it is the main workplace.
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// The day after the last.
    pub valid_to: Option<NaiveDate>,
}

/// A value in the database that the code does not understand.
fn unreadable(table: &'static str, id: impl ToString, column: &'static str) -> StoreError {
    StoreError::Unreadable { table, id: id.to_string(), column }
}

impl BulkStore {
    /// All associations, in the order of their codes.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_list_all(&self) -> Result<Vec<KnownAssociation>, StoreError> {
        let sql = "select a.id, a.code, a.tier, p.code, a.prefecture_code, a.name, a.kind, \
                   array(select municipality_code from association_areas where association_id = a.id order by 1) \
                   from associations a left join associations p on p.id = a.parent_id order by a.code";
        let read = |row: Row| {
            let (id, tier): (Uuid, String) = (row.try_get(0)?, row.try_get(2)?);
            Ok(KnownAssociation {
                id: AssociationId::from_uuid(id),
                entry: DirectoryEntry {
                    code: row.try_get(1)?,
                    tier: tier.parse().map_err(|_| unreadable("associations", id, "tier"))?,
                    parent_code: row.try_get(3)?,
                    prefecture_code: row.try_get(4)?,
                    name: row.try_get(5)?,
                },
                kind: row.try_get(6)?,
                municipality_codes: row.try_get(7)?,
            })
        };
        self.client.query(sql, &[]).await?.into_iter().map(read).collect()
    }

    /// The municipalities of every postal code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postal_area_list_all(&self) -> Result<Vec<KnownPostalArea>, StoreError> {
        let sql = "select distinct postal_code, municipality_code, prefecture || municipality from postal_codes order by 1, 2";
        let read = |row: Row| {
            let code: String = row.try_get(0)?;
            Ok(KnownPostalArea {
                postal_code: PostalCode::parse(&code).map_err(|_| unreadable("postal_codes", &code, "postal_code"))?,
                municipality_code: row.try_get(1)?,
                address_prefix: row.try_get(2)?,
            })
        };
        self.client.query(sql, &[]).await?.into_iter().map(read).collect()
    }

    /// Which of these records of rosters were stored, and whom they became.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn roster_records_find(
        &self,
        fingerprints: &[Fingerprint],
    ) -> Result<HashMap<Fingerprint, PersonId>, StoreError> {
        let keys: Vec<&[u8]> = fingerprints.iter().map(|fingerprint| fingerprint.as_bytes().as_slice()).collect();
        let sql = "select fingerprint, person_id from roster_records where fingerprint = any($1)";
        let read = |row: Row| {
            let (fingerprint, person): (Vec<u8>, Uuid) = (row.try_get(0)?, row.try_get(1)?);
            Ok((fingerprint_of(&fingerprint)?, PersonId::from_uuid(person)))
        };
        self.client.query(sql, &[&keys]).await?.into_iter().map(read).collect()
    }

    /// The persons who hold these registration numbers now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn persons_by_registration_number(
        &self,
        numbers: &[RegistrationNumber],
    ) -> Result<Vec<KnownPerson>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        // `now()` is one value for a whole transaction: equal instants are one import's chunk.
        let sql = "select p.id, r.number, p.birth_date, p.jma_member_id, array( \
                   select fingerprint from roster_records c where c.person_id = p.id and c.recorded_at = p.recorded_at) \
                   from medical_registrations r join persons p on p.id = r.person_id \
                   where r.number = any($1) and r.known_to is null";
        let read = |row: Row| {
            let (id, number): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
            let stored: Vec<Vec<u8>> = row.try_get(4)?;
            let stored = stored.iter().map(|bytes| fingerprint_of(bytes)).collect::<Result<Vec<_>, StoreError>>()?;
            Ok(KnownPerson {
                id: PersonId::from_uuid(id),
                number: RegistrationNumber::parse(&number)
                    .map_err(|_| unreadable("medical_registrations", &number, "number"))?,
                birth_date: row.try_get(2)?,
                jma_member_id: row.try_get(3)?,
                origin: if stored.is_empty() { PersonOrigin::Elsewhere } else { PersonOrigin::Roster(stored) },
                contacts: Vec::new(),
                memberships: Vec::new(),
                affiliations: Vec::new(),
            })
        };
        let rows = self.client.query(sql, &[&numbers]).await?;
        let mut persons = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        if !persons.is_empty() {
            self.add_histories(&mut persons).await?;
        }
        Ok(persons)
    }

    async fn add_histories(&self, persons: &mut [KnownPerson]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = persons.iter().map(|person| person.id.uuid()).collect();
        let places: HashMap<Uuid, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let contacts = "select person_id, kind, purpose from contact_points \
                        where person_id = any($1) and known_to is null";
        for row in self.client.query(contacts, &[&ids]).await? {
            if let Some(person) = of(persons, &places, &row)? {
                person.contacts.push((row.try_get(1)?, row.try_get(2)?));
            }
        }
        let memberships = "select person_id, association_id, category_code, valid_from, valid_to from memberships \
                           where person_id = any($1) and known_to is null";
        for row in self.client.query(memberships, &[&ids]).await? {
            if let Some(person) = of(persons, &places, &row)? {
                person.memberships.push(HeldMembership {
                    association: AssociationId::from_uuid(row.try_get(1)?),
                    category_code: row.try_get(2)?,
                    valid_from: row.try_get(3)?,
                    valid_to: row.try_get(4)?,
                });
            }
        }
        let affiliations = "select person_id, facility_id, is_main, valid_from, valid_to from affiliations \
                            where person_id = any($1) and known_to is null";
        for row in self.client.query(affiliations, &[&ids]).await? {
            if let Some(person) = of(persons, &places, &row)? {
                person.affiliations.push(HeldAffiliation {
                    facility: FacilityId::from_uuid(row.try_get(1)?),
                    is_main: row.try_get(2)?,
                    valid_from: row.try_get(3)?,
                    valid_to: row.try_get(4)?,
                });
            }
        }
        Ok(())
    }

    /// Who holds which of these 日医会員ID.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn jma_member_id_holders(&self, ids: &[String]) -> Result<HashMap<String, PersonId>, StoreError> {
        let sql = "select jma_member_id, id from persons where jma_member_id = any($1)";
        let read = |row: Row| Ok((row.try_get(0)?, PersonId::from_uuid(row.try_get(1)?)));
        self.client.query(sql, &[&ids]).await?.into_iter().map(read).collect()
    }

    /// Which of these facilities are known.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn facilities_find(&self, keys: &[FacilityKey]) -> Result<HashMap<FacilityKey, FacilityId>, StoreError> {
        let column = |part: fn(&FacilityKey) -> &str| keys.iter().map(part).collect::<Vec<_>>();
        let names = column(|key| &key.name);
        let (postal_codes, addresses) = (column(|key| &key.postal_code), column(|key| &key.address));
        let sql = "select f.id, k.name, k.postal_code, k.address \
                   from unnest($1::text[], $2::text[], $3::text[]) as k (name, postal_code, address) \
                   join facilities f on f.name = k.name and coalesce(f.postal_code, '') = k.postal_code \
                   and f.address = k.address";
        let read = |row: Row| {
            let key = FacilityKey { name: row.try_get(1)?, postal_code: row.try_get(2)?, address: row.try_get(3)? };
            Ok((key, FacilityId::from_uuid(row.try_get(0)?)))
        };
        self.client.query(sql, &[&names, &postal_codes, &addresses]).await?.into_iter().map(read).collect()
    }
}

impl BulkStore {
    /// The accounts of these log-in ids, whatever their case.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn accounts_by_login_id(&self, login_ids: &[String]) -> Result<HashMap<String, AccountId>, StoreError> {
        let keys: Vec<String> = login_ids.iter().map(|login_id| login_id.to_lowercase()).collect();
        let sql = "select lower(login_id), id from accounts where lower(login_id) = any($1)";
        let read = |row: Row| Ok((row.try_get(0)?, AccountId::from_uuid(row.try_get(1)?)));
        self.client.query(sql, &[&keys]).await?.into_iter().map(read).collect()
    }

    /// Whether there is any person, and any account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn has_persons_and_accounts(&self) -> Result<(bool, bool), StoreError> {
        let row =
            self.client.query_one("select exists (select from persons), exists (select from accounts)", &[]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// The highest registration number below a limit.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registration_number_max(&self, below: i32) -> Result<i32, StoreError> {
        let sql = "select coalesce(max(number::integer), 0) from medical_registrations where number::integer < $1";
        Ok(self.client.query_one(sql, &[&below]).await?.try_get(0)?)
    }

    /// Collects statistics about everything, after much was loaded at once.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn analyze(&self) -> Result<(), StoreError> {
        Ok(self.client.batch_execute("select refresh_statistics()").await?)
    }
}

fn of<'p>(
    persons: &'p mut [KnownPerson],
    places: &HashMap<Uuid, usize>,
    row: &Row,
) -> Result<Option<&'p mut KnownPerson>, StoreError> {
    let id: Uuid = row.try_get(0)?;
    Ok(places.get(&id).and_then(|place| persons.get_mut(*place)))
}

fn fingerprint_of(bytes: &[u8]) -> Result<Fingerprint, StoreError> {
    let array = bytes.try_into().map_err(|_| unreadable("roster_records", bytes.len(), "fingerprint"))?;
    Ok(Fingerprint::from_bytes(array))
}
