//! Mail leaves through a real SMTP server: a process of its own, `smtpd.py` beside this file.

use std::process::Stdio;
use std::time::Duration;

use chrono::TimeDelta;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::notices::Mail;
use mamis_kernel::Language;
use mamis_test_support::TestApp;
use mamis_usecases::AppError;
use mamis_usecases::notices::{MailTo, deliver_waiting, queue_mail};
use mamis_worker::PostOffice;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// Long for a process on this machine, also when everything else is being tested beside it.
const TIME_OUT: Duration = Duration::from_secs(8);

struct MailServer {
    // Killed when dropped.
    process: Child,
    // Read all the time: a full pipe would hold the server up.
    taken: JoinHandle<Vec<Value>>,
    port: u16,
}

impl MailServer {
    async fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/api/notices/smtpd.py");
        let mut process = Command::new("/usr/bin/python3")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("the mail server of the tests: cargo xtask setup mail: {error}"));
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = output.next_line().await.unwrap();
        let port = port.unwrap_or_else(|| panic!("the mail server ended: cargo xtask setup mail"));
        let taken = tokio::spawn(async move {
            let mut taken = Vec::new();
            while let Some(line) = output.next_line().await.unwrap() {
                taken.push(serde_json::from_str(&line).unwrap());
            }
            taken
        });
        Self { process, taken, port: port.parse().unwrap() }
    }

    fn post_office(&self) -> PostOffice {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        PostOffice::smtp_within(&url, "MAMIS <no-reply@mamis.example.jp>", "mamis.example.jp", TIME_OUT).unwrap()
    }

    /// The mails that were taken, in order; waits for `count` and demands that there are no more.
    async fn taken(mut self, count: usize) -> Vec<Value> {
        drop(self.process.stdin.take());
        let taken = self.taken.await.unwrap();
        assert_eq!(taken.len(), count, "{taken:#?}");
        taken
    }
}

async fn queue(app: &TestApp, address: &str, commit: bool) {
    let use_cases = app.use_cases();
    let queued: Result<(), AppError> = use_cases
        .store
        .transaction(None, async |tx| {
            let to = MailTo { account: None, address: address.to_owned(), language: Language::Ja };
            let permit = Permit::system(SystemActor::Worker, ());
            let mail = Mail::ContactCode { code: "042137".to_owned(), minutes: 15 };
            queue_mail(use_cases, tx, &permit, to, &mail).await?;
            if commit { Ok(()) } else { Err(AppError::NotFound) }
        })
        .await;
    assert_eq!(queued.is_ok(), commit);
}

async fn state(app: &TestApp, address: &str) -> (String, i32, Option<String>, Option<String>) {
    let question = "select state, attempts, body, last_error from mails where address = $1";
    let row = app.owner().query_one(question, &[&address]).await.unwrap();
    (row.get(0), row.get(1), row.get(2), row.get(3))
}

#[tokio::test]
async fn a_mail_is_sent_if_and_only_if_its_fact_is_committed_and_its_text_is_forgotten() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    queue(&app, "hanako@example.jp", true).await;
    queue(&app, "nobody@example.jp", false).await;
    assert_eq!(deliver_waiting(app.use_cases(), &server.post_office()).await.unwrap(), 1);
    assert_eq!(state(&app, "hanako@example.jp").await, ("sent".to_owned(), 1, None, None));
    let taken = server.taken(1).await;
    assert_eq!(taken[0]["to"][0], "hanako@example.jp");
    assert_eq!(taken[0]["from"], "MAMIS <no-reply@mamis.example.jp>");
    assert_eq!(taken[0]["subject"], "【MAMIS】確認コードのお知らせ");
    assert_eq!(taken[0]["auto_submitted"], "auto-generated");
    assert!(taken[0]["body"].as_str().unwrap().contains("確認コード：042137"));
}

#[tokio::test]
async fn id_8_a_refusal_for_the_moment_is_tried_again_and_one_for_good_is_not() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    queue(&app, "later@example.jp", true).await;
    queue(&app, "never@example.jp", true).await;
    queue(&app, "hanako@example.jp", true).await;
    let post = server.post_office();
    let deliver = async || deliver_waiting(app.use_cases(), &post).await.unwrap();
    assert_eq!(deliver().await, 1, "one refusal holds nobody else up");
    let (never, tries, body, error) = state(&app, "never@example.jp").await;
    assert_eq!((never.as_str(), tries, body), ("failed", 1, None));
    assert!(error.unwrap().contains("550"));

    assert_eq!(deliver().await, 0, "not before its time");
    app.advance(TimeDelta::seconds(30));
    assert_eq!(deliver().await, 0, "refused a second time");
    assert_eq!(state(&app, "later@example.jp").await.0, "waiting");
    app.advance(TimeDelta::seconds(60));
    assert_eq!(deliver().await, 1);
    assert_eq!(state(&app, "later@example.jp").await, ("sent".to_owned(), 3, None, None));
    app.advance(TimeDelta::days(3));
    assert_eq!(deliver().await, 0);
    let taken = server.taken(2).await;
    assert_eq!((&taken[0]["to"][0], &taken[1]["to"][0]), (&"hanako@example.jp".into(), &"later@example.jp".into()));
}

#[tokio::test]
async fn a_server_that_does_not_answer_gets_the_mail_again_later_and_once() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    queue(&app, "slow@example.jp", true).await;
    let post = server.post_office();
    assert_eq!(deliver_waiting(app.use_cases(), &post).await.unwrap(), 0);
    assert_eq!(state(&app, "slow@example.jp").await.0, "waiting");
    app.advance(TimeDelta::seconds(30));
    assert_eq!(deliver_waiting(app.use_cases(), &post).await.unwrap(), 1);
    server.taken(1).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_loses_nothing() {
    let app = TestApp::start().await;
    queue(&app, "hanako@example.jp", true).await;
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port())
    };
    let nobody = PostOffice::smtp_within(&gone, "no-reply@mamis.example.jp", "mamis.example.jp", TIME_OUT).unwrap();
    assert_eq!(deliver_waiting(app.use_cases(), &nobody).await.unwrap(), 0);
    let server = MailServer::start().await;
    app.advance(TimeDelta::minutes(1));
    assert_eq!(deliver_waiting(app.use_cases(), &server.post_office()).await.unwrap(), 1);
    server.taken(1).await;
}

#[tokio::test]
async fn several_workers_send_nothing_twice() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    for number in 0..60 {
        queue(&app, &format!("dr{number}@example.jp"), true).await;
    }
    let (one, other, third) = (server.post_office(), server.post_office(), server.post_office());
    let deliver = async |post| deliver_waiting(app.use_cases(), post).await.unwrap();
    let (a, b, c) = tokio::join!(deliver(&one), deliver(&other), deliver(&third));
    assert_eq!(a + b + c, 60);
    let taken = server.taken(60).await;
    let ids: std::collections::BTreeSet<&str> = taken.iter().map(|mail| mail["message_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 60);
}

#[tokio::test]
async fn a_mail_of_a_process_that_died_is_taken_up_by_another() {
    let (app, server) = (TestApp::start().await, MailServer::start().await);
    queue(&app, "hanako@example.jp", true).await;
    let now = app.use_cases().clock.now();
    let claimed = app.use_cases().store.mails_claim(20, TimeDelta::minutes(20), now).await.unwrap();
    assert_eq!(claimed.len(), 1);
    let post = server.post_office();
    assert_eq!(deliver_waiting(app.use_cases(), &post).await.unwrap(), 0, "while it may still be sending");
    app.advance(TimeDelta::minutes(20));
    assert_eq!(deliver_waiting(app.use_cases(), &post).await.unwrap(), 1);
    server.taken(1).await;
}
