use mamis_test_support::TestApp;
use reqwest::Method;

#[tokio::test]
async fn id_42_anybody_can_read_the_page_of_joint_use_and_take_poster_and_banner_along() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/joint-use").await.assert_status(200).json();
    for language in ["ja", "en"] {
        for part in ["lead", "items", "users", "purposes", "managers", "tasks", "environments", "migration"] {
            assert!(!page[language][part].as_array().unwrap().is_empty(), "{language} {part}");
        }
    }
    for (name, content_type, begin) in
        [("joint-use-poster.pdf", "application/pdf", "%PDF-"), ("joint-use-banner.svg", "image/svg+xml", "<svg")]
    {
        let file = app.visitor().call(Method::GET, &format!("/downloads/{name}")).send().await.assert_status(200);
        assert_eq!(file.header("content-type"), content_type);
        assert!(file.text().starts_with(begin), "{name}");
    }
}
