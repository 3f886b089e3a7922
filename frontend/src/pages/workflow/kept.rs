//! What these pages keep in memory from one to the next: never in the address, never on the disk.

use leptos::prelude::*;
use mamis_contract::workflow::SearchWorkItems;
use mamis_kernel::{AccountId, ApplicationId};

use super::join_form::JoinForm;
use crate::api::ETag;
use crate::pages::desk::ListPlace;
use crate::state::use_session;

/// What was typed into a case and not yet saved, and what it was based on.
#[derive(Clone)]
struct Unsaved {
    account: Option<AccountId>,
    id: ApplicationId,
    etag: ETag,
    form: JoinForm,
}

/// Where a clerk left the work list.
#[derive(Clone)]
pub(super) struct LeftList {
    pub(super) place: ListPlace,
    /// What was asked for.
    pub(super) query: SearchWorkItems,
}

/// What these pages keep in memory.
#[derive(Clone, Copy)]
pub struct Kept {
    unsaved: StoredValue<Option<Unsaved>>,
    list: StoredValue<Option<LeftList>>,
}

impl Kept {
    /// Makes it known to everything below.
    pub fn provide() {
        provide_context(Self { unsaved: StoredValue::new(None), list: StoredValue::new(None) });
    }

    pub(super) fn keep_unsaved(self, id: ApplicationId, etag: ETag, form: JoinForm) {
        self.unsaved.set_value(Some(Unsaved { account: account_now(), id, etag, form }));
    }

    /// What was typed before, if the case is still the same and so is the person.
    pub(super) fn take_unsaved(self, id: ApplicationId, etag: &ETag) -> Option<JoinForm> {
        let kept = self.unsaved.get_value()?;
        self.unsaved.set_value(None);
        let same = kept.id == id && kept.etag == *etag && kept.account == account_now();
        same.then_some(kept.form)
    }

    pub(super) fn keep_list(self, left: LeftList) {
        self.list.set_value(Some(left));
    }

    pub(super) fn list(self) -> Option<LeftList> {
        self.list.get_value()
    }
}

fn account_now() -> Option<AccountId> {
    use_session().account_now().map(|account| account.id)
}

/// What these pages keep.
///
/// # Panics
/// Outside the application.
#[must_use]
pub(super) fn use_kept() -> Kept {
    expect_context::<Kept>()
}
