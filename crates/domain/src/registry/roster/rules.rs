//! The rules of one record, in their order: the first that applies decides.

use std::collections::HashSet;

use chrono::NaiveDate;
use mamis_kernel::text::{PostalCode, RegistrationNumber, RegistrationNumberError};
use mamis_kernel::wareki::{DateError, parse_japanese_date};

use super::directory::RosterDirectory;
use super::fields;
use super::model::AcceptedRecord;
use super::outcome::{Place, Rejection, RosterField, Warning};
use super::record::{Column, Fingerprint, RosterRecord};

/// Who a record is about: the two cells that are needed before any other rule, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// 医籍登録番号
    pub number: Result<RegistrationNumber, RegistrationNumberError>,
    /// 生年月日
    pub birth_date: Result<NaiveDate, DateError>,
}

impl Identity {
    /// Reads both cells.
    pub fn of(record: &RosterRecord) -> Self {
        Self {
            number: RegistrationNumber::parse(record.cell(Column::RegistrationNumber)),
            birth_date: parse_japanese_date(record.cell(Column::BirthDate)),
        }
    }
}

/// Judges one record by the field rules, RO-5 to RO-15 in this order.
///
/// # Errors
/// The first rule that refuses the record.
pub fn judge_fields(
    record: &RosterRecord,
    fingerprint: Fingerprint,
    identity: Identity,
    directory: &RosterDirectory,
    postal_codes: &HashSet<PostalCode>,
) -> Result<(AcceptedRecord, Vec<Warning>), Rejection> {
    if let Some(cells) = record.ragged() {
        let message = format!("列の数が見出しと合いません（{cells}列あります）。カンマや引用符を確認してください。");
        return Err(Rejection { field: RosterField::Record, message });
    }
    let mut warnings = Vec::new();
    let known = |code| postal_codes.contains(&code);

    let birth_date = fields::birth_date(identity.birth_date, record.cell(Column::BirthDate))?;
    let registration_number = fields::registration_number(identity.number, record.cell(Column::RegistrationNumber))?;
    let registration_date = fields::registration_date(record, birth_date)?;
    let district = fields::associations(record, directory)?;
    fields::tiers(record)?;
    let category = fields::category(record, &mut warnings)?;
    let joined = fields::joined_on(record)?;
    let end = fields::end(record, joined, &mut warnings)?;
    let (family_name_kana, given_name_kana) = fields::name_kana(record, &mut warnings)?;
    let name = fields::name(record)?;
    fields::other_cells(record)?;

    let accepted = AcceptedRecord {
        line_of_record: record.line_of_record(),
        fingerprint,
        family_name: name.family.to_owned(),
        given_name: name.given.to_owned(),
        family_name_kana,
        given_name_kana,
        birth_date,
        sex: fields::sex(record, &mut warnings),
        registration_number,
        registration_date,
        alma_mater: fields::optional(record, Column::AlmaMater),
        graduation_month: fields::graduation_month(record, &mut warnings),
        jma_member_id: fields::jma_member_id(record, &mut warnings),
        category,
        district_code: district.code.clone(),
        prefectural_code: district.prefectural_code.clone(),
        prefecture_code: district.prefecture_code.clone(),
        joined,
        end,
        facility: fields::facility(record, known, &mut warnings),
        specialties: fields::specialties(record),
        home: fields::contact(record, Place::Home, known, &mut warnings),
        email: fields::email(record, &mut warnings),
        mail_to: fields::mail_to(record, &mut warnings),
        journal: fields::journal(record, &mut warnings),
    };
    Ok((accepted, warnings))
}
