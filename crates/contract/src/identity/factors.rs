use chrono::{DateTime, Utc};
use mamis_kernel::{FactorKind, PasskeyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use validator::Validate;

/// The password is right; the account has a second factor, which is wanted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondStepView {
    /// Goes back with the code. Good once.
    pub challenge: String,
    /// What may be shown.
    pub factors: Vec<FactorKind>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// The second step of a log-in.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "challenge": "3q2-7w", "kind": "totp", "code": "123456" })))]
#[serde(deny_unknown_fields)]
pub struct TakeSecondStep {
    /// From the first step.
    #[validate(length(min = 1, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub challenge: String,
    /// What the code is of: `totp` or `recovery_code`. A passkey signs in by itself.
    pub kind: FactorKind,
    /// As typed; blanks, hyphens and full-width digits are understood.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "123456"))]
    pub code: String,
}

/// What one can show beside the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactorsView {
    /// Since when an authenticator app is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_since: Option<DateTime<Utc>>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u32,
}

/// An authenticator app that is being set up. Shown once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetupView {
    /// To be typed where no picture can be taken: Base32.
    #[cfg_attr(feature = "openapi", schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))]
    pub secret: String,
    /// Opens an app on the same device.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "otpauth://totp/MAMIS:demo?secret=JBSWY3DPEHPK3PXP&issuer=MAMIS")
    )]
    pub uri: String,
    /// To be photographed by the app.
    pub qr: QrView,
    /// Until when its first code must be typed.
    pub expires_at: DateTime<Utc>,
}

/// A QR code, to be drawn as SVG with a white margin of four modules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QrView {
    /// Modules on each side.
    pub size: u32,
    /// The black ones, as the `d` of an SVG path.
    #[cfg_attr(feature = "openapi", schema(example = "M0 0h1v1h-1z"))]
    pub path: String,
}

/// The first code of an authenticator app.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "code": "123456" })))]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    /// Six digits, as typed.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "123456"))]
    pub code: String,
}

/// Recovery codes. Shown once: print them.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodesView {
    /// Each works once; empty when those that are there go on being good.
    #[cfg_attr(feature = "openapi", schema(example = json!(["4F7K-9XQ2-M0TB"])))]
    pub codes: Vec<String>,
}

/// A proof of who one is, in an open session: one of the two.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "password": "correct horse battery staple" })))]
#[serde(deny_unknown_fields)]
pub struct ProveIdentity {
    /// The password.
    #[validate(length(min = 1, max = 256, code = "too_long"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub password: Option<String>,
    /// A code of the authenticator app.
    #[validate(length(min = 1, max = 64, code = "too_long"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64, example = "123456"))]
    pub code: Option<String>,
}

/// A passkey: a key that one's device keeps, and gives out for a finger, a face or a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyView {
    /// The passkey.
    pub id: PasskeyId,
    /// As one calls it.
    #[cfg_attr(feature = "openapi", schema(example = "診察室のパソコン"))]
    pub label: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// When it last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What one's device is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasskeyChallengeView {
    /// Goes back with the signature. Good once.
    pub challenge: String,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub options: Value,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A passkey that one's device made.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "challenge": "3q2-7w", "label": "診察室のパソコン",
    "credential": { "id": "AQ", "rawId": "AQ", "type": "public-key",
        "response": { "attestationObject": "oA", "clientDataJSON": "e30" } }
})))]
#[serde(deny_unknown_fields)]
pub struct RegisterPasskey {
    /// From the challenge.
    #[validate(length(min = 1, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub challenge: String,
    /// What to call it.
    #[validate(length(min = 1, max = 60, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "診察室のパソコン"))]
    pub label: String,
    /// The browser's `PublicKeyCredential` as its `toJSON` gives it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: Value,
}

/// Another name for a passkey.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "label": "診察室のパソコン" })))]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// What to call it.
    #[validate(length(min = 1, max = 60, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "診察室のパソコン"))]
    pub label: String,
}

/// A log-in by passkey.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({
    "challenge": "3q2-7w",
    "credential": { "id": "AQ", "rawId": "AQ", "type": "public-key",
        "response": { "authenticatorData": "AA", "clientDataJSON": "e30", "signature": "AA", "userHandle": "AA" } }
})))]
#[serde(deny_unknown_fields)]
pub struct LogInByPasskey {
    /// From the challenge.
    #[validate(length(min = 1, max = 100, code = "too_long"))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub challenge: String,
    /// The browser's `PublicKeyCredential` as its `toJSON` gives it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: Value,
}
