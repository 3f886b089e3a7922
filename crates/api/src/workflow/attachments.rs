use actix_multipart::{Field, Multipart};
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset, ContentDisposition, DispositionParam, DispositionType,
    ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use futures_util::StreamExt;
use mamis_contract::workflow::{AddAttachment, AttachmentView};
use mamis_contract::{FieldErrorCode, ProblemCode};
use mamis_domain::workflow::FieldFault;
use mamis_kernel::{ApplicationId, AttachmentId, AttachmentPurpose, MediaType};
use mamis_usecases::workflow;

use super::wire::attachment_view;
use crate::extract::{AppData, EvenProvisional, Parts, PathId};
use crate::openapi::{ReadProblems, UploadProblems};
use crate::problem::{Rejection, Trouble};

/// The longest code of a purpose, with room.
const LONGEST_PURPOSE: usize = 100;
/// What the parts around a file may add to a body.
const ENVELOPE: u64 = 16 * 1024;

/// Adds a file to one's own draft or returned case.
///
/// A `multipart/form-data` body: the part `purpose`, then the part `file`. The file is JPEG, PNG or PDF by its content,
/// whatever its name says, and 10 MiB at most; a case has ten files at most. Sending the same file again gives the one that is
/// there.
#[utoipa::path(tag = "workflow", security(("session" = [])), params(("id" = ApplicationId, Path)),
    request_body(content = AddAttachment, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentView, description = "The file"), UploadProblems))]
#[post("/applications/{id}/attachments")]
pub async fn add_attachment(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<ApplicationId>,
    Parts(mut parts): Parts,
) -> Result<HttpResponse, Rejection> {
    let added = async {
        let announced =
            request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|bytes| bytes > app.config.attachments.largest + ENVELOPE) {
            return Err(Trouble::new(ProblemCode::BodyTooLarge));
        }
        let purpose = purpose(&mut parts).await?;
        let file = part(&mut parts, "file").await?;
        let name = file.content_disposition().and_then(|header| header.get_filename()).unwrap_or_default().to_owned();
        let added = workflow::add_attachment(&app, &caller, id, purpose, &name, file).await?;
        Ok(HttpResponse::Created().json(attachment_view(&added)))
    };
    added.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// The next part, which must have this name.
async fn part(parts: &mut Multipart, name: &str) -> Result<Field, Trouble> {
    let missing = || Trouble::fields(vec![FieldFault::new(format!("/{name}"), FieldErrorCode::Required)]);
    let part = parts.next().await.ok_or_else(missing)?;
    let part = part.map_err(|_| Trouble::malformed(String::new()))?;
    if part.name() == Some(name) { Ok(part) } else { Err(missing()) }
}

async fn purpose(parts: &mut Multipart) -> Result<AttachmentPurpose, Trouble> {
    let mut part = part(parts, "purpose").await?;
    let mut text = Vec::new();
    while let Some(chunk) = part.next().await {
        text.extend_from_slice(&chunk.map_err(|_| Trouble::malformed("/purpose".to_owned()))?);
        if text.len() > LONGEST_PURPOSE {
            return Err(Trouble::malformed("/purpose".to_owned()));
        }
    }
    let code = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    code.ok_or_else(|| Trouble::malformed("/purpose".to_owned()))
}

/// Gives a file of a case, to its physician and to clerks of the associations on its route.
///
/// Always as an attachment, never as a page: whatever its bytes are, nothing in them runs.
#[utoipa::path(tag = "workflow", security(("session" = [])), params(("id" = AttachmentId, Path)),
    responses((status = 200, description = "The bytes", content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"))), ReadProblems))]
#[get("/attachments/{id}")]
pub async fn get_attachment(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<AttachmentId>,
) -> Result<HttpResponse, Rejection> {
    let found = workflow::get_attachment(&app, &caller, id).await;
    let (attachment, content) = found.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, attachment.media_type.as_str()))
        .insert_header(disposition(&attachment.file_name, attachment.media_type))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"))
        .no_chunking(attachment.size)
        .streaming(content))
}

/// The name twice: for old readers in ASCII, and as it is.
fn disposition(file_name: &str, media_type: MediaType) -> ContentDisposition {
    let plain = match media_type {
        MediaType::Jpeg => "attachment.jpg",
        MediaType::Png => "attachment.png",
        MediaType::Pdf => "attachment.pdf",
    };
    let as_it_is = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: file_name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain.to_owned()), DispositionParam::FilenameExt(as_it_is)],
    }
}

/// Takes a file out of one's own draft or returned case.
#[utoipa::path(tag = "workflow", security(("session" = [])), params(("id" = AttachmentId, Path)),
    responses((status = 204, description = "Removed"), UploadProblems))]
#[delete("/attachments/{id}")]
pub async fn remove_attachment(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    PathId(id): PathId<AttachmentId>,
) -> Result<HttpResponse, Rejection> {
    workflow::remove_attachment(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    Ok(HttpResponse::NoContent().finish())
}
