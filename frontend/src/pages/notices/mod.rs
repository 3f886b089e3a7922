//! What everybody is told.

mod joint_use_page;
mod site_notices;

pub use joint_use_page::JointUsePage;
pub use site_notices::SiteNotices;
