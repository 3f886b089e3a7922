use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{
    AccountId, AccountState, AssociationId, ClerkInvitationId, ClerkRoleId, Language, OrganisationId, OrganisationKind,
    Role,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::AssociationRef;
use crate::rules::{login_id, not_blank};

/// A role that somebody holds in an association or organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClerkRoleView {
    /// The role. A change gives it a successor with an id of its own.
    pub id: ClerkRoleId,
    /// Who holds it.
    pub account_id: AccountId,
    /// What its holder types to sign in.
    #[cfg_attr(feature = "openapi", schema(example = "otsu-approver"))]
    pub login_id: String,
    /// The holder's name.
    #[cfg_attr(feature = "openapi", schema(example = "大津　承認"))]
    pub display_name: String,
    /// The state of the holder's account.
    pub account_state: AccountState,
    /// What the holder may do.
    pub role: Role,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; absent while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// When the holder last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_log_in: Option<DateTime<Utc>>,
    /// Whether it is one's own.
    pub is_own: bool,
}

/// Which roles of a place to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ClerkRoleQuery {
    /// With those that have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_ended: Option<bool>,
    /// Where the page begins: `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// Another role for somebody, or other days.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "role": "approver", "last_day": "2027-03-31" })))]
#[serde(deny_unknown_fields)]
pub struct ChangeClerkRole {
    /// The role from then on.
    pub role: Role,
    /// The first day of the change; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<NaiveDate>,
    /// The last day; without one the role is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
}

/// The end of somebody's role.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({})))]
#[serde(deny_unknown_fields)]
pub struct EndClerkRole {
    /// The last day; without one it ends at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
}

/// That a clerk who lost the way in is to be let in again.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "reason": "本人が来局し、職員証で確認" })))]
#[serde(deny_unknown_fields)]
pub struct RecoverClerk {
    /// How it was made sure who it is.
    #[validate(length(min = 1, max = 500, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500, pattern = "\\S"))]
    pub reason: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClerkRecoveryView {
    /// Until when another administrator may confirm it; missing once that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<DateTime<Utc>>,
    /// The link to a new password, to be handed over to who has no e-mail. Shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An invitation to become a clerk of an association, or an organiser of an organisation.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "association_id": "ast_01900000000070008000000000000001", "role": "operator", "last_day": "2027-03-31", "invitee": "田中　久美", "language": "ja" })))]
#[serde(deny_unknown_fields)]
pub struct InviteClerk {
    /// The association; this or `organisation_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association_id: Option<AssociationId>,
    /// The organisation; this or `association_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// To what.
    pub role: Role,
    /// The first day; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<NaiveDate>,
    /// The last day; without one the role is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// Who is meant.
    #[validate(length(min = 1, max = 100, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, pattern = r"\S"))]
    pub invitee: String,
    /// Where the invitation is sent; without it the code is handed over.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "tanaka@example.jp"))]
    pub email: Option<String>,
    /// In which language the invited reads.
    pub language: Language,
}

/// An invitation that has not been accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClerkInvitationView {
    /// The invitation.
    pub id: ClerkInvitationId,
    /// The association, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// The organisation, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// To what.
    pub role: Role,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; absent while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// Who is meant.
    pub invitee: String,
    /// Where it was sent; absent when its code was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "tanaka@example.jp"))]
    pub email: Option<String>,
    /// When it was made.
    pub invited_at: DateTime<Utc>,
    /// When it no longer works.
    pub expires_at: DateTime<Utc>,
    /// The code to hand over: in the answer to the invitation alone, and never again; not of one that was sent by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "7QK2M-XP4RT-9HWBC-3DNFV"))]
    pub code: Option<String>,
}

/// An invitation's code.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "7QK2M-XP4RT-9HWBC-3DNFV" })))]
#[serde(deny_unknown_fields)]
pub struct ClerkInvitationCode {
    /// As handed over; hyphens, blanks and small letters do not matter.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub code: String,
}

/// What an invitation is about, for whoever holds its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClerkInvitationOffer {
    /// The name of the association or organisation.
    #[cfg_attr(feature = "openapi", schema(example = "大津市医師会"))]
    pub place_name: String,
    /// To what.
    pub role: Role,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; absent while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// Who is meant.
    pub invitee: String,
    /// When it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// Accepts an invitation with a new account.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "7QK2M-XP4RT-9HWBC-3DNFV", "login_id": "tanaka-kumi", "display_name": "田中　久美", "password": "琵琶湖の朝は静かで風がない", "language": "ja" })))]
#[serde(deny_unknown_fields)]
pub struct AcceptClerkInvitation {
    /// As handed over.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub code: String,
    /// What will be typed to sign in: letters, digits, `.`, `_` and `-`.
    #[validate(length(min = 1, max = 64, code = "too_long"), custom(function = "login_id"))]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9._-]{4,64}$", example = "tanaka-kumi"))]
    pub login_id: String,
    /// One's name.
    #[validate(length(min = 1, max = 100, code = "too_long"), custom(function = "not_blank"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, pattern = r"\S"))]
    pub display_name: String,
    /// Twelve characters or more, hard to guess, nothing of one's own data.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// In which language to write.
    pub language: Language,
}

/// An organisation that is no association: a specialist body, 日本医学会, one of its societies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationView {
    /// The organisation.
    pub id: OrganisationId,
    /// Its code in the reference data.
    #[cfg_attr(feature = "openapi", schema(example = "S017"))]
    pub code: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "日本内科学会"))]
    pub name: String,
    /// Its name in English.
    #[cfg_attr(feature = "openapi", schema(example = "The Japanese Society of Internal Medicine"))]
    pub name_en: String,
    /// The prefecture (JIS X 0401) whose association looks after it; absent: the national one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefecture_code: Option<String>,
}
