//! Changes of members that come in by a file: whose row it is, what it changes, and why it does not.

use std::borrow::Cow;

use chrono::{NaiveDate, TimeDelta};
use mamis_kernel::text::{
    LineBreaks, PhoneNumber, PostalCode, RegistrationNumber, first_private_use, fold_width, looks_like_email,
    parse_kana, reject_controls, unguarded,
};
use mamis_kernel::wareki::parse_japanese_date;
use mamis_kernel::{ContactPurpose, ImportRefusal, MemberColumn, RecordField};
use serde::{Deserialize, Serialize};

use super::record::RecordChange;

/// Rows of one file (IMP-1).
pub const ROWS_AT_MOST: usize = 10_000;
/// For so long what was written can be taken back; then the rows are forgotten (IMP-7).
pub const UNDONE_WITHIN: TimeDelta = TimeDelta::days(30);

/// What stands for a character that an exported file could not hold.
const GETA: char = '〓';
const ADDRESS_AT_MOST: usize = 500;
const NAME_AT_MOST: usize = 100;
const EMAIL_AT_MOST: usize = 254;
const SPECIALTIES_AT_MOST: usize = 20;
const SPECIALTY_AT_MOST: usize = 50;
/// Between 診療科名 of one cell.
const BETWEEN: &str = "、";

/// One field of a record, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: MemberColumn,
    /// What the record says; empty where it says nothing.
    pub before: String,
    /// What it is to say.
    pub after: String,
}

impl FieldChange {
    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self { field: self.field, before: self.after.clone(), after: self.before.clone() }
    }
}

/// What a person's history says of what a file changed (HIS-1). A postal code and an address are one thing there.
#[must_use]
pub fn record_changes(changes: &[FieldChange]) -> Vec<RecordChange> {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let change = |field, change: &FieldChange| RecordChange::new(field, said(&change.before), said(&change.after));
    let of = |column| changes.iter().find(|change| change.field == column);
    let (code, address) = (of(MemberColumn::HomePostalCode), of(MemberColumn::HomeAddress));
    let whole = |side: fn(&FieldChange) -> &str| {
        let code = code.map(side).filter(|code| !code.is_empty()).map(|code| format!("〒{code}"));
        let parts: Vec<String> = code.into_iter().chain(address.map(side).and_then(said)).collect();
        said(&parts.join(" "))
    };
    let home = (code.is_some() || address.is_some()).then(|| {
        let (before, after) = (whole(|change| &change.before), whole(|change| &change.after));
        let change = RecordChange::new(RecordField::ContactAddress, before, after);
        RecordChange { of: Some(ContactPurpose::Home.to_string()), ..change }
    });
    let one = [
        (MemberColumn::FamilyNameKana, RecordField::FamilyNameKana),
        (MemberColumn::GivenNameKana, RecordField::GivenNameKana),
        (MemberColumn::Phone, RecordField::ContactPhone),
        (MemberColumn::Email, RecordField::ContactEmail),
        (MemberColumn::Specialties, RecordField::Specialties),
    ];
    one.into_iter().filter_map(|(column, field)| of(column).map(|it| change(field, it))).chain(home).collect()
}

/// Why a row is refused, and at which cell if it is one cell's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRefusal {
    /// The cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<MemberColumn>,
    /// Why.
    pub reason: ImportRefusal,
}

impl RowRefusal {
    /// The whole row.
    #[must_use]
    pub const fn row(reason: ImportRefusal) -> Self {
        Self { field: None, reason }
    }

    const fn cell(field: MemberColumn, reason: ImportRefusal) -> Self {
        Self { field: Some(field), reason }
    }
}

/// Where the columns of a file stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportColumns {
    known: Vec<(MemberColumn, usize)>,
    width: usize,
    /// Headings that mean nothing here.
    pub ignored: Vec<String>,
}

impl ImportColumns {
    /// Finds the columns by their headings, in any order; `None` when one stands twice, or the two that say whose row it is are
    /// not both there.
    ///
    /// Rule IMP-1; source: docs/rules/registry.md#imp-1.
    #[must_use]
    pub fn of(headings: &[String]) -> Option<Self> {
        let (mut known, mut ignored) = (Vec::new(), Vec::new());
        for (position, heading) in headings.iter().enumerate() {
            let column = MemberColumn::ALL.iter().copied().find(|column| column.heading() == heading);
            match column {
                Some(column) if known.iter().any(|(other, _)| *other == column) => return None,
                Some(column) => known.push((column, position)),
                None => ignored.push(heading.clone()),
            }
        }
        let found = Self { known, width: headings.len(), ignored };
        let says_whose = [MemberColumn::MedicalRegistrationNumber, MemberColumn::BirthDate];
        says_whose.iter().all(|column| found.position(*column).is_some()).then_some(found)
    }

    fn position(&self, column: MemberColumn) -> Option<usize> {
        self.known.iter().find(|(known, _)| *known == column).map(|(_, position)| *position)
    }

    fn cell<'a>(&self, column: MemberColumn, cells: &'a [String]) -> Option<&'a str> {
        self.position(column).and_then(|position| cells.get(position)).map(String::as_str)
    }

    /// Whose row it is: registration number and birth date.
    ///
    /// Rule IMP-1; source: docs/rules/registry.md#imp-1.
    ///
    /// # Errors
    /// Why that cannot be said.
    pub fn key(&self, cells: &[String]) -> Result<(String, NaiveDate), RowRefusal> {
        if cells.len() != self.width {
            return Err(RowRefusal::row(ImportRefusal::CellCount));
        }
        let read = |column| self.cell(column, cells).map(|cell| unguarded(cell.trim())).unwrap_or_default();
        let unreadable = |column| RowRefusal::cell(column, ImportRefusal::KeyUnreadable);
        let number = RegistrationNumber::parse(read(MemberColumn::MedicalRegistrationNumber));
        let number = number.map_err(|_| unreadable(MemberColumn::MedicalRegistrationNumber))?;
        let born = parse_japanese_date(read(MemberColumn::BirthDate));
        Ok((number.value().to_string(), born.map_err(|_| unreadable(MemberColumn::BirthDate))?))
    }
}

/// What a row of a known member says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgedRow {
    /// What it would change. Counts only where nothing is refused.
    pub changes: Vec<FieldChange>,
    /// Everything that is wrong with it, not only the first thing.
    pub refusals: Vec<RowRefusal>,
}

/// Compares a row with the record. `written` says what the file's encoding makes of a text, so that what it could not hold is not
/// taken for a change.
///
/// Rules IMP-2 (contact data, 診療科名 and readings change; anything else must be what the record says), IMP-3 (what the file or a
/// spreadsheet made of a cell is no change), IMP-4 (an empty cell empties the field); source: docs/rules/registry.md.
#[must_use]
pub fn judge_row<'a>(
    columns: &ImportColumns,
    cells: &[String],
    record: impl Fn(MemberColumn) -> Cow<'a, str>,
    written: impl Fn(&str) -> String,
) -> JudgedRow {
    let mut judged = JudgedRow::default();
    for (column, _) in &columns.known {
        // They say whose row it is, and have been compared.
        if matches!(column, MemberColumn::MedicalRegistrationNumber | MemberColumn::BirthDate) {
            continue;
        }
        let (cell, before) = (columns.cell(*column, cells).unwrap_or_default(), record(*column));
        // A guard comes off; a workbook needs none, and what looks like one may be the record's own (EXP-5).
        let plain = unguarded(cell);
        let held = written(&before);
        if is_same(*column, plain, &before) || cell == before || cell == held || plain == held {
            continue;
        }
        let refuse = |reason| RowRefusal::cell(*column, reason);
        if !column.is_changeable() {
            judged.refusals.push(refuse(ImportRefusal::NotByFile));
            continue;
        }
        match read(*column, plain) {
            Ok(after) if after == before => {}
            Ok(after) => judged.changes.push(FieldChange { field: *column, before: before.into_owned(), after }),
            Err(reason) => judged.refusals.push(refuse(reason)),
        }
    }
    keep_address_whole(&mut judged, &record);
    judged
}

/// A postal code belongs to an address: it does not stand alone, and goes with it.
fn keep_address_whole<'a>(judged: &mut JudgedRow, record: &impl Fn(MemberColumn) -> Cow<'a, str>) {
    let after = |column: MemberColumn| {
        let changed = judged.changes.iter().find(|change| change.field == column);
        changed.map_or_else(|| record(column).into_owned(), |change| change.after.clone())
    };
    let (address, postal_code) = (after(MemberColumn::HomeAddress), after(MemberColumn::HomePostalCode));
    if !address.is_empty() || postal_code.is_empty() {
        return;
    }
    let is_changed = |column| judged.changes.iter().any(|change| change.field == column);
    if is_changed(MemberColumn::HomePostalCode) {
        judged.refusals.push(RowRefusal::cell(MemberColumn::HomeAddress, ImportRefusal::Required));
    } else if is_changed(MemberColumn::HomeAddress) {
        let field = MemberColumn::HomePostalCode;
        judged.changes.push(FieldChange { field, before: postal_code, after: String::new() });
    }
}

/// Whether a cell says what the record says, after all that spreadsheets do to cells.
fn is_same(column: MemberColumn, cell: &str, record: &str) -> bool {
    if cell == record || lines(cell) == lines(record) {
        return true;
    }
    match column {
        // 2020-04-01 comes back as 2020/4/1.
        MemberColumn::MedicalRegistrationDate | MemberColumn::ValidFrom | MemberColumn::LastDay => {
            parse_japanese_date(cell.trim()).is_ok_and(|day| parse_japanese_date(record) == Ok(day))
        }
        // Zeros at the beginning are lost.
        MemberColumn::HomePostalCode | MemberColumn::Phone | MemberColumn::JmaMemberId => {
            !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) && record.trim_start_matches('0') == cell
        }
        MemberColumn::FamilyName
        | MemberColumn::GivenName
        | MemberColumn::FamilyNameKana
        | MemberColumn::GivenNameKana
        | MemberColumn::Sex
        | MemberColumn::BirthDate
        | MemberColumn::MedicalRegistrationNumber
        | MemberColumn::Category
        | MemberColumn::District
        | MemberColumn::Workplace
        | MemberColumn::WorkplaceAddress
        | MemberColumn::HomeAddress
        | MemberColumn::Email
        | MemberColumn::Specialties => false,
    }
}

/// Line breaks are written in two ways, and spreadsheets choose.
fn lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

/// A new value as it is stored.
fn read(column: MemberColumn, cell: &str) -> Result<String, ImportRefusal> {
    let cell = cell.trim();
    if cell.contains(GETA) {
        return Err(ImportRefusal::LostCharacter);
    }
    let breaks = if column == MemberColumn::HomeAddress { LineBreaks::Allowed } else { LineBreaks::Forbidden };
    if reject_controls(cell, breaks).is_err() || first_private_use(cell).is_some() {
        return Err(ImportRefusal::ControlCharacter);
    }
    let at_most = |text: String, most: usize| {
        if text.chars().count() > most { Err(ImportRefusal::TooLong) } else { Ok(text) }
    };
    let is_name = matches!(column, MemberColumn::FamilyNameKana | MemberColumn::GivenNameKana);
    match (cell.is_empty(), is_name) {
        (true, true) => return Err(ImportRefusal::Required),
        (true, false) => return Ok(String::new()),
        (false, _) => {}
    }
    match column {
        MemberColumn::FamilyNameKana | MemberColumn::GivenNameKana => {
            at_most(parse_kana(cell).map_err(|_| ImportRefusal::InvalidFormat)?, NAME_AT_MOST)
        }
        MemberColumn::HomePostalCode => {
            PostalCode::parse(cell).map(|code| code.to_string()).map_err(|_| ImportRefusal::InvalidFormat)
        }
        MemberColumn::HomeAddress => at_most(cell.to_owned(), ADDRESS_AT_MOST),
        MemberColumn::Phone => {
            PhoneNumber::parse(cell).map(PhoneNumber::into_string).map_err(|_| ImportRefusal::InvalidFormat)
        }
        MemberColumn::Email => {
            let address = fold_width(cell).into_owned();
            if looks_like_email(&address) { at_most(address, EMAIL_AT_MOST) } else { Err(ImportRefusal::InvalidFormat) }
        }
        MemberColumn::Specialties => {
            let names = specialties(cell);
            let is_long = names.iter().any(|name| name.chars().count() > SPECIALTY_AT_MOST);
            if is_long || names.len() > SPECIALTIES_AT_MOST {
                return Err(ImportRefusal::TooLong);
            }
            Ok(names.join(BETWEEN))
        }
        MemberColumn::FamilyName
        | MemberColumn::GivenName
        | MemberColumn::Sex
        | MemberColumn::BirthDate
        | MemberColumn::MedicalRegistrationNumber
        | MemberColumn::MedicalRegistrationDate
        | MemberColumn::JmaMemberId
        | MemberColumn::Category
        | MemberColumn::ValidFrom
        | MemberColumn::LastDay
        | MemberColumn::District
        | MemberColumn::Workplace
        | MemberColumn::WorkplaceAddress => Err(ImportRefusal::NotByFile),
    }
}

/// The 診療科名 of a cell, each once.
#[must_use]
pub fn specialties(cell: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in cell.split(['、', ',', '，']).map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 9] =
        ["医籍登録番号", "生年月日", "姓", "入会日", "セイ", "自宅郵便番号", "自宅住所", "電話番号", "診療科名"];
    const CELLS: [&str; 9] =
        ["506762", "1980-07-05", "𠮷野", "2020-04-01", "ヨシノ", "0600001", "札幌市\n1-2", "0112345678", "内科、外科"];

    fn columns() -> ImportColumns {
        ImportColumns::of(&HEADINGS.map(str::to_owned)).unwrap()
    }

    fn record<'a>(column: MemberColumn) -> Cow<'a, str> {
        let position = HEADINGS.iter().position(|heading| *heading == column.heading());
        Cow::Borrowed(position.map_or("", |position| CELLS[position]))
    }

    fn judged(changed: &[(&str, &str)]) -> JudgedRow {
        let mut cells = CELLS.map(str::to_owned);
        for (heading, cell) in changed {
            cells[HEADINGS.iter().position(|known| known == heading).unwrap()] = (*cell).to_owned();
        }
        judge_row(&columns(), &cells, record, |text| text.replace('𠮷', "〓"))
    }

    fn refused(changed: &[(&str, &str)]) -> Vec<(Option<MemberColumn>, ImportRefusal)> {
        judged(changed).refusals.iter().map(|refusal| (refusal.field, refusal.reason)).collect()
    }

    fn changed(heading: &str, cell: &str) -> String {
        let judged = judged(&[(heading, cell)]);
        assert_eq!((judged.refusals.len(), judged.changes.len()), (0, 1), "{heading} {cell}: {judged:?}");
        judged.changes[0].after.clone()
    }

    #[test]
    fn imp_1_columns_are_found_by_their_headings_and_number_and_birth_date_say_whose_row_it_is() {
        let headings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(ImportColumns::of(&headings(&["姓", "生年月日"])), None);
        assert_eq!(ImportColumns::of(&headings(&["医籍登録番号", "生年月日", "姓", "姓"])), None);
        let found = ImportColumns::of(&headings(&["備考", "生年月日", "医籍登録番号"])).unwrap();
        assert_eq!(found.ignored, ["備考"]);
        let day = NaiveDate::from_ymd_opt(1980, 7, 5).unwrap();
        let key = |cells: &[&str]| found.key(&headings(cells));
        assert_eq!(key(&["", "昭和55年7月5日", "0506762"]), Ok(("506762".to_owned(), day)));
        assert_eq!(key(&["", "1980/7/5", "５０６７６２"]), Ok(("506762".to_owned(), day)));
        assert_eq!(key(&["", "1980/7/5"]), Err(RowRefusal::row(ImportRefusal::CellCount)));
        let fault = RowRefusal::cell(MemberColumn::BirthDate, ImportRefusal::KeyUnreadable);
        assert_eq!(key(&["", "39.4.1", "506762"]), Err(fault));
    }

    #[test]
    fn imp_2_contact_data_readings_and_specialties_change_and_nothing_else() {
        assert_eq!(changed("電話番号", "０３-1234-5678"), "0312345678");
        assert_eq!(changed("自宅郵便番号", "〒520-0043"), "5200043");
        assert_eq!(changed("セイ", "ﾖｼﾉﾔﾏ"), "ヨシノヤマ");
        assert_eq!(changed("診療科名", "内科, 小児科，内科"), "内科、小児科");
        assert_eq!(refused(&[("姓", "吉野")]), [(Some(MemberColumn::FamilyName), ImportRefusal::NotByFile)]);
        assert_eq!(refused(&[("入会日", "2020-04-02")]), [(Some(MemberColumn::ValidFrom), ImportRefusal::NotByFile)]);
    }

    #[test]
    fn imp_2_everything_that_is_wrong_is_said_at_once() {
        let refusals = refused(&[
            ("姓", "吉野"),
            ("セイ", ""),
            ("自宅郵便番号", "12"),
            ("自宅住所", "大津\u{202E}市"),
            ("電話番号", "内線3"),
            ("診療科名", "〓科"),
        ]);
        let reasons: Vec<ImportRefusal> = refusals.iter().map(|(_, reason)| *reason).collect();
        let expected = [
            ImportRefusal::NotByFile,
            ImportRefusal::Required,
            ImportRefusal::InvalidFormat,
            ImportRefusal::ControlCharacter,
            ImportRefusal::InvalidFormat,
            ImportRefusal::LostCharacter,
        ];
        assert_eq!(reasons, expected);
        let long = "あ".repeat(501);
        assert_eq!(refused(&[("自宅住所", &long)]), [(Some(MemberColumn::HomeAddress), ImportRefusal::TooLong)]);
    }

    #[test]
    fn imp_3_what_a_file_or_a_spreadsheet_made_of_a_cell_is_no_change() {
        for cell in [
            ("入会日", "2020/4/1"),
            ("自宅郵便番号", "600001"),
            ("電話番号", "112345678"),
            ("電話番号", "011-234-5678"),
            ("自宅住所", "札幌市\r\n1-2"),
            ("姓", "〓野"),
            ("セイ", "よしの"),
            ("診療科名", "内科，外科"),
        ] {
            assert_eq!(judged(&[cell]), JudgedRow::default(), "{cell:?}");
        }
    }

    #[test]
    fn imp_4_an_empty_cell_empties_the_field_and_a_postal_code_goes_with_its_address() {
        assert_eq!(changed("電話番号", " "), "");
        let both = judged(&[("自宅住所", ""), ("自宅郵便番号", "")]);
        assert_eq!((both.changes.len(), both.refusals.len()), (2, 0));
        let alone = judged(&[("自宅住所", "")]);
        assert_eq!(alone.changes.iter().map(|change| change.after.as_str()).collect::<Vec<_>>(), ["", ""]);
        let left = refused(&[("自宅住所", ""), ("自宅郵便番号", "5200043")]);
        assert_eq!(left, [(Some(MemberColumn::HomeAddress), ImportRefusal::Required)]);
    }
}
