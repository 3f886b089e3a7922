//! Which district association, and how far up.

use leptos::prelude::*;
use mamis_contract::page::Page;
use mamis_contract::registry::{AssociationRef, AssociationView};
use mamis_kernel::text::PostalCode;
use mamis_kernel::{AssociationKind, Tier};

use super::Fields;
use crate::api::{Api, AssociationFilter, Failure, use_api};
use crate::components::{Choice, FailureNote, Loading, RadioGroup, SelectField};
use crate::forms::Form;
use crate::i18n::{Text, in_language};
use crate::pages::workflow::answers::tier_choice;
use crate::pages::workflow::join_form::OTHER;
use crate::pages::workflow::prefectures;
use crate::pages::workflow::sections::Field;
use crate::{say, tr};

/// Which place makes an association one to propose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Because {
    Workplace,
    Home,
    ChosenBefore,
}

/// Which district association, and how far up.
#[component]
pub(super) fn AssociationSection(
    form: Form,
    fields: Fields,
    /// What was chosen before, to name it.
    chosen: Option<AssociationRef>,
) -> impl IntoView {
    let api = use_api();
    let places = Memo::new(move |_| (fields.municipality_code.get(), fields.contact_postal_code.get()));
    let proposed = LocalResource::new(move || {
        let ((municipality, postal_code), chosen) = (places.get(), chosen.clone());
        async move {
            let proposed = propose(api, &municipality, &postal_code, chosen).await?;
            let choice = fields.district_choice;
            if choice.try_with_untracked(String::is_empty) == Some(true) {
                // One proposal is as good as chosen; without any, the list is what remains.
                match proposed.as_slice() {
                    [] => choice.set(OTHER.to_owned()),
                    [(only, _)] => choice.set(only.id.to_string()),
                    _ => {}
                }
            }
            Ok::<_, Failure>(proposed)
        }
    });
    let choices = Signal::derive(move || {
        let proposed = proposed.get().and_then(Result::ok).unwrap_or_default();
        let named = proposed.into_iter().map(|(association, because)| {
            Choice::new(association.id.to_string(), Signal::stored(association.name)).with_hint(reason(because))
        });
        let other = Choice::new(OTHER, tr!(workflow.district_other)).with_hint(tr!(workflow.district_other_hint));
        named.chain([other]).collect::<Vec<_>>()
    });
    let nothing_near = move || proposed.get().is_some_and(|read| read.is_ok_and(|proposed| proposed.is_empty()));
    let chooses_other = Memo::new(move |_| fields.district_choice.with(|choice| choice == OTHER));
    let tiers = Signal::derive(|| {
        let hint = |tier: Tier| match tier {
            Tier::District => tr!(workflow.tier_district_hint),
            Tier::Prefectural => tr!(workflow.tier_prefectural_hint),
            Tier::National => tr!(workflow.tier_national_hint),
        };
        let choice = |tier: Tier| {
            Choice::new(tier.as_str(), in_language(move |locale| tier_choice(locale, tier))).with_hint(hint(tier))
        };
        Tier::ALL.iter().rev().map(|tier| choice(*tier)).collect::<Vec<_>>()
    });
    view! {
        <p class="wf-lead">{tr!(workflow.association_lead)}</p>
        {move || match proposed.get() {
            None => view! { <Loading /> }.into_any(),
            Some(Err(failure)) => {
                view! { <FailureNote failure retry=Callback::new(move |()| proposed.refetch()) /> }.into_any()
            }
            Some(Ok(_)) => ().into_any(),
        }}
        {move || nothing_near().then(|| view! { <p class="wf-note">{tr!(workflow.district_none)}</p> })}
        <RadioGroup
            form
            pointer=Field::District.pointer()
            legend=Field::District.text()
            value=fields.district_choice
            choices
            required=true
        />
        {move || chooses_other.get().then(|| view! { <OtherAssociation form fields /> })}
        <RadioGroup
            form
            pointer=Field::HighestTier.pointer()
            legend=Field::HighestTier.text()
            hint=tr!(workflow.tier_hint)
            value=fields.highest_tier
            choices=tiers
            required=true
        />
    }
}

fn reason(because: Because) -> Text {
    match because {
        Because::Workplace => tr!(workflow.district_by_workplace),
        Because::Home => tr!(workflow.district_by_home),
        Because::ChosenBefore => tr!(workflow.district_chosen),
    }
}

/// The associations that serve the workplace, then those that serve the home (M-2), then the one chosen before.
async fn propose(
    api: Api,
    municipality: &str,
    postal_code: &str,
    chosen: Option<AssociationRef>,
) -> Result<Vec<(AssociationRef, Because)>, Failure> {
    let mut proposed: Vec<(AssociationRef, Because)> = Vec::new();
    let mut add = |association: AssociationRef, because| {
        if !proposed.iter().any(|(known, _)| known.id == association.id) {
            proposed.push((association, because));
        }
    };
    if !municipality.is_empty() {
        let filter = AssociationFilter {
            tier: Some(Tier::District),
            municipality_code: Some(municipality.to_owned()),
            ..AssociationFilter::default()
        };
        let near = api.associations(filter).await?.items;
        near.into_iter().for_each(|association| add(reference(association), Because::Workplace));
    }
    if let Ok(code) = PostalCode::parse(postal_code) {
        // A postal code that nobody knows proposes nothing.
        let places = api.postal_code(code).await.map(|view| view.addresses).unwrap_or_default();
        let near = places.into_iter().flat_map(|place| place.district_associations);
        near.for_each(|association| add(association, Because::Home));
    }
    if let Some(association) = chosen {
        add(association, Because::ChosenBefore);
    }
    Ok(proposed)
}

fn reference(association: AssociationView) -> AssociationRef {
    AssociationRef { id: association.id, code: association.code, name: association.name, tier: association.tier }
}

/// All district associations of a prefecture, university and occupational ones first.
#[component]
fn OtherAssociation(form: Form, fields: Fields) -> impl IntoView {
    let api = use_api();
    let near = fields.municipality_code.with_untracked(|code| prefectures::of_municipality(code).map(str::to_owned));
    let prefecture = RwSignal::new(near.unwrap_or_default());
    let list = LocalResource::new(move || {
        let code = prefecture.get();
        async move {
            if code.is_empty() {
                return Ok(Page { items: Vec::new(), next_cursor: None });
            }
            let filter = AssociationFilter {
                tier: Some(Tier::District),
                prefecture_code: Some(code),
                limit: Some(200),
                ..AssociationFilter::default()
            };
            api.associations(filter).await
        }
    });
    let prefectures = Signal::derive(|| {
        let choice = |code: &'static str| {
            Choice::new(code, in_language(move |locale| prefectures::name(locale, code).to_owned()))
        };
        prefectures::codes().map(choice).collect::<Vec<_>>()
    });
    let choices = Signal::derive(move || {
        let mut items = list.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        items.sort_by_key(|association| association.kind == AssociationKind::Municipal);
        items
            .into_iter()
            .map(|association| {
                let (name, kind) = (association.name, association.kind);
                let label = in_language(move |locale| match kind {
                    AssociationKind::University => say!(locale, workflow.kind_university, name = name.clone()),
                    AssociationKind::Occupational => say!(locale, workflow.kind_occupational, name = name.clone()),
                    _ => name.clone(),
                });
                Choice::new(association.id.to_string(), label)
            })
            .collect::<Vec<_>>()
    });
    let failed = move || list.get().and_then(Result::err);
    view! {
        <div class="wf-inset">
            <SelectField
                form
                pointer=format!("{}/prefecture", Field::District.pointer())
                label=tr!(workflow.other_prefecture)
                value=prefecture
                choices=prefectures
                required=true
            />
            {move || {
                failed().map(|failure| view! { <FailureNote failure retry=Callback::new(move |()| list.refetch()) /> })
            }}
            <SelectField
                form
                pointer=format!("{}/{OTHER}", Field::District.pointer())
                label=tr!(workflow.other_association)
                value=fields.district_other
                choices
                required=true
            />
        </div>
    }
}
