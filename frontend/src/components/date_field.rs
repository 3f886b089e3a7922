//! A day in three number fields, with the era or 西暦; the other calendar is shown beside it as one types.

use leptos::prelude::*;

use super::field::{FieldNotes, Need};
use crate::format;
use crate::forms::{Calendar, DateParts, Form};
use crate::i18n::{Text, use_language};
use crate::tr;

/// A day in three number fields. The focus never jumps by itself.
#[component]
pub fn DateField(
    /// The form it belongs to.
    form: Form,
    /// Its JSON pointer.
    #[prop(into)]
    pointer: String,
    /// What it is called.
    #[prop(into)]
    legend: Text,
    /// What is typed.
    value: RwSignal<DateParts>,
    /// Whether it must be given.
    #[prop(optional)]
    required: bool,
    /// A sentence that helps; an example stands there anyway.
    #[prop(optional, into)]
    hint: Option<Text>,
) -> impl IntoView {
    let field = form.register(&pointer, legend);
    let (id, described_by, invalid) = (field.id.clone(), field.described_by(true), field.invalid());
    let hint = Some(hint.unwrap_or_else(|| tr!(common.date_hint)));
    let (language, western) = (use_language(), tr!(common.western));
    let calendars = Calendar::all()
        .map(|calendar| {
            let name = move || match calendar {
                Calendar::Western => western.get(),
                Calendar::Era(era) => era.name.to_owned(),
            };
            view! {
                <option value=calendar.code() selected=move || value.with(|parts| parts.calendar == calendar)>
                    {name}
                </option>
            }
        })
        .collect_view();
    let both_calendars = move || value.with(DateParts::date).map(|day| format::date(language.locale(), day));
    let (calendar_id, preview_id) = (format!("{id}-calendar"), format!("{id}-preview"));
    let part = |id: String, name: Text, class: &'static str, get: Part, set: SetPart| {
        view! {
            <span class="ui-date__part">
                <input
                    class=class
                    id=id.clone()
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    prop:value=move || value.with(|parts| get(parts).to_owned())
                    on:input=move |event| {
                        value.update(|parts| set(parts, event_target_value(&event)));
                    }
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <label class="ui-date__unit" for=id>
                    {name}
                </label>
            </span>
        }
    };
    view! {
        <fieldset class="ui-field ui-group" class=("ui-field--error", move || invalid.get().is_some())>
            <legend class="ui-field__label">
                {legend}
                <Need required />
            </legend>
            <FieldNotes field hint />
            <div class="ui-date">
                <span class="ui-date__part">
                    <label class="ui-visually-hidden" for=calendar_id.clone()>
                        {tr!(common.calendar)}
                    </label>
                    <select
                        class="ui-input ui-input--select ui-date__calendar"
                        id=calendar_id
                        on:change=move |event| {
                            if let Some(calendar) = Calendar::from_code(&event_target_value(&event)) {
                                value.update(|parts| parts.calendar = calendar);
                            }
                        }
                        aria-describedby=described_by
                        aria-invalid=invalid
                    >
                        {calendars}
                    </select>
                </span>
                {part(
                    id.clone(),
                    tr!(common.year),
                    "ui-input ui-input--4",
                    |parts| &parts.year,
                    |parts, year| parts.year = year,
                )}
                {part(
                    format!("{id}-month"),
                    tr!(common.month),
                    "ui-input ui-input--2",
                    |parts| &parts.month,
                    |parts, month| parts.month = month,
                )}
                {part(
                    format!("{id}-day"),
                    tr!(common.day),
                    "ui-input ui-input--2",
                    |parts| &parts.day,
                    |parts, day| parts.day = day,
                )}
            </div>
            <p class="ui-date__preview" id=preview_id role="status">
                {both_calendars}
            </p>
        </fieldset>
    }
}

type Part = fn(&DateParts) -> &str;
type SetPart = fn(&mut DateParts, String);
