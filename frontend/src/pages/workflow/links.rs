//! Links between these pages.

use mamis_kernel::ApplicationId;

use super::sections::{Field, Section};
use crate::forms::field_id;
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
