//! Links between these pages, and the case that an address names.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use mamis_kernel::ApplicationId;

use super::sections::{Field, Section};
use crate::forms::field_id;
use crate::pages::NotFoundPage;
use crate::routes;

/// In the query of a section: where one came from and returns to.
pub(super) const FROM: &str = "from";
/// The check page.
pub(super) const FROM_CHECK: &str = "check";

/// A section of the form.
pub(super) fn edit(id: ApplicationId, section: Section) -> String {
    routes::edit_application(id, section.slug())
}

/// A section of the form, and back to the check page after it.
pub(super) fn edit_from_check(id: ApplicationId, section: Section) -> String {
    format!("{}?{FROM}={FROM_CHECK}", edit(id, section))
}

/// A field of the form, and back to the check page after it.
pub(super) fn edit_field(id: ApplicationId, field: Field) -> String {
    format!("{}#{}", edit_from_check(id, field.section()), field_id(&field.pointer()))
}

/// Shows the page of the case that the address names; a new page when it names another.
pub(super) fn with_case(page: impl Fn(ApplicationId) -> AnyView + Send + 'static) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<ApplicationId>().ok())));
    move || match id.get() {
        Some(id) => page(id),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_field_leads_to_its_section_and_back() {
        let id: ApplicationId = "app_01900000000070008000000000000001".parse().unwrap();
        assert_eq!(
            edit_field(id, Field::ContactPhone),
            "/applications/app_01900000000070008000000000000001/edit/contact?from=check#f-changes-0-payload-contact-phone"
        );
    }
}
