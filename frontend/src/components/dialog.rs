//! A question before something that cannot be taken back.

use leptos::prelude::*;
use leptos::{ev, html};

use super::{Button, ButtonKind};
use crate::i18n::Text;
use crate::tr;

/// A question before something that cannot be taken back. The browser's own dialog keeps the focus inside, closes with
/// Escape and gives the focus back.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Text,
    /// The words of the button that does it: name the act.
    #[prop(into)]
    confirm: Text,
    /// How that button looks.
    #[prop(default = ButtonKind::Primary)]
    kind: ButtonKind,
    /// Does it. The page closes the dialog when it has worked.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Whether it is under way.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// What will happen, and fields if it needs any.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = format!("dialog-{}", crate::dom::random_hex());
    let (labelled_by, cancel) = (title_id.clone(), tr!(common.cancel));
    Effect::new(move |_| {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        if open && !dialog.open() {
            // Only a dialog outside the page could refuse.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="ui-dialog"
            node_ref=dialog
            aria-labelledby=labelled_by
            on:close=move |_: ev::Event| open.set(false)
        >
            <h2 class="ui-dialog__title" id=title_id>
                {title}
            </h2>
            {children.map(|children| view! { <div class="ui-dialog__body">{children()}</div> })}
            <div class="ui-actions">
                <Button kind=kind pending on_press=on_confirm>
                    {confirm}
                </Button>
                <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(false))>
                    {cancel}
                </Button>
            </div>
        </dialog>
    }
}
