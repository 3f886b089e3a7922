//! A letter comes by post; its member goes from it to the own page, and closes the browser on the way. Later the password is
//! forgotten.

use anyhow::Result;

use super::Stage;
use super::stage::DISTRICT;

const EMAIL: &str = "taro@example.jp";
const PASSWORD: &str = "琵琶湖の朝は静かで風がない";
const ANOTHER: &str = "比叡の山は夕方に赤くなる";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_goes_from_a_letter_to_the_own_page() -> Result<()> {
    Stage::walk("enrolling", async |stage| {
        let person = stage.app.given_member_without_account(&[DISTRICT]).await;
        let letter = stage.app.given_letter(DISTRICT, person).await;
        let proof = stage.app.identity_of(person).await;
        let number = proof["medical_registration_number"].as_str().unwrap_or_default();
        let page = &stage.page;

        page.goto("/login").await?;
        page.at("ログイン").await?;
        page.follow("はじめての登録へ進む").await?;
        page.at("はじめての登録").await?;
        // As the square on the letter leads there: the id is filled in.
        let path = letter.enrolment_url.strip_prefix(stage.app.public_url()).unwrap_or_default().to_owned();
        page.goto(&path).await?;
        page.at("はじめての登録").await?;
        page.screen("enrol-1-letter").await?;
        page.fill("仮のパスワード", &letter.temporary_password.to_lowercase()).await?;
        page.press("次へ進む").await?;

        page.sees("医師免許証をお手元にご用意ください").await?;
        page.fill("医籍登録番号", number).await?;
        date(stage, "医籍登録年月日", ["平成", "17", "4", "20"]).await?;
        date(stage, "生年月日", ["昭和", "55", "7", "6"]).await?;
        page.press("次へ進む").await?;
        page.sees("登録されている内容と一致しませんでした").await?;
        page.screen("enrol-2-mismatch").await?;
        date(stage, "生年月日", ["昭和", "55", "7", "5"]).await?;
        page.press("次へ進む").await?;

        page.sees("ご本人の確認ができました").await?;
        page.screen("enrol-3-email").await?;
        page.fill("メールアドレス", EMAIL).await?;
        page.press("確認の番号を送る").await?;
        page.sees("に確認の番号をお送りしました").await?;
        // The browser is closed here and opened again.
        page.goto("/enrol").await?;
        page.sees("に確認の番号をお送りしました").await?;
        page.screen("enrol-4-code").await?;
        page.fill("確認の番号", &stage.app.code_sent_to(EMAIL).await).await?;
        page.press("確認する").await?;

        page.sees("次回からのログインに使うパスワードを").await?;
        page.fill("新しいパスワード", PASSWORD).await?;
        page.sees("パスワードの強さ").await?;
        page.screen("enrol-5-password").await?;
        page.press("次へ進む").await?;
        page.sees("これで準備ができました").await?;
        page.screen("enrol-6-finish").await?;
        page.press("登録を完了して、パスキーも設定する").await?;
        page.sees("登録が完了しました。ようこそ。").await?;
        page.at("利用規約をご確認ください").await?;
        page.screen("enrol-7-terms").await?;
        page.press("同意して進む").await?;
        // A passkey may be added here, or not.
        page.at("2段階認証の設定").await?;
        page.sees("パスキー").await?;
        page.screen("enrol-8-passkey").await?;
        page.follow("設定を終えて先へ進む").await?;
        page.at("マイページ").await?;

        stage.sign_out().await?;
        recover(stage, &letter.temporary_login_id).await
    })
    .await
}

/// The password is forgotten, and another one is chosen by the link in the mail.
async fn recover(stage: &Stage, login_id: &str) -> Result<()> {
    let page = &stage.page;
    page.follow("パスワードを忘れた方").await?;
    page.at("パスワードを忘れた方").await?;
    page.screen("recover-1-ask").await?;
    page.fill("ログインIDまたはメールアドレス", EMAIL).await?;
    page.press("メールを送る").await?;
    page.sees("登録があれば、数分以内にメールが届きます").await?;
    stage.app.answer_recoveries().await;
    let token = stage.app.recovery_token_sent_to(EMAIL).await;
    page.goto("/login").await?;
    page.at("ログイン").await?;
    page.goto(&format!("/recover#{token}")).await?;
    page.at("新しいパスワードを決める").await?;
    page.screen("recover-2-choose").await?;
    page.fill("新しいパスワード", ANOTHER).await?;
    page.press("パスワードを設定する").await?;
    page.at("ログイン").await?;
    page.fill("ログインID", login_id).await?;
    page.fill("パスワード", ANOTHER).await?;
    page.press("ログインする").await?;
    page.at("マイページ").await
}

async fn date(stage: &Stage, group: &str, [era, year, month, day]: [&str; 4]) -> Result<()> {
    let page = &stage.page;
    page.select_in(group, "年の数え方", era).await?;
    for (label, text) in [("年", year), ("月", month), ("日", day)] {
        page.fill_in(group, label, text).await?;
    }
    Ok(())
}
