//! What clerks have to do: the work list and its counts.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{ApplicationId, AssociationId, StepState, wire_codes};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{ApplicationState, ChangeKind};
use crate::registry::{AssociationRef, PersonRef};

wire_codes! {
    /// Which part of an association's work.
    WorkStatus {
        /// Its turn: to be decided now.
        Open => "open",
        /// Filed, but still with an association before it.
        Upcoming => "upcoming",
        /// Sent back by it, with the physician.
        Returned => "returned",
        /// Decided by it.
        Decided => "decided",
    }
}

/// Filters of the work list. A POST, because names do not belong into addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "status": "open", "min_age_days": 7, "limit": 50 })))]
#[serde(deny_unknown_fields, default)]
pub struct SearchWorkItems {
    /// As whose clerk; all of one's associations when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_id: Option<AssociationId>,
    /// Which part; `open` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<WorkStatus>,
    /// Only those that have stood there for this many days or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 3650, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 3650))]
    pub min_age_days: Option<u32>,
    /// The beginning of the applicant's name or kana, or a receipt number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub text: Option<String>,
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 300, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 200, code = "out_of_range"))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// One association's step of one case, as a row of the work list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkItem {
    /// The case.
    pub application_id: ApplicationId,
    /// 受付番号
    pub number: String,
    /// Whom it is about.
    pub applicant: PersonRef,
    /// The kinds of its changes.
    pub kinds: Vec<ChangeKind>,
    /// As whose clerk one would act.
    pub association: AssociationRef,
    /// Where this association's step stands.
    pub step_state: StepState,
    /// Where the case stands.
    pub state: ApplicationState,
    /// When the case was filed.
    pub submitted_at: DateTime<Utc>,
    /// Since when the step has stood there.
    pub since: DateTime<Utc>,
    /// The same in whole days in Tokyo.
    pub age_days: u32,
    /// The wished or decided day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<NaiveDate>,
}

/// Counts over the work of one's associations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkSummary {
    /// One entry an association.
    pub items: Vec<AssociationWork>,
}

/// One association's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssociationWork {
    /// Whose.
    pub association: AssociationRef,
    /// To be decided now.
    pub open: u32,
    /// Of these, seven days or older.
    pub open_7_days: u32,
    /// Of these, thirty days or older.
    pub open_30_days: u32,
    /// Still with an association before it.
    pub upcoming: u32,
    /// Sent back by it, with the physician.
    pub returned: u32,
}
