use std::sync::Arc;

use mamis_documents::{Poster, PosterSection};
use mamis_kernel::texts::JointUse;

use crate::{App, AppError};

/// The poster of joint use as a PDF: an A4 page for a notice board, from the same data as the page. Rule ID-42.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be made.
pub async fn joint_use_poster(app: &App) -> Result<Arc<[u8]>, AppError> {
    made_once(&app.joint_use_poster, || {
        let poster = poster(&app.config.joint_use, &app.config.public_url);
        move || mamis_documents::poster(&poster)
    })
    .await
}

/// The banner for associations' own sites as an SVG whose letters are outlines, so that it looks alike everywhere.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be made.
pub async fn joint_use_banner(app: &App) -> Result<Arc<[u8]>, AppError> {
    made_once(&app.joint_use_banner, || || mamis_documents::joint_use_banner().map(String::into_bytes)).await
}

/// A document that is the same for everybody, made when it is first asked for. Setting a page takes a core for a while.
async fn made_once<F>(kept: &tokio::sync::OnceCell<Arc<[u8]>>, work: impl FnOnce() -> F) -> Result<Arc<[u8]>, AppError>
where
    F: FnOnce() -> Result<Vec<u8>, mamis_documents::DocumentError> + Send + 'static,
{
    let made = kept.get_or_try_init(async || {
        let bytes = tokio::task::spawn_blocking(work()).await.map_err(|_| AppError::Internal("a press died"))?;
        bytes.map(Arc::from).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a document could not be made");
            AppError::Internal("a document could not be made")
        })
    });
    made.await.cloned()
}

fn poster(page: &JointUse, public_url: &str) -> Poster {
    let text = &page.ja;
    let section =
        |heading: &str, items: &[String]| PosterSection { heading: heading.to_owned(), items: items.to_vec() };
    Poster {
        title: "個人データの共同利用について".to_owned(),
        lead: text.lead.concat(),
        sections: vec![
            section("共同で利用するデータの項目", &text.items),
            section("共同で利用する者の範囲", &text.users),
            section("利用する目的", &text.purposes),
            section("管理の責任者", &text.managers),
        ],
        url: format!("{public_url}/joint-use"),
        url_caption: "くわしい内容と、業務の委託先はこちら".to_owned(),
        publisher: "医師会会員情報システム MAMIS".to_owned(),
    }
}
