use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use mamis_api::Spa;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::{AccountId, AssociationId};
use mamis_persistence::Datastore;
use mamis_persistence::audit::{ChainReport, verify_chain};
use mamis_usecases::identity::TokenKeys;
use mamis_usecases::{App, AppConfig, AttachmentStore, Clock, FrozenClock};
use tempfile::TempDir;
use tokio_postgres::Client as Postgres;
use tokio_postgres::types::ToSql;

use crate::client::Client;
use crate::codes::{Codes, SECRET};
use crate::server::Server;
use crate::{SignedIn, TestDatabase};

/// When tests happen: noon of 2026-11-23 in Tokyo.
pub const NOW: &str = "2026-11-23T03:00:00Z";

/// A mail in the outbox.
#[derive(Debug, Clone)]
pub struct WaitingMail {
    /// Which text it is.
    pub template: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// A server with reference data, its database and its clock, all of one test.
pub struct TestApp {
    /// Stands until it is moved.
    pub clock: Arc<FrozenClock>,
    app: Arc<App>,
    // Dropped in this order: the server lets go of its connections before the database goes.
    server: Server,
    owner: Postgres,
    own_store: Datastore,
    codes: Codes,
    database: TestDatabase,
    attachments: TempDir,
}

impl TestApp {
    /// Starts one.
    pub async fn start() -> Self {
        Self::start_serving(None).await
    }

    /// Starts one that serves a built front end too.
    pub async fn start_with_spa(folder: &Path) -> Self {
        Self::start_serving(Some(Spa::load(folder).expect("a built front end"))).await
    }

    async fn start_serving(spa: Option<Spa>) -> Self {
        let database = TestDatabase::create_with_reference().await;
        let now: DateTime<Utc> = NOW.parse().expect("an instant");
        let clock = Arc::new(FrozenClock::at(now));
        let tokens = TokenKeys::from_secret(&SECRET);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        // By name: passkeys belong to a host's name, never to a number.
        let attachments = tempfile::tempdir().expect("a folder for attachments");
        let config = AppConfig {
            public_url: format!("http://localhost:{port}"),
            attachments: AttachmentStore::local(attachments.path(), AttachmentStore::LARGEST)
                .expect("an attachment store"),
            ..AppConfig::default()
        };
        let app = App::new(database.datastore(), Arc::clone(&clock) as Arc<dyn Clock>, tokens, config);
        let app = Arc::new(app);
        let server = Server::start(Arc::clone(&app), spa, listener);
        let (owner, own_store) = (database.client().await, database.datastore());
        Self { clock, app, server, owner, own_store, codes: Codes::default(), database, attachments }
    }

    /// The address people use: links in mails and letters begin with it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.app.config.public_url
    }

    /// Nobody, speaking HTTP.
    #[must_use]
    pub fn visitor(&self) -> Client {
        Client::new(format!("http://{}", self.server.address), self.codes.clone())
    }

    pub(crate) const fn codes(&self) -> &Codes {
        &self.codes
    }

    /// A recovery code of an account that has a second factor; each is told once.
    #[must_use]
    pub fn next_recovery_code(&self, login_id: &str) -> String {
        self.codes.next(login_id)
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// The test's own database.
    #[must_use]
    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// A look behind the server's back, as the owner of the tables.
    #[must_use]
    pub const fn owner(&self) -> &Postgres {
        &self.owner
    }

    /// How many rows a question finds: `select count(*) …`.
    pub async fn count(&self, question: &str, parameters: &[&(dyn ToSql + Sync)]) -> i64 {
        let row = self.owner.query_one(question, parameters).await;
        row.unwrap_or_else(|error| panic!("{question}: {error:?}")).get(0)
    }

    /// An association by its name, which must not repeat.
    pub async fn association(&self, name: &str) -> AssociationId {
        let rows = self.owner.query("select id from associations where name = $1", &[&name]).await;
        match rows.expect("looking for an association").as_slice() {
            [one] => AssociationId::from_uuid(one.get(0)),
            found => panic!("{} associations are called {name}", found.len()),
        }
    }

    /// Mail to an address that has not left yet, oldest first: in tests nobody fetches it.
    pub async fn mails_to(&self, address: &str) -> Vec<WaitingMail> {
        let question = "select template, subject, body from mails where address = $1 and state = 'waiting' order by id";
        let rows = self.owner.query(question, &[&address]).await.expect("reading the outbox");
        let mail =
            |row: &tokio_postgres::Row| WaitingMail { template: row.get(0), subject: row.get(1), body: row.get(2) };
        rows.iter().map(mail).collect()
    }

    /// The code in the latest mail to an address.
    pub async fn code_sent_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let mail = mails.iter().rev().find(|mail| mail.template == "contact_code");
        let body = &mail.unwrap_or_else(|| panic!("no code was sent to {address}: {mails:?}")).body;
        let digits = body.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6);
        digits.unwrap_or_else(|| panic!("no code in {body}")).to_owned()
    }

    /// Use cases without HTTP, for what the worker and the command line do.
    #[must_use]
    pub fn use_cases(&self) -> &App {
        &self.app
    }

    /// Readings that wait to be written.
    #[must_use]
    pub fn pending_reads(&self) -> u64 {
        self.app.read_audit.pending()
    }

    /// Writes the readings that wait, as the worker does twice a second.
    pub async fn write_reads(&self) {
        self.app.read_audit.flush().await;
    }

    /// Writes the lists that were asked for, as the worker does. Says how many.
    pub async fn write_exports(&self) -> u64 {
        mamis_usecases::registry::exports::write_exports(&self.app).await.expect("writing lists")
    }

    /// Asks for a list, has it written, and fetches its file.
    pub async fn export(&self, clerk: &SignedIn, asked: &serde_json::Value) -> crate::Answer {
        let made = clerk.post("/exports").new_key().json(asked).send().await.assert_status(202).json();
        self.write_exports().await;
        let id = made["id"].as_str().expect("an id");
        clerk.get(&format!("/exports/{id}/file")).await.assert_status(200)
    }

    /// Brings accounts in line with memberships, as the worker does at night. Says how many changed.
    pub async fn run_nightly(&self) -> u64 {
        mamis_usecases::identity::follow_memberships(&self.app).await.expect("the nightly job")
    }

    /// How many audit events there are, those of readings included.
    pub async fn audit_count(&self) -> i64 {
        self.write_reads().await;
        self.count("select count(*) from audit_events", &[]).await
    }

    /// Demands that these events are in the audit, each as often as it is listed; others may be there too.
    pub async fn assert_audit(&self, expected: &[(&str, AccountId, AuditOutcome)]) {
        self.write_reads().await;
        let rows = self.owner.query("select action, actor, outcome from audit_events order by sequence", &[]).await;
        let found: Vec<(String, String, String)> =
            rows.expect("reading the audit").iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let mut wanted: HashMap<(String, String, String), usize> = HashMap::new();
        for (action, account, outcome) in expected {
            let event = ((*action).to_owned(), account.to_string(), outcome.as_str().to_owned());
            *wanted.entry(event).or_default() += 1;
        }
        for (event, times) in wanted {
            let there = found.iter().filter(|found| **found == event).count();
            assert_eq!(there, times, "{event:?} in the audit, which holds {found:#?}");
        }
    }

    /// What lies in the attachment store, whole or in part.
    #[must_use]
    pub fn attachment_files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.attachments.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the attachment store") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }

    /// Ends files that were removed or broken off, as the worker does every five minutes.
    pub async fn end_attachments(&self) {
        mamis_usecases::workflow::end_attachments(&self.app).await.expect("ending attachments");
    }

    /// Seals every event and computes the chain again.
    pub async fn seal_and_verify(&self) -> ChainReport {
        self.write_reads().await;
        while self.own_store.audit_seal(self.clock.now()).await.expect("sealing") > 0 {}
        verify_chain(&self.own_store).await.expect("verifying the chain")
    }

    /// The same account at another device: signs in once more.
    pub async fn log_in_again(&self, who: &SignedIn) -> SignedIn {
        self.visitor().log_in(&who.login_id).await
    }
}
