//! Closed lists of codes that go over the wire and into the database under the same spelling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod identity;
mod record;
mod registry;

pub use identity::{
    AccessKind, AccountClass, AccountState, ActingKind, Assurance, AudienceReason, Browser, DelegationScope,
    DelegationState, FactorKind, Language, OrganisationKind, SessionEndReason, SuspensionReason, System,
};
pub use record::{ContactKind, ContactPurpose, HistoryActor, RecordAction, RecordField, SensitiveField};
pub use registry::{DuplicateReason, MergeField, RecordPart};

/// A text is not one of a list's codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// Which list was asked.
    pub list: &'static str,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a code of {}", self.list)
    }
}

impl std::error::Error for UnknownCode {}

/// Declares an enum whose variants have one spelling for JSON and SQL, and a list of them all.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every value, in the order people list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code for JSON and SQL.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::codes::UnknownCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::codes::UnknownCode { list: stringify!($name) }),
                }
            }
        }
    };
}

/// [`codes!`] for lists that go over the wire: with a schema where the crate's `openapi` feature asks for one. The schema
/// is written out here, since a derive does not see the codes inside a macro.
#[macro_export]
macro_rules! wire_codes {
    ($(#[doc = $doc:literal])* $name:ident {
        $($(#[doc = $vdoc:literal])* $variant:ident => $code:literal,)+
    }) => {
        $crate::codes! {
            $(#[doc = $doc])*
            $name { $($(#[doc = $vdoc])* $variant => $code,)+ }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                const DESCRIPTION: &str =
                    concat!($($doc, "\n",)* "\n", $("- `", $code, "`:", $($vdoc,)* "\n",)+);
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(DESCRIPTION.trim()))
                    .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

/// 階層: the three tiers, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 郡市区等医師会
    District,
    /// 都道府県医師会
    Prefectural,
    /// 日本医師会
    National,
}

impl Tier {
    /// Lowest first: the order in which cases climb.
    pub const ALL: &'static [Self] = &[Self::District, Self::Prefectural, Self::National];

    /// The code for JSON and SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Prefectural => "prefectural",
            Self::National => "national",
        }
    }

    /// The tiers from the lowest up to this one: membership of a tier needs membership of those below (M-1).
    pub fn and_below(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |tier| *tier <= self)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|tier| tier.as_str() == text).ok_or(UnknownCode { list: "Tier" })
    }
}

wire_codes! {
    /// 医師会種別
    AssociationKind {
        /// 日本医師会
        National => "national",
        /// 都道府県医師会
        Prefectural => "prefectural",
        /// 郡市区医師会
        Municipal => "municipal",
        /// 大学医師会
        University => "university",
        /// 職域医師会
        Occupational => "occupational",
        /// 地区医師会
        Regional => "regional",
    }
}

wire_codes! {
    /// What a planned stop stops.
    MaintenanceKind {
        /// 全面休止: nothing answers
        Full => "full",
        /// 閲覧のみ: reading goes on, nothing can be changed
        ReadOnly => "read_only",
    }
}

wire_codes! {
    /// What an account may do, always in a place; clerks' roles grow from viewer to administrator.
    Role {
        /// 医師: speaks for the account's own person.
        Physician => "physician",
        /// 運営担当者 of an organisation that is no association.
        Organiser => "organiser",
        /// 閲覧者
        Viewer => "viewer",
        /// 入力担当者
        Operator => "operator",
        /// 承認者
        Approver => "approver",
        /// 管理者
        Administrator => "administrator",
    }
}

wire_codes! {
    /// 性別
    Sex {
        /// 男
        Male => "male",
        /// 女
        Female => "female",
        /// 未回答
        Unspecified => "unspecified",
    }
}

wire_codes! {
    /// 施設の種類 (glossary: `facility_kind`)
    FacilityKind {
        /// 病院
        Hospital => "hospital",
        /// 一般診療所
        Clinic => "clinic",
        /// 介護老人保健施設
        GeriatricFacility => "geriatric_facility",
        /// 介護医療院
        LtcHospital => "ltc_hospital",
        /// 大学・研究機関
        University => "university",
        /// 行政機関
        Administration => "administration",
        /// 健診機関
        CheckupCenter => "checkup_center",
        /// 事業所（産業医）
        Workplace => "workplace",
        /// その他
        Other => "other",
    }
}

wire_codes! {
    /// 業務種別: what a physician does at a facility, after the national statistics of physicians.
    BusinessType {
        /// 病院の開設者又は法人の代表者
        HospitalFounder => "hospital_founder",
        /// 病院の勤務者
        HospitalEmployee => "hospital_employee",
        /// 医育機関附属病院の教官又は教員
        UnivHospitalFaculty => "univ_hospital_faculty",
        /// 医育機関附属病院の大学院生
        UnivHospitalGradstudent => "univ_hospital_gradstudent",
        /// 医育機関附属病院のその他の従事者
        UnivHospitalOther => "univ_hospital_other",
        /// 診療所の開設者又は法人の代表者
        ClinicFounder => "clinic_founder",
        /// 診療所の勤務者
        ClinicEmployee => "clinic_employee",
        /// 介護老人保健施設の開設者
        GeriatricFacilityFounder => "geriatric_facility_founder",
        /// 介護老人保健施設の勤務者
        GeriatricFacilityEmployee => "geriatric_facility_employee",
        /// 介護医療院の開設者
        LtcHospitalFounder => "ltc_hospital_founder",
        /// 介護医療院の勤務者
        LtcHospitalEmployee => "ltc_hospital_employee",
        /// 医育機関の臨床系以外の大学院生・勤務者
        UnivPreclinical => "univ_preclinical",
        /// 教育機関又は研究機関の勤務者
        Research => "research",
        /// 行政機関・産業医・保健衛生業務の従事者
        AdministrationOh => "administration_oh",
        /// その他の業務の従事者
        OtherWork => "other_work",
        /// 無職の者
        NotWorking => "not_working",
    }
}

impl BusinessType {
    /// Whether this is the founder of a facility or the head of the corporation that runs it.
    #[must_use]
    pub const fn is_founder(self) -> bool {
        match self {
            Self::HospitalFounder | Self::ClinicFounder | Self::GeriatricFacilityFounder | Self::LtcHospitalFounder => {
                true
            }
            Self::HospitalEmployee
            | Self::UnivHospitalFaculty
            | Self::UnivHospitalGradstudent
            | Self::UnivHospitalOther
            | Self::ClinicEmployee
            | Self::GeriatricFacilityEmployee
            | Self::LtcHospitalEmployee
            | Self::UnivPreclinical
            | Self::Research
            | Self::AdministrationOh
            | Self::OtherWork
            | Self::NotWorking => false,
        }
    }
}

wire_codes! {
    /// 常勤・非常勤
    Employment {
        /// 常勤
        FullTime => "full_time",
        /// 非常勤
        PartTime => "part_time",
    }
}

wire_codes! {
    /// Why a membership ended (退会事由).
    EndReason {
        /// 退会
        Withdrawal => "withdrawal",
        /// 死亡
        Death => "death",
        /// 異動
        Transfer => "transfer",
        /// 除名
        Expulsion => "expulsion",
    }
}

wire_codes! {
    /// How an association takes part in a case.
    StepKind {
        /// 承認: decides; may return or reject.
        Approve => "approve",
        /// 確認: acknowledges, without a veto.
        Confirm => "confirm",
        /// 通知: is told.
        Inform => "inform",
    }
}

wire_codes! {
    /// Where one association's step stands.
    StepState {
        /// 順番待ち
        Waiting => "waiting",
        /// 審査中
        Open => "open",
        /// 承認
        Approved => "approved",
        /// 差戻し
        Returned => "returned",
        /// 不承認
        Rejected => "rejected",
        /// 対象外: the case ended before its turn.
        Skipped => "skipped",
        /// 確認済
        Confirmed => "confirmed",
    }
}

wire_codes! {
    /// What is wrong with one field.
    FieldErrorCode {
        /// Must be given.
        Required => "required",
        /// Longer than allowed.
        TooLong => "too_long",
        /// Has control characters.
        ControlCharacter => "control_character",
        /// Not of the form asked for.
        InvalidFormat => "invalid_format",
        /// Not one of what can be chosen.
        UnknownValue => "unknown_value",
        /// A day that lies outside its era.
        DateOutOfEra => "date_out_of_era",
        /// A day no calendar has.
        DateImpossible => "date_impossible",
        /// A day that needs its era.
        DateNoEra => "date_no_era",
        /// Too early or too late, too small or too large.
        OutOfRange => "out_of_range",
        /// The association does not serve the workplace or the tier.
        WrongAssociation => "wrong_association",
        /// Not allowed together with what another field says.
        Conflicting => "conflicting",
        /// Shorter than allowed.
        TooShort => "too_short",
        /// A password that is guessed easily, or holds the person's own data.
        TooWeak => "too_weak",
        /// Not the password of this account.
        WrongPassword => "wrong_password",
        /// A file of another kind than those that are taken.
        UnsupportedFile => "unsupported_file",
        /// A file that cannot be read as a table.
        UnreadableTable => "unreadable_table",
        /// A table without the columns that are needed, or with one twice.
        BadHeadings => "bad_headings",
        /// A table with more rows than are taken.
        TooManyRows => "too_many_rows",
        /// Not the code, one that has run out, or one that was used.
        WrongCode => "wrong_code",
        /// A code that was used, has run out or was guessed at too often.
        CodeSpent => "code_spent",
        /// Somebody else has it already.
        Taken => "taken",
        /// There is another main workplace in the same days.
        MainOverlaps => "main_overlaps",
        /// The same thing stands there already in some of these days.
        Overlapping => "overlapping",
    }
}

wire_codes! {
    /// Where a membership stands on a day.
    MembershipState {
        /// Begins later.
        Future => "future",
        /// In force.
        Current => "current",
        /// Ended.
        Ended => "ended",
    }
}

wire_codes! {
    /// What kind of file a list is written to.
    ExportFormat {
        /// Comma-separated values in UTF-8, with a mark at the beginning, which spreadsheets need.
        Csv => "csv",
        /// Comma-separated values in code page 932 (Shift_JIS). What it cannot hold is written as 〓.
        CsvCp932 => "csv_cp932",
        /// A workbook of one sheet, every cell a text.
        Xlsx => "xlsx",
    }
}

wire_codes! {
    /// What a file that belongs to a case shows.
    AttachmentPurpose {
        /// 医師免許証の写し
        MedicalLicense => "medical_license",
        /// その他の添付書類
        SupportingDocument => "supporting_document",
    }
}

wire_codes! {
    /// What kind of file it is, by its content.
    MediaType {
        /// A photograph.
        Jpeg => "image/jpeg",
        /// A picture, a screen shot for example.
        Png => "image/png",
        /// A scanned page.
        Pdf => "application/pdf",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_1_a_tier_brings_those_below_it() {
        assert_eq!(Tier::District.and_below().collect::<Vec<_>>(), [Tier::District]);
        assert_eq!(Tier::National.and_below().collect::<Vec<_>>(), Tier::ALL);
    }

    #[test]
    fn every_code_reads_back() {
        for tier in Tier::ALL {
            assert_eq!(tier.as_str().parse(), Ok(*tier));
        }
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        for kind in BusinessType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert_eq!("boss".parse::<Role>(), Err(UnknownCode { list: "Role" }));
    }

    #[test]
    fn clerks_roles_grow() {
        assert!(
            Role::Viewer < Role::Operator && Role::Operator < Role::Approver && Role::Approver < Role::Administrator
        );
    }
}
