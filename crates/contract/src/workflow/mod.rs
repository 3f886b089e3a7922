//! Cases: filing, deciding, following them.

mod attachments;
mod training_account;
mod work_list;

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{
    ActingKind, ApplicationId, AssociationId, BusinessType, Employment, FacilityId, FacilityKind, StepKind, StepState,
    Tier, wire_codes,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::{AssociationRef, CategoryView, PersonRef};
use crate::rules::not_blank;

pub use attachments::{AddAttachment, AttachmentView};
pub use training_account::{KnownNumberView, TrainingAccountInput, TrainingWorkplaceInput};
pub use work_list::{AssociationWork, SearchWorkItems, WorkItem, WorkStatus, WorkSummary};

wire_codes! {
    /// Where a case stands.
    ApplicationState {
        /// 下書き
        Draft => "draft",
        /// 申請済: filed, and nobody has decided yet.
        Submitted => "submitted",
        /// 審査中: at least one association has approved.
        InReview => "in_review",
        /// 差戻し: with the physician, to be corrected.
        Returned => "returned",
        /// 完了
        Completed => "completed",
        /// 不承認
        Rejected => "rejected",
        /// 取下げ
        Retracted => "retracted",
    }
}

wire_codes! {
    /// What the reader may do with a case now; the screen's buttons follow it.
    ApplicationAction {
        /// Change the draft or correct the returned case.
        Save => "save",
        /// Send it, or send it again.
        Submit => "submit",
        /// Take it back.
        Retract => "retract",
        /// Agree, with the effective date.
        Approve => "approve",
        /// Send it back for correction.
        Return => "return",
        /// Refuse it.
        Reject => "reject",
    }
}

/// One change a case asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChangeInput {
    /// 新規入会
    JoinNew(JoinNewInput),
    /// 研修用アカウント
    TrainingAccount(TrainingAccountInput),
}

/// 新規入会 as typed so far. Everything may be missing in a draft; submitting wants all that is marked required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct JoinNewInput {
    /// Required: the main workplace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub workplace: Option<WorkplaceInput>,
    /// Required: which district association, one that serves the workplace or a university or occupational one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district_association_id: Option<AssociationId>,
    /// Required: how far up to join. `national` means district, prefecture and nation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest_tier: Option<Tier>,
    /// Required: whether this is a clinical resident (医師法に基づく研修医).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_clinical_resident: Option<bool>,
    /// Required when joining the nation: whether to be left out of the liability insurance (CAT-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurance_excluded: Option<bool>,
    /// Required: one category for each tier joined; proposed by `propose_categories`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub categories: Option<CategoryChoice>,
    /// Required: the wished day of joining. `2026-04-01`, `令和8年4月1日`, `R8.4.1`, full-width digits: all understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "令和8年4月1日"))]
    pub effective_date: Option<String>,
    /// Required: where letters go.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub contact: Option<ContactInput>,
    /// Anything the associations should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 1000, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: Option<String>,
}

/// A workplace: one already known, or a new one described.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WorkplaceInput {
    /// A facility found by name; its name and address then come from the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<FacilityId>,
    /// Required: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "湖南内科医院"))]
    pub name: Option<String>,
    /// Required: its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FacilityKind>,
    /// Required: seven digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "520-0044"))]
    pub postal_code: Option<String>,
    /// Required: JIS X 0402, five digits, from the postal code's candidates or the municipality list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 10, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 10, example = "25201"))]
    pub municipality_code: Option<String>,
    /// Required: the whole address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200, example = "滋賀県大津市京町三丁目1-1"))]
    pub address: Option<String>,
    /// Digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 30, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 30, example = "077-522-0000"))]
    pub phone: Option<String>,
    /// Required: what the physician does there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_type: Option<BusinessType>,
    /// Required: whether the physician is the facility's administrator (管理者).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_administrator: Option<bool>,
    /// Required: full or part time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment: Option<Employment>,
}

/// A category for each tier joined, in each association's own codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CategoryChoice {
    /// In the district association.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "B"))]
    pub district: Option<String>,
    /// In the prefectural association.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "B"))]
    pub prefectural: Option<String>,
    /// In the national association.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "A2B"))]
    pub national: Option<String>,
}

impl CategoryChoice {
    /// The choice for one tier.
    #[must_use]
    pub fn of(&self, tier: Tier) -> Option<&str> {
        match tier {
            Tier::District => self.district.as_deref(),
            Tier::Prefectural => self.prefectural.as_deref(),
            Tier::National => self.national.as_deref(),
        }
    }
}

/// Where letters and calls reach the physician.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ContactInput {
    /// Required: seven digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 20, example = "520-0044"))]
    pub postal_code: Option<String>,
    /// Required: the whole address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub address: Option<String>,
    /// Required: digits; full-width digits and hyphens are understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 30, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 30, example = "090-0000-0000"))]
    pub phone: Option<String>,
    /// An e-mail address, for those who have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
}

/// Begins a draft about oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "changes": [{ "kind": "join_new", "payload": { "highest_tier": "national" } }] })))]
#[serde(deny_unknown_fields)]
pub struct CreateApplication {
    /// One to ten changes; a life event often needs several.
    #[validate(length(min = 1, max = 10, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub changes: Vec<ChangeInput>,
}

/// Replaces what a draft or a returned case says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "changes": [{
    "kind": "join_new",
    "payload": {
        "workplace": {
            "name": "湖南内科医院", "kind": "clinic", "postal_code": "520-0044", "municipality_code": "25201",
            "address": "滋賀県大津市京町三丁目1-1", "phone": "077-522-0000", "business_type": "clinic_employee",
            "is_administrator": false, "employment": "full_time"
        },
        "district_association_id": "ast_0190a6f2c1e07a3b9d4e5f60718293a4",
        "highest_tier": "national",
        "is_clinical_resident": false,
        "insurance_excluded": false,
        "categories": { "district": "B", "prefectural": "B", "national": "A2B" },
        "effective_date": "令和8年4月1日",
        "contact": { "postal_code": "520-0044", "address": "滋賀県大津市京町四丁目2-2", "phone": "090-0000-0000" }
    }
}] })))]
#[serde(deny_unknown_fields)]
pub struct SaveApplication {
    /// All changes, also the unchanged ones.
    #[validate(length(min = 1, max = 10, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub changes: Vec<ChangeInput>,
}

/// Agrees to the case as one's own association.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "effective_date": "2026-04-01", "comment": "理事会承認" })))]
#[serde(deny_unknown_fields)]
pub struct ApproveApplication {
    /// The day from which the change holds; past and future days are possible (M-16). Any way of writing a day.
    #[validate(length(max = 40, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 40, example = "2026-04-01"))]
    pub effective_date: String,
    /// For the record and the physician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 1000, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub comment: Option<String>,
}

/// Sends the case back for correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "reason": "電話番号をご確認ください",
    "field_comments": [{ "pointer": "/changes/0/payload/workplace/phone", "comment": "桁が足りません" }]
})))]
#[serde(deny_unknown_fields)]
pub struct ReturnApplication {
    /// What is to be done, in a sentence.
    #[validate(length(min = 1, max = 1000, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000, pattern = r"\S"))]
    pub reason: String,
    /// Comments on single fields.
    #[serde(default)]
    #[validate(length(max = 50, code = "out_of_range"), nested)]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub field_comments: Vec<FieldComment>,
}

/// A comment on one field of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldComment {
    /// A JSON pointer into the case, `/changes/0/payload/workplace/phone` for example.
    #[validate(length(min = 1, max = 200, code = "too_long"))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, example = "/changes/0/payload/workplace/phone")
    )]
    pub pointer: String,
    /// What is wrong with it.
    #[validate(length(min = 1, max = 500, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500, pattern = r"\S"))]
    pub comment: String,
}

/// Refuses the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "reason": "入会要件を満たしません" })))]
#[serde(deny_unknown_fields)]
pub struct RejectApplication {
    /// Why; the physician reads it.
    #[validate(length(min = 1, max = 1000, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000, pattern = r"\S"))]
    pub reason: String,
}

/// Takes one's own case back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "reason": "勤務先が変わるため" })))]
#[serde(deny_unknown_fields)]
pub struct RetractApplication {
    /// Why, if one likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 1000, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub reason: Option<String>,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationView {
    /// The case.
    pub id: ApplicationId,
    /// 受付番号, given on submitting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "2026-JOIN-00000001"))]
    pub number: Option<String>,
    /// Where it stands.
    pub state: ApplicationState,
    /// Whom it is about; absent in the draft of a self-registered account, which nobody knows yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<PersonRef>,
    /// What it asks for.
    pub changes: Vec<ChangeView>,
    /// The files that belong to it, oldest first.
    pub attachments: Vec<AttachmentView>,
    /// For clerks of the route: what the registry knows of the registration number of a training account; absent when
    /// nobody else has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_number: Option<KnownNumberView>,
    /// Who decides, in order; empty in a draft.
    pub steps: Vec<StepView>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Comments of the return that is to be corrected now.
    pub field_comments: Vec<FieldComment>,
    /// The wished or decided day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<NaiveDate>,
    /// When the draft was begun.
    pub created_at: DateTime<Utc>,
    /// When it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concluded_at: Option<DateTime<Utc>>,
    /// What the reader may do now.
    pub allowed_actions: Vec<ApplicationAction>,
}

/// One change with what its codes stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeView {
    /// As it was saved, digits and dates in standard form.
    pub input: ChangeInput,
    /// The associations to be joined, lowest first, as far as chosen.
    pub associations: Vec<AssociationRef>,
    /// The chosen categories with their labels, in the same order, as far as chosen.
    pub categories: Vec<TierCategory>,
}

/// A category at a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierCategory {
    /// Where.
    pub tier: Tier,
    /// As what.
    pub category: CategoryView,
}

/// One association's part in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// 1 for the first.
    pub position: u32,
    /// Whose step.
    pub association: AssociationRef,
    /// How it takes part.
    pub kind: StepKind,
    /// Where it stands.
    pub state: StepState,
    /// Since when it has been that association's turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// The day it was approved for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<NaiveDate>,
}

wire_codes! {
    /// What happened to a case.
    TimelineEvent {
        /// The draft was begun.
        Created => "created",
        /// It was filed.
        Submitted => "submitted",
        /// An association approved.
        Approved => "approved",
        /// An association sent it back.
        Returned => "returned",
        /// The physician corrected and sent it again.
        Corrected => "corrected",
        /// An association refused.
        Rejected => "rejected",
        /// The physician took it back.
        Retracted => "retracted",
        /// It took effect.
        Completed => "completed",
    }
}

/// One line of a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: TimelineEvent,
    /// By which association, where one acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// The day that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<NaiveDate>,
    /// Reason or comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Comments on fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub field_comments: Vec<FieldComment>,
    /// Who did it for the physician, when it was not the physician's own hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<ProxyView>,
}

/// Who acted for a physician.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProxyView {
    /// As a clerk or as an assistant.
    pub kind: ActingKind,
    /// The name.
    pub name: String,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationSummary {
    /// The case.
    pub id: ApplicationId,
    /// 受付番号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where it stands.
    pub state: ApplicationState,
    /// The kinds of its changes, `join_new` for example.
    pub kinds: Vec<ChangeKind>,
    /// Whose turn it is; of a returned case, who asks for the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_association: Option<AssociationRef>,
    /// Since when it has stood there.
    pub since: DateTime<Utc>,
    /// The wished or decided day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<NaiveDate>,
}

wire_codes! {
    /// What a change is about.
    ChangeKind {
        /// 新規入会
        JoinNew => "join_new",
        /// 研修用アカウント
        TrainingAccount => "training_account",
    }
}

/// The facts from which categories follow (CAT-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "district_association_id": "ast_0190a6f2c1e07a3b9d4e5f60718293a4", "highest_tier": "national",
    "business_type": "clinic_founder", "is_administrator": true, "is_clinical_resident": false,
    "insurance_excluded": false
})))]
#[serde(deny_unknown_fields)]
pub struct ProposeCategories {
    /// The district association to be joined.
    pub district_association_id: AssociationId,
    /// How far up.
    pub highest_tier: Tier,
    /// What the physician does at the main workplace.
    pub business_type: BusinessType,
    /// Whether the physician is the facility's administrator.
    pub is_administrator: bool,
    /// Whether this is a clinical resident.
    pub is_clinical_resident: bool,
    /// Whether to be left out of the liability insurance.
    pub insurance_excluded: bool,
}

/// A proposal for each tier; clerks confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryProposals {
    /// Lowest tier first.
    pub items: Vec<CategoryProposal>,
}

/// What one association would call this member, and what else it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryProposal {
    /// Where.
    pub association: AssociationRef,
    /// The proposal; absent when the association has nothing that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<CategoryView>,
    /// Everything the association has.
    pub options: Vec<CategoryView>,
    /// The rule that led to the proposal, `CAT-1` for example.
    #[cfg_attr(feature = "openapi", schema(example = "CAT-8"))]
    pub rule: String,
    /// Whether the proposal was changed because a founder or administrator cannot leave the insurance (CAT-2).
    pub insurance_kept: bool,
}
