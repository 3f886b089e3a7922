//! What is around the pages: the log-in and its refusal, the languages, addresses without a page, a server in trouble.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_said_and_what_was_typed_stays() -> Result<()> {
    Stage::walk("wrong-password", async |stage| {
        let page = &stage.page;
        page.goto("/login").await?;
        page.at("ログイン").await?;
        page.screen("login").await?;
        page.press("ログインする").await?;
        page.text_of("alert", "ログインIDまたはメールアドレスを入力してください").await?;
        page.screen("login-fault").await?;

        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", "not the password").await?;
        page.press("ログインする").await?;
        page.text_of("alert", "ログインIDまたはパスワードが違います").await?;
        ensure!(page.value("ログインID").await? == Cast::Physician.login_id(), "the login id stays");
        ensure!(page.value("パスワード").await? == "not the password", "the password stays");
        ensure!(page.driver.title().await?.starts_with("エラー："), "the title says that there is an error");
        page.screen("login-refused").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_stands_at_the_log_in_and_can_come_back() -> Result<()> {
    Stage::walk("log-out", async |stage| {
        for path in ["/my", "/applications/new", "/help"] {
            stage.sign_in(Cast::Physician).await?;
            stage.page.goto(path).await?;
            stage.page.settled().await?;
            stage.sign_out().await?;
            ensure!(stage.page.path().await? == "/login", "nothing asks to come back to {path}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_is_switched_where_one_is_and_remembered() -> Result<()> {
    Stage::walk("language", async |stage| {
        let page = &stage.page;
        page.goto("/login").await?;
        page.at("ログイン").await?;
        page.fill("ログインID", "dr").await?;
        page.press("English").await?;
        page.at("Log in").await?;
        ensure!(
            page.run("return document.documentElement.lang", json!([])).await? == "en",
            "the page says its language"
        );
        ensure!(page.value("Login ID").await? == "dr", "what was typed stays");
        page.screen("login-english").await?;
        page.goto("/help").await?;
        page.settled().await?;
        ensure!(!page.has("お問い合わせ").await?, "the choice is remembered");
        page.press("日本語").await?;
        page.at("使い方・お問い合わせ").await?;
        page.screen("help").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_address_and_an_unknown_case_say_so() -> Result<()> {
    Stage::walk("not-found", async |stage| {
        let page = &stage.page;
        page.goto("/no-such-page").await?;
        page.at("ページが見つかりません").await?;
        page.screen("not-found").await?;
        page.follow("最初の画面へ移動する").await?;
        page.at("ログイン").await?;

        // One comes back to where one wanted to go.
        page.goto("/applications/app_01900000000070008000000000000001").await?;
        page.at("ログイン").await?;
        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", mamis_test_support::PASSWORD).await?;
        page.press("ログインする").await?;
        page.text_of("alert", "見つかりませんでした").await?;
        page.screen("case-not-found").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trouble_of_the_server_is_said_and_can_be_tried_again() -> Result<()> {
    Stage::walk("problem", async |stage| {
        let (page, owner) = (&stage.page, stage.app.owner());
        stage.sign_in(Cast::Physician).await?;
        page.sees("登録されている所属はありません").await?;
        page.follow("使い方・お問い合わせ").await?;
        page.at("使い方・お問い合わせ").await?;
        owner.batch_execute("alter table applications rename to hidden_applications").await?;
        page.follow("マイページ").await?;
        let said = page.text_of("alert", "システムで問題が起きました").await?;
        ensure!(said.contains("お問い合わせの際は、この番号をお伝えください"), "there is a number to tell: {said}");
        page.screen("problem").await?;
        owner.batch_execute("alter table hidden_applications rename to applications").await?;
        // Each part of the page that could not be read has its own button.
        while page.has("もう一度読み込む").await? {
            page.press_and_see_it_go("もう一度読み込む").await?;
        }
        page.sees("医師会に入会できます").await
    })
    .await
}
