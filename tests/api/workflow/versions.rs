use mamis_test_support::{TestApp, changes};
use serde_json::json;

use crate::api::OTSU;

#[tokio::test]
async fn a_stale_write_is_refused_and_overwrites_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let desk = app.log_in_again(&case.physician).await;
    let old = desk.version_of(case.id).await;
    case.physician.save(case.id, &changes(&json!({ "note": "new" }))).await.assert_status(200);

    let path = format!("/applications/{}", case.id);
    let answer = desk.put(&path).if_match(&old).json(&changes(&json!({ "note": "old" }))).send().await;

    answer.assert_problem(412, "stale_version");
    let seen = desk.application(case.id).await.json();
    assert_eq!(seen["changes"][0]["input"]["payload"]["note"], "new");
    let submit = desk.post(&format!("{path}/submit")).if_match(&old).new_key();
    submit.send().await.assert_problem(412, "stale_version");
}

#[tokio::test]
async fn tags_we_never_gave_are_stale_and_missing_ones_are_asked_for() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let body = changes(&json!({}));
    let put = || case.physician.put(&format!("/applications/{}", case.id)).json(&body);
    put().send().await.assert_problem(428, "version_required");
    for tag in ["*", "\"v99\"", "v1", "W/\"v1\"", "\"v-1\"", "\"v99999999999999999999\"", "x"] {
        put().if_match(tag).send().await.assert_problem(412, "stale_version");
    }
}

#[tokio::test]
async fn an_unchanged_case_needs_no_second_transfer() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let version = case.physician.version_of(case.id).await;
    let path = format!("/api/v1/applications/{}", case.id);
    let get = || case.physician.call(reqwest::Method::GET, &path);
    let unchanged = get().header("if-none-match", &version).send().await.assert_status(304);
    assert_eq!((unchanged.body.len(), unchanged.etag()), (0, version));
    get().header("if-none-match", "\"v99\"").send().await.assert_status(200);
}
