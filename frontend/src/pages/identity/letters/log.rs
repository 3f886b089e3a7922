//! The letters that were issued: fetching their file, printing, and who did so when.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mamis_contract::identity::LetterBatchView;
use mamis_kernel::{AssociationId, LetterBatchState};

use crate::api::{Api, BlobUrl, Failure, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{dom, format, say, tr};

const LOOK_AGAIN_MS: u32 = 3_000;
const LOOK_AGAIN_AFTER_FAILURE_MS: u32 = 30_000;

type Batch = RwSignal<LetterBatchView>;

/// The batches of an association, newest first.
#[component]
pub(super) fn Log(association: AssociationId) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (failure, asking) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let printed = RwSignal::new(None::<Batch>);
    let finish = Action::new_local(move |batch: &Batch| {
        let batch = *batch;
        async move {
            let Some(id) = batch.try_with_untracked(|batch| batch.id) else { return };
            let result = api.finish_letters(id).await;
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(now) => {
                    failure.set(None);
                    toasts.show(say!(language.locale_now(), letters.finished));
                    let _ = batch.try_set(now);
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let ask = Callback::new(move |batch: Batch| {
        failure.set(None);
        printed.set(Some(batch));
        asking.set(true);
    });
    view! {
        <p>{tr!(letters.log_lead)}</p>
        <FailureBanner failure />
        {paged(
            move |page| api.letter_batches(association, page),
            tr!(letters.log_none),
            move |batch| view! { <Entry batch failure ask /> }.into_any(),
        )}
        <ConfirmDialog
            open=asking
            title=tr!(letters.finish_title)
            confirm=tr!(letters.finish_confirm)
            pending=finish.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(batch) = printed.get_untracked() {
                    finish.dispatch(batch);
                }
            })
        >
            <p>{tr!(letters.finish_text)}</p>
        </ConfirmDialog>
    }
}

/// Looks again until the file is made, for as long as the entry is shown.
fn wait_for_file(api: Api, batch: Batch) {
    spawn_local(async move {
        let mut pause = LOOK_AGAIN_MS;
        while let Some(id) =
            batch.try_with_untracked(|batch| (batch.state == LetterBatchState::Waiting).then_some(batch.id)).flatten()
        {
            TimeoutFuture::new(pause).await;
            if batch.is_disposed() {
                return;
            }
            pause = match api.letter_batch(id).await {
                Ok(now) => {
                    show(batch, now);
                    LOOK_AGAIN_MS
                }
                Err(_) => LOOK_AGAIN_AFTER_FAILURE_MS,
            };
        }
    });
}

/// Draws an entry anew only when something has changed.
fn show(batch: Batch, now: LetterBatchView) {
    if batch.try_with_untracked(|batch| *batch != now) == Some(true) {
        batch.set(now);
    }
}

#[component]
fn Entry(batch: LetterBatchView, failure: RwSignal<Option<Failure>>, ask: Callback<Batch>) -> impl IntoView {
    let (api, at) = (use_api(), batch.requested_at);
    let (id, batch) = (batch.id, RwSignal::new(batch));
    let file = RwSignal::new_local(None::<BlobUrl>);
    wait_for_file(api, batch);
    let open = Action::new_local(move |(): &()| async move {
        let fetched = api.letter_file(id).await;
        if batch.is_disposed() {
            return;
        }
        failure.set(None);
        match fetched {
            Ok(url) => {
                dom::open_tab(url.as_str());
                file.set(Some(url));
            }
            Err(refused) => failure.set(Some(refused)),
        }
        if let Ok(now) = api.letter_batch(id).await {
            show(batch, now);
        }
    });
    let on_open = Callback::new(move |()| {
        open.dispatch(());
    });
    let link = move || {
        file.with(|file| {
            file.as_ref().map(|url| {
                let href = url.as_str().to_owned();
                view! {
                    <a class="ui-standalone" href=href target="_blank">
                        {tr!(letters.file_link)}
                    </a>
                }
            })
        })
    };
    let what_to_do = move || match batch.with(|batch| (batch.state, batch.fetched_at.is_some())) {
        (LetterBatchState::Waiting, _) => view! {
            <p role="status">
                {tr!(letters.waiting)} " " <span class="ui-spinner" aria-hidden="true"></span>
            </p>
        }
        .into_any(),
        (LetterBatchState::Ready, fetched) => view! {
            {link}
            <div class="ui-actions">
                <Button
                    kind=if fetched { ButtonKind::Secondary } else { ButtonKind::Primary }
                    pending=open.pending()
                    on_press=on_open
                >
                    {tr!(letters.open_file)}
                </Button>
                {fetched
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Primary on_press=Callback::new(move |()| ask.run(batch))>
                                {tr!(letters.finish)}
                            </Button>
                        }
                    })}
            </div>
        }
        .into_any(),
        (LetterBatchState::Expired, _) => view! { <p>{tr!(letters.expired)}</p> }.into_any(),
        (LetterBatchState::Printed, _) => ().into_any(),
    };
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{in_language(move |locale| format::date_and_time(locale, at))}</h3>
                {move || {
                    let state = batch.with(|batch| batch.state);
                    let class = match state {
                        LetterBatchState::Ready => "ui-badge ui-badge--key",
                        LetterBatchState::Printed => "ui-badge ui-badge--good",
                        LetterBatchState::Waiting | LetterBatchState::Expired => "ui-badge",
                    };
                    view! { <span class=class>{state.text()}</span> }
                }}
            </div>
            {move || view! { <Facts batch=batch.get() /> }}
            {what_to_do}
        </li>
    }
}

#[component]
fn Facts(batch: LetterBatchView) -> impl IntoView {
    let (letters, is_ready) = (batch.letters, batch.state == LetterBatchState::Ready);
    let time = move |at| in_language(move |locale| format::date_and_time(locale, at));
    view! {
        <SummaryList>
            <SummaryRow name=tr!(letters.purpose) value=batch.purpose.text() />
            <SummaryRow name=tr!(letters.letters) value=tr!(letters.count, count = letters) />
            <SummaryRow name=tr!(letters.requested_by) value=Signal::stored(batch.requested_by) />
            {batch.fetched_at.map(|at| view! { <SummaryRow name=tr!(letters.fetched_at) value=time(at) /> })}
            {batch.printed_at.map(|at| view! { <SummaryRow name=tr!(letters.printed_at) value=time(at) /> })}
            {batch
                .file_until
                .filter(|_| is_ready)
                .map(|at| view! { <SummaryRow name=tr!(letters.file_until) value=time(at) /> })}
        </SummaryList>
    }
}
