//! Log-in and who one is.

use mamis_kernel::{AccountId, Role};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::{AssociationRef, PersonRef};

/// A log-in by login id and password.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "login_id": "demo-physician", "password": "correct horse battery staple" })))]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// As on the letter; upper and lower case are the same.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "demo-physician"))]
    pub login_id: String,
    /// Taken as it is, blanks included.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, example = "correct horse battery staple")
    )]
    pub password: String,
}

/// An open session. The refresh token travels in an HttpOnly cookie and is not shown.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// For the `Authorization: Bearer` header. Keep it in memory only.
    pub access_token: String,
    /// Seconds until the access token ends; refresh before.
    pub expires_in: u32,
    /// Whose session it is.
    pub account: AccountView,
}

/// Who is signed in, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account.
    pub id: AccountId,
    /// What was typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// The physician whose account it is; clerks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// Roles in force today.
    pub capabilities: Vec<CapabilityView>,
}

/// A role in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CapabilityView {
    /// The role.
    pub role: Role,
    /// Where a clerk's role is held; absent for physicians.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
}
