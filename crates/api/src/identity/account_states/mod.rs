//! Accounts as those who help see them: why somebody cannot sign in, suspending, lifting.

mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(handlers::get_person_account).service(handlers::suspend_account).service(handlers::lift_suspension);
}
