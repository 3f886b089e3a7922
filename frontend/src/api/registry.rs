//! Persons, memberships, associations, places.

use chrono::NaiveDate;
use mamis_contract::page::Page;
use mamis_contract::registry::{
    AssociationView, FacilityMatches, LookUpPerson, MedicalSchoolView, MembershipList, MunicipalityView, PersonRef,
    PersonView, PostalCodeView, SearchFacilities,
};
use mamis_kernel::text::PostalCode;
use mamis_kernel::{AssociationId, PersonId, Tier};

use super::transport::Call;
use super::{Api, Failure};

/// Which associations, all when nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationFilter {
    /// Only this tier.
    pub tier: Option<Tier>,
    /// Only this prefecture (JIS X 0401).
    pub prefecture_code: Option<String>,
    /// Only those that serve this municipality (JIS X 0402).
    pub municipality_code: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many, 200 at most.
    pub limit: Option<u32>,
}

/// Which memberships, and as seen when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MembershipFilter {
    /// Only those in force on this day.
    pub as_of: Option<NaiveDate>,
    /// As the system believed at the end of this day.
    pub as_known_on: Option<NaiveDate>,
}

impl Api {
    /// A physician's record.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn person(self, id: PersonId) -> Result<PersonView, Failure> {
        self.json(Call::get(format!("/persons/{id}"))).await
    }

    /// A person's memberships.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn memberships(self, person: PersonId, filter: MembershipFilter) -> Result<MembershipList, Failure> {
        let call = Call::get(format!("/persons/{person}/memberships"))
            .query("as_of", filter.as_of)
            .query("as_known_on", filter.as_known_on);
        self.json(call).await
    }

    /// The person with this registration number.
    ///
    /// # Errors
    /// `not_found`, or any other [`Failure`].
    pub async fn look_up_person(self, query: &LookUpPerson) -> Result<PersonRef, Failure> {
        self.json(Call::post("/persons/lookup").body(query)?).await
    }

    /// What a postal code may stand for.
    ///
    /// # Errors
    /// `not_found` for a code nobody uses, or any other [`Failure`].
    pub async fn postal_code(self, code: PostalCode) -> Result<PostalCodeView, Failure> {
        self.json(Call::get(format!("/postal-codes/{code}"))).await
    }

    /// The municipalities of a prefecture, all of them: the largest has 194.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn municipalities(self, prefecture_code: &str) -> Result<Page<MunicipalityView>, Failure> {
        let call =
            Call::get("/municipalities").query("prefecture_code", Some(prefecture_code)).query("limit", Some(200));
        self.json(call).await
    }

    /// Associations.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn associations(self, filter: AssociationFilter) -> Result<Page<AssociationView>, Failure> {
        let call = Call::get("/associations")
            .query("tier", filter.tier)
            .query("prefecture_code", filter.prefecture_code)
            .query("municipality_code", filter.municipality_code)
            .query("cursor", filter.cursor)
            .query("limit", filter.limit);
        self.json(call).await
    }

    /// One association.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn association(self, id: AssociationId) -> Result<AssociationView, Failure> {
        self.json(Call::get(format!("/associations/{id}"))).await
    }

    /// The medical schools.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn medical_schools(self) -> Result<Page<MedicalSchoolView>, Failure> {
        self.json(Call::get("/medical-schools").query("limit", Some(200))).await
    }

    /// Facilities by part of their name.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn search_facilities(self, query: &SearchFacilities) -> Result<FacilityMatches, Failure> {
        self.json(Call::post("/facilities/search").body(query)?).await
    }
}
