//! A clerk who keeps a list, takes it out as a file, and brings the file back.

use anyhow::{Context, Result, ensure};
use mamis_domain::registry::roster::decode::decode;
use uuid::Uuid;

use super::members::given_member;
use super::stage::DISTRICT;
use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_keeps_a_list_takes_it_out_and_changes_a_telephone_number_by_the_file() -> Result<()> {
    Stage::walk("files", async |stage| {
        let (app, page) = (&stage.app, &stage.page);
        for (family, given, born, phone) in [
            (("田中", "タナカ"), ("一郎", "イチロウ"), "1955-02-03", "0775000001"),
            (("𠮷田", "ヨシダ"), ("花子", "ハナコ"), "1949-12-31", "0775000002"),
            (("林", "ハヤシ"), ("さくら", "サクラ"), "1996-04-01", "0775000003"),
        ] {
            let person = given_member(app, family, given, born).await?;
            let sql = "insert into contact_points (id, person_id, kind, purpose, value, known_from)
                values ($1, $2, 'phone', 'contact', $3, '2026-01-01')";
            app.owner().execute(sql, &[&Uuid::now_v7(), &person.uuid(), &phone]).await?;
        }
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;

        // A list is kept under a name, for everybody, and opened again by it.
        page.goto("/work/members?min_age=65").await?;
        page.sees("2名").await?;
        page.press("この条件を保存").await?;
        page.text_of("dialog", "この条件を保存しますか").await?;
        page.press("保存する").await?;
        page.focus_is_on("次の項目を確認してください").await?;
        page.fill("一覧の名前", "65歳以上の会員").await?;
        page.tick("この医師会の担当者みんなで使う").await?;
        page.screen("list-save").await?;
        page.press("保存する").await?;
        page.sees("「65歳以上の会員」を保存しました").await?;
        page.goto("/work/members").await?;
        page.sees("3名").await?;
        page.unfold("保存した条件を開く").await?;
        page.screen("lists-kept").await?;
        page.follow("65歳以上の会員").await?;
        page.sees("65歳以上").await?;
        page.sees("2名").await?;
        let path = page.path().await?;
        ensure!(path.contains("min_age=65") && path.contains("list=lst_"), "the address names the list: {path}");

        // As a file for old software: what it cannot write is listed.
        page.press("ファイルに出力する").await?;
        page.fill("利用目的", "名簿の点検").await?;
        page.choose("ファイルの種類", "CSV（CP932・シフトJIS）").await?;
        page.unfold("出力する項目を選ぶ").await?;
        page.screen("export-columns").await?;
        page.press("出力する").await?;
        page.at("出力したファイル").await?;
        page.sees("まもなく始まります").await?;
        page.screen("exports-waiting").await?;
        app.write_exports().await;
        page.sees("できました").await?;
        page.unfold("書けなかった文字（1か所）").await?;
        page.sees("〓田").await?;
        page.screen("exports-ready").await?;
        page.press("ファイルを保存する").await?;
        page.sees("を保存しました").await?;
        let file = page.saved_file("members-20261123.csv").await?;

        // It comes back as it left: nothing would change.
        page.follow("会員の検索へ").await?;
        page.follow("ファイルでまとめて変更").await?;
        page.at("ファイルでまとめて変更").await?;
        page.screen("import-begin").await?;
        page.attach("変更のファイル", &file).await?;
        page.sees("変更するところはありません").await?;
        page.sees("変更なし（2）").await?;
        page.screen("import-unchanged").await?;

        // With another telephone number, and a name that a file does not change.
        let bytes = std::fs::read(&file)?;
        let (text, _) = decode(&bytes)?;
        let changed = text.replace("0775000001", "077-500-0009").replace("〓田", "吉田");
        ensure!(changed != text, "the number is in the file");
        let file = file.with_file_name("changed.csv");
        std::fs::write(&file, format!("\u{FEFF}{changed}")).context("writing the changed file")?;
        page.follow("別のファイルを選ぶ").await?;
        page.sees("members-20261123.csv").await?;
        page.attach("変更のファイル", &file).await?;
        page.sees("1名の記録が変わります").await?;
        page.sees("0775000009").await?;
        page.screen("import-changes").await?;
        page.open_tab("受け付けられない行（1）").await?;
        page.sees("この項目はファイルでは変更できません").await?;
        page.screen("import-refused").await?;
        page.press("この内容で変更する").await?;
        page.text_of("dialog", "変更しますか").await?;
        page.press("変更を実行する").await?;
        page.sees("1名の記録を変更しました").await?;
        page.screen("import-applied").await?;
        let numbers = "select count(*) from contact_points where value = $1 and known_to is null";
        ensure!(app.count(numbers, &[&"0775000009"]).await == 1, "the number is changed");
        page.press("元に戻す").await?;
        page.text_of("dialog", "元に戻しますか").await?;
        page.press("変更前に戻す").await?;
        page.sees("変更を元に戻しました").await?;
        ensure!(app.count(numbers, &[&"0775000001"]).await == 1, "the number is back");
        Ok(())
    })
    .await
}
