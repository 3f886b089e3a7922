//! 研修用アカウント: a physician who is no member asks for an account to take part in training.
//!
//! The prefectural association of the workplace looks at the medical licence and decides. Credits hang on the person, found
//! by the registration number: the person is there, **provisional**, from the moment of filing, and [`claim()`] says at the
//! end whose record the account speaks for.

mod claim;

use chrono::{Datelike, NaiveDate};
use mamis_kernel::text::{PhoneNumber, PostalCode, RegistrationNumber};
use mamis_kernel::{
    AccountId, AssociationId, AttachmentPurpose, FacilityId, FacilityKind, FieldErrorCode, PersonId, Sex,
};
use serde::{Deserialize, Serialize};

pub use claim::{Claim, NumberHolder, Standing, claim};

use super::faults::Faults;
use super::join_new::{Contact, ContactDraft, Workplace};
use super::{Effect, FieldFault, Places};

/// Nobody is registered as a physician before this age, and nobody alive is older than the other \[GK\].
const YOUNGEST_REGISTERED: i32 = 22;
const OLDEST: i32 = 120;

/// What has been filled in so far, in standard form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingAccountDraft {
    /// 姓
    pub family_name: Option<String>,
    /// 名
    pub given_name: Option<String>,
    /// セイ
    pub family_name_kana: Option<String>,
    /// メイ
    pub given_name_kana: Option<String>,
    /// 生年月日
    pub birth_date: Option<NaiveDate>,
    /// 性別
    pub sex: Option<Sex>,
    /// 医籍登録番号, digits.
    pub registration_number: Option<String>,
    /// 医籍登録年月日
    pub registered_on: Option<NaiveDate>,
    /// The main workplace.
    pub workplace: TrainingWorkplaceDraft,
    /// Where letters and calls go.
    pub contact: ContactDraft,
    /// Free words.
    pub note: Option<String>,
}

/// A workplace as far as filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingWorkplaceDraft {
    /// One already known.
    pub facility: Option<FacilityId>,
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Option<FacilityKind>,
    /// JIS X 0402: the association of its prefecture decides.
    pub municipality_code: Option<String>,
    /// Seven digits.
    pub postal_code: Option<String>,
    /// The whole address.
    pub address: Option<String>,
    /// Digits.
    pub phone: Option<String>,
}

/// Who somebody is, as a record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// 姓
    pub family_name: String,
    /// 名
    pub given_name: String,
    /// セイ
    pub family_name_kana: String,
    /// メイ
    pub given_name_kana: String,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 性別
    pub sex: Sex,
    /// 医籍登録番号
    pub registration_number: RegistrationNumber,
    /// 医籍登録年月日
    pub registered_on: NaiveDate,
}

/// A complete and sound filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingAccount {
    /// Who.
    pub identity: Identity,
    /// Where.
    pub workplace: Workplace,
    /// Where letters and calls go.
    pub contact: Contact,
    /// The prefectural association of the workplace.
    pub prefecture: AssociationId,
}

/// What the registry knows about a draft's choices, gathered before judging it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainingAccountFacts {
    /// The prefectural association of the chosen municipality, if there is such a municipality.
    pub prefecture: Option<AssociationId>,
    /// The chosen facility, if there is one.
    pub facility: Option<FacilityFacts>,
    /// What the case's files show.
    pub attached: Vec<AttachmentPurpose>,
}

/// The chosen facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityFacts {
    /// Its municipality, where known.
    pub municipality_code: Option<String>,
}

impl TrainingAccountDraft {
    /// Judges the filing. `base` is the change's own pointer, `/changes/0/payload` for example.
    ///
    /// Rule W-24 (what must be given, the copy of the licence too); source: docs/rules/workflow.md#w-24.
    ///
    /// # Errors
    /// Every fault at once, in the order of the form.
    pub fn complete(
        &self,
        base: &str,
        facts: &TrainingAccountFacts,
        today: NaiveDate,
    ) -> Result<TrainingAccount, Vec<FieldFault>> {
        let mut faults = Faults::at(base);
        let identity = self.identity(&mut faults, today);
        if !facts.attached.contains(&AttachmentPurpose::MedicalLicense) {
            faults.push("/medical_license", FieldErrorCode::Required);
        }
        let workplace = self.workplace.complete(&mut faults, facts);
        let contact = self.contact.complete(&mut faults);
        match (identity, workplace, contact, facts.prefecture) {
            (Some(identity), Some(workplace), Some(contact), Some(prefecture)) if faults.is_empty() => {
                Ok(TrainingAccount { identity, workplace, contact, prefecture })
            }
            (_, _, _, _) => Err(faults.found()),
        }
    }

    fn identity(&self, faults: &mut Faults<'_>, today: NaiveDate) -> Option<Identity> {
        let family_name = faults.required_text("/family_name", self.family_name.as_deref());
        let given_name = faults.required_text("/given_name", self.given_name.as_deref());
        let family_name_kana = faults.required_text("/family_name_kana", self.family_name_kana.as_deref());
        let given_name_kana = faults.required_text("/given_name_kana", self.given_name_kana.as_deref());
        let birth_date = faults.required("/birth_date", self.birth_date);
        let lived = birth_date.map(|birth| today.year() - birth.year());
        if lived.is_some_and(|years| !(YOUNGEST_REGISTERED..=OLDEST).contains(&years)) {
            faults.push("/birth_date", FieldErrorCode::OutOfRange);
        }
        let sex = faults.required("/sex", self.sex);
        let number = faults.required_text("/registration_number", self.registration_number.as_deref());
        let registration_number = number.as_deref().and_then(|text| RegistrationNumber::parse(text).ok());
        if number.is_some() && registration_number.is_none() {
            faults.push("/registration_number", FieldErrorCode::InvalidFormat);
        }
        let registered_on = faults.required("/registered_on", self.registered_on);
        if registered_on.is_some_and(|day| day > today) {
            faults.push("/registered_on", FieldErrorCode::OutOfRange);
        } else if let (Some(birth), Some(day)) = (birth_date, registered_on)
            && day.year() - birth.year() < YOUNGEST_REGISTERED
        {
            faults.push("/registered_on", FieldErrorCode::Conflicting);
        }
        Some(Identity {
            family_name: family_name?,
            given_name: given_name?,
            family_name_kana: family_name_kana?,
            given_name_kana: given_name_kana?,
            birth_date: birth_date?,
            sex: sex?,
            registration_number: registration_number?,
            registered_on: registered_on?,
        })
    }
}

impl TrainingWorkplaceDraft {
    fn complete(&self, faults: &mut Faults<'_>, facts: &TrainingAccountFacts) -> Option<Workplace> {
        if self.facility.is_some() && facts.facility.is_none() {
            faults.push("/workplace/facility_id", FieldErrorCode::UnknownValue);
        }
        let name = faults.required_text("/workplace/name", self.name.as_deref());
        let kind = faults.required("/workplace/kind", self.kind);
        let postal_code = faults.required_text("/workplace/postal_code", self.postal_code.as_deref());
        if postal_code.as_deref().is_some_and(|code| PostalCode::parse(code).is_err()) {
            faults.push("/workplace/postal_code", FieldErrorCode::InvalidFormat);
        }
        let municipality_code = faults.required_text("/workplace/municipality_code", self.municipality_code.as_deref());
        if municipality_code.is_some() && facts.prefecture.is_none() {
            faults.push("/workplace/municipality_code", FieldErrorCode::UnknownValue);
        } else if let Some(known) = facts.facility.as_ref().and_then(|facility| facility.municipality_code.as_ref())
            && municipality_code.as_ref().is_some_and(|chosen| chosen != known)
        {
            faults.push("/workplace/municipality_code", FieldErrorCode::Conflicting);
        }
        let address = faults.required_text("/workplace/address", self.address.as_deref());
        if self.phone.as_deref().is_some_and(|phone| PhoneNumber::parse(phone).is_err()) {
            faults.push("/workplace/phone", FieldErrorCode::InvalidFormat);
        }
        Some(Workplace {
            facility: self.facility,
            name: name?,
            kind: kind?,
            postal_code: postal_code?,
            municipality_code: Some(municipality_code?),
            address: address?,
            phone: self.phone.clone(),
            business_type: None,
            employment: None,
        })
    }
}

impl TrainingAccount {
    /// Which associations the route's places are.
    #[must_use]
    pub fn places(&self) -> Places {
        Places { workplace_prefecture: Some(self.prefecture), ..Places::default() }
    }

    /// What concluding does: the account speaks for the claimed person from today on. A provisional person gets a record; one
    /// that was there before keeps what it says (W-26).
    #[must_use]
    pub fn effects(
        &self,
        account: AccountId,
        claim: Claim,
        (effective_date, today): (NaiveDate, NaiveDate),
    ) -> Vec<Effect> {
        let person: PersonId = claim.person();
        let Identity { family_name, given_name, .. } = &self.identity;
        let display_name = mamis_kernel::text::name::display_name(family_name, given_name);
        let open = Effect::OpenTrainingAccount { account, person, display_name, since: today };
        match claim {
            Claim::Link { .. } => vec![open],
            Claim::Confirm { .. } => vec![
                Effect::ConfirmPerson { person, identity: self.identity.clone() },
                open,
                Effect::SetMainWorkplace { person, workplace: self.workplace.clone(), valid_from: effective_date },
                Effect::SetContact { person, contact: self.contact.clone() },
            ],
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
