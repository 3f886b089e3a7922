//! Lists one asked for as files: how far they are, fetching them, taking them back.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{ExportView, UnwritableCellView};
use mamis_kernel::{ExportFormat, ExportState};

use crate::api::{Api, Failure, use_api};
use crate::components::{Button, ButtonKind, FailureBanner, PageHeading, SummaryList, SummaryRow, TableFrame};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{dom, format, routes, say, tr};

const LOOK_AGAIN_MS: u32 = 1_000;
const LOOK_AGAIN_AFTER_FAILURE_MS: u32 = 15_000;
/// A browser that asks where to save has long begun by then.
pub(super) const KEPT: Duration = Duration::from_secs(60);

type Export = RwSignal<ExportView>;

/// Lists one asked for as files, newest first.
#[component]
pub fn ExportsPage() -> impl IntoView {
    let api = use_api();
    view! {
        <PageHeading title=tr!(files.exports_title) />
        <p>{tr!(files.exports_lead)}</p>
        {paged(
            move |page| api.exports(page),
            tr!(files.exports_none),
            move |export| view! { <Entry export /> }.into_any(),
        )}
        <p>
            <a class="ui-standalone" href=routes::members()>
                {tr!(files.to_members)}
            </a>
        </p>
    }
}

const fn is_open(state: ExportState) -> bool {
    matches!(state, ExportState::Waiting | ExportState::Running)
}

/// Looks again until the file is written, for as long as the entry is shown.
fn wait_for_file(api: Api, export: Export) {
    spawn_local(async move {
        let mut pause = LOOK_AGAIN_MS;
        while let Some(id) = export.try_with_untracked(|export| is_open(export.state).then_some(export.id)).flatten() {
            TimeoutFuture::new(pause).await;
            if export.is_disposed() {
                return;
            }
            pause = match api.export(id).await {
                Ok(now) => {
                    if export.try_with_untracked(|export| *export != now) == Some(true) {
                        export.set(now);
                    }
                    LOOK_AGAIN_MS
                }
                Err(_) => LOOK_AGAIN_AFTER_FAILURE_MS,
            };
        }
    });
}

#[component]
fn Entry(export: ExportView) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (id, at, requested) = (export.id, export.requested_at, export.clone());
    let (export, failure) = (RwSignal::new(export), RwSignal::new(None::<Failure>));
    wait_for_file(api, export);
    let fetch = Action::new_local(move |(): &()| async move {
        let fetched = api.export_file(id).await;
        if failure.is_disposed() {
            return;
        }
        match fetched {
            Ok(file) => {
                failure.set(None);
                let name = file.name.unwrap_or_else(|| export.with_untracked(|export| export.file_name.clone()));
                dom::save(file.url.as_str(), &name);
                // Its address has to live until the browser has begun to save.
                set_timeout(move || drop(file.url), KEPT);
                toasts.show(say!(language.locale_now(), files.export_saved, name = name));
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let cancel = Action::new_local(move |(): &()| async move {
        let cancelled = api.cancel_export(id).await;
        if failure.is_disposed() {
            return;
        }
        match cancelled {
            Ok(now) => {
                failure.set(None);
                export.set(now);
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let state = Memo::new(move |_| export.with(|export| export.state));
    let progress = move || {
        let (done, total) = export.with(|export| (export.rows_done, export.rows_total));
        let text = in_language(move |locale| match total {
            Some(total) => {
                say!(locale, files.export_progress, done = format::count(done), total = format::count(total))
            }
            None => say!(locale, files.export_waiting),
        });
        view! {
            <p role="status">{text}</p>
            {total
                .map(|total| {
                    view! {
                        <progress class="wf-file__progress" max=total.max(1).to_string() value=done.to_string()></progress>
                    }
                })}
        }
    };
    let on_fetch = Callback::new(move |()| {
        fetch.dispatch(());
    });
    let on_cancel = Callback::new(move |()| {
        cancel.dispatch(());
    });
    let back = move |words| {
        view! {
            <Button kind=ButtonKind::Secondary pending=cancel.pending() on_press=on_cancel>
                {words}
            </Button>
        }
    };
    let what_to_do = move || match state.get() {
        ExportState::Waiting | ExportState::Running => view! {
            {progress}
            <div class="ui-actions">{back(tr!(files.export_cancel))}</div>
        }
        .into_any(),
        ExportState::Ready => view! {
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary pending=fetch.pending() on_press=on_fetch>
                    {tr!(files.export_fetch)}
                </Button>
                {back(tr!(files.export_discard))}
            </div>
            {move || (export.with(|export| export.unwritable) > 0).then(|| view! { <Unwritable export /> })}
        }
        .into_any(),
        ExportState::Failed => view! { <p>{tr!(files.export_failed)}</p> }.into_any(),
        ExportState::Cancelled | ExportState::Expired => ().into_any(),
    };
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h2 class="ui-card__title">{in_language(move |locale| format::date_and_time(locale, at))}</h2>
                {move || {
                    let class = match state.get() {
                        ExportState::Ready => "ui-badge ui-badge--good",
                        ExportState::Failed => "ui-badge ui-badge--bad",
                        ExportState::Waiting | ExportState::Running => "ui-badge ui-badge--key",
                        ExportState::Cancelled | ExportState::Expired => "ui-badge",
                    };
                    view! { <span class=class>{state.get().text()}</span> }
                }}
            </div>
            <SummaryList>
                <SummaryRow name=tr!(members.export_purpose) value=Signal::stored(requested.purpose) />
                {requested
                    .association
                    .map(|association| {
                        view! {
                            <SummaryRow name=tr!(registry.column_association) value=Signal::stored(association.name) />
                        }
                    })}
                <SummaryRow name=tr!(members.export_format) value=format_name(requested.format) />
                {move || {
                    let (done, until) = export.with(|export| (export.rows_done, export.expires_at));
                    (state.get() == ExportState::Ready)
                        .then(|| {
                            view! {
                                <SummaryRow
                                    name=tr!(files.export_rows)
                                    value=in_language(move |locale| {
                                        say!(locale, members.count, count = format::count(done))
                                    })
                                />
                                {until
                                    .map(|at| {
                                        view! {
                                            <SummaryRow
                                                name=tr!(files.export_until)
                                                value=in_language(move |locale| format::date_and_time(locale, at))
                                            />
                                        }
                                    })}
                            }
                        })
                }}
            </SummaryList>
            <FailureBanner failure />
            {what_to_do}
        </li>
    }
}

fn format_name(format: ExportFormat) -> crate::i18n::Text {
    match format {
        ExportFormat::Xlsx => Signal::stored("Excel".to_owned()),
        ExportFormat::Csv => tr!(members.export_csv),
        ExportFormat::CsvCp932 => tr!(members.export_cp932),
    }
}

/// What the file could not hold, read when somebody wants to see it.
#[component]
fn Unwritable(export: Export) -> impl IntoView {
    let (api, id) = (use_api(), export.with_untracked(|export| export.id));
    let (count, open) = (export.with_untracked(|export| export.unwritable), RwSignal::new(false));
    let cells = LocalResource::new(move || {
        let wanted = open.get();
        async move {
            let page = PageQuery { limit: Some(200), ..PageQuery::default() };
            if wanted { Some(api.unwritable_cells(id, page).await) } else { None }
        }
    });
    let row = |cell: UnwritableCellView| {
        view! {
            <tr>
                <th scope="row" class="ui-number">
                    {cell.row}
                </th>
                <td>{cell.column.heading()}</td>
                <td>{cell.value}</td>
                <td>{cell.written}</td>
            </tr>
        }
    };
    view! {
        <details class="ui-details" on:toggle=move |_| open.set(true)>
            <summary>{tr!(files.unwritable, count = format::count(count))}</summary>
            <p>{tr!(files.unwritable_lead)}</p>
            {move || {
                cells
                    .get()
                    .flatten()
                    .and_then(Result::ok)
                    .map(|page| {
                        view! {
                            <TableFrame caption=tr!(files.unwritable_caption) caption_hidden=true>
                                <thead>
                                    <tr>
                                        <th scope="col">{tr!(files.column_row)}</th>
                                        <th scope="col">{tr!(files.column_field)}</th>
                                        <th scope="col">{tr!(files.column_value)}</th>
                                        <th scope="col">{tr!(files.column_written)}</th>
                                    </tr>
                                </thead>
                                <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
                            </TableFrame>
                            {page.next_cursor.map(|_| view! { <p>{tr!(files.unwritable_more)}</p> })}
                        }
                    })
            }}
        </details>
    }
}
