//! Forms: what is wrong where, in the same words at the field and in the summary.
//!
//! A [`Form`] knows its fields by JSON pointer, as the server names them in a problem. Fields register themselves when
//! they are shown (the components of [`crate::components`] do); a page calls [`Form::show`] on submit.

mod date_parts;
mod text;

use leptos::prelude::*;
use mamis_contract::problem::{FieldError, FieldErrorCode};

pub use date_parts::{Calendar, DateParts};
pub use text::{given, missing};

use crate::api::Failure;
use crate::dom;
use crate::i18n::problems::{Answer, fault_text};
use crate::i18n::{Locale, Text, use_language};
use crate::say;
use crate::state::{PageHead, use_page_head};

/// Where [`ErrorSummary`](crate::components::ErrorSummary) takes the focus.
pub const SUMMARY_ID: &str = "error-summary";

/// One field's fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer of the field.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldErrorCode,
}

impl Fault {
    /// A fault found before sending.
    pub fn new(pointer: impl Into<String>, code: FieldErrorCode) -> Self {
        Self { pointer: pointer.into(), code }
    }
}

impl From<&FieldError> for Fault {
    fn from(error: &FieldError) -> Self {
        Self::new(error.pointer.clone(), error.code)
    }
}

#[derive(Clone)]
struct Registered {
    pointer: String,
    label: Text,
    answer: Answer,
}

/// A form's faults and fields.
#[derive(Clone, Copy)]
pub struct Form {
    faults: RwSignal<Vec<Fault>>,
    fields: RwSignal<Vec<Registered>>,
    head: PageHead,
}

/// A field as its component needs it.
#[derive(Clone)]
pub struct Field {
    /// For `id` and `for`.
    pub id: String,
    /// The sentence, while there is a fault.
    pub error: Signal<Option<String>>,
}

impl Field {
    /// Id of the help text.
    #[must_use]
    pub fn hint_id(&self) -> String {
        format!("{}-hint", self.id)
    }

    /// Id of the error text.
    #[must_use]
    pub fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    /// For `aria-describedby`: the ids of what is there, error first.
    #[must_use]
    pub fn described_by(&self, has_hint: bool) -> Signal<Option<String>> {
        let (error, error_id, hint_id) = (self.error, self.error_id(), self.hint_id());
        Signal::derive(move || match (error.get().is_some(), has_hint) {
            (true, true) => Some(format!("{error_id} {hint_id}")),
            (true, false) => Some(error_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        })
    }

    /// For `aria-invalid`.
    #[must_use]
    pub fn invalid(&self) -> Signal<Option<&'static str>> {
        let error = self.error;
        Signal::derive(move || error.get().map(|_| "true"))
    }
}

/// One line of the error summary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SummaryLine {
    /// The field's id, when the field is on this page.
    pub target: Option<String>,
    /// The sentence.
    pub text: String,
}

impl Form {
    /// A form without faults.
    #[must_use]
    pub fn new() -> Self {
        Self { faults: RwSignal::new(Vec::new()), fields: RwSignal::new(Vec::new()), head: use_page_head() }
    }

    /// Makes a field known that is typed into, for as long as its component is shown.
    #[must_use]
    pub fn register(self, pointer: &str, label: Text) -> Field {
        self.register_as(pointer, label, Answer::Typed)
    }

    /// Makes a field known whose answer is chosen.
    #[must_use]
    pub fn register_choice(self, pointer: &str, label: Text) -> Field {
        self.register_as(pointer, label, Answer::Chosen)
    }

    fn register_as(self, pointer: &str, label: Text, answer: Answer) -> Field {
        let (registered, removed) = (pointer.to_owned(), pointer.to_owned());
        self.fields.update(|fields| {
            fields.retain(|field| field.pointer != registered);
            fields.push(Registered { pointer: registered, label, answer });
        });
        on_cleanup(move || {
            // Not at once: while a page is left its fields are still drawn, and would be drawn anew without their signals.
            // When the microtask's turn comes, the form of such a page is gone, and nobody is told.
            queue_microtask(move || {
                let _ = self.fields.try_update(|fields| {
                    fields.retain(|field| field.pointer != removed || field.label != label);
                });
            });
        });
        let (id, pointer, language) = (field_id(pointer), pointer.to_owned(), use_language());
        let error = Signal::derive(move || {
            let locale = language.locale();
            let pointers = self.fields.with(|fields| pointers_of(fields));
            let code = self.faults.with(|faults| {
                faults.iter().find(|fault| owner(&pointers, &fault.pointer) == Some(&pointer)).map(|fault| fault.code)
            })?;
            Some(fault_text(locale, code, answer, &label.get()))
        });
        Field { id, error }
    }

    /// Shows faults and moves the focus to the summary.
    pub fn show(self, faults: Vec<Fault>) {
        let any = !faults.is_empty();
        self.head.set_has_faults(any);
        self.faults.set(faults);
        if any {
            request_animation_frame(|| dom::focus(SUMMARY_ID));
        }
    }

    /// Shows the faults that the server found. Gives whether there were any; otherwise the page shows the failure itself.
    pub fn show_failure(self, failure: &Failure) -> bool {
        let faults: Vec<Fault> = failure.field_errors().iter().map(Fault::from).collect();
        let any = !faults.is_empty();
        self.show(faults);
        any
    }

    /// Shows a refusal: its faults at their fields, or, when it names none, the failure itself.
    pub fn refuse(self, refused: Failure, failure: RwSignal<Option<Failure>>) {
        if !self.show_failure(&refused) {
            failure.set(Some(refused));
        }
    }

    /// Takes all faults away, as when a form is sent anew.
    pub fn clear(self) {
        self.show(Vec::new());
    }

    /// Whether there are faults.
    #[must_use]
    pub fn has_faults(self) -> bool {
        self.faults.with(|faults| !faults.is_empty())
    }

    /// The summary's lines, in the order of the fields on the page.
    #[must_use]
    pub fn summary(self, locale: Locale) -> Vec<SummaryLine> {
        let fields = self.fields.get();
        let pointers = pointers_of(&fields);
        let place =
            |fault: &Fault| pointers.iter().position(|pointer| owner(&pointers, &fault.pointer) == Some(pointer));
        let mut faults = self.faults.get();
        faults.sort_by_key(|fault| place(fault).unwrap_or(usize::MAX));
        let mut lines: Vec<SummaryLine> = Vec::new();
        for fault in &faults {
            let field = place(fault).and_then(|place| fields.get(place));
            let label =
                field.and_then(|field| field.label.try_get()).unwrap_or_else(|| say!(locale, problems.this_field));
            let line = SummaryLine {
                target: field.map(|field| field_id(&field.pointer)),
                text: fault_text(locale, fault.code, field.map(|field| field.answer).unwrap_or_default(), &label),
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

fn pointers_of(fields: &[Registered]) -> Vec<String> {
    fields.iter().map(|field| field.pointer.clone()).collect()
}

/// The field a fault belongs to: the same pointer, else the first field inside it, else a field around it.
fn owner<'a>(pointers: &'a [String], fault: &str) -> Option<&'a String> {
    let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    pointers
        .iter()
        .find(|pointer| *pointer == fault)
        .or_else(|| pointers.iter().find(|pointer| inside(fault, pointer)))
        .or_else(|| pointers.iter().find(|pointer| inside(pointer, fault)))
}

/// The id of a field's control: `/login_id` becomes `f-login_id`.
#[must_use]
pub fn field_id(pointer: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    format!("f{}", pointer.chars().map(safe).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(of: &[&str]) -> Vec<String> {
        of.iter().map(|&pointer| pointer.to_owned()).collect()
    }

    #[test]
    fn a_fault_finds_its_field() {
        let fields = pointers(&["/workplace/name", "/workplace/phone", "/effective_date"]);
        let found = |fault: &str| owner(&fields, fault).map(String::as_str);
        assert_eq!(found("/workplace/phone"), Some("/workplace/phone"));
        assert_eq!(found("/workplace"), Some("/workplace/name"), "a missing group leads to its first field");
        assert_eq!(found("/effective_date/year"), Some("/effective_date"));
        assert_eq!(found("/work"), None);
        assert_eq!(found("/contact"), None);
    }

    #[test]
    fn ids_are_fit_for_html() {
        assert_eq!(field_id("/changes/0/payload/workplace/phone"), "f-changes-0-payload-workplace-phone");
    }
}
