//! Persons, facilities, associations and reference data.

mod exports;
mod handlers;
mod member_imports;
mod members;
mod merges;
mod record;
mod saved_lists;
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
        .service(merges::list_duplicates)
        .service(merges::dismiss_duplicate)
        .service(merges::preview_merge)
        .service(merges::merge_persons)
        .service(merges::list_merges)
        .service(merges::undo_merge)
        .service(exports::create_export)
        .service(exports::list_exports)
        .service(exports::get_export)
        .service(exports::cancel_export)
        .service(exports::fetch_export)
        .service(exports::list_unwritable_cells)
        .service(saved_lists::list_saved_lists)
        .service(saved_lists::save_list)
        .service(saved_lists::get_saved_list)
        .service(saved_lists::change_list)
        .service(saved_lists::remove_list)
        .service(member_imports::check_member_import)
        .service(member_imports::get_member_import_template)
        .service(member_imports::list_member_imports)
        .service(member_imports::get_member_import)
        .service(member_imports::list_import_rows)
        .service(member_imports::apply_member_import)
        .service(member_imports::undo_member_import);
    record::routes(config);
}
