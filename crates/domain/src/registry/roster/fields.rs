//! The rule of each field: from what was written to what may be stored, or a rejection that says what to do.
//!
//! Every function takes cells and answers for one field. The order in which they are asked is `rules`' business.

use chrono::{Datelike, NaiveDate};
use mamis_kernel::text::width::is_space;
use mamis_kernel::text::{
    KanaError, LineBreaks, NameError, PhoneNumber, PostalCode, RegistrationNumber, RegistrationNumberError, SplitName,
    TextError, first_private_use, fold_width, parse_kana, reject_controls, split_name,
};
use mamis_kernel::wareki::{DateError, YearMonth, parse_japanese_date, parse_japanese_month};
use mamis_kernel::{EndReason, FacilityKind, MemberCategory, Sex};

use super::directory::{District, RosterDirectory, Unresolved};
use super::model::{ContactFacts, FacilityFacts, JoinedOn, JournalDelivery, MailTo, MembershipEnd};
use super::outcome::{Place, Rejection, RosterField, Warning};
use super::record::{Column, RosterRecord};
use crate::registry::category::parse_category_label;

/// The longest name or reading, in characters.
const NAME_LIMIT: usize = 100;
/// The longest other cell, in characters.
const CELL_LIMIT: usize = 500;

/// Age a physician has at least reached when entered in the register.
const REGISTRATION_AGE: i32 = 20;

type Field<T> = Result<T, Rejection>;

fn reject<T>(field: RosterField, message: String) -> Field<T> {
    Err(Rejection { field, message })
}

/// 生年月日 (RO-5): a day that exists, in its era.
pub fn birth_date(read: Result<NaiveDate, DateError>, written: &str) -> Field<NaiveDate> {
    read.map_err(|error| date_rejection(RosterField::BirthDate, Column::BirthDate, &error, written))
}

/// 医籍登録番号 (RO-6): one to seven digits of either width.
pub fn registration_number(
    read: Result<RegistrationNumber, RegistrationNumberError>,
    written: &str,
) -> Field<RegistrationNumber> {
    read.map_err(|error| {
        let message = match error {
            RegistrationNumberError::Empty => "医籍登録番号が空です。番号を記入してください。".to_owned(),
            RegistrationNumberError::NotDigits => {
                format!("医籍登録番号「{}」に数字以外の文字があります。数字だけを記入してください。", echo(written))
            }
            RegistrationNumberError::TooLong => {
                format!("医籍登録番号「{}」が長すぎます。7桁以内の数字を記入してください。", echo(written))
            }
            RegistrationNumberError::Zero => {
                format!("医籍登録番号「{}」は番号ではありません。正しい番号を記入してください。", echo(written))
            }
        };
        Rejection { field: RosterField::MedicalRegistrationNumber, message }
    })
}

/// 医籍登録年月日 (RO-7): a day not before the 20th birthday.
pub fn registration_date(record: &RosterRecord, birth_date: NaiveDate) -> Field<NaiveDate> {
    const FIELD: RosterField = RosterField::MedicalRegistrationDate;
    let written = record.cell(Column::RegistrationDate);
    let date = parse_japanese_date(written)
        .map_err(|error| date_rejection(FIELD, Column::RegistrationDate, &error, written))?;
    let birthday = (birth_date.year() + REGISTRATION_AGE, birth_date.month(), birth_date.day());
    if (date.year(), date.month(), date.day()) < birthday {
        let message = format!(
            "医籍登録年月日「{}」が20歳の誕生日より前です。生年月日と医籍登録年月日を確認してください。",
            echo(written)
        );
        return reject(FIELD, message);
    }
    Ok(date)
}

/// 郡市区等医師会 and 都道府県医師会 (RO-8, RO-9): a known district, under the prefectural association it names.
pub fn associations<'a>(record: &RosterRecord, directory: &'a RosterDirectory) -> Field<&'a District> {
    let (district, prefectural) = (record.cell(Column::District), record.cell(Column::Prefectural));
    directory.resolve(district, prefectural).map_err(|unresolved| match unresolved {
        Unresolved::District if district.trim_matches(is_space).is_empty() => Rejection {
            field: RosterField::DistrictAssociation,
            message: "郡市区等医師会が空です。医師会名を記入してください。".to_owned(),
        },
        Unresolved::District => Rejection {
            field: RosterField::DistrictAssociation,
            message: format!(
                "郡市区等医師会「{}」が医師会一覧にありません。正式な名称を確認してください。",
                echo(district)
            ),
        },
        Unresolved::NotTheParent(parents) => Rejection {
            field: RosterField::PrefecturalAssociation,
            message: format!(
                "「{}」は「{}」に属していません（{}に属します）。医師会名を確認してください。",
                echo(district),
                echo(prefectural),
                parents.join("、")
            ),
        },
    })
}

/// The tiers (RO-10): national only with prefectural, prefectural only with district.
pub fn tiers(record: &RosterRecord) -> Field<()> {
    match joined_cells(record).map(|cell| !cell.is_empty()) {
        [_, false, true] => reject(
            RosterField::LowerTier,
            "日医入会日がありますが都道府県入会日がありません。都道府県医師会に入会していない人は日本医師会の会員になれません。"
                .to_owned(),
        ),
        [false, true, _] => reject(
            RosterField::LowerTier,
            "都道府県入会日がありますが郡市区等入会日がありません。郡市区等医師会に入会していない人は都道府県医師会の会員になれません。"
                .to_owned(),
        ),
        [_, _, _] => Ok(()),
    }
}

/// 会員区分 (RO-11): one of the five for a national member; a label without a national membership is not stored.
pub fn category(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Field<Option<MemberCategory>> {
    let written = record.cell(Column::Category).trim_matches(is_space);
    let [_, _, national] = joined_cells(record);
    if national.is_empty() {
        if !written.is_empty() {
            warnings.push(Warning::CategoryWithoutMembership);
        }
        return Ok(None);
    }
    match parse_category_label(written) {
        Some(category) => Ok(Some(category)),
        None if written.is_empty() => reject(
            RosterField::MemberCategory,
            "日本医師会の会員ですが会員区分が空です。A①、A②(B)、A②(C)、B、C のいずれかを記入してください。".to_owned(),
        ),
        None => reject(
            RosterField::MemberCategory,
            format!("会員区分「{}」がありません。A①、A②(B)、A②(C)、B、C のいずれかを記入してください。", echo(written)),
        ),
    }
}

/// The joining dates (RO-12): that of the district always, the others where there are memberships.
pub fn joined_on(record: &RosterRecord) -> Field<JoinedOn> {
    let read = |column: Column| {
        let written = record.cell(column);
        parse_japanese_date(written).map_err(|error| date_rejection(RosterField::JoiningDate, column, &error, written))
    };
    let optional = |column: Column| match read(column) {
        Ok(date) => Ok(Some(date)),
        Err(_) if record.cell(column).trim_matches(is_space).is_empty() => Ok(None),
        Err(rejection) => Err(rejection),
    };
    Ok(JoinedOn {
        district: read(Column::DistrictJoined)?,
        prefectural: optional(Column::PrefecturalJoined)?,
        national: optional(Column::NationalJoined)?,
    })
}

/// 退会日 and 退会事由 (RO-12): the last day in force, not before the first of any tier, and one of the four reasons.
pub fn end(record: &RosterRecord, joined: JoinedOn, warnings: &mut Vec<Warning>) -> Field<Option<MembershipEnd>> {
    const FIELD: RosterField = RosterField::WithdrawalDate;
    let written = record.cell(Column::WithdrawalDate).trim_matches(is_space);
    let reason = record.cell(Column::WithdrawalReason).trim_matches(is_space);
    if written.is_empty() {
        return if reason.is_empty() {
            Ok(None)
        } else {
            let message =
                format!("退会事由「{}」がありますが退会日がありません。退会日を記入してください。", echo(reason));
            reject(FIELD, message)
        };
    }
    let left_on =
        parse_japanese_date(written).map_err(|error| date_rejection(FIELD, Column::WithdrawalDate, &error, written))?;
    if [Some(joined.district), joined.prefectural, joined.national].into_iter().flatten().any(|first| left_on < first) {
        let message = format!("退会日「{}」が入会日より前です。退会日と入会日を確認してください。", echo(written));
        return reject(FIELD, message);
    }
    let reason = match reason {
        "退会" => Some(EndReason::Withdrawal),
        "死亡" => Some(EndReason::Death),
        "異動" => Some(EndReason::Transfer),
        "除名" => Some(EndReason::Expulsion),
        "" => {
            warnings.push(Warning::NoWithdrawalReason);
            None
        }
        other => {
            let message = format!(
                "退会事由「{}」がありません。退会、死亡、異動、除名のいずれかを記入してください。",
                echo(other)
            );
            return reject(RosterField::WithdrawalReason, message);
        }
    };
    Ok(Some(MembershipEnd { left_on, reason }))
}

/// フリガナ (RO-13): kana of any form, stored as full-width katakana.
pub fn name_kana(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Field<(String, String)> {
    const FIELD: RosterField = RosterField::NameKana;
    let written = record.cell(Column::NameKana);
    let kana = parse_kana(written).map_err(|error| {
        let message = match error {
            KanaError::Empty => "フリガナが空です。フリガナを記入してください。".to_owned(),
            KanaError::NotKana(_) => {
                format!("フリガナ「{}」にカナ以外の文字があります。カタカナで記入してください。", echo(written))
            }
            KanaError::LoneMark => {
                format!("フリガナ「{}」に濁点・半濁点だけの文字があります。書き直してください。", echo(written))
            }
            KanaError::TooManySpaces => {
                format!("フリガナ「{}」に空白が2つ以上あります。姓と名の間だけに空白を入れてください。", echo(written))
            }
        };
        Rejection { field: FIELD, message }
    })?;
    within(FIELD, Column::NameKana, &kana, NAME_LIMIT)?;
    Ok(match kana.split_once(' ') {
        Some((family, given)) => (family.to_owned(), given.to_owned()),
        None => {
            warnings.push(Warning::KanaNotSplit);
            (kana, String::new())
        }
    })
}

/// 氏名 (RO-14): family and given name, without 外字. Glyphs are kept (N-1).
pub fn name(record: &RosterRecord) -> Field<SplitName<'_>> {
    const FIELD: RosterField = RosterField::Name;
    let written = record.cell(Column::Name);
    let name = split_name(written).map_err(|error| {
        let message = match error {
            NameError::Empty => "氏名が空です。氏名を記入してください。".to_owned(),
            NameError::NotSplit => {
                format!("氏名「{}」に姓と名の区切りがありません。姓と名の間に空白を入れてください。", echo(written))
            }
            NameError::PrivateUse(_) => {
                "氏名に外字（そのパソコンだけの文字）があります。Unicodeの文字か代わりの文字に直してください。"
                    .to_owned()
            }
            NameError::Text(error) => text_fault(Column::Name, error),
        };
        Rejection { field: FIELD, message }
    })?;
    within(FIELD, Column::Name, written, NAME_LIMIT)?;
    Ok(name)
}

/// Every other cell that is stored (RO-15): no control characters, no 外字, line breaks in addresses only, a sane length.
pub fn other_cells(record: &RosterRecord) -> Field<()> {
    use Column::{
        AlmaMater, Email, FacilityAddress, FacilityKind, FacilityName, FacilityPhone, HomeAddress, HomePhone,
        JmaMemberId, Specialties,
    };
    const STORED: [(Column, LineBreaks); 10] = [
        (JmaMemberId, LineBreaks::Forbidden),
        (AlmaMater, LineBreaks::Forbidden),
        (FacilityName, LineBreaks::Forbidden),
        (FacilityKind, LineBreaks::Forbidden),
        (FacilityAddress, LineBreaks::Allowed),
        (FacilityPhone, LineBreaks::Forbidden),
        (Specialties, LineBreaks::Forbidden),
        (HomeAddress, LineBreaks::Allowed),
        (HomePhone, LineBreaks::Forbidden),
        (Email, LineBreaks::Forbidden),
    ];
    STORED.into_iter().try_for_each(|(column, line_breaks)| {
        let written = record.cell(column);
        if let Err(error) = reject_controls(written, line_breaks) {
            return reject(RosterField::Cell(column), text_fault(column, error));
        }
        if !written.is_ascii() && first_private_use(written).is_some() {
            let message = format!(
                "{}に外字（そのパソコンだけの文字）があります。Unicodeの文字か代わりの文字に直してください。",
                column.header()
            );
            return reject(RosterField::Cell(column), message);
        }
        within(RosterField::Cell(column), column, written, CELL_LIMIT)
    })
}

/// 性別: 男 or 1, 女 or 2.
pub fn sex(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Sex {
    match fold_width(record.cell(Column::Sex)).trim() {
        "男" | "1" => Sex::Male,
        "女" | "2" => Sex::Female,
        "" => Sex::Unspecified,
        _ => {
            warnings.push(Warning::UnknownSex);
            Sex::Unspecified
        }
    }
}

/// 卒業年月: a month in any spelling.
pub fn graduation_month(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Option<YearMonth> {
    match parse_japanese_month(record.cell(Column::GraduationMonth)) {
        Ok(month) => Some(month),
        Err(DateError::Empty) => None,
        Err(DateError::NoEra | DateError::OutOfEra { .. } | DateError::Impossible | DateError::Unreadable) => {
            warnings.push(Warning::UnreadableGraduationMonth);
            None
        }
    }
}

/// 日医会員ID: ten digits of either width.
pub fn jma_member_id(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Option<String> {
    let id = fold_width(record.cell(Column::JmaMemberId).trim_matches(is_space)).into_owned();
    match id.len() {
        0 => None,
        10 if id.bytes().all(|byte| byte.is_ascii_digit()) => Some(id),
        _ => {
            warnings.push(Warning::UnusualJmaMemberId);
            None
        }
    }
}

/// The workplace; `None` when it has neither name nor address.
pub fn facility(
    record: &RosterRecord,
    known: impl Fn(PostalCode) -> bool,
    warnings: &mut Vec<Warning>,
) -> Option<FacilityFacts> {
    let name = optional(record, Column::FacilityName);
    if name.is_none() && optional(record, Column::FacilityAddress).is_none() {
        return None;
    }
    let name = name.unwrap_or_default();
    if name.starts_with(['=', '+', '-', '@']) {
        warnings.push(Warning::FormulaLikeFacilityName);
    }
    let kind = match record.cell(Column::FacilityKind).trim_matches(is_space) {
        "病院" => FacilityKind::Hospital,
        "診療所" | "一般診療所" => FacilityKind::Clinic,
        "介護老人保健施設" => FacilityKind::GeriatricFacility,
        "介護医療院" => FacilityKind::LtcHospital,
        "その他" => FacilityKind::Other,
        _ => {
            warnings.push(Warning::UnknownFacilityKind);
            FacilityKind::Other
        }
    };
    Some(FacilityFacts { name, kind, contact: contact(record, Place::Facility, known, warnings) })
}

/// Postal code, address and telephone of one of the two places (RO-16).
pub fn contact(
    record: &RosterRecord,
    place: Place,
    known: impl Fn(PostalCode) -> bool,
    warnings: &mut Vec<Warning>,
) -> ContactFacts {
    let (postal_code, address, phone) = match place {
        Place::Facility => (Column::FacilityPostalCode, Column::FacilityAddress, Column::FacilityPhone),
        Place::Home => (Column::HomePostalCode, Column::HomeAddress, Column::HomePhone),
    };
    let written = record.cell(postal_code).trim_matches(is_space);
    let postal_code = PostalCode::parse(written).ok();
    match postal_code {
        Some(code) if !known(code) => warnings.push(Warning::UnknownPostalCode(place)),
        None if !written.is_empty() => warnings.push(Warning::UnreadablePostalCode(place)),
        Some(_) | None => {}
    }
    let address = optional(record, address);
    if address.as_ref().is_some_and(|address| address.contains(['\n', '\r'])) {
        warnings.push(Warning::LineBreakInAddress(place));
    }
    let phone = optional(record, phone).map(|written| match PhoneNumber::parse(&written) {
        Ok(number) => number.into_string(),
        Err(_) => {
            warnings.push(Warning::UnusualPhone(place));
            written
        }
    });
    ContactFacts { postal_code, address, phone }
}

/// 診療科: names separated by 、.
pub fn specialties(record: &RosterRecord) -> Vec<String> {
    let names = record.cell(Column::Specialties).split(['、', '，', ',']).map(|name| name.trim_matches(is_space));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// メールアドレス: as written; old carriers gave out addresses no standard allows, and their owners still have them.
pub fn email(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Option<String> {
    let email = optional(record, Column::Email)?;
    let usual = email.split_once('@').is_some_and(|(local, host)| {
        let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
        let visible = email.bytes().all(|byte| byte.is_ascii_graphic());
        visible && !local.is_empty() && !host.contains('@') && host.contains('.') && !dots(local) && !dots(host)
    });
    if !usual {
        warnings.push(Warning::UnusualEmail);
    }
    Some(email)
}

/// 送付先: 自宅 or 施設.
pub fn mail_to(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Option<MailTo> {
    match record.cell(Column::MailTo).trim_matches(is_space) {
        "自宅" => Some(MailTo::Home),
        "施設" => Some(MailTo::Facility),
        "" => None,
        _ => {
            warnings.push(Warning::UnknownMailTo);
            None
        }
    }
}

/// 雑誌発送: 発送 or 停止.
pub fn journal(record: &RosterRecord, warnings: &mut Vec<Warning>) -> Option<JournalDelivery> {
    match record.cell(Column::Journal).trim_matches(is_space) {
        "発送" => Some(JournalDelivery::Posted),
        "停止" => Some(JournalDelivery::Stopped),
        "" => None,
        _ => {
            warnings.push(Warning::UnknownJournalDelivery);
            None
        }
    }
}

/// A cell without surrounding spaces; `None` when nothing is left.
pub fn optional(record: &RosterRecord, column: Column) -> Option<String> {
    let written = record.cell(column).trim_matches(is_space);
    (!written.is_empty()).then(|| written.to_owned())
}

fn joined_cells(record: &RosterRecord) -> [&str; 3] {
    [Column::DistrictJoined, Column::PrefecturalJoined, Column::NationalJoined]
        .map(|column| record.cell(column).trim_matches(is_space))
}

fn within(field: RosterField, column: Column, written: &str, limit: usize) -> Field<()> {
    // Bytes first: no text of fewer bytes has more characters.
    if written.len() > limit && written.chars().count() > limit {
        return reject(field, format!("{}が長すぎます。{limit}文字以内にしてください。", column.header()));
    }
    Ok(())
}

fn text_fault(column: Column, error: TextError) -> String {
    let header = column.header();
    match error {
        TextError::Control(_) => format!("{header}に見えない制御文字があります。取り除いてください。"),
        TextError::LineBreak => format!("{header}に改行があります。1行にしてください。"),
        TextError::Replacement => format!("{header}に読めなくなった文字があります。元の文字に直してください。"),
    }
}

fn date_rejection(field: RosterField, column: Column, error: &DateError, written: &str) -> Rejection {
    let (header, echoed) = (column.header(), echo(written));
    let message = match error {
        DateError::Empty => format!("{header}が空です。日付を記入してください。"),
        DateError::NoEra => {
            format!("{header}「{echoed}」に元号がありません。「S39.4.1」や「1964/04/01」のように記入してください。")
        }
        DateError::OutOfEra { era, suggestion: Some(suggestion) } => {
            format!("{header}「{echoed}」は{era}の期間にありません。{suggestion}ではありませんか。")
        }
        DateError::OutOfEra { era, suggestion: None } => {
            format!("{header}「{echoed}」は{era}の期間にありません。元号と年を確認してください。")
        }
        DateError::Impossible => format!("{header}「{echoed}」という日はありません。日付を確認してください。"),
        DateError::Unreadable => {
            format!(
                "{header}「{echoed}」を日付として読み取れません。「S39.4.1」や「1964/04/01」のように記入してください。"
            )
        }
    };
    Rejection { field, message }
}

/// The value as a message repeats it: one line, not longer than a line.
fn echo(written: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = written.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if written.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
