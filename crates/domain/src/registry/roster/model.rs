//! What an accepted record says, ready to be stored.

use chrono::NaiveDate;
use mamis_kernel::text::name::display_name;
use mamis_kernel::text::{PostalCode, RegistrationNumber};
use mamis_kernel::wareki::YearMonth;
use mamis_kernel::{EndReason, FacilityKind, MemberCategory, Sex, Tier};

use super::record::Fingerprint;

/// One person's standing in one branch, with everything the record tells about the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRecord {
    /// The record's number, the header being 1.
    pub line_of_record: u64,
    /// Of the record as it was written, for re-imports.
    pub fingerprint: Fingerprint,
    /// 姓, glyph for glyph (N-1).
    pub family_name: String,
    /// 名, glyph for glyph (N-1).
    pub given_name: String,
    /// セイ, full-width katakana; the whole reading when it had no space.
    pub family_name_kana: String,
    /// メイ, full-width katakana; empty when the reading had no space.
    pub given_name_kana: String,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 性別
    pub sex: Sex,
    /// 医籍登録番号
    pub registration_number: RegistrationNumber,
    /// 医籍登録年月日
    pub registration_date: NaiveDate,
    /// 出身校, as written.
    pub alma_mater: Option<String>,
    /// 卒業年月
    pub graduation_month: Option<YearMonth>,
    /// 日医会員ID, ten digits.
    pub jma_member_id: Option<String>,
    /// The category of the national membership; `None` exactly when there is no such membership.
    pub category: Option<MemberCategory>,
    /// Code of the district association.
    pub district_code: String,
    /// Code of the prefectural association above it.
    pub prefectural_code: String,
    /// JIS X 0401 code of the prefecture.
    pub prefecture_code: String,
    /// First day at each tier.
    pub joined: JoinedOn,
    /// How the memberships ended; `None` while they are in force.
    pub end: Option<MembershipEnd>,
    /// The workplace.
    pub facility: Option<FacilityFacts>,
    /// 診療科, in the order written.
    pub specialties: Vec<String>,
    /// The home.
    pub home: ContactFacts,
    /// メールアドレス, as written.
    pub email: Option<String>,
    /// 送付先
    pub mail_to: Option<MailTo>,
    /// 雑誌発送
    pub journal: Option<JournalDelivery>,
}

impl AcceptedRecord {
    /// Family name, ideographic space, given name.
    pub fn display_name(&self) -> String {
        display_name(&self.family_name, &self.given_name)
    }

    /// The whole reading, its parts separated by an ASCII space.
    pub fn name_kana(&self) -> String {
        if self.given_name_kana.is_empty() {
            self.family_name_kana.clone()
        } else {
            format!("{} {}", self.family_name_kana, self.given_name_kana)
        }
    }

    /// The highest tier the person stands in.
    pub fn top_tier(&self) -> Tier {
        match self.joined {
            JoinedOn { national: Some(_), .. } => Tier::National,
            JoinedOn { prefectural: Some(_), .. } => Tier::Prefectural,
            JoinedOn { .. } => Tier::District,
        }
    }

    /// The memberships of this record: tier and first day, lowest tier first.
    pub fn memberships(&self) -> impl Iterator<Item = (Tier, NaiveDate)> + use<> {
        let JoinedOn { district, prefectural, national } = self.joined;
        [(Tier::District, Some(district)), (Tier::Prefectural, prefectural), (Tier::National, national)]
            .into_iter()
            .filter_map(|(tier, joined)| Some((tier, joined?)))
    }
}

/// First day in force at each tier. National stands on prefectural (RO-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinedOn {
    /// 郡市区等入会日
    pub district: NaiveDate,
    /// 都道府県入会日
    pub prefectural: Option<NaiveDate>,
    /// 日医入会日
    pub national: Option<NaiveDate>,
}

/// The end of a record's memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipEnd {
    /// 退会日, the last day in force: the period ends the day after.
    pub left_on: NaiveDate,
    /// 退会事由; `None` when the record gives no reason.
    pub reason: Option<EndReason>,
}

/// A workplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityFacts {
    /// 施設名, as written. It may look like a spreadsheet formula: exports defuse it, storage does not.
    pub name: String,
    /// 施設種別
    pub kind: FacilityKind,
    /// Where it is.
    pub contact: ContactFacts,
}

/// Postal code, address and telephone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFacts {
    /// Seven digits, known or not.
    pub postal_code: Option<PostalCode>,
    /// As written, line breaks included.
    pub address: Option<String>,
    /// Digits; as written when it is not a plain number (an extension, a note).
    pub phone: Option<String>,
}

/// Where post is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTo {
    /// 自宅
    Home,
    /// 施設
    Facility,
}

/// Whether the journal is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalDelivery {
    /// 発送
    Posted,
    /// 停止
    Stopped,
}
