//! The judgement of a whole file, record by record, in order.

use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use mamis_kernel::text::{PostalCode, RegistrationNumber};

use super::directory::RosterDirectory;
use super::outcome::Outcome;
use super::record::{Column, RosterRecord};
use super::rules::{Identity, judge_fields};

/// Sees the records of one file in order and remembers what duplicates (RO-3) and conflicts (RO-4) need: about 60 bytes
/// per record.
///
/// The order of judgement: the same record again, then the registration number of somebody else, then the field rules.
#[derive(Debug)]
pub struct RosterJudge {
    directory: RosterDirectory,
    postal_codes: HashSet<PostalCode>,
    /// Where each record stood first.
    seen: HashMap<u128, u64>,
    /// Who holds each registration number.
    holders: HashMap<RegistrationNumber, Holder>,
}

#[derive(Debug, Clone, Copy)]
struct Holder {
    birth_date: NaiveDate,
    /// The accepted record of this file; `None` when the person was already in the database.
    record: Option<u64>,
}

impl RosterJudge {
    /// A judge who knows these associations and postal codes, and nobody yet.
    pub fn new(directory: RosterDirectory, postal_codes: HashSet<PostalCode>) -> Self {
        Self { directory, postal_codes, seen: HashMap::new(), holders: HashMap::new() }
    }

    /// Tells the judge of a person in the database. Persons may be told all at once before the first record, or
    /// those of a batch of records before that batch; see [`RosterJudge::registration_number`].
    pub fn know(&mut self, number: RegistrationNumber, birth_date: NaiveDate) {
        // What an earlier record of this file said was accepted against the database already.
        self.holders.entry(number).or_insert(Holder { birth_date, record: None });
    }

    /// The registration number of a record, to ask the database about a batch before judging it.
    pub fn registration_number(record: &RosterRecord) -> Option<RegistrationNumber> {
        RegistrationNumber::parse(record.cell(Column::RegistrationNumber)).ok()
    }

    /// The associations this judge knows.
    pub fn directory(&self) -> &RosterDirectory {
        &self.directory
    }

    /// Judges the next record.
    pub fn judge(&mut self, record: &RosterRecord) -> Outcome {
        let fingerprint = record.fingerprint();
        match self.seen.entry(fingerprint.short()) {
            Entry::Occupied(first) => return Outcome::Duplicate { first: *first.get() },
            Entry::Vacant(vacant) => vacant.insert(record.line_of_record()),
        };

        let identity = Identity::of(record);
        if let (Ok(number), Ok(birth_date)) = (&identity.number, &identity.birth_date)
            && let Some(holder) = self.holders.get(number)
            && holder.birth_date != *birth_date
        {
            return Outcome::Conflict { earlier: holder.record };
        }

        match judge_fields(record, fingerprint, identity, &self.directory, &self.postal_codes) {
            Ok((accepted, warnings)) => {
                let holder = Holder { birth_date: accepted.birth_date, record: Some(accepted.line_of_record) };
                self.holders.entry(accepted.registration_number).or_insert(holder);
                Outcome::Accepted { record: Box::new(accepted), warnings }
            }
            Err(rejection) => Outcome::Rejected(rejection),
        }
    }
}

#[cfg(test)]
mod tests {
    use mamis_kernel::{EndReason, MemberCategory, Tier};
    use proptest::prelude::*;

    use super::super::directory::DirectoryEntry;
    use super::super::outcome::{Place, Warning};
    use super::super::record::COLUMN_COUNT;
    use super::*;

    fn judge() -> RosterJudge {
        let entry = |code: &str, tier, parent: Option<&str>, name: &str| DirectoryEntry {
            code: code.to_owned(),
            tier,
            parent_code: parent.map(str::to_owned),
            prefecture_code: parent.map(|_| code[..2].to_owned()),
            name: name.to_owned(),
        };
        let directory = RosterDirectory::new([
            entry("00000", Tier::National, None, "日本医師会"),
            entry("13000", Tier::Prefectural, Some("00000"), "東京都医師会"),
            entry("25000", Tier::Prefectural, Some("00000"), "滋賀県医師会"),
            entry("25001", Tier::District, Some("25000"), "大津市医師会"),
        ]);
        RosterJudge::new(directory, [PostalCode::parse("5200044").unwrap()].into())
    }

    const CELLS: [&str; COLUMN_COUNT] = [
        "0123456789",
        "髙橋 德子",
        "ﾀｶﾊｼ ﾄｸｺ",
        "S39.4.1",
        "女",
        "０１２３４５",
        "H元.05.07",
        "滋賀医科大学",
        "1989/3",
        "Ａ②（Ｂ）",
        "大津市医師会",
        "滋賀県医師会",
        "H2.4.1",
        "H2.4.1",
        "H3.4.1",
        "",
        "",
        "髙橋医院",
        "診療所",
        "520-0044",
        "滋賀県大津市京町1－1",
        "077-522-1234",
        "内科、小児科",
        "5200044",
        "滋賀県大津市京町2－2",
        "077-522-4321",
        "toku@example.jp",
        "自宅",
        "発送",
    ];

    fn record(line: u64, changes: &[(Column, &str)]) -> RosterRecord {
        let mut cells = CELLS;
        for (column, cell) in changes {
            cells[*column as usize] = cell;
        }
        RosterRecord::from_cells(line, cells)
    }

    fn field_of(changes: &[(Column, &str)]) -> &'static str {
        let outcome = judge().judge(&record(2, changes));
        if matches!(outcome, Outcome::Rejected(_)) {
            assert!(outcome.message().ends_with('。'), "{}", outcome.message());
        }
        outcome.field()
    }

    fn accepted(changes: &[(Column, &str)]) -> (AcceptedRecord, Vec<Warning>) {
        match judge().judge(&record(2, changes)) {
            Outcome::Accepted { record, warnings } => (*record, warnings),
            other => panic!("{other:?}"),
        }
    }

    use super::super::model::{AcceptedRecord, JournalDelivery, MailTo};

    #[test]
    fn a_good_record_is_accepted_as_it_stands() {
        let (record, warnings) = accepted(&[]);
        assert_eq!(warnings, []);
        assert_eq!((record.family_name.as_str(), record.given_name.as_str()), ("髙橋", "德子"));
        assert_eq!((record.display_name().as_str(), record.name_kana().as_str()), ("髙橋　德子", "タカハシ トクコ"));
        assert_eq!(record.registration_number.to_string(), "12345");
        assert_eq!(record.category, Some(MemberCategory::A2B));
        assert_eq!((record.district_code.as_str(), record.prefectural_code.as_str()), ("25001", "25000"));
        assert_eq!(record.top_tier(), Tier::National);
        let joined = record.memberships().map(|(tier, day)| (tier, day.to_string())).collect::<Vec<_>>();
        assert_eq!(
            joined,
            [
                (Tier::District, "1990-04-01".to_owned()),
                (Tier::Prefectural, "1990-04-01".to_owned()),
                (Tier::National, "1991-04-01".to_owned())
            ]
        );
        assert_eq!(record.specialties, ["内科", "小児科"]);
        assert_eq!(record.home.phone.as_deref(), Some("0775224321"));
        assert_eq!((record.mail_to, record.journal), (Some(MailTo::Home), Some(JournalDelivery::Posted)));
    }

    #[test]
    fn ro_3_the_same_record_again_is_a_duplicate_even_when_it_was_rejected() {
        let mut judge = judge();
        judge.judge(&record(2, &[]));
        assert_eq!(judge.judge(&record(3, &[])), Outcome::Duplicate { first: 2 });
        judge.judge(&record(4, &[(Column::Name, "")]));
        assert_eq!(judge.judge(&record(5, &[(Column::Name, "")])), Outcome::Duplicate { first: 4 });
    }

    #[test]
    fn ro_4_a_registration_number_of_somebody_with_another_birth_date_is_a_conflict() {
        let mut judge = judge();
        judge.judge(&record(2, &[]));
        let other = record(3, &[(Column::BirthDate, "S40.4.1"), (Column::RegistrationNumber, "12345")]);
        assert_eq!(judge.judge(&other), Outcome::Conflict { earlier: Some(2) });
        let married = record(4, &[(Column::Name, "山田 德子")]);
        assert_eq!(judge.judge(&married).as_str(), "accepted", "another surname is the same person");
    }

    #[test]
    fn ro_4_the_database_counts_like_an_earlier_record_and_a_rejected_record_does_not_count() {
        let day = |d| NaiveDate::from_ymd_opt(1964, 4, d).unwrap();
        let number = RegistrationNumber::parse("12345").unwrap();
        let mut known = judge();
        known.know(number, day(2));
        assert_eq!(known.judge(&record(2, &[])), Outcome::Conflict { earlier: None });
        let mut same = judge();
        same.know(number, day(1));
        assert_eq!(same.judge(&record(2, &[])).as_str(), "accepted");
        let mut after = judge();
        after.judge(&record(2, &[(Column::BirthDate, "S40.4.1"), (Column::NameKana, "")]));
        assert_eq!(after.judge(&record(3, &[])).as_str(), "accepted");
    }

    #[test]
    fn the_first_rule_that_applies_decides() {
        let mut judge = judge();
        judge.judge(&record(2, &[]));
        let conflict = record(3, &[(Column::BirthDate, "S40.4.1"), (Column::NameKana, "")]);
        assert_eq!(judge.judge(&conflict).as_str(), "conflict");
        let faults = [
            (Column::BirthDate, "39.4.1", "birth_date"),
            (Column::RegistrationNumber, "x", "medical_registration_number"),
            (Column::RegistrationDate, "S40.4.1", "medical_registration_date"),
            (Column::District, "津市医師会", "district_association"),
            (Column::PrefecturalJoined, "", "lower_tier"),
            (Column::Category, "A", "member_category"),
            (Column::WithdrawalDate, "S1.12.25", "withdrawal_date"),
            (Column::NameKana, "髙橋", "name_kana"),
            (Column::Name, "\u{E000}橋 德子", "name"),
            (Column::FacilityName, "\u{E000}橋医院", "facility_name"),
        ];
        for first in 0..faults.len() {
            let changes = faults[first..].iter().map(|(column, cell, _)| (*column, *cell)).collect::<Vec<_>>();
            assert_eq!(field_of(&changes), faults[first].2);
        }
    }

    #[test]
    fn ro_5_a_birth_date_has_to_exist_in_its_era() {
        for cell in ["", "39.4.1", "M50.1.1", "H31.5.1", "S64.1.8", "S39.13.4", "T15.12.31", "不明"] {
            assert_eq!(field_of(&[(Column::BirthDate, cell)]), "birth_date", "{cell}");
        }
        let message = judge().judge(&record(2, &[(Column::BirthDate, "S64.1.8")])).message();
        assert_eq!(message, "生年月日「S64.1.8」は昭和の期間にありません。平成元年1月8日ではありませんか。");
    }

    #[test]
    fn ro_6_a_registration_number_has_one_to_seven_digits() {
        for cell in ["", "1234567890", "12A456", "第123456号", "0"] {
            assert_eq!(field_of(&[(Column::RegistrationNumber, cell)]), "medical_registration_number", "{cell}");
        }
    }

    #[test]
    fn ro_7_nobody_is_registered_before_the_20th_birthday() {
        assert_eq!(field_of(&[(Column::RegistrationDate, "S59.3.31")]), "medical_registration_date");
        assert_eq!(field_of(&[(Column::RegistrationDate, "")]), "medical_registration_date");
        assert_eq!(field_of(&[(Column::RegistrationDate, "S59.4.1")]), "");
    }

    #[test]
    fn ro_8_and_ro_9_the_associations_have_to_fit() {
        assert_eq!(field_of(&[(Column::District, "")]), "district_association");
        assert_eq!(field_of(&[(Column::District, "大津市区域医師会")]), "district_association");
        assert_eq!(field_of(&[(Column::Prefectural, "東京都医師会")]), "prefectural_association");
        assert_eq!(field_of(&[(Column::Prefectural, "")]), "prefectural_association");
    }

    #[test]
    fn ro_10_a_tier_needs_the_tier_below() {
        assert_eq!(field_of(&[(Column::PrefecturalJoined, "")]), "lower_tier");
        assert_eq!(field_of(&[(Column::DistrictJoined, "")]), "lower_tier");
        assert_eq!(field_of(&[(Column::NationalJoined, ""), (Column::Category, "")]), "");
        let district_only = [(Column::PrefecturalJoined, ""), (Column::NationalJoined, ""), (Column::Category, "")];
        assert_eq!(accepted(&district_only).0.top_tier(), Tier::District);
    }

    #[test]
    fn ro_11_a_national_member_has_a_category_and_nobody_else_does() {
        assert_eq!(field_of(&[(Column::Category, "")]), "member_category");
        assert_eq!(field_of(&[(Column::Category, "Ａ③")]), "member_category");
        let (record, warnings) = accepted(&[(Column::NationalJoined, "")]);
        assert_eq!((record.category, warnings), (None, vec![Warning::CategoryWithoutMembership]));
    }

    #[test]
    fn ro_12_the_last_day_is_not_before_the_first_of_any_tier() {
        let left = |day| [(Column::WithdrawalDate, day), (Column::WithdrawalReason, "死亡")];
        assert_eq!(field_of(&left("H3.3.31")), "withdrawal_date", "national joined a day later");
        let end = accepted(&left("H3.4.1")).0.end.unwrap();
        assert_eq!((end.left_on.to_string().as_str(), end.reason), ("1991-04-01", Some(EndReason::Death)));
        assert_eq!(field_of(&left("いつか")), "withdrawal_date");
        assert_eq!(field_of(&left("")), "withdrawal_date", "a reason without a date");
        assert_eq!(
            field_of(&[(Column::WithdrawalDate, "R1.5.1"), (Column::WithdrawalReason, "家出")]),
            "withdrawal_reason"
        );
        let (_, warnings) = accepted(&[(Column::WithdrawalDate, "R1.5.1")]);
        assert_eq!(warnings, [Warning::NoWithdrawalReason]);
        assert_eq!(field_of(&[(Column::NationalJoined, "H3.4.31")]), "joining_date");
    }

    #[test]
    fn ro_13_the_reading_is_kana() {
        assert_eq!(field_of(&[(Column::NameKana, "")]), "name_kana");
        assert_eq!(field_of(&[(Column::NameKana, "髙橋 德子")]), "name_kana");
        let (record, warnings) = accepted(&[(Column::NameKana, "たかはし")]);
        assert_eq!((record.name_kana().as_str(), warnings), ("タカハシ", vec![Warning::KanaNotSplit]));
    }

    #[test]
    fn ro_14_a_gaiji_in_the_name_stops_the_record() {
        assert_eq!(field_of(&[(Column::Name, "\u{E000}橋 德子")]), "name");
        assert_eq!(field_of(&[(Column::Name, "髙橋")]), "name");
        assert_eq!(field_of(&[(Column::Name, "髙橋 德\u{7}子")]), "name");
        assert_eq!(field_of(&[(Column::Name, &format!("髙 {}", "橋".repeat(101)))]), "name");
    }

    #[test]
    fn ro_15_control_characters_gaiji_and_endless_text_stop_the_record_wherever_they_stand() {
        assert_eq!(field_of(&[(Column::FacilityName, "髙橋\n医院")]), "facility_name");
        assert_eq!(field_of(&[(Column::Email, "a\u{0}@example.jp")]), "email");
        assert_eq!(field_of(&[(Column::HomeAddress, "大津市\u{E000}町")]), "home_address");
        assert_eq!(field_of(&[(Column::FacilityAddress, &"京".repeat(501))]), "facility_address");
    }

    #[test]
    fn ro_16_soft_faults_are_stored_and_told() {
        let (record, warnings) = accepted(&[
            (Column::FacilityPostalCode, "９９９－９９９９"),
            (Column::HomePostalCode, "52"),
            (Column::FacilityName, "=HYPERLINK(\"http://example.jp\",\"医院\")"),
            (Column::FacilityAddress, "滋賀県大津市\r\n京町1－1"),
            (Column::HomePhone, "077-522-4321 内線5"),
            (Column::Email, "dr..1.@docomo.ne.jp"),
            (Column::Sex, "？"),
            (Column::GraduationMonth, "1989/13"),
            (Column::JmaMemberId, "123"),
            (Column::MailTo, "職場"),
            (Column::Journal, "?"),
        ]);
        assert_eq!(
            warnings,
            [
                Warning::UnknownSex,
                Warning::UnreadableGraduationMonth,
                Warning::UnusualJmaMemberId,
                Warning::FormulaLikeFacilityName,
                Warning::UnknownPostalCode(Place::Facility),
                Warning::LineBreakInAddress(Place::Facility),
                Warning::UnreadablePostalCode(Place::Home),
                Warning::UnusualPhone(Place::Home),
                Warning::UnusualEmail,
                Warning::UnknownMailTo,
                Warning::UnknownJournalDelivery,
            ]
        );
        let facility = record.facility.unwrap();
        assert_eq!(facility.name, "=HYPERLINK(\"http://example.jp\",\"医院\")");
        assert_eq!(facility.contact.address.as_deref(), Some("滋賀県大津市\r\n京町1－1"));
        assert_eq!(facility.contact.postal_code.unwrap().to_string(), "9999999");
        assert_eq!(record.home.phone.as_deref(), Some("077-522-4321 内線5"));
        assert_eq!(record.email.as_deref(), Some("dr..1.@docomo.ne.jp"));
    }

    #[test]
    fn the_report_repeats_a_value_on_one_short_line() {
        let long = "x\n".repeat(200);
        let message = judge().judge(&record(2, &[(Column::RegistrationNumber, &long)])).message();
        assert!(message.chars().count() < 120 && !message.contains('\n'), "{message}");
    }

    proptest! {
        #[test]
        fn no_cell_makes_it_panic(index in 0..COLUMN_COUNT, cell in any::<String>()) {
            let outcome = judge().judge(&record(2, &[(Column::ALL[index], &cell)]));
            prop_assert_eq!(outcome.field().is_empty(), outcome.as_str() == "accepted");
        }
    }
}
