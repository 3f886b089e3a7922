//! My page, the members of an association, and help.

mod help_page;
mod members;
mod memberships;
mod my_page;
mod record;

pub use help_page::HelpPage;
pub use members::{LeftMembers, MemberPage, MembersPage};
pub use my_page::MyPage;
