//! Another role for somebody, or other days.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{ChangeClerkRole, ClerkRoleView};
use mamis_contract::problem::FieldErrorCode;
use mamis_kernel::Role;

use super::{Desk, Open, role_choices};
use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, DateField, ErrorSummary, FailureBanner, RadioGroup};
use crate::forms::{DateParts, Fault, Form, field_id};
use crate::i18n::use_language;
use crate::state::use_toasts;
use crate::{dom, say, tr};

pub(super) const ROLE: &str = "/role";
pub(super) const FIRST: &str = "/first_day";
pub(super) const LAST: &str = "/last_day";

/// Changes a role; begins with what it is.
#[component]
pub(super) fn ChangeForm(desk: Desk, role: ClerkRoleView) -> impl IntoView {
    let (api, form, toasts, language) = (use_api(), Form::new(), use_toasts(), use_language());
    let chosen = RwSignal::new(role.role.as_str().to_owned());
    let first = RwSignal::new(DateParts::default());
    let last = RwSignal::new(role.last_day.map(DateParts::of).unwrap_or_default());
    let failure = RwSignal::new(None::<Failure>);
    let id = role.id;
    let change = Action::new_local(move |command: &ChangeClerkRole| {
        let command = command.clone();
        async move {
            let result = api.change_clerk_role(id, &command).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(role) => {
                    toasts.show(say!(language.locale_now(), clerks.changed, name = role.display_name));
                    desk.settle();
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if change.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let dated = chosen.with_untracked(|role| terms(role, &first.get_untracked(), &last.get_untracked()));
        match dated {
            Ok((role, first_day, last_day)) => {
                form.clear();
                change.dispatch(ChangeClerkRole { role, first_day, last_day });
            }
            Err(faults) => form.show(faults),
        }
    };
    Effect::new(move |_| request_animation_frame(|| dom::focus(&field_id(ROLE))));
    view! {
        <ErrorSummary form />
        <FailureBanner failure />
        <form class="ui-form" novalidate on:submit=submit>
            <RadioGroup
                form
                pointer=ROLE
                legend=tr!(clerks.role)
                value=chosen
                choices=Signal::stored(role_choices())
                required=true
            />
            <DateField form pointer=FIRST legend=tr!(clerks.change_from) hint=tr!(clerks.change_from_hint) value=first />
            <DateField form pointer=LAST legend=tr!(clerks.last_day) hint=tr!(clerks.last_day_hint) value=last />
            <div class="ui-actions">
                <Button kind=ButtonKind::Primary submit=true pending=change.pending()>
                    {tr!(clerks.change_act)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| desk.open.set(Open::Nothing))>
                    {tr!(common.cancel)}
                </Button>
            </div>
        </form>
    }
}

/// A role with its days.
pub(super) type Terms = (Role, Option<chrono::NaiveDate>, Option<chrono::NaiveDate>);

/// The role and its days, or what is wrong with them.
pub(super) fn terms(role: &str, first: &DateParts, last: &DateParts) -> Result<Terms, Vec<Fault>> {
    let mut faults = Vec::new();
    let role: Option<Role> = role.parse().ok();
    if role.is_none() {
        faults.push(Fault::new(ROLE, FieldErrorCode::Required));
    }
    let mut day = |parts: &DateParts, pointer: &str| {
        parts.check().unwrap_or_else(|code| {
            faults.push(Fault::new(pointer, code));
            None
        })
    };
    let (first, last) = (day(first, FIRST), day(last, LAST));
    match role {
        Some(role) if faults.is_empty() => Ok((role, first, last)),
        Some(_) | None => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_chosen_and_its_days_are_days() {
        let none = DateParts::default();
        let march = DateParts::of("2027-03-31".parse().unwrap());
        assert_eq!(terms("viewer", &none, &march), Ok((Role::Viewer, None, "2027-03-31".parse().ok())));
        let broken = DateParts { day: "32".to_owned(), ..march };
        let pointers = |terms: Result<Terms, Vec<Fault>>| {
            terms.unwrap_err().into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(terms("", &broken, &broken)), [ROLE, FIRST, LAST]);
    }
}
