//! The sentences for problems and for faults of fields: the one place where a code becomes words.

use leptos_i18n::td_string;
use mamis_contract::problem::{FieldErrorCode, ProblemCode};

use super::Locale;
use crate::say;

/// What people read when something did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemText {
    /// What happened.
    pub title: &'static str,
    /// What to do now.
    pub advice: &'static str,
}

macro_rules! sentence {
    ($locale:expr, $key:ident) => {
        ProblemText {
            title: td_string!($locale, problems.$key.title),
            advice: td_string!($locale, problems.$key.advice),
        }
    };
}

/// The sentences for a problem that the server told us about.
#[must_use]
pub fn problem_text(locale: Locale, code: ProblemCode) -> ProblemText {
    match code {
        ProblemCode::MalformedRequest => sentence!(locale, malformed_request),
        ProblemCode::NotSignedIn => sentence!(locale, not_signed_in),
        ProblemCode::LoginFailed => sentence!(locale, login_failed),
        ProblemCode::ChallengeOver => sentence!(locale, challenge_over),
        ProblemCode::ProofRequired => sentence!(locale, proof_required),
        ProblemCode::Forbidden => sentence!(locale, forbidden),
        ProblemCode::NotYourStep => sentence!(locale, not_your_step),
        ProblemCode::AccountProvisional => sentence!(locale, account_provisional),
        ProblemCode::TermsNotAccepted => sentence!(locale, terms_not_accepted),
        ProblemCode::ReadOnly => sentence!(locale, read_only),
        ProblemCode::Maintenance => sentence!(locale, maintenance),
        ProblemCode::ActingEnded => sentence!(locale, acting_ended),
        ProblemCode::NotWhileActing => sentence!(locale, not_while_acting),
        ProblemCode::CrossSite => sentence!(locale, cross_site),
        ProblemCode::NotFound => sentence!(locale, not_found),
        ProblemCode::MethodNotAllowed => sentence!(locale, method_not_allowed),
        ProblemCode::WrongState => sentence!(locale, wrong_state),
        ProblemCode::ParallelApplication => sentence!(locale, parallel_application),
        ProblemCode::PeriodOverlaps => sentence!(locale, period_overlaps),
        ProblemCode::PersonHasAccount => sentence!(locale, person_has_account),
        ProblemCode::IdentityMismatch => sentence!(locale, identity_mismatch),
        ProblemCode::TooManyAttachments => sentence!(locale, too_many_attachments),
        ProblemCode::LastAdministrator => sentence!(locale, last_administrator),
        ProblemCode::AlreadyClerk => sentence!(locale, already_clerk),
        ProblemCode::AccountState => sentence!(locale, account_state),
        ProblemCode::ChangedSince => sentence!(locale, changed_since),
        ProblemCode::LetterOver => sentence!(locale, letter_over),
        ProblemCode::InvitationUnusable => sentence!(locale, invitation_unusable),
        ProblemCode::IdempotencyKeyReused => sentence!(locale, idempotency_key_reused),
        ProblemCode::StaleVersion => sentence!(locale, stale_version),
        ProblemCode::BodyTooLarge => sentence!(locale, body_too_large),
        ProblemCode::UnsupportedMediaType => sentence!(locale, unsupported_media_type),
        ProblemCode::InvalidFields => sentence!(locale, invalid_fields),
        ProblemCode::VersionRequired => sentence!(locale, version_required),
        ProblemCode::IdempotencyKeyRequired => sentence!(locale, idempotency_key_required),
        ProblemCode::TooManyRequests => sentence!(locale, too_many_requests),
        ProblemCode::Internal => sentence!(locale, internal),
        ProblemCode::Unavailable => sentence!(locale, unavailable),
    }
}

/// The sentences for a server that cannot be reached.
#[must_use]
pub fn offline_text(locale: Locale) -> ProblemText {
    sentence!(locale, offline)
}

/// The sentences for an answer that is not of the agreed form.
#[must_use]
pub fn unreadable_text(locale: Locale) -> ProblemText {
    sentence!(locale, unreadable)
}

/// How a field is filled in; the words for a missing answer depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// Typed.
    #[default]
    Typed,
    /// Chosen from what is shown.
    Chosen,
}

/// The sentence for a fault of a field that is not on this page, so that how it is answered is not known.
#[must_use]
pub fn field_text(locale: Locale, code: FieldErrorCode, label: &str) -> String {
    fault_text(locale, code, Answer::Typed, label)
}

/// The sentence for one field's fault; the same words stand in the summary and at the field.
#[must_use]
pub fn fault_text(locale: Locale, code: FieldErrorCode, answer: Answer, label: &str) -> String {
    match code {
        FieldErrorCode::Required => match answer {
            Answer::Typed => say!(locale, problems.field.required, label = label),
            Answer::Chosen => say!(locale, problems.field.required_choice, label = label),
        },
        FieldErrorCode::TooLong => say!(locale, problems.field.too_long, label = label),
        FieldErrorCode::ControlCharacter => say!(locale, problems.field.control_character, label = label),
        FieldErrorCode::InvalidFormat => say!(locale, problems.field.invalid_format, label = label),
        FieldErrorCode::UnknownValue => say!(locale, problems.field.unknown_value, label = label),
        FieldErrorCode::DateOutOfEra => say!(locale, problems.field.date_out_of_era, label = label),
        FieldErrorCode::DateImpossible => say!(locale, problems.field.date_impossible, label = label),
        FieldErrorCode::DateNoEra => say!(locale, problems.field.date_no_era, label = label),
        FieldErrorCode::OutOfRange => say!(locale, problems.field.out_of_range, label = label),
        FieldErrorCode::WrongAssociation => say!(locale, problems.field.wrong_association, label = label),
        FieldErrorCode::Conflicting => say!(locale, problems.field.conflicting, label = label),
        FieldErrorCode::TooShort => say!(locale, problems.field.too_short, label = label),
        FieldErrorCode::TooWeak => say!(locale, problems.field.too_weak, label = label),
        FieldErrorCode::UnsupportedFile => say!(locale, problems.field.unsupported_file, label = label),
        FieldErrorCode::UnreadableTable => say!(locale, problems.field.unreadable_table, label = label),
        FieldErrorCode::BadHeadings => say!(locale, problems.field.bad_headings, label = label),
        FieldErrorCode::TooManyRows => say!(locale, problems.field.too_many_rows, label = label),
        FieldErrorCode::WrongPassword => say!(locale, problems.field.wrong_password, label = label),
        FieldErrorCode::WrongCode => say!(locale, problems.field.wrong_code, label = label),
        FieldErrorCode::CodeSpent => say!(locale, problems.field.code_spent, label = label),
        FieldErrorCode::Taken => say!(locale, problems.field.taken, label = label),
        FieldErrorCode::MainOverlaps => say!(locale, problems.field.main_overlaps, label = label),
        FieldErrorCode::Overlapping => say!(locale, problems.field.overlapping, label = label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_sentences_in_both_languages() {
        for code in ProblemCode::ALL {
            let (japanese, english) = (problem_text(Locale::ja, *code), problem_text(Locale::en, *code));
            for text in [japanese.title, japanese.advice, english.title, english.advice] {
                assert!(!text.is_empty(), "{code}");
            }
            assert!(english.title.is_ascii(), "{code}: {}", english.title);
            assert!(!japanese.title.is_ascii() && !japanese.advice.is_ascii(), "{code}: {}", japanese.title);
        }
    }

    #[test]
    fn every_fault_of_a_field_names_the_field_in_both_languages() {
        for code in FieldErrorCode::ALL {
            for answer in [Answer::Typed, Answer::Chosen] {
                let japanese = fault_text(Locale::ja, *code, answer, "電話番号");
                let english = fault_text(Locale::en, *code, answer, "Phone");
                assert!(japanese.contains("電話番号") && japanese.len() > "電話番号".len() + 6, "{code}: {japanese}");
                assert!(english.contains("Phone") && english.is_ascii(), "{code}: {english}");
            }
        }
    }

    #[test]
    fn a_lost_connection_has_its_sentences() {
        for locale in [Locale::ja, Locale::en] {
            assert!(!offline_text(locale).title.is_empty());
            assert!(!unreadable_text(locale).advice.is_empty());
        }
    }
}
