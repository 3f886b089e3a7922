//! The head of every page: name, menu, language, who is signed in.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use mamis_contract::identity::AccountView;
use mamis_kernel::{AccountClass, Role};

use super::{Button, ButtonKind, LanguageSwitch};
use crate::api::Api;
use crate::i18n::use_language;
use crate::state::{use_session, use_toasts};
use crate::{routes, say, tr};

/// The head of every page.
#[component]
pub fn SiteHeader() -> impl IntoView {
    let (session, site, nav) = (use_session(), tr!(common.site_name), tr!(common.nav_label));
    let account = move || session.account().map(|account| view! { <AccountMenu account /> });
    let links = move || session.account().map(|account| menu_links(&account));
    view! {
        <header class="ui-header">
            <div class="ui-width ui-header__row">
                <a class="ui-header__site" href=routes::home()>
                    {site}
                </a>
                <LanguageSwitch />
                {account}
            </div>
            <nav class="ui-header__nav" aria-label=nav>
                <ul class="ui-width ui-nav">
                    {links} <li>
                        <NavLink href=routes::help() label=tr!(common.nav_help) />
                    </li>
                </ul>
            </nav>
        </header>
    }
}

fn menu_links(account: &AccountView) -> impl IntoView + use<> {
    let has_work = account.capabilities.iter().any(|capability| capability.association.is_some());
    let is_writer = account.capabilities.iter().any(|held| held.association.is_some() && held.role >= Role::Operator);
    let is_administrator = account.capabilities.iter().any(|held| held.role == Role::Administrator);
    view! {
        {account
            .person
            .is_some()
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::my_page() label=tr!(common.nav_my_page) />
                    </li>
                }
            })}
        {has_work
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::work_list() label=tr!(common.nav_work_list) />
                    </li>
                    <li>
                        <NavLink href=routes::members() label=tr!(members.nav) />
                    </li>
                }
            })}
        {has_work
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::accounts() label=tr!(clerks.accounts_nav) />
                    </li>
                }
            })}
        {is_writer
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::letters() label=tr!(letters.nav) />
                    </li>
                    <li>
                        <NavLink href=routes::duplicates() label=tr!(merges.nav) />
                    </li>
                }
            })}
        {is_administrator
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::clerks() label=tr!(clerks.nav) />
                    </li>
                }
            })}
        {account
            .provisional
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::training() label=tr!(common.nav_training) />
                    </li>
                }
            })}
        {(account.class == AccountClass::Assistant)
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::physicians() label=tr!(identity.held_nav) />
                    </li>
                }
            })}
        {account
            .acting
            .is_none()
            .then(|| {
                view! {
                    <li>
                        <NavLink href=routes::account() label=tr!(identity.account_nav) />
                    </li>
                }
            })}
    }
}

#[component]
fn NavLink(href: String, label: crate::i18n::Text) -> impl IntoView {
    let (location, own) = (use_location(), href.clone());
    let here = move || (location.pathname.get() == own).then_some("page");
    view! {
        <a class="ui-nav__link" href=href aria-current=here>
            {label}
        </a>
    }
}

#[component]
fn AccountMenu(account: AccountView) -> impl IntoView {
    let (language, toasts, navigate) = (use_language(), use_toasts(), use_navigate());
    let session = use_session();
    let api = Api::of(session);
    let is_physician = account.person.is_some() && account.acting.is_none();
    let name = move || {
        let (locale, name) = (language.locale(), account.display_name.clone());
        if is_physician {
            say!(locale, common.member_title, name = name)
        } else {
            say!(locale, common.clerk_title, name = name)
        }
    };
    let log_out = Action::new_local(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            match api.log_out().await {
                Ok(()) => {
                    // Away first, so that the page left does not ask to come back to it.
                    navigate(&routes::login(), NavigateOptions::default());
                    session.close();
                    toasts.show(say!(language.locale_now(), identity.logged_out));
                }
                Err(failure) => toasts.show(failure.text(language.locale_now()).title),
            }
        }
    });
    let (signed_in_as, words) = (tr!(common.account_label), tr!(common.log_out));
    view! {
        <div class="ui-account">
            <span class="ui-account__name">
                <span class="ui-visually-hidden">{signed_in_as} " "</span>
                {name}
            </span>
            <Button
                kind=ButtonKind::Quiet
                pending=log_out.pending()
                on_press=Callback::new(move |()| {
                    log_out.dispatch(());
                })
            >
                {words}
            </Button>
        </div>
    }
}
