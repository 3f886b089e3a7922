//! Log-in, and the way to one's own first page.

mod account_page;
mod acting;
mod clerks;
mod enrol_page;
mod factors;
mod home_page;
mod invitation_page;
mod letters;
mod log_in_again;
mod log_in_form;
mod log_in_page;
mod new_account;
pub(in crate::pages) mod paged;
mod passkey_log_in;
mod password_form;
mod person_account;
mod record_accesses;
mod recover_page;
mod register_page;
mod second_factor_page;
mod second_step;
mod session_list;
mod terms_gate;
mod terms_page;

pub use account_page::AccountPage;
pub use acting::{ActingBanner, ActingOver, AssistantInvitationPage, BeginOnBehalf, HeldPage};
pub use clerks::ClerksPage;
pub use enrol_page::EnrolPage;
pub use home_page::HomePage;
pub use invitation_page::InvitationPage;
pub use letters::{LetterTo, LettersPage};
pub use log_in_again::LogInAgain;
pub use log_in_page::LogInPage;
pub use person_account::{AccountOnDemand, AccountsPage};
pub use recover_page::RecoverPage;
pub use register_page::RegisterPage;
pub use second_factor_page::SecondFactorPage;
pub use terms_gate::{TermsAgain, TermsGate};
pub use terms_page::TermsPage;
pub(crate) use terms_page::list;

use mamis_contract::identity::AccountView;
use mamis_kernel::AccountClass;

use crate::routes;

/// Where somebody begins: physicians at their page, clerks at their work, assistants at their choice of physician, who
/// registered themselves at their application; but first at the second factor that a role waits for.
#[must_use]
pub fn first_page(account: &AccountView) -> String {
    if account.provisional {
        return routes::training();
    }
    if !account.held_back.is_empty() {
        return routes::second_factor();
    }
    let has_work = account.capabilities.iter().any(|capability| capability.association.is_some());
    match (account.person.is_some(), has_work) {
        (true, _) => routes::my_page(),
        (false, true) => routes::work_list(),
        (false, false) if account.class == AccountClass::Assistant => routes::physicians(),
        (false, false) => routes::account(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(json: serde_json::Value) -> AccountView {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn physicians_begin_at_their_page_and_clerks_at_their_work() {
        let person = serde_json::json!({
            "id": "per_01900000000070008000000000000001", "display_name": "髙橋　花子", "name_kana": "タカハシ ハナコ"
        });
        let role = serde_json::json!({
            "role": "approver",
            "association": {
                "id": "ast_01900000000070008000000000000001", "code": "25001", "name": "大津市医師会", "tier": "district"
            }
        });
        let of = |person: Option<&serde_json::Value>, roles: &[&serde_json::Value]| {
            let mut json = serde_json::json!({
                "id": "acc_01900000000070008000000000000001", "login_id": "a", "display_name": "b", "capabilities": roles,
                "class": "member", "assurance": "password"
            });
            if let Some(person) = person {
                json["person"] = person.clone();
            }
            first_page(&account(json))
        };
        assert_eq!(of(Some(&person), &[]), "/my");
        assert_eq!(of(None, &[&role]), "/work");
        assert_eq!(of(Some(&person), &[&role]), "/my");
        let waiting = serde_json::json!({
            "id": "acc_01900000000070008000000000000001", "login_id": "a", "display_name": "b", "capabilities": [],
            "class": "member", "assurance": "password", "held_back": [role]
        });
        assert_eq!(first_page(&account(waiting)), "/account/second-factor");
        let assistant = serde_json::json!({
            "id": "acc_01900000000070008000000000000001", "login_id": "a", "display_name": "b", "capabilities": [],
            "class": "assistant", "assurance": "password"
        });
        assert_eq!(first_page(&account(assistant)), "/physicians");
    }
}
