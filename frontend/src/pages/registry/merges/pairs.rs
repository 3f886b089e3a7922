//! Pairs of records that may be one person's.

use leptos::prelude::*;
use mamis_contract::registry::{DuplicateSideView, DuplicateView};
use mamis_kernel::{AssociationId, DuplicateId, DuplicateReason};

use super::may_merge;
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, FailureBanner, TableFrame};
use crate::i18n::codes::Label;
use crate::i18n::{Text, in_language};
use crate::pages::identity::paged::paged;
use crate::state::use_toasts;
use crate::{format, routes, say, tr};

/// Which two are about to be called two persons.
#[derive(Clone)]
struct Distinct {
    id: DuplicateId,
    names: [String; 2],
}

/// The list, the likeliest first, and taking a pair off it.
#[component]
pub(super) fn Pairs(association: AssociationId) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (failure, intent, changed) = (RwSignal::new(None::<Failure>), Intent::new(), RwSignal::new(0_u32));
    let (asking, asked) = (RwSignal::new(false), RwSignal::new(None::<Distinct>));
    let done = tr!(merges.distinct_done);
    let dismiss = Action::new_local(move |id: &DuplicateId| {
        let id = *id;
        async move {
            let result = api.dismiss_duplicate(association, id, &intent.key()).await;
            intent.settle(&result);
            if failure.is_disposed() {
                return;
            }
            asking.set(false);
            match result {
                Ok(()) => toasts.show(done.get_untracked()),
                Err(refused) => failure.set(Some(refused)),
            }
            changed.update(|count| *count = count.wrapping_add(1));
        }
    });
    let ask = Callback::new(move |pair: Distinct| {
        intent.change_of_mind();
        failure.set(None);
        asked.set(Some(pair));
        asking.set(true);
    });
    let text = in_language(move |locale| {
        let [first, second] = asked.with(|pair| pair.as_ref().map(|pair| pair.names.clone())).unwrap_or_default();
        say!(locale, merges.distinct_text, first = first, second = second)
    });
    let merges = may_merge(association);
    view! {
        <p>{tr!(merges.lead)}</p>
        {(!merges).then(|| view! { <p>{tr!(merges.needs_approver)}</p> })}
        <FailureBanner failure />
        {paged(
            move |page| {
                changed.track();
                api.duplicates(association, page)
            },
            tr!(merges.none),
            move |pair| view! { <Pair association pair ask merges /> }.into_any(),
        )}
        <ConfirmDialog
            open=asking
            title=tr!(merges.distinct_title)
            confirm=tr!(merges.distinct_confirm)
            pending=dismiss.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(pair) = asked.get_untracked() {
                    dismiss.dispatch(pair.id);
                }
            })
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Pair(association: AssociationId, pair: DuplicateView, ask: Callback<Distinct>, merges: bool) -> impl IntoView {
    let DuplicateView { id, score, reasons, first, second, .. } = pair;
    let names = [first.person.display_name.clone(), second.person.display_name.clone()];
    let address = routes::compare(association, [first.person.id, second.person.id], Some(id));
    let title = names.join(" ／ ");
    let caption = Signal::stored(title.clone());
    let press = Callback::new(move |()| ask.run(Distinct { id, names: names.clone() }));
    let reason = |reason: DuplicateReason| {
        let against = reason == DuplicateReason::DifferentNumbers;
        let class = if against { "ui-badge ui-badge--warning" } else { "ui-badge" };
        view! { <span class=class>{reason.text()}</span> }
    };
    view! {
        <li class="ui-card">
            <h3 class="ui-card__title">{title}</h3>
            <p class="wf-row">
                <strong>{tr!(merges.score, score = score)}</strong>
                {reasons.into_iter().map(reason).collect_view()}
            </p>
            <TableFrame caption caption_hidden=true stacked=true>
                <thead>
                    <tr>
                        <th scope="col">{tr!(merges.item)}</th>
                        <th scope="col">{tr!(registry.name)}</th>
                        <th scope="col">{tr!(registry.kana)}</th>
                        <th scope="col">{tr!(registry.birth_date)}</th>
                        <th scope="col">{tr!(registry.registration_number)}</th>
                    </tr>
                </thead>
                <tbody>{side(tr!(merges.first), first)} {side(tr!(merges.second), second)}</tbody>
            </TableFrame>
            <div class="ui-actions">
                {merges
                    .then(|| {
                        view! {
                            <a class="ui-button ui-button--secondary" href=address>
                                {tr!(merges.compare)}
                            </a>
                        }
                    })}
                <Button kind=ButtonKind::Quiet on_press=press>
                    {tr!(merges.distinct)}
                </Button>
            </div>
        </li>
    }
}

fn side(which: Text, side: DuplicateSideView) -> AnyView {
    let DuplicateSideView { person, birth_date, medical_registration_number } = side;
    let number = medical_registration_number.map_or_else(|| tr!(common.not_given), Signal::stored);
    view! {
        <tr>
            <th scope="row">{which}</th>
            <td data-label=tr!(registry.name)>
                <span>
                    <a href=routes::member(person.id)>{person.display_name}</a>
                </span>
            </td>
            <td data-label=tr!(registry.kana)>
                <span>{person.name_kana}</span>
            </td>
            <td data-label=tr!(registry.birth_date)>
                <span>{in_language(move |locale| format::date(locale, birth_date))}</span>
            </td>
            <td data-label=tr!(registry.registration_number)>
                <span>{number}</span>
            </td>
        </tr>
    }
    .into_any()
}
