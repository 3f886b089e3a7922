//! Second records of somebody, and one record made of two.

use mamis_contract::page::{Page, PageQuery};
use mamis_contract::registry::{DismissDuplicate, DoneMergeView, DuplicateView, MergePersons, MergeView};
use mamis_kernel::{AssociationId, DuplicateId, MergeId};

use super::transport::Call;
use super::{Api, Failure, IdempotencyKey};

impl Api {
    /// Records of an association that may be a second one of somebody, the likeliest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn duplicates(self, id: AssociationId, page: PageQuery) -> Result<Page<DuplicateView>, Failure> {
        let call = Call::get(format!("/associations/{id}/duplicates"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Says that two records are two persons'.
    ///
    /// # Errors
    /// `not_found` when somebody has decided already, or any other [`Failure`].
    pub async fn dismiss_duplicate(
        self,
        association_id: AssociationId,
        id: DuplicateId,
        key: &IdempotencyKey,
    ) -> Result<(), Failure> {
        let call = Call::post(format!("/duplicates/{id}/dismiss")).body(&DismissDuplicate { association_id })?;
        self.send(call.key(key)).await.map(|_| ())
    }

    /// What a merge would make of two records.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, or any other [`Failure`].
    pub async fn preview_merge(self, command: MergePersons) -> Result<MergeView, Failure> {
        self.json(Call::post("/person-merges/preview").body(&command)?).await
    }

    /// Makes one record of two.
    ///
    /// # Errors
    /// As [`Api::preview_merge`].
    pub async fn merge_persons(self, command: &MergePersons, key: &IdempotencyKey) -> Result<MergeView, Failure> {
        self.json(Call::post("/person-merges").body(command)?.key(key)).await
    }

    /// The merges of an association's clerks, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn merges(self, id: AssociationId, page: PageQuery) -> Result<Page<DoneMergeView>, Failure> {
        let call = Call::get(format!("/associations/{id}/person-merges"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Takes a merge back.
    ///
    /// # Errors
    /// `changed_since`, or any other [`Failure`].
    pub async fn undo_merge(self, id: MergeId, key: &IdempotencyKey) -> Result<(), Failure> {
        self.send(Call::post(format!("/person-merges/{id}/undo")).key(key)).await.map(|_| ())
    }
}
