//! Log-in and who one is.

mod account_states;
mod clerks;
mod enrolment;
mod letters;

pub use account_states::{AccountDiagnosisView, LiftSuspension, PersonAccountView, SuspendAccount, SuspensionView};
pub use clerks::{
    AcceptClerkInvitation, ChangeClerkRole, ClerkInvitationCode, ClerkInvitationOffer, ClerkInvitationView,
    ClerkRecoveryView, ClerkRoleQuery, ClerkRoleView, EndClerkRole, InviteClerk, OrganisationView, RecoverClerk,
};

pub use enrolment::{
    ChooseEnrolmentPassword, CompleteRecovery, CreateEnrolment, CreateRecovery, EnrolmentView, ProveEnrolmentIdentity,
    SendEnrolmentCode,
};
pub use letters::{
    IdentityMismatchView, IdentityView, IssueLetters, LetterBatchView, NotRegisteredQuery, NotRegisteredView,
    SearchNotRegistered,
};

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::texts::TermsText;
use mamis_kernel::{
    AccessKind, AccountClass, AccountId, ActingKind, Assurance, Browser, ConfirmationId, FieldErrorCode, Language,
    OrganisationId, Role, SessionEndReason, SessionId, System,
};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::acting::ActingView;
use crate::registry::{AssociationRef, PersonRef};

mod factors;

pub use factors::{
    ConfirmTotp, FactorsView, LogInByPasskey, PasskeyChallengeView, PasskeyView, ProveIdentity, QrView,
    RecoveryCodesView, RegisterPasskey, RenamePasskey, SecondStepView, TakeSecondStep, TotpSetupView,
};

/// A log-in by login id or address, and password.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "login_id": "demo-physician", "password": "correct horse battery staple" })))]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// As on the letter, or the confirmed mail address; upper and lower case are the same. An address that several accounts
    /// share signs in to the one whose password it is.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "demo-physician"))]
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
    /// What kind of user it is for.
    pub class: AccountClass,
    /// Where mail goes; who has none is told by post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "hanako@example.jp"))]
    pub email: Option<String>,
    /// The physician whose account it is; clerks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// How sure this session is of who opened it.
    pub assurance: Assurance,
    /// Roles in force today.
    pub capabilities: Vec<CapabilityView>,
    /// Whether the account registered itself and waits for an association to approve it.
    #[serde(default)]
    pub provisional: bool,
    /// Roles that wait until a second factor is shown (ID-20): set one up, or sign in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<CapabilityView>,
    /// The version of the terms of use that has to be accepted before anything else works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_to_accept: Option<String>,
    /// The version that was announced and not yet accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_coming: Option<TermsListItem>,
    /// For whom the request acts, when it names somebody in `X-Acting-For`; `person` and `capabilities` are theirs then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting: Option<ActingView>,
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
    /// Where an organiser's role is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
}

/// One of one's own log-ins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionListItem {
    /// The session.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// What it runs on.
    pub browser: Browser,
    /// And on which system.
    pub system: System,
    /// The network address it was opened from.
    #[cfg_attr(feature = "openapi", schema(example = "192.0.2.10"))]
    pub address: String,
    /// When it was opened.
    pub started_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it ended before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<SessionEndReason>,
}

/// How many sessions were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndedSessions {
    /// The number.
    pub ended: u32,
}

/// Another password for one's own account.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "current_password": "correct horse battery staple", "new_password": "琵琶湖の朝は静かで風がない" })))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one in use.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, example = "correct horse battery staple")
    )]
    pub current_password: String,
    /// The next one: twelve characters or more, hard to guess, nothing of one's own data.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256, example = "琵琶湖の朝は静かで風がない"))]
    pub new_password: String,
}

/// Another address for one's own account.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "email": "hanako@example.jp", "current_password": "correct horse battery staple" })))]
#[serde(deny_unknown_fields)]
pub struct RequestEmailChange {
    /// The new address; several accounts may share one.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "hanako@example.jp"))]
    pub email: String,
    /// The password in use.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, example = "correct horse battery staple")
    )]
    pub current_password: String,
}

/// A code is on its way to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentCodeView {
    /// Named when the code is shown.
    pub id: ConfirmationId,
    /// Until when the code holds.
    pub expires_at: DateTime<Utc>,
}

/// Asks for an account for training, as a physician who is no member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "email": "sakura@example.jp", "language": "ja" })))]
#[serde(deny_unknown_fields)]
pub struct CreateRegistration {
    /// Where the code goes.
    #[validate(length(min = 1, max = 254, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 254, example = "sakura@example.jp"))]
    pub email: String,
    /// In which language; Japanese when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// The code that came by mail, and a password for the new account.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "042137", "password": "琵琶湖の朝は静かで風がない", "language": "ja" })))]
#[serde(deny_unknown_fields)]
pub struct ConfirmRegistration {
    /// Six digits; full-width ones and blanks between them are understood.
    #[validate(length(min = 1, max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20, example = "042137"))]
    pub code: String,
    /// Twelve characters or more, hard to guess.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256, example = "琵琶湖の朝は静かで風がない"))]
    pub password: String,
    /// In which language the owner is written to; Japanese when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// The code that came by mail.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "042137" })))]
#[serde(deny_unknown_fields)]
pub struct ShowCode {
    /// Six digits; full-width ones and blanks between them are understood.
    #[validate(length(min = 1, max = 20, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20, example = "042137"))]
    pub code: String,
}

/// A password that somebody thinks of.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "password": "琵琶湖の朝は静かで風がない" })))]
#[serde(deny_unknown_fields)]
pub struct CheckPassword {
    /// As typed so far.
    #[validate(length(max = 256, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(max_length = 256, example = "琵琶湖の朝は静かで風がない"))]
    pub password: String,
}

/// How good a password would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordCheck {
    /// From 0 (guessed at once) to 4 (not guessed).
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 4, example = 4))]
    pub score: u8,
    /// Why it would be refused, if it would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FieldErrorCode>,
}

/// Somebody else's look at, or hand on, one's own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordAccessView {
    /// When.
    pub at: DateTime<Utc>,
    /// Looked or changed.
    pub kind: AccessKind,
    /// The operation, for questions to the help desk.
    #[cfg_attr(feature = "openapi", schema(example = "registry.get_person"))]
    pub action: String,
    /// Who it was; absent when it was the system's own work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// As clerk of which association.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationRef>,
    /// How they acted on one's own behalf, when they did: a clerk with a reason, or one's own assistant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting: Option<ActingKind>,
}

/// A version of the terms of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsListItem {
    /// Grows with each version.
    #[cfg_attr(feature = "openapi", schema(example = "1.0"))]
    pub version: String,
    /// The day it was made known.
    pub announced_on: NaiveDate,
    /// The first day on which it has to be accepted.
    pub effective_from: NaiveDate,
}

/// The versions of the terms of use that were announced, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsList {
    /// All of them.
    pub items: Vec<TermsListItem>,
}

/// A version of the terms of use with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsView {
    /// Grows with each version.
    #[cfg_attr(feature = "openapi", schema(example = "1.0"))]
    pub version: String,
    /// The day it was made known.
    pub announced_on: NaiveDate,
    /// The first day on which it has to be accepted.
    pub effective_from: NaiveDate,
    /// 日本語, which decides.
    pub ja: TermsText,
    /// English
    pub en: TermsText,
}

/// That the account accepts a version of the terms of use.
#[derive(Debug, Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "version": "1.0" })))]
#[serde(deny_unknown_fields)]
pub struct AcceptTerms {
    /// The one in force, or the one announced to come.
    #[validate(length(min = 1, max = 16, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 16, example = "1.0"))]
    pub version: String,
}
