//! Taking one's own case back.

use leptos::prelude::*;
use mamis_contract::problem::ProblemCode;
use mamis_contract::workflow::RetractApplication;
use mamis_kernel::ApplicationId;

use crate::api::{ETag, Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, TextArea};
use crate::forms::{Form, given};
use crate::pages::workflow::stale::StaleNotice;
use crate::tr;

/// A button and its question.
#[component]
pub(in crate::pages::workflow) fn Retract(
    id: ApplicationId,
    etag: ETag,
    /// Whether it was never sent, so that only the draft goes.
    is_draft: bool,
    /// It is done, or another version is there: read the case anew.
    reload: Callback<()>,
) -> impl IntoView {
    let (api, form, intent) = (use_api(), Form::new(), Intent::new());
    let (open, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (failure, stale) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let last = StoredValue::new(None::<RetractApplication>);
    let retract = Action::new_local(move |(): &()| {
        let (etag, command) = (etag.clone(), RetractApplication { reason: given(&reason.get_untracked()) });
        if last.get_value().is_some_and(|earlier| earlier != command) {
            intent.change_of_mind();
        }
        last.set_value(Some(command.clone()));
        async move {
            failure.set(None);
            let result = api.retract_application(id, &etag, &command, &intent.key()).await;
            intent.settle(&result);
            if open.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match result {
                Ok(_) => {
                    open.set(false);
                    reload.run(());
                }
                Err(refused) if refused.code() == Some(ProblemCode::StaleVersion) => {
                    open.set(false);
                    stale.set(true);
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let (button, title, text, confirm) = if is_draft {
        (tr!(workflow.discard), tr!(workflow.discard_title), tr!(workflow.discard_text), tr!(workflow.discard_confirm))
    } else {
        (tr!(workflow.retract), tr!(workflow.retract_title), tr!(workflow.retract_text), tr!(workflow.retract_confirm))
    };
    view! {
        {move || stale.get().then(|| view! { <StaleNotice pending=false on_reload=reload /> })}
        <div class="ui-actions">
            <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(true))>
                {move || button.get()}
            </Button>
        </div>
        <ConfirmDialog
            open
            title=title
            confirm=confirm
            kind=ButtonKind::Danger
            pending=retract.pending()
            on_confirm=Callback::new(move |()| {
                retract.dispatch(());
            })
        >
            <p>{move || text.get()}</p>
            <FailureBanner failure />
            <TextArea form pointer="/reason" label=tr!(workflow.retract_reason) value=reason rows=3 />
        </ConfirmDialog>
    }
}
