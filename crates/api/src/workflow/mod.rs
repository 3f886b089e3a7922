//! Cases: filing, deciding, following.

mod attachments;
mod handlers;
mod training_wire;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::propose_categories)
        .service(handlers::create_application)
        .service(handlers::list_applications)
        .service(handlers::get_application)
        .service(handlers::save_application)
        .service(handlers::submit_application)
        .service(handlers::approve_application)
        .service(handlers::return_application)
        .service(handlers::reject_application)
        .service(handlers::retract_application)
        .service(attachments::add_attachment)
        .service(attachments::get_attachment)
        .service(attachments::remove_attachment)
        .service(handlers::search_work_items)
        .service(handlers::get_work_summary);
}
