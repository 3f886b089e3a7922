//! Inviting somebody, by mail or with a code to be handed over.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::identity::{ClerkInvitationView, InviteClerk};
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::AssociationRef;
use mamis_kernel::Role;

use super::change_form::{FIRST, LAST, ROLE, terms};
use super::{Desk, Open, role_choices};
use crate::api::{Failure, Intent, use_api};
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, Choice, DateField, ErrorSummary, FailureBanner, RadioGroup, SummaryList,
    SummaryRow, TextField,
};
use crate::forms::{DateParts, Fault, Form, given};
use crate::i18n::{in_language, language_of, use_language};
use crate::state::use_toasts;
use crate::{dom, format, routes, say, tr};

const INVITEE: &str = "/invitee";
const WAY: &str = "/way";
const EMAIL: &str = "/email";
const BY_MAIL: &str = "mail";
const BY_HAND: &str = "hand";

/// Invites somebody to an association.
#[component]
pub(super) fn InviteForm(
    desk: Desk,
    place: AssociationRef,
    /// As its first administrator, from above.
    first: bool,
) -> impl IntoView {
    let (api, form, language) = (use_api(), Form::new(), use_language());
    let (invitee, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(if first { Role::Administrator.as_str().to_owned() } else { String::new() });
    let way = RwSignal::new(BY_MAIL.to_owned());
    let [from, until] = [(); 2].map(|()| RwSignal::new(DateParts::default()));
    let (failure, intent) = (RwSignal::new(None::<Failure>), Intent::new());
    let last = StoredValue::new(String::new());
    let invite = Action::new_local(move |command: &InviteClerk| {
        let command = command.clone();
        async move {
            let this = serde_json::to_string(&command).unwrap_or_default();
            if last.get_value() != this {
                intent.change_of_mind();
                last.set_value(this);
            }
            let result = api.invite_clerk(&command, &intent.key()).await;
            intent.settle(&result);
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(invitation) => {
                    desk.invited.set(Some(invitation));
                    desk.settle();
                }
                Err(refused) => form.refuse(refused, failure),
            }
        }
    });
    let association = place.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if invite.pending().get_untracked() {
            return;
        }
        failure.set(None);
        let who = given(&invitee.get_untracked());
        let address = (way.get_untracked() == BY_MAIL).then(|| given(&email.get_untracked()));
        let dated = terms(&role.get_untracked(), &from.get_untracked(), &until.get_untracked());
        match (who, address, dated) {
            (Some(invitee), None | Some(Some(_)), Ok((role, first_day, last_day))) => {
                form.clear();
                invite.dispatch(InviteClerk {
                    association_id: Some(association),
                    organisation_id: None,
                    role,
                    first_day,
                    last_day,
                    invitee,
                    email: address_of(&way.get_untracked(), &email.get_untracked()),
                    language: language_of(language.locale_now()),
                });
            }
            (who, address, dated) => {
                let mut faults = dated.err().unwrap_or_default();
                let missing = [(INVITEE, who.is_none()), (EMAIL, address == Some(None))];
                faults.extend(
                    missing
                        .into_iter()
                        .filter(|(_, it_is)| *it_is)
                        .map(|(at, _)| Fault::new(at, FieldErrorCode::Required)),
                );
                form.show(faults);
            }
        }
    };
    let title = in_language({
        let name = place.name;
        move |locale| {
            let name = name.clone();
            if first { say!(locale, clerks.invite_first_title, name = name) } else { say!(locale, clerks.invite_title) }
        }
    });
    let ways = Signal::stored(vec![
        Choice::new(BY_MAIL, tr!(clerks.by_mail)).with_hint(tr!(clerks.by_mail_hint)),
        Choice::new(BY_HAND, tr!(clerks.by_hand)).with_hint(tr!(clerks.by_hand_hint)),
    ]);
    Effect::new(move |_| request_animation_frame(|| dom::focus("invite-title")));
    view! {
        <section class="ui-card" aria-labelledby="invite-title">
            <h2 class="ui-subheading" id="invite-title" tabindex="-1">
                {title}
            </h2>
            <ErrorSummary form />
            <FailureBanner failure />
            <form class="ui-form" novalidate on:submit=submit>
                <TextField
                    form
                    pointer=INVITEE
                    label=tr!(clerks.invitee)
                    hint=tr!(clerks.invitee_hint)
                    value=invitee
                    required=true
                    width=20
                />
                {(!first)
                    .then(|| {
                        view! {
                            <RadioGroup
                                form
                                pointer=ROLE
                                legend=tr!(clerks.role)
                                value=role
                                choices=Signal::stored(role_choices())
                                required=true
                            />
                        }
                    })}
                <RadioGroup form pointer=WAY legend=tr!(clerks.way) value=way choices=ways required=true />
                {move || {
                    (way.get() == BY_MAIL)
                        .then(|| {
                            view! {
                                <TextField
                                    form
                                    pointer=EMAIL
                                    label=tr!(clerks.email)
                                    value=email
                                    required=true
                                    kind="email"
                                    width=20
                                />
                            }
                        })
                }}
                <DateField form pointer=FIRST legend=tr!(clerks.first_day) hint=tr!(clerks.first_day_hint) value=from />
                <DateField form pointer=LAST legend=tr!(clerks.last_day) hint=tr!(clerks.last_day_hint) value=until />
                <div class="ui-actions">
                    <Button kind=ButtonKind::Primary submit=true pending=invite.pending()>
                        {tr!(clerks.invite_act)}
                    </Button>
                    <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| desk.open.set(Open::Nothing))>
                        {tr!(common.cancel)}
                    </Button>
                </div>
            </form>
        </section>
    }
}

fn address_of(way: &str, email: &str) -> Option<String> {
    given(email).filter(|_| way == BY_MAIL)
}

/// What was made: that it was sent, or the code, once.
#[component]
pub(super) fn Invited(invitation: ClerkInvitationView) -> impl IntoView {
    let (toasts, language) = (use_toasts(), use_language());
    let until = invitation.expires_at;
    let until = in_language(move |locale| format::date_and_time(locale, until));
    let (name, email) = (invitation.invitee, invitation.email.unwrap_or_default());
    Effect::new(move |_| request_animation_frame(|| dom::focus("invited")));
    let told = match invitation.code {
        None => view! { <p>{tr!(clerks.sent, email = email.clone())}</p> }.into_any(),
        Some(code) => {
            let link = format!("{}{}#{code}", dom::origin(), routes::invitation());
            let copied = StoredValue::new(link.clone());
            view! {
                <p>{tr!(clerks.hand_over)}</p>
                <SummaryList>
                    <SummaryRow name=tr!(clerks.code) value=Signal::stored(code) />
                    <SummaryRow name=tr!(clerks.link) value=Signal::stored(link) />
                </SummaryList>
                <div class="ui-actions">
                    <Button on_press=Callback::new(move |()| {
                        let locale = language.locale_now();
                        let done = copied.with_value(|link| dom::copy(link));
                        toasts.show(if done { say!(locale, clerks.copied) } else { say!(locale, clerks.not_copied) });
                    })>{tr!(clerks.copy)}</Button>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="ui-made" id="invited" tabindex="-1">
            <Banner kind=BannerKind::Success title=tr!(clerks.invited, name = name.clone())>
                {told} <p>{tr!(clerks.invited_until, time = until.get())}</p>
            </Banner>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_along_only_when_it_is_the_way() {
        assert_eq!(address_of(BY_MAIL, " a@example.jp "), Some("a@example.jp".to_owned()));
        assert_eq!(address_of(BY_HAND, "a@example.jp"), None);
        assert_eq!(address_of(BY_MAIL, "　"), None);
    }
}
