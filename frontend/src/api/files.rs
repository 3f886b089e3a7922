//! Files: sent with their progress, and read as blobs, since neither an `img` nor a link can send an access token.

use gloo_net::http::{Method, RequestBuilder};
use mamis_contract::problem::Problem;
use mamis_contract::workflow::AttachmentView;
use mamis_kernel::{ApplicationId, AttachmentId, AttachmentPurpose, LetterBatchId};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FormData, ProgressEvent, Response, Url, XmlHttpRequest, XmlHttpRequestResponseType};

use super::transport::{BASE, Call};
use super::{Api, Failure, IdempotencyKey};

/// A file's bytes under an address of this page, until it is dropped.
pub struct BlobUrl(String);

impl BlobUrl {
    /// For `src` and `href`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes of a file that was just chosen.
    #[must_use]
    pub fn of(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// A file that was read, and what the server calls it.
pub struct Fetched {
    /// Its bytes.
    pub url: BlobUrl,
    /// For saving it.
    pub name: Option<String>,
}

impl Api {
    /// Sends a file for a case; `progress` hears the part that has gone, from 0 to 1.
    ///
    /// # Errors
    /// `invalid_fields`, `body_too_large`, `too_many_attachments`, `wrong_state`, or any other [`Failure`].
    pub async fn add_attachment(
        self,
        id: ApplicationId,
        purpose: AttachmentPurpose,
        file: &File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<AttachmentView, Failure> {
        let token = self.session.fresh_token().await?;
        let form = FormData::new().map_err(|_| Failure::Unreadable)?;
        form.append_with_str("purpose", purpose.as_str()).map_err(|_| Failure::Unreadable)?;
        form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| Failure::Unreadable)?;
        upload(&format!("/applications/{id}/attachments"), (&token, None), &form, progress).await
    }

    /// Takes a file out of its case.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn remove_attachment(self, id: AttachmentId) -> Result<(), Failure> {
        self.send(Call::delete(format!("/attachments/{id}"))).await.map(|_| ())
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn attachment(self, id: AttachmentId) -> Result<BlobUrl, Failure> {
        Ok(self.fetch(Method::GET, &format!("/attachments/{id}"), None).await?.url)
    }

    /// The letters of a batch, as one PDF.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn letter_file(self, id: LetterBatchId) -> Result<BlobUrl, Failure> {
        Ok(self.fetch(Method::POST, &format!("/letter-batches/{id}/fetch"), None).await?.url)
    }

    pub(super) async fn fetch(self, method: Method, path: &str, body: Option<&str>) -> Result<Fetched, Failure> {
        let token = self.session.fresh_token().await?;
        let request = RequestBuilder::new(&format!("{BASE}{path}"))
            .method(method)
            .header("Authorization", &format!("Bearer {token}"))
            .header("X-Requested-With", "mamis");
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body),
            None => request.build(),
        };
        let answer = request.map_err(|_| Failure::Unreadable)?.send().await.map_err(|_| Failure::Offline)?;
        if !answer.ok() {
            let text = answer.text().await.map_err(|_| Failure::Offline)?;
            let problem = serde_json::from_str::<Problem>(&text).map_err(|_| Failure::Unreadable)?;
            return Err(Failure::Problem(Box::new(problem)));
        }
        let name = answer.headers().get("content-disposition").as_deref().and_then(file_name);
        // The browser keeps the bytes and their kind; they never come in here.
        let reading = Response::from(answer).blob().map_err(|_| Failure::Unreadable)?;
        let blob: Blob = JsFuture::from(reading).await.map_err(|_| Failure::Offline)?.unchecked_into();
        let url = BlobUrl::of(&blob).ok_or(Failure::Unreadable)?;
        Ok(Fetched { url, name })
    }
}

/// The name in a `Content-Disposition`; the one in UTF-8 goes first (RFC 6266).
fn file_name(disposition: &str) -> Option<String> {
    let part = |name: &str| disposition.split(';').find_map(|part| part.trim().strip_prefix(name));
    let encoded = part("filename*=").and_then(|value| value.strip_prefix("UTF-8''")).and_then(decoded);
    encoded
        .or_else(|| part("filename=").map(|value| value.trim_matches('"').to_owned()))
        .filter(|name| !name.is_empty())
}

/// Without its percent signs, when what they stand for is UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Sends a form with a file and reads the answer.
pub(super) async fn upload<T: DeserializeOwned>(
    path: &str,
    access: (&str, Option<&IdempotencyKey>),
    form: &FormData,
    progress: impl Fn(f64) + 'static,
) -> Result<T, Failure> {
    let (status, text) = exchange(path, access, form, Box::new(progress)).await?;
    if (200..300).contains(&status) {
        return serde_json::from_str(&text).map_err(|_| Failure::Unreadable);
    }
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Err(Failure::Problem(Box::new(problem))),
        Err(_) => Err(Failure::Unreadable),
    }
}

/// Only this old way of asking tells how much has gone.
async fn exchange(
    path: &str,
    (token, key): (&str, Option<&IdempotencyKey>),
    form: &FormData,
    progress: Box<dyn Fn(f64)>,
) -> Result<(u16, String), Failure> {
    let request = XmlHttpRequest::new().map_err(|_| Failure::Unreadable)?;
    request.open("POST", &format!("{BASE}{path}")).map_err(|_| Failure::Unreadable)?;
    request.set_response_type(XmlHttpRequestResponseType::Text);
    for (name, value) in [("Authorization", format!("Bearer {token}").as_str()), ("X-Requested-With", "mamis")] {
        request.set_request_header(name, value).map_err(|_| Failure::Unreadable)?;
    }
    if let Some(key) = key {
        request.set_request_header("Idempotency-Key", key.as_str()).map_err(|_| Failure::Unreadable)?;
    }
    let moved = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(moved.as_ref().unchecked_ref()));
    }
    let ended = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_form_data(Some(form)).map_err(|_| Failure::Offline)?;
    JsFuture::from(ended).await.map_err(|_| Failure::Offline)?;
    let status = request.status().unwrap_or(0);
    if status == 0 {
        return Err(Failure::Offline);
    }
    Ok((status, request.response_text().ok().flatten().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_the_server_says() {
        for (disposition, name) in [
            ("attachment; filename=\"members.csv\"", Some("members.csv")),
            (
                "attachment; filename=\"m.csv\"; filename*=UTF-8''%E4%BC%9A%E5%93%A1-20261123.csv",
                Some("会員-20261123.csv"),
            ),
            ("attachment; filename=\"m.csv\"; filename*=UTF-8''%E4%B", Some("m.csv")),
            ("attachment", None),
            ("attachment; filename=\"\"", None),
        ] {
            assert_eq!(file_name(disposition).as_deref(), name, "{disposition}");
        }
    }
}
