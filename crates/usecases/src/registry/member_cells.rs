//! A member's line, cell by cell, as files have it.

use std::borrow::Cow;

use chrono::NaiveDate;
use mamis_domain::registry::Directory;
use mamis_kernel::{AssociationId, MemberColumn, Sex};
use mamis_persistence::registry::MemberLine;

/// What stands in a column.
pub(crate) fn cell<'a>(
    line: &'a MemberLine,
    column: MemberColumn,
    association: AssociationId,
    directory: &'a Directory,
) -> Cow<'a, str> {
    let text = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let day = |day: Option<NaiveDate>| Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default());
    match column {
        MemberColumn::FamilyName => Cow::Borrowed(line.names.family_name.as_str()),
        MemberColumn::GivenName => Cow::Borrowed(&line.names.given_name),
        MemberColumn::FamilyNameKana => Cow::Borrowed(&line.names.family_name_kana),
        MemberColumn::GivenNameKana => Cow::Borrowed(&line.names.given_name_kana),
        MemberColumn::Sex => Cow::Borrowed(match line.sex.parse() {
            Ok(Sex::Male) => "男",
            Ok(Sex::Female) => "女",
            Ok(Sex::Unspecified) | Err(_) => "",
        }),
        MemberColumn::BirthDate => day(Some(line.birth_date)),
        MemberColumn::MedicalRegistrationNumber => text(&line.number),
        MemberColumn::MedicalRegistrationDate => day(line.registered_on),
        MemberColumn::JmaMemberId => text(&line.jma_member_id),
        MemberColumn::Category => {
            let code = line.category_code.as_deref().unwrap_or_default();
            Cow::Borrowed(directory.category_label(association, code).unwrap_or(code))
        }
        MemberColumn::ValidFrom => day(Some(line.valid_from)),
        MemberColumn::LastDay => day(line.valid_to.and_then(|end| end.pred_opt())),
        MemberColumn::District => {
            let district = line.district_id.and_then(|id| directory.get(AssociationId::from_uuid(id)));
            Cow::Borrowed(district.map_or("", |district| &district.name))
        }
        MemberColumn::Workplace => text(&line.facility_name),
        MemberColumn::WorkplaceAddress => text(&line.facility_address),
        MemberColumn::HomePostalCode => text(&line.home_postal_code),
        MemberColumn::HomeAddress => text(&line.home_address),
        MemberColumn::Phone => text(&line.phone),
        MemberColumn::Email => text(&line.email),
        MemberColumn::Specialties => Cow::Borrowed(&line.specialties),
    }
}
