//! A case as a clerk decides it: beside the applicant's record, by keyboard if one likes.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use mamis_contract::workflow::{ApplicationState, ApplicationView, SearchWorkItems, WorkStatus};
use mamis_kernel::{ApplicationId, Role};

use super::answers::Answers;
use super::case::{History, Turn, case_steps, turn};
use super::kept::use_kept;
use super::sections::{Field, name_at};
use super::stale::StaleNotice;
use super::training::{LicenceAside, is_training};
use super::work::{Applicant, Approve, Decide, Kind, Reject, SendBack, Typed};
use crate::api::{Versioned, use_api};
use crate::components::{Button, ButtonKind, FailureBanner, PageHeading, Steps, SummaryList, SummaryRow, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::{BackToList, KeyboardHelp, ListPlace, on_command, own_associations};
use crate::pages::with_id::with_id;
use crate::state::use_toasts;
use crate::{dom, format, routes, say, tr};

const DONE_ID: &str = "decided";

/// A case as a clerk decides it.
#[component]
pub fn WorkCasePage() -> impl IntoView {
    with_id(|id| view! { <WorkCase id /> }.into_any())
}

#[component]
fn WorkCase(id: ApplicationId) -> impl IntoView {
    let (api, kept, language, toasts, navigate) = (use_api(), use_kept(), use_language(), use_toasts(), use_navigate());
    let case = LocalResource::new(move || api.application(id));
    let read = Memo::new(move |_| case.get().and_then(Result::ok));
    let title = in_language(move |locale| match read.get().and_then(|read| read.value.number) {
        Some(number) => say!(locale, workflow.work_case_title, number = number),
        None => say!(locale, workflow.work_case_plain),
    });
    let typed = Typed::new();
    Effect::new(move |_| {
        if let Some(read) = read.get() {
            typed.propose_day(&read.value);
        }
    });
    let etag = Signal::derive(move || read.get().map(|read| read.etag));
    let decide = Decide::new(api, id, etag, Callback::new(move |()| case.refetch()));
    let reload = Callback::new(move |()| {
        decide.stale.set(false);
        case.refetch();
    });
    let next = Action::new_local(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            let query = next_query(kept.list().map(|left| left.query));
            match api.search_work_items(&query).await {
                _ if typed.is_disposed() => {}
                Ok(page) => match page.items.into_iter().find(|item| item.application_id != id) {
                    Some(item) => navigate(&routes::work_item(item.application_id), NavigateOptions::default()),
                    None => {
                        toasts.show(say!(language.locale_now(), workflow.no_next));
                        navigate(&routes::work_list(), NavigateOptions::default());
                    }
                },
                Err(failure) => decide.failure.set(Some(failure)),
            }
        }
    });
    let allowed = Memo::new(move |_| {
        let actions = read.get().map(|read| read.value.allowed_actions).unwrap_or_default();
        Kind::ALL.into_iter().filter(|kind| actions.contains(&kind.action())).collect::<Vec<_>>()
    });
    let help = RwSignal::new(false);
    on_command(move |key| match key {
        "n" => {
            next.dispatch(());
            true
        }
        "?" => {
            help.set(true);
            true
        }
        key => match Kind::of_key(key).filter(|kind| allowed.with_untracked(|allowed| allowed.contains(kind))) {
            Some(kind) => {
                open_panel(decide, kind);
                true
            }
            None => false,
        },
    });
    Effect::new(move |_| {
        if decide.done.get().is_some() {
            request_animation_frame(|| dom::focus(DONE_ID));
        }
    });
    let place = kept.list().map_or_else(|| ListPlace::fresh(routes::work_list()), |left| left.place);
    let (next_words, keys_words) = (tr!(workflow.next_case), tr!(workflow.keys_button));
    view! {
        <PageHeading title=title />
        <div class="wf-row wf-toolbar ui-no-print">
            <BackToList place />
            <Button
                kind=ButtonKind::Quiet
                keys="n"
                pending=next.pending()
                on_press=Callback::new(move |()| {
                    next.dispatch(());
                })
            >
                {move || next_words.get()}
            </Button>
            <Button kind=ButtonKind::Quiet keys="?" on_press=Callback::new(move |()| help.set(true))>
                {move || keys_words.get()}
            </Button>
        </div>
        {move || decide.done.get().map(|kind| view! { <Done kind next /> })}
        <FailureBanner failure=decide.failure />
        {move || {
            decide.stale.get().then(|| view! { <StaleNotice pending=false on_reload=reload /> })
        }}
        {loaded(case, move |read| view! { <Content read allowed decide typed /> })}
        <KeyboardHelp
            open=help
            keys=vec![
                ("a", tr!(workflow.key_approve)),
                ("r", tr!(workflow.key_return)),
                ("x", tr!(workflow.key_reject)),
                ("n", tr!(workflow.key_next_case)),
                ("u", tr!(workflow.key_back)),
                ("?", tr!(workflow.key_help)),
            ]
        />
    }
}

/// What comes next: the list as it was left, from its beginning.
fn next_query(left: Option<SearchWorkItems>) -> SearchWorkItems {
    SearchWorkItems { status: Some(WorkStatus::Open), cursor: None, limit: Some(2), ..left.unwrap_or_default() }
}

fn open_panel(decide: Decide, kind: Kind) {
    decide.open.set(Some(kind));
    request_animation_frame(move || {
        let selector = format!("#{} input, #{} textarea", kind.panel_id(), kind.panel_id());
        if let Ok(Some(field)) = document().query_selector(&selector) {
            dom::focus_element(&field);
        }
    });
}

/// What was decided, and the way to the next.
#[component]
fn Done(kind: Kind, next: Action<(), ()>) -> impl IntoView {
    let (title, text) = match kind {
        Kind::Approve => (tr!(workflow.done_approved), tr!(workflow.done_approved_text)),
        Kind::Return => (tr!(workflow.done_returned), tr!(workflow.done_returned_text)),
        Kind::Reject => (tr!(workflow.done_rejected), tr!(workflow.done_rejected_text)),
    };
    let words = tr!(workflow.next_case);
    view! {
        <div class="ui-banner ui-banner--success" role="status" tabindex="-1" id=DONE_ID>
            <p class="ui-banner__title">{move || title.get()}</p>
            <div class="ui-banner__body">
                <p>{move || text.get()}</p>
                <Button
                    kind=ButtonKind::Primary
                    keys="n"
                    pending=next.pending()
                    on_press=Callback::new(move |()| {
                        next.dispatch(());
                    })
                >
                    {move || words.get()}
                </Button>
            </div>
        </div>
    }
}

#[component]
fn Content(read: Versioned<ApplicationView>, allowed: Memo<Vec<Kind>>, decide: Decide, typed: Typed) -> impl IntoView {
    let case = read.value;
    let (state, applicant) = (case.state, case.applicant.clone());
    let (kana, name) = applicant.clone().map(|person| (person.name_kana, person.display_name)).unwrap_or_default();
    let training = is_training(&case);
    let (known_number, attachments) = (case.known_number, case.attachments.clone());
    let steps = Signal::stored(case_steps(&case));
    let (effective, submitted) = (case.effective_date, case.submitted_at);
    let day_name =
        if state == ApplicationState::Completed { tr!(workflow.member_from) } else { tr!(workflow.wished_day) };
    let day = effective.filter(|_| !training).map(|day| {
        let text = in_language(move |locale| format::date(locale, day));
        view! { <SummaryRow name=day_name value=text /> }
    });
    view! {
        <p class="wf-who">
            <strong>{name}</strong>
            <span class="wf-who__kana">{kana}</span>
        </p>
        <SummaryList>
            <SummaryRow name=tr!(workflow.state) value=state.text() />
            <SummaryRow
                name=tr!(workflow.sent_on)
                value=in_language(move |locale| {
                    submitted.map(|at| format::date_and_time(locale, at)).unwrap_or_default()
                })
            />
            {day}
        </SummaryList>
        <div class="wf-block">
            <Steps label=tr!(workflow.steps_title) steps />
        </div>
        <DecisionArea case=case.clone() allowed decide typed />
        <div class="wf-columns">
            <section class="wf-block" aria-labelledby="asked-title">
                <h2 class="ui-subheading" id="asked-title">
                    {tr!(workflow.asked_title)}
                </h2>
                <OpenComments case=case.clone() />
                {case.changes.into_iter().map(|change| view! { <Answers change /> }).collect_view()}
            </section>
            {if training {
                view! { <LicenceAside attachments known_number /> }.into_any()
            } else {
                applicant.map(|person| view! { <Applicant person /> }).into_any()
            }}
        </div>
        <History entries=case.timeline />
    }
}

/// Comments that the physician has not answered yet.
#[component]
fn OpenComments(case: ApplicationView) -> impl IntoView {
    let language = use_language();
    let title = tr!(workflow.open_comments);
    (!case.field_comments.is_empty()).then(|| {
        let items = case.field_comments.into_iter().map(|comment| {
            let pointer = comment.pointer;
            view! {
                <li>
                    <strong>{move || name_at(language.locale(), &pointer)}</strong>
                    <span class="wf-pre">"　" {comment.comment}</span>
                </li>
            }
        });
        view! {
            <div class="wf-note">
                <p>{move || title.get()}</p>
                <ul class="ui-list">{items.collect_view()}</ul>
            </div>
        }
    })
}

/// The three ways to decide, or whose turn it is.
#[component]
fn DecisionArea(case: ApplicationView, allowed: Memo<Vec<Kind>>, decide: Decide, typed: Typed) -> impl IntoView {
    let language = use_language();
    let turn = turn(&case);
    let training = is_training(&case);
    let fields: &'static [Field] = if training { &Field::TRAINING } else { &Field::JOINING };
    let is_own = match &turn {
        Turn::Association(whose, _) => own_associations(Role::Viewer).iter().any(|own| own.id == whose.id),
        Turn::Physician(_) | Turn::Nobody => false,
    };
    let explanation = move || {
        let locale = language.locale();
        let day = |at: Option<chrono::DateTime<chrono::Utc>>| {
            at.map(|at| format::date_short(locale, dom::tokyo_day(at))).unwrap_or_default()
        };
        match &turn {
            Turn::Association(whose, _) if is_own => {
                say!(locale, workflow.turn_own, who = whose.name.clone())
            }
            Turn::Association(whose, since) => {
                say!(locale, workflow.turn_other, who = whose.name.clone(), date = day(*since))
            }
            Turn::Physician(since) => say!(locale, workflow.turn_physician, date = day(*since)),
            Turn::Nobody => say!(locale, workflow.turn_ended),
        }
    };
    let buttons = move || allowed.get().into_iter().map(|kind| view! { <OpenButton kind decide /> }).collect_view();
    view! {
        <section class="wf-decide ui-no-print" aria-labelledby="decide-title">
            <h2 class="ui-subheading" id="decide-title">
                {tr!(workflow.decide_title)}
            </h2>
            {move || {
                if allowed.with(Vec::is_empty) {
                    view! { <p>{explanation.clone()}</p> }.into_any()
                } else {
                    view! { <div class="wf-row">{buttons}</div> }.into_any()
                }
            }}
            {move || {
                let open = decide.open.get().filter(|kind| allowed.with(|allowed| allowed.contains(kind)))?;
                let panel = match open {
                    Kind::Approve => view! { <Approve decide typed training /> }.into_any(),
                    Kind::Return => view! { <SendBack decide typed fields /> }.into_any(),
                    Kind::Reject => view! { <Reject decide typed /> }.into_any(),
                };
                Some(view! {
                    <div class="wf-decide__panel" id=open.panel_id()>
                        {panel}
                    </div>
                })
            }}
        </section>
    }
}

#[component]
fn OpenButton(kind: Kind, decide: Decide) -> impl IntoView {
    let (label, class) = match kind {
        Kind::Approve => (tr!(workflow.approve), "ui-button ui-button--primary"),
        Kind::Return => (tr!(workflow.send_back), "ui-button ui-button--secondary"),
        Kind::Reject => (tr!(workflow.reject), "ui-button ui-button--secondary"),
    };
    let is_open = move || decide.open.get() == Some(kind);
    let toggle = move |_| {
        if decide.open.get_untracked() == Some(kind) {
            decide.open.set(None);
        } else {
            open_panel(decide, kind);
        }
    };
    view! {
        <button
            class=class
            type="button"
            aria-expanded=move || is_open().to_string()
            aria-controls=kind.panel_id()
            aria-keyshortcuts=kind.key()
            on:click=toggle
        >
            {move || label.get()}
            <kbd class="wf-key" aria-hidden="true">
                {kind.key()}
            </kbd>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_case_is_the_first_open_one_of_the_same_list() {
        let left = SearchWorkItems {
            status: Some(WorkStatus::Decided),
            min_age_days: Some(7),
            cursor: Some("c".to_owned()),
            ..SearchWorkItems::default()
        };
        let next = next_query(Some(left));
        assert_eq!((next.status, next.min_age_days, next.cursor), (Some(WorkStatus::Open), Some(7), None));
        assert_eq!(next_query(None).limit, Some(2));
    }
}
