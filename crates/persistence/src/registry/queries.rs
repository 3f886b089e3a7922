use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::Scope;
use mamis_domain::registry::{Association, CategoryRow, Directory};
use mamis_domain::workflow::CategoryOption;
use mamis_kernel::text::RegistrationNumber;
use mamis_kernel::text::search_key::name_key;
use mamis_kernel::{AssociationId, AudienceReason, FacilityId, Period, PersonId, Tier};
use uuid::Uuid;

use super::rows::{
    BriefRow, MembershipRecord, MunicipalityRecord, PersonBrief, PersonRecord, PersonRecordRow, PostalRecord,
    SchoolRecord,
};
use crate::schema::{
    application_steps, applications, association_areas, association_categories, associations, facilities,
    medical_registrations, medical_schools, memberships, municipalities, person_records, persons, postal_codes,
};
use crate::{Datastore, StoreError, Tx};

/// A facility found by its name.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = facilities)]
pub struct FoundFacility {
    /// The facility.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Seven digits.
    pub postal_code: Option<String>,
    /// JIS X 0402
    pub municipality_code: Option<String>,
    /// The whole address.
    pub address: String,
    /// Digits.
    pub phone: Option<String>,
}

/// Filters of the association list.
#[derive(Debug, Clone, Default)]
pub struct AssociationFilter {
    /// Only this tier.
    pub tier: Option<Tier>,
    /// Only this prefecture.
    pub prefecture_code: Option<String>,
    /// Only those that serve this municipality.
    pub municipality_code: Option<String>,
}

/// Which of the two times of memberships are asked about.
#[derive(Debug, Clone, Copy, Default)]
pub struct MembershipTime {
    /// Only those in force on this day.
    pub as_of: Option<NaiveDate>,
    /// As the system believed just before this instant; `None`: as it believes now.
    pub as_known_before: Option<DateTime<Utc>>,
}

impl Datastore {
    /// All associations and categories.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn directory_load(&self) -> Result<Directory, StoreError> {
        type Row = (Uuid, String, String, String, Option<Uuid>, Option<String>, String);
        type Category = (Uuid, Option<Uuid>, String, String, String, Vec<Option<String>>, NaiveDate, Option<NaiveDate>);
        let mut conn = self.conn().await?;
        let rows: Vec<Row> = associations::table
            .order(associations::code)
            .select((
                associations::id,
                associations::code,
                associations::tier,
                associations::kind,
                associations::parent_id,
                associations::prefecture_code,
                associations::name,
            ))
            .load(&mut conn)
            .await?;
        let read = |(id, code, tier, kind, parent, prefecture_code, name): Row| {
            let unreadable = |column| StoreError::Unreadable { table: "associations", id: id.to_string(), column };
            Ok(Association {
                id: AssociationId::from_uuid(id),
                code,
                tier: tier.parse().map_err(|_| unreadable("tier"))?,
                kind: kind.parse().map_err(|_| unreadable("kind"))?,
                parent: parent.map(AssociationId::from_uuid),
                prefecture_code,
                name,
            })
        };
        let found = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        let rows: Vec<Category> = association_categories::table
            .order((
                association_categories::association_id,
                association_categories::tier,
                association_categories::position,
            ))
            .select((
                association_categories::id,
                association_categories::association_id,
                association_categories::tier,
                association_categories::code,
                association_categories::label,
                sql::<diesel::sql_types::Array<diesel::sql_types::Nullable<Text>>>("jma_category_hints"),
                association_categories::valid_from,
                association_categories::valid_to,
            ))
            .load(&mut conn)
            .await?;
        let read = |(id, association, tier, code, label, hints, valid_from, valid_to): Category| {
            let unreadable =
                |column| StoreError::Unreadable { table: "association_categories", id: id.to_string(), column };
            let hints = hints.into_iter().flatten().map(|hint| hint.parse()).collect::<Result<Vec<_>, _>>();
            Ok(CategoryRow {
                association: association.map(AssociationId::from_uuid),
                tier: tier.parse().map_err(|_| unreadable("tier"))?,
                option: CategoryOption {
                    code,
                    label,
                    jma_category_hints: hints.map_err(|_| unreadable("jma_category_hints"))?,
                },
                period: Period::new(valid_from, valid_to).map_err(|_| unreadable("valid_to"))?,
            })
        };
        let categories = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Directory::new(found, categories))
    }

    /// Associations by code, after `after`, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn association_list(
        &self,
        filter: &AssociationFilter,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<AssociationId>, StoreError> {
        let mut query =
            associations::table.order(associations::code).limit(limit).select(associations::id).into_boxed();
        if let Some(tier) = filter.tier {
            query = query.filter(associations::tier.eq(tier.as_str()));
        }
        if let Some(code) = &filter.prefecture_code {
            query = query.filter(associations::prefecture_code.eq(code));
        }
        if let Some(code) = &filter.municipality_code {
            let serving = association_areas::table
                .filter(association_areas::municipality_code.eq(code))
                .select(association_areas::association_id);
            query = query.filter(associations::id.eq_any(serving));
        }
        if let Some(after) = after {
            query = query.filter(associations::code.gt(after));
        }
        let ids: Vec<Uuid> = query.load(&mut self.conn().await?).await?;
        Ok(ids.into_iter().map(AssociationId::from_uuid).collect())
    }

    /// The areas of a postal code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postal_code_get(&self, postal_code: &str) -> Result<Vec<PostalRecord>, StoreError> {
        postal_code_get(&mut *self.conn().await?, postal_code).await
    }

    /// Which associations serve which of these municipalities, by code of the association.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn areas_of(&self, municipality_codes: &[String]) -> Result<Vec<(String, AssociationId)>, StoreError> {
        areas_of(&mut *self.conn().await?, municipality_codes).await
    }

    /// The municipalities of a prefecture by code, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn municipality_list(
        &self,
        prefecture_code: &str,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<MunicipalityRecord>, StoreError> {
        Ok(municipalities::table
            .filter(municipalities::prefecture_code.eq(prefecture_code))
            .filter(municipalities::code.gt(after.unwrap_or("")))
            .order(municipalities::code)
            .limit(limit)
            .select((
                municipalities::code,
                municipalities::prefecture_code,
                municipalities::prefecture,
                municipalities::name,
                municipalities::name_kana,
            ))
            .load(&mut self.conn().await?)
            .await?)
    }

    /// Whether there is such a municipality.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn municipality_exists(&self, code: &str) -> Result<bool, StoreError> {
        municipality_exists(&mut *self.conn().await?, code).await
    }

    /// The medical schools by prefecture and name, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn medical_school_list(
        &self,
        after: Option<(&str, &str)>,
        limit: i64,
    ) -> Result<Vec<SchoolRecord>, StoreError> {
        let (prefecture, school) = after.unwrap_or(("", ""));
        let later = medical_schools::prefecture_code
            .gt(prefecture)
            .or(medical_schools::prefecture_code.eq(prefecture).and(medical_schools::name.gt(school)));
        Ok(medical_schools::table
            .filter(later)
            .order((medical_schools::prefecture_code, medical_schools::name))
            .limit(limit)
            .select((medical_schools::id, medical_schools::prefecture_code, medical_schools::name))
            .load(&mut self.conn().await?)
            .await?)
    }

    /// Facilities whose name holds the text, those that begin with it first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn facility_search(
        &self,
        text: &str,
        prefecture_code: Option<&str>,
        limit: i64,
    ) -> Result<Vec<FoundFacility>, StoreError> {
        let key = like_literal(&name_key(text));
        let mut query = facilities::table
            .filter(facilities::search_name.like(format!("%{key}%")))
            .order((facilities::search_name.not_like(format!("{key}%")), facilities::search_name, facilities::id))
            .limit(limit)
            .select(FoundFacility::as_select())
            .into_boxed();
        if let Some(code) = prefecture_code {
            query = query.filter(facilities::municipality_code.like(format!("{}%", like_literal(code))));
        }
        Ok(query.load(&mut self.conn().await?).await?)
    }

    /// A facility.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn facility_get(&self, id: FacilityId) -> Result<Option<FoundFacility>, StoreError> {
        facility_get(&mut *self.conn().await?, id).await
    }

    /// A person's record, if it lies in the scope: one's own, or that of a person who is or was a member of, or has filed a
    /// case with, one of the associations.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_get(&self, scope: &Scope, id: PersonId) -> Result<Option<PersonRecord>, StoreError> {
        let row = person_records::table
            .find(id.uuid())
            .filter(in_scope!(scope, person_records::id))
            .select(PersonRecordRow::as_select())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(PersonRecord::try_from).transpose()
    }

    /// A person in a word, without a scope: for answers whose other parts have been authorised already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_brief(&self, id: PersonId) -> Result<Option<PersonBrief>, StoreError> {
        person_brief(&mut *self.conn().await?, id).await
    }

    /// What a person's password must not be made of: names, birth date, registration number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_own_data(&self, id: PersonId) -> Result<Vec<String>, StoreError> {
        type Row = (String, String, String, String, NaiveDate, Option<String>);
        let row: Option<Row> =
            persons::table
                .left_join(medical_registrations::table.on(
                    medical_registrations::person_id.eq(persons::id).and(medical_registrations::known_to.is_null()),
                ))
                .filter(persons::id.eq(id.uuid()))
                .select((
                    persons::family_name,
                    persons::given_name,
                    persons::family_name_kana,
                    persons::given_name_kana,
                    persons::birth_date,
                    medical_registrations::number.nullable(),
                ))
                .first(&mut self.conn().await?)
                .await
                .optional()?;
        let Some((family, given, family_kana, given_kana, birth_date, number)) = row else { return Ok(Vec::new()) };
        let birth_date = birth_date.format("%Y%m%d").to_string();
        let all = [family, given, family_kana, given_kana, birth_date].into_iter().chain(number);
        Ok(all.filter(|data| !data.is_empty()).collect())
    }

    /// The person in the scope who has this registration number now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_by_registration(
        &self,
        scope: &Scope,
        number: RegistrationNumber,
    ) -> Result<Option<PersonBrief>, StoreError> {
        let row: Option<BriefRow> = persons::table
            .inner_join(medical_registrations::table)
            .filter(medical_registrations::number.eq(number.to_string()))
            .filter(medical_registrations::known_to.is_null())
            .filter(in_scope!(scope, persons::id))
            .select(brief_columns!())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        Ok(row.map(PersonBrief::new))
    }

    /// The associations that see a person's record, each with why: what a scope asks, read the other way round.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_audience(&self, person: PersonId) -> Result<Vec<(AssociationId, AudienceReason)>, StoreError> {
        let mut conn = self.conn().await?;
        let member: Vec<Uuid> = memberships_of!(person.uuid())
            .select(memberships::association_id)
            .distinct()
            .order(memberships::association_id)
            .load(&mut conn)
            .await?;
        let filed: Vec<Uuid> = steps_of_filed_cases_of!(person.uuid())
            .select(application_steps::association_id)
            .distinct()
            .order(application_steps::association_id)
            .load(&mut conn)
            .await?;
        let with = |reason| move |id| (AssociationId::from_uuid(id), reason);
        let member = member.into_iter().map(with(AudienceReason::Membership));
        Ok(member.chain(filed.into_iter().map(with(AudienceReason::Application))).collect())
    }

    /// Whether a person lies in the scope.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_is_visible(&self, scope: &Scope, person: PersonId) -> Result<bool, StoreError> {
        let found = persons::table.find(person.uuid()).filter(in_scope!(scope, persons::id));
        Ok(diesel::select(exists(found)).get_result(&mut self.conn().await?).await?)
    }

    /// A person's memberships in two times; `None` when the person is not in the scope.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn membership_list(
        &self,
        scope: &Scope,
        person: PersonId,
        time: MembershipTime,
    ) -> Result<Option<Vec<MembershipRecord>>, StoreError> {
        type Row =
            (Uuid, Uuid, Option<String>, NaiveDate, Option<NaiveDate>, Option<String>, DateTime<Utc>, Option<Uuid>);
        let mut conn = self.conn().await?;
        let visible: bool =
            diesel::select(exists(persons::table.find(person.uuid()).filter(in_scope!(scope, persons::id))))
                .get_result(&mut conn)
                .await?;
        if !visible {
            return Ok(None);
        }
        let mut query = memberships::table
            .filter(memberships::person_id.eq(person.uuid()))
            .order((memberships::valid_from.desc(), memberships::id))
            .select((
                memberships::id,
                memberships::association_id,
                memberships::category_code,
                memberships::valid_from,
                memberships::valid_to,
                memberships::end_reason,
                memberships::known_from,
                memberships::application_id,
            ))
            .into_boxed();
        if let Some(day) = time.as_of {
            query = query
                .filter(memberships::valid_from.le(day))
                .filter(memberships::valid_to.is_null().or(memberships::valid_to.gt(day)));
        }
        query = match time.as_known_before {
            None => query.filter(memberships::known_to.is_null()),
            Some(before) => query
                .filter(memberships::known_from.lt(before))
                .filter(memberships::known_to.is_null().or(memberships::known_to.ge(before))),
        };
        let rows: Vec<Row> = query.load(&mut conn).await?;
        let read =
            |(id, association_id, category_code, valid_from, valid_to, reason, known_from, application_id): Row| {
                let unreadable =
                    |_| StoreError::Unreadable { table: "memberships", id: id.to_string(), column: "end_reason" };
                Ok(MembershipRecord {
                    id,
                    association_id,
                    category_code,
                    valid_from,
                    valid_to,
                    end_reason: reason.map(|text| text.parse()).transpose().map_err(unreadable)?,
                    known_from,
                    application_id,
                })
            };
        rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>().map(Some)
    }
}

/// The same readings on an open transaction's own connection: a second one, taken while holding the first, can wait for
/// ever.
impl Tx {
    /// The areas of a postal code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postal_code_get(&mut self, postal_code: &str) -> Result<Vec<PostalRecord>, StoreError> {
        postal_code_get(&mut self.conn, postal_code).await
    }

    /// Which associations serve which of these municipalities.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn areas_of(
        &mut self,
        municipality_codes: &[String],
    ) -> Result<Vec<(String, AssociationId)>, StoreError> {
        areas_of(&mut self.conn, municipality_codes).await
    }

    /// Whether there is such a municipality.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn municipality_exists(&mut self, code: &str) -> Result<bool, StoreError> {
        municipality_exists(&mut self.conn, code).await
    }

    /// A facility.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn facility_get(&mut self, id: FacilityId) -> Result<Option<FoundFacility>, StoreError> {
        facility_get(&mut self.conn, id).await
    }

    /// A person in a word, without a scope.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn person_brief(&mut self, id: PersonId) -> Result<Option<PersonBrief>, StoreError> {
        person_brief(&mut self.conn, id).await
    }
}

async fn postal_code_get(conn: &mut AsyncPgConnection, postal_code: &str) -> Result<Vec<PostalRecord>, StoreError> {
    Ok(postal_codes::table
        .filter(postal_codes::postal_code.eq(postal_code))
        .order((postal_codes::municipality_code, postal_codes::id))
        .limit(500)
        .select((
            postal_codes::municipality_code,
            postal_codes::prefecture,
            postal_codes::municipality,
            postal_codes::town,
            postal_codes::town_kana,
        ))
        .load(conn)
        .await?)
}

async fn areas_of(
    conn: &mut AsyncPgConnection,
    municipality_codes: &[String],
) -> Result<Vec<(String, AssociationId)>, StoreError> {
    let rows: Vec<(String, Uuid)> = association_areas::table
        .inner_join(associations::table)
        .filter(association_areas::municipality_code.eq_any(municipality_codes))
        .order(associations::code)
        .select((association_areas::municipality_code, association_areas::association_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(code, id)| (code, AssociationId::from_uuid(id))).collect())
}

async fn municipality_exists(conn: &mut AsyncPgConnection, code: &str) -> Result<bool, StoreError> {
    Ok(diesel::select(exists(municipalities::table.find(code))).get_result(conn).await?)
}

async fn facility_get(conn: &mut AsyncPgConnection, id: FacilityId) -> Result<Option<FoundFacility>, StoreError> {
    Ok(facilities::table.find(id.uuid()).select(FoundFacility::as_select()).first(conn).await.optional()?)
}

async fn person_brief(conn: &mut AsyncPgConnection, id: PersonId) -> Result<Option<PersonBrief>, StoreError> {
    let row: Option<BriefRow> = persons::table.find(id.uuid()).select(brief_columns!()).first(conn).await.optional()?;
    Ok(row.map(PersonBrief::new))
}

/// Takes their meaning from the signs that `like` reads.
pub(crate) fn like_literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

macro_rules! brief_columns {
    () => {
        (persons::id, persons::family_name, persons::given_name, persons::family_name_kana, persons::given_name_kana)
    };
}

/// Why an association sees a person: the memberships, as believed now, and the cases that were filed. Everything that asks
/// who may see a person is built on these two.
macro_rules! memberships_of {
    ($person:expr) => {
        memberships::table.filter(memberships::person_id.eq($person)).filter(memberships::known_to.is_null())
    };
}
macro_rules! steps_of_filed_cases_of {
    ($person:expr) => {
        application_steps::table
            .inner_join(applications::table)
            .filter(applications::person_id.eq($person))
            .filter(applications::submitted_at.is_not_null())
    };
}

/// A scope as a `where` over a column of person ids. The same text for every scope, so that the statement is prepared once.
macro_rules! in_scope {
    ($scope:expr, $person:expr) => {{
        let own: Option<Uuid> = $scope.person().map(PersonId::uuid);
        let associations: Vec<Uuid> = $scope.associations().iter().map(|id| id.uuid()).collect();
        let member = memberships_of!($person).filter(memberships::association_id.eq_any(associations.clone()));
        let filed =
            steps_of_filed_cases_of!($person.nullable()).filter(application_steps::association_id.eq_any(associations));
        $person.nullable().eq(own).or(exists(member)).or(exists(filed))
    }};
}

use brief_columns;
pub(super) use {in_scope, memberships_of, steps_of_filed_cases_of};

#[cfg(test)]
mod tests {
    use super::like_literal;

    #[test]
    fn signs_of_like_are_letters_in_a_search() {
        assert_eq!(like_literal("100%_\\"), "100\\%\\_\\\\");
    }
}
