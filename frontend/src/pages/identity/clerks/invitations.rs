//! Invitations that nobody has accepted yet, and associations below that wait for a first administrator.

use leptos::prelude::*;
use mamis_contract::identity::ClerkInvitationView;
use mamis_kernel::{AssociationId, ClerkInvitationId};

use super::{Desk, Open};
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, FailureBanner, SummaryList, SummaryRow};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{format, say, tr};

/// Invitations that nobody has accepted yet, and taking one back.
#[component]
pub(super) fn Invitations(desk: Desk, association: AssociationId) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (failure, intent) = (RwSignal::new(None::<Failure>), Intent::new());
    let withdraw = Action::new_local(move |id: &ClerkInvitationId| {
        let id = *id;
        async move {
            intent.change_of_mind();
            let result = api.withdraw_invitation(id, &intent.key()).await;
            if failure.is_disposed() {
                return;
            }
            match result {
                Ok(()) => {
                    failure.set(None);
                    desk.invited.set(None);
                    toasts.show(say!(language.locale_now(), clerks.withdrawn));
                    desk.settle();
                }
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let on_withdraw = Callback::new(move |id: ClerkInvitationId| {
        withdraw.dispatch(id);
    });
    view! {
        <FailureBanner failure />
        {paged(
            move |page| {
                desk.changed.track();
                api.clerk_invitations(association, page)
            },
            tr!(clerks.invitations_none),
            move |invitation| view! { <Entry invitation on_withdraw /> }.into_any(),
        )}
    }
}

#[component]
fn Entry(invitation: ClerkInvitationView, on_withdraw: Callback<ClerkInvitationId>) -> impl IntoView {
    let (id, first, last, until) = (invitation.id, invitation.first_day, invitation.last_day, invitation.expires_at);
    let email = invitation.email;
    let way = in_language(move |locale| match &email {
        Some(email) => say!(locale, clerks.was_sent, email = email.clone()),
        None => say!(locale, clerks.was_handed),
    });
    view! {
        <li class="ui-card">
            <div class="ui-card__head">
                <h3 class="ui-card__title">{invitation.invitee}</h3>
                <span class="ui-badge">{invitation.role.text()}</span>
            </div>
            <SummaryList>
                <SummaryRow name=tr!(clerks.period) value=in_language(move |locale| format::period(locale, first, last)) />
                <SummaryRow name=tr!(clerks.way) value=way />
                <SummaryRow
                    name=tr!(clerks.holds_until)
                    value=in_language(move |locale| format::date_and_time(locale, until))
                />
            </SummaryList>
            <div class="ui-actions">
                <Button on_press=Callback::new(move |()| on_withdraw.run(id))>{tr!(clerks.withdraw)}</Button>
            </div>
        </li>
    }
}

/// Associations below that have no administrator: one may invite the first.
#[component]
pub(super) fn Vacancies(desk: Desk) -> impl IntoView {
    let api = use_api();
    view! {
        <p>{tr!(clerks.vacant_text)}</p>
        {paged(
            move |page| {
                desk.changed.track();
                api.vacant_associations(page)
            },
            tr!(clerks.vacant_none),
            move |association| {
                let name = association.name.clone();
                view! {
                    <li class="ui-card">
                        <div class="ui-card__head">
                            <h3 class="ui-card__title">{name}</h3>
                            <Button on_press=Callback::new(move |()| {
                                desk.invited.set(None);
                                desk.open.set(Open::Invite(association.clone()));
                            })>{tr!(clerks.invite_first)}</Button>
                        </div>
                    </li>
                }
                    .into_any()
            },
        )}
    }
}
