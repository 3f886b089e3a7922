//! What a physician's record consists of.

use crate::wire_codes;

wire_codes! {
    /// A field of a person's record, as the history of the record names it.
    RecordField {
        /// 姓
        FamilyName => "family_name",
        /// 名
        GivenName => "given_name",
        /// セイ
        FamilyNameKana => "family_name_kana",
        /// メイ
        GivenNameKana => "given_name_kana",
        /// Family name in Latin letters.
        FamilyNameRomaji => "family_name_romaji",
        /// Given name in Latin letters.
        GivenNameRomaji => "given_name_romaji",
        /// 生年月日
        BirthDate => "birth_date",
        /// 性別
        Sex => "sex",
        /// 出身校
        AlmaMater => "alma_mater",
        /// 卒業年月
        GraduatedIn => "graduated_in",
        /// 診療科名
        Specialties => "specialties",
        /// 医籍登録番号
        RegistrationNumber => "medical_registration.number",
        /// 医籍登録年月日
        RegisteredOn => "medical_registration.registered_on",
        /// 旧姓など: a name borne before.
        FormerName => "names.former",
        /// 職務上の氏名: the name at work.
        ProfessionalName => "names.professional",
        /// A postal address.
        ContactAddress => "contact_points.address",
        /// A telephone number.
        ContactPhone => "contact_points.phone",
        /// An e-mail address.
        ContactEmail => "contact_points.email",
        /// 勤務先
        AffiliationFacility => "affiliations.facility_name",
        /// 役職
        AffiliationRole => "affiliations.role",
        /// 業務種別
        AffiliationBusinessType => "affiliations.business_type",
        /// 常勤・非常勤
        AffiliationEmployment => "affiliations.employment",
        /// 主たる勤務先
        AffiliationIsMain => "affiliations.is_main",
        /// First day of work there.
        AffiliationFrom => "affiliations.valid_from",
        /// Last day of work there.
        AffiliationLastDay => "affiliations.last_day",
        /// 会員区分
        MembershipCategory => "memberships.category",
        /// 入会日
        MembershipFrom => "memberships.valid_from",
        /// 退会日
        MembershipLastDay => "memberships.last_day",
        /// 退会事由
        MembershipEndReason => "memberships.end_reason",
    }
}

impl RecordField {
    /// What of a masked record it belongs to (VIS-3).
    #[must_use]
    pub const fn sensitive(self) -> Option<SensitiveField> {
        match self {
            Self::BirthDate => Some(SensitiveField::BirthDate),
            Self::ContactAddress => Some(SensitiveField::Address),
            Self::ContactPhone => Some(SensitiveField::Phone),
            Self::ContactEmail => Some(SensitiveField::Email),
            Self::FamilyName
            | Self::GivenName
            | Self::FamilyNameKana
            | Self::GivenNameKana
            | Self::FamilyNameRomaji
            | Self::GivenNameRomaji
            | Self::Sex
            | Self::AlmaMater
            | Self::GraduatedIn
            | Self::Specialties
            | Self::RegistrationNumber
            | Self::RegisteredOn
            | Self::FormerName
            | Self::ProfessionalName
            | Self::AffiliationFacility
            | Self::AffiliationRole
            | Self::AffiliationBusinessType
            | Self::AffiliationEmployment
            | Self::AffiliationIsMain
            | Self::AffiliationFrom
            | Self::AffiliationLastDay
            | Self::MembershipCategory
            | Self::MembershipFrom
            | Self::MembershipLastDay
            | Self::MembershipEndReason => None,
        }
    }
}

wire_codes! {
    /// What is masked for viewers (VIS-3).
    SensitiveField {
        /// 生年月日
        BirthDate => "birth_date",
        /// Postal addresses.
        Address => "address",
        /// Telephone numbers.
        Phone => "phone",
        /// E-mail addresses.
        Email => "email",
    }
}

wire_codes! {
    /// What the reader may do with a record.
    RecordAction {
        /// Change it.
        Change => "change",
        /// See what is masked, for a reason that is kept.
        Reveal => "reveal",
    }
}

wire_codes! {
    /// Who changed a record.
    HistoryActor {
        /// The physician.
        Person => "person",
        /// A clerk.
        Clerk => "clerk",
        /// A clerk on the physician's behalf.
        OnBehalf => "on_behalf",
        /// The physician's assistant.
        Assistant => "assistant",
        /// The system itself, or an import.
        System => "system",
        /// Somebody whose association is not the reader's to know.
        Other => "other",
    }
}

wire_codes! {
    /// How a contact point reaches a person.
    ContactKind {
        /// A postal address.
        Address => "address",
        /// A telephone number, digits only.
        Phone => "phone",
        /// An e-mail address.
        Email => "email",
    }
}

wire_codes! {
    /// Which of a person's places it belongs to.
    ContactPurpose {
        /// 自宅
        Home => "home",
        /// 連絡先
        Contact => "contact",
    }
}
