//! A clerk's letters: issued to some of those without an account, printed, issued again, and those whose proof did not match.

use anyhow::{Context, Result, ensure};
use mamis_kernel::PersonId;
use serde_json::json;

use super::stage::DISTRICT;
use super::{Cast, Stage};

async fn name_of(stage: &Stage, person: PersonId) -> Result<String> {
    let question = "select family_name || '　' || given_name from persons where id = $1";
    Ok(stage.app.owner().query_one(question, &[&person.uuid()]).await?.get(0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_issues_prints_and_reissues_letters_and_helps_who_did_not_match() -> Result<()> {
    Stage::walk("letters", async |stage| {
        let (app, page) = (&stage.app, &stage.page);
        let mut names = Vec::new();
        let mut persons = Vec::new();
        for _ in 0..3 {
            let person = app.given_member_without_account(&[DISTRICT]).await;
            names.push(name_of(stage, person).await?);
            persons.push(person);
        }
        stage.sign_in(Cast::ApproverOf(DISTRICT)).await?;
        page.follow("手紙").await?;
        page.at("ログイン用の手紙").await?;
        page.sees("手紙の発行：まだありません").await?;
        page.screen("letters-issue").await?;
        page.fill("フリガナ（はじめの数文字）", "スズキ").await?;
        page.press("この条件で探す").await?;
        page.sees("この条件に合う、アカウントのない会員はいません").await?;
        page.fill("フリガナ（はじめの数文字）", "たか").await?;
        page.press("この条件で探す").await?;

        page.sees(&names[0]).await?;
        for name in &names[..2] {
            page.tick_card(name).await?;
        }
        page.press("選んだ2名に発行する").await?;
        page.text_of("dialog", "手紙を発行しますか").await?;
        page.screen("letters-ask").await?;
        page.press("発行する").await?;
        page.sees("2通の手紙を発行しました").await?;
        page.sees("印刷用ファイルを作っています").await?;
        page.focus_is_on("発行の記録・印刷").await?;

        // The worker prints; the page notices by itself.
        let letters = app.print_letters().await;
        ensure!(letters.len() == 2, "two letters, not {}", letters.len());
        page.sees("印刷用ファイルを開く").await?;
        page.screen("letters-ready").await?;
        page.press("印刷用ファイルを開く").await?;
        page.sees("最後にファイルを開いた日時").await?;
        page.press("印刷しました").await?;
        page.text_of("dialog", "印刷は終わりましたか").await?;
        page.press("終わったので消去する").await?;
        page.sees("印刷済みにした日時").await?;
        page.screen("letters-printed").await?;

        // Somebody who got one does not match the record; the clerk, having telephoned, lets them go on.
        let enrolling = app.given_enrolling(&letters[0]).await;
        let shown = json!({ "medical_registration_number": "500000", "registered_on": "2005-04-20", "birth_date": "1980-07-05" });
        enrolling.step("identity", &shown).await.assert_status(200);
        page.open_tab("ご本人の確認").await?;
        page.sees("違います").await?;
        page.screen("letters-check").await?;
        page.press("ご本人と確認できた").await?;
        page.text_of("dialog", "電話などでご本人を確認しましたか").await?;
        page.press("ご本人を確認した").await?;
        page.sees("確認が必要な方はいません").await?;
        ensure!(enrolling.state().await.json()["step"] == "email", "the enrolment goes on");

        // Lost in the post: issued again in two clicks.
        page.open_tab("手紙を発行する").await?;
        page.sees(&names[2]).await?;
        let offered = page.run("return byRole('button', 'この方に発行する').length", json!([])).await?;
        ensure!(offered == json!(1), "who has a letter is left out at first, not {offered} are shown");
        page.tick("有効な手紙をすでに発行した方を除く").await?;
        page.press("この条件で探す").await?;
        page.sees("第1号を").await?;
        page.press_in_card(&names[1], "この方に発行する").await?;
        page.press("発行する").await?;
        page.sees("1通の手紙を発行しました").await?;
        let again = app.print_letters().await.pop().context("the letter that was issued again")?;
        let old = letters.iter().find(|letter| letter.enrolment_url != again.enrolment_url && letter.recipient_name == again.recipient_name);
        let old = old.context("the first letter")?;
        let body = json!({ "login_id": old.temporary_login_id, "password": old.temporary_password });
        app.visitor().post("/enrolments").json(&body).send().await.assert_problem(409, "letter_over");

        // By the number, from the page of one person's account.
        let number = "select number from medical_registrations where person_id = $1";
        let number: String = app.owner().query_one(number, &[&persons[2].uuid()]).await?.get(0);
        page.follow("アカウントの確認").await?;
        page.fill("医籍登録番号", &number).await?;
        page.press("探す").await?;
        page.press("手紙を発行する").await?;
        page.press("発行する").await?;
        page.sees("手紙を発行しました").await?;
        page.screen("letter-to-one").await?;
        page.follow("発行の記録・印刷に進む").await?;
        page.at("ログイン用の手紙").await?;
        page.sees("印刷用ファイルを作っています").await
    })
    .await
}
