//! Lists of members that clerks keep.

use mamis_domain::audit::AuditOutcome::{Denied, Done};
use mamis_kernel::Role;
use mamis_test_support::{Answer, SignedIn, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{OTSU, SHIGA};

async fn list(app: &TestApp, name: &str, shared: bool) -> Value {
    json!({
        "association_id": app.association(OTSU).await, "name": name, "shared": shared,
        "filter": { "state": "current", "category_codes": ["B"], "min_age": 65 },
        "sort": "joined_latest", "columns": ["category", "age"]
    })
}

async fn save(clerk: &SignedIn, body: &Value) -> Answer {
    clerk.post("/saved-lists").new_key().json(body).send().await
}

fn path(list: &Value) -> String {
    format!("/saved-lists/{}", list["id"].as_str().unwrap())
}

async fn names(app: &TestApp, clerk: &SignedIn) -> Vec<String> {
    let association = app.association(OTSU).await;
    let page = clerk.get(&format!("/saved-lists?association_id={association}")).await.assert_status(200).json();
    page["items"].as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_kept_with_its_filter_order_and_columns_and_changed_by_its_owner() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let asked = list(&app, " 開業医 ", false).await;
    let saved = save(&clerk, &asked).await.assert_status(201);
    let (tag, saved) = (saved.etag(), saved.json());
    assert_eq!((&saved["name"], &saved["filter"]), (&json!("開業医"), &asked["filter"]));
    assert_eq!((&saved["sort"], &saved["columns"]), (&asked["sort"], &asked["columns"]));
    assert_eq!((&saved["may_change"], &saved["may_remove"]), (&json!(true), &json!(true)));
    let read = clerk.get(&path(&saved)).await.assert_status(200);
    assert_eq!((read.etag(), read.json()), (tag.clone(), saved.clone()));

    let change =
        json!({ "name": "65歳以上", "shared": true, "filter": { "min_age": 65 }, "sort": "kana", "columns": [] });
    let put = async |tag: &str| clerk.put(&path(&saved)).if_match(tag).json(&change).send().await;
    let changed = put(&tag).await.assert_status(200);
    assert_eq!((changed.json()["name"].clone(), changed.etag()), (json!("65歳以上"), "\"v2\"".to_owned()));
    put(&tag).await.assert_problem(412, "stale_version");
    let remove =
        async |tag: &str| clerk.call(Method::DELETE, &format!("/api/v1{}", path(&saved))).if_match(tag).send().await;
    remove(&tag).await.assert_problem(412, "stale_version");
    remove("\"v2\"").await.assert_status(204);
    clerk.get(&path(&saved)).await.assert_problem(404, "not_found");
    let by = clerk.account_id;
    app.assert_audit(&[
        ("registry.save_list", by, Done),
        ("registry.change_list", by, Done),
        ("registry.remove_list", by, Done),
    ])
    .await;
}

#[tokio::test]
async fn list_1_what_was_typed_into_the_box_is_not_kept_for_others() {
    let app = TestApp::start().await;
    let clerk = app.given_clerk_of(OTSU, Role::Operator).await;
    let mut asked = list(&app, "髙橋先生", true).await;
    asked["filter"]["text"] = json!("髙橋");
    let fault = [("/filter/text", "conflicting")];
    save(&clerk, &asked).await.assert_faults(422, "invalid_fields", &fault);
    asked["shared"] = json!(false);
    let saved = save(&clerk, &asked).await.assert_status(201);
    assert_eq!(saved.json()["filter"]["text"], json!("髙橋"));
    let mut shared = asked.clone();
    shared["shared"] = json!(true);
    shared.as_object_mut().unwrap().remove("association_id");
    let put = clerk.put(&path(&saved.json())).if_match(&saved.etag()).json(&shared).send().await;
    put.assert_faults(422, "invalid_fields", &fault);
    asked["name"] = json!("　");
    save(&clerk, &asked).await.assert_faults(422, "invalid_fields", &[("/name", "required")]);
}

#[tokio::test]
async fn list_2_a_private_list_is_its_owners_and_a_shared_one_every_clerks() {
    let app = TestApp::start().await;
    let (owner, viewer) =
        (app.given_clerk_of(OTSU, Role::Operator).await, app.given_clerk_of(OTSU, Role::Viewer).await);
    let private = save(&owner, &list(&app, "自分用", false).await).await.assert_status(201).json();
    let shared = save(&owner, &list(&app, "みんな用", true).await).await.assert_status(201).json();
    assert_eq!(names(&app, &owner).await, ["みんな用", "自分用"]);
    assert_eq!(names(&app, &viewer).await, ["みんな用"]);
    viewer.get(&path(&private)).await.assert_problem(404, "not_found");
    let seen = viewer.get(&path(&shared)).await.assert_status(200).json();
    assert_eq!((&seen["may_change"], &seen["may_remove"]), (&json!(false), &json!(false)));
    // A viewer keeps lists, and shares none.
    save(&viewer, &list(&app, "見るだけ", true).await).await.assert_problem(403, "forbidden");
    save(&viewer, &list(&app, "見るだけ", false).await).await.assert_status(201);
    let change = json!({ "name": "x", "shared": true, "sort": "kana", "columns": [] });
    viewer.put(&path(&shared)).if_match("\"v1\"").json(&change).send().await.assert_problem(403, "forbidden");
    viewer.put(&path(&private)).if_match("\"v1\"").json(&change).send().await.assert_problem(404, "not_found");
    let elsewhere = app.given_clerk_of(SHIGA, Role::Administrator).await;
    elsewhere.get(&path(&shared)).await.assert_problem(404, "not_found");
    save(&elsewhere, &list(&app, "よその会", false).await).await.assert_problem(404, "not_found");
    let administrator = app.given_clerk_of(OTSU, Role::Administrator).await;
    let remove =
        |list: &Value| administrator.call(Method::DELETE, &format!("/api/v1{}", path(list))).if_match("\"v1\"");
    remove(&private).send().await.assert_problem(404, "not_found");
    remove(&shared).send().await.assert_status(204);
    app.assert_audit(&[
        ("registry.save_list", viewer.account_id, Denied),
        ("registry.save_list", elsewhere.account_id, Denied),
        ("registry.change_list", viewer.account_id, Denied),
        ("registry.change_list", viewer.account_id, Denied),
        ("registry.remove_list", administrator.account_id, Denied),
        ("registry.remove_list", administrator.account_id, Done),
    ])
    .await;
}
