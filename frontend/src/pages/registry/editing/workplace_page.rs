//! A member's workplace: changed, ended, or a further one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{AddAffiliation, AffiliationView, ChangeAffiliation, FacilityView, SearchFacilities};
use mamis_kernel::{AffiliationId, BusinessType, Employment, FacilityId};

use super::{Editing, day, page, part, required};
use crate::api::Intent;
use crate::components::{
    Button, ButtonKind, Choice, DateField, Empty, RadioGroup, SelectField, SummaryList, SummaryRow, TextField,
    YesNoGroup,
};
use crate::forms::{DateParts, Fault, given};
use crate::i18n::codes::Label;
use crate::i18n::{in_language, use_language};
use crate::pages::desk::is_plain_enter;
use crate::{say, tr};

const FACILITY: &str = "/facility_id";
const SEARCH: &str = "/facility_name";
const ROLE: &str = "/role";
const BUSINESS: &str = "/business_type";
const EMPLOYMENT: &str = "/employment";
const MAIN: &str = "/is_main";
const FROM: &str = "/valid_from";
const LAST: &str = "/last_day";
/// A shorter name finds everything.
const SHORTEST: usize = 2;

/// A member's workplace.
#[component]
pub fn WorkplacePage() -> impl IntoView {
    let title = if part::<AffiliationId>().is_some() { tr!(record.edit_workplace) } else { tr!(record.add_workplace) };
    page(title, |editing| {
        let Some(id) = part::<AffiliationId>() else { return view! { <Add editing /> }.into_any() };
        let work =
            editing.person.with_untracked(|person| person.affiliations.iter().find(|work| work.id == id).cloned());
        match work {
            Some(work) => view! { <Change editing work /> }.into_any(),
            None => view! { <Empty text=tr!(record.gone) /> }.into_any(),
        }
    })
}

/// What is typed about a workplace.
#[derive(Clone, Copy)]
struct Typed {
    role: RwSignal<String>,
    business_type: RwSignal<String>,
    employment: RwSignal<String>,
    is_main: RwSignal<Option<bool>>,
    from: RwSignal<DateParts>,
    last: RwSignal<DateParts>,
}

impl Typed {
    fn of(work: Option<&AffiliationView>) -> Self {
        let code = |code: Option<&'static str>| RwSignal::new(code.unwrap_or_default().to_owned());
        let day = |day: Option<chrono::NaiveDate>| RwSignal::new(day.map(DateParts::of).unwrap_or_default());
        Self {
            role: RwSignal::new(work.and_then(|work| work.role.clone()).unwrap_or_default()),
            business_type: code(work.and_then(|work| work.business_type).map(BusinessType::as_str)),
            employment: code(work.and_then(|work| work.employment).map(Employment::as_str)),
            is_main: RwSignal::new(work.map(|work| work.is_main)),
            from: day(work.map(|work| work.valid_from)),
            last: day(work.and_then(|work| work.last_day)),
        }
    }

    /// What is sent, or what is wrong.
    fn command(self, facility: Option<FacilityId>) -> Result<AddAffiliation, Vec<Fault>> {
        let mut faults = Vec::new();
        let facility = required(facility, FACILITY, &mut faults);
        let is_main = required(self.is_main.get_untracked(), MAIN, &mut faults);
        let valid_from = day(self.from, FROM, &mut faults);
        let valid_from = required(valid_from, FROM, &mut faults);
        let last_day = day(self.last, LAST, &mut faults);
        match (facility, is_main, valid_from) {
            (Some(facility_id), Some(is_main), Some(valid_from)) if faults.is_empty() => Ok(AddAffiliation {
                facility_id,
                role: given(&self.role.get_untracked()),
                business_type: self.business_type.with_untracked(|code| code.parse().ok()),
                employment: self.employment.with_untracked(|code| code.parse().ok()),
                is_main,
                valid_from,
                last_day,
            }),
            (_, _, _) => Err(faults),
        }
    }
}

#[component]
fn Change(editing: Editing, work: AffiliationView) -> impl IntoView {
    let (typed, facility) = (Typed::of(Some(&work)), work.facility_id);
    let id = work.id;
    let change = Action::new_local(move |asked: &AddAffiliation| {
        let AddAffiliation { role, business_type, employment, is_main, valid_from, last_day, .. } = asked.clone();
        let command = ChangeAffiliation {
            role: Some(role),
            business_type: Some(business_type),
            employment: Some(employment),
            is_main: Some(is_main),
            valid_from: Some(valid_from),
            last_day: Some(last_day),
        };
        // A change by somebody else has put another row in the place of the one that this page was opened with.
        let now = editing.person.with_untracked(|person| {
            let mut known = person.affiliations.iter();
            let same = |work: &&AffiliationView| work.id == id;
            let successor = |work: &&AffiliationView| work.facility_id == facility;
            known.clone().find(same).or_else(|| known.find(successor)).map_or(id, |work| work.id)
        });
        let etag = editing.etag.get_untracked();
        async move { editing.settle(editing.api.change_affiliation(now, &command, &etag).await).await }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if change.pending().get_untracked() {
            return;
        }
        editing.begin();
        match typed.command(Some(facility)) {
            Ok(command) => {
                change.dispatch(command);
            }
            Err(faults) => editing.form.show(faults),
        }
    };
    view! {
        <SummaryList>
            <SummaryRow name=tr!(record.workplace) value=Signal::stored(work.facility_name) />
            <SummaryRow name=tr!(record.address) value=Signal::stored(work.address) />
        </SummaryList>
        <form class="ui-form" novalidate on:submit=submit>
            <Fields editing typed />
            <Save editing pending=change.pending().into() />
        </form>
    }
}

#[component]
fn Add(editing: Editing) -> impl IntoView {
    let (typed, intent) = (Typed::of(None), Intent::new());
    let (found, picked) = (RwSignal::new(None::<Vec<FacilityView>>), RwSignal::new(String::new()));
    let add = Action::new_local(move |command: &AddAffiliation| {
        let (command, etag) = (command.clone(), editing.etag.get_untracked());
        intent.change_of_mind();
        async move {
            let key = intent.key();
            editing.settle(editing.api.add_affiliation(editing.id, &command, &etag, &key).await).await;
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if add.pending().get_untracked() {
            return;
        }
        editing.begin();
        match typed.command(picked.with_untracked(|picked| picked.parse().ok())) {
            Ok(command) => {
                add.dispatch(command);
            }
            Err(faults) => editing.form.show(faults),
        }
    };
    view! {
        <form class="ui-form" novalidate on:submit=submit>
            <FindFacility editing found picked />
            <Fields editing typed />
            <Save editing pending=add.pending().into() />
        </form>
    }
}

/// Finds the workplace in the register by its name.
#[component]
fn FindFacility(
    editing: Editing,
    found: RwSignal<Option<Vec<FacilityView>>>,
    picked: RwSignal<String>,
) -> impl IntoView {
    let (form, language, name) = (editing.form, use_language(), RwSignal::new(String::new()));
    let search = Action::new_local(move |query: &SearchFacilities| {
        let query = query.clone();
        async move {
            let answer = editing.api.search_facilities(&query).await;
            if found.is_disposed() {
                return;
            }
            match answer {
                Ok(matches) => {
                    picked.set(match matches.items.as_slice() {
                        [only] => only.id.to_string(),
                        _ => String::new(),
                    });
                    found.set(Some(matches.items));
                }
                Err(refused) => editing.failure.set(Some(refused)),
            }
        }
    });
    let look = move || {
        editing.begin();
        match given(&name.get_untracked()).filter(|name| name.chars().count() >= SHORTEST) {
            Some(name) => {
                search.dispatch(SearchFacilities { name, prefecture_code: None });
            }
            None => form.show(vec![Fault::new(SEARCH, FieldErrorCode::TooShort)]),
        }
    };
    let status = move || {
        let locale = language.locale();
        Some(match found.with(|found| found.as_ref().map(Vec::len))? {
            0 => say!(locale, record.facility_none),
            count => say!(locale, workflow.facility_count, count = count),
        })
    };
    let choices = Signal::derive(move || {
        let choice = |facility: FacilityView| {
            let (kind, address) = (facility.kind, facility.address);
            let about = in_language(move |locale| format!("{}　{address}", kind.label(locale)));
            Choice::new(facility.id.to_string(), Signal::stored(facility.name)).with_hint(about)
        };
        found.get().unwrap_or_default().into_iter().map(choice).collect::<Vec<_>>()
    });
    let has_found = Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty())));
    view! {
        <div class="wf-lookup">
            <div on:keydown=move |event| {
                if is_plain_enter(&event) {
                    event.prevent_default();
                    look();
                }
            }>
                <TextField
                    form
                    pointer=SEARCH
                    label=tr!(record.facility_name)
                    hint=tr!(record.facility_hint)
                    value=name
                    required=true
                />
            </div>
            <div class="wf-lookup__button">
                <Button on_press=Callback::new(move |()| look()) pending=search.pending()>
                    {tr!(workflow.facility_search)}
                </Button>
            </div>
            <p class="wf-status" role="status">
                {status}
            </p>
        </div>
        {move || {
            if has_found.get() {
                view! {
                    <RadioGroup
                        form
                        pointer=FACILITY
                        legend=tr!(record.workplace)
                        value=picked
                        choices
                        required=true
                    />
                }
                    .into_any()
            } else {
                ().into_any()
            }
        }}
    }
}

#[component]
fn Fields(editing: Editing, typed: Typed) -> impl IntoView {
    let form = editing.form;
    let kinds: Vec<Choice> = BusinessType::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect();
    let hours: Vec<Choice> = Employment::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect();
    view! {
        <TextField form pointer=ROLE label=tr!(record.role) hint=tr!(record.role_hint) value=typed.role width=20 />
        <SelectField
            form
            pointer=BUSINESS
            label=tr!(record.business_type)
            value=typed.business_type
            choices=Signal::stored(kinds)
        />
        <RadioGroup
            form
            pointer=EMPLOYMENT
            legend=tr!(record.employment)
            value=typed.employment
            choices=Signal::stored(hours)
        />
        <YesNoGroup
            form
            pointer=MAIN
            legend=tr!(record.is_main)
            hint=tr!(record.is_main_hint)
            value=typed.is_main
            required=true
        />
        <DateField form pointer=FROM legend=tr!(record.valid_from) value=typed.from required=true />
        <DateField form pointer=LAST legend=tr!(record.last_day) hint=tr!(record.last_day_hint) value=typed.last />
    }
}

/// The buttons of a form about a record.
#[component]
pub(super) fn Save(editing: Editing, pending: Signal<bool>) -> impl IntoView {
    view! {
        <div class="ui-actions">
            <Button kind=ButtonKind::Primary submit=true pending>
                {tr!(record.save)}
            </Button>
            <Button kind=ButtonKind::Quiet on_press=editing.back>
                {tr!(common.cancel)}
            </Button>
        </div>
    }
}
