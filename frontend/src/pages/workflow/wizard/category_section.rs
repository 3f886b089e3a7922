//! As what one joins: proposed from the facts, confirmed by the associations.

use leptos::prelude::*;
use mamis_contract::workflow::{CategoryProposal, CategoryProposals};
use mamis_kernel::ApplicationId;

use super::Fields;
use crate::api::{Failure, use_api};
use crate::components::{Choice, FailureNote, Loading, RadioGroup, YesNoGroup};
use crate::forms::Form;
use crate::i18n::{Text, in_language};
use crate::pages::workflow::links;
use crate::pages::workflow::sections::{Field, Section, field};
use crate::{say, tr};

/// As what one joins.
#[component]
pub(super) fn CategorySection(form: Form, fields: Fields, id: ApplicationId) -> impl IntoView {
    let asks_for_insurance = Memo::new(move |_| fields.form().asks_for_insurance());
    view! {
        <p class="wf-lead">{tr!(workflow.category_lead)}</p>
        <YesNoGroup
            form
            pointer=Field::IsClinicalResident.pointer()
            legend=Field::IsClinicalResident.text()
            hint=tr!(workflow.is_clinical_resident_hint)
            value=fields.is_clinical_resident
            required=true
        />
        {move || {
            asks_for_insurance
                .get()
                .then(|| {
                    view! {
                        <YesNoGroup
                            form
                            pointer=Field::InsuranceExcluded.pointer()
                            legend=Field::InsuranceExcluded.text()
                            hint=tr!(workflow.insurance_hint)
                            value=fields.insurance_excluded
                            required=true
                        />
                    }
                })
        }}
        <Proposals form fields id />
    }
}

#[component]
fn Proposals(form: Form, fields: Fields, id: ApplicationId) -> impl IntoView {
    let api = use_api();
    let facts = Memo::new(move |_| fields.form().facts());
    let proposals = LocalResource::new(move || {
        let facts = facts.get();
        async move {
            let Some(facts) = facts else { return Ok(None) };
            let proposals = api.propose_categories(&facts).await?;
            fields.take_proposals(&facts, &proposals);
            Ok::<Option<CategoryProposals>, Failure>(Some(proposals))
        }
    });
    // What has to be answered elsewhere first.
    let before = Memo::new(move |_| {
        let form = fields.form();
        let elsewhere = [Section::Role, Section::Association].into_iter();
        elsewhere.filter(|section| !form.faults(*section).is_empty()).collect::<Vec<_>>()
    });
    let links = move || {
        let missing = before.get();
        (!missing.is_empty()).then(|| {
            let items = missing.into_iter().map(|section| {
                let name = section.text();
                view! {
                    <li>
                        <a href=links::edit(id, section)>{move || name.get()}</a>
                    </li>
                }
            });
            view! {
                <div class="wf-note">
                    <p>{tr!(workflow.category_before)}</p>
                    <ul class="ui-list">{items.collect_view()}</ul>
                </div>
            }
        })
    };
    view! {
        {links}
        <div aria-live="polite">
            {move || match proposals.get() {
                None => view! { <Loading /> }.into_any(),
                Some(Err(failure)) => {
                    view! { <FailureNote failure retry=Callback::new(move |()| proposals.refetch()) /> }.into_any()
                }
                Some(Ok(None)) => ().into_any(),
                Some(Ok(Some(proposals))) => {
                    proposals
                        .items
                        .into_iter()
                        .map(|proposal| view! { <Proposal form fields proposal /> })
                        .collect_view()
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Proposal(form: Form, fields: Fields, proposal: CategoryProposal) -> impl IntoView {
    let tier = proposal.association.tier;
    let name = proposal.association.name.clone();
    let legend = in_language(move |locale| say!(locale, workflow.category_in, association = name.clone()));
    let hint = match &proposal.proposed {
        Some(_) => reason(&proposal.rule),
        None => tr!(workflow.category_none),
    };
    let proposed = proposal.proposed.map(|category| category.code);
    let choices: Vec<Choice> = proposal
        .options
        .into_iter()
        .map(|option| {
            let is_proposed = proposed.as_ref() == Some(&option.code);
            let label = option.label;
            let words = in_language(move |locale| {
                if is_proposed {
                    say!(locale, workflow.category_proposed, label = label.clone())
                } else {
                    label.clone()
                }
            });
            Choice::new(option.code, words)
        })
        .collect();
    view! {
        {proposal.insurance_kept.then(|| view! { <p class="wf-note">{tr!(workflow.insurance_kept)}</p> })}
        <RadioGroup
            form
            pointer=field(&format!("/categories/{tier}"))
            legend=legend
            hint=hint
            value=fields.category(tier)
            choices=Signal::stored(choices)
            required=true
        />
    }
}

/// Why this category: the rule in a sentence.
fn reason(rule: &str) -> Text {
    match rule {
        "CAT-1" => tr!(workflow.rule_cat_1),
        "CAT-2" => tr!(workflow.rule_cat_2),
        _ => tr!(workflow.rule_cat_8),
    }
}
