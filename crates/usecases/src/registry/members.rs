//! Lists of an association's members: a page, how many, and a file.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use mamis_documents::{CsvBlock, CsvEncoding};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::policy::{RegistryAction, authorize_members, sees_sensitive};
use mamis_domain::registry::{Directory, read_search_text};
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AssociationId, FacilityKind, FieldErrorCode, Sex};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::{MemberLine, MemberOrder, MemberQuestion, MemberRow, MemberStanding};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::read_audit::Reading;
use crate::{App, AppError, Caller};

/// Each holds a connection until its reader has the last line.
static EXPORTS: Semaphore = Semaphore::const_new(3);
/// Lines that are read, written and sent together.
const LINES_A_BLOCK: usize = 500;

/// The columns of the file.
const COLUMNS: [&str; 20] = [
    "姓",
    "名",
    "セイ",
    "メイ",
    "性別",
    "生年月日",
    "医籍登録番号",
    "医籍登録年月日",
    "日医会員ID",
    "会員区分",
    "入会日",
    "退会日",
    "郡市区医師会",
    "主な勤務先",
    "勤務先住所",
    "自宅郵便番号",
    "自宅住所",
    "電話番号",
    "メールアドレス",
    "診療科名",
];

/// Which members of which association, as it was asked.
#[derive(Debug, Clone)]
pub struct MemberSearch {
    /// Whose members.
    pub association: AssociationId,
    /// What was typed into the box.
    pub text: Option<String>,
    /// The day; today when absent.
    pub as_of: Option<NaiveDate>,
    /// Where the latest membership stands.
    pub standing: Option<MemberStanding>,
    /// One of these.
    pub category_codes: Vec<String>,
    /// Also a member of this one.
    pub also_of: Option<AssociationId>,
    /// At least so old.
    pub min_age: Option<u32>,
    /// At most so old.
    pub max_age: Option<u32>,
    /// With this 診療科名.
    pub specialty: Option<String>,
    /// With a main workplace of one of these kinds.
    pub facility_kinds: Vec<FacilityKind>,
}

/// A page of members.
pub struct FoundMembers {
    /// The lines.
    pub rows: Vec<MemberRow>,
    /// For the names of associations and categories.
    pub directory: Arc<Directory>,
    /// The day that was asked about.
    pub day: NaiveDate,
}

/// Members of an association, a page of them. The reading is audited as one of the association's list.
///
/// Rules SEARCH-1, VIS-1, VIS-2; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk there; [`WorkflowError::InvalidFields`] at `/filter/also_of` for an association of
/// another branch.
#[tracing::instrument(name = "registry.search_members", skip_all)]
pub async fn search_members(
    app: &App,
    caller: &Caller,
    search: &MemberSearch,
    order: &MemberOrder,
    limit: i64,
) -> Result<FoundMembers, AppError> {
    const ACTION: &str = "registry.search_members";
    let permit = permitted(app, caller, RegistryAction::ReadMembers, search.association, ACTION).await?;
    let (question, directory) = question(app, caller, search).await?;
    let rows = app.store.member_list(&permit, &question, order, limit).await?;
    let (subject, association) = (("association", search.association.uuid()), Some(search.association));
    app.seen(caller, Reading { action: ACTION, subject, person: None, association }).await;
    Ok(FoundMembers { rows, directory, day: question.day })
}

/// How many members they are.
///
/// # Errors
/// As [`search_members`].
#[tracing::instrument(name = "registry.count_members", skip_all)]
pub async fn count_members(app: &App, caller: &Caller, search: &MemberSearch) -> Result<u64, AppError> {
    let action = RegistryAction::ReadMembers;
    let permit = permitted(app, caller, action, search.association, "registry.count_members").await?;
    let (question, _) = question(app, caller, search).await?;
    Ok(app.store.member_count(&permit, &question).await?)
}

/// A file that may be written: it was asked for with a purpose, and the audit has it.
pub struct MemberExport {
    permit: Permit<RegistryAction>,
    question: MemberQuestion,
    directory: Arc<Directory>,
    encoding: CsvEncoding,
    /// The day that was asked about.
    pub day: NaiveDate,
}

/// Allows a file of members, and leaves in the audit who takes it for what.
///
/// Rule VIS-1; source: docs/rules/registry.md#vis-1.
///
/// # Errors
/// As [`search_members`]; it takes an operator.
#[tracing::instrument(name = "registry.export_members", skip_all)]
pub async fn export_members(
    app: &App,
    caller: &Caller,
    search: &MemberSearch,
    purpose: &str,
    encoding: CsvEncoding,
) -> Result<MemberExport, AppError> {
    const ACTION: &str = "registry.export_members";
    let permit = permitted(app, caller, RegistryAction::ExportMembers, search.association, ACTION).await?;
    let purpose = purpose.trim();
    if purpose.is_empty() {
        return Err(WorkflowError::InvalidFields(vec![FieldFault::new("/purpose", FieldErrorCode::Required)]).into());
    }
    let (question, directory) = question(app, caller, search).await?;
    let payload = json!({
        "purpose": purpose,
        "lines": app.store.member_count(&permit, &question).await?,
        "text": search.text,
        "day": question.day,
        "category_codes": search.category_codes,
        "also_of": search.also_of,
        "min_age": search.min_age,
        "max_age": search.max_age,
        "specialty": search.specialty,
    });
    let event = NewAuditEvent {
        action: ACTION,
        outcome: AuditOutcome::Done,
        subject_kind: "association",
        subject_id: Some(search.association.uuid()),
        person: None,
        at: app.clock.now(),
        payload: Some(payload),
    };
    app.store
        .transaction(Some(&caller.request_id), async |tx| -> Result<(), AppError> {
            Ok(tx.audit_append(&permit, event).await?)
        })
        .await?;
    let day = question.day;
    Ok(MemberExport { permit, question, directory, encoding, day })
}

impl MemberExport {
    /// Writes the file, a block after the other.
    ///
    /// # Errors
    /// What `send` says; store and document errors. The file then ends in the middle, and whoever reads it must notice.
    pub async fn write(
        self,
        app: &App,
        mut send: impl AsyncFnMut(Vec<u8>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let Self { permit, question, directory, encoding, .. } = self;
        let _turn = EXPORTS.acquire().await.map_err(|_| AppError::Internal("exports are never closed"))?;
        let mut block = Some(CsvBlock::first(encoding, COLUMNS)?);
        app.store
            .member_lines(&permit, &question, LINES_A_BLOCK, async |lines| {
                let mut block = block.take().unwrap_or_else(|| CsvBlock::next(encoding));
                for line in &lines {
                    write_line(&mut block, line, question.association, &directory)?;
                }
                send(block.finish()?.0).await
            })
            .await?;
        // Nobody matched: the file has its columns all the same.
        if let Some(block) = block {
            send(block.finish()?.0).await?;
        }
        Ok(())
    }
}

fn write_line(
    block: &mut CsvBlock,
    line: &MemberLine,
    association: AssociationId,
    directory: &Directory,
) -> Result<(), AppError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let sex = match line.sex.parse() {
        Ok(Sex::Male) => "男",
        Ok(Sex::Female) => "女",
        Ok(Sex::Unspecified) | Err(_) => "",
    };
    let code = line.category_code.as_deref().unwrap_or_default();
    let category = directory.category_label(association, code).unwrap_or(code);
    let district = line.district_id.and_then(|id| directory.get(AssociationId::from_uuid(id)));
    block.line([
        line.family_name.as_str(),
        &line.given_name,
        &line.family_name_kana,
        &line.given_name_kana,
        sex,
        &day(Some(line.birth_date)),
        &text(&line.number),
        &day(line.registered_on),
        &text(&line.jma_member_id),
        category,
        &day(Some(line.valid_from)),
        &day(line.valid_to.and_then(|end| end.pred_opt())),
        district.map_or("", |district| &district.name),
        &text(&line.facility_name),
        &text(&line.facility_address),
        &text(&line.home_postal_code),
        &text(&line.home_address),
        &text(&line.phone),
        &text(&line.email),
        &line.specialties,
    ])?;
    Ok(())
}

async fn permitted(
    app: &App,
    caller: &Caller,
    action: RegistryAction,
    association: AssociationId,
    audited_as: &'static str,
) -> Result<Permit<RegistryAction>, AppError> {
    match authorize_members(&caller.actor, action, association) {
        Ok(permit) => Ok(permit),
        Err(denied) => {
            let subject = ("association", Some(association.uuid()));
            Err(app.refused(caller, audited_as, subject, None, denied.into()).await)
        }
    }
}

async fn question(
    app: &App,
    caller: &Caller,
    search: &MemberSearch,
) -> Result<(MemberQuestion, Arc<Directory>), AppError> {
    let directory = app.directory().await?;
    let Some(association) = directory.get(search.association) else { return Err(AppError::NotFound) };
    // Membership elsewhere is not this branch's to know.
    if search.also_of.is_some_and(|other| !directory.same_branch(search.association, other)) {
        let fault = FieldFault::new("/filter/also_of", FieldErrorCode::WrongAssociation);
        return Err(WorkflowError::InvalidFields(vec![fault]).into());
    }
    let day = search.as_of.unwrap_or_else(|| app.clock.today());
    let years_before = |years: u32| day.checked_sub_months(Months::new(years.saturating_mul(12)));
    let sees_sensitive = sees_sensitive(&caller.actor, search.association);
    let question = MemberQuestion {
        association: search.association,
        tier: association.tier,
        day,
        text: search.text.as_deref().and_then(|text| read_search_text(text, sees_sensitive)),
        standing: search.standing,
        category_codes: search.category_codes.clone(),
        also_of: search.also_of,
        born_until: search.min_age.and_then(years_before),
        born_after: search.max_age.and_then(|years| years_before(years.saturating_add(1))),
        specialty: search.specialty.clone(),
        facility_kinds: search.facility_kinds.clone(),
    };
    Ok((question, directory))
}
