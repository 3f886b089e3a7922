//! Where the application for a training account stands: the first page of who registered themselves.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::page::PageQuery;
use mamis_contract::workflow::{
    ApplicationState, ApplicationSummary, ChangeInput, ChangeKind, CreateApplication, TrainingAccountInput,
};

use crate::api::{Failure, Intent, use_api};
use crate::components::{Banner, BannerKind, Button, ButtonKind, ButtonLink, FailureBanner, PageHeading, loaded};
use crate::i18n::Text;
use crate::state::use_session;
use crate::{routes, tr};

/// Where the application for a training account stands.
#[component]
pub fn TrainingPage() -> impl IntoView {
    let api = use_api();
    let cases = LocalResource::new(move || api.applications(PageQuery { cursor: None, limit: Some(50) }));
    let login_id = use_session().account_now().map(|account| account.login_id).unwrap_or_default();
    view! {
        <PageHeading title=tr!(workflow.training_title) />
        <p>{tr!(workflow.training_lead)}</p>
        <p class="ui-soft">{tr!(workflow.training_login_id)} " " <strong>{login_id}</strong></p>
        {loaded(
            cases,
            |page| {
                let training = |case: &ApplicationSummary| case.kinds.contains(&ChangeKind::TrainingAccount);
                match page.items.into_iter().find(training) {
                    Some(case) => view! { <Standing case /> }.into_any(),
                    None => view! { <Start label=tr!(workflow.training_start) /> }.into_any(),
                }
            },
        )}
    }
}

#[component]
fn Standing(case: ApplicationSummary) -> impl IntoView {
    let id = case.id;
    let form = || (routes::training_form(id), tr!(workflow.draft_continue));
    let page = || (routes::application(id), tr!(workflow.see_case));
    let (kind, title, text, (href, label)): (BannerKind, Text, Text, (String, Text)) = match case.state {
        ApplicationState::Draft => {
            (BannerKind::Information, tr!(workflow.draft_title), tr!(workflow.training_draft_text), form())
        }
        ApplicationState::Submitted | ApplicationState::InReview => {
            (BannerKind::Information, tr!(workflow.training_waits), tr!(workflow.training_waits_text), page())
        }
        ApplicationState::Returned => {
            (BannerKind::Warning, tr!(workflow.returned_title), tr!(workflow.training_returned_text), page())
        }
        ApplicationState::Completed => {
            (BannerKind::Success, tr!(workflow.training_done), tr!(workflow.training_done_text), page())
        }
        ApplicationState::Rejected => {
            (BannerKind::Warning, tr!(workflow.training_rejected), tr!(workflow.training_rejected_text), page())
        }
        ApplicationState::Retracted => {
            (BannerKind::Information, tr!(workflow.training_retracted), tr!(workflow.training_retracted_text), page())
        }
    };
    let ended = matches!(case.state, ApplicationState::Rejected | ApplicationState::Retracted);
    view! {
        <Banner kind title>
            <p>{text}</p>
            <ButtonLink href kind=ButtonKind::Primary label />
        </Banner>
        {ended.then(|| view! { <Start label=tr!(workflow.training_again) /> })}
    }
}

#[component]
fn Start(label: Text) -> impl IntoView {
    let (api, navigate, intent) = (use_api(), use_navigate(), Intent::new());
    let failure = RwSignal::new(None::<Failure>);
    let create = Action::new_local(move |(): &()| {
        let (navigate, key) = (navigate.clone(), intent.key());
        async move {
            failure.set(None);
            let input = ChangeInput::TrainingAccount(TrainingAccountInput::default());
            let result = api.create_application(&CreateApplication { changes: vec![input] }, &key).await;
            intent.settle(&result);
            if failure.is_disposed() {
                // The page was left meanwhile.
                return;
            }
            match result {
                Ok(case) => navigate(&routes::training_form(case.value.id), NavigateOptions::default()),
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    view! {
        <section class="ui-section" aria-labelledby="need-title">
            <h2 class="ui-subheading" id="need-title">
                {tr!(workflow.need_title)}
            </h2>
            <ul class="ui-list">
                <li>{tr!(workflow.training_need_1)}</li>
                <li>{tr!(workflow.training_need_2)}</li>
            </ul>
        </section>
        <FailureBanner failure />
        <div class="ui-actions">
            <Button
                kind=ButtonKind::Primary
                pending=create.pending()
                on_press=Callback::new(move |()| {
                    create.dispatch(());
                })
            >
                {move || label.get()}
            </Button>
        </div>
    }
}
