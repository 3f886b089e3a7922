use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use futures_util::FutureExt;
use mamis_kernel::Role;
use mamis_test_support::{PASSWORD, TestApp};

use crate::journeys::browser::Chromedriver;
use crate::journeys::page::Page;

/// The district of the workplace.
pub(super) const DISTRICT: &str = "大津市医師会";
/// The prefecture above it.
pub(super) const PREFECTURE: &str = "滋賀県医師会";
/// The nation above that.
pub(super) const NATION: &str = "日本医師会";

/// Who appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    /// Joins.
    Physician,
    /// Decides for an association.
    ApproverOf(&'static str),
}

impl Cast {
    pub(super) fn login_id(self) -> &'static str {
        match self {
            Self::Physician => "dr-takahashi",
            Self::ApproverOf(DISTRICT) => "otsu-approver",
            Self::ApproverOf(PREFECTURE) => "shiga-approver",
            Self::ApproverOf(_) => "jma-approver",
        }
    }
}

/// A server with its people, and a browser in front of it.
pub(super) struct Stage {
    pub(super) app: TestApp,
    pub(super) page: Page,
}

impl Stage {
    /// Walks one journey on a stage of its own. What goes wrong leaves a picture, and the browser is closed in any case.
    pub(super) async fn walk(name: &str, journey: impl AsyncFnOnce(&Self) -> Result<()>) -> Result<()> {
        let app = TestApp::start_with_spa(&spa_dir()?).await;
        furnish(&app).await?;
        let chromedriver = Chromedriver::start().await?;
        let page = Page::open(&chromedriver, app.public_url()).await?;
        let stage = Self { app, page };
        let walked = std::panic::AssertUnwindSafe(journey(&stage)).catch_unwind().await;
        let walked = match walked {
            Ok(Err(error)) => Ok(Err(stage.page.explain(name, error).await)),
            others => others,
        };
        let Self { app, page } = stage;
        let closed = page.close().await;
        drop(app);
        match walked {
            Ok(result) => result.and(closed),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Signs in on the log-in page.
    pub(super) async fn sign_in(&self, who: Cast) -> Result<()> {
        let page = &self.page;
        page.goto("/login").await?;
        page.at("ログイン").await?;
        page.fill("ログインID", who.login_id()).await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        if let Cast::ApproverOf(_) = who {
            page.at("もう一つの確認").await?;
            page.press("認証アプリを使えないとき（リカバリーコードを入力する）").await?;
            page.fill("リカバリーコード", &self.app.next_recovery_code(who.login_id())).await?;
            page.press("確認してログインする").await?;
        }
        page.at(match who {
            Cast::Physician => "マイページ",
            Cast::ApproverOf(_) => "申請の処理",
        })
        .await
    }

    /// Signs out, as the last one did before the next one sits down.
    pub(super) async fn sign_out(&self) -> Result<()> {
        self.page.press("ログアウト").await?;
        self.page.at("ログイン").await
    }
}

/// One physician without a membership, one approver for each association on the way.
async fn furnish(app: &TestApp) -> Result<()> {
    let person = app.given_person().await;
    app.given_account(Cast::Physician.login_id(), Some(person), Role::Physician, None).await;
    let names = "update persons set given_name = '花子'; update accounts set display_name = '髙橋　花子'";
    app.owner().batch_execute(names).await.context("naming the physician")?;
    for association in [DISTRICT, PREFECTURE, NATION] {
        let login_id = Cast::ApproverOf(association).login_id();
        app.given_account(login_id, None, Role::Approver, Some(association)).await;
    }
    Ok(())
}

pub(super) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The built front end: `MAMIS_SPA_DIR`, or where `cargo xtask spa` puts it.
fn spa_dir() -> Result<PathBuf> {
    let dir = std::env::var_os("MAMIS_SPA_DIR").map_or_else(|| workspace().join("frontend/dist"), PathBuf::from);
    let index = dir.join("index.html");
    std::fs::metadata(&index)
        .with_context(|| format!("{} is missing: build the front end with `cargo xtask spa`", index.display()))?;
    Ok(dir)
}
