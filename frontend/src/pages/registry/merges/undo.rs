//! Taking a merge back.

use leptos::prelude::*;
use mamis_kernel::MergeId;

use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner};
use crate::state::use_toasts;
use crate::tr;

/// The button, its question, and what came of it.
#[component]
pub(super) fn Undo(merge: MergeId, on_undone: Callback<()>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (asking, failure, intent) = (RwSignal::new(false), RwSignal::new(None::<Failure>), Intent::new());
    let undone = tr!(merges.undone);
    let undo = Action::new_local(move |(): &()| async move {
        let result = api.undo_merge(merge, &intent.key()).await;
        intent.settle(&result);
        if failure.is_disposed() {
            return;
        }
        asking.set(false);
        match result {
            Ok(()) => {
                toasts.show(undone.get_untracked());
                on_undone.run(());
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    view! {
        <FailureBanner failure />
        <Button
            kind=ButtonKind::Secondary
            on_press=Callback::new(move |()| {
                failure.set(None);
                asking.set(true);
            })
        >
            {tr!(merges.undo)}
        </Button>
        <ConfirmDialog
            open=asking
            title=tr!(merges.undo_title)
            confirm=tr!(merges.undo_confirm)
            pending=undo.pending()
            on_confirm=Callback::new(move |()| {
                undo.dispatch(());
            })
        >
            <p>{tr!(merges.undo_text)}</p>
        </ConfirmDialog>
    }
}
