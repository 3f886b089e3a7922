//! Those with a letter whose words about themselves are not those of the record.

use chrono::NaiveDate;
use leptos::prelude::*;
use mamis_contract::identity::IdentityMismatchView;
use mamis_kernel::{AssociationId, MismatchId};

use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, TableFrame};
use crate::i18n::{Text, in_language, use_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{format, say, tr};

/// What is about to be decided of whom.
#[derive(Clone)]
struct Decision {
    id: MismatchId,
    name: String,
    accept: bool,
}

/// The list, accepting somebody, and taking somebody off it.
#[component]
pub(super) fn Mismatches(association: AssociationId) -> impl IntoView {
    let (api, toasts, language) = (use_api(), use_toasts(), use_language());
    let (failure, intent, changed) = (RwSignal::new(None::<Failure>), Intent::new(), RwSignal::new(0_u32));
    let (asking, decision) = (RwSignal::new(false), RwSignal::new(None::<Decision>));
    let decide = Action::new_local(move |decision: &Decision| {
        let Decision { id, name, accept } = decision.clone();
        async move {
            let result = api.decide_mismatch(id, accept, &intent.key()).await;
            intent.settle(&result);
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(()) => {
                    let locale = language.locale_now();
                    toasts.show(if accept {
                        say!(locale, letters.accepted, name = name)
                    } else {
                        say!(locale, letters.dismissed, name = name)
                    });
                }
                Err(refused) => failure.set(Some(refused)),
            }
            changed.update(|count| *count = count.wrapping_add(1));
        }
    });
    let ask = Callback::new(move |what: Decision| {
        intent.change_of_mind();
        failure.set(None);
        decision.set(Some(what));
        asking.set(true);
    });
    let accepts = Memo::new(move |_| decision.with(|what| what.as_ref().is_none_or(|what| what.accept)));
    let title = in_language(move |locale| {
        if accepts.get() { say!(locale, letters.accept_title) } else { say!(locale, letters.dismiss_title) }
    });
    let confirm = in_language(move |locale| {
        if accepts.get() { say!(locale, letters.accept_confirm) } else { say!(locale, letters.dismiss_confirm) }
    });
    let text = in_language(move |locale| {
        let name = decision.with(|what| what.as_ref().map(|what| what.name.clone())).unwrap_or_default();
        if accepts.get() {
            say!(locale, letters.accept_text, name = name)
        } else {
            say!(locale, letters.dismiss_text, name = name)
        }
    });
    view! {
        <p>{tr!(letters.check_lead)}</p>
        <FailureBanner failure />
        {paged(
            move |page| {
                changed.track();
                api.identity_mismatches(association, page)
            },
            tr!(letters.check_none),
            move |mismatch| view! { <Entry mismatch ask /> }.into_any(),
        )}
        <ConfirmDialog
            open=asking
            title
            confirm
            pending=decide.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(decision) = decision.get_untracked() {
                    decide.dispatch(decision);
                }
            })
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Entry(mismatch: IdentityMismatchView, ask: Callback<Decision>) -> impl IntoView {
    let IdentityMismatchView { id, display_name, shown, record, attempts, last_at, .. } = mismatch;
    let tried = in_language(move |locale| {
        say!(locale, letters.tried, count = attempts, time = format::date_and_time(locale, last_at))
    });
    let number = |number: Option<String>| number.map(Signal::stored);
    let day = |day: Option<NaiveDate>| day.map(|day| in_language(move |locale| format::date(locale, day)));
    let rows = [
        (
            tr!(registry.registration_number),
            shown.medical_registration_number == record.medical_registration_number,
            number(shown.medical_registration_number),
            number(record.medical_registration_number),
        ),
        (
            tr!(letters.registered_on),
            shown.registered_on == record.registered_on,
            day(shown.registered_on),
            day(record.registered_on),
        ),
        (tr!(letters.birth_date), shown.birth_date == record.birth_date, day(shown.birth_date), day(record.birth_date)),
    ];
    let caption = Signal::stored(display_name.clone());
    let name = StoredValue::new(display_name.clone());
    let press = move |accept| Callback::new(move |()| ask.run(Decision { id, name: name.get_value(), accept }));
    view! {
        <li class="ui-card">
            <h3 class="ui-card__title">{display_name}</h3>
            <TableFrame caption caption_hidden=true stacked=true>
                <thead>
                    <tr>
                        <th scope="col">{tr!(letters.item)}</th>
                        <th scope="col">{tr!(letters.shown)}</th>
                        <th scope="col">{tr!(letters.record)}</th>
                    </tr>
                </thead>
                <tbody>{rows.map(|(what, same, shown, record)| row(what, same, shown, record)).into_iter().collect_view()}</tbody>
            </TableFrame>
            <p>{tried}</p>
            <div class="ui-actions">
                <Button kind=ButtonKind::Secondary on_press=press(true)>
                    {tr!(letters.accept)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=press(false)>
                    {tr!(letters.dismiss)}
                </Button>
            </div>
        </li>
    }
}

fn row(what: Text, same: bool, shown: Option<Text>, record: Option<Text>) -> AnyView {
    let or_nothing = |value: Option<Text>| value.unwrap_or_else(|| tr!(common.not_given));
    view! {
        <tr>
            <th scope="row">{what}</th>
            <td data-label=tr!(letters.shown)>
                <span>
                    {or_nothing(shown)} " "
                    {(!same)
                        .then(|| view! { <span class="ui-badge ui-badge--warning">{tr!(letters.differs)}</span> })}
                </span>
            </td>
            <td data-label=tr!(letters.record)>
                <span>{or_nothing(record)}</span>
            </td>
        </tr>
    }
    .into_any()
}
