//! The members of an association, as its clerks look for them, and the record of one.

mod chips;
mod export;
mod filters;
mod list_page;
mod query;
mod record_page;
mod reveal;
mod saved;
mod table;

pub use list_page::MembersPage;
pub use record_page::MemberPage;

use leptos::prelude::*;
use mamis_kernel::AccountId;

use crate::pages::desk::ListPlace;
use crate::routes;
use crate::state::use_session;

/// Where a clerk left the list of members; in memory only.
#[derive(Clone, Copy)]
pub struct LeftMembers(StoredValue<Option<(Option<AccountId>, ListPlace)>>);

impl LeftMembers {
    /// Makes it known to everything below.
    pub fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }

    fn keep(self, place: ListPlace) {
        self.0.set_value(Some((account_now(), place)));
    }

    /// For who left it, nobody else.
    fn place(self) -> ListPlace {
        let left = self.0.get_value().filter(|(account, _)| *account == account_now());
        left.map_or_else(|| ListPlace::fresh(routes::members()), |(_, place)| place)
    }
}

fn account_now() -> Option<AccountId> {
    use_session().account_now().map(|account| account.id)
}
