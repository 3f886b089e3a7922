//! A clerk at one member's record.

use anyhow::{Result, ensure};
use mamis_kernel::Role;
use mamis_test_support::PASSWORD;
use serde_json::json;
use thirtyfour::Key;

use super::stage::DISTRICT;
use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_changes_where_a_member_works_and_the_history_tells_it() -> Result<()> {
    Stage::walk("record", async |stage| {
        let (app, page) = (&stage.app, &stage.page);
        let person = app.given_member_without_account(&[DISTRICT]).await;
        let name = "update persons set given_name = '実', birth_date = '1949-12-31' where id = $1";
        app.owner().execute(name, &[&person.uuid()]).await?;
        let (clinic, hospital) = (app.given_facility("湖南内科医院").await, app.given_facility("琵琶湖病院").await);
        app.given_affiliation(person, clinic, true, "2020-04-01", None).await;
        let phone = "insert into contact_points (id, person_id, kind, purpose, value)
            values ($1, $2, 'phone', 'home', '0775220000')";
        app.owner().execute(phone, &[&uuid::Uuid::now_v7(), &person.uuid()]).await?;
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;

        // A second main workplace: told at its field, nothing typed is lost.
        page.goto(&format!("/work/members/{person}")).await?;
        page.at("会員の記録").await?;
        page.sees("湖南内科医院").await?;
        page.screen("record").await?;
        page.follow("勤務先を追加する").await?;
        page.at("勤務先を追加する").await?;
        page.fill("勤務先の名称", "琵琶湖").await?;
        page.keys(Key::Enter + "").await?;
        page.sees("1件").await?;
        page.chosen("勤務先", "琵琶湖病院").await?;
        page.fill("役職", "院長").await?;
        page.choose("常勤・非常勤", "常勤").await?;
        page.choose("主たる勤務先ですか", "はい").await?;
        page.select_in("勤務の開始日", "年の数え方", "西暦").await?;
        for (part, typed) in [("年", "2026"), ("月", "10"), ("日", "1")] {
            page.fill_in("勤務の開始日", part, typed).await?;
        }
        page.press("保存する").await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.sees("別の主たる勤務先があります").await?;
        page.screen("record-add-workplace").await?;
        ensure!(page.value("役職").await? == "院長", "what was typed stays");
        page.choose("主たる勤務先ですか", "いいえ").await?;
        page.press("保存する").await?;
        page.at("会員の記録").await?;
        page.sees("琵琶湖病院").await?;

        // Ended, by keyboard; meanwhile somebody else is faster, and that is told.
        page.follow("主たる勤務先を変更する").await?;
        page.at("勤務先を変更する").await?;
        page.sees("湖南内科医院").await?;
        let faster = "update persons set version = version + 1 where id = $1";
        app.owner().execute(faster, &[&person.uuid()]).await?;
        page.select_in("勤務の終了日", "年の数え方", "西暦").await?;
        for (part, typed) in [("年", "2026"), ("月", "9"), ("日", "30")] {
            page.fill_in("勤務の終了日", part, typed).await?;
        }
        page.keys(Key::Enter + "").await?;
        page.sees("ほかの人が先に、この記録を更新しました").await?;
        page.screen("record-stale").await?;
        page.press("保存する").await?;
        page.at("会員の記録").await?;
        page.unfold("以前の勤務先を見る（1件）").await?;
        page.sees("令和8年9月30日").await?;

        // A number that is none, then the right one.
        page.follow("自宅の電話番号を変更する").await?;
        page.at("連絡先を変更する").await?;
        page.fill("電話番号", "110").await?;
        page.press("保存する").await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.fill("電話番号", "０７７－５２２－１１１１").await?;
        page.screen("record-contact").await?;
        page.press("保存する").await?;
        page.at("会員の記録").await?;
        page.sees("0775221111").await?;

        // Another surname.
        page.follow("氏名・医籍登録などを訂正する").await?;
        page.at("氏名・医籍登録などを訂正する").await?;
        page.fill("姓", "山﨑").await?;
        page.fill("セイ", "やまさき").await?;
        page.screen("record-person").await?;
        page.press("保存する").await?;
        page.at("会員の記録").await?;
        page.sees("ヤマサキ").await?;

        page.follow("変更の履歴を見る").await?;
        page.at("変更の履歴").await?;
        page.sees("変更後：山﨑").await?;
        page.sees("勤務先（琵琶湖病院）").await?;
        page.sees("変更前：0775220000").await?;
        page.screen("record-history").await?;
        let _ = hospital;
        stage.sign_out().await?;

        // A viewer sees a mask, and lifts it for a reason.
        app.given_account("otsu-viewer", None, Role::Viewer, Some(DISTRICT)).await;
        page.fill("ログインID", "otsu-viewer").await?;
        page.fill("パスワード", PASSWORD).await?;
        page.press("ログインする").await?;
        page.at("申請の処理").await?;
        page.goto(&format!("/work/members/{person}")).await?;
        page.at("会員の記録").await?;
        page.sees("一部の項目は表示していません").await?;
        ensure!(!page.has("0775221111").await?, "masked");
        ensure!(!page.has("勤務先を追加する").await?, "viewers change nothing");
        page.screen("record-masked").await?;
        page.press("表示する").await?;
        page.text_of("dialog", "伏せている項目を表示しますか").await?;
        page.run("document.querySelector('dialog[open] .ui-actions button').click()", json!([])).await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.screen("record-reveal").await?;
        page.tick("電話番号").await?;
        page.fill("理由", "ご本人への折り返しのお電話").await?;
        page.run("document.querySelector('dialog[open] .ui-actions button').click()", json!([])).await?;
        page.sees("0775221111").await?;
        ensure!(!page.has("昭和24年").await?, "nothing but what was asked for");
        Ok(())
    })
    .await
}
