//! Clerks: an administrator invites somebody by mail, who accepts, works, and is ended; and an account is suspended.

use anyhow::{Context, Result, ensure};
use mamis_kernel::Role;
use mamis_test_support::{PASSWORD, TestApp};
use serde_json::json;

use super::stage::{DISTRICT, PREFECTURE};
use super::{Cast, Stage};

const ADMINISTRATOR: &str = "otsu-administrator";
const INVITED: &str = "tanaka@example.jp";
const NEXT: &str = "琵琶湖の朝は静かで風がない";

/// Signs an administrator in, by password and a code from paper.
async fn sign_in_administrator(stage: &Stage, login_id: &str) -> Result<()> {
    let page = &stage.page;
    page.goto("/login").await?;
    page.at("ログイン").await?;
    page.fill("ログインIDまたはメールアドレス", login_id).await?;
    page.fill("パスワード", PASSWORD).await?;
    page.press("ログインする").await?;
    page.at("もう一つの確認").await?;
    page.press("認証アプリを使えないとき（リカバリーコードを入力する）").await?;
    page.fill("リカバリーコード", &stage.app.next_recovery_code(login_id)).await?;
    page.press("確認してログインする").await?;
    page.at("申請の処理").await
}

/// The path and fragment of the link in the mail of an invitation.
async fn mailed_link(app: &TestApp, address: &str) -> Result<String> {
    let mails = app.mails_to(address).await;
    let body = &mails.last().context("an invitation was mailed")?.body;
    let link = body.lines().find_map(|line| line.strip_prefix(app.public_url()));
    Ok(link.with_context(|| format!("a link of ours in {body}"))?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_clerk_accepts_by_mail_works_and_is_ended() -> Result<()> {
    Stage::walk("clerks", async |stage| {
        let page = &stage.page;
        stage.app.given_account(ADMINISTRATOR, None, Role::Administrator, Some(DISTRICT)).await;
        stage.app.given_application().submitted_to(DISTRICT).await;
        sign_in_administrator(stage, ADMINISTRATOR).await?;
        page.follow("担当者の管理").await?;
        page.at("担当者の管理").await?;
        page.sees("otsu-approver").await?;
        page.sees("お返事を待っている招待はありません").await?;
        page.screen("clerks").await?;

        page.press("担当者を招待する").await?;
        page.press("招待する").await?;
        page.text_of("alert", "招待する方の氏名を入力してください").await?;
        page.text_of("alert", "役割を選んでください").await?;
        page.screen("clerk-invite-faults").await?;
        page.fill("招待する方の氏名", "田中　久美").await?;
        page.choose("役割", "閲覧者").await?;
        page.fill("メールアドレス", INVITED).await?;
        page.press("招待する").await?;
        page.sees(&format!("招待のメールを {INVITED} に送りました")).await?;
        page.sees(&format!("メール（{INVITED}）")).await?;
        page.screen("clerk-invited").await?;
        stage.sign_out().await?;

        // Whoever reads the mail follows the link.
        page.goto(&mailed_link(&stage.app, INVITED).await?).await?;
        page.at("担当者への招待").await?;
        page.sees(DISTRICT).await?;
        ensure!(page.path().await? == "/invitation", "the code does not stay in the address");
        page.screen("invitation").await?;
        ensure!(page.value("氏名").await? == "田中　久美", "the name is filled in");
        page.fill("決めたログインID", ADMINISTRATOR).await?;
        page.fill("決めたパスワード", NEXT).await?;
        page.press("この招待を受ける").await?;
        page.text_of("alert", "決めたログインIDは、すでに使われています").await?;
        page.fill("決めたログインID", "tanaka-kumi").await?;
        page.press("この招待を受ける").await?;
        page.at("利用規約をご確認ください").await?;
        page.press("同意して進む").await?;
        page.at("申請の処理").await?;
        page.sees("1件あります").await?;
        ensure!(!page.has("担当者の管理").await?, "a viewer manages nobody");
        let names = page.row_names(1).await?;
        page.follow_row(names.first().context("a case")?).await?;
        page.press("アカウントの状態を見る").await?;
        page.sees("登録なし（お知らせは郵送）").await?;
        ensure!(!page.has("利用を停止する").await?, "a viewer suspends nobody");
        page.screen("work-case-account").await?;
        let clerk = stage.app.visitor().try_log_in("tanaka-kumi", NEXT).await.assert_status(201);
        stage.sign_out().await?;

        sign_in_administrator(stage, ADMINISTRATOR).await?;
        page.follow("担当者の管理").await?;
        page.sees("田中　久美").await?;
        page.sees("tanaka-kumi").await?;
        page.press_in_card("tanaka-kumi", "役割・期間を変更する").await?;
        page.chosen("役割", "閲覧者").await?;
        page.screen("clerk-change").await?;
        page.choose("役割", "入力担当者").await?;
        page.press("変更する").await?;
        page.sees("田中　久美 さんの役割を変更しました").await?;
        page.sees("入力担当者").await?;
        page.press_in_card("tanaka-kumi", "役割を終了する").await?;
        page.text_of("dialog", "この役割を終了しますか").await?;
        page.screen("clerk-end").await?;
        page.press("いますぐ終了する").await?;
        page.sees("田中　久美 さんの役割を終了しました").await?;
        page.until("the ended role to go", async || Ok(!page.has("tanaka-kumi").await.unwrap_or(true))).await?;

        // What was open before no longer lets one work, and neither does the screen.
        let token = clerk.json()["access_token"].as_str().context("a token")?.to_owned();
        let work = stage.app.visitor().with_token(&token).get("/work-items/summary").await;
        work.assert_problem(403, "forbidden");
        stage.sign_out().await?;
        page.fill("ログインID", "tanaka-kumi").await?;
        page.fill("パスワード", NEXT).await?;
        page.press("ログインする").await?;
        page.at("ログインと安全").await?;
        page.goto("/work").await?;
        page.at("申請の処理").await?;
        ensure!(!page.has("1件あります").await?, "no work is shown");
        page.screen("clerk-ended").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_stays_and_the_first_one_is_appointed_from_above() -> Result<()> {
    Stage::walk("first-administrator", async |stage| {
        let page = &stage.page;
        stage.app.given_account("shiga-administrator", None, Role::Administrator, Some(PREFECTURE)).await;
        sign_in_administrator(stage, "shiga-administrator").await?;
        page.goto("/work/clerks").await?;
        page.sees("管理者のいない医師会").await?;
        page.sees(DISTRICT).await?;
        page.press("役割を終了する").await?;
        page.press("いますぐ終了する").await?;
        page.text_of("alert", "最後の管理者の権限は、変更・終了できません").await?;
        page.screen("last-administrator").await?;

        page.press("最初の管理者を招待する").await?;
        page.fill("招待する方の氏名", "山本　管理").await?;
        page.choose("招待の渡し方", "コードを手渡す").await?;
        page.press("招待する").await?;
        page.sees("この画面を離れると、もう表示されません").await?;
        page.screen("clerk-code").await?;
        let typed = "return [...document.querySelectorAll('dd')].map(dd => dd.textContent).find(t => /^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/.test(t))";
        let code = page.run(typed, json!([])).await?.as_str().context("the code")?.to_lowercase();
        stage.sign_out().await?;

        page.goto("/invitation").await?;
        page.at("担当者への招待").await?;
        page.fill("招待コード", "AAAAA-AAAAA-AAAAA-AAAAA").await?;
        page.press("招待の内容を見る").await?;
        page.text_of("alert", "この招待は使えません").await?;
        page.fill("招待コード", &code).await?;
        page.press("招待の内容を見る").await?;
        page.sees("管理者").await?;

        // Somebody who has a log-in takes the role on with it, and is led to a second factor first.
        page.press("すでにログインIDをお持ちの方：ログインして受ける").await?;
        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        page.sees("このアカウントで招待を受けます").await?;
        page.screen("invitation-own-account").await?;
        page.press("この招待を受ける").await?;
        page.at("2段階認証の設定").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_suspended_for_a_reason_of_the_terms_and_lifted() -> Result<()> {
    Stage::walk("suspension", async |stage| {
        let page = &stage.page;
        stage.app.given_account(ADMINISTRATOR, None, Role::Administrator, Some(DISTRICT)).await;
        let member = stage.app.given_member_of(&[DISTRICT]).await;
        let number = "select number from medical_registrations where person_id = $1";
        let number: String = stage.app.owner().query_one(number, &[&member.person().uuid()]).await?.get(0);
        sign_in_administrator(stage, ADMINISTRATOR).await?;
        page.follow("アカウントの確認").await?;
        page.at("アカウントの確認").await?;
        page.fill("医籍登録番号", "999999").await?;
        page.press("探す").await?;
        page.text_of("alert", "見つかりませんでした").await?;
        page.fill("医籍登録番号", &number).await?;
        page.press("探す").await?;
        page.sees("有効").await?;
        page.press("利用を停止する").await?;
        page.choose("停止の理由", "退会・除名").await?;
        page.press("利用を停止する").await?;
        page.text_of("alert", "記録する内容を入力してください").await?;
        page.fill("記録する内容", "2026年11月30日付で退会届を受理").await?;
        page.screen("account-suspend").await?;
        page.press("利用を停止する").await?;
        page.text_of("dialog", "アカウントの利用を停止しますか").await?;
        // The dialog's button has the same name as the form's behind it.
        page.run("document.querySelector('dialog[open] button').click()", json!([])).await?;
        page.sees("利用停止中").await?;
        page.sees("2026年11月30日付で退会届を受理").await?;
        page.screen("account-suspended").await?;
        stage.app.visitor().try_log_in(&member.login_id, PASSWORD).await.assert_problem(401, "login_failed");

        page.fill("解除の理由", "再入会の手続きが完了").await?;
        page.press("停止を解除する").await?;
        page.sees("停止を解除しました").await?;
        page.sees("有効").await?;
        stage.app.visitor().try_log_in(&member.login_id, PASSWORD).await.assert_status(201);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_administrators_let_a_clerk_in_again() -> Result<()> {
    Stage::walk("clerk-recovery", async |stage| {
        let page = &stage.page;
        stage.app.given_account(ADMINISTRATOR, None, Role::Administrator, Some(DISTRICT)).await;
        stage.app.given_account("otsu-administrator-2", None, Role::Administrator, Some(DISTRICT)).await;
        sign_in_administrator(stage, ADMINISTRATOR).await?;
        page.follow("担当者の管理").await?;
        page.press_in_card("otsu-approver", "ログインできるようにする").await?;
        page.press("本人であることを確認した").await?;
        page.sees("本人であることをどう確認したかを入力してください").await?;
        page.fill("本人であることをどう確認したか", "来局して職員証で確認").await?;
        page.screen("clerk-recovery-ask").await?;
        page.press("本人であることを確認した").await?;
        page.sees("1人目の確認を受け付けました").await?;
        page.screen("clerk-recovery-waits").await?;
        stage.sign_out().await?;

        sign_in_administrator(stage, "otsu-administrator-2").await?;
        page.follow("担当者の管理").await?;
        page.press_in_card("otsu-approver", "ログインできるようにする").await?;
        page.fill("本人であることをどう確認したか", "電話で折り返して確認").await?;
        page.press("本人であることを確認した").await?;
        page.sees("このリンクを本人に渡してください").await?;
        page.screen("clerk-recovery-link").await?;
        let link = "return [...document.querySelectorAll('code')].map(code => code.textContent).find(t => t.includes('/recover#'))";
        let link = page.run(link, json!([])).await?.as_str().context("the link")?.to_owned();
        stage.sign_out().await?;

        page.goto(link.strip_prefix(stage.app.public_url()).context("a link of ours")?).await?;
        page.at("新しいパスワードを決める").await?;
        page.fill("新しいパスワード", NEXT).await?;
        page.press("パスワードを設定する").await?;
        page.at("ログイン").await?;
        page.fill("ログインID", Cast::ApproverOf(DISTRICT).login_id()).await?;
        page.fill("パスワード", NEXT).await?;
        page.press("ログインする").await?;
        // What the approver confirmed with before is gone; it is set up anew.
        page.at("2段階認証の設定").await
    })
    .await
}
