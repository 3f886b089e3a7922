use mamis_kernel::AssociationId;
use serde_json::{Value, json};

/// A complete form of an employed physician of 大津市 who joins all three tiers on 2026-12-01.
#[must_use]
pub fn join_form(district: AssociationId) -> Value {
    json!({
        "workplace": {
            "name": "湖南内科医院",
            "kind": "clinic",
            "postal_code": "520-0044",
            "municipality_code": "25201",
            "address": "滋賀県大津市京町三丁目1-1",
            "phone": "077-522-0000",
            "business_type": "clinic_employee",
            "is_administrator": false,
            "employment": "full_time"
        },
        "district_association_id": district,
        "highest_tier": "national",
        "is_clinical_resident": false,
        "insurance_excluded": false,
        "categories": { "district": "B", "prefectural": "B", "national": "A2B" },
        "effective_date": "2026-12-01",
        "contact": { "postal_code": "5200044", "address": "滋賀県大津市京町四丁目2-2", "phone": "090-0000-0000" }
    })
}

/// A complete form of a physician without membership who works in 大津市.
#[must_use]
pub fn training_form(registration_number: &str) -> Value {
    json!({
        "family_name": "渡邉", "given_name": "桜", "family_name_kana": "わたなべ", "given_name_kana": "ｻｸﾗ",
        "birth_date": "昭和60年3月3日", "sex": "female",
        "registration_number": registration_number, "registered_on": "平成22年4月20日",
        "workplace": {
            "name": "湖南内科医院", "kind": "clinic", "postal_code": "520-0044", "municipality_code": "25201",
            "address": "滋賀県大津市京町三丁目1-1", "phone": "077-522-0000"
        },
        "contact": { "postal_code": "5200044", "address": "滋賀県大津市京町四丁目2-2", "phone": "090-0000-0000" }
    })
}

/// The body that asks for one training account.
#[must_use]
pub fn training_changes(form: &Value) -> Value {
    json!({ "changes": [{ "kind": "training_account", "payload": form }] })
}

/// The body that files one joining.
#[must_use]
pub fn changes(form: &Value) -> Value {
    json!({ "changes": [{ "kind": "join_new", "payload": form }] })
}

/// The form with another value at a pointer; `null` takes the field out.
#[must_use]
pub fn set(mut form: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let parent = form.pointer_mut(parent).and_then(Value::as_object_mut).expect("the pointer's parent is there");
    if value.is_null() {
        parent.remove(field);
    } else {
        parent.insert(field.to_owned(), value);
    }
    form
}
