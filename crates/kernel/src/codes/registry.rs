//! Codes of persons' records.

use crate::wire_codes;

wire_codes! {
    /// What speaks for, or against, two records being one person's (DUP-1).
    DuplicateReason {
        /// 医籍登録番号: one of the two has or had the other's.
        SameNumber => "same_number",
        /// 生年月日
        SameBirthDate => "same_birth_date",
        /// フリガナ, folded.
        SameKana => "same_kana",
        /// 氏名, old forms folded.
        SameName => "same_name",
        /// 電話番号
        SamePhone => "same_phone",
        /// メールアドレス
        SameEmail => "same_email",
        /// Both have a registration number, and not the same one.
        DifferentNumbers => "different_numbers",
    }
}

wire_codes! {
    /// What a merge may take over from the record that is given up (MERGE-2).
    MergeField {
        /// 氏名
        Name => "name",
        /// フリガナ
        Kana => "kana",
        /// 生年月日
        BirthDate => "birth_date",
        /// 性別
        Sex => "sex",
        /// 日医会員ID
        JmaMemberId => "jma_member_id",
        /// 医籍登録番号 and 年月日
        MedicalRegistration => "medical_registration",
        /// 出身校
        AlmaMater => "alma_mater",
        /// 卒業年月
        GraduatedIn => "graduated_in",
    }
}

wire_codes! {
    /// What points at a person's record.
    RecordPart {
        /// 会員資格
        Memberships => "memberships",
        /// 勤務先
        Affiliations => "affiliations",
        /// 連絡先
        ContactPoints => "contact_points",
        /// 医籍登録
        MedicalRegistrations => "medical_registrations",
        /// 申請
        Applications => "applications",
        /// アカウント
        Accounts => "accounts",
        /// 代理と補助者
        Delegations => "delegations",
        /// 仮ID通知書と郵送のお知らせ
        Letters => "letters",
        /// 旧名簿の行
        RosterRecords => "roster_records",
        /// その他
        Others => "others",
    }
}
