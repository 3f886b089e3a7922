//! One's log-ins: open ones that can be ended, and the history.

use leptos::prelude::*;
use mamis_contract::identity::SessionListItem;
use mamis_contract::page::PageQuery;
use mamis_kernel::SessionId;

use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::state::use_toasts;
use crate::{dom, format, say, tr};

/// Entries of a first look; more come a page at a time.
const FIRST: u32 = 10;
const MOST: u32 = 200;

/// One's log-ins, newest first.
#[component]
pub(super) fn SessionList(
    /// Read anew whenever it changes.
    #[prop(into)]
    changed: Signal<u32>,
) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (limit, open) = (RwSignal::new(FIRST), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let list = LocalResource::new(move || {
        changed.track();
        api.sessions(PageQuery { limit: Some(limit.get()), ..PageQuery::default() })
    });
    let end = Action::new_local(move |id: &SessionId| {
        let id = *id;
        async move {
            let result = api.end_session(id).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(()) => {
                    failure.set(None);
                    toasts.show(say!(language.locale_now(), identity.session_end_done));
                    list.refetch();
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let end_others = Action::new_local(move |(): &()| async move {
        let result = api.end_other_sessions().await;
        if failure.is_disposed() {
            return;
        }
        open.set(false);
        match result {
            Ok(done) => {
                failure.set(None);
                toasts.show(say!(language.locale_now(), identity.sessions_ended, count = done.ended.to_string()));
                list.refetch();
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    view! {
        <p>{tr!(identity.sessions_text)}</p>
        <FailureBanner failure />
        <div class="ui-actions">
            <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(true))>
                {tr!(identity.sessions_end_others)}
            </Button>
        </div>
        <ConfirmDialog
            open
            title=tr!(identity.sessions_end_title)
            confirm=tr!(identity.sessions_end_others)
            kind=ButtonKind::Danger
            pending=end_others.pending()
            on_confirm=Callback::new(move |()| {
                end_others.dispatch(());
            })
        >
            <p>{tr!(identity.sessions_end_text)}</p>
        </ConfirmDialog>
        {loaded(
            list,
            move |page| {
                let more = page.next_cursor.is_some() && limit.get_untracked() < MOST;
                let on_end = Callback::new(move |id: SessionId| {
                    end.dispatch(id);
                });
                let items = page.items.into_iter().map(|item| view! { <Entry item on_end /> }).collect_view();
                view! {
                    <ul class="ui-tasks">{items}</ul>
                    {more
                        .then(|| {
                            view! {
                                <div class="ui-actions">
                                    <Button on_press=Callback::new(move |()| limit.set(MOST))>
                                        {tr!(identity.sessions_more)}
                                    </Button>
                                </div>
                            }
                        })}
                }
            },
        )}
    }
}

#[component]
fn Entry(item: SessionListItem, on_end: Callback<SessionId>) -> impl IntoView {
    let (browser, system) = (item.browser, item.system);
    let title = in_language(move |locale| {
        say!(locale, identity.session_where, browser = browser.label(locale), system = system.label(locale))
    });
    let is_open = item.ended_at.is_none() && item.expires_at > dom::now();
    let (badge, class) = match (item.is_current, is_open) {
        (true, _) => (tr!(identity.session_current), "ui-badge ui-badge--good"),
        (false, true) => (tr!(identity.session_open), "ui-badge ui-badge--key"),
        (false, false) => match item.end_reason {
            Some(reason) => (reason.text(), "ui-badge"),
            None => (tr!(identity.session_expired), "ui-badge"),
        },
    };
    let at = |instant| in_language(move |locale| format::date_and_time(locale, instant));
    let id = item.id;
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{title}</h3>
                <span class=class>{badge}</span>
            </div>
            <SummaryList>
                <SummaryRow name=tr!(identity.session_started) value=at(item.started_at) />
                <SummaryRow name=tr!(identity.session_used) value=at(item.last_used_at) />
                {item.ended_at.map(|ended| view! { <SummaryRow name=tr!(identity.session_ended) value=at(ended) /> })}
                <SummaryRow name=tr!(identity.session_address) value=Signal::stored(item.address) />
            </SummaryList>
            {(is_open && !item.is_current)
                .then(|| {
                    view! {
                        <div class="ui-actions">
                            <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| on_end.run(id))>
                                {tr!(identity.session_end)}
                            </Button>
                        </div>
                    }
                })}
        </li>
    }
}
