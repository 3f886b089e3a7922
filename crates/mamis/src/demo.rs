//! `mamis serve --demo`: fills an empty installation with a believable demonstration and names its log-ins.

use std::path::Path;

use anyhow::{Context, bail};
use mamis_persistence::registry::bulk::BulkStore;
use mamis_usecases::registry::{import_reference, read_reference};
use mamis_usecases::{Clock, SystemClock, demo, tokyo_day};

use crate::database::Database;
use crate::say::{complain, say};
use crate::seed::{self, SeedOptions};

/// Enough people for lists that look like lists.
const SCALE: f64 = 0.002;

/// Makes the demonstration where there is no account yet, and says whether its log-ins are there.
pub(crate) async fn prepare(database: &Database, reference_dir: &Path) -> anyhow::Result<bool> {
    let mut store = BulkStore::connect(&database.app_url).await?;
    let (persons, accounts) = store.has_persons_and_accounts().await?;
    if accounts {
        let there = store.accounts_by_login_id(&[demo::TAKAHASHI.login_id.to_owned()]).await?;
        return Ok(!there.is_empty());
    }
    if persons {
        bail!("the demonstration wants an empty installation, and this one has persons in it");
    }
    let now = SystemClock.now();
    if store.association_list_all().await?.is_empty() {
        complain!("demonstration: loading reference data");
        let rows = read_reference(reference_dir)
            .with_context(|| format!("the demonstration needs the reference data of {}", reference_dir.display()))?;
        import_reference(&mut store, &rows, now).await?;
    }
    demo::create(&mut store, now).await?;
    complain!("demonstration: making up people and cases");
    let options = SeedOptions { as_of: tokyo_day(now), force: true, ..SeedOptions::new(SCALE) };
    seed::generate(&mut store, &options, now, |_, _| {}).await?;
    Ok(true)
}

/// Prints the log-ins.
pub(crate) fn print_log_ins(without_second_factor: bool) {
    say!("");
    say!("デモ用ログイン / demonstration log-ins — パスワード / password: {}", demo::PASSWORD);
    for physician in demo::PHYSICIANS {
        let [japanese, english] = physician.story;
        say!(
            "  {:<16}  医師 / physician      {}　{} — {japanese} / {english}",
            physician.login_id,
            physician.name[0],
            physician.name[1]
        );
    }
    for clerk in demo::CLERKS {
        let role = match clerk.role {
            mamis_kernel::Role::Viewer => "閲覧者 / viewer",
            mamis_kernel::Role::Operator => "入力担当者 / operator",
            mamis_kernel::Role::Approver => "承認者 / approver",
            mamis_kernel::Role::Administrator => "管理者 / administrator",
            mamis_kernel::Role::Organiser => "運営担当者 / organiser",
            mamis_kernel::Role::Physician => "医師 / physician",
        };
        say!("  {:<16}  {}  {role}", clerk.login_id, clerk.association);
    }
    if without_second_factor {
        say!("このデモでは承認者にも2段階認証を求めません（本番では設定 second_factor_from により必須）。");
        say!("A second factor is not wanted here; in production it is, of approvers upward (second_factor_from).");
    }
    say!("");
}
