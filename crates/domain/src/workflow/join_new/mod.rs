//! 新規入会: joining as a new member of one to three tiers.

use chrono::{Datelike, NaiveDate};
use mamis_kernel::text::{PhoneNumber, PostalCode};
use mamis_kernel::{
    AssociationId, AssociationKind, BusinessType, Employment, FacilityId, FacilityKind, FieldErrorCode, MemberCategory,
    PersonId, Tier,
};
use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::{CategoryFacts, CategoryOption, Effect, FieldFault, Places, Proposal, propose};

/// How far a wished day may lie from today \[GK\]: late reports are common, years-old ones are mistakes.
const EARLIEST_YEARS_BACK: i32 = 10;
const LATEST_YEARS_AHEAD: i32 = 2;

/// What has been filled in so far. Values are in standard form already: digits ASCII, days as days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinNewDraft {
    /// The main workplace.
    pub workplace: WorkplaceDraft,
    /// The chosen district association.
    pub district_association: Option<AssociationId>,
    /// How far up to join.
    pub highest_tier: Option<Tier>,
    /// 医師法に基づく研修医
    pub is_clinical_resident: Option<bool>,
    /// The wish to be left out of the liability insurance.
    pub insurance_excluded: Option<bool>,
    /// Chosen categories by tier.
    pub categories: ChosenCategories,
    /// The wished day.
    pub effective_date: Option<NaiveDate>,
    /// Where letters and calls go.
    pub contact: ContactDraft,
    /// Free words.
    pub note: Option<String>,
}

/// A workplace as far as filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkplaceDraft {
    /// One already known.
    pub facility: Option<FacilityId>,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<FacilityKind>,
    /// Seven digits.
    pub postal_code: Option<String>,
    /// JIS X 0402.
    pub municipality_code: Option<String>,
    /// The whole address.
    pub address: Option<String>,
    /// Digits.
    pub phone: Option<String>,
    /// What the physician does there.
    pub business_type: Option<BusinessType>,
    /// 管理者
    pub is_administrator: Option<bool>,
    /// Full or part time.
    pub employment: Option<Employment>,
}

/// Chosen categories, in each association's own codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChosenCategories {
    /// In the district association.
    pub district: Option<String>,
    /// In the prefectural association.
    pub prefectural: Option<String>,
    /// In the national association.
    pub national: Option<String>,
}

impl ChosenCategories {
    /// The choice for one tier.
    #[must_use]
    pub fn of(&self, tier: Tier) -> Option<&str> {
        match tier {
            Tier::District => self.district.as_deref(),
            Tier::Prefectural => self.prefectural.as_deref(),
            Tier::National => self.national.as_deref(),
        }
    }
}

/// Where letters and calls go, as far as filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactDraft {
    /// Seven digits.
    pub postal_code: Option<String>,
    /// The whole address.
    pub address: Option<String>,
    /// Digits.
    pub phone: Option<String>,
    /// For those who have one.
    pub email: Option<String>,
}

/// A complete and sound filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinNew {
    /// The main workplace.
    pub workplace: Workplace,
    /// Where letters and calls go.
    pub contact: Contact,
    /// The associations to be joined with the category in each, lowest tier first.
    pub joins: Vec<(Tier, AssociationId, String)>,
    /// How far up.
    pub highest_tier: Tier,
    /// The wished day.
    pub effective_date: NaiveDate,
}

/// A complete workplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workplace {
    /// One already known; otherwise a new one is described.
    pub facility: Option<FacilityId>,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: FacilityKind,
    /// Seven digits.
    pub postal_code: String,
    /// JIS X 0402, where the form asks for it.
    pub municipality_code: Option<String>,
    /// The whole address.
    pub address: String,
    /// Digits.
    pub phone: Option<String>,
    /// What the physician does there, where the form asks for it.
    pub business_type: Option<BusinessType>,
    /// Full or part time, where the form asks for it.
    pub employment: Option<Employment>,
}

/// Complete contact data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Seven digits.
    pub postal_code: String,
    /// The whole address.
    pub address: String,
    /// Digits.
    pub phone: String,
    /// For those who have one.
    pub email: Option<String>,
}

/// What the registry knows about a draft's choices, gathered before judging it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinNewFacts {
    /// The chosen district association, if there is such an association.
    pub district: Option<DistrictFacts>,
    /// Whether the workplace's municipality exists.
    pub municipality_exists: bool,
    /// Whether the chosen facility exists.
    pub facility_exists: bool,
    /// Categories by tier, as they are on the wished day.
    pub options: Vec<(Tier, Vec<CategoryOption>)>,
}

/// The chosen district association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictFacts {
    /// It.
    pub id: AssociationId,
    /// Must be the district tier.
    pub tier: Tier,
    /// Municipal ones serve areas, the others people.
    pub kind: AssociationKind,
    /// Whether it serves the workplace's municipality.
    pub serves_workplace: bool,
    /// Whether it serves a municipality of the contact's postal code.
    pub serves_contact: bool,
    /// Its prefectural association.
    pub prefecture: Option<AssociationId>,
    /// The national association.
    pub nation: Option<AssociationId>,
}

impl JoinNewDraft {
    /// Whether a correction changed something that decides the route (W-2).
    #[must_use]
    pub fn routes_like(&self, other: &Self) -> bool {
        self.district_association == other.district_association && self.highest_tier == other.highest_tier
    }

    /// The facts from which categories follow, once all are known.
    #[must_use]
    pub fn category_facts(&self) -> Option<CategoryFacts> {
        Some(CategoryFacts {
            business_type: self.workplace.business_type?,
            is_administrator: self.workplace.is_administrator?,
            is_clinical_resident: self.is_clinical_resident?,
            insurance_excluded: self.insurance_excluded.unwrap_or(false),
        })
    }

    /// Judges the filing. `base` is the change's own pointer, `/changes/0/payload` for example.
    ///
    /// Rules J-1 (what must be given), M-2 (the district association serves the workplace or the home; university,
    /// occupational and regional ones are joined by belonging), M-16 (the day may lie back or ahead, within reason),
    /// CAT-1 and CAT-2 (the national category agrees with the wish about the insurance); source: docs/rules/workflow.md.
    ///
    /// # Errors
    /// Every fault at once, in the order of the form.
    pub fn complete(&self, base: &str, facts: &JoinNewFacts, today: NaiveDate) -> Result<JoinNew, Vec<FieldFault>> {
        let mut faults = Faults::at(base);
        let workplace = self.workplace.complete(&mut faults, facts);
        let contact = self.contact.complete(&mut faults);
        let district = self.judge_district(&mut faults, facts);
        let highest_tier = faults.required("/highest_tier", self.highest_tier);
        faults.required("/is_clinical_resident", self.is_clinical_resident);
        if highest_tier == Some(Tier::National) {
            faults.required("/insurance_excluded", self.insurance_excluded);
        }
        let effective_date = faults.required("/effective_date", self.effective_date);
        if effective_date.is_some_and(|day| !within_reason(day, today)) {
            faults.push("/effective_date", FieldErrorCode::OutOfRange);
        }
        let joins = self.judge_categories(&mut faults, facts, district, highest_tier);
        match (workplace, contact, highest_tier, effective_date, joins) {
            (Some(workplace), Some(contact), Some(highest_tier), Some(effective_date), Some(joins))
                if faults.is_empty() =>
            {
                Ok(JoinNew { workplace, contact, joins, highest_tier, effective_date })
            }
            _ => Err(faults.found()),
        }
    }

    fn judge_district<'f>(&self, faults: &mut Faults<'_>, facts: &'f JoinNewFacts) -> Option<&'f DistrictFacts> {
        faults.required("/district_association_id", self.district_association)?;
        let Some(district) = facts.district.as_ref() else {
            faults.push("/district_association_id", FieldErrorCode::UnknownValue);
            return None;
        };
        let by_area = match district.kind {
            AssociationKind::Municipal => true,
            AssociationKind::University | AssociationKind::Occupational | AssociationKind::Regional => false,
            AssociationKind::National | AssociationKind::Prefectural => true,
        };
        let serves = district.serves_workplace || district.serves_contact;
        if district.tier != Tier::District || (by_area && !serves) {
            faults.push("/district_association_id", FieldErrorCode::WrongAssociation);
            return None;
        }
        Some(district)
    }

    fn judge_categories(
        &self,
        faults: &mut Faults<'_>,
        facts: &JoinNewFacts,
        district: Option<&DistrictFacts>,
        highest_tier: Option<Tier>,
    ) -> Option<Vec<(Tier, AssociationId, String)>> {
        let mut joins = Vec::new();
        for tier in highest_tier?.and_below() {
            let pointer = format!("/categories/{tier}");
            let code = faults.required(&pointer, self.categories.of(tier))?;
            let known = facts.options.iter().find(|(t, _)| *t == tier).map_or(&[][..], |(_, options)| options);
            if !known.iter().any(|option| option.code == code) {
                faults.push(&pointer, FieldErrorCode::UnknownValue);
                continue;
            }
            if tier == Tier::National && !self.agrees_with_insurance(code) {
                faults.push(&pointer, FieldErrorCode::Conflicting);
            }
            let association = match tier {
                Tier::District => district.map(|d| d.id),
                Tier::Prefectural => district.and_then(|d| d.prefecture),
                Tier::National => district.and_then(|d| d.nation),
            };
            joins.extend(association.map(|id| (tier, id, code.to_owned())));
        }
        Some(joins)
    }

    fn agrees_with_insurance(&self, national_code: &str) -> bool {
        let Ok(chosen) = national_code.parse::<MemberCategory>() else { return true };
        match self.category_facts().map(|facts| propose(&facts)) {
            Some(Proposal { insurance_kept: true, .. }) => !chosen.insurance_excluded(),
            Some(_) | None => chosen.insurance_excluded() == self.insurance_excluded.unwrap_or(false),
        }
    }
}

impl JoinNew {
    /// Which associations the route's places are.
    #[must_use]
    pub fn places(&self) -> Places {
        let of = |tier| self.joins.iter().find(|(t, ..)| *t == tier).map(|(_, association, _)| *association);
        Places {
            new_district: of(Tier::District),
            new_prefecture: of(Tier::Prefectural),
            nation: of(Tier::National),
            ..Places::default()
        }
    }

    /// What concluding does: the memberships begin on the common day, lowest tier first (M-1), the workplace becomes the
    /// main one, and the record has the contact data that was given.
    #[must_use]
    pub fn effects(&self, person: PersonId, effective_date: NaiveDate) -> Vec<Effect> {
        let joins = self.joins.iter().map(|(tier, association, category)| Effect::BeginMembership {
            person,
            association: *association,
            tier: *tier,
            category: category.clone(),
            valid_from: effective_date,
        });
        let workplace =
            Effect::SetMainWorkplace { person, workplace: self.workplace.clone(), valid_from: effective_date };
        let contact = Effect::SetContact { person, contact: self.contact.clone() };
        joins.chain([workplace, contact]).collect()
    }
}

/// Whether a day of joining lies within reason of today (M-16).
#[must_use]
pub fn within_reason(day: NaiveDate, today: NaiveDate) -> bool {
    (today.year() - EARLIEST_YEARS_BACK..=today.year() + LATEST_YEARS_AHEAD).contains(&day.year())
}

impl WorkplaceDraft {
    fn complete(&self, faults: &mut Faults<'_>, facts: &JoinNewFacts) -> Option<Workplace> {
        if self.facility.is_some() && !facts.facility_exists {
            faults.push("/workplace/facility_id", FieldErrorCode::UnknownValue);
        }
        let name = faults.required_text("/workplace/name", self.name.as_deref());
        let kind = faults.required("/workplace/kind", self.kind);
        let postal_code = faults.required_text("/workplace/postal_code", self.postal_code.as_deref());
        if postal_code.as_deref().is_some_and(|code| PostalCode::parse(code).is_err()) {
            faults.push("/workplace/postal_code", FieldErrorCode::InvalidFormat);
        }
        let municipality_code = faults.required_text("/workplace/municipality_code", self.municipality_code.as_deref());
        if municipality_code.is_some() && !facts.municipality_exists {
            faults.push("/workplace/municipality_code", FieldErrorCode::UnknownValue);
        }
        let address = faults.required_text("/workplace/address", self.address.as_deref());
        if self.phone.as_deref().is_some_and(|phone| PhoneNumber::parse(phone).is_err()) {
            faults.push("/workplace/phone", FieldErrorCode::InvalidFormat);
        }
        let business_type = faults.required("/workplace/business_type", self.business_type);
        faults.required("/workplace/is_administrator", self.is_administrator);
        let employment = faults.required("/workplace/employment", self.employment);
        Some(Workplace {
            facility: self.facility,
            name: name?,
            kind: kind?,
            postal_code: postal_code?,
            municipality_code: Some(municipality_code?),
            address: address?,
            phone: self.phone.clone(),
            business_type: Some(business_type?),
            employment: Some(employment?),
        })
    }
}

impl ContactDraft {
    pub(super) fn complete(&self, faults: &mut Faults<'_>) -> Option<Contact> {
        let postal_code = faults.required_text("/contact/postal_code", self.postal_code.as_deref());
        if postal_code.as_deref().is_some_and(|code| PostalCode::parse(code).is_err()) {
            faults.push("/contact/postal_code", FieldErrorCode::InvalidFormat);
        }
        let address = faults.required_text("/contact/address", self.address.as_deref());
        let phone = faults.required_text("/contact/phone", self.phone.as_deref());
        if phone.as_deref().is_some_and(|phone| PhoneNumber::parse(phone).is_err()) {
            faults.push("/contact/phone", FieldErrorCode::InvalidFormat);
        }
        if self.email.as_deref().is_some_and(|email| !mamis_kernel::text::looks_like_email(email)) {
            faults.push("/contact/email", FieldErrorCode::InvalidFormat);
        }
        Some(Contact { postal_code: postal_code?, address: address?, phone: phone?, email: self.email.clone() })
    }
}

#[cfg(test)]
pub(crate) mod tests;
