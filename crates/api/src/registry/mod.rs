//! Persons, facilities, associations and reference data.

mod handlers;
mod members;
pub mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::get_postal_code)
        .service(handlers::list_municipalities)
        .service(handlers::list_associations)
        .service(handlers::get_association)
        .service(handlers::list_medical_schools)
        .service(handlers::search_facilities)
        .service(handlers::look_up_person)
        .service(handlers::list_memberships)
        .service(handlers::get_person)
        .service(members::search_members)
        .service(members::count_members)
        .service(members::export_members);
}
