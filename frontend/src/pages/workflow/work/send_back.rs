//! Sending back for correction: what is to be done, and comments on single fields.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::workflow::{FieldComment, ReturnApplication};

use super::approve::CloseButton;
use super::decision::Command;
use super::{Decide, Typed};
use crate::components::{Button, ButtonKind, Choice, ErrorSummary, SelectField, TextArea};
use crate::forms::{Fault, Form, field_id, given};
use crate::i18n::{in_language, use_language};
use crate::pages::workflow::sections::Field;
use crate::{dom, say, tr};

const REASON: &str = "/reason";

/// The form for sending back.
#[component]
pub(in crate::pages::workflow) fn SendBack(
    decide: Decide,
    typed: Typed,
    /// What can be commented on.
    fields: &'static [Field],
) -> impl IntoView {
    let form = Form::new();
    let (words, add_words) = (tr!(workflow.return_act), tr!(workflow.return_add));
    let pick = RwSignal::new(String::new());
    let choices = Signal::derive(move || {
        let taken = typed.field_comments.get();
        let free = fields.iter().copied().filter(move |field| taken.iter().all(|(other, _)| other != field));
        free.map(|field| Choice::new(field.path(), field.text())).collect::<Vec<_>>()
    });
    let add = move |()| {
        let chosen = Field::ALL.into_iter().find(|field| pick.with_untracked(|path| field.path() == path));
        if let Some(field) = chosen {
            let place = typed.field_comments.with_untracked(Vec::len);
            typed.field_comments.update(|comments| comments.push((field, ArcRwSignal::new(String::new()))));
            pick.set(String::new());
            request_animation_frame(move || dom::focus(&field_id(&pointer(place))));
        } else {
            dom::focus(&field_id(PICK));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let comments = typed.field_comments.with_untracked(|comments| {
            comments.iter().map(|(field, text)| (*field, text.get_untracked())).collect::<Vec<_>>()
        });
        match command_of(&typed.return_reason.get_untracked(), &comments) {
            Ok(command) => decide.send(Command::Return(command), form),
            Err(faults) => form.show(faults),
        }
    };
    let comment_fields = move || {
        let comments = typed.field_comments.get().into_iter().enumerate();
        comments.map(|(place, (field, text))| view! { <CommentField form typed place field text /> }).collect_view()
    };
    view! {
        <ErrorSummary form />
        <form novalidate on:submit=submit>
            <TextArea
                form
                pointer=REASON
                label=tr!(workflow.return_reason)
                hint=tr!(workflow.return_reason_hint)
                value=typed.return_reason
                required=true
            />
            {comment_fields}
            <div class="wf-add">
                <SelectField
                    form
                    pointer=PICK
                    label=tr!(workflow.return_field)
                    hint=tr!(workflow.return_field_hint)
                    value=pick
                    choices
                />
                <Button on_press=Callback::new(add)>{move || add_words.get()}</Button>
            </div>
            <div class="wf-row">
                <Button kind=ButtonKind::Primary submit=true pending=decide.pending()>
                    {move || words.get()}
                </Button>
                <CloseButton decide />
            </div>
        </form>
    }
}

const PICK: &str = "/pick";

fn pointer(place: usize) -> String {
    format!("/field_comments/{place}/comment")
}

#[component]
fn CommentField(form: Form, typed: Typed, place: usize, field: Field, text: ArcRwSignal<String>) -> impl IntoView {
    let language = use_language();
    let label = in_language(move |locale| say!(locale, workflow.return_comment, field = field.name(locale)));
    let remove_words = tr!(workflow.return_remove);
    let remove = move |_| {
        typed.field_comments.update(|comments| comments.retain(|(other, _)| *other != field));
        dom::focus(&field_id(PICK));
    };
    view! {
        <div class="wf-add__comment">
            <TextArea form pointer=pointer(place) label=label value=RwSignal::from(text) required=true rows=2 />
            <button class="ui-button ui-button--quiet" type="button" on:click=remove>
                {move || remove_words.get()}
                <span class="ui-visually-hidden">{move || field.name(language.locale())}</span>
            </button>
        </div>
    }
}

fn command_of(reason: &str, comments: &[(Field, String)]) -> Result<ReturnApplication, Vec<Fault>> {
    let mut faults = Vec::new();
    let reason = given(reason);
    if reason.is_none() {
        faults.push(Fault::new(REASON, FieldErrorCode::Required));
    }
    let mut field_comments = Vec::new();
    for (place, (field, comment)) in comments.iter().enumerate() {
        match given(comment) {
            Some(comment) => field_comments.push(FieldComment { pointer: field.pointer(), comment }),
            None => faults.push(Fault::new(pointer(place), FieldErrorCode::Required)),
        }
    }
    match reason {
        Some(reason) if faults.is_empty() => Ok(ReturnApplication { reason, field_comments }),
        Some(_) | None => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w_2_a_return_says_why_and_where() {
        let comments = [(Field::WorkplacePhone, "市外局番から".to_owned())];
        let command = command_of("電話番号をご確認ください", &comments).unwrap();
        assert_eq!(command.field_comments.first().unwrap().pointer, "/changes/0/payload/workplace/phone");
        let faults = command_of(" ", &[(Field::Note, "　".to_owned())]).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, [REASON, "/field_comments/0/comment"]);
    }
}
