use mamis_kernel::{Browser, Role, System};

use super::{FactorChange, Mail, Message};
use crate::identity::Device;

/// Below every mail.
pub(super) const CLOSING: &str = "MAMIS, the medical associations' member information system\nThis mail was sent automatically; answers are not read.\nIf you did not expect it, please tell your association.";

/// The texts in English.
pub(super) fn message(mail: &Mail) -> Message {
    match mail {
        Mail::OnBehalfEnded { association, clerk, reason, from, to, seen, done } => Message::new(
            "[MAMIS] A clerk has acted on your behalf",
            [
                format!("{clerk} of {association} has acted on your behalf."),
                format!("Time: {from} to {to}\nReason: {reason}"),
                if seen + done == 0 {
                    "Nothing was read or changed.".to_owned()
                } else {
                    format!("Read {seen} times, changed or filed {done} times.")
                },
                "Log in to see the details. If you did not ask for it, tell your association at once.".to_owned(),
            ],
        ),
        Mail::AssistantInvited { physician, code, url } => Message::new(
            "[MAMIS] An invitation to be an assistant",
            [
                format!("{physician} invites you to be an assistant."),
                "Open this page within 7 days; it works once.".to_owned(),
                url.clone(),
                format!("Invitation code: {code}"),
            ],
        ),
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
        Mail::PasswordReset { links, minutes } => {
            let mut paragraphs = vec![
                "Somebody asked for a new password.".to_owned(),
                format!("Please choose it on this page. The link holds for {minutes} minutes and works once."),
            ];
            paragraphs.extend(links.iter().map(|link| format!("Login id “{}”\n{}", link.login_id, link.url)));
            paragraphs
                .push("If it was not you who asked, throw this mail away. The password stays as it is.".to_owned());
            Message::new("[MAMIS] Choose a new password", paragraphs)
        }
        Mail::PasswordChanged => Message::new(
            "[MAMIS] Your password was changed",
            [
                "Your password was changed, and your other devices were signed out.".to_owned(),
                "If it was not you who changed it, please call your association at once.".to_owned(),
            ],
        ),
        Mail::FactorChanged { change } => Message::new(
            "[MAMIS] The way you log in was changed",
            [
                match change {
                    FactorChange::TotpAdded => "An authenticator app was set up.",
                    FactorChange::TotpRemoved => "The authenticator app was taken out of use.",
                    FactorChange::PasskeyAdded => "A passkey was added.",
                    FactorChange::PasskeyRemoved => "A passkey was removed.",
                    FactorChange::RecoveryCodesRenewed => "There are new recovery codes. Those before no longer work.",
                }
                .to_owned(),
                "If this was not you, tell your association at once.".to_owned(),
            ],
        ),
        Mail::NewDevice { device, at, address } => Message::new(
            "[MAMIS] Login on a new device",
            [
                "There was a login on a device not used before.".to_owned(),
                format!("When: {at} (Japan)\nDevice: {}\nFrom: {address}", name_of(*device)),
                "If this was not you, log that device out under “Login and safety” and change your password.".to_owned(),
            ],
        ),
        Mail::Enrolled { login_id, url } => Message::new(
            "[MAMIS] You can sign in now",
            [
                "Your account is ready. From now on, sign in with the password you chose.".to_owned(),
                format!("Login id: {login_id}"),
                url.clone(),
                "The password on the letter works no longer; you can throw the letter away.".to_owned(),
                "If it was not you who did this, please call your association at once.".to_owned(),
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
        Mail::ClerkInvited { place, role, url, days } => Message::new(
            "[MAMIS] An invitation",
            [
                format!("You are invited to be {} of {place}.", role_name(*role)),
                format!("Please accept on this page; it works once and for {days} days."),
                url.clone(),
                "Whoever opens this page can accept. Please do not pass this mail on.".to_owned(),
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

fn name_of(device: Device) -> String {
    let browser = match device.browser {
        Browser::Chrome => "Chrome",
        Browser::Edge => "Edge",
        Browser::Firefox => "Firefox",
        Browser::Safari => "Safari",
        Browser::Other => "another browser",
    };
    let system = match device.system {
        System::Windows => "Windows",
        System::Macos => "Mac",
        System::Ios => "iPhone or iPad",
        System::Android => "Android",
        System::Linux => "Linux",
        System::Other => "another device",
    };
    format!("{system} ({browser})")
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Physician => "a physician",
        Role::Organiser => "an organiser",
        Role::Viewer => "a viewer",
        Role::Operator => "an operator",
        Role::Approver => "an approver",
        Role::Administrator => "an administrator",
    }
}
