//! Codes of lists that leave the system as files, of lists that are kept, and of files that come back with changes.

use crate::wire_codes;

wire_codes! {
    /// Where a file that was asked for stands.
    ExportState {
        /// Nobody writes it yet.
        Waiting => "waiting",
        /// Being written.
        Running => "running",
        /// It can be fetched.
        Ready => "ready",
        /// It could not be written.
        Failed => "failed",
        /// Taken back by who asked for it; the file is gone.
        Cancelled => "cancelled",
        /// Its time is over; the file is gone (EXP-1).
        Expired => "expired",
    }
}

wire_codes! {
    /// A column of a file of members. Its heading is Japanese in every language, for files come back by it.
    MemberColumn {
        /// 姓
        FamilyName => "family_name",
        /// 名
        GivenName => "given_name",
        /// セイ
        FamilyNameKana => "family_name_kana",
        /// メイ
        GivenNameKana => "given_name_kana",
        /// 性別
        Sex => "sex",
        /// 生年月日
        BirthDate => "birth_date",
        /// 医籍登録番号
        MedicalRegistrationNumber => "medical_registration_number",
        /// 医籍登録年月日
        MedicalRegistrationDate => "medical_registration_date",
        /// 日医会員ID
        JmaMemberId => "jma_member_id",
        /// 会員区分
        Category => "category",
        /// 入会日
        ValidFrom => "valid_from",
        /// 退会日
        LastDay => "last_day",
        /// 郡市区医師会
        District => "district",
        /// 主な勤務先
        Workplace => "workplace",
        /// 勤務先住所
        WorkplaceAddress => "workplace_address",
        /// 自宅郵便番号
        HomePostalCode => "home_postal_code",
        /// 自宅住所
        HomeAddress => "home_address",
        /// 電話番号
        Phone => "phone",
        /// メールアドレス
        Email => "email",
        /// 診療科名
        Specialties => "specialties",
    }
}

impl MemberColumn {
    /// What stands above it in a file.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::FamilyName => "姓",
            Self::GivenName => "名",
            Self::FamilyNameKana => "セイ",
            Self::GivenNameKana => "メイ",
            Self::Sex => "性別",
            Self::BirthDate => "生年月日",
            Self::MedicalRegistrationNumber => "医籍登録番号",
            Self::MedicalRegistrationDate => "医籍登録年月日",
            Self::JmaMemberId => "日医会員ID",
            Self::Category => "会員区分",
            Self::ValidFrom => "入会日",
            Self::LastDay => "退会日",
            Self::District => "郡市区医師会",
            Self::Workplace => "主な勤務先",
            Self::WorkplaceAddress => "勤務先住所",
            Self::HomePostalCode => "自宅郵便番号",
            Self::HomeAddress => "自宅住所",
            Self::Phone => "電話番号",
            Self::Email => "メールアドレス",
            Self::Specialties => "診療科名",
        }
    }

    /// Whether a file may change it (IMP-2).
    #[must_use]
    pub const fn is_changeable(self) -> bool {
        match self {
            Self::FamilyNameKana
            | Self::GivenNameKana
            | Self::HomePostalCode
            | Self::HomeAddress
            | Self::Phone
            | Self::Email
            | Self::Specialties => true,
            Self::FamilyName
            | Self::GivenName
            | Self::Sex
            | Self::BirthDate
            | Self::MedicalRegistrationNumber
            | Self::MedicalRegistrationDate
            | Self::JmaMemberId
            | Self::Category
            | Self::ValidFrom
            | Self::LastDay
            | Self::District
            | Self::Workplace
            | Self::WorkplaceAddress => false,
        }
    }
}

wire_codes! {
    /// A column of the members' list on the screen, beside the name.
    ListColumn {
        /// 会員区分
        Category => "category",
        /// 在籍期間
        Period => "period",
        /// 在籍の状態
        State => "state",
        /// 年齢
        Age => "age",
        /// 医籍登録番号
        Number => "number",
        /// 郡市区等医師会
        District => "district",
        /// 主な勤務先
        Workplace => "workplace",
    }
}

wire_codes! {
    /// Where a file with changes stands.
    MemberImportState {
        /// Looked through; nothing is written.
        Checked => "checked",
        /// Its changes are written.
        Applied => "applied",
        /// Its changes are taken back.
        Undone => "undone",
    }
}

wire_codes! {
    /// What becomes, or became, of a row of a file with changes.
    ImportOutcome {
        /// It says what the record says.
        Unchanged => "unchanged",
        /// It would change the record.
        WouldChange => "would_change",
        /// Nothing of it is written; see `refusals`.
        Refused => "refused",
        /// It has changed the record.
        Changed => "changed",
        /// Its change was taken back.
        Undone => "undone",
        /// Its change stands: the record has changed since, so it was not taken back.
        NotUndone => "not_undone",
    }
}

wire_codes! {
    /// Why a row of a file, or a cell of it, is refused.
    ImportRefusal {
        /// The row has more or fewer cells than the headings.
        CellCount => "cell_count",
        /// 医籍登録番号 and 生年月日 say whose row it is; one is missing or cannot be read.
        KeyUnreadable => "key_unreadable",
        /// No member of the association has this number and birth date.
        UnknownMember => "unknown_member",
        /// An earlier row is about the same member.
        SameMemberTwice => "same_member_twice",
        /// The record says something else, and a file does not change it: file a case.
        NotByFile => "not_by_file",
        /// It must not be empty.
        Required => "required",
        /// It is not of the form that is needed.
        InvalidFormat => "invalid_format",
        /// It is too long.
        TooLong => "too_long",
        /// It holds a character that cannot be stored.
        ControlCharacter => "control_character",
        /// It holds 〓, which stands for a character that the file could not hold.
        LostCharacter => "lost_character",
        /// The record was changed after the file was looked through.
        ChangedSince => "changed_since",
    }
}

wire_codes! {
    /// How the text of a file with changes was read. It is named and never guessed in silence (RO-1).
    FileEncoding {
        /// UTF-8 that says so by its first bytes.
        Utf8Bom => "utf8_bom",
        /// Every byte reads as UTF-8.
        Utf8 => "utf8",
        /// Code page 932 (Shift_JIS).
        Cp932 => "cp932",
        /// A workbook.
        Xlsx => "xlsx",
    }
}
