use mamis_kernel::text::{PhoneNumber, PostalCode, looks_like_email};
use mamis_kernel::{ContactKind, ContactPurpose, FieldErrorCode, RecordField};

use super::RecordChange;
use crate::workflow::FieldFault;

/// One way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFacts {
    /// How.
    pub kind: ContactKind,
    /// Which of the person's places.
    pub purpose: ContactPurpose,
    /// Seven digits, with addresses.
    pub postal_code: Option<String>,
    /// The address, the digits, or the mail address.
    pub value: String,
}

impl ContactFacts {
    /// What was typed, as it is stored.
    ///
    /// Rule REC-6 (an address has its postal code, a telephone number ten or eleven digits); source:
    /// docs/rules/registry.md#rec-6.
    ///
    /// # Errors
    /// Every fault, at its field.
    pub fn read(
        kind: ContactKind,
        purpose: ContactPurpose,
        postal_code: Option<&str>,
        value: &str,
    ) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let postal_code = match (kind, postal_code.map(str::trim).filter(|code| !code.is_empty())) {
            (ContactKind::Address, None) => {
                faults.push(FieldFault::new("/postal_code", FieldErrorCode::Required));
                None
            }
            (ContactKind::Address, Some(code)) => PostalCode::parse(code)
                .map_err(|_| faults.push(FieldFault::new("/postal_code", FieldErrorCode::InvalidFormat)))
                .ok()
                .map(|code| code.to_string()),
            (ContactKind::Phone | ContactKind::Email, Some(_)) => {
                faults.push(FieldFault::new("/postal_code", FieldErrorCode::Conflicting));
                None
            }
            (ContactKind::Phone | ContactKind::Email, None) => None,
        };
        let text = value.trim();
        let value = match kind {
            _ if text.is_empty() => Err(FieldErrorCode::Required),
            ContactKind::Address => Ok(text.to_owned()),
            ContactKind::Phone => {
                PhoneNumber::parse(text).map(PhoneNumber::into_string).map_err(|_| FieldErrorCode::InvalidFormat)
            }
            ContactKind::Email if looks_like_email(text) => Ok(text.to_owned()),
            ContactKind::Email => Err(FieldErrorCode::InvalidFormat),
        };
        match value {
            Ok(value) if faults.is_empty() => Ok(Self { kind, purpose, postal_code, value }),
            Ok(_) => Err(faults),
            Err(code) => {
                faults.push(FieldFault::new("/value", code));
                Err(faults)
            }
        }
    }

    /// In one line, as the history keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        match self.postal_code.as_deref().and_then(|code| PostalCode::parse(code).ok()) {
            Some(code) => format!("〒{} {}", code.hyphenated(), self.value),
            None => self.value.clone(),
        }
    }
}

/// What a contact point becomes; `None` where there is, or will be, none.
#[must_use]
pub fn contact_changes(before: Option<&ContactFacts>, after: Option<&ContactFacts>) -> Vec<RecordChange> {
    let Some(about) = after.or(before) else { return Vec::new() };
    if before == after {
        return Vec::new();
    }
    let field = match about.kind {
        ContactKind::Address => RecordField::ContactAddress,
        ContactKind::Phone => RecordField::ContactPhone,
        ContactKind::Email => RecordField::ContactEmail,
    };
    let change = RecordChange::new(field, before.map(ContactFacts::text), after.map(ContactFacts::text));
    vec![RecordChange { of: Some(about.purpose.to_string()), ..change }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ContactKind, postal_code: Option<&str>, value: &str) -> Result<ContactFacts, Vec<String>> {
        ContactFacts::read(kind, ContactPurpose::Home, postal_code, value)
            .map_err(|faults| faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect())
    }

    #[test]
    fn rec_6_contact_points_are_read_in_every_usual_spelling() {
        let address = read(ContactKind::Address, Some("〒５２０－００４４"), " 滋賀県大津市京町三丁目1-1 ");
        let address = address.or_else(|_| read(ContactKind::Address, Some("520-0044"), "滋賀県大津市京町三丁目1-1"));
        assert_eq!(address.unwrap().text(), "〒520-0044 滋賀県大津市京町三丁目1-1");
        assert_eq!(read(ContactKind::Phone, None, "０７７（５２２）００００").unwrap().value, "0775220000");
        assert_eq!(read(ContactKind::Address, None, "滋賀県"), Err(vec!["/postal_code required".to_owned()]));
        assert_eq!(read(ContactKind::Phone, None, "110"), Err(vec!["/value invalid_format".to_owned()]));
        assert_eq!(read(ContactKind::Email, None, "hanako"), Err(vec!["/value invalid_format".to_owned()]));
        let both = ["/postal_code conflicting".to_owned(), "/value required".to_owned()];
        assert_eq!(read(ContactKind::Email, Some("5200044"), " "), Err(both.to_vec()));
    }
}
