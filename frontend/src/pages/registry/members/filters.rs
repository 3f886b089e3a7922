//! What one searches and filters the list of members by.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{AssociationRef, CategoryView};
use mamis_kernel::text::ascii_digits;
use mamis_kernel::{AssociationId, FacilityKind, Role, Tier};

use super::list_page::Shown;
use super::query::{MOST_YEARS, MemberQuery};
use crate::api::{Failure, use_api};
use crate::components::{Button, ButtonKind, Choice, DateField, ErrorSummary, TextField};
use crate::forms::{DateParts, Fault, Form};
use crate::i18n::codes::Label;
use crate::pages::desk::{CheckGroup, FilterSelect, ListMemory, SearchBox, own_associations};
use crate::{dom, tr};

const MIN_AGE: &str = "/filter/min_age";
const MAX_AGE: &str = "/filter/max_age";
const SPECIALTY: &str = "/filter/specialty";
const AS_OF: &str = "/filter/as_of";
/// What unfolds the rest.
const MORE_ID: &str = "members-more";

/// What can be chosen depends on the association; without an answer there is nothing to choose.
#[derive(Clone, Copy)]
pub(super) struct Offered {
    categories: LocalResource<Result<Vec<CategoryView>, Failure>>,
    below: LocalResource<Result<Vec<AssociationRef>, Failure>>,
}

impl Offered {
    pub(super) fn by(association: Memo<AssociationRef>) -> Self {
        let api = use_api();
        let categories = LocalResource::new(move || {
            let association = association.get();
            async move { api.association_categories(&association).await }
        });
        let below = LocalResource::new(move || {
            let association = association.get();
            async move { api.associations_below(&association).await }
        });
        Self { categories, below }
    }

    fn categories(self) -> Vec<CategoryView> {
        self.categories.get().and_then(Result::ok).unwrap_or_default()
    }

    fn below(self) -> Vec<AssociationRef> {
        self.below.get().and_then(Result::ok).unwrap_or_default()
    }

    /// As the association calls it; the code itself until that is known.
    pub(super) fn category_name(self, code: &str) -> String {
        let found = self.categories().into_iter().find(|category| category.code == code);
        found.map_or_else(|| code.to_owned(), |category| category.label)
    }

    pub(super) fn association_name(self, id: AssociationId) -> String {
        self.below().into_iter().find(|association| association.id == id).map(|found| found.name).unwrap_or_default()
    }
}

/// What stands in the fields, whether it is in force or not.
#[derive(Clone, Copy)]
struct Draft {
    text: RwSignal<String>,
    specialty: RwSignal<String>,
    categories: RwSignal<Vec<String>>,
    kinds: RwSignal<Vec<String>>,
    below: RwSignal<String>,
    min_age: RwSignal<String>,
    max_age: RwSignal<String>,
    as_of: RwSignal<DateParts>,
}

impl Draft {
    /// What is in force is shown, also after going back.
    fn of(shown: Shown) -> Self {
        let draft = Self {
            text: RwSignal::new(String::new()),
            specialty: RwSignal::new(String::new()),
            categories: RwSignal::new(Vec::new()),
            kinds: RwSignal::new(Vec::new()),
            below: RwSignal::new(String::new()),
            min_age: RwSignal::new(String::new()),
            max_age: RwSignal::new(String::new()),
            as_of: RwSignal::new(DateParts::default()),
        };
        let typed = |age: Option<u32>| age.map(|age| age.to_string()).unwrap_or_default();
        Effect::new(move |_| {
            let (query, memory) = (shown.query.get(), shown.memory.get());
            draft.text.set(memory.text);
            draft.specialty.set(memory.specialty);
            draft.categories.set(query.categories);
            draft.kinds.set(query.kinds.iter().map(ToString::to_string).collect());
            draft.below.set(query.below.map(|id| id.to_string()).unwrap_or_default());
            draft.min_age.set(typed(query.min_age));
            draft.max_age.set(typed(query.max_age));
            draft.as_of.set(query.as_of.map(DateParts::of).unwrap_or_default());
        });
        draft
    }

    /// What was typed as a search, or what is wrong with it.
    fn read(self, before: MemberQuery) -> Result<(MemberQuery, ListMemory), Vec<Fault>> {
        let mut faults = Vec::new();
        let mut heed = |pointer: &str, code: FieldErrorCode| faults.push(Fault::new(pointer, code));
        let min_age = age_of(&self.min_age.get_untracked()).unwrap_or_else(|code| {
            heed(MIN_AGE, code);
            None
        });
        let max_age = age_of(&self.max_age.get_untracked()).unwrap_or_else(|code| {
            heed(MAX_AGE, code);
            None
        });
        if min_age.zip(max_age).is_some_and(|(least, most)| least > most) {
            heed(MAX_AGE, FieldErrorCode::OutOfRange);
        }
        let as_of = self.as_of.with_untracked(DateParts::check).unwrap_or_else(|code| {
            heed(AS_OF, code);
            None
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let kinds = self.kinds.with_untracked(|kinds| kinds.iter().filter_map(|kind| kind.parse().ok()).collect());
        let query = MemberQuery {
            categories: self.categories.get_untracked(),
            below: self.below.with_untracked(|below| below.parse().ok()),
            min_age,
            max_age,
            kinds,
            as_of,
            ..before
        };
        let trimmed = |text: RwSignal<String>| text.with_untracked(|text| text.trim().to_owned());
        let memory =
            ListMemory { text: trimmed(self.text), specialty: trimmed(self.specialty), ..ListMemory::default() };
        Ok((query, memory))
    }
}

/// Years in digits of either width, or nothing when nothing was typed.
fn age_of(typed: &str) -> Result<Option<u32>, FieldErrorCode> {
    let typed = ascii_digits(typed.trim());
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.parse::<u32>() {
        Ok(age) if age <= MOST_YEARS => Ok(Some(age)),
        Ok(_) => Err(FieldErrorCode::OutOfRange),
        Err(_) => Err(FieldErrorCode::InvalidFormat),
    }
}

/// Search and filters. The rest is folded away until it is needed, and all of it comes into force together.
#[component]
pub(super) fn Filters(shown: Shown, own: StoredValue<Vec<AssociationRef>>) -> impl IntoView {
    let (form, draft) = (Form::new(), Draft::of(shown));
    let more = NodeRef::<html::Details>::new();
    let unfold = move |open: bool| {
        if let Some(more) = more.get_untracked() {
            more.set_open(open);
        }
    };
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        match draft.read(shown.query.get_untracked()) {
            Ok((query, memory)) => {
                form.clear();
                if more.get_untracked().is_some_and(|more| more.open()) {
                    unfold(false);
                    dom::focus(MORE_ID);
                }
                shown.show(&query, memory);
            }
            Err(faults) => {
                unfold(true);
                form.show(faults);
            }
        }
    };
    let several = own.with_value(|own| own.len() > 1).then(|| view! { <AssociationSelect shown own /> });
    // Telephone numbers, mail addresses and birth dates find nothing for those who only look.
    let finds_all = own_associations(Role::Operator).contains(&shown.association.get_untracked());
    let label = if finds_all { tr!(members.search_label) } else { tr!(members.search_label_viewer) };
    let kinds: Vec<Choice> = FacilityKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.text())).collect();
    let offered = shown.offered;
    let categories = Signal::derive(move || {
        let choice = |category: CategoryView| Choice::new(category.code, Signal::stored(category.label));
        offered.categories().into_iter().map(choice).collect::<Vec<_>>()
    });
    let below = Signal::derive(move || {
        let choice = |below: AssociationRef| Choice::new(below.id.to_string(), Signal::stored(below.name));
        offered.below().into_iter().map(choice).collect::<Vec<_>>()
    });
    let below_field = move || {
        let label = match shown.association.with(|association| association.tier) {
            Tier::District => return None,
            Tier::Prefectural => tr!(members.column_district),
            Tier::National => tr!(members.prefecture),
        };
        let choose = Callback::new(move |id| draft.below.set(id));
        Some(view! {
            <FilterSelect
                id="members-below"
                label
                value=draft.below
                choices=below
                any=tr!(workflow.filter_all)
                on_choose=choose
            />
        })
    };
    view! {
        <form class="wf-filters" role="search" novalidate on:submit=search>
            <SearchBox label hint=tr!(members.search_hint) text=draft.text />
            {several}
            <details class="ui-details wf-more" node_ref=more>
                <summary id=MORE_ID>{tr!(members.more)}</summary>
                <div class="wf-more__panel">
                    <ErrorSummary form />
                    <CheckGroup
                        id="category"
                        legend=tr!(registry.column_category)
                        choices=categories
                        chosen=draft.categories
                    />
                    <CheckGroup
                        id="kind"
                        legend=tr!(members.workplace_kind)
                        choices=Signal::stored(kinds)
                        chosen=draft.kinds
                    />
                    <div class="wf-more__row">
                        <TextField
                            form
                            pointer=MIN_AGE
                            label=tr!(members.min_age)
                            value=draft.min_age
                            inputmode="numeric"
                            width=4
                        />
                        <TextField
                            form
                            pointer=MAX_AGE
                            label=tr!(members.max_age)
                            value=draft.max_age
                            inputmode="numeric"
                            width=4
                        />
                        <TextField
                            form
                            pointer=SPECIALTY
                            label=tr!(registry.specialties)
                            value=draft.specialty
                            width=12
                        />
                        {below_field}
                    </div>
                    <DateField
                        form
                        pointer=AS_OF
                        legend=tr!(members.as_of)
                        hint=tr!(members.as_of_hint)
                        value=draft.as_of
                    />
                    <Button kind=ButtonKind::Primary submit=true>
                        {tr!(members.search_with)}
                    </Button>
                </div>
            </details>
        </form>
    }
}

/// Whose members. Another association has other categories and other associations below it.
#[component]
fn AssociationSelect(shown: Shown, own: StoredValue<Vec<AssociationRef>>) -> impl IntoView {
    let choice = |own: &AssociationRef| Choice::new(own.code.clone(), Signal::stored(own.name.clone()));
    let choices = own.with_value(|own| own.iter().map(choice).collect::<Vec<_>>());
    view! {
        <FilterSelect
            id="members-association"
            label=tr!(registry.column_association)
            value=Signal::derive(move || shown.association.with(|association| association.code.clone()))
            choices=Signal::stored(choices)
            on_choose=Callback::new(move |code: String| {
                shown
                    .change(|query| {
                        query.association = Some(code);
                        query.categories.clear();
                        query.below = None;
                    });
            })
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_in_either_width() {
        for (typed, age) in [
            ("", Ok(None)),
            (" 　", Ok(None)),
            ("４０", Ok(Some(40))),
            ("065", Ok(Some(65))),
            ("151", Err(FieldErrorCode::OutOfRange)),
            ("四十", Err(FieldErrorCode::InvalidFormat)),
            ("-1", Err(FieldErrorCode::InvalidFormat)),
        ] {
            assert_eq!(age_of(typed), age, "{typed}");
        }
    }
}
