//! An account for training, asked for by a physician who is no member: the form, the licence, where the case stands.

mod answers;
mod attachments;
mod form;
mod form_page;
mod status_page;
mod upload;

pub(super) use answers::TrainingAnswers;
pub(super) use attachments::{Attachments, LicenceAside};
pub use form_page::TrainingFormPage;
pub use status_page::TrainingPage;

use mamis_contract::workflow::{ApplicationView, ChangeInput};
use mamis_kernel::ApplicationId;

use super::sections::Field;
use crate::forms::field_id;
use crate::routes;

/// Whether a case asks for an account for training.
pub(super) fn is_training(case: &ApplicationView) -> bool {
    case.changes.iter().any(|change| match &change.input {
        ChangeInput::TrainingAccount(_) => true,
        ChangeInput::JoinNew(_) => false,
    })
}

/// A field of the form.
pub(super) fn training_field(id: ApplicationId, field: Field) -> String {
    format!("{}#{}", routes::training_form(id), field_id(&field.pointer()))
}
