//! Clerks, their invitations, and organisations with users of their own.

mod handlers;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::list_clerks)
        .service(handlers::list_clerk_invitations)
        .service(handlers::list_vacant_associations)
        .service(handlers::create_clerk_invitation)
        // before the addresses with an id
        .service(handlers::look_up_clerk_invitation)
        .service(handlers::accept_clerk_invitation)
        .service(handlers::claim_clerk_invitation)
        .service(handlers::withdraw_clerk_invitation)
        .service(handlers::change_clerk_role)
        .service(handlers::end_clerk_role)
        .service(handlers::recover_clerk)
        .service(handlers::list_organisations)
        .service(handlers::get_organisation)
        .service(handlers::list_organisers)
        .service(handlers::list_organiser_invitations);
}
