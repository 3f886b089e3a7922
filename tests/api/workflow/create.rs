use mamis_kernel::Role;
use mamis_test_support::{TestApp, changes, join_form, set};
use serde_json::{Value, json};

use crate::api::OTSU;

#[tokio::test]
async fn a_draft_is_the_physicians_own_affair() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;

    case.physician.application(case.id).await.assert_status(200);
    app.given_clerk_of(OTSU, Role::Administrator).await.application(case.id).await.assert_problem(404, "not_found");
    app.given_physician().await.application(case.id).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn clerks_begin_no_drafts_about_themselves() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    clerk.create_application(&changes(&json!({}))).await.assert_problem(403, "forbidden");
    assert_eq!(app.count("select count(*) from applications", &[]).await, 0);
}

#[tokio::test]
async fn full_width_digits_and_japanese_days_are_stored_in_standard_form() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let typed = [
        ("/workplace/postal_code", json!("５２０－００４４"), "5200044"),
        ("/workplace/municipality_code", json!("２５２０１"), "25201"),
        ("/workplace/phone", json!("（０７７）５２２－００００"), "0775220000"),
        ("/contact/postal_code", json!("〒520 0044"), "5200044"),
        ("/contact/phone", json!("+81 90-0000-0000"), "09000000000"),
        ("/effective_date", json!("令和８年１２月１日"), "2026-12-01"),
    ];
    let mut form = join_form(app.association(OTSU).await);
    for (pointer, value, _) in &typed {
        form = set(form, pointer, value.clone());
    }

    let stored = physician.create_application(&changes(&form)).await.assert_status(201).json();

    let payload = &stored["changes"][0]["input"]["payload"];
    for (pointer, _, standard) in typed {
        assert_eq!(payload.pointer(pointer).and_then(Value::as_str), Some(standard), "{pointer}");
    }
}

#[tokio::test]
async fn names_and_addresses_come_back_glyph_for_glyph() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let name = "髙﨑德𠮷神\u{FA19}葛\u{E0100}医院 <b>&\"'";
    let form = json!({ "workplace": { "name": name }, "note": "一行目\n二行目" });
    let stored = physician.create_application(&changes(&form)).await.assert_status(201);
    let payload = &physician.application(stored.application_id()).await.json()["changes"][0]["input"]["payload"];
    assert_eq!((&payload["workplace"]["name"], &payload["note"]), (&json!(name), &json!("一行目\n二行目")));
}

#[tokio::test]
async fn one_sees_ones_own_cases_newest_first_a_page_at_a_time() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let mut filed = Vec::new();
    for _ in 0..5 {
        filed.insert(0, app.given_application().of(&physician).drafted_for(OTSU).await.id);
    }
    app.given_application().drafted_for(OTSU).await; // somebody else's

    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let page = physician.get(&format!("/applications?limit=2{cursor}")).await.assert_status(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
    }
    assert_eq!(json!(seen), json!(filed));
}

#[tokio::test]
async fn a_clerk_has_no_cases_of_ones_own() {
    let app = TestApp::start().await;
    app.given_application().submitted_to(OTSU).await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    assert_eq!(clerk.get("/applications").await.assert_status(200).json(), json!({ "items": [] }));
}

#[tokio::test]
async fn fields_that_cannot_be_read_are_named_all_at_once() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    let form = json!({
        "workplace": { "postal_code": "12345", "municipality_code": "2520A", "phone": "call me" },
        "effective_date": "昭和64年1月8日",
        "contact": { "postal_code": "abc", "phone": "1" }
    });
    let answer = physician.create_application(&changes(&form)).await;
    let base = "/changes/0/payload";
    answer.assert_faults(
        422,
        "invalid_fields",
        &[
            (&format!("{base}/workplace/postal_code"), "invalid_format"),
            (&format!("{base}/workplace/municipality_code"), "invalid_format"),
            (&format!("{base}/workplace/phone"), "invalid_format"),
            (&format!("{base}/effective_date"), "date_out_of_era"),
            (&format!("{base}/contact/postal_code"), "invalid_format"),
            (&format!("{base}/contact/phone"), "invalid_format"),
        ],
    );
    assert_eq!(app.count("select count(*) from applications", &[]).await, 0);
    assert_eq!(app.count("select count(*) from idempotency_keys", &[]).await, 0);
}

#[tokio::test]
async fn days_that_do_not_exist_are_told_apart() {
    let app = TestApp::start().await;
    let physician = app.given_physician().await;
    for (typed, fault) in [
        ("昭和64年1月8日", "date_out_of_era"),
        ("H31.5.1", "date_out_of_era"),
        ("令和8年2月30日", "date_impossible"),
        ("2026-13-01", "date_impossible"),
        ("8.4.1", "date_no_era"),
        ("next spring", "invalid_format"),
        ("9999999999999999999999", "invalid_format"),
    ] {
        let answer = physician.create_application(&changes(&json!({ "effective_date": typed }))).await;
        answer.assert_faults(422, "invalid_fields", &[("/changes/0/payload/effective_date", fault)]);
    }
}
