//! One record of a roster: 29 cells, known by their headers.

use std::fmt;

use sha2::{Digest, Sha256};

macro_rules! columns {
    ($($(#[$doc:meta])* $column:ident => $header:literal, $field:literal;)+) => {
        /// A column of the roster.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Column { $($(#[$doc])* $column,)+ }

        impl Column {
            /// Every column, in the order the old system exports them.
            pub const ALL: [Self; COLUMN_COUNT] = [$(Self::$column,)+];

            /// The header, as the old system writes it.
            pub const fn header(self) -> &'static str {
                match self { $(Self::$column => $header,)+ }
            }

            /// The name of the field in reports.
            pub const fn field(self) -> &'static str {
                match self { $(Self::$column => $field,)+ }
            }
        }
    };
}

/// How many columns a roster has.
pub const COLUMN_COUNT: usize = 29;

columns! {
    /// Ten digits, national members only.
    JmaMemberId => "日医会員ID", "jma_member_id";
    /// Family and given name, separated by a space of either width.
    Name => "氏名", "name";
    /// The reading, in either width.
    NameKana => "フリガナ", "name_kana";
    /// A day in any spelling.
    BirthDate => "生年月日", "birth_date";
    /// 男, 女, 1 or 2.
    Sex => "性別", "sex";
    /// Digits of either width.
    RegistrationNumber => "医籍登録番号", "medical_registration_number";
    /// A day in any spelling.
    RegistrationDate => "医籍登録年月日", "medical_registration_date";
    /// Name of the medical school.
    AlmaMater => "出身校", "alma_mater";
    /// A month: `1962/3`.
    GraduationMonth => "卒業年月", "graduation_month";
    /// Label of the national category, national members only.
    Category => "会員区分", "member_category";
    /// Name of the district association.
    District => "郡市区等医師会", "district_association";
    /// Name of the prefectural association.
    Prefectural => "都道府県医師会", "prefectural_association";
    /// First day of the district membership.
    DistrictJoined => "郡市区等入会日", "district_joined_on";
    /// First day of the prefectural membership; blank: none.
    PrefecturalJoined => "都道府県入会日", "prefectural_joined_on";
    /// First day of the national membership; blank: none.
    NationalJoined => "日医入会日", "national_joined_on";
    /// Last day of the memberships; blank: in force.
    WithdrawalDate => "退会日", "withdrawal_date";
    /// 退会, 死亡, 異動 or 除名.
    WithdrawalReason => "退会事由", "withdrawal_reason";
    /// Name of the workplace.
    FacilityName => "施設名", "facility_name";
    /// 病院 or 診療所.
    FacilityKind => "施設種別", "facility_kind";
    /// Postal code of the workplace.
    FacilityPostalCode => "施設郵便番号", "facility_postal_code";
    /// Address of the workplace.
    FacilityAddress => "施設所在地", "facility_address";
    /// Telephone of the workplace.
    FacilityPhone => "施設電話", "facility_phone";
    /// Specialties, separated by 、.
    Specialties => "診療科", "specialties";
    /// Postal code of the home.
    HomePostalCode => "自宅郵便番号", "home_postal_code";
    /// Address of the home.
    HomeAddress => "自宅住所", "home_address";
    /// Telephone of the home.
    HomePhone => "自宅電話", "home_phone";
    /// E-mail address.
    Email => "メールアドレス", "email";
    /// 自宅 or 施設.
    MailTo => "送付先", "mail_to";
    /// 発送 or 停止.
    Journal => "雑誌発送", "journal_delivery";
}

/// What a record says, cell by cell, undecided. One value is reused for a whole file.
#[derive(Debug, Clone, Default)]
pub struct RosterRecord {
    line_of_record: u64,
    /// All cells one after another, so that reading a record allocates nothing once the buffer has grown.
    text: String,
    /// Where each cell ends in `text`.
    ends: [usize; COLUMN_COUNT],
    /// How many cells the record has, when that is not how many the header has.
    ragged: Option<usize>,
}

impl RosterRecord {
    /// A record from its cells in the order of [`Column::ALL`].
    pub fn from_cells(line_of_record: u64, cells: [&str; COLUMN_COUNT]) -> Self {
        let mut record = Self::default();
        record.begin(line_of_record);
        for (column, cell) in Column::ALL.into_iter().zip(cells) {
            record.text.push_str(cell);
            record.end_cell(column);
        }
        record
    }

    /// The record's number: the header is 1, and a record with line breaks inside quotes counts as one.
    pub fn line_of_record(&self) -> u64 {
        self.line_of_record
    }

    /// What stands in a column, as it was written.
    pub fn cell(&self, column: Column) -> &str {
        let index = column as usize;
        let end = self.ends.get(index).copied().unwrap_or_default();
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(start..end).unwrap_or_default()
    }

    /// The number of cells, when it differs from the header's: a separator inside an unquoted value, or a cut line.
    pub fn ragged(&self) -> Option<usize> {
        self.ragged
    }

    /// The fingerprint of what the record says, whatever the encoding of the file and the order of its columns.
    pub fn fingerprint(&self) -> Fingerprint {
        // Where the cells end goes first, so that text cannot move from one cell to the next unnoticed. The cells lie
        // behind one another in one buffer, whose every byte belongs to one of them.
        let mut ends = [0_u8; COLUMN_COUNT * 8];
        for (slot, end) in ends.chunks_exact_mut(8).zip(self.ends) {
            slot.copy_from_slice(&(end as u64).to_le_bytes());
        }
        let mut hash = Sha256::new();
        hash.update(ends);
        hash.update(&self.text);
        if let Some(cells) = self.ragged {
            hash.update((cells as u64).to_le_bytes());
        }
        Fingerprint(hash.finalize().into())
    }

    pub(super) fn begin(&mut self, line_of_record: u64) {
        self.line_of_record = line_of_record;
        self.text.clear();
        self.ragged = None;
    }

    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends the cell of `column`; columns are filled in the order of [`Column::ALL`].
    pub(super) fn end_cell(&mut self, column: Column) {
        if let Some(end) = self.ends.get_mut(column as usize) {
            *end = self.text.len();
        }
    }

    pub(super) fn set_ragged(&mut self, cells: usize) {
        self.ragged = Some(cells);
    }
}

/// SHA-256 of a record's cells. Stored with what was imported, it makes a second import of the same record a no-op.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint read back from where it was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// All 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 bytes: enough to tell the records of one file apart, at half the memory.
    pub(super) fn short(&self) -> u128 {
        self.0.iter().take(16).fold(0, |value, byte| (value << 8) | u128::from(*byte))
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_written() {
        let mut cells = [""; COLUMN_COUNT];
        cells[0] = "0123456789";
        cells[1] = "髙橋　德子";
        cells[28] = "発送";
        let record = RosterRecord::from_cells(2, cells);
        for (column, cell) in Column::ALL.into_iter().zip(cells) {
            assert_eq!(record.cell(column), cell, "{}", column.header());
        }
    }

    #[test]
    fn the_fingerprint_tells_neighbouring_cells_apart_and_never_changes() {
        let mut one = [""; COLUMN_COUNT];
        let mut other = one;
        one[1] = "ab";
        other[1] = "a";
        other[2] = "b";
        let one = RosterRecord::from_cells(2, one);
        assert_ne!(one.fingerprint(), RosterRecord::from_cells(2, other).fingerprint());
        // Stored in databases: a change of this value would import every roster twice.
        assert_eq!(one.fingerprint().to_string(), "43fb0dee2eacf624f429a74e5dfcdb680c1218ad303eb1cb085223c745eb051f");
    }
}
