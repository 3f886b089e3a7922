//! Changing a person's record, and its history.

use mamis_contract::page::{Page, PageQuery};
use mamis_contract::registry::{
    AddAffiliation, AddContactPoint, AffiliationView, ChangeAffiliation, ChangePerson, ContactPointView,
    HistoryEntryView, PersonView, RevealPerson, RevealedView,
};
use mamis_kernel::{AffiliationId, ContactPointId, PersonId};

use super::transport::Call;
use super::{Api, ETag, Failure, IdempotencyKey, Versioned};

impl Api {
    /// A physician's record with the version that a change is based on.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn record(self, id: PersonId) -> Result<Versioned<PersonView>, Failure> {
        self.versioned(Call::get(format!("/persons/{id}"))).await
    }

    /// Corrects who a person is.
    ///
    /// # Errors
    /// `invalid_fields`, `stale_version`, or any other [`Failure`].
    pub async fn change_person(self, id: PersonId, command: &ChangePerson, etag: &ETag) -> Result<(), Failure> {
        self.send(Call::patch(format!("/persons/{id}")).if_match(etag).body(command)?).await.map(|_| ())
    }

    /// Adds a workplace.
    ///
    /// # Errors
    /// `invalid_fields`, `stale_version`, or any other [`Failure`].
    pub async fn add_affiliation(
        self,
        id: PersonId,
        command: &AddAffiliation,
        etag: &ETag,
        key: &IdempotencyKey,
    ) -> Result<AffiliationView, Failure> {
        self.json(Call::post(format!("/persons/{id}/affiliations")).if_match(etag).key(key).body(command)?).await
    }

    /// Changes a workplace.
    ///
    /// # Errors
    /// `invalid_fields`, `stale_version`, or any other [`Failure`].
    pub async fn change_affiliation(
        self,
        id: AffiliationId,
        command: &ChangeAffiliation,
        etag: &ETag,
    ) -> Result<AffiliationView, Failure> {
        self.json(Call::patch(format!("/affiliations/{id}")).if_match(etag).body(command)?).await
    }

    /// Adds a way to reach a person, or puts another in its place.
    ///
    /// # Errors
    /// `invalid_fields`, `stale_version`, or any other [`Failure`].
    pub async fn add_contact_point(
        self,
        id: PersonId,
        command: &AddContactPoint,
        etag: &ETag,
        key: &IdempotencyKey,
    ) -> Result<ContactPointView, Failure> {
        self.json(Call::post(format!("/persons/{id}/contact-points")).if_match(etag).key(key).body(command)?).await
    }

    /// Ends a way to reach a person.
    ///
    /// # Errors
    /// `stale_version`, or any other [`Failure`].
    pub async fn end_contact_point(self, id: ContactPointId, etag: &ETag) -> Result<(), Failure> {
        self.send(Call::delete(format!("/contact-points/{id}")).if_match(etag)).await.map(|_| ())
    }

    /// What is masked, for a reason.
    ///
    /// # Errors
    /// `forbidden`, or any other [`Failure`].
    pub async fn reveal_person(self, id: PersonId, command: &RevealPerson) -> Result<RevealedView, Failure> {
        self.json(Call::post(format!("/persons/{id}/reveal")).body(command)?).await
    }

    /// What was changed about a person, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn person_history(self, id: PersonId, page: PageQuery) -> Result<Page<HistoryEntryView>, Failure> {
        let call = Call::get(format!("/persons/{id}/history"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }
}
