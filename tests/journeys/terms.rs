//! A new version of the terms of use comes into force, and a planned stop.

use anyhow::Result;
use chrono::TimeDelta;
use mamis_kernel::MaintenanceKind;

use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_of_the_terms_is_announced_and_accepted_on_the_way_to_where_one_wanted_to_go() -> Result<()> {
    Stage::walk("terms", async |stage| {
        stage.app.given_terms("2.0", "2026-11-01", "2026-12-01").await;
        let page = &stage.page;
        stage.sign_in(Cast::Physician).await?;
        page.sees("利用規約が変わります").await?;
        page.sees("2026年").await?;
        page.screen("terms-coming").await?;
        page.follow("新しい利用規約と変更点を読む").await?;
        page.at("利用規約").await?;
        page.sees("補助者の登録についての決まりを加えました").await?;
        page.screen("terms").await?;
        stage.sign_out().await?;

        stage.app.advance(TimeDelta::days(9));
        page.goto("/account").await?;
        page.at("ログイン").await?;
        page.fill("ログインID", Cast::Physician.login_id()).await?;
        page.fill("パスワード", mamis_test_support::PASSWORD).await?;
        page.press("ログインする").await?;
        page.at("利用規約をご確認ください").await?;
        page.sees("補助者の登録についての決まりを加えました").await?;
        page.screen("terms-accept").await?;
        page.press("同意して進む").await?;
        page.at("ログインと安全").await?;
        page.text_of("status", "利用規約に同意しました").await?;
        page.follow("マイページ").await?;
        page.at("マイページ").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_reads_the_page_of_joint_use_and_is_told_of_a_planned_stop() -> Result<()> {
    Stage::walk("joint-use", async |stage| {
        let night = ("2026-11-25T13:00:00Z", "2026-11-25T21:00:00Z");
        stage.app.given_maintenance(MaintenanceKind::ReadOnly, night.0, night.1).await;
        let page = &stage.page;
        page.goto("/login").await?;
        page.at("ログイン").await?;
        page.sees("閲覧のみになるお知らせ").await?;
        page.sees("2026年11月25日 22時00分 から 2026年11月26日 6時00分 まで").await?;
        page.follow("個人データの共同利用").await?;
        page.at("個人データの共同利用").await?;
        page.sees("管理の責任者").await?;
        page.screen("joint-use").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_stays_when_a_write_meets_read_only_hours() -> Result<()> {
    Stage::walk("read-only", async |stage| {
        let night = ("2026-11-23T03:05:00Z", "2026-11-23T05:00:00Z");
        stage.app.given_maintenance(MaintenanceKind::ReadOnly, night.0, night.1).await;
        let page = &stage.page;
        stage.sign_in(Cast::Physician).await?;
        page.follow("ログインと安全").await?;
        page.at("ログインと安全").await?;
        page.fill("現在のパスワード", mamis_test_support::PASSWORD).await?;
        page.fill("新しいパスワード", "琵琶湖の朝は静かで風がない").await?;
        stage.app.advance(TimeDelta::minutes(10));
        page.press("パスワードを変更する").await?;
        page.sees("入力した内容はそのままです").await?;
        page.sees("ただいま閲覧のみできます").await?;
        page.sees("終了予定：2026年11月23日 14時00分").await?;
        page.screen("read-only").await?;
        // The two hours are over: the same press does it.
        stage.app.advance(TimeDelta::hours(2));
        page.press("パスワードを変更する").await?;
        page.text_of("status", "パスワードを変更しました").await?;
        Ok(())
    })
    .await
}
