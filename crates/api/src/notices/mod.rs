//! What everybody may know: planned stops, the page of joint use and what can be downloaded of it.

mod handlers;
pub mod stop;

pub use handlers::{download_banner, download_poster};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::get_joint_use).service(handlers::get_service_status);
}
