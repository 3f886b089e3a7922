//! Seeing what is masked of a record, for a reason.

use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{PersonView, RevealPerson, RevealedView};
use mamis_kernel::SensitiveField;

use crate::api::{Failure, use_api};
use crate::components::{Banner, Button, Checkbox, ConfirmDialog, ErrorSummary, FailureBanner, Fieldset, TextField};
use crate::forms::{Fault, Form, given};
use crate::i18n::codes::Label;
use crate::i18n::use_language;
use crate::state::use_toasts;
use crate::{say, tr};

const REASON: &str = "/reason";

/// Says that something is masked, and asks for the reason for which it is to be shown.
#[component]
pub(super) fn Reveal(person: RwSignal<PersonView>) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let (open, failure, reason) = (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(String::new()));
    let id = person.with_untracked(|person| person.id);
    let masked = person.with_untracked(|person| person.masked.clone());
    let boxes: Vec<(SensitiveField, RwSignal<bool>)> =
        masked.into_iter().map(|field| (field, RwSignal::new(false))).collect();
    let boxes = StoredValue::new(boxes);
    let reveal = Action::new_local(move |(): &()| async move {
        failure.set(None);
        let ticked = |(field, ticked): &(SensitiveField, RwSignal<bool>)| ticked.get_untracked().then_some(*field);
        let fields: Vec<SensitiveField> = boxes.with_value(|boxes| boxes.iter().filter_map(ticked).collect());
        let why = given(&reason.get_untracked());
        let mut faults = Vec::new();
        if fields.is_empty() {
            faults.push(Fault::new("/fields/0", FieldErrorCode::Required));
        }
        if why.is_none() {
            faults.push(Fault::new(REASON, FieldErrorCode::Required));
        }
        let (Some(reason), true) = (why, faults.is_empty()) else { return form.show(faults) };
        form.clear();
        let shown = api.reveal_person(id, &RevealPerson { fields: fields.clone(), reason }).await;
        if failure.is_disposed() {
            return;
        }
        match shown {
            Ok(shown) => {
                open.set(false);
                toasts.show(say!(language.locale_now(), record.revealed));
                person.update(|person| unmask(person, &fields, shown));
            }
            Err(refused) => form.refuse(refused, failure),
        }
    });
    view! {
        <Banner title=tr!(record.masked_title)>
            <p>{tr!(record.masked_text)}</p>
            <Button on_press=Callback::new(move |()| open.set(true))>{tr!(record.reveal)}</Button>
        </Banner>
        <ConfirmDialog
            open
            title=tr!(record.reveal_title)
            confirm=tr!(record.reveal)
            pending=reveal.pending()
            on_confirm=Callback::new(move |()| {
                reveal.dispatch(());
            })
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <p>{tr!(record.reveal_audited)}</p>
                            <ErrorSummary form />
                            <FailureBanner failure />
                            <Fieldset legend=tr!(record.reveal_fields)>
                                {boxes
                                    .get_value()
                                    .into_iter()
                                    .enumerate()
                                    .map(|(index, (field, value))| {
                                        view! {
                                            <Checkbox
                                                form
                                                pointer=format!("/fields/{index}")
                                                label=field.text()
                                                asks=tr!(record.reveal_fields)
                                                value
                                            />
                                        }
                                    })
                                    .collect_view()}
                            </Fieldset>
                            <TextField
                                form
                                pointer=REASON
                                label=tr!(record.reveal_reason)
                                hint=tr!(record.reveal_reason_hint)
                                value=reason
                                required=true
                            />
                        }
                    })
            }}
        </ConfirmDialog>
    }
}

/// Puts what was shown into its places.
fn unmask(person: &mut PersonView, fields: &[SensitiveField], shown: RevealedView) {
    person.masked.retain(|field| !fields.contains(field));
    person.birth_date = shown.birth_date.or(person.birth_date);
    for point in shown.contact_points {
        if let Some(place) = person.contact_points.iter_mut().find(|known| known.id == point.id) {
            *place = point;
        }
    }
}
