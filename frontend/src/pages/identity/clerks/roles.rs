//! Who holds which role.

use leptos::prelude::*;
use mamis_contract::identity::{ClerkRoleView, EndClerkRole};
use mamis_kernel::{AccountState, AssociationId};

use super::change_form::ChangeForm;
use super::recover::Recover;
use super::{Desk, Open};
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{dom, format, say, tr};

/// Who holds which role, and ending one.
#[component]
pub(super) fn Roles(desk: Desk, association: AssociationId) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (with_ended, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let (asking, ending) = (RwSignal::new(false), RwSignal::new(None::<ClerkRoleView>));
    let intent = Intent::new();
    let end = Action::new_local(move |role: &ClerkRoleView| {
        let role = role.clone();
        async move {
            let result = api.end_clerk_role(role.id, &EndClerkRole::default(), &intent.key()).await;
            intent.settle(&result);
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(()) => {
                    failure.set(None);
                    toasts.show(say!(language.locale_now(), clerks.ended, name = role.display_name.clone()));
                    desk.settle();
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let ask = Callback::new(move |role: ClerkRoleView| {
        intent.change_of_mind();
        ending.set(Some(role));
        asking.set(true);
    });
    // What is said of one thing does not stand beside the next.
    Effect::new(move |_| {
        desk.open.track();
        desk.changed.track();
        failure.set(None);
    });
    let question = in_language(move |locale| {
        let name = ending.with(|role| role.as_ref().map(|role| role.display_name.clone())).unwrap_or_default();
        say!(locale, clerks.end_text, name = name)
    });
    let switch = move || if with_ended.get() { tr!(clerks.without_ended).get() } else { tr!(clerks.with_ended).get() };
    view! {
        <FailureBanner failure />
        {paged(
            move |page| {
                desk.changed.track();
                api.clerks(association, with_ended.get(), page)
            },
            tr!(clerks.roles_none),
            move |role| view! { <Entry role desk ask /> }.into_any(),
        )}
        <div class="ui-actions">
            <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| with_ended.update(|with| *with = !*with))>
                {switch}
            </Button>
        </div>
        <ConfirmDialog
            open=asking
            title=tr!(clerks.end_title)
            confirm=tr!(clerks.end_confirm)
            kind=ButtonKind::Danger
            pending=end.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(role) = ending.get_untracked() {
                    end.dispatch(role);
                }
            })
        >
            <p>{question}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Entry(role: ClerkRoleView, desk: Desk, ask: Callback<ClerkRoleView>) -> impl IntoView {
    let (first, last, last_log_in, id) = (role.first_day, role.last_day, role.last_log_in, role.id);
    let is_own = role.is_own;
    let is_over = last.is_some_and(|last| last < dom::today());
    let period = in_language(move |locale| format::period(locale, first, last));
    let used = in_language(move |locale| match last_log_in {
        Some(at) => format::date_and_time(locale, at),
        None => say!(locale, clerks.never),
    });
    let class = if is_over { "ui-badge" } else { "ui-badge ui-badge--key" };
    let name = if role.is_own {
        let own = role.display_name.clone();
        in_language(move |locale| say!(locale, clerks.own, name = own.clone()))
    } else {
        Signal::stored(role.display_name.clone())
    };
    let kept = StoredValue::new(role.clone());
    let is_open = move || desk.open.with(|open| *open == Open::Change(id));
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{name}</h3>
                <span class=class>{role.role.text()}</span>
            </div>
            <SummaryList>
                <SummaryRow name=tr!(identity.login_id) value=Signal::stored(role.login_id) />
                <SummaryRow name=tr!(clerks.period) value=period />
                <SummaryRow name=tr!(clerks.last_log_in) value=used />
                {(role.account_state != AccountState::Active)
                    .then(|| view! { <SummaryRow name=tr!(clerks.state) value=role.account_state.text() /> })}
            </SummaryList>
            {move || {
                if is_over {
                    ().into_any()
                } else if is_open() {
                    view! { <ChangeForm desk role=kept.get_value() /> }.into_any()
                } else {
                    view! {
                        <div class="ui-actions">
                            <Button on_press=Callback::new(move |()| {
                                desk.invited.set(None);
                                desk.open.set(Open::Change(id));
                            })>
                                {tr!(clerks.change)}
                            </Button>
                            <Button
                                kind=ButtonKind::Quiet
                                on_press=Callback::new(move |()| ask.run(kept.get_value()))
                            >
                                {tr!(clerks.end)}
                            </Button>
                            {(!is_own).then(|| view! { <Recover role=kept.get_value() /> })}
                        </div>
                    }
                        .into_any()
                }
            }}
        </li>
    }
}
