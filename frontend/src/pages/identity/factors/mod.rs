//! What one shows beside the password, and how it is changed.

mod passkey_list;
mod proof;
mod recovery_codes;
mod totp;

pub(in crate::pages::identity) use proof::{Proof, ProofDialog};

use leptos::prelude::*;
use passkey_list::Passkeys;
use recovery_codes::{CodeSheet, RecoveryCodes};
use totp::Totp;

use crate::api::use_api;
use crate::components::loaded;
use crate::tr;

/// Authenticator app and recovery codes, each in its section.
#[component]
pub(super) fn Factors() -> impl IntoView {
    let api = use_api();
    let (proof, sheet) = (Proof::new(), RwSignal::new(Vec::<String>::new()));
    let list = LocalResource::new(move || api.factors());
    let reload = Callback::new(move |()| list.refetch());
    let on_codes = Callback::new(move |codes: Vec<String>| {
        sheet.set(codes);
        list.refetch();
    });
    view! {
        <ProofDialog proof />
        <CodeSheet codes=sheet />
        {loaded(
            list,
            move |factors| {
                view! {
                    <section class="ui-section" aria-labelledby="passkeys-title">
                        <h2 class="ui-subheading" id="passkeys-title">
                            {tr!(factors.passkeys_title)}
                        </h2>
                        <Passkeys items=factors.passkeys proof on_codes reload />
                    </section>
                    <section class="ui-section" aria-labelledby="totp-title">
                        <h2 class="ui-subheading" id="totp-title">
                            {tr!(factors.app_title)}
                        </h2>
                        <Totp since=factors.totp_since proof on_codes reload />
                    </section>
                    <section class="ui-section" aria-labelledby="codes-title">
                        <h2 class="ui-subheading" id="codes-title">
                            {tr!(factors.codes_title)}
                        </h2>
                        <RecoveryCodes left=factors.recovery_codes_left proof on_codes />
                    </section>
                }
            },
        )}
    }
}
