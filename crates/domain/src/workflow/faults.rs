use mamis_kernel::FieldErrorCode;

use super::FieldFault;

/// Gathers the faults of one change, so that all of them are named at once.
pub(super) struct Faults<'a> {
    /// The change's own pointer.
    base: &'a str,
    found: Vec<FieldFault>,
}

impl<'a> Faults<'a> {
    pub(super) const fn at(base: &'a str) -> Self {
        Self { base, found: Vec::new() }
    }

    pub(super) fn found(self) -> Vec<FieldFault> {
        self.found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn push(&mut self, field: &str, code: FieldErrorCode) {
        self.found.push(FieldFault::new(format!("{}{field}", self.base), code));
    }

    pub(super) fn required<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.push(field, FieldErrorCode::Required);
        }
        value
    }

    pub(super) fn required_text(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let text = value.map(str::trim).filter(|text| !text.is_empty());
        self.required(field, text).map(str::to_owned)
    }
}
