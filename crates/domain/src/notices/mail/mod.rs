mod en;
mod ja;

use mamis_kernel::{Language, Role};

use crate::identity::Device;

/// What happened to what one signs in with beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorChange {
    /// An authenticator app was set up.
    TotpAdded,
    /// It was taken out of use.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// One was removed.
    PasskeyRemoved,
    /// There are other recovery codes.
    RecoveryCodesRenewed,
}

/// Everything people are written, with what stands in it. The texts are in [`ja`] and [`en`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// A code that shows who reads the address.
    ContactCode {
        /// Six digits.
        code: String,
        /// Minutes it holds.
        minutes: u32,
    },
    /// To the old address: the account's mail goes elsewhere from now on.
    EmailChanged {
        /// The new address with most of it hidden.
        new_address: String,
    },
    /// The way to a new password, for each account at the address.
    PasswordReset {
        /// One address may serve several accounts.
        links: Vec<ResetLink>,
        /// Minutes they hold.
        minutes: u32,
    },
    /// The password was changed.
    PasswordChanged,
    /// What one signs in with beside the password was changed (ID-27).
    FactorChanged {
        /// How.
        change: FactorChange,
    },
    /// Somebody signed in on a device that the account was not used on before (ID-26).
    NewDevice {
        /// Its browser and system.
        device: Device,
        /// When, in Tokyo.
        at: String,
        /// From which network address.
        address: String,
    },
    /// Somebody went from a letter to a log-in.
    Enrolled {
        /// For the next log-in.
        login_id: String,
        /// The front page.
        url: String,
    },
    /// An account for training was registered; an association has still to approve it.
    Registered {
        /// For the next log-in.
        login_id: String,
        /// Where the application goes on.
        url: String,
    },
    /// An association approved a training account.
    TrainingApproved {
        /// For the next log-in.
        login_id: String,
        /// The front page.
        url: String,
    },
    /// An invitation to a clerk's or organiser's role.
    ClerkInvited {
        /// The name of the association or organisation.
        place: String,
        /// To what.
        role: Role,
        /// Where it is accepted; holds the code.
        url: String,
        /// Days it holds.
        days: i64,
    },
    /// An association sent a case back.
    CaseReturned {
        /// 受付番号
        number: String,
        /// What is to be done, in the clerk's words.
        reason: String,
        /// Where it is corrected.
        url: String,
    },
    /// An association refused a case.
    CaseRejected {
        /// 受付番号
        number: String,
        /// Why, in the clerk's words.
        reason: String,
        /// Where the case is.
        url: String,
    },
    /// A clerk has acted for a physician, and it is over (ID-33).
    OnBehalfEnded {
        /// As clerk of which association.
        association: String,
        /// Who.
        clerk: String,
        /// Why.
        reason: String,
        /// From when, in Tokyo.
        from: String,
        /// To when.
        to: String,
        /// How often something was read.
        seen: i64,
        /// How often something was done.
        done: i64,
    },
    /// A physician invites an assistant (ID-35).
    AssistantInvited {
        /// Who invites.
        physician: String,
        /// The code.
        code: String,
        /// Where it is entered; the code stands behind its `#`.
        url: String,
    },
}

/// Where one account's new password is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetLink {
    /// Whose.
    pub login_id: String,
    /// The page, with the token behind `#`.
    pub url: String,
}

/// A text ready to be sent or printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One line.
    pub subject: String,
    /// The text, a paragraph each.
    pub paragraphs: Vec<String>,
}

impl Message {
    /// Puts a text together.
    pub(super) fn new(subject: impl Into<String>, paragraphs: impl IntoIterator<Item = String>) -> Self {
        Self { subject: subject.into(), paragraphs: paragraphs.into_iter().collect() }
    }

    /// The text as a mail's body: paragraphs apart, closed by who sends it and that nobody reads answers.
    #[must_use]
    pub fn body(&self, language: Language) -> String {
        let closing = match language {
            Language::Ja => ja::CLOSING,
            Language::En => en::CLOSING,
        };
        let mut body = self.paragraphs.join("\n\n");
        body.push_str("\n\n");
        body.push_str(closing);
        body
    }
}

impl Mail {
    /// The template's name, for the outbox.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self {
            Self::ContactCode { .. } => "contact_code",
            Self::EmailChanged { .. } => "email_changed",
            Self::PasswordReset { .. } => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::FactorChanged { .. } => "factor_changed",
            Self::NewDevice { .. } => "new_device",
            Self::Enrolled { .. } => "enrolled",
            Self::Registered { .. } => "registered",
            Self::TrainingApproved { .. } => "training_approved",
            Self::ClerkInvited { .. } => "clerk_invited",
            Self::CaseReturned { .. } => "case_returned",
            Self::CaseRejected { .. } => "case_rejected",
            Self::OnBehalfEnded { .. } => "on_behalf_ended",
            Self::AssistantInvited { .. } => "assistant_invited",
        }
    }

    /// The text in a language.
    #[must_use]
    pub fn message(&self, language: Language) -> Message {
        match language {
            Language::Ja => ja::message(self),
            Language::En => en::message(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Mail> {
        vec![
            Mail::ContactCode { code: "123456".into(), minutes: 15 },
            Mail::EmailChanged { new_address: "h***@example.jp".into() },
            Mail::PasswordReset {
                links: vec![ResetLink { login_id: "dr-1".into(), url: "https://example.jp/recover#t".into() }],
                minutes: 30,
            },
            Mail::Enrolled { login_id: "KX4Q7M2P".into(), url: "https://example.jp".into() },
            Mail::PasswordChanged,
            Mail::Registered { login_id: "T-00000001".into(), url: "https://example.jp/training".into() },
            Mail::TrainingApproved { login_id: "T-00000001".into(), url: "https://example.jp".into() },
            Mail::ClerkInvited {
                place: "大津市医師会".into(),
                role: Role::Approver,
                url: "https://example.jp/invitation#A".into(),
                days: 7,
            },
            Mail::CaseReturned {
                number: "2026-TRAIN-00000001".into(),
                reason: "写しをご確認ください".into(),
                url: "https://example.jp/applications/1".into(),
            },
            Mail::CaseRejected {
                number: "2026-TRAIN-00000001".into(),
                reason: "写しが読めません".into(),
                url: "https://example.jp/applications/1".into(),
            },
            Mail::FactorChanged { change: FactorChange::PasskeyAdded },
            Mail::NewDevice {
                device: Device::of_user_agent("Windows Firefox"),
                at: "2026-11-23 12:00".into(),
                address: "192.0.2.1".into(),
            },
            Mail::OnBehalfEnded {
                association: "大津市医師会".into(),
                clerk: "山田".into(),
                reason: "お電話".into(),
                from: "2026-11-23 12:00".into(),
                to: "2026-11-23 12:30".into(),
                seen: 2,
                done: 1,
            },
            Mail::AssistantInvited {
                physician: "髙橋　花子".into(),
                code: "7Q2M-4KX9-0TRB-W5HC".into(),
                url: "https://example.jp/assistant-invitation#7Q2M".into(),
            },
        ]
    }

    #[test]
    fn every_mail_says_in_both_languages_what_it_is_about_in_one_line() {
        for mail in all() {
            for language in Language::ALL {
                let message = mail.message(*language);
                assert!(!message.subject.contains(['\n', '\r']), "{}", message.subject);
                assert!(!message.subject.is_empty() && !message.paragraphs.is_empty());
                assert!(message.body(*language).contains(&message.paragraphs[0]));
            }
        }
    }

    #[test]
    fn a_code_stands_in_the_text_and_not_in_the_subject() {
        let message = Mail::ContactCode { code: "123456".into(), minutes: 15 }.message(Language::Ja);
        assert!(!message.subject.contains("123456"), "subjects are shown on locked screens");
        assert!(message.body(Language::Ja).contains("123456"));
    }
}
