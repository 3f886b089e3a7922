//! Signing in by passkey.

use leptos::prelude::*;
use mamis_contract::identity::{AccountView, LogInByPasskey};

use crate::api::{Failure, GuestApi};
use crate::components::{Button, ButtonKind, FailureBanner};
use crate::passkeys::{self, Ask};
use crate::state::use_session;
use crate::tr;

/// The button, where the browser can; tells when a session is open.
#[component]
pub(super) fn PasskeyLogIn(
    /// Goes on.
    on_open: Callback<AccountView>,
) -> impl IntoView {
    let guest = GuestApi::new(use_session());
    let (failure, gave_up) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let log_in = Action::new_local(move |(): &()| async move {
        let result = async {
            let asked = guest.begin_passkey().await?;
            let Some(credential) = passkeys::ask(Ask::Sign, &asked.options).await else { return Ok(None) };
            guest.log_in_by_passkey(&LogInByPasskey { challenge: asked.challenge, credential }).await.map(Some)
        };
        let result = result.await;
        if failure.is_disposed() {
            return;
        }
        match result {
            Ok(Some(account)) => on_open.run(account),
            Ok(None) => gave_up.set(true),
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let press = Callback::new(move |()| {
        failure.set(None);
        gave_up.set(false);
        log_in.dispatch(());
    });
    passkeys::are_possible().then(|| {
        view! {
            <FailureBanner failure />
            <p role="alert">{move || gave_up.get().then(|| tr!(factors.passkey_gave_up))}</p>
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary pending=log_in.pending() on_press=press>
                    {tr!(factors.passkey_log_in)}
                </Button>
            </div>
        }
    })
}
