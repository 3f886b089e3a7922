//! Cases: filing, following, deciding.

mod case_page;
mod check_page;
mod edit_page;
mod new_application_page;
mod work_case_page;
mod work_list_page;

pub use case_page::CasePage;
pub use check_page::CheckPage;
pub use edit_page::EditPage;
pub use new_application_page::NewApplicationPage;
pub use work_case_page::WorkCasePage;
pub use work_list_page::WorkListPage;
