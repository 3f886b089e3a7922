//! What pages are made of. Nothing here knows a slice; `README.md` has the list with an example of each.

mod banner;
mod button;
mod chips;
mod date_field;
mod dialog;
mod error_summary;
mod field;
mod help_footer;
mod language_switch;
mod loaded;
mod page_heading;
mod pagination;
mod radio_group;
mod select_field;
mod signed_in;
mod site_header;
mod steps;
mod summary_list;
mod table;
mod tabs;
mod text_area;
mod text_field;
mod toast_region;

pub use banner::{Banner, BannerKind, FailureBanner};
pub use button::{Button, ButtonKind, ButtonLink};
pub use chips::{Chip, Chips};
pub use date_field::DateField;
pub use dialog::ConfirmDialog;
pub use error_summary::ErrorSummary;
pub use field::{Checkbox, Fieldset};
pub use help_footer::HelpFooter;
pub use language_switch::LanguageSwitch;
pub use loaded::{Empty, FailureNote, Loading, loaded};
pub use page_heading::PageHeading;
pub use pagination::Pagination;
pub use radio_group::{RadioGroup, YesNoGroup};
pub use select_field::SelectField;
pub use signed_in::SignedIn;
pub use site_header::SiteHeader;
pub use steps::{Step, StepMark, Steps};
pub use summary_list::{SummaryList, SummaryRow};
pub use table::TableFrame;
pub use tabs::{Tab, Tabs};
pub use text_area::TextArea;
pub use text_field::{PasswordField, TextField};
pub use toast_region::ToastRegion;

use crate::i18n::Text;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form holds.
    pub value: String,
    /// What people read.
    pub label: Text,
    /// A sentence that helps to decide.
    pub hint: Option<Text>,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// The same with a sentence that helps to decide.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
