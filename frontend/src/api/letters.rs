//! Letters with temporary log-ins, and those whose proof of identity did not match.

use mamis_contract::identity::{
    IdentityMismatchView, IssueLetters, LetterBatchView, NotRegisteredView, SearchNotRegistered,
};
use mamis_contract::page::{Page, PageQuery};
use mamis_kernel::{AssociationId, LetterBatchId, MismatchId};

use super::transport::Call;
use super::{Api, Failure, IdempotencyKey};

impl Api {
    /// Members of an association who have no account in use.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn not_registered(self, query: SearchNotRegistered) -> Result<Page<NotRegisteredView>, Failure> {
        self.json(Call::post("/not-registered/search").body(&query)?).await
    }

    /// Issues letters; their file is made in the background.
    ///
    /// # Errors
    /// `invalid_fields`, `forbidden`, or any other [`Failure`].
    pub async fn issue_letters(self, command: &IssueLetters, key: &IdempotencyKey) -> Result<LetterBatchView, Failure> {
        self.json(Call::post("/letter-batches").body(command)?.key(key)).await
    }

    /// The batches of an association, newest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn letter_batches(self, id: AssociationId, page: PageQuery) -> Result<Page<LetterBatchView>, Failure> {
        let call = Call::get(format!("/associations/{id}/letter-batches"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Where a batch stands.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn letter_batch(self, id: LetterBatchId) -> Result<LetterBatchView, Failure> {
        self.json(Call::get(format!("/letter-batches/{id}"))).await
    }

    /// Says that a batch was printed.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn finish_letters(self, id: LetterBatchId) -> Result<LetterBatchView, Failure> {
        self.json(Call::post(format!("/letter-batches/{id}/finish"))).await
    }

    /// Those whose words about themselves are not those of the record, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn identity_mismatches(
        self,
        id: AssociationId,
        page: PageQuery,
    ) -> Result<Page<IdentityMismatchView>, Failure> {
        let call = Call::get(format!("/associations/{id}/identity-mismatches"));
        self.json(call.query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// Accepts somebody who was checked by other means, or takes somebody off the list.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn decide_mismatch(self, id: MismatchId, accept: bool, key: &IdempotencyKey) -> Result<(), Failure> {
        let how = if accept { "accept" } else { "dismiss" };
        self.send(Call::post(format!("/identity-mismatches/{id}/{how}")).key(key)).await.map(|_| ())
    }
}
