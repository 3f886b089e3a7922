//! Acting for somebody: clerks on behalf, assistants by delegation.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{
    ActingKind, AudienceReason, DelegationId, DelegationScope, DelegationState, Language, OnBehalfId, PersonId,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::{AssociationRef, PersonRef};
use crate::rules::not_blank;

/// For whom a request acts, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActingView {
    /// As in `X-Acting-For`.
    #[cfg_attr(feature = "openapi", schema(example = "obo_0190a6f2c1e07a3b9d4e5f60718293a4"))]
    pub id: String,
    /// As a clerk or as an assistant.
    pub kind: ActingKind,
    /// For whom.
    pub person: PersonRef,
    /// As clerk of which association.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// What it allows.
    pub scopes: Vec<DelegationScope>,
    /// When it ends by itself: within the hour for clerks, after the last day for assistants.
    pub ends_at: DateTime<Utc>,
    /// Seconds until then, for devices whose clock is wrong.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, example = 3600))]
    pub ends_in: i64,
}

/// A clerk wants to act for a physician.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "person_id": "per_0190a6f2c1e07a3b9d4e5f60718293a4", "reason": "電話で依頼を受け、入会申込書を代わりに入力します。" })))]
#[serde(deny_unknown_fields)]
pub struct BeginOnBehalf {
    /// For whom.
    pub person_id: PersonId,
    /// Why; the physician reads it.
    #[validate(length(min = 1, max = 500, code = "too_long"), custom(function = not_blank))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// A clerk's stretch of acting for a physician.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnBehalfView {
    /// For `X-Acting-For`.
    pub id: OnBehalfId,
    /// For whom.
    pub person: PersonRef,
    /// The clerk.
    pub clerk: String,
    /// As clerk of which association.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// Why.
    pub reason: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When the clerk ended it before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}

/// An assistant to be invited.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "assistant_name": "山田 花", "email": "yamada@clinic.example", "scopes": ["view", "draft"], "ends_on": "2027-03-31" })))]
#[serde(deny_unknown_fields)]
pub struct InviteAssistant {
    /// What one calls the assistant.
    #[validate(length(min = 1, max = 50, code = "too_long"), custom(function = not_blank))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub assistant_name: String,
    /// Where the invitation goes. Without it, the answer has a code to be handed over.
    #[validate(length(max = 254, code = "too_long"), email(code = "invalid_format"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 254, format = "email"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the assistant may do; one at least.
    #[validate(length(min = 1, max = 4, code = "required"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 4))]
    pub scopes: Vec<DelegationScope>,
    /// The last day, within a year.
    pub ends_on: NaiveDate,
}

/// What a physician lets an assistant do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationView {
    /// The delegation.
    pub id: DelegationId,
    /// What the physician calls the assistant.
    pub assistant_name: String,
    /// Where the invitation went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What it allows.
    pub scopes: Vec<DelegationScope>,
    /// Where it stands.
    pub state: DelegationState,
    /// The last day.
    pub ends_on: NaiveDate,
    /// When the assistant was invited.
    pub invited_at: DateTime<Utc>,
    /// Until when the invitation can be accepted.
    pub invitation_expires_at: DateTime<Utc>,
    /// When it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was taken back or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// To be handed over, where no mail was sent. Given once, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "7Q2M-4KX9-0TRB-W5HC"))]
    pub code: Option<String>,
}

/// A delegation as its assistant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldDelegationView {
    /// For `X-Acting-For`.
    pub id: DelegationId,
    /// Whose.
    pub person: PersonRef,
    /// What it allows.
    pub scopes: Vec<DelegationScope>,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// The code of an invitation.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "7Q2M-4KX9-0TRB-W5HC" })))]
#[serde(deny_unknown_fields)]
pub struct InvitationCode {
    /// Hyphens, blanks and upper or lower case make no difference.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub code: String,
}

/// What an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationView {
    /// The physician who invites, as shown.
    #[cfg_attr(feature = "openapi", schema(example = "髙橋　花子"))]
    pub physician: String,
    /// What the physician calls the assistant.
    pub assistant_name: String,
    /// What it allows.
    pub scopes: Vec<DelegationScope>,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// An assistant who has no account yet.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "7Q2M-4KX9-0TRB-W5HC", "login_id": "sakura-yamada", "display_name": "山田 花", "password": "琵琶湖の朝は静かで風がない" })))]
#[serde(deny_unknown_fields)]
pub struct RegisterAssistant {
    /// The invitation's.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub code: String,
    /// What will be typed to sign in: 4 to 64 letters, digits and `-`, `_`, `.`.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub login_id: String,
    /// The name that stands beside what one does.
    #[validate(length(min = 1, max = 50, code = "too_long"), custom(function = not_blank))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub display_name: String,
    /// Twelve characters or more, hard to guess, nothing of one's own data.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// The language to be written to in; Japanese when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// An association that can see one's own record, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordAudienceView {
    /// Which.
    pub association: AssociationRef,
    /// Why.
    pub reasons: Vec<AudienceReason>,
}

/// All associations that can see one's own record: a handful at most, so in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordAudience {
    /// From the district up.
    pub items: Vec<RecordAudienceView>,
}
