use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use mamis_kernel::{AccountId, codes};
use uuid::Uuid;

codes! {
    /// What a code is for; one cannot be used for another.
    CodePurpose {
        /// The first log-in.
        Enrolment => "enrolment",
        /// Another address.
        EmailChange => "email_change",
        /// A training account.
        Registration => "registration",
    }
}

/// A mail that is this process's to send.
#[derive(Clone, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct WaitingMail {
    /// The mail.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    /// To whom.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub address: String,
    /// `ja` or `en`.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub language: String,
    /// One line.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub subject: String,
    /// The text.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub body: String,
    /// Tries, this one included.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub attempts: i32,
    /// When its fact was written.
    #[diesel(sql_type = diesel::sql_types::Timestamptz)]
    pub queued_at: DateTime<Utc>,
}

/// A code as it is kept.
#[derive(Debug, Clone)]
pub struct ContactCode {
    /// The address it was sent to.
    pub address: String,
    /// Who asked for it, signed in.
    pub account: Option<AccountId>,
    /// Keyed hash of the digits.
    pub code_hash: Vec<u8>,
    /// Wrong guesses so far.
    pub failures: i32,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}
