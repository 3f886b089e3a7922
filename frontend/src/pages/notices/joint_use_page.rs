//! Joint use of personal data, for everybody.

use leptos::prelude::*;
use mamis_contract::notices::JointUse;

use crate::api::GuestApi;
use crate::components::{PageHeading, loaded};
use crate::format;
use crate::i18n::{Locale, Text, use_language};
use crate::pages::identity::list;
use crate::state::use_session;
use crate::tr;

const POSTER: &str = "/downloads/joint-use-poster.pdf";
const BANNER: &str = "/downloads/joint-use-banner.svg";

/// Joint use of personal data; needs no session.
#[component]
pub fn JointUsePage() -> impl IntoView {
    let api = GuestApi::new(use_session());
    let page = LocalResource::new(move || async move { api.joint_use().await });
    view! {
        <PageHeading title=tr!(identity.joint_title) />
        {loaded(page, |page| view! { <Content page /> })}
        <section class="ui-section">
            <h2 class="ui-subheading">{tr!(identity.joint_downloads)}</h2>
            <p>{tr!(identity.joint_downloads_text)}</p>
            <ul class="ui-list">
                <li>
                    <a href=POSTER download>
                        {tr!(identity.joint_poster)}
                    </a>
                </li>
                <li>
                    <a href=BANNER download>
                        {tr!(identity.joint_banner)}
                    </a>
                </li>
            </ul>
        </section>
    }
}

#[component]
fn Content(page: JointUse) -> impl IntoView {
    let language = use_language();
    let updated_on = page.updated_on;
    let content = move || {
        let text = match language.locale() {
            Locale::ja => page.ja.clone(),
            Locale::en => page.en.clone(),
        };
        let tasks = text.tasks.into_iter().map(|task| format!("{}：{}", task.task, task.vendor)).collect();
        let lead: Vec<_> = text.lead.into_iter().map(|text| view! { <p>{text}</p> }).collect();
        view! {
            {lead}
            {section(tr!(identity.joint_items), text.items)}
            {section(tr!(identity.joint_users), text.users)}
            {section(tr!(identity.joint_purposes), text.purposes)}
            {section(tr!(identity.joint_managers), text.managers)}
            {section(tr!(identity.joint_tasks), tasks)}
            {section(tr!(identity.joint_migration), text.migration)}
            {section(tr!(identity.joint_environments), text.environments)}
        }
    };
    view! {
        {content}
        <p>{tr!(identity.joint_updated, day = format::date(language.locale(), updated_on))}</p>
    }
}

fn section(heading: Text, texts: Vec<String>) -> AnyView {
    view! {
        <section class="ui-section">
            <h2 class="ui-subheading">{heading}</h2>
            {list(texts)}
        </section>
    }
    .into_any()
}
