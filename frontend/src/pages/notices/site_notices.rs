//! Above every page: a planned stop that is on or comes, and terms of use that will change.

use leptos::prelude::*;
use mamis_contract::notices::MaintenanceView;
use mamis_kernel::MaintenanceKind;

use crate::components::{Banner, BannerKind};
use crate::i18n::{Locale, use_language};
use crate::state::use_session;
use crate::{format, routes, tr};

/// What everybody should know before beginning.
#[component]
pub fn SiteNotices() -> impl IntoView {
    let session = use_session();
    let service = Memo::new(move |_| session.service().map(|status| (status.current, status.announced)));
    let coming = Memo::new(move |_| session.account().and_then(|account| account.terms_coming));
    let stops = move || {
        let (current, announced) = service.get().unwrap_or_default();
        let on = current.map(|window| stop(window, true));
        (on, announced.map(|window| stop(window, false)))
    };
    let terms = move || {
        coming.get().map(|terms| {
            let language = use_language();
            let day = terms.effective_from;
            view! {
                <Banner title=tr!(identity.terms_coming_title)>
                    <p>{tr!(identity.terms_coming_text, day = format::date(language.locale(), day))}</p>
                    <p>
                        <a href=routes::terms_of(&terms.version)>{tr!(identity.terms_coming_link)}</a>
                    </p>
                </Banner>
            }
        })
    };
    view! { <div class="ui-width ui-site-notices">{stops} {terms}</div> }
}

fn stop(window: MaintenanceView, is_on: bool) -> AnyView {
    let language = use_language();
    let MaintenanceView { kind, starts_at, ends_at, message_ja, message_en } = window;
    let title = match (kind, is_on) {
        (MaintenanceKind::Full, true) => tr!(common.service_stopped),
        (MaintenanceKind::ReadOnly, true) => tr!(common.service_read_only),
        (MaintenanceKind::Full, false) => tr!(common.service_coming_stop),
        (MaintenanceKind::ReadOnly, false) => tr!(common.service_coming_read_only),
    };
    let at = move |instant| format::date_and_time(language.locale(), instant);
    let when = if is_on {
        tr!(common.service_until, time = at(ends_at))
    } else {
        tr!(common.service_from_until, from = at(starts_at), until = at(ends_at))
    };
    let why = move || match language.locale() {
        Locale::ja => message_ja.clone(),
        Locale::en => message_en.clone(),
    };
    view! {
        <Banner kind=BannerKind::Warning title>
            <p>{when}</p>
            <p>{why}</p>
        </Banner>
    }
    .into_any()
}
