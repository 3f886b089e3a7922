//! The form's fields as signals: one for each thing typed or chosen.

use leptos::prelude::*;
use mamis_contract::workflow::{CategoryProposals, ProposeCategories};
use mamis_kernel::{FacilityId, Tier};

use crate::forms::DateParts;
use crate::pages::workflow::join_form::JoinForm;

macro_rules! fields {
    ($($name:ident: $kind:ty,)+) => {
        /// The form's fields, alive as long as the form is open, whichever section is shown.
        #[derive(Clone, Copy)]
        pub(in crate::pages::workflow) struct Fields {
            $(pub(in crate::pages::workflow) $name: RwSignal<$kind>,)+
            /// The facts of the last proposal of categories.
            proposed_for: StoredValue<Option<ProposeCategories>>,
        }

        impl Fields {
            pub(in crate::pages::workflow) fn of(form: JoinForm) -> Self {
                Self { $($name: RwSignal::new(form.$name),)+ proposed_for: StoredValue::new(None) }
            }

            /// Everything as typed, and a subscription to it.
            pub(in crate::pages::workflow) fn form(self) -> JoinForm {
                JoinForm { $($name: self.$name.get(),)+ }
            }

            /// Shows another content.
            pub(in crate::pages::workflow) fn fill(self, form: JoinForm) {
                $(self.$name.set(form.$name);)+
            }
        }
    };
}

fields! {
    facility_id: Option<FacilityId>,
    workplace_name: String,
    facility_kind: String,
    workplace_postal_code: String,
    municipality_code: String,
    workplace_address: String,
    workplace_phone: String,
    business_type: String,
    is_administrator: Option<bool>,
    employment: String,
    district_choice: String,
    district_other: String,
    highest_tier: String,
    is_clinical_resident: Option<bool>,
    insurance_excluded: Option<bool>,
    district_category: String,
    prefectural_category: String,
    national_category: String,
    effective_date: DateParts,
    contact_postal_code: String,
    contact_address: String,
    contact_phone: String,
    contact_email: String,
    note: String,
}

impl Fields {
    /// Everything as typed at this moment.
    pub(in crate::pages::workflow) fn form_now(self) -> JoinForm {
        untrack(|| self.form())
    }

    /// Changes the form as a whole.
    pub(super) fn change(self, change: impl FnOnce(&mut JoinForm)) {
        let mut form = self.form_now();
        change(&mut form);
        self.fill(form);
    }

    pub(super) const fn category(self, tier: Tier) -> RwSignal<String> {
        match tier {
            Tier::District => self.district_category,
            Tier::Prefectural => self.prefectural_category,
            Tier::National => self.national_category,
        }
    }

    /// Takes proposals over: where nothing was chosen yet, and everywhere once the facts have changed under an earlier
    /// choice. A choice made for the same facts stays.
    pub(super) fn take_proposals(self, facts: &ProposeCategories, proposals: &CategoryProposals) {
        if self.proposed_for.is_disposed() {
            // The form was left meanwhile.
            return;
        }
        let facts_changed = self.proposed_for.get_value().is_some_and(|earlier| earlier != *facts);
        self.proposed_for.set_value(Some(facts.clone()));
        for proposal in &proposals.items {
            let chosen = self.category(proposal.association.tier);
            let known = proposal.options.iter().any(|option| chosen.with_untracked(|code| *code == option.code));
            if facts_changed || !known {
                chosen.set(proposal.proposed.as_ref().map(|category| category.code.clone()).unwrap_or_default());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(excluded: bool) -> ProposeCategories {
        serde_json::from_value(serde_json::json!({
            "district_association_id": "ast_01900000000070008000000000000001", "highest_tier": "national",
            "business_type": "hospital_employee", "is_administrator": false, "is_clinical_resident": false,
            "insurance_excluded": excluded
        }))
        .unwrap()
    }

    fn proposals(code: &str) -> CategoryProposals {
        serde_json::from_value(serde_json::json!({ "items": [{
            "association": {
                "id": "ast_01900000000070008000000000000003", "code": "00001", "name": "日本医師会", "tier": "national"
            },
            "proposed": { "code": code, "label": code }, "rule": "CAT-8", "insurance_kept": false,
            "options": [{ "code": "A2B", "label": "A2B" }, { "code": "B", "label": "B" }, { "code": "C", "label": "C" }]
        }] }))
        .unwrap()
    }

    #[test]
    fn cat_8_a_proposal_does_not_take_back_a_choice_until_the_facts_change() {
        let owner = Owner::new();
        owner.with(|| {
            let fields = Fields::of(JoinForm::default());
            let chosen = || fields.national_category.get_untracked();
            fields.take_proposals(&facts(false), &proposals("A2B"));
            assert_eq!(chosen(), "A2B");
            fields.national_category.set("C".to_owned());
            fields.take_proposals(&facts(false), &proposals("A2B"));
            assert_eq!(chosen(), "C", "chosen on purpose");
            fields.take_proposals(&facts(true), &proposals("B"));
            assert_eq!(chosen(), "B");
        });
    }

    #[test]
    fn a_saved_choice_survives_the_first_proposal() {
        let owner = Owner::new();
        owner.with(|| {
            let fields = Fields::of(JoinForm { national_category: "C".to_owned(), ..JoinForm::default() });
            fields.take_proposals(&facts(false), &proposals("A2B"));
            assert_eq!(fields.national_category.get_untracked(), "C");
        });
    }
}
