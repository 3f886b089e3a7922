use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_domain::workflow::{Applicant, Attachment};
use mamis_kernel::{AccountId, ApplicationId, AttachmentId, AttachmentPurpose, MediaType, PersonId};
use serde_json::json;
use uuid::Uuid;

use crate::audit::NewAuditEvent;
use crate::schema::attachments;
use crate::{Datastore, StoreError, Tx};

const RECEIVING: &str = "receiving";
const RECEIVED: &str = "received";
const REMOVED: &str = "removed";

/// A file whose bytes are about to come.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// The file.
    pub id: AttachmentId,
    /// Where it belongs.
    pub application: ApplicationId,
    /// What it shows.
    pub purpose: AttachmentPurpose,
    /// Where its bytes will lie.
    pub object_key: String,
    /// Whose hand.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is known once the bytes have arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// What its owner called it.
    pub file_name: String,
    /// By its content.
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content.
    pub sha256: [u8; 32],
}

/// A file with the case it belongs to and the place of its bytes.
#[derive(Debug, Clone)]
pub struct StoredAttachment {
    /// The file.
    pub attachment: Attachment,
    /// Where it belongs.
    pub application: ApplicationId,
    /// Where its bytes lie.
    pub object_key: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachments)]
struct AttachmentRow {
    id: Uuid,
    application_id: Uuid,
    purpose: String,
    object_key: String,
    file_name: Option<String>,
    media_type: Option<String>,
    size: Option<i64>,
    sha256: Option<Vec<u8>>,
    received_at: Option<DateTime<Utc>>,
}

impl TryFrom<AttachmentRow> for StoredAttachment {
    type Error = StoreError;

    fn try_from(row: AttachmentRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "attachments", id: row.id.to_string(), column };
        let media_type = row.media_type.as_deref().and_then(|text| text.parse().ok());
        let attachment = Attachment {
            id: AttachmentId::from_uuid(row.id),
            purpose: row.purpose.parse().map_err(|_| unreadable("purpose"))?,
            media_type: media_type.ok_or_else(|| unreadable("media_type"))?,
            size: row.size.and_then(|size| u64::try_from(size).ok()).ok_or_else(|| unreadable("size"))?,
            received_at: row.received_at.ok_or_else(|| unreadable("received_at"))?,
            file_name: row.file_name.clone().ok_or_else(|| unreadable("file_name"))?,
            sha256: row.sha256.clone().ok_or_else(|| unreadable("sha256"))?,
        };
        let application = ApplicationId::from_uuid(row.application_id);
        Ok(Self { attachment, application, object_key: row.object_key })
    }
}

/// The files of a case that have arrived, oldest first.
pub(super) async fn received_of(
    conn: &mut AsyncPgConnection,
    case: ApplicationId,
) -> Result<Vec<Attachment>, StoreError> {
    let rows: Vec<AttachmentRow> = attachments::table
        .filter(attachments::application_id.eq(case.uuid()))
        .filter(attachments::state.eq(RECEIVED))
        .order(attachments::id)
        .select(AttachmentRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(|row| StoredAttachment::try_from(row).map(|stored| stored.attachment)).collect()
}

impl Datastore {
    /// A file that has arrived; the caller's policy decides who may see it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_get(&self, id: AttachmentId) -> Result<Option<StoredAttachment>, StoreError> {
        let row = attachments::table
            .find(id.uuid())
            .filter(attachments::state.eq(RECEIVED))
            .select(AttachmentRow::as_select())
            .first(&mut self.conn().await?)
            .await
            .optional()?;
        row.map(StoredAttachment::try_from).transpose()
    }

    /// Files whose bytes are to go, with the places where these lie.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_list_removed(&self, limit: i64) -> Result<Vec<(AttachmentId, String)>, StoreError> {
        let rows: Vec<(Uuid, String)> = attachments::table
            .filter(attachments::state.eq(REMOVED))
            .order(attachments::begun_at)
            .limit(limit)
            .select((attachments::id, attachments::object_key))
            .load(&mut self.conn().await?)
            .await?;
        Ok(rows.into_iter().map(|(id, key)| (AttachmentId::from_uuid(id), key)).collect())
    }
}

impl Tx {
    /// How many files a case has or is receiving. Files on their way since before `begun_before` are broken off.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_count(
        &mut self,
        case: ApplicationId,
        begun_before: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let on_its_way = attachments::state.eq(RECEIVING).and(attachments::begun_at.ge(begun_before));
        Ok(attachments::table
            .filter(attachments::application_id.eq(case.uuid()))
            .filter(attachments::state.eq(RECEIVED).or(on_its_way))
            .count()
            .get_result(&mut self.conn)
            .await?)
    }

    /// Says that bytes will come. No audit event yet: nothing has been given.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_begin(
        &mut self,
        _permit: &Permit<WorkflowAction>,
        new: &NewAttachment,
    ) -> Result<(), StoreError> {
        diesel::insert_into(attachments::table)
            .values((
                attachments::id.eq(new.id.uuid()),
                attachments::application_id.eq(new.application.uuid()),
                attachments::purpose.eq(new.purpose.as_str()),
                attachments::state.eq(RECEIVING),
                attachments::object_key.eq(&new.object_key),
                attachments::uploaded_by.eq(new.by.uuid()),
                attachments::begun_at.eq(new.at),
            ))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    /// Says that the bytes have arrived. Gives `None` when the file was given up in the meantime.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_received(
        &mut self,
        permit: &Permit<WorkflowAction>,
        (new, applicant): (&NewAttachment, Applicant),
        received: &Received,
        now: DateTime<Utc>,
    ) -> Result<Option<Attachment>, StoreError> {
        let row: Option<AttachmentRow> = diesel::update(attachments::table.find(new.id.uuid()))
            .filter(attachments::state.eq(RECEIVING))
            .set((
                attachments::state.eq(RECEIVED),
                attachments::file_name.eq(&received.file_name),
                attachments::media_type.eq(received.media_type.as_str()),
                attachments::size.eq(i64::try_from(received.size).unwrap_or(i64::MAX)),
                attachments::sha256.eq(received.sha256.as_slice()),
                attachments::received_at.eq(now),
            ))
            .returning(AttachmentRow::as_select())
            .get_result(&mut self.conn)
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let attachment = StoredAttachment::try_from(row)?.attachment;
        let about = (new.application, applicant.person());
        self.attachment_audit(permit, ("workflow.add_attachment", &attachment), about, now).await?;
        Ok(Some(attachment))
    }

    /// Takes a file out of its case; the bytes go afterwards. Whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_remove(
        &mut self,
        permit: &Permit<WorkflowAction>,
        (case, applicant): (ApplicationId, Applicant),
        attachment: &Attachment,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let removed = diesel::update(attachments::table.find(attachment.id.uuid()))
            .filter(attachments::state.eq(RECEIVED))
            .set((attachments::state.eq(REMOVED), attachments::removed_at.eq(now)))
            .execute(&mut self.conn)
            .await?;
        if removed > 0 {
            let about = (case, applicant.person());
            self.attachment_audit(permit, ("workflow.remove_attachment", attachment), about, now).await?;
        }
        Ok(removed > 0)
    }

    /// Gives up files that have been on their way since before `begun_before`, or this one: from now on they cannot arrive.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_give_up(
        &mut self,
        _permit: &Permit<()>,
        (begun_before, one): (DateTime<Utc>, Option<AttachmentId>),
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let this = attachments::id.nullable().is_not_distinct_from(one.map(AttachmentId::uuid));
        Ok(diesel::update(attachments::table)
            .filter(attachments::state.eq(RECEIVING))
            .filter(attachments::begun_at.lt(begun_before).or(this))
            .set((attachments::state.eq(REMOVED), attachments::removed_at.eq(now)))
            .execute(&mut self.conn)
            .await?)
    }

    /// Forgets a file whose bytes are gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn attachment_forget(&mut self, _permit: &Permit<()>, id: AttachmentId) -> Result<(), StoreError> {
        diesel::delete(attachments::table.find(id.uuid()).filter(attachments::state.eq(REMOVED)))
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    async fn attachment_audit(
        &mut self,
        permit: &Permit<WorkflowAction>,
        (action, attachment): (&str, &Attachment),
        (case, person): (ApplicationId, Option<PersonId>),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let payload = json!({
            "attachment": attachment.id, "purpose": attachment.purpose, "file_name": attachment.file_name,
            "media_type": attachment.media_type, "size": attachment.size, "sha256": hex(&attachment.sha256),
        });
        self.audit_append(
            permit,
            NewAuditEvent {
                action,
                outcome: AuditOutcome::Done,
                subject_kind: "application",
                subject_id: Some(case.uuid()),
                person,
                at,
                payload: Some(payload),
            },
        )
        .await
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
