//! A passkey, made and used with Chromium's own virtual authenticator.

use anyhow::Result;
use serde_json::json;

use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physician_adds_a_passkey_and_signs_in_with_it() -> Result<()> {
    Stage::walk("passkey", async |stage| {
        let page = &stage.page;
        let cdp = page.driver.cdp();
        cdp.send_raw("WebAuthn.enable", json!({})).await?;
        let device = json!({ "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true
        } });
        cdp.send_raw("WebAuthn.addVirtualAuthenticator", device).await?;
        stage.sign_in(Cast::Physician).await?;
        page.follow("ログインと安全").await?;
        page.at("ログインと安全").await?;
        page.press("パスキーを追加する").await?;
        page.text_of("alert", "この端末の呼び名を入力してください").await?;
        page.fill("この端末の呼び名", "診察室のパソコン").await?;
        page.press("パスキーを追加する").await?;
        page.sees("リカバリーコードを控えてください").await?;
        page.press("控えました").await?;
        page.text_of("heading", "診察室のパソコン").await?;
        page.screen("passkeys").await?;
        stage.sign_out().await?;

        page.screen("login-passkey").await?;
        page.press("パスキーでログインする").await?;
        page.at("マイページ").await?;
        page.follow("ログインと安全").await?;
        page.sees("最後の利用").await
    })
    .await
}
