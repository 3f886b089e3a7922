//! What outlives a page: the session, the page's title, notes that pass by.

mod page;
mod session;
mod tabs;
mod toasts;

pub use page::{PageHead, use_page_head};
pub use session::{Phase, Session, use_session};
pub use toasts::{Toasts, use_toasts};
