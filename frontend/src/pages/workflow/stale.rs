//! Somebody else was faster: nothing typed is lost, and the reader decides.

use leptos::prelude::*;

use crate::components::{Button, ButtonKind};
use crate::{dom, tr};

const ID: &str = "stale";

/// Another version is there. Takes the focus.
#[component]
pub(super) fn StaleNotice(
    /// Whether the newer version is being read.
    #[prop(into)]
    pending: Signal<bool>,
    /// Takes the newer version.
    #[prop(into)]
    on_reload: Callback<()>,
    /// Puts what is typed over it, where that is possible.
    #[prop(optional, into)]
    on_keep: Option<Callback<()>>,
) -> impl IntoView {
    let (title, reload, keep) = (tr!(workflow.stale_title), tr!(workflow.stale_reload), tr!(workflow.stale_keep));
    let text = if on_keep.is_some() { tr!(workflow.stale_text) } else { tr!(workflow.stale_text_clerk) };
    request_animation_frame(|| dom::focus(ID));
    view! {
        <div class="ui-banner ui-banner--warning" role="alert" tabindex="-1" id=ID>
            <p class="ui-banner__title">{move || title.get()}</p>
            <div class="ui-banner__body">
                <p>{move || text.get()}</p>
                <div class="wf-row">
                    {on_keep
                        .map(|on_keep| {
                            view! {
                                <Button on_press=on_keep pending>
                                    {move || keep.get()}
                                </Button>
                            }
                        })}
                    <Button kind=ButtonKind::Secondary on_press=on_reload pending>
                        {move || reload.get()}
                    </Button>
                </div>
            </div>
        </div>
    }
}
