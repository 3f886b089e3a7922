//! Somebody changes the password and signs a lost device out.

use anyhow::Result;

use super::{Cast, Stage};
use mamis_test_support::PASSWORD;

const NEXT: &str = "琵琶湖の朝は静かで風がない";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physician_changes_the_password_and_signs_a_lost_phone_out() -> Result<()> {
    Stage::walk("account", async |stage| {
        let page = &stage.page;
        let phone = stage.app.visitor().try_log_in(Cast::Physician.login_id(), PASSWORD).await;
        phone.assert_status(201);
        stage.sign_in(Cast::Physician).await?;
        page.follow("ログインと安全").await?;
        page.at("ログインと安全").await?;
        page.sees("Chrome（Linux）").await?;
        page.sees("この端末").await?;
        page.screen("account").await?;

        page.press("この端末をログアウトさせる").await?;
        page.text_of("status", "ログアウトさせました").await?;
        page.sees("ほかの端末から終了").await?;

        page.fill("現在のパスワード", "これではありません").await?;
        page.fill("新しいパスワード", "password1234").await?;
        page.sees("推測されやすい言葉や、ご自身の情報が含まれています").await?;
        page.press("パスワードを変更する").await?;
        page.text_of("alert", "現在のパスワードが違います").await?;
        page.fill("現在のパスワード", PASSWORD).await?;
        page.press("パスワードを変更する").await?;
        page.text_of("alert", "新しいパスワードが推測されやすいものです").await?;
        page.screen("account-fault").await?;
        page.fill("新しいパスワード", NEXT).await?;
        page.sees("パスワードの強さ：とても強い").await?;
        page.press("パスワードを変更する").await?;
        page.text_of("status", "パスワードを変更しました").await?;
        page.screen("account-changed").await?;
        stage.sign_out().await?;

        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", NEXT).await?;
        page.press("ログインする").await?;
        page.at("マイページ").await
    })
    .await
}
