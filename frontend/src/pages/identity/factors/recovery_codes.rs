//! Recovery codes: how many are left, new ones, and the sheet to print.

use leptos::prelude::*;

use super::Proof;
use crate::api::{Failure, use_api};
use crate::components::{Banner, BannerKind, Button, ButtonKind, ConfirmDialog, FailureBanner};
use crate::{dom, tr};

/// How many are left, and new ones.
#[component]
pub(super) fn RecoveryCodes(left: u32, proof: Proof, on_codes: Callback<Vec<String>>) -> impl IntoView {
    let api = use_api();
    let (open, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let renewal = StoredValue::new(None::<Callback<()>>);
    let renew = Action::new_local(move |(): &()| async move {
        let result = api.renew_recovery_codes().await;
        if failure.is_disposed() {
            return;
        }
        open.set(false);
        match result {
            Ok(renewed) => on_codes.run(renewed.codes),
            Err(refused) => failure.set(proof.ask(refused, renewal)),
        }
    });
    renewal.set_value(Some(Callback::new(move |()| {
        renew.dispatch(());
    })));
    let ask = Callback::new(move |()| {
        failure.set(None);
        if left == 0 {
            renew.dispatch(());
        } else {
            open.set(true);
        }
    });
    view! {
        <p>{tr!(factors.codes_text)}</p>
        <p>{tr!(factors.codes_left, count = left.to_string())}</p>
        <FailureBanner failure />
        <div class="ui-actions">
            <Button kind=ButtonKind::Secondary pending=renew.pending() on_press=ask>
                {if left == 0 { tr!(factors.codes_make) } else { tr!(factors.codes_renew) }}
            </Button>
        </div>
        <ConfirmDialog
            open
            title=tr!(factors.codes_renew_title)
            confirm=tr!(factors.codes_renew)
            pending=renew.pending()
            on_confirm=Callback::new(move |()| {
                renew.dispatch(());
            })
        >
            <p>{tr!(factors.codes_renew_text)}</p>
        </ConfirmDialog>
    }
}

/// Codes that are shown this once.
#[component]
pub(super) fn CodeSheet(codes: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let codes_now = codes.get();
        if codes_now.is_empty() {
            return None;
        }
        Some(view! {
            <div class="ui-section">
            <Banner kind=BannerKind::Warning title=tr!(factors.sheet_title)>
                <p>{tr!(factors.sheet_text)}</p>
                <ol class="ui-codes">
                    {codes_now.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
                </ol>
                <div class="ui-actions">
                    <Button kind=ButtonKind::Primary on_press=Callback::new(|()| dom::print())>
                        {tr!(factors.sheet_print)}
                    </Button>
                    <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| codes.set(Vec::new()))>
                        {tr!(factors.sheet_done)}
                    </Button>
                </div>
            </Banner>
            </div>
        })
    }
}
