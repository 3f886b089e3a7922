//! Log-in and who one is.

mod account_states;
mod acting;
mod clerks;
mod enrolment;
mod factors;
mod handlers;
mod letters;
mod passkeys;
mod register;
mod terms;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes with their documents.
pub fn routes(config: &mut ServiceConfig<'_>) {
    acting::routes(config);
    config
        .service(handlers::create_session)
        .service(register::create_registration)
        .service(register::confirm_registration)
        .service(factors::take_second_step)
        .service(handlers::refresh_session)
        .service(handlers::delete_session)
        .service(terms::list_terms)
        .service(terms::get_current_terms)
        .service(terms::get_terms)
        .service(terms::accept_terms)
        .service(handlers::get_account)
        .service(handlers::end_other_sessions)
        .service(handlers::list_sessions)
        .service(handlers::end_session)
        .service(handlers::list_record_accesses)
        .service(handlers::change_password)
        .service(handlers::create_email_change)
        .service(handlers::confirm_email_change)
        .service(handlers::check_password)
        .service(passkeys::begin_passkey_log_in)
        .service(passkeys::log_in_by_passkey)
        .service(passkeys::begin_passkey)
        .service(passkeys::register_passkey)
        .service(passkeys::rename_passkey)
        .service(passkeys::remove_passkey)
        .service(factors::get_factors)
        .service(factors::prove_identity)
        .service(factors::begin_totp)
        .service(factors::confirm_totp)
        .service(factors::remove_totp)
        .service(factors::renew_recovery_codes)
        .configure(clerks::routes)
        .configure(account_states::routes)
        .configure(letters::routes)
        .configure(enrolment::routes);
}
