//! A clerk at the list of members.

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use mamis_kernel::PersonId;
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_test_support::TestApp;
use serde_json::json;
use thirtyfour::Key;

use super::stage::DISTRICT;
use super::{Cast, Stage};

const SEARCH: &str = "氏名・フリガナ・医籍登録番号・日医会員ID・電話番号・メール・生年月日で探す";

/// A member of the district by this name.
pub(super) async fn given_member(
    app: &TestApp,
    family: (&str, &str),
    given: (&str, &str),
    born: &str,
) -> Result<PersonId> {
    let person = app.given_member_without_account(&[DISTRICT]).await;
    let rename = "update persons set family_name = $2, family_name_kana = $3, given_name = $4, given_name_kana = $5,
        search_name = $6, search_kana = $7, birth_date = $8 where id = $1";
    let born: NaiveDate = born.parse()?;
    let (name, kana) = (name_key(&format!("{}{}", family.0, given.0)), kana_key(&format!("{}{}", family.1, given.1)));
    app.owner()
        .execute(rename, &[&person.uuid(), &family.0, &family.1, &given.0, &given.1, &name, &kana, &born])
        .await
        .context("naming a member")?;
    Ok(person)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_finds_a_member_opens_the_record_comes_back_and_saves_the_list() -> Result<()> {
    Stage::walk("members", async |stage| {
        let (app, page) = (&stage.app, &stage.page);
        for (family, given, born) in [
            (("田中", "タナカ"), ("一郎", "イチロウ"), "1955-02-03"),
            (("髙田", "タカダ"), ("明", "アキラ"), "1990-11-20"),
            (("髙橋", "タカハシ"), ("花子", "ハナコ"), "1980-07-05"),
            (("高橋", "タカハシ"), ("実", "ミノル"), "1949-12-31"),
            (("吉田", "ヨシダ"), ("さくら", "サクラ"), "1996-04-01"),
        ] {
            given_member(app, family, given, born).await?;
        }
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;
        page.follow("会員").await?;
        page.at("会員の検索").await?;
        page.sees("5名").await?;
        page.screen("members-list").await?;

        // By the beginning of the reading, in hiragana; both glyphs of 高 are found.
        page.keys("/").await?;
        page.focus_is_on(SEARCH).await?;
        page.keys("たか" + Key::Enter).await?;
        page.sees("「たか」").await?;
        page.sees("3名").await?;
        let names = page.row_names(3).await?;
        ensure!(names == ["髙田 明", "髙橋 花子", "高橋 実"], "by reading: {names:?}");
        let path = page.path().await?;
        ensure!(path == "/work/members", "what was typed is not in the address: {path}");

        // Narrowed by age; a fault stands at its field and loses nothing.
        page.unfold("くわしい条件").await?;
        page.screen("members-filters").await?;
        page.fill("年齢（以上）", "七十").await?;
        page.press("この条件で探す").await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.fill("年齢（以上）", "４０").await?;
        page.press("この条件で探す").await?;
        page.sees("40歳以上").await?;
        page.sees("2名").await?;
        ensure!(page.path().await? == "/work/members?min_age=40", "codes are in the address");
        page.screen("members-filtered").await?;

        // By keyboard to the second row, into the record and back to the same row.
        page.keys("/").await?;
        for (key, name) in [(Key::Down + "", "髙橋 花子"), ("j".into(), "高橋 実")] {
            page.keys(key).await?;
            page.focus_is_on(name).await?;
        }
        page.keys(Key::Enter).await?;
        page.at("会員の記録").await?;
        page.sees("タカハシ ミノル").await?;
        page.sees(DISTRICT).await?;
        page.screen("member-record").await?;
        page.unfold("別の日の所属を見る").await?;
        page.select_in("基準日", "年の数え方", "西暦").await?;
        for (part, typed) in [("年", "2019"), ("月", "4"), ("日", "1")] {
            page.fill_in("基準日", part, typed).await?;
        }
        page.press("この日の所属を表示する").await?;
        page.sees("この日に在籍していた医師会はありません").await?;
        page.screen("member-record-as-of").await?;
        page.press("いまのすべての記録に戻す").await?;
        page.sees("2020年").await?;
        page.follow("一覧へ戻る").await?;
        page.at("会員の検索").await?;
        page.sees("「たか」").await?;
        page.focus_is_on("高橋 実").await?;

        // The filters go one by one.
        page.press("40歳以上の条件を外す").await?;
        page.sees("3名").await?;
        page.press("「たか」の条件を外す").await?;
        page.sees("5名").await?;
        page.open_tab("退会済み").await?;
        page.sees("0名").await?;
        page.sees("まだ登録されていません").await?;
        page.open_tab("すべて").await?;
        page.sees("5名").await?;

        // Taken out for a purpose, which is asked for.
        page.press("ファイルに出力する").await?;
        page.text_of("dialog", "会員の一覧をファイルに出力しますか").await?;
        page.press("出力する").await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.screen("members-export").await?;
        page.fill("利用目的", "会報の発送").await?;
        page.choose("ファイルの種類", "CSV（CP932・シフトJIS）").await?;
        page.press("出力する").await?;
        page.at("出力したファイル").await?;
        page.sees("順番待ち").await?;
        let dialog = page.run("return document.querySelector('dialog[open]') === null", json!([])).await?;
        ensure!(dialog == json!(true), "the question is gone");
        Ok(())
    })
    .await
}
