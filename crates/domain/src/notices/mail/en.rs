use super::{Mail, Message};

/// Below every mail.
pub(super) const CLOSING: &str = "MAMIS, the medical associations' member information system\nThis mail was sent automatically; answers are not read.\nIf you did not expect it, please tell your association.";

/// The texts in English.
pub(super) fn message(mail: &Mail) -> Message {
    match mail {
        Mail::ContactCode { code, minutes } => Message::new(
            "[MAMIS] Your confirmation code",
            [
                "This code confirms your e-mail address. Please type it into the page.".to_owned(),
                format!("Confirmation code: {code}"),
                format!("It holds for {minutes} minutes. Nobody of our staff will ever ask you for it."),
            ],
        ),
        Mail::EmailChanged { new_address } => Message::new(
            "[MAMIS] Your e-mail address was changed",
            [
                format!("Your registered e-mail address is now {new_address}. From now on you are written to there."),
                "If it was not you who changed it, please call your association at once.".to_owned(),
            ],
        ),
        Mail::PasswordReset { login_id, url, minutes } => Message::new(
            "[MAMIS] Choose a new password",
            [
                format!("Somebody asked for a new password for the login id “{login_id}”."),
                format!("Please choose it on this page. The link holds for {minutes} minutes and works once."),
                url.clone(),
                "If it was not you who asked, throw this mail away. The password stays as it is.".to_owned(),
            ],
        ),
        Mail::PasswordChanged => Message::new(
            "[MAMIS] Your password was changed",
            [
                "Your password was changed, and your other devices were signed out.".to_owned(),
                "If it was not you who changed it, please call your association at once.".to_owned(),
            ],
        ),
        Mail::Registered { login_id, url } => Message::new(
            "[MAMIS] Your training account",
            [
                "Your account for training has been registered.".to_owned(),
                format!("Login id: {login_id}"),
                "Please go on with the application and add a copy of your medical licence. You can use the account once the prefectural association of your workplace has checked it.".to_owned(),
                url.clone(),
            ],
        ),
        Mail::TrainingApproved { login_id, url } => Message::new(
            "[MAMIS] Your training account is approved",
            [
                "Your training account is approved. You can sign up for training and see your credits.".to_owned(),
                format!("Login id: {login_id}"),
                url.clone(),
            ],
        ),
        Mail::CaseReturned { number, reason, url } => Message::new(
            "[MAMIS] Please correct your application",
            [
                format!("Something in your application {number} is to be corrected."),
                format!("Reason: {reason}"),
                "You will find more on this page:".to_owned(),
                url.clone(),
            ],
        ),
        Mail::CaseRejected { number, reason, url } => Message::new(
            "[MAMIS] About your application",
            [
                format!("Your application {number} was not approved."),
                format!("Reason: {reason}"),
                "You will find more on this page:".to_owned(),
                url.clone(),
            ],
        ),
    }
}
