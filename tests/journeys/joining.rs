//! A physician joins: filed, returned, corrected, approved three times; then the memberships are there.

use anyhow::{Context, Result, ensure};

use super::stage::{DISTRICT, NATION, PREFECTURE};
use super::{Cast, Stage};

/// The physician as the pages show the name.
const NAME: &str = "髙橋";
const PHONE: &str = "勤務先の電話番号";
const COMMENT: &str = "つながらない番号のようです。ご確認ください。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physician_joins_three_associations() -> Result<()> {
    Stage::walk("joining", async |stage| {
        stage.sign_in(Cast::Physician).await?;
        stage.page.sees("医師会に入会できます").await?;
        stage.page.screen("my-page-before").await?;
        fill_in(stage).await?;
        let number = file(stage).await?;
        stage.sign_out().await?;

        approve_in_turn(stage, DISTRICT, &number, true).await?;
        send_back(stage, &number).await?;
        correct(stage).await?;
        approve_in_turn(stage, PREFECTURE, &number, false).await?;
        approve_in_turn(stage, NATION, &number, false).await?;
        see_memberships(stage, &number).await
    })
    .await
}

/// The seven parts of the form, up to the page that shows all answers.
async fn fill_in(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    page.follow("入会の申請を始める").await?;
    page.at("入会の申請").await?;
    page.screen("join-start").await?;
    page.press("入会の申請を始める").await?;

    page.at("勤務先").await?;
    page.fill("勤務先の名前", "湖都内科クリニック").await?;
    page.press("この名前で探す").await?;
    page.sees("この名前の施設は登録されていません").await?;
    page.select("施設の種類", "診療所").await?;
    page.fill("勤務先の郵便番号", "520-0044").await?;
    page.press("郵便番号から住所を探す").await?;
    page.sees("住所を入力しました").await?;
    let address = page.value("勤務先の住所").await?;
    ensure!(address.starts_with("滋賀県大津市"), "520-0044 is in Otsu, not at {address}");
    page.add("勤務先の住所", "四丁目1番1号　浜大津ビル2階").await?;
    page.fill(PHONE, "077-522-0000").await?;
    page.screen("join-1-workplace").await?;
    page.press("次へ進む").await?;

    page.at("勤務先での仕事").await?;
    page.select("仕事の内容", "診療所の勤務者").await?;
    page.choose("その施設の管理者かどうか", "いいえ").await?;
    page.choose("勤務の形", "常勤").await?;
    page.screen("join-2-role").await?;
    page.press("次へ進む").await?;

    page.at("入会する医師会").await?;
    page.chosen("入会する郡市区等医師会", DISTRICT).await?;
    page.choose("入会する範囲", "日本医師会まで（3つの医師会すべて）").await?;
    page.screen("join-3-association").await?;
    page.press("次へ進む").await?;

    page.at("会員区分").await?;
    page.choose("臨床研修医かどうか", "いいえ").await?;
    page.choose("医師賠償責任保険から外れる希望があるか", "いいえ").await?;
    for association in [DISTRICT, PREFECTURE, NATION] {
        page.sees(&format!("{association}での会員区分")).await?;
    }
    page.screen("join-4-category").await?;
    page.press("次へ進む").await?;

    page.at("入会を希望する日").await?;
    page.select("年の数え方", "令和").await?;
    page.fill("年", "9").await?;
    page.fill("月", "4").await?;
    page.fill("日", "1").await?;
    page.sees("令和9年4月1日（2027年）").await?;
    page.screen("join-5-date").await?;
    page.press("次へ進む").await?;

    page.at("連絡先").await?;
    page.press("勤務先と同じ住所にする").await?;
    page.fill("連絡先の電話番号", "０９０−１２３４−５６７８").await?;
    page.fill("メールアドレス", "hanako@example.jp").await?;
    page.screen("join-6-contact").await?;
    page.press("次へ進む").await?;

    page.at("連絡事項").await?;
    page.fill("医師会への連絡事項", "4月に開院する診療所に勤めます。").await?;
    page.screen("join-7-note").await?;
    page.press("次へ進む").await?;
    page.at("申請する内容の確認").await
}

/// Sends what was filled in, and comes away with the receipt number.
async fn file(stage: &Stage) -> Result<String> {
    let page = &stage.page;
    page.sees("090-1234-5678").await?;
    page.screen("join-8-check").await?;
    page.press("この内容で入会を申請する").await?;
    page.text_of("alert", "内容に間違いがないことを確認し、チェックを入れてください").await?;
    page.screen("join-8-check-fault").await?;
    page.tick("上の内容に間違いがないことを確認しました").await?;
    page.press("この内容で入会を申請する").await?;

    page.at("入会の申請の状況").await?;
    let receipt = page.text_of("region", "申請を受け付けました").await?;
    let number = receipt.split(' ').find(|word| word.contains("-JOIN-")).context("a receipt number")?.to_owned();
    page.sees(&format!("いまの担当 {DISTRICT}")).await?;
    page.screen("receipt").await?;
    Ok(number)
}

async fn approve_in_turn(stage: &Stage, association: &'static str, number: &str, is_first: bool) -> Result<()> {
    let page = &stage.page;
    open_case(stage, association, number, is_first).await?;
    page.press("承認する").await?;
    ensure!(page.value("年").await? == "9", "the day wished for is proposed");
    if is_first {
        page.screen("clerk-case-approve").await?;
    }
    page.press("この内容で承認する").await?;
    page.text_of("status", "承認しました").await?;
    if is_first {
        page.screen("clerk-case-approved").await?;
    }
    stage.sign_out().await
}

/// The work list, and the case from it.
async fn open_case(stage: &Stage, association: &'static str, number: &str, is_first: bool) -> Result<()> {
    let page = &stage.page;
    stage.sign_in(Cast::ApproverOf(association)).await?;
    page.sees("1件あります").await?;
    let row = page.text_of("row", NAME).await?;
    ensure!(row.contains(number), "the row says {number}: {row}");
    if is_first {
        page.screen("work-list").await?;
    }
    page.follow_row(NAME).await?;
    page.at(&format!("申請の審査 {number}")).await?;
    page.sees("湖都内科クリニック").await?;
    if is_first {
        page.screen("clerk-case").await?;
    }
    Ok(())
}

/// The prefecture wants a field corrected.
async fn send_back(stage: &Stage, number: &str) -> Result<()> {
    let page = &stage.page;
    open_case(stage, PREFECTURE, number, false).await?;
    page.press("差し戻す").await?;
    page.fill("お願いしたいこと", "電話番号をご確認のうえ、もう一度申請してください。").await?;
    page.select("コメントする項目", PHONE).await?;
    page.press("項目を追加する").await?;
    page.fill(&format!("「{PHONE}」へのコメント"), COMMENT).await?;
    page.screen("clerk-case-return").await?;
    page.press("修正をお願いして差し戻す").await?;
    page.text_of("status", "差し戻しました").await?;
    stage.sign_out().await
}

/// The physician reads what is wanted, at the field too, and sends the case again.
async fn correct(stage: &Stage) -> Result<()> {
    let page = &stage.page;
    stage.sign_in(Cast::Physician).await?;
    page.sees(&format!("{PREFECTURE}から、令和8年11月23日（2026年）に修正のお願いが届きました")).await?;
    page.screen("my-page-returned").await?;
    page.follow("申請を修正する").await?;
    page.sees(&format!("{PREFECTURE}から、修正のお願いがあります")).await?;
    page.sees(COMMENT).await?;
    page.screen("returned").await?;
    page.follow(PHONE).await?;
    page.at("勤務先").await?;
    page.sees(COMMENT).await?;
    page.focus_is_on(PHONE).await?;
    page.screen("returned-field").await?;
    page.fill(PHONE, "077-522-0001").await?;
    page.press("保存して確認画面へ戻る").await?;
    page.at("申請する内容の確認").await?;
    page.sees("0775220001").await?;
    page.tick("上の内容に間違いがないことを確認しました").await?;
    page.press("この内容でもう一度申請する").await?;
    page.sees(&format!("いまの担当 {PREFECTURE}")).await?;
    page.screen("timeline").await?;
    stage.sign_out().await
}

async fn see_memberships(stage: &Stage, number: &str) -> Result<()> {
    let page = &stage.page;
    stage.sign_in(Cast::Physician).await?;
    for association in [DISTRICT, PREFECTURE, NATION] {
        let row = page.text_of("row", association).await?;
        for expected in ["令和9年4月1日（2027年）", "入会予定"] {
            ensure!(row.contains(expected), "{association} says {expected}: {row}");
        }
    }
    page.screen("my-page-after").await?;
    page.follow("新規入会の申請を詳しく見る").await?;
    page.at("入会の申請の状況").await?;
    page.sees(number).await?;
    page.sees("入会が決まりました").await?;
    page.screen("completed").await?;
    page.follow("ログインと安全").await?;
    page.sees("ご自身の記録を見た人・変えた人").await?;
    for association in [DISTRICT, PREFECTURE, NATION] {
        page.sees(&format!("{association} {}", Cast::ApproverOf(association).login_id())).await?;
    }
    page.sees("手続き・変更").await?;
    page.screen("record-accesses").await?;

    let stored =
        "select count(*) from memberships where valid_from = '2027-04-01' and valid_to is null and known_to is null";
    ensure!(stage.app.count(stored, &[]).await == 3, "three memberships are stored");
    Ok(())
}
