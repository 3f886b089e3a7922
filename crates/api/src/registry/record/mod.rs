//! Changing a person's record, and its history.

mod affiliations;
mod history;
mod person;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(affiliations::add_affiliation)
        .service(affiliations::change_affiliation)
        .service(person::change_person)
        .service(person::add_contact_point)
        .service(person::end_contact_point)
        .service(person::reveal_person)
        .service(history::get_person_history);
}
