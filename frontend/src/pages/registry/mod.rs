//! My page, the members of an association, and help.

mod editing;
mod exports_page;
mod help_page;
mod history;
mod import;
mod members;
mod memberships;
mod merges;
mod my_page;
mod record;

pub use editing::{ContactPage, EditPersonPage, WorkplacePage};
pub use exports_page::ExportsPage;
pub use help_page::HelpPage;
pub use history::{MemberHistoryPage, MyHistoryPage};
pub use import::ImportPage;
pub use members::{LeftMembers, MemberPage, MembersPage};
pub use merges::{ComparePage, DuplicatesPage};
pub use my_page::MyPage;
