//! Taking the list out of the system, for a purpose that is written down.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{CreateExport, ExportKind};
use mamis_kernel::{ExportFormat, MemberColumn};

use super::list_page::Shown;
use crate::api::{Failure, Intent, use_api};
use crate::components::{Choice, ConfirmDialog, ErrorSummary, FailureBanner, RadioGroup, TextField};
use crate::forms::{Fault, Form, missing};
use crate::i18n::use_language;
use crate::pages::desk::CheckGroup;
use crate::state::use_toasts;
use crate::{format, routes, say, tr};

const PURPOSE: &str = "/purpose";
const FORMAT: &str = "/format";

/// Asks what for, as what kind of file and with which columns; the file is written while one goes on.
#[component]
pub(super) fn Export(
    open: RwSignal<bool>,
    shown: Shown,
    /// How many there are, once that is known.
    counted: Signal<Option<u64>>,
) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (intent, navigate) = (Intent::new(), StoredValue::new_local(use_navigate()));
    let columns = RwSignal::new(MemberColumn::ALL.iter().map(ToString::to_string).collect::<Vec<_>>());
    let failure = RwSignal::new(None::<Failure>);
    let purpose = RwSignal::new(String::new());
    let kind = RwSignal::new(ExportFormat::Xlsx.to_string());
    let export = Action::new_local(move |(): &()| async move {
        failure.set(None);
        if purpose.with_untracked(|purpose| missing(purpose)) {
            form.show(vec![Fault::new(PURPOSE, FieldErrorCode::Required)]);
            return;
        }
        form.clear();
        let question = untrack(|| shown.question());
        let chosen =
            |column: &MemberColumn| columns.with_untracked(|chosen| chosen.iter().any(|c| c == column.as_str()));
        let command = CreateExport {
            kind: ExportKind::Members,
            association_id: question.association_id,
            filter: question.filter,
            purpose: purpose.get_untracked().trim().to_owned(),
            format: kind.with_untracked(|kind| kind.parse()).unwrap_or(ExportFormat::Xlsx),
            columns: Some(MemberColumn::ALL.iter().copied().filter(chosen).collect()),
        };
        let asked = api.create_export(&command, &intent.key()).await;
        if failure.is_disposed() {
            return;
        }
        intent.settle(&asked);
        match asked {
            Ok(_) => {
                open.set(false);
                purpose.set(String::new());
                toasts.show(say!(language.locale_now(), members.exported));
                navigate.with_value(|navigate| navigate(&routes::exports(), Default::default()));
            }
            Err(refused) => form.refuse(refused, failure),
        }
    });
    // What was typed stays for another try; what went wrong does not.
    Effect::new(move |_| {
        if open.get() {
            intent.change_of_mind();
            failure.set(None);
            form.clear();
        }
    });
    let kinds = Signal::stored(vec![
        Choice::new(ExportFormat::Xlsx.as_str(), tr!(members.export_xlsx)).with_hint(tr!(members.export_xlsx_hint)),
        Choice::new(ExportFormat::Csv.as_str(), tr!(members.export_csv)).with_hint(tr!(members.export_csv_hint)),
        Choice::new(ExportFormat::CsvCp932.as_str(), tr!(members.export_cp932))
            .with_hint(tr!(members.export_cp932_hint)),
    ]);
    let headings = Signal::stored(
        MemberColumn::ALL.iter().map(|c| Choice::new(c.as_str(), Signal::stored(c.heading().to_owned()))).collect(),
    );
    let what = move || {
        let (locale, name) = (language.locale(), shown.association.get().name);
        match counted.get() {
            Some(count) => say!(locale, members.export_what, association = name, count = format::count(count)),
            None => say!(locale, members.export_what_uncounted, association = name),
        }
    };
    view! {
        <ConfirmDialog
            open
            title=tr!(members.export_title)
            confirm=tr!(members.export_confirm)
            pending=export.pending()
            on_confirm=Callback::new(move |()| {
                export.dispatch(());
            })
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <p>{what}</p>
                            <p>{tr!(members.export_audited)}</p>
                            <ErrorSummary form />
                            <FailureBanner failure />
                            <TextField
                                form
                                pointer=PURPOSE
                                label=tr!(members.export_purpose)
                                hint=tr!(members.export_purpose_hint)
                                value=purpose
                                required=true
                            />
                            <RadioGroup
                                form
                                pointer=FORMAT
                                legend=tr!(members.export_format)
                                value=kind
                                choices=kinds
                                required=true
                            />
                            <details class="ui-details">
                                <summary>{tr!(members.export_columns)}</summary>
                                <CheckGroup
                                    id="export-columns"
                                    legend=tr!(members.export_columns_legend)
                                    choices=headings
                                    chosen=columns
                                />
                            </details>
                        }
                    })
            }}
        </ConfirmDialog>
    }
}
