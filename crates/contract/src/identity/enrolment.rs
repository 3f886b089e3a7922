//! From a letter to a log-in, and back in by mail.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{EnrolmentStep, Language, LetterPurpose};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::registry::AssociationRef;

/// Begins with what stands on a letter.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "login_id": "KX4Q7M2P", "password": "7QK2-MXP4-RT9H" })))]
#[serde(deny_unknown_fields)]
pub struct CreateEnrolment {
    /// As on the letter; small letters, blanks and hyphens are fine.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "KX4Q7M2P"))]
    pub login_id: String,
    /// The same.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "7QK2-MXP4-RT9H"))]
    pub password: String,
    /// In which language to write; Japanese if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// Where an enrolment stands. Its token is in an HttpOnly cookie and is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentView {
    /// What comes next.
    pub step: EnrolmentStep,
    /// What the letter is for.
    pub purpose: LetterPurpose,
    /// Who wrote it, and helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// Whose letter it is: once that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What will be typed to sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "KX4Q7M2P"))]
    pub login_id: Option<String>,
    /// Tries left to show who one is; with none the association has to look first.
    pub identity_tries_left: u32,
    /// Whether a try did not match: the association has it on its list.
    pub identity_mismatched: bool,
    /// The address a code is on its way to, most of it hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "h***@example.jp"))]
    pub pending_email: Option<String>,
    /// The confirmed address, most of it hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether letters go on by post.
    pub without_email: bool,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
}

/// Shows who one is.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "medical_registration_number": "123456", "registered_on": "2005-04-20", "birth_date": "1980-07-05" })))]
#[serde(deny_unknown_fields)]
pub struct ProveEnrolmentIdentity {
    /// 医籍登録番号
    #[validate(length(min = 1, max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20, example = "123456"))]
    pub medical_registration_number: String,
    /// 医籍登録年月日
    #[cfg_attr(feature = "openapi", schema(example = "2005-04-20"))]
    pub registered_on: NaiveDate,
    /// 生年月日
    #[cfg_attr(feature = "openapi", schema(example = "1980-07-05"))]
    pub birth_date: NaiveDate,
}

/// Where one wants mail.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "email": "hanako@example.jp" })))]
#[serde(deny_unknown_fields)]
pub struct SendEnrolmentCode {
    /// A code goes there.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "hanako@example.jp"))]
    pub email: String,
}

/// The password one wants from now on.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "password": "琵琶湖の朝は静かで風がない" })))]
#[serde(deny_unknown_fields)]
pub struct ChooseEnrolmentPassword {
    /// Twelve characters or more.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256, example = "琵琶湖の朝は静かで風がない"))]
    pub password: String,
    /// What will be typed to sign in, if not what stands on the letter: letters, digits, `.`, `_` and `-`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 64, code = "too_long"), custom(function = "crate::rules::login_id"))]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9._-]{4,64}$", example = "hanako"))]
    pub login_id: Option<String>,
}

/// Asks for a way back in.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "login_id": "hanako@example.jp" })))]
#[serde(deny_unknown_fields)]
pub struct CreateRecovery {
    /// A login id, or an address: of each account there, a link.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "hanako@example.jp"))]
    pub login_id: String,
}

/// Chooses a new password by a link.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "token": "q4Xk0h0m3rV5y6Qm1oJ8r2d9Zt7uPfWlNcBaSeGiKxY", "new_password": "琵琶湖の朝は静かで風がない" })))]
#[serde(deny_unknown_fields)]
pub struct CompleteRecovery {
    /// What stands behind `#` in the link.
    #[validate(length(min = 1, max = 128, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub token: String,
    /// Twelve characters or more.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256, example = "琵琶湖の朝は静かで風がない"))]
    pub new_password: String,
}
