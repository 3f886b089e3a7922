//! A clerk and the second record of somebody.

use anyhow::{Context, Result, ensure};
use mamis_usecases::registry::find_duplicates;
use serde_json::json;

use super::members::given_member;
use super::stage::DISTRICT;
use super::{Cast, Stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_compares_two_records_merges_them_and_takes_it_back() -> Result<()> {
    Stage::walk("merging", async |stage| {
        let (app, page) = (&stage.app, &stage.page);
        let pairs = [
            (("斎藤", "サイトウ"), ("誠", "マコト"), "1962-08-15"),
            (("齋藤", "サイトオ"), ("誠", "マコト"), "1962-08-15"),
            (("山田", "ヤマダ"), ("恵", "メグミ"), "1980-01-01"),
            (("山田", "ヤマダ"), ("恵", "メグミ"), "1980-01-01"),
        ];
        let mut persons = Vec::new();
        for (family, given, born) in pairs {
            persons.push(given_member(app, family, given, born).await?);
        }
        // The younger record of 斎藤 came without a number, with an address.
        let younger = persons[1].uuid();
        for sql in [
            "delete from medical_registrations where person_id = $1",
            "update persons set search_kana = 'サイトウマコト', alma_mater = '滋賀医科大学' where id = $1",
            "insert into contact_points (id, person_id, kind, purpose, postal_code, value)
             values (gen_random_uuid(), $1, 'address', 'contact', '5200044', '滋賀県大津市京町三丁目1-1')",
        ] {
            app.owner().execute(sql, &[&younger]).await.context("making the younger record")?;
        }
        find_duplicates(app.use_cases()).await?;

        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;
        page.follow("重複の確認").await?;
        page.at("重複の確認").await?;
        page.sees("斎藤　誠 ／ 齋藤　誠").await?;
        page.sees("可能性 70点").await?;
        page.sees("医籍登録番号が違う").await?;
        page.screen("duplicates").await?;

        page.press_in_card("山田　恵 ／ 山田　恵", "別の人です").await?;
        page.text_of("dialog", "別の人として扱いますか").await?;
        page.press("別の人として扱う").await?;
        page.sees("別の人として記録しました").await?;

        page.follow("見比べる").await?;
        page.at("二つの記録を見比べる").await?;
        page.sees("滋賀医科大学").await?;
        page.tick("フリガナ：この内容を使う").await?;
        page.until("the reading to be taken over", async || {
            let after = "return [...document.querySelectorAll('td strong')].some(cell => words(textOf(cell)) === 'サイトオ マコト')";
            Ok(page.run(after, json!([])).await?.as_bool().unwrap_or_default())
        })
        .await?;
        page.screen("merge-compare").await?;
        page.press("一つの記録にまとめる").await?;
        page.text_of("dialog", "一つの記録にまとめますか").await?;
        page.press("まとめる").await?;
        page.sees("齋藤　誠 の記録を 斎藤　誠 の記録にまとめました").await?;
        page.screen("merge-receipt").await?;
        page.follow("まとめた記録を開く").await?;
        page.at("会員の記録").await?;
        page.sees("滋賀県大津市京町三丁目1-1").await?;

        page.follow("重複の確認").await?;
        page.sees("重複の候補は見つかっていません").await?;
        page.open_tab("まとめた記録").await?;
        page.press("元に戻す").await?;
        page.screen("merge-undo").await?;
        page.text_of("dialog", "まとめる前に戻しますか").await?;
        page.press("まとめる前に戻す").await?;
        page.sees("まとめる前に戻しました").await?;
        page.open_tab("重複の候補").await?;
        page.sees("斎藤　誠 ／ 齋藤　誠").await?;
        ensure!(!page.has("山田　恵").await?, "two persons stay two");
        Ok(())
    })
    .await
}
