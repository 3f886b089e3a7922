//! Taking the list out of the system, for a purpose that is written down.

use std::time::Duration;

use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::ExportMembers;
use mamis_kernel::ExportFormat;

use super::list_page::Shown;
use crate::api::{Failure, use_api};
use crate::components::{Choice, ConfirmDialog, ErrorSummary, FailureBanner, RadioGroup, TextField};
use crate::forms::{Fault, Form, missing};
use crate::i18n::use_language;
use crate::state::use_toasts;
use crate::{dom, format, say, tr};

const PURPOSE: &str = "/purpose";
const FORMAT: &str = "/format";
/// A browser that asks where to save has long begun by then.
const KEPT: Duration = Duration::from_secs(60);

/// Asks what for and as what kind of file, and saves the file.
#[component]
pub(super) fn Export(
    open: RwSignal<bool>,
    shown: Shown,
    /// How many there are, once that is known.
    counted: Signal<Option<u64>>,
) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
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
        let command = ExportMembers {
            association_id: question.association_id,
            filter: question.filter,
            purpose: purpose.get_untracked().trim().to_owned(),
            format: kind.with_untracked(|kind| kind.parse().ok()),
        };
        let fetched = api.export_members(&command).await;
        if failure.is_disposed() {
            return;
        }
        match fetched {
            Ok(file) => {
                let locale = language.locale_now();
                let day = dom::today().format("%Y%m%d").to_string();
                let name = file.name.unwrap_or_else(|| say!(locale, members.export_file, day = day));
                dom::save(file.url.as_str(), &name);
                // Its address has to live until the browser has begun to save.
                set_timeout(move || drop(file.url), KEPT);
                open.set(false);
                purpose.set(String::new());
                toasts.show(say!(locale, members.exported, name = name));
            }
            Err(refused) => form.refuse(refused, failure),
        }
    });
    // What was typed stays for another try; what went wrong does not.
    Effect::new(move |_| {
        if open.get() {
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
                        }
                    })
            }}
        </ConfirmDialog>
    }
}
