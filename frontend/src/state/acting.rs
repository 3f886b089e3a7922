//! For whom this tab acts: only the id of a grant or delegation is kept, and only in this tab.

use leptos::prelude::window;

const KEY: &str = "acting";
const CODE: &str = "invitation";

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// What every request of this tab names in `X-Acting-For`.
#[must_use]
pub fn acting_id() -> Option<String> {
    storage()?.get_item(KEY).ok().flatten()
}

/// From the next page on, this tab acts for somebody. Load the page anew afterwards: nothing of the own account may stay.
pub fn begin_acting(id: &str) {
    if let Some(storage) = storage() {
        // A tab that keeps nothing stays with the own account.
        let _ = storage.set_item(KEY, id);
    }
}

/// This tab is one's own again. Load the page anew afterwards.
pub fn end_acting() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

/// Keeps an invitation's code over a log-in in this tab.
pub fn keep_invitation(code: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(CODE, code);
    }
}

/// The invitation's code that was kept, once.
#[must_use]
pub fn take_invitation() -> Option<String> {
    let storage = storage()?;
    let code = storage.get_item(CODE).ok().flatten();
    let _ = storage.remove_item(CODE);
    code
}
