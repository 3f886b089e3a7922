//! Why a call gave nothing.

use mamis_contract::problem::{FieldError, Problem, ProblemCode};

use crate::i18n::Locale;
use crate::i18n::problems::{ProblemText, offline_text, problem_text, unreadable_text};

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server says what is wrong.
    Problem(Box<Problem>),
    /// The server was not reached, or the connection broke: whether it acted is unknown.
    Offline,
    /// An answer came, but not in the agreed form.
    Unreadable,
}

impl Failure {
    /// The sentences for people.
    #[must_use]
    pub fn text(&self, locale: Locale) -> ProblemText {
        match self {
            Self::Problem(problem) => problem_text(locale, problem.code),
            Self::Offline => offline_text(locale),
            Self::Unreadable => unreadable_text(locale),
        }
    }

    /// The code, when the server gave one.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Offline | Self::Unreadable => None,
        }
    }

    /// Faults of single fields.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        match self {
            Self::Problem(problem) => &problem.errors,
            Self::Offline | Self::Unreadable => &[],
        }
    }

    /// What to tell the help desk.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.request_id),
            Self::Offline | Self::Unreadable => None,
        }
    }

    /// Whether the access token was missing, expired or not ours.
    #[must_use]
    pub fn is_not_signed_in(&self) -> bool {
        self.code() == Some(ProblemCode::NotSignedIn)
    }

    /// Whether the server has said for certain that it did nothing; otherwise the same request may be repeated.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.status < 500 && problem.code != ProblemCode::NotSignedIn,
            Self::Offline | Self::Unreadable => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: ProblemCode, status: u16) -> Failure {
        Failure::Problem(Box::new(Problem {
            kind: format!("/problems/{code}"),
            title: String::new(),
            status,
            detail: None,
            instance: None,
            code,
            request_id: "01J".to_owned(),
            errors: Vec::new(),
        }))
    }

    #[test]
    fn only_a_certain_refusal_ends_an_intent() {
        assert!(problem(ProblemCode::WrongState, 409).is_refusal());
        assert!(!problem(ProblemCode::Unavailable, 503).is_refusal());
        assert!(!problem(ProblemCode::NotSignedIn, 401).is_refusal());
        assert!(!Failure::Offline.is_refusal());
    }

    #[test]
    fn a_server_without_words_of_its_own_gets_ours() {
        let failure = problem(ProblemCode::StaleVersion, 412);
        assert_eq!(failure.text(Locale::en).title, "Somebody else has changed this in the meantime");
        assert_eq!(failure.request_id(), Some("01J"));
        assert!(!Failure::Unreadable.text(Locale::ja).advice.is_empty());
    }
}
