//! Files of cases: sent with their progress, and read as blobs, since an `img` cannot send an access token.

use gloo_net::http::{Method, RequestBuilder};
use mamis_contract::problem::Problem;
use mamis_contract::workflow::AttachmentView;
use mamis_kernel::{ApplicationId, AttachmentId, AttachmentPurpose, LetterBatchId};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FormData, ProgressEvent, Url, XmlHttpRequest, XmlHttpRequestResponseType};

use super::transport::{BASE, Call};
use super::{Api, Failure};

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
        let (status, text) = exchange(&format!("/applications/{id}/attachments"), &token, &form, progress).await?;
        if (200..300).contains(&status) {
            return serde_json::from_str(&text).map_err(|_| Failure::Unreadable);
        }
        match serde_json::from_str::<Problem>(&text) {
            Ok(problem) => Err(Failure::Problem(Box::new(problem))),
            Err(_) => Err(Failure::Unreadable),
        }
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
        self.bytes(Method::GET, &format!("/attachments/{id}")).await
    }

    /// The letters of a batch, as one PDF.
    ///
    /// # Errors
    /// `wrong_state`, or any other [`Failure`].
    pub async fn letter_file(self, id: LetterBatchId) -> Result<BlobUrl, Failure> {
        self.bytes(Method::POST, &format!("/letter-batches/{id}/fetch")).await
    }

    async fn bytes(self, method: Method, path: &str) -> Result<BlobUrl, Failure> {
        let token = self.session.fresh_token().await?;
        let answer = RequestBuilder::new(&format!("{BASE}{path}"))
            .method(method)
            .header("Authorization", &format!("Bearer {token}"))
            .header("X-Requested-With", "mamis")
            .send()
            .await
            .map_err(|_| Failure::Offline)?;
        if !answer.ok() {
            let text = answer.text().await.map_err(|_| Failure::Offline)?;
            let problem = serde_json::from_str::<Problem>(&text).map_err(|_| Failure::Unreadable)?;
            return Err(Failure::Problem(Box::new(problem)));
        }
        let kind = answer.headers().get("content-type").unwrap_or_default();
        let bytes = answer.binary().await.map_err(|_| Failure::Offline)?;
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(&kind);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).map_err(|_| Failure::Unreadable)?;
        BlobUrl::of(&blob).ok_or(Failure::Unreadable)
    }
}

/// Only this old way of asking tells how much has gone.
async fn exchange(
    path: &str,
    token: &str,
    form: &FormData,
    progress: impl Fn(f64) + 'static,
) -> Result<(u16, String), Failure> {
    let request = XmlHttpRequest::new().map_err(|_| Failure::Unreadable)?;
    request.open("POST", &format!("{BASE}{path}")).map_err(|_| Failure::Unreadable)?;
    request.set_response_type(XmlHttpRequestResponseType::Text);
    for (name, value) in [("Authorization", format!("Bearer {token}").as_str()), ("X-Requested-With", "mamis")] {
        request.set_request_header(name, value).map_err(|_| Failure::Unreadable)?;
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
