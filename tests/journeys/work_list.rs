//! A clerk who works by keyboard.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use super::stage::DISTRICT;
use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_finds_and_opens_a_case_by_keyboard_alone() -> Result<()> {
    Stage::walk("keyboard", async |stage| {
        let page = &stage.page;
        for _ in 0..3 {
            stage.app.given_application().submitted_to(DISTRICT).await;
        }
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;
        page.sees("3件あります").await?;
        page.keys("/").await?;
        page.focus_is_on("氏名・フリガナ・受付番号で探す").await?;
        ensure!(page.value("氏名・フリガナ・受付番号で探す").await?.is_empty(), "the key itself is not typed");
        page.keys("タカハシ" + Key::Enter).await?;
        page.sees("「タカハシ」").await?;
        page.sees("3件あります").await?;
        page.screen("work-list-filtered").await?;

        // Out of the field, where letters are letters again.
        page.keys(Key::Tab).await?;
        let names = page.row_names(3).await?;
        for (key, row) in [("j", 0), ("j", 1), ("k", 0), ("j", 1), ("j", 2), ("j", 2)] {
            page.keys(key).await?;
            page.focus_is_on(&names[row]).await?;
        }
        page.keys(Key::Enter).await?;
        page.at("申請の審査").await?;
        page.sees(&names[2]).await?;
        page.keys("?").await?;
        page.text_of("dialog", "キーボード操作").await?;
        page.screen("keyboard-help").await?;
        page.keys(Key::Escape).await?;
        page.keys("a").await?;
        page.focus_is_on("年").await?;
        page.keys(Key::Enter).await?;
        page.text_of("status", "承認しました").await?;
        page.keys("n").await?;
        page.sees(&names[0]).await?;
        page.keys("u").await?;
        page.at("申請の処理").await?;
        page.sees("2件あります").await
    })
    .await
}
