//! What outlives a page: the session, the page's title, notes that pass by.

mod acting;
mod page;
mod session;
mod tabs;
mod toasts;

pub use acting::{acting_id, begin_acting, end_acting, keep_invitation, take_invitation};
pub use page::{PageHead, use_page_head};
pub use session::{Phase, Session, use_session};
pub use toasts::{Toasts, use_toasts};
