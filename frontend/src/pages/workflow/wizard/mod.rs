//! The parts of the joining form.

mod address;
mod association_section;
mod category_section;
mod contact_section;
mod date_section;
mod fields;
mod finder;
mod municipality;
mod role_section;
mod section_page;
mod workplace_section;

pub(super) use contact_section::ContactSection;
pub(super) use fields::Fields;
pub(super) use finder::Finder;
pub(super) use section_page::{Draft, SectionPage, form_of};
pub(super) use workplace_section::WorkplaceSection;
