//! A way to reach a member: another one in its place, ended, or a further one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{AddContactPoint, ContactKind, ContactPointView, ContactPurpose};
use mamis_kernel::ContactPointId;

use super::workplace_page::Save;
use super::{Editing, page, part, required};
use crate::api::Intent;
use crate::components::{Button, ButtonKind, Choice, ConfirmDialog, Empty, RadioGroup, TextField};
use crate::format;
use crate::forms::{Fault, given};
use crate::i18n::codes::Label;
use crate::i18n::in_language;
use crate::tr;

const KIND: &str = "/kind";
const PURPOSE: &str = "/purpose";
const POSTAL_CODE: &str = "/postal_code";
const VALUE: &str = "/value";

/// A way to reach a member.
#[component]
pub fn ContactPage() -> impl IntoView {
    let title = if part::<ContactPointId>().is_some() { tr!(record.edit_contact) } else { tr!(record.add_contact) };
    page(title, |editing| {
        let Some(id) = part::<ContactPointId>() else { return view! { <Contact editing known=None /> }.into_any() };
        let known =
            editing.person.with_untracked(|person| person.contact_points.iter().find(|point| point.id == id).cloned());
        match known {
            Some(known) => view! { <Contact editing known=Some(known) /> }.into_any(),
            None => view! { <Empty text=tr!(record.gone) /> }.into_any(),
        }
    })
}

#[component]
fn Contact(editing: Editing, known: Option<ContactPointView>) -> impl IntoView {
    let (form, intent, asking) = (editing.form, Intent::new(), RwSignal::new(false));
    let code = |code: Option<&'static str>| RwSignal::new(code.unwrap_or_default().to_owned());
    let kind = code(known.as_ref().map(|known| known.kind.as_str()));
    let purpose = code(known.as_ref().map(|known| known.purpose.as_str()));
    let postal_code = known.as_ref().and_then(|known| known.postal_code.as_deref()).map(format::postal_code);
    let postal_code = RwSignal::new(postal_code.unwrap_or_default());
    let value = RwSignal::new(known.as_ref().and_then(|known| known.value.clone()).unwrap_or_default());
    let replaces = known.as_ref().map(|known| known.id);
    let save = Action::new_local(move |command: &AddContactPoint| {
        let (command, etag) = (command.clone(), editing.etag.get_untracked());
        intent.change_of_mind();
        async move {
            let key = intent.key();
            editing.settle(editing.api.add_contact_point(editing.id, &command, &etag, &key).await).await;
        }
    });
    let end = Action::new_local(move |id: &ContactPointId| {
        let (id, etag) = (*id, editing.etag.get_untracked());
        async move {
            asking.set(false);
            editing.settle(editing.api.end_contact_point(id, &etag).await).await;
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if save.pending().get_untracked() {
            return;
        }
        editing.begin();
        let mut faults = Vec::new();
        let chosen = required(kind.with_untracked(|kind| kind.parse::<ContactKind>().ok()), KIND, &mut faults);
        let place =
            required(purpose.with_untracked(|place| place.parse::<ContactPurpose>().ok()), PURPOSE, &mut faults);
        let postal_code = given(&postal_code.get_untracked()).filter(|_| chosen == Some(ContactKind::Address));
        if chosen == Some(ContactKind::Address) && postal_code.is_none() {
            faults.push(Fault::new(POSTAL_CODE, FieldErrorCode::Required));
        }
        let typed = required(given(&value.get_untracked()), VALUE, &mut faults);
        match (chosen, place, typed) {
            (Some(kind), Some(purpose), Some(value)) if faults.is_empty() => {
                save.dispatch(AddContactPoint { kind, purpose, postal_code, value, replaces });
            }
            (_, _, _) => form.show(faults),
        }
    };
    let kinds: Vec<Choice> = ContactKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect();
    let places: Vec<Choice> =
        ContactPurpose::ALL.iter().map(|place| Choice::new(place.as_str(), place.text())).collect();
    let is_address = Memo::new(move |_| kind.with(|kind| kind == ContactKind::Address.as_str()));
    let label = in_language(move |locale| {
        kind.with(|kind| kind.parse::<ContactKind>().ok()).unwrap_or(ContactKind::Phone).label(locale).to_owned()
    });
    view! {
        <form class="ui-form" novalidate on:submit=submit>
            {replaces
                .is_none()
                .then(|| {
                    view! {
                        <RadioGroup
                            form
                            pointer=KIND
                            legend=tr!(record.contact_kind)
                            value=kind
                            choices=Signal::stored(kinds)
                            required=true
                        />
                    }
                })}
            <RadioGroup
                form
                pointer=PURPOSE
                legend=tr!(record.contact_purpose)
                value=purpose
                choices=Signal::stored(places)
                required=true
            />
            {move || {
                is_address
                    .get()
                    .then(|| {
                        view! {
                            <TextField
                                form
                                pointer=POSTAL_CODE
                                label=tr!(record.postal_code)
                                value=postal_code
                                required=true
                                inputmode="numeric"
                                width=7
                            />
                        }
                    })
            }}
            <TextField form pointer=VALUE label value required=true />
            <Save editing pending=save.pending().into() />
        </form>
        {replaces
            .map(|id| {
                view! {
                    <div class="ui-actions">
                        <Button kind=ButtonKind::Danger on_press=Callback::new(move |()| asking.set(true))>
                            {tr!(record.end_contact)}
                        </Button>
                    </div>
                    <ConfirmDialog
                        open=asking
                        title=tr!(record.end_contact_title)
                        confirm=tr!(record.end_contact)
                        kind=ButtonKind::Danger
                        pending=end.pending()
                        on_confirm=Callback::new(move |()| {
                            editing.begin();
                            end.dispatch(id);
                        })
                    >
                        <p>{tr!(record.end_contact_text)}</p>
                    </ConfirmDialog>
                }
            })}
    }
}
