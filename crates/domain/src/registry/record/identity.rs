use chrono::{Datelike, NaiveDate};
use mamis_kernel::text::{RegistrationNumber, parse_kana};
use mamis_kernel::{FieldErrorCode, RecordField, Sex};

use super::{RecordChange, differing};
use crate::workflow::FieldFault;

/// Nobody has a licence before.
const YOUNGEST: i32 = 20;
const OLDEST: i32 = 120;

/// Who somebody is, as far as it stands in the record once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFacts {
    /// 姓
    pub family_name: String,
    /// 名
    pub given_name: String,
    /// セイ
    pub family_name_kana: String,
    /// メイ
    pub given_name_kana: String,
    /// In Latin letters.
    pub family_name_romaji: Option<String>,
    /// In Latin letters.
    pub given_name_romaji: Option<String>,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 性別
    pub sex: Sex,
    /// 出身校
    pub alma_mater: Option<String>,
    /// 卒業年月, the first of the month.
    pub graduated_in: Option<NaiveDate>,
    /// 診療科名
    pub specialties: Vec<String>,
    /// 医籍登録番号 and 年月日
    pub registration: Option<(String, NaiveDate)>,
}

/// What is to be corrected; what is not given stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// 姓
    pub family_name: Option<String>,
    /// 名
    pub given_name: Option<String>,
    /// セイ
    pub family_name_kana: Option<String>,
    /// メイ
    pub given_name_kana: Option<String>,
    /// In Latin letters; may be taken away.
    pub family_name_romaji: Option<Option<String>>,
    /// In Latin letters; may be taken away.
    pub given_name_romaji: Option<Option<String>>,
    /// 生年月日
    pub birth_date: Option<NaiveDate>,
    /// 性別
    pub sex: Option<Sex>,
    /// 出身校; may be taken away.
    pub alma_mater: Option<Option<String>>,
    /// 卒業年月; may be taken away.
    pub graduated_in: Option<Option<NaiveDate>>,
    /// 診療科名
    pub specialties: Option<Vec<String>>,
    /// 医籍登録番号
    pub registration_number: Option<String>,
    /// 医籍登録年月日
    pub registered_on: Option<NaiveDate>,
}

impl Correction {
    /// The person as corrected.
    ///
    /// Rule REC-5 (names are stored as typed, readings as katakana; nobody was registered before the twentieth year);
    /// source: docs/rules/registry.md#rec-5.
    ///
    /// # Errors
    /// Every fault, at its field.
    pub fn apply(self, before: &PersonFacts, today: NaiveDate) -> Result<PersonFacts, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut fault = |pointer: &str, code| faults.push(FieldFault::new(pointer, code));
        let mut after = before.clone();
        for (pointer, given, kept) in [
            ("/family_name", self.family_name, &mut after.family_name),
            ("/given_name", self.given_name, &mut after.given_name),
        ] {
            let Some(given) = given else { continue };
            match given.trim() {
                "" => fault(pointer, FieldErrorCode::Required),
                name => name.clone_into(kept),
            }
        }
        for (pointer, given, kept) in [
            ("/family_name_kana", self.family_name_kana, &mut after.family_name_kana),
            ("/given_name_kana", self.given_name_kana, &mut after.given_name_kana),
        ] {
            let Some(given) = given else { continue };
            match parse_kana(&given) {
                Ok(kana) => *kept = kana,
                Err(_) if given.trim().is_empty() => fault(pointer, FieldErrorCode::Required),
                Err(_) => fault(pointer, FieldErrorCode::InvalidFormat),
            }
        }
        for (pointer, given, kept) in [
            ("/family_name_romaji", self.family_name_romaji, &mut after.family_name_romaji),
            ("/given_name_romaji", self.given_name_romaji, &mut after.given_name_romaji),
        ] {
            let Some(given) = given else { continue };
            let given = given.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            if given.as_deref().is_some_and(|name| !is_romaji(name)) {
                fault(pointer, FieldErrorCode::InvalidFormat);
            } else {
                *kept = given;
            }
        }
        if let Some(birth_date) = self.birth_date {
            after.birth_date = birth_date;
            if !(YOUNGEST..=OLDEST).contains(&(today.year() - birth_date.year())) {
                fault("/birth_date", FieldErrorCode::OutOfRange);
            }
        }
        if let Some(alma_mater) = self.alma_mater {
            after.alma_mater = alma_mater.map(|school| school.trim().to_owned()).filter(|school| !school.is_empty());
        }
        if let Some(graduated_in) = self.graduated_in {
            let month = graduated_in.and_then(|day| day.with_day(1));
            if month.is_some_and(|month| month > today || month <= after.birth_date) {
                fault("/graduated_in", FieldErrorCode::OutOfRange);
            }
            after.graduated_in = month;
        }
        if let Some(specialties) = self.specialties {
            let given = specialties.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
            after.specialties = given.map(str::to_owned).collect();
        }
        after.sex = self.sex.unwrap_or(after.sex);
        let number = match self.registration_number.map(|text| RegistrationNumber::parse(&text)) {
            Some(Ok(number)) => Some(number.to_string()),
            Some(Err(_)) => {
                fault("/registration_number", FieldErrorCode::InvalidFormat);
                None
            }
            None => before.registration.as_ref().map(|(number, _)| number.clone()),
        };
        let registered_on = self.registered_on.or(before.registration.as_ref().map(|(_, day)| *day));
        match (number, registered_on) {
            (Some(number), Some(day)) => after.registration = Some((number, day)),
            (Some(_), None) => fault("/registered_on", FieldErrorCode::Required),
            (None, _) => {}
        }
        if let Some((_, day)) = &after.registration
            && after.registration != before.registration
        {
            if *day > today {
                fault("/registered_on", FieldErrorCode::OutOfRange);
            } else if day.year() - after.birth_date.year() < YOUNGEST {
                fault("/registered_on", FieldErrorCode::Conflicting);
            }
        }
        if faults.is_empty() { Ok(after) } else { Err(faults) }
    }
}

fn is_romaji(name: &str) -> bool {
    name.chars().all(|c| c.is_alphabetic() && !is_cjk(c) || matches!(c, ' ' | '-' | '\'' | '.'))
}

/// Scripts that readings and names of their own are written in.
const fn is_cjk(c: char) -> bool {
    c >= '\u{2E80}'
}

/// One of the fields, as the wire has it.
type Value = fn(&PersonFacts) -> Option<String>;

/// What a person becomes, field by field.
#[must_use]
pub fn person_changes(before: Option<&PersonFacts>, after: &PersonFacts) -> Vec<RecordChange> {
    let fields: [(RecordField, Value); 13] = [
        (RecordField::FamilyName, |facts| Some(facts.family_name.clone())),
        (RecordField::GivenName, |facts| Some(facts.given_name.clone())),
        (RecordField::FamilyNameKana, |facts| Some(facts.family_name_kana.clone())),
        (RecordField::GivenNameKana, |facts| Some(facts.given_name_kana.clone())),
        (RecordField::FamilyNameRomaji, |facts| facts.family_name_romaji.clone()),
        (RecordField::GivenNameRomaji, |facts| facts.given_name_romaji.clone()),
        (RecordField::BirthDate, |facts| Some(facts.birth_date.to_string())),
        (RecordField::Sex, |facts| Some(facts.sex.to_string())),
        (RecordField::AlmaMater, |facts| facts.alma_mater.clone()),
        (RecordField::GraduatedIn, |facts| facts.graduated_in.map(|day| day.to_string())),
        (RecordField::Specialties, |facts| Some(facts.specialties.join("、")).filter(|text| !text.is_empty())),
        (RecordField::RegistrationNumber, |facts| facts.registration.as_ref().map(|(number, _)| number.clone())),
        (RecordField::RegisteredOn, |facts| facts.registration.as_ref().map(|(_, day)| day.to_string())),
    ];
    differing(None, fields.into_iter().map(|(field, value)| (field, before.and_then(value), value(after))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hanako() -> PersonFacts {
        PersonFacts {
            family_name: "高橋".to_owned(),
            given_name: "花子".to_owned(),
            family_name_kana: "タカハシ".to_owned(),
            given_name_kana: "ハナコ".to_owned(),
            family_name_romaji: None,
            given_name_romaji: None,
            birth_date: day("1980-07-05"),
            sex: Sex::Female,
            alma_mater: None,
            graduated_in: None,
            specialties: Vec::new(),
            registration: Some(("506762".to_owned(), day("2005-04-20"))),
        }
    }

    #[test]
    fn rec_5_a_correction_changes_what_it_names_and_nothing_else() {
        let today = day("2026-11-23");
        let correction = Correction {
            family_name: Some(" 髙橋 ".to_owned()),
            given_name_kana: Some("はなこ".to_owned()),
            family_name_romaji: Some(Some("Takahashi".to_owned())),
            registration_number: Some("０５０６７６３".to_owned()),
            ..Correction::default()
        };
        let after = correction.apply(&hanako(), today).unwrap();
        let expected = PersonFacts {
            family_name: "髙橋".to_owned(),
            family_name_romaji: Some("Takahashi".to_owned()),
            registration: Some(("506763".to_owned(), day("2005-04-20"))),
            ..hanako()
        };
        assert_eq!(after, expected);
        let changed: Vec<RecordField> =
            person_changes(Some(&hanako()), &after).iter().map(|change| change.field).collect();
        assert_eq!(
            changed,
            [RecordField::FamilyName, RecordField::FamilyNameRomaji, RecordField::RegistrationNumber],
            "the reading was the same"
        );
    }

    #[test]
    fn rec_5_every_fault_is_told_at_once() {
        let correction = Correction {
            family_name: Some("　".to_owned()),
            given_name_kana: Some("花子".to_owned()),
            given_name_romaji: Some(Some("花子".to_owned())),
            birth_date: Some(day("2016-07-05")),
            graduated_in: Some(Some(day("2027-03-01"))),
            registration_number: Some("A".to_owned()),
            registered_on: Some(day("2026-12-01")),
            ..Correction::default()
        };
        let faults = correction.apply(&hanako(), day("2026-11-23")).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        let expected = [
            "/family_name",
            "/given_name_kana",
            "/given_name_romaji",
            "/birth_date",
            "/graduated_in",
            "/registration_number",
        ];
        assert_eq!(pointers, expected);
    }
}
