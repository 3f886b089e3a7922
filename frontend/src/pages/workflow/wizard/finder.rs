//! Finding the workplace in the register, or describing one that is not there.

use leptos::prelude::*;
use mamis_contract::problem::FieldErrorCode;
use mamis_contract::registry::{FacilityView, SearchFacilities};

use super::Fields;
use crate::api::{Api, Failure};
use crate::forms::{Fault, given};
use crate::pages::workflow::sections::{Field, field};

/// The choice that leads to the fields for a workplace that is not in the register.
pub(super) const NOT_LISTED: &str = "not_listed";
/// The shortest name that is searched for.
const SHORTEST: usize = 2;

/// The pointer of the choice among what was found.
pub(super) fn found_pointer() -> String {
    field("/workplace/facility_id")
}

/// What became of the search; alive as long as the form is open.
#[derive(Clone, Copy)]
pub(in crate::pages::workflow) struct Finder {
    /// What was found; nothing before the first search.
    pub(super) found: RwSignal<Option<Vec<FacilityView>>>,
    /// The facility chosen among them, or [`NOT_LISTED`].
    pub(super) picked: RwSignal<String>,
    /// Whether the fields for describing a workplace are shown.
    pub(super) by_hand: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<Failure>>,
    pub(super) search: Action<SearchFacilities, ()>,
}

impl Finder {
    pub(in crate::pages::workflow) fn new(api: Api, fields: Fields) -> Self {
        let found = RwSignal::new(None::<Vec<FacilityView>>);
        let picked = RwSignal::new(String::new());
        let form = fields.form_now();
        let by_hand = RwSignal::new(if form.facility_id.is_some() { form.lacks_place() } else { form.has_place() });
        let failure = RwSignal::new(None);
        let search = Action::new_local(move |query: &SearchFacilities| {
            let query = query.clone();
            async move {
                failure.set(None);
                match api.search_facilities(&query).await {
                    Ok(matches) => {
                        by_hand.set(matches.items.is_empty());
                        picked.set(String::new());
                        found.set(Some(matches.items));
                    }
                    Err(refused) => failure.set(Some(refused)),
                }
            }
        });
        Self { found, picked, by_hand, failure, search }
    }

    /// Looks for the name that is typed, or says what is wrong with it.
    pub(super) fn look(self, fields: Fields) -> Result<(), Vec<Fault>> {
        let name = given(&fields.workplace_name.get_untracked());
        let Some(name) = name.filter(|name| name.chars().count() >= SHORTEST) else {
            return Err(vec![Fault::new(Field::WorkplaceName.pointer(), FieldErrorCode::Required)]);
        };
        self.search.dispatch(SearchFacilities { name, prefecture_code: None });
        Ok(())
    }

    /// Whether the fields for describing a workplace are shown.
    pub(super) fn shows_fields(self) -> bool {
        self.by_hand.get() || self.picked.with(|picked| picked == NOT_LISTED)
    }

    /// Takes over what was picked, when the page is sent. Gives what is still to be decided.
    pub(in crate::pages::workflow) fn settle(self, fields: Fields) -> Result<(), Vec<Fault>> {
        if fields.facility_id.get_untracked().is_some() || untrack(|| self.shows_fields()) {
            return Ok(());
        }
        let picked = self.picked.get_untracked();
        let facility = self
            .found
            .with_untracked(|found| found.iter().flatten().find(|facility| facility.id.to_string() == picked).cloned());
        match facility {
            Some(facility) => {
                fields.change(|form| form.choose_facility(&facility));
                self.by_hand.set(fields.form_now().lacks_place());
                Ok(())
            }
            None if self.found.with_untracked(Option::is_some) => {
                Err(vec![Fault::new(found_pointer(), FieldErrorCode::Required)])
            }
            // Going on with a name that nobody has looked for yet looks for it.
            None => self.look(fields).and(Err(Vec::new())),
        }
    }

    /// Forgets the chosen facility, but not its name.
    pub(super) fn choose_another(self, fields: Fields) {
        fields.change(|form| {
            form.facility_id = None;
            form.facility_kind.clear();
            form.workplace_postal_code.clear();
            form.municipality_code.clear();
            form.workplace_address.clear();
            form.workplace_phone.clear();
        });
        self.found.set(None);
        self.picked.set(String::new());
        self.by_hand.set(false);
    }
}
