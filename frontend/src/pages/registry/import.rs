//! Changing members by a file: choosing it, seeing what it would change, writing it, taking it back.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use mamis_contract::problem::{FieldErrorCode, ProblemCode};
use mamis_contract::registry::{AssociationRef, ImportRowView, MemberImportView};
use mamis_kernel::{AssociationId, ImportOutcome, MemberImportId, MemberImportState, Role};
use wasm_bindgen::JsCast;

use super::exports_page::KEPT;
use crate::api::{Failure, Intent, use_api};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, ConfirmDialog, ErrorSummary, FailureBanner, PageHeading, SummaryList,
    SummaryRow, Tab, Tabs, loaded,
};
use crate::forms::{Fault, Form};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::{for_association, pairs};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{dom, format, routes, say, tr};

const FILE: &str = "/file";
const ACCEPT: &str = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// What the server takes, so that a longer wait can be spared.
const LARGEST: f64 = 10.0 * 1024.0 * 1024.0;

/// Changing members by a file.
#[component]
pub fn ImportPage() -> impl IntoView {
    let search = use_location().search;
    let named = Memo::new(move |_| {
        let search = search.get();
        pairs(&search).find(|(name, _)| *name == "file").and_then(|(_, id)| id.parse::<MemberImportId>().ok())
    });
    move || match named.get() {
        Some(id) => view! {
            <PageHeading title=tr!(files.import_title) />
            <Found id />
        }
        .into_any(),
        None => for_association(tr!(files.import_title), Role::Operator, tr!(files.not_operator), |association| {
            view! { <Begin association /> }.into_any()
        }),
    }
}

/// A new file, and those that were brought before.
#[component]
fn Begin(association: AssociationRef) -> impl IntoView {
    let (api, id) = (use_api(), association.id);
    let template = Action::new_local(move |(): &()| async move {
        if let Ok(file) = api.import_template().await {
            dom::save(file.url.as_str(), &file.name.unwrap_or_else(|| "template.xlsx".to_owned()));
            set_timeout(move || drop(file.url), KEPT);
        }
    });
    let fetch = Callback::new(move |()| {
        template.dispatch(());
    });
    view! {
        <p>{tr!(files.import_lead)}</p>
        <ul class="ui-list">
            <li>{tr!(files.import_rule_key)}</li>
            <li>{tr!(files.import_rule_fields)}</li>
            <li>{tr!(files.import_rule_empty)}</li>
            <li>{tr!(files.import_rule_nothing)}</li>
        </ul>
        <Choose association=id />
        <p>
            <Button kind=ButtonKind::Quiet pending=template.pending() on_press=fetch>
                {tr!(files.import_template)}
            </Button>
        </p>
        <h2>{tr!(files.imports_before)}</h2>
        {paged(
            move |page| api.member_imports(id, page),
            tr!(files.imports_none),
            |import| view! { <Before import /> }.into_any(),
        )}
    }
}

#[component]
fn Before(import: MemberImportView) -> impl IntoView {
    let (at, id, state) = (import.checked_at, import.id, import.state);
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">
                    <a href=routes::member_import(id)>{import.file_name.clone()}</a>
                </h3>
                <span class="ui-badge">{state.text()}</span>
            </div>
            <p class="ui-soft">
                {in_language(move |locale| format::date_and_time(locale, at))} "　" {import.requested_by}
            </p>
        </li>
    }
}

/// The file's field.
#[component]
fn Choose(association: AssociationId) -> impl IntoView {
    let (api, form, intent) = (use_api(), Form::new(), Intent::new());
    let navigate = StoredValue::new_local(use_navigate());
    let (failure, progress) = (RwSignal::new(None::<Failure>), RwSignal::new(None::<f64>));
    let field = form.register_choice(FILE, tr!(files.import_file));
    let (input_id, invalid, error) = (field.id.clone(), field.invalid(), field.error);
    let send = Action::new_local(move |file: &web_sys::File| {
        let file = file.clone();
        async move {
            failure.set(None);
            form.clear();
            intent.change_of_mind();
            progress.set(Some(0.0));
            let told = move |part| {
                let _ = progress.try_set(Some(part));
            };
            let sent = api.check_member_import(association, &file, &intent.key(), told).await;
            if progress.is_disposed() {
                return;
            }
            progress.set(None);
            match sent {
                Ok(import) => {
                    let path = routes::member_import(import.id);
                    navigate.with_value(|navigate| navigate(&path, Default::default()));
                }
                Err(refused) if refused.code() == Some(ProblemCode::InvalidFields) => form.refuse(refused, failure),
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let chosen = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again after it was mended.
        input.set_value("");
        match file {
            Some(file) if file.size() > LARGEST => form.show(vec![Fault::new(FILE, FieldErrorCode::TooLong)]),
            Some(file) => {
                send.dispatch(file);
            }
            None => {}
        }
    };
    let hint_id = field.hint_id();
    let error_id = field.error_id();
    let described_by = format!("{error_id} {hint_id}");
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <div class="ui-field" class=("ui-field--error", move || invalid.get().is_some())>
            <label class="ui-field__label" for=input_id.clone()>
                {tr!(files.import_file)}
            </label>
            <p class="ui-field__hint" id=hint_id>
                {tr!(files.import_file_hint)}
            </p>
            <p class="ui-field__error" id=error_id>
                {move || error.get()}
            </p>
            <input
                class="ui-input"
                type="file"
                id=input_id
                accept=ACCEPT
                on:change=chosen
                aria-describedby=described_by
                aria-invalid=invalid
                disabled=move || send.pending().get()
            />
            <p class="wf-status" role="status">
                {move || progress.get().map(|_| tr!(files.import_checking))}
            </p>
            {move || {
                progress
                    .get()
                    .map(|part| view! { <progress class="wf-file__progress" max="1" value=part.to_string()></progress> })
            }}
        </div>
    }
}

/// What a file would change, or changed.
#[component]
fn Found(id: MemberImportId) -> impl IntoView {
    let api = use_api();
    let found = LocalResource::new(move || api.member_import(id));
    let moved = Callback::new(move |now: MemberImportView| found.set(Some(Ok(now))));
    loaded(found, move |import| view! { <Report import moved /> })
}

fn count_of(import: &MemberImportView, outcome: ImportOutcome) -> u64 {
    import.outcomes.iter().filter(|count| count.outcome == outcome).map(|count| count.rows).sum()
}

#[component]
fn Report(import: MemberImportView, moved: Callback<MemberImportView>) -> impl IntoView {
    let (api, toasts, language, intent) = (use_api(), use_toasts(), use_language(), Intent::new());
    let (id, state) = (import.id, import.state);
    let (asking, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let undo = state == MemberImportState::Applied;
    let act = Action::new_local(move |(): &()| async move {
        let done = api.move_import(id, undo, &intent.key()).await;
        if failure.is_disposed() {
            return;
        }
        intent.settle(&done);
        asking.set(false);
        match done {
            Ok(now) => {
                let locale = language.locale_now();
                toasts.show(if undo { say!(locale, files.import_undone) } else { say!(locale, files.import_applied) });
                moved.run(now);
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let changing = count_of(&import, ImportOutcome::WouldChange);
    let changed = count_of(&import, ImportOutcome::Changed);
    let can_act = match state {
        MemberImportState::Checked => changing > 0,
        MemberImportState::Applied => changed > 0 && import.undo_until.is_some_and(|until| dom::now() < until),
        MemberImportState::Undone => false,
    };
    let counted = if undo { changed } else { changing };
    let result = in_language(move |locale| match state {
        MemberImportState::Checked if changing == 0 => say!(locale, files.import_nothing),
        MemberImportState::Checked => say!(locale, files.import_would, count = format::count(changing)),
        MemberImportState::Applied => say!(locale, files.import_did, count = format::count(changed)),
        MemberImportState::Undone => say!(locale, files.import_is_undone),
    });
    let kind = match state {
        MemberImportState::Applied => BannerKind::Success,
        MemberImportState::Checked | MemberImportState::Undone => BannerKind::Information,
    };
    let (title, text, confirm) = if undo {
        (tr!(files.undo_title), tr!(files.undo_text, count = format::count(counted)), tr!(files.undo_confirm))
    } else {
        (tr!(files.apply_title), tr!(files.apply_text, count = format::count(counted)), tr!(files.apply_confirm))
    };
    let ignored = import.ignored_headings.join("、");
    let present: Vec<ImportOutcome> =
        ImportOutcome::ALL.iter().copied().filter(|o| count_of(&import, *o) > 0).collect();
    let first = [ImportOutcome::WouldChange, ImportOutcome::Changed, ImportOutcome::Undone, ImportOutcome::Refused];
    let first = first.into_iter().find(|outcome| present.contains(outcome)).or(present.first().copied());
    let shown = RwSignal::new(first.map_or("", ImportOutcome::as_str));
    let tabs = present
        .into_iter()
        .map(|outcome| {
            let rows = count_of(&import, outcome);
            let label = in_language(move |locale| format!("{}（{}）", outcome.label(locale), format::count(rows)));
            Tab { key: outcome.as_str(), label }
        })
        .collect::<Vec<_>>();
    let (at, rows, encoding) = (import.checked_at, import.rows, import.encoding);
    view! {
        <Banner kind title=result>
            {import
                .undo_until
                .filter(|_| can_act && undo)
                .map(|until| {
                    let text = in_language(move |locale| {
                        say!(locale, files.undo_until, date = format::date_and_time(locale, until))
                    });
                    view! { <p>{text}</p> }
                })}
        </Banner>
        <FailureBanner failure />
        <SummaryList>
            <SummaryRow name=tr!(files.import_file) value=Signal::stored(import.file_name) />
            <SummaryRow
                name=tr!(files.import_rows)
                value=in_language(move |locale| say!(locale, files.rows, count = format::count(rows)))
            />
            <SummaryRow name=tr!(files.import_encoding) value=encoding.text() />
            <SummaryRow
                name=tr!(files.import_checked_at)
                value=in_language(move |locale| format::date_and_time(locale, at))
            />
            {(!ignored.is_empty())
                .then(|| view! { <SummaryRow name=tr!(files.import_ignored) value=Signal::stored(ignored) /> })}
        </SummaryList>
        {can_act
            .then(|| {
                let kind = if undo { ButtonKind::Secondary } else { ButtonKind::Primary };
                view! {
                    <div class="ui-actions">
                        <Button kind on_press=Callback::new(move |()| asking.set(true))>
                            {if undo { tr!(files.undo) } else { tr!(files.apply) }}
                        </Button>
                    </div>
                }
            })}
        <Tabs label=tr!(files.tabs_label) tabs selected=shown />
        <div
            role="tabpanel"
            id=move || format!("panel-{}", shown.get())
            aria-labelledby=move || format!("tab-{}", shown.get())
        >
            {move || {
                let outcome: Option<ImportOutcome> = shown.get().parse().ok();
                outcome
                    .map(|outcome| {
                        paged(
                            move |page| api.import_rows(id, outcome, page),
                            tr!(files.rows_none),
                            |row| view! { <Row row /> }.into_any(),
                        )
                    })
            }}
        </div>
        <p>
            <a class="ui-standalone" href=routes::import_members()>
                {tr!(files.import_another)}
            </a>
        </p>
        <ConfirmDialog
            open=asking
            title
            confirm
            pending=act.pending()
            on_confirm=Callback::new(move |()| {
                act.dispatch(());
            })
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
}

/// A row: whom it is about, what it changes, what is wrong with it.
#[component]
fn Row(row: ImportRowView) -> impl IntoView {
    let number = row.row;
    let head = in_language(move |locale| say!(locale, files.row_number, row = number));
    let nothing = tr!(files.nothing_there);
    let text = move |text: String| move || if text.is_empty() { nothing.get() } else { text.clone() };
    let changes = row.changes.into_iter().map(move |change| {
        view! {
            <li>
                <strong>{change.field.heading()}</strong>
                "： "
                <del>{text(change.before)}</del>
                " → "
                <ins>{text(change.after)}</ins>
            </li>
        }
    });
    let refusals = row.refusals.into_iter().map(|refusal| {
        view! {
            <li>
                {refusal.field.map(|field| view! { <strong>{field.heading()}</strong> "： " })} {refusal.reason.text()}
            </li>
        }
    });
    view! {
        <li class="ui-card">
            <p>
                {head} "　"
                {match (row.person_id, row.display_name) {
                    (Some(id), Some(name)) => view! { <a href=routes::member(id)>{name}</a> }.into_any(),
                    _ => ().into_any(),
                }}
            </p>
            <ul class="ui-list">{changes.collect_view()} {refusals.collect_view()}</ul>
        </li>
    }
}
