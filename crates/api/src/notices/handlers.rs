use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Bytes, Json};
use actix_web::{HttpRequest, HttpResponse, get};
use mamis_contract::notices::{JointUse, MaintenanceView, ServiceStatusView};
use mamis_domain::notices::MaintenanceWindow;
use mamis_usecases::{AppError, notices};

use crate::extract::AppData;
use crate::openapi::PublicProblems;
use crate::problem::Rejection;

/// What has to be known about the joint use of personal data: items, users, purposes, who is responsible; beside it outsourced
/// tasks, supported environments and the move of the former system's data.
#[utoipa::path(tag = "notices", responses((status = 200, body = JointUse, description = "The page"), PublicProblems))]
#[get("/joint-use")]
pub async fn get_joint_use(app: AppData) -> Json<JointUse> {
    Json(app.config.joint_use.as_ref().clone())
}

/// How the service stands: the planned stop that is on, and the next one from two weeks before. Answers during stops, too.
#[utoipa::path(tag = "notices",
    responses((status = 200, body = ServiceStatusView, description = "How it stands"), PublicProblems))]
#[get("/service-status")]
pub async fn get_service_status(app: AppData) -> Json<ServiceStatusView> {
    let status = notices::service_status(&app).await;
    let view = |window: MaintenanceWindow| MaintenanceView {
        kind: window.kind,
        starts_at: window.starts_at,
        ends_at: window.ends_at,
        message_ja: window.message_ja,
        message_en: window.message_en,
    };
    Json(ServiceStatusView {
        now: status.now,
        current: status.current.map(view),
        announced: status.announced.map(view),
    })
}

/// The poster of joint use, for notice boards.
pub async fn download_poster(app: AppData, request: HttpRequest) -> Result<HttpResponse, Rejection> {
    download(&request, notices::joint_use_poster(&app).await, ("application/pdf", "mamis-joint-use.pdf"))
}

/// The banner of joint use, for associations' own sites.
pub async fn download_banner(app: AppData, request: HttpRequest) -> Result<HttpResponse, Rejection> {
    download(&request, notices::joint_use_banner(&app).await, ("image/svg+xml", "mamis-joint-use.svg"))
}

fn download(
    request: &HttpRequest,
    made: Result<Arc<[u8]>, AppError>,
    (content_type, name): (&str, &str),
) -> Result<HttpResponse, Rejection> {
    let bytes = made.map_err(|error| Rejection::new(request, error))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(Bytes::from_owner(bytes)))
}
