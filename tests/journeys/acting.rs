//! Acting for somebody: an assistant of a physician's own, and a clerk on behalf of one.

use anyhow::{Context, Result};
use mamis_test_support::PASSWORD;

use super::stage::DISTRICT;
use super::{Cast, Stage};

/// Where the assistant's invitation goes.
const MAILBOX: &str = "yamada@example.jp";
/// For the new account.
const LOGIN_ID: &str = "yamada.hana";
const NEW_PASSWORD: &str = "琵琶湖の朝は静かで風がない";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assistant_is_invited_works_and_is_stopped_in_the_middle() -> Result<()> {
    Stage::walk("assistant", async |stage| {
        let page = &stage.page;
        invite(stage).await?;
        stage.sign_out().await?;

        take_up(stage).await?;
        page.screen("assistant-physicians").await?;
        page.press("髙橋　花子 先生の補助者として操作する").await?;
        page.at("マイページ").await?;
        page.sees("髙橋　花子 先生の補助者として操作中です").await?;
        page.screen("assistant-acting").await?;
        page.follow("入会の申請を始める").await?;
        page.at("入会の申請").await?;

        // In the middle of it, the physician takes it back on another device.
        let physician = stage.app.visitor().log_in(Cast::Physician.login_id()).await;
        let given = physician.get("/delegations").await.json();
        let id = given["items"][0]["id"].as_str().context("the delegation")?.to_owned();
        let revoke = physician.call(reqwest::Method::DELETE, &format!("/api/v1/delegations/{id}"));
        revoke.send().await.assert_status(204);
        page.press("入会の申請を始める").await?;
        page.text_of("dialog", "代理の操作は終わりました").await?;
        page.screen("assistant-stopped").await?;
        page.press("ご自分の画面に戻る").await?;
        page.at("担当の先生を選ぶ").await?;
        page.sees("担当する先生がまだいません").await
    })
    .await
}

async fn invite(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    stage.sign_in(Cast::Physician).await?;
    page.follow("ログインと安全").await?;
    page.at("ログインと安全").await?;
    page.press("補助者を招待する").await?;
    page.press("招待する").await?;
    page.sees("補助者のお名前を入力してください").await?;
    page.fill("補助者のお名前", "山田 花").await?;
    page.fill("メールアドレス", MAILBOX).await?;
    page.tick("申請の下書きを作る・直す").await?;
    page.fill_in("最後の日", "年", "2027").await?;
    page.fill_in("最後の日", "月", "3").await?;
    page.fill_in("最後の日", "日", "31").await?;
    page.screen("assistant-invite").await?;
    page.press("招待する").await?;
    page.text_of("status", "山田 花 さんを招待しました").await?;
    page.sees("令和9年3月31日（2027年）").await?;
    page.screen("assistant-invited").await
}

async fn take_up(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    let mails = stage.app.mails_to(MAILBOX).await;
    let mail = mails.last().context("the invitation's mail")?;
    let link = mail.body.lines().find_map(|line| line.split_once("/assistant-invitation")).context("its link")?;
    page.goto(&format!("/assistant-invitation{}", link.1.trim())).await?;
    page.at("補助者の招待を受ける").await?;
    page.press("内容を確認する").await?;
    page.sees("髙橋　花子 先生からの招待です").await?;
    page.fill("お名前", "山田 花").await?;
    page.fill("ログインID", LOGIN_ID).await?;
    page.fill("決めたパスワード", NEW_PASSWORD).await?;
    page.screen("assistant-register").await?;
    page.press("登録して引き受ける").await?;
    page.at("利用規約をご確認ください").await?;
    page.press("同意して進む").await?;
    page.at("担当の先生を選ぶ").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_acts_on_behalf_and_the_physician_sees_it() -> Result<()> {
    Stage::walk("on-behalf", async |stage| {
        let page = &stage.page;
        let case = stage.app.given_application().submitted_to(DISTRICT).await;
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;
        let names = page.row_names(1).await?;
        page.follow_row(names.first().context("the case in the list")?).await?;
        page.at("申請の審査").await?;
        page.press("この先生の代理で操作する").await?;
        page.press("代理の操作を始める").await?;
        page.sees("理由（先生にも表示されます）を入力してください").await?;
        page.fill("理由（先生にも表示されます）", "お電話での取下げのご依頼").await?;
        page.screen("on-behalf-begin").await?;
        page.press("代理の操作を始める").await?;
        page.at("マイページ").await?;
        page.sees("先生の代理で操作中です").await?;
        page.sees("大津市医師会").await?;
        page.screen("on-behalf-acting").await?;
        page.press("代理の操作を終える").await?;
        page.at("申請の処理").await?;
        stage.sign_out().await?;

        page.goto("/login").await?;
        page.fill("ログインID", &case.physician.login_id).await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        page.at("マイページ").await?;
        page.follow("ログインと安全").await?;
        page.at("ログインと安全").await?;
        page.sees("お電話での取下げのご依頼").await?;
        page.sees("先生の代理で").await?;
        page.screen("on-behalf-seen").await
    })
    .await
}
