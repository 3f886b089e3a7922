//! Two records side by side, and the one that there would be.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use mamis_contract::registry::{MergePersons, MergeView, MovedView, PersonView};
use mamis_kernel::{AssociationId, MergeField, PersonId};

use super::may_merge;
use super::undo::Undo;
use crate::api::{Failure, Intent, use_api};
use crate::components::{Button, ButtonKind, ConfirmDialog, Empty, FailureBanner, PageHeading, TableFrame, loaded};
use crate::i18n::codes::Label;
use crate::i18n::{Locale, Text, in_language, use_language};
use crate::pages::desk::pairs;
use crate::pages::registry::record::{contact_line, work_line};
use crate::state::use_toasts;
use crate::{dom, format, routes, say, tr};

/// Two records side by side.
#[component]
pub fn ComparePage() -> impl IntoView {
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| Asked::read(search)));
    view! {
        <PageHeading title=tr!(merges.compare_title) />
        <p class="ui-no-print">
            <a href=routes::duplicates()>{tr!(merges.back)}</a>
        </p>
        {move || match asked.get() {
            Some(asked) if may_merge(asked.association) => view! { <Compare asked /> }.into_any(),
            Some(_) => view! { <Empty text=tr!(merges.needs_approver) /> }.into_any(),
            None => view! { <Empty text=tr!(merges.not_found) /> }.into_any(),
        }}
    }
}

/// What the address names.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Asked {
    association: AssociationId,
    kept: PersonId,
    other: PersonId,
}

impl Asked {
    fn read(search: &str) -> Option<Self> {
        let value = |wanted: &str| pairs(search).find(|(name, _)| *name == wanted).map(|(_, value)| value);
        Some(Self {
            association: value("at")?.parse().ok()?,
            kept: value("kept")?.parse().ok()?,
            other: value("other")?.parse().ok()?,
        })
    }
}

#[component]
fn Compare(asked: Asked) -> impl IntoView {
    let api = use_api();
    let (swapped, take) = (RwSignal::new(false), RwSignal::new(Vec::<MergeField>::new()));
    let (done, ticked) = (RwSignal::new(None::<MergeView>), StoredValue::new(None::<String>));
    let command = Memo::new(move |_| {
        let (kept_id, given_up_id) = match swapped.get() {
            true => (asked.other, asked.kept),
            false => (asked.kept, asked.other),
        };
        MergePersons { association_id: asked.association, kept_id, given_up_id, take: take.get() }
    });
    let again = RwSignal::new(0_u32);
    let shown = LocalResource::new(move || {
        again.track();
        api.preview_merge(command.get())
    });
    let swap = Callback::new(move |()| {
        take.set(Vec::new());
        swapped.update(|swapped| *swapped = !*swapped);
    });
    let on_undone = Callback::new(move |()| {
        done.set(None);
        again.update(|count| *count = count.wrapping_add(1));
    });
    view! {
        {move || match done.get() {
            Some(merged) => view! { <Receipt merged on_undone /> }.into_any(),
            None => {
                view! {
                    <div class="ui-actions ui-no-print">
                        <Button kind=ButtonKind::Secondary on_press=swap>
                            {tr!(merges.swap)}
                        </Button>
                    </div>
                    {loaded(shown, move |shown| view! { <Shown shown command take ticked done /> })}
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn Shown(
    shown: MergeView,
    command: Memo<MergePersons>,
    take: RwSignal<Vec<MergeField>>,
    ticked: StoredValue<Option<String>>,
    done: RwSignal<Option<MergeView>>,
) -> impl IntoView {
    // The table is drawn anew with what the server says; whoever ticks by keyboard stays at the box.
    Effect::new(move |_| {
        if let Some(id) = ticked.try_update_value(Option::take).flatten() {
            request_animation_frame(move || dom::focus(&id));
        }
    });
    let MergeView { kept, given_up, after, moved, closes_account, .. } = shown;
    let names = StoredValue::new((kept.display_name.clone(), given_up.display_name.clone()));
    let rows = ROWS.iter().map(|row| line(row, [&kept, &given_up, &after], take, ticked)).collect_view();
    view! {
        <TableFrame caption=tr!(merges.caption) caption_hidden=true stacked=true>
            <thead>
                <tr>
                    <th scope="col">{tr!(merges.item)}</th>
                    <th scope="col">{tr!(merges.kept)}</th>
                    <th scope="col">{tr!(merges.other)}</th>
                    <th scope="col">{tr!(merges.after)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <section class="ui-section" aria-labelledby="moved">
            <h2 class="ui-subheading" id="moved">
                {tr!(merges.moved)}
            </h2>
            {if moved.is_empty() {
                view! { <p>{tr!(merges.moved_none)}</p> }.into_any()
            } else {
                view! { <ul>{moved.into_iter().map(moved_line).collect_view()}</ul> }.into_any()
            }}
        </section>
        {closes_account.then(|| view! { <p class="wf-note">{tr!(merges.closes)}</p> })}
        <MergeButton names command done />
    }
}

/// The button, its question, and a refusal.
#[component]
fn MergeButton(
    names: StoredValue<(String, String)>,
    command: Memo<MergePersons>,
    done: RwSignal<Option<MergeView>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (asking, failure, intent) = (RwSignal::new(false), RwSignal::new(None::<Failure>), Intent::new());
    let said = tr!(merges.merged);
    let merge = Action::new_local(move |(): &()| async move {
        let result = api.merge_persons(&command.get_untracked(), &intent.key()).await;
        intent.settle(&result);
        if failure.is_disposed() {
            return;
        }
        asking.set(false);
        match result {
            Ok(merged) => {
                toasts.show(said.get_untracked());
                done.set(Some(merged));
            }
            Err(refused) => failure.set(Some(refused)),
        }
    });
    let text = in_language(move |locale| {
        let (kept, given_up) = names.get_value();
        say!(locale, merges.merge_text, kept = kept, given_up = given_up)
    });
    view! {
        <FailureBanner failure />
        <div class="ui-actions ui-no-print">
            <Button
                kind=ButtonKind::Primary
                on_press=Callback::new(move |()| {
                    intent.change_of_mind();
                    failure.set(None);
                    asking.set(true);
                })
            >
                {tr!(merges.merge)}
            </Button>
        </div>
        <ConfirmDialog
            open=asking
            title=tr!(merges.merge_title)
            confirm=tr!(merges.merge_confirm)
            pending=merge.pending()
            on_confirm=Callback::new(move |()| {
                merge.dispatch(());
            })
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Receipt(merged: MergeView, on_undone: Callback<()>) -> impl IntoView {
    let MergeView { id, kept, given_up, .. } = merged;
    let text = tr!(merges.receipt, given_up = given_up.display_name.clone(), kept = kept.display_name.clone());
    view! {
        <div class="wf-note" role="status">
            <p>{text}</p>
            <p>
                <a href=routes::member(kept.id)>{tr!(merges.open)}</a>
            </p>
            {id.map(|merge| view! { <Undo merge on_undone /> })}
        </div>
    }
}

fn moved_line(moved: MovedView) -> AnyView {
    let text =
        in_language(move |locale| say!(locale, merges.moved_one, part = moved.part.label(locale), count = moved.count));
    view! { <li>{text}</li> }.into_any()
}

/// A row: its name, what may be taken over, and how a record says it.
struct Row {
    name: fn() -> Text,
    field: Option<MergeField>,
    value: fn(&PersonView, Locale) -> String,
}

const ROWS: [Row; 12] = [
    Row { name: || tr!(registry.name), field: Some(MergeField::Name), value: |it, _| it.display_name.clone() },
    Row {
        name: || tr!(registry.kana),
        field: Some(MergeField::Kana),
        value: |it, _| format!("{} {}", it.family_name_kana, it.given_name_kana),
    },
    Row {
        name: || tr!(registry.birth_date),
        field: Some(MergeField::BirthDate),
        value: |it, locale| it.birth_date.map(|day| format::date(locale, day)).unwrap_or_default(),
    },
    Row {
        name: || tr!(registry.sex),
        field: Some(MergeField::Sex),
        value: |it, locale| it.sex.label(locale).to_owned(),
    },
    Row {
        name: || tr!(registry.registration_number),
        field: Some(MergeField::MedicalRegistration),
        value: |it, locale| {
            let said = it.medical_registration.as_ref();
            said.map(|said| format!("{}\n{}", said.number, format::date(locale, said.registered_on)))
                .unwrap_or_default()
        },
    },
    Row {
        name: || tr!(registry.jma_member_id),
        field: Some(MergeField::JmaMemberId),
        value: |it, _| it.jma_member_id.clone().unwrap_or_default(),
    },
    Row {
        name: || tr!(registry.alma_mater),
        field: Some(MergeField::AlmaMater),
        value: |it, _| it.alma_mater.clone().unwrap_or_default(),
    },
    Row {
        name: || tr!(registry.graduated_in),
        field: Some(MergeField::GraduatedIn),
        value: |it, locale| it.graduated_in.map(|day| format::month(locale, day)).unwrap_or_default(),
    },
    Row { name: || tr!(registry.specialties), field: None, value: |it, _| it.specialties.join("、") },
    Row {
        name: || tr!(merges.contacts),
        field: None,
        value: |it, _| it.contact_points.iter().map(contact_line).collect::<Vec<_>>().join("\n"),
    },
    Row {
        name: || tr!(merges.workplaces),
        field: None,
        value: |it, locale| it.affiliations.iter().map(|work| work_line(locale, work)).collect::<Vec<_>>().join("\n"),
    },
    Row {
        name: || tr!(merges.memberships),
        field: None,
        value: |it, locale| {
            let said = it.memberships.iter().map(|said| {
                let category = said.category.as_ref().map_or("", |category| category.label.as_str());
                let period = format::period(locale, said.valid_from, said.last_day);
                format!("{} {category}\n{period}", said.association.name)
            });
            said.collect::<Vec<_>>().join("\n")
        },
    },
];

/// Nothing where neither record says anything.
fn line(
    row: &Row,
    records: [&PersonView; 3],
    take: RwSignal<Vec<MergeField>>,
    ticked: StoredValue<Option<String>>,
) -> AnyView {
    let [kept, given_up, after] = records.map(|record| {
        let texts = [Locale::ja, Locale::en].map(|locale| (row.value)(record, locale));
        Signal::derive({
            let language = use_language();
            move || {
                let [ja, en] = &texts;
                match language.locale() {
                    Locale::ja => ja.clone(),
                    Locale::en => en.clone(),
                }
            }
        })
    });
    let (own, other) = (kept.get_untracked(), given_up.get_untracked());
    if own.is_empty() && other.is_empty() {
        return ().into_any();
    }
    let differs = own != other;
    let name = (row.name)();
    // What is blank is filled without being asked for (MERGE-2).
    let is_choice = differs && !own.is_empty() && !other.is_empty();
    let choice = row.field.filter(|_| is_choice).map(|field| {
        let box_id = format!("take-{field}");
        let own_id = box_id.clone();
        let toggle = move |_| {
            ticked.set_value(Some(own_id.clone()));
            take.update(|taken| match taken.iter().position(|it| *it == field) {
                Some(at) => drop(taken.remove(at)),
                None => taken.push(field),
            });
        };
        view! {
            <div class="ui-choice">
                <input
                    class="ui-choice__control"
                    type="checkbox"
                    id=box_id.clone()
                    prop:checked=move || take.with(|taken| taken.contains(&field))
                    on:change=toggle
                />
                <label class="ui-choice__label" for=box_id>
                    <span class="ui-visually-hidden">{name} "："</span>
                    {tr!(merges.take)}
                </label>
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label=tr!(merges.kept)>
                <span class="wf-lines">{kept}</span>
            </td>
            <td data-label=tr!(merges.other)>
                <div>
                    <span class="wf-lines" class=("wf-differs", differs)>
                        {given_up}
                    </span>
                    {choice}
                </div>
            </td>
            <td data-label=tr!(merges.after)>
                <strong class="wf-lines">{after}</strong>
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_both_records_and_the_association() {
        let id = |prefix: &str, last: u8| format!("{prefix}_0190000000007000800000000000000{last}");
        let search = format!("?at={}&kept={}&other={}", id("ast", 1), id("per", 2), id("per", 3));
        let asked = Asked::read(&search).unwrap();
        assert_eq!(asked.kept.to_string(), id("per", 2));
        assert_eq!(Asked::read("?at=x"), None);
    }
}
