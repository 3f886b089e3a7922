//! A second factor: set up with an authenticator app, and used.

use anyhow::{Context, Result, ensure};
use mamis_test_support::{PASSWORD, totp_secret};
use serde_json::json;

use super::stage::DISTRICT;
use super::{Cast, Stage};

/// Sets an authenticator app up on the page one is at; gives the recovery codes, which stay on the page.
async fn set_up(stage: &Stage, picture: &str) -> Result<Vec<String>> {
    let page = &stage.page;
    page.press("認証アプリを設定する").await?;
    page.sees("アプリに表示された6桁の数字を入力します").await?;
    page.screen(picture).await?;
    let typed = "return document.querySelector('details code').textContent";
    let secret = page.run(typed, json!([])).await?.as_str().context("the key to type")?.replace(' ', "");
    page.fill("6桁の数字", &stage.app.totp_code_of(&totp_secret(&secret))).await?;
    page.press("設定を終える").await?;
    page.sees("リカバリーコードを控えてください").await?;
    let codes = "return [...document.querySelectorAll('ol code')].map(code => code.textContent)";
    Ok(serde_json::from_value(page.run(codes, json!([])).await?)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physician_sets_an_authenticator_app_up_and_signs_in_with_a_recovery_code() -> Result<()> {
    Stage::walk("totp", async |stage| {
        let page = &stage.page;
        stage.sign_in(Cast::Physician).await?;
        page.follow("ログインと安全").await?;
        page.at("ログインと安全").await?;
        let codes = set_up(stage, "totp-setup").await?;
        ensure!(codes.len() == 10, "ten codes: {codes:?}");
        page.screen("recovery-codes").await?;
        page.press("控えました").await?;
        page.sees("残り10個").await?;
        stage.sign_out().await?;

        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        page.at("もう一つの確認").await?;
        page.screen("second-step").await?;
        page.fill("6桁の数字", "000000").await?;
        page.press("確認してログインする").await?;
        page.text_of("alert", "6桁の数字が違うか、すでに使われたものです").await?;
        page.press("認証アプリを使えないとき（リカバリーコードを入力する）").await?;
        page.fill("リカバリーコード", &codes[2].to_lowercase()).await?;
        page.press("確認してログインする").await?;
        page.at("マイページ").await?;
        page.follow("ログインと安全").await?;
        page.sees("残り9個").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approver_without_a_second_factor_is_led_to_one_and_then_to_the_work() -> Result<()> {
    Stage::walk("second-factor-wanted", async |stage| {
        let page = &stage.page;
        stage.app.owner().batch_execute("delete from totp_factors; delete from recovery_codes").await?;
        page.goto("/login").await?;
        page.fill("ログインID", Cast::ApproverOf(DISTRICT).login_id()).await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        page.at("2段階認証の設定").await?;
        page.sees("大津市医師会 承認者").await?;
        page.screen("second-factor-wanted").await?;
        set_up(stage, "second-factor-setup").await?;
        page.press("控えました").await?;
        page.follow("設定を終えて先へ進む").await?;
        page.at("申請の処理").await
    })
    .await
}
