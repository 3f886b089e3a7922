//! A physician who is no member registers, applies with a photograph of the licence, and is approved by the prefecture.

use anyhow::{Context, Result, ensure};

use super::stage::{PREFECTURE, workspace};
use super::{Cast, Stage};

const EMAIL: &str = "sakura@example.jp";
const PASSWORD: &str = "琵琶湖の朝は静かで風がない";
const NAME: &str = "渡邉";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physician_who_is_no_member_registers_for_training() -> Result<()> {
    Stage::walk("registering", async |stage| {
        register(stage).await?;
        apply(stage).await?;
        let number = see_receipt(stage).await?;
        stage.sign_out().await?;
        approve(stage, &number).await?;
        see_approval(stage).await
    })
    .await
}

/// Address, code, password.
async fn register(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    page.goto("/login").await?;
    page.at("ログイン").await?;
    page.screen("login-with-registration").await?;
    page.follow("非会員の医師の方：研修アカウントの登録").await?;
    page.at("研修アカウントの登録").await?;
    page.screen("register-1-email").await?;
    page.press("確認コードを送る").await?;
    page.text_of("alert", "メールアドレスを入力してください").await?;
    page.fill("メールアドレス", EMAIL).await?;
    page.press("確認コードを送る").await?;
    page.sees(&format!("{EMAIL} に確認コードをお送りしました")).await?;
    page.screen("register-2-code").await?;
    let code = stage.app.code_sent_to(EMAIL).await;
    page.fill("確認コード", &code).await?;
    page.fill("決めたパスワード", "password1234").await?;
    page.press("登録する").await?;
    page.text_of("alert", "決めたパスワードが推測されやすいものです").await?;
    page.fill("決めたパスワード", PASSWORD).await?;
    page.press("登録する").await?;
    page.at("利用規約をご確認ください").await?;
    page.press("同意して進む").await?;
    page.at("研修用アカウント").await?;
    page.screen("training-start").await
}

/// The form, its faults, and the photograph.
async fn apply(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    page.press("申請を始める").await?;
    page.at("研修用アカウントの申請").await?;
    page.fill("姓", NAME).await?;
    page.fill("名", "桜").await?;
    page.fill("姓（フリガナ）", "わたなべ").await?;
    page.fill("名（フリガナ）", "さくら").await?;
    date(stage, "生年月日", ["昭和", "60", "3", "3"]).await?;
    page.choose("性別", "女").await?;
    page.fill("医籍登録番号", "６５４３２１").await?;
    date(stage, "医籍登録年月日", ["平成", "22", "4", "20"]).await?;
    page.fill("勤務先の名前", "湖都内科クリニック").await?;
    page.press("この名前で探す").await?;
    page.sees("この名前の施設は登録されていません").await?;
    page.select("施設の種類", "診療所").await?;
    page.fill("勤務先の郵便番号", "520-0044").await?;
    page.press("郵便番号から住所を探す").await?;
    page.sees("住所を入力しました").await?;
    page.add("勤務先の住所", "四丁目1番1号").await?;
    page.press("勤務先と同じ住所にする").await?;
    page.fill("連絡先の電話番号", "090-1234-5678").await?;
    page.press("申請する").await?;
    page.text_of("alert", "医師免許証の写しを選んでください").await?;
    page.screen("training-form-fault").await?;
    page.attach("ファイルを選ぶ", &workspace().join("tests/journeys/registering.rs").canonicalize()?).await?;
    page.text_of("alert", "JPEG・PNG・PDFのいずれかのファイルを選んでください").await?;
    page.attach("ファイルを選ぶ", &workspace().join("tests/data/files/licence.jpg").canonicalize()?).await?;
    page.sees("写しを受け取りました").await?;
    picture(stage).await?;
    page.screen("training-form").await?;
    page.press("申請する").await
}

async fn date(stage: &Stage, group: &str, [era, year, month, day]: [&str; 4]) -> Result<()> {
    let page = &stage.page;
    page.select_in(group, "年の数え方", era).await?;
    for (label, text) in [("年", year), ("月", month), ("日", day)] {
        page.fill_in(group, label, text).await?;
    }
    Ok(())
}

/// The licence is to be seen, and not only its frame.
async fn picture(stage: &Stage) -> Result<()> {
    let seen = "return document.querySelector('img[alt=\"医師免許証の写し\"]')?.naturalWidth === 720";
    stage
        .page
        .until("the licence as a picture", async || Ok(stage.page.run(seen, serde_json::Value::Null).await? == true))
        .await
}

async fn see_receipt(stage: &Stage) -> Result<String> {
    let page = &stage.page;
    page.at("研修用アカウントの申請の状況").await?;
    let receipt = page.text_of("region", "申請を受け付けました").await?;
    let number = receipt.split(' ').find(|word| word.contains("-TRAIN-")).context("a receipt number")?.to_owned();
    page.sees(&format!("いまの担当 {PREFECTURE}")).await?;
    picture(stage).await?;
    page.screen("training-receipt").await?;
    page.follow("研修用アカウント").await?;
    page.sees("審査中です").await?;
    page.screen("training-waits").await?;
    Ok(number)
}

async fn approve(stage: &Stage, number: &str) -> Result<()> {
    let page = &stage.page;
    stage.sign_in(Cast::ApproverOf(PREFECTURE)).await?;
    let row = page.text_of("row", NAME).await?;
    ensure!(row.contains(number) && row.contains("研修用アカウント"), "the row names number and kind: {row}");
    page.screen("training-work-list").await?;
    page.follow_row(NAME).await?;
    page.at(&format!("申請の審査 {number}")).await?;
    page.sees("湖都内科クリニック").await?;
    picture(stage).await?;
    page.screen("training-clerk-case").await?;
    page.press("承認する").await?;
    page.press("この内容で承認する").await?;
    page.text_of("status", "承認しました").await?;
    page.screen("training-clerk-approved").await?;
    stage.sign_out().await
}

async fn see_approval(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    let mails = stage.app.mails_to(EMAIL).await;
    let approved =
        mails.iter().find(|mail| mail.template == "training_approved").context("a mail about the approval")?;
    let login_id =
        approved.body.split("ログインID：").nth(1).and_then(|rest| rest.lines().next()).context("a login id")?;
    page.fill("ログインID", login_id.trim()).await?;
    page.fill("パスワード", PASSWORD).await?;
    page.press("ログインする").await?;
    page.at("マイページ").await?;
    page.sees(NAME).await?;
    page.screen("training-my-page").await?;
    let stored =
        "select count(*) from accounts where state = 'active' and class = 'training_only' and person_id is not null";
    ensure!(stage.app.count(stored, &[]).await == 1, "the account speaks for its person");
    Ok(())
}
