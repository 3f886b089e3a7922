//! What the report says about a record: `outcome`, `field`, `message`, `warnings`.

use std::fmt;

use super::model::AcceptedRecord;
use super::record::Column;

/// What becomes of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// To be stored as it is.
    Accepted {
        /// What is to be stored.
        record: Box<AcceptedRecord>,
        /// Soft faults: stored all the same, and told.
        warnings: Vec<Warning>,
    },
    /// Nothing of it is stored.
    Rejected(Rejection),
    /// The same record stood earlier in the file: stored once.
    Duplicate {
        /// The number of the earlier record.
        first: u64,
    },
    /// Its registration number is that of somebody with another birth date: not stored, for a clerk to resolve.
    Conflict {
        /// The earlier record of this file, or `None` when the person was already in the database.
        earlier: Option<u64>,
    },
}

impl Outcome {
    /// The report's `outcome` column.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Rejected(_) => "rejected",
            Self::Duplicate { .. } => "duplicate",
            Self::Conflict { .. } => "conflict",
        }
    }

    /// The report's `field` column; empty for an accepted record.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "",
            Self::Rejected(rejection) => rejection.field.as_str(),
            Self::Duplicate { .. } => "same_row",
            Self::Conflict { .. } => "registration_number_of_another_person",
        }
    }

    /// The report's `message` column, for the operator: what is wrong and what to do. Empty for an accepted record.
    ///
    /// It may repeat a value of the record: the report goes back to whoever brought the file, and nowhere else.
    pub fn message(&self) -> String {
        match self {
            Self::Accepted { .. } => String::new(),
            Self::Rejected(rejection) => rejection.message.clone(),
            Self::Duplicate { first } => {
                format!("{first}件目と同じ行です。1回だけ登録されます。この行は削除してかまいません。")
            }
            Self::Conflict { earlier: Some(earlier) } => format!(
                "同じ医籍登録番号の{earlier}件目と生年月日が異なります。どちらが正しいか確認し、誤りを直してから取り込み直してください。"
            ),
            Self::Conflict { earlier: None } => {
                "同じ医籍登録番号で生年月日の異なる人がすでに登録されています。本人かどうかを事務担当者が確認してください。"
                    .to_owned()
            }
        }
    }

    /// The report's `warnings` column: codes separated by spaces.
    pub fn warning_codes(&self) -> String {
        match self {
            Self::Accepted { warnings, .. } => warnings.iter().map(Warning::to_string).collect::<Vec<_>>().join(" "),
            Self::Rejected(_) | Self::Duplicate { .. } | Self::Conflict { .. } => String::new(),
        }
    }
}

/// Why a record is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The culprit.
    pub field: RosterField,
    /// What to do, in plain Japanese.
    pub message: String,
}

/// The field a rejection names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RosterField {
    /// RO-5
    BirthDate,
    /// RO-6
    MedicalRegistrationNumber,
    /// RO-7
    MedicalRegistrationDate,
    /// RO-8
    DistrictAssociation,
    /// RO-9
    PrefecturalAssociation,
    /// RO-10
    LowerTier,
    /// RO-11
    MemberCategory,
    /// RO-12: a joining date that is missing or cannot be read.
    JoiningDate,
    /// RO-12
    WithdrawalDate,
    /// RO-12: a reason that is none of the four.
    WithdrawalReason,
    /// RO-13
    NameKana,
    /// RO-14
    Name,
    /// RO-2: the record has more or fewer cells than the header.
    Record,
    /// RO-15: a character that may not be stored, or too much text, in any other cell.
    Cell(Column),
}

impl RosterField {
    /// The report's `field` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BirthDate => "birth_date",
            Self::MedicalRegistrationNumber => "medical_registration_number",
            Self::MedicalRegistrationDate => "medical_registration_date",
            Self::DistrictAssociation => "district_association",
            Self::PrefecturalAssociation => "prefectural_association",
            Self::LowerTier => "lower_tier",
            Self::MemberCategory => "member_category",
            Self::JoiningDate => "joining_date",
            Self::WithdrawalDate => "withdrawal_date",
            Self::WithdrawalReason => "withdrawal_reason",
            Self::NameKana => "name_kana",
            Self::Name => "name",
            Self::Record => "record",
            Self::Cell(column) => column.field(),
        }
    }
}

/// Which of the two addresses a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The workplace.
    Facility,
    /// The home.
    Home,
}

impl Place {
    fn as_str(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Home => "home",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Facility => "施設",
            Self::Home => "自宅",
        }
    }
}

/// A soft fault (RO-16): the record is stored, and the operator is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// Seven digits that no published list has; stored.
    UnknownPostalCode(Place),
    /// Not seven digits; not stored.
    UnreadablePostalCode(Place),
    /// Not a plain telephone number; stored as written.
    UnusualPhone(Place),
    /// Stored with its line breaks.
    LineBreakInAddress(Place),
    /// Consecutive dots, a dot before the @, or not an address at all; stored as written.
    UnusualEmail,
    /// A spreadsheet would take the name for a formula; stored as written, defused in exports.
    FormulaLikeFacilityName,
    /// None of the known kinds; stored as other.
    UnknownFacilityKind,
    /// The reading has no space, so it is stored whole as the family name's.
    KanaNotSplit,
    /// Neither 男/1 nor 女/2; stored as unspecified.
    UnknownSex,
    /// Not a month; not stored.
    UnreadableGraduationMonth,
    /// Not ten digits; not stored.
    UnusualJmaMemberId,
    /// A national category without a national membership; not stored.
    CategoryWithoutMembership,
    /// A withdrawal without a reason; the date is stored.
    NoWithdrawalReason,
    /// Neither 自宅 nor 施設; not stored.
    UnknownMailTo,
    /// Neither 発送 nor 停止; not stored.
    UnknownJournalDelivery,
}

impl Warning {
    /// The sentence for the operator.
    pub fn message(self) -> String {
        match self {
            Self::UnknownPostalCode(place) => format!("{}の郵便番号は一覧にありません。", place.label()),
            Self::UnreadablePostalCode(place) => {
                format!("{}の郵便番号が7桁の数字ではないため、登録しません。", place.label())
            }
            Self::UnusualPhone(place) => {
                format!("{}の電話番号が通常の形ではありません。そのまま登録します。", place.label())
            }
            Self::LineBreakInAddress(place) => format!("{}の住所に改行があります。", place.label()),
            Self::UnusualEmail => "メールアドレスが通常の形ではありません。届かないことがあります。".to_owned(),
            Self::FormulaLikeFacilityName => "施設名が表計算ソフトの式に見えます。".to_owned(),
            Self::UnknownFacilityKind => "施設種別が分からないため「その他」として登録します。".to_owned(),
            Self::KanaNotSplit => "フリガナに姓と名の区切りがありません。".to_owned(),
            Self::UnknownSex => "性別が分からないため「未回答」として登録します。".to_owned(),
            Self::UnreadableGraduationMonth => "卒業年月を読み取れないため、登録しません。".to_owned(),
            Self::UnusualJmaMemberId => "日医会員IDが10桁の数字ではないため、登録しません。".to_owned(),
            Self::CategoryWithoutMembership => {
                "日医入会日がないのに会員区分があります。会員区分は登録しません。".to_owned()
            }
            Self::NoWithdrawalReason => "退会日がありますが退会事由がありません。".to_owned(),
            Self::UnknownMailTo => "送付先が分からないため、登録しません。".to_owned(),
            Self::UnknownJournalDelivery => "雑誌発送の区分が分からないため、登録しません。".to_owned(),
        }
    }
}

/// The code in the report: `unknown_postal_code:facility`.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, place) = match self {
            Self::UnknownPostalCode(place) => ("unknown_postal_code", Some(place)),
            Self::UnreadablePostalCode(place) => ("unreadable_postal_code", Some(place)),
            Self::UnusualPhone(place) => ("unusual_phone", Some(place)),
            Self::LineBreakInAddress(place) => ("line_break_in_address", Some(place)),
            Self::UnusualEmail => ("unusual_email", None),
            Self::FormulaLikeFacilityName => ("formula_like_facility_name", None),
            Self::UnknownFacilityKind => ("unknown_facility_kind", None),
            Self::KanaNotSplit => ("kana_not_split", None),
            Self::UnknownSex => ("unknown_sex", None),
            Self::UnreadableGraduationMonth => ("unreadable_graduation_month", None),
            Self::UnusualJmaMemberId => ("unusual_jma_member_id", None),
            Self::CategoryWithoutMembership => ("category_without_membership", None),
            Self::NoWithdrawalReason => ("no_withdrawal_reason", None),
            Self::UnknownMailTo => ("unknown_mail_to", None),
            Self::UnknownJournalDelivery => ("unknown_journal_delivery", None),
        };
        match place {
            Some(place) => write!(f, "{code}:{}", place.as_str()),
            None => f.write_str(code),
        }
    }
}
