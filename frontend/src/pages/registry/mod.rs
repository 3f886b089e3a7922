//! My page and help.

mod help_page;
mod my_page;

pub use help_page::HelpPage;
pub use my_page::MyPage;
