//! An association's members as a file.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use mamis_documents::{CsvBlock, CsvEncoding, XlsxFile};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::Directory;
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::workflow::{FieldFault, WorkflowError};
use mamis_kernel::{AssociationId, ExportFormat, FieldErrorCode, Sex};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::{MemberLine, MemberQuestion};
use serde_json::json;
use tokio::sync::Semaphore;

use super::members::{MemberSearch, permitted, question};
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

/// A file that may be written: it was asked for with a purpose, and the audit has it.
pub struct MemberExport {
    permit: Permit<RegistryAction>,
    question: MemberQuestion,
    directory: Arc<Directory>,
    format: ExportFormat,
    /// The day that was asked about.
    pub day: NaiveDate,
}

/// Allows a file of members, and leaves in the audit who takes it for what.
///
/// Rule VIS-1; source: docs/rules/registry.md#vis-1.
///
/// # Errors
/// As [`super::search_members`]; it takes an operator.
#[tracing::instrument(name = "registry.export_members", skip_all)]
pub async fn export_members(
    app: &App,
    caller: &Caller,
    search: &MemberSearch,
    purpose: &str,
    format: ExportFormat,
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
    Ok(MemberExport { permit, question, directory, format, day })
}

impl MemberExport {
    /// Writes the file, a block after the other; a workbook at its end.
    ///
    /// # Errors
    /// What `send` says; store and document errors. The file then ends in the middle, and whoever reads it must notice.
    pub async fn write(
        self,
        app: &App,
        send: impl AsyncFnMut(Vec<u8>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let _turn = EXPORTS.acquire().await.map_err(|_| AppError::Internal("exports are never closed"))?;
        match self.format {
            ExportFormat::Csv => self.write_csv(app, CsvEncoding::Utf8, send).await,
            ExportFormat::CsvCp932 => self.write_csv(app, CsvEncoding::Cp932, send).await,
            ExportFormat::Xlsx => self.write_xlsx(app, send).await,
        }
    }

    async fn write_csv(
        self,
        app: &App,
        encoding: CsvEncoding,
        mut send: impl AsyncFnMut(Vec<u8>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let Self { permit, question, directory, .. } = self;
        let mut block = Some(CsvBlock::first(encoding, COLUMNS)?);
        app.store
            .member_lines(&permit, &question, LINES_A_BLOCK, async |lines| {
                let mut block = block.take().unwrap_or_else(|| CsvBlock::next(encoding));
                for line in &lines {
                    block.line(cells(line, question.association, &directory).iter().map(AsRef::as_ref))?;
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

    async fn write_xlsx(
        self,
        app: &App,
        mut send: impl AsyncFnMut(Vec<u8>) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let Self { permit, question, directory, .. } = self;
        let mut file = XlsxFile::new("会員", COLUMNS)?;
        app.store
            .member_lines(&permit, &question, LINES_A_BLOCK, async |lines| {
                for line in &lines {
                    file.line(cells(line, question.association, &directory).iter().map(AsRef::as_ref))?;
                }
                // Others get their turn between blocks.
                tokio::task::yield_now().await;
                Ok::<_, AppError>(())
            })
            .await?;
        // Packing takes as long as all that went before.
        let packed = tokio::task::spawn_blocking(move || file.finish()).await;
        send(packed.map_err(|_| AppError::Internal("packing a workbook was stopped"))??).await
    }
}

/// A line's cells, in the order of [`COLUMNS`].
fn cells<'a>(line: &'a MemberLine, association: AssociationId, directory: &'a Directory) -> [Cow<'a, str>; 20] {
    let text = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let day = |day: Option<NaiveDate>| Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default());
    let sex = match line.sex.parse() {
        Ok(Sex::Male) => "男",
        Ok(Sex::Female) => "女",
        Ok(Sex::Unspecified) | Err(_) => "",
    };
    let code = line.category_code.as_deref().unwrap_or_default();
    let category = directory.category_label(association, code).unwrap_or(code);
    let district = line.district_id.and_then(|id| directory.get(AssociationId::from_uuid(id)));
    [
        Cow::Borrowed(line.names.family_name.as_str()),
        Cow::Borrowed(&line.names.given_name),
        Cow::Borrowed(&line.names.family_name_kana),
        Cow::Borrowed(&line.names.given_name_kana),
        Cow::Borrowed(sex),
        day(Some(line.birth_date)),
        text(&line.number),
        day(line.registered_on),
        text(&line.jma_member_id),
        Cow::Borrowed(category),
        day(Some(line.valid_from)),
        day(line.valid_to.and_then(|end| end.pred_opt())),
        Cow::Borrowed(district.map_or("", |district| &district.name)),
        text(&line.facility_name),
        text(&line.facility_address),
        text(&line.home_postal_code),
        text(&line.home_address),
        text(&line.phone),
        text(&line.email),
        Cow::Borrowed(&line.specialties),
    ]
}
