//! Problems as RFC 9457 has them, with a closed list of codes.

pub use mamis_kernel::FieldErrorCode;
use mamis_kernel::wire_codes;
use serde::{Deserialize, Serialize};

wire_codes! {
    /// What went wrong. The front end has a sentence for each, docs/api-design.md an entry.
    ProblemCode {
        /// 400: the body is not JSON, or not of the right shape.
        MalformedRequest => "malformed_request",
        /// 401: no access token, or one that is expired or not ours.
        NotSignedIn => "not_signed_in",
        /// 401: the login id or the password is wrong (which of them is not said).
        LoginFailed => "login_failed",
        /// 401: the log-in's second step has run out, or was taken: begin again.
        ChallengeOver => "challenge_over",
        /// 403: prove first again who you are.
        ProofRequired => "proof_required",
        /// 403: known to you, but not yours to do.
        Forbidden => "forbidden",
        /// 403: the case is on your route, but another association's turn.
        NotYourStep => "not_your_step",
        /// 403: the account registered itself and waits for a look at its owner's licence (ID-51).
        AccountProvisional => "account_provisional",
        /// 403: the terms of use in force wait to be accepted (ID-40).
        TermsNotAccepted => "terms_not_accepted",
        /// 403: what one acted on for somebody is over, or not one's own.
        ActingEnded => "acting_ended",
        /// 403: only the physician does this, with the own account.
        NotWhileActing => "not_while_acting",
        /// 403: a browser sent a cookie from another site.
        CrossSite => "cross_site",
        /// 404: not there, or not yours to know.
        NotFound => "not_found",
        /// 405: the address exists, the method does not.
        MethodNotAllowed => "method_not_allowed",
        /// 409: the case is not in a state for this.
        WrongState => "wrong_state",
        /// 409: this person has an open case about the same membership (W-6).
        ParallelApplication => "parallel_application",
        /// 409: this person is a member there already in the same days.
        PeriodOverlaps => "period_overlaps",
        /// 409: an account speaks already for the person with this registration number (W-26).
        PersonHasAccount => "person_has_account",
        /// 409: the record with this registration number has another birth date (W-26).
        IdentityMismatch => "identity_mismatch",
        /// 409: the case has as many files as it may (W-22).
        TooManyAttachments => "too_many_attachments",
        /// 409: the key was used for another request.
        IdempotencyKeyReused => "idempotency_key_reused",
        /// 409: the association would be left without an administrator (ID-62).
        LastAdministrator => "last_administrator",
        /// 409: this account holds a role there already in these days.
        AlreadyClerk => "already_clerk",
        /// 409: the account is not in a state for this (ID-65).
        AccountState => "account_state",
        /// 409: what was to be taken back is no longer as it was left (MERGE-5).
        ChangedSince => "changed_since",
        /// 409: a letter has expired, was used, or another one took its place (ID-71); said only to who has its password.
        LetterOver => "letter_over",
        /// 404: an invitation's code is unknown, expired, used or taken back (which of them is not said).
        InvitationUnusable => "invitation_unusable",
        /// 412: somebody changed it since you read it.
        StaleVersion => "stale_version",
        /// 413: more than the server takes.
        BodyTooLarge => "body_too_large",
        /// 415: not the `Content-Type` that the operation takes.
        UnsupportedMediaType => "unsupported_media_type",
        /// 422: fields break their rules; see `errors`.
        InvalidFields => "invalid_fields",
        /// 428: the update needs `If-Match`.
        VersionRequired => "version_required",
        /// 428: the request needs `Idempotency-Key`.
        IdempotencyKeyRequired => "idempotency_key_required",
        /// 429: too many attempts; see `Retry-After`.
        TooManyRequests => "too_many_requests",
        /// 500: what we did not foresee.
        Internal => "internal",
        /// 503: nothing can be changed during this maintenance; reading goes on (ID-43). See `Retry-After`.
        ReadOnly => "read_only",
        /// 503: stopped for maintenance (ID-43). See `Retry-After`.
        Maintenance => "maintenance",
        /// 503: try again.
        Unavailable => "unavailable",
    }
}

/// One field's fault. `pointer` is a JSON pointer into the request body, or the parameter's name behind `#`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// For example `/changes/0/payload/effective_date`.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldErrorCode,
    /// A plain sentence in the language asked for.
    pub detail: String,
}

/// A problem (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `/problems/<code>`: where the problem is described.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence in the language asked for (`Accept-Language`; Japanese first).
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The path that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// For programs.
    pub code: ProblemCode,
    /// The same as the `X-Request-Id` header: tell it to the help desk.
    pub request_id: String,
    /// Faults of single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}
