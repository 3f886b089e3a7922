//! Cases: filing, following, deciding.
//!
//! The form: [`NewApplicationPage`] begins a draft, [`EditPage`] shows it a section a page (`wizard/`), [`CheckPage`]
//! sends it. [`CasePage`] is the case as its physician follows it (`case/`). [`WorkListPage`] and [`WorkCasePage`] are
//! the clerks' (`work/`). The logic of the form is in plain structs: `sections` (fields, pointers, names), `join_form`
//! (what is typed ↔ what is sent), `answers` (what was answered, in words).

mod answers;
mod case;
mod case_page;
mod check_page;
mod edit_page;
mod join_form;
mod kept;
mod links;
mod new_application_page;
mod prefectures;
mod registered;
mod sections;
mod stale;
mod training;
mod wizard;
mod work;
mod work_case_page;
mod work_list_page;

pub use case_page::CasePage;
pub use check_page::CheckPage;
pub use edit_page::EditPage;
pub use kept::Kept;
pub use new_application_page::NewApplicationPage;
pub use training::{TrainingFormPage, TrainingPage};
pub use work_case_page::WorkCasePage;
pub use work_list_page::WorkListPage;
