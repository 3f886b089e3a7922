//! Cases: filing, deciding, following them. Every change of a case says which version it is about.

use mamis_contract::page::{Page, PageQuery};
use mamis_contract::workflow::{
    ApplicationSummary, ApplicationView, ApproveApplication, CategoryProposals, CreateApplication, ProposeCategories,
    RejectApplication, RetractApplication, ReturnApplication, SaveApplication, SearchWorkItems, WorkItem, WorkSummary,
};
use mamis_kernel::ApplicationId;
use serde::Serialize;

use super::transport::Call;
use super::{Api, ETag, Failure, IdempotencyKey, Versioned};

impl Api {
    /// The categories that follow from the facts.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn propose_categories(self, facts: &ProposeCategories) -> Result<CategoryProposals, Failure> {
        self.json(Call::post("/category-proposals").body(facts)?).await
    }

    /// Begins a draft.
    ///
    /// # Errors
    /// `parallel_application`, or any other [`Failure`].
    pub async fn create_application(
        self,
        command: &CreateApplication,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.versioned(Call::post("/applications").body(command)?.key(key)).await
    }

    /// One's own cases, latest first.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn applications(self, page: PageQuery) -> Result<Page<ApplicationSummary>, Failure> {
        self.json(Call::get("/applications").query("cursor", page.cursor).query("limit", page.limit)).await
    }

    /// One case.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn application(self, id: ApplicationId) -> Result<Versioned<ApplicationView>, Failure> {
        self.versioned(Call::get(format!("/applications/{id}"))).await
    }

    /// Replaces what a draft or a returned case says.
    ///
    /// # Errors
    /// `stale_version`, `invalid_fields`, or any other [`Failure`].
    pub async fn save_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        command: &SaveApplication,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.versioned(Call::put(format!("/applications/{id}")).body(command)?.if_match(etag)).await
    }

    /// Sends a draft, or a corrected case again.
    ///
    /// # Errors
    /// `invalid_fields` with pointers into the case, `stale_version`, or any other [`Failure`].
    pub async fn submit_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.versioned(Call::post(format!("/applications/{id}/submit")).if_match(etag).key(key)).await
    }

    /// Agrees to a case as one's own association.
    ///
    /// # Errors
    /// `not_your_step`, `stale_version`, or any other [`Failure`].
    pub async fn approve_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        command: &ApproveApplication,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.decide(id, "approve", etag, command, key).await
    }

    /// Sends a case back for correction.
    ///
    /// # Errors
    /// As [`Api::approve_application`].
    pub async fn return_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        command: &ReturnApplication,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.decide(id, "return", etag, command, key).await
    }

    /// Refuses a case.
    ///
    /// # Errors
    /// As [`Api::approve_application`].
    pub async fn reject_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        command: &RejectApplication,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.decide(id, "reject", etag, command, key).await
    }

    /// Takes one's own case back.
    ///
    /// # Errors
    /// `wrong_state`, `stale_version`, or any other [`Failure`].
    pub async fn retract_application(
        self,
        id: ApplicationId,
        etag: &ETag,
        command: &RetractApplication,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        self.decide(id, "retract", etag, command, key).await
    }

    /// The work of one's associations.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn search_work_items(self, query: &SearchWorkItems) -> Result<Page<WorkItem>, Failure> {
        self.json(Call::post("/work-items/search").body(query)?).await
    }

    /// Counts over the work of one's associations.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn work_summary(self) -> Result<WorkSummary, Failure> {
        self.json(Call::get("/work-items/summary")).await
    }

    async fn decide(
        self,
        id: ApplicationId,
        verb: &str,
        etag: &ETag,
        command: &impl Serialize,
        key: &IdempotencyKey,
    ) -> Result<Versioned<ApplicationView>, Failure> {
        let call = Call::post(format!("/applications/{id}/{verb}")).body(command)?.if_match(etag).key(key);
        self.versioned(call).await
    }
}
