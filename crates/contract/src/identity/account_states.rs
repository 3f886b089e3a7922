use chrono::{DateTime, Utc};
use mamis_kernel::{AccountClass, AccountId, AccountState, SuspensionReason};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::AssociationRef;
use crate::rules::not_blank;

/// Why somebody cannot sign in, on one screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonAccountView {
    /// The account; absent when the person has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountDiagnosisView>,
    /// The reasons for which one may suspend it now.
    pub may_suspend_for: Vec<SuspensionReason>,
    /// Whether one may lift the suspension in force.
    pub may_lift: bool,
}

/// An account as those who help see it: no address, no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountDiagnosisView {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    #[cfg_attr(feature = "openapi", schema(example = "dr-takahashi"))]
    pub login_id: String,
    /// Where it stands.
    pub state: AccountState,
    /// What kind of user it is for.
    pub class: AccountClass,
    /// Whether mail can reach its owner.
    pub has_email: bool,
    /// When its owner last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_log_in: Option<DateTime<Utc>>,
    /// Until when log-ins are refused after wrong passwords.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled_until: Option<DateTime<Utc>>,
    /// The suspension in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<SuspensionView>,
}

/// Why an account may not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuspensionView {
    /// Which of the four.
    pub reason: SuspensionReason,
    /// What was written with it.
    pub note: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The association that imposed it; absent when a rule did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
}

/// Suspends a person's account.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "reason": "left_or_expelled", "note": "2026年11月30日付で退会届を受理" })))]
#[serde(deny_unknown_fields)]
pub struct SuspendAccount {
    /// Which of the four.
    pub reason: SuspensionReason,
    /// What happened, for those who look at it later.
    #[validate(length(min = 1, max = 1000, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000, pattern = r"\S"))]
    pub note: String,
}

/// Lifts the suspension of a person's account.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "note": "再入会の手続きが完了" })))]
#[serde(deny_unknown_fields)]
pub struct LiftSuspension {
    /// Why it is lifted.
    #[validate(length(min = 1, max = 1000, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000, pattern = r"\S"))]
    pub note: String,
}
