//! The screens, by slice. Pages compose components; texts, dates and links come from their own places.

mod desk;
pub mod identity;
mod not_found_page;
pub mod notices;
pub mod registry;
mod with_id;
pub mod workflow;

pub use not_found_page::NotFoundPage;
