//! A client that leads one physician's cases after another through all hands, and never gives up on a request: without an
//! answer it sends the same request again, with the same key.

use std::{cell::RefCell, collections::HashMap, net::SocketAddr, rc::Rc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use mamis_kernel::ApplicationId;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Shared, ledger::Entry};
use crate::{
    http::{Call, Http, Reply},
    stage::{Branch, Highest, Physician, joining_case},
};

/// Where the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whereabouts {
    Down,
    At(SocketAddr),
}

const PAUSE: Duration = Duration::from_millis(20);
const WISHED_DAY: &str = "2026-04-01";

/// Access tokens by login id. They outlive the server that gave them.
#[derive(Debug, Default)]
pub(super) struct Tokens(RefCell<HashMap<String, String>>);

impl Tokens {
    pub(super) async fn of(&self, http: &mut Http, login_id: &str) -> Result<String> {
        let known = self.0.borrow().get(login_id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let fresh = http.sign_in(login_id).await?;
        self.0.borrow_mut().insert(login_id.to_owned(), fresh.clone());
        Ok(fresh)
    }

    pub(super) fn forget(&self, login_id: &str) {
        self.0.borrow_mut().remove(login_id);
    }
}

pub(super) struct Shepherd {
    shared: Rc<Shared>,
    random: StdRng,
    line: Line,
}

/// A connection to wherever the server is now.
struct Line {
    whereabouts: watch::Receiver<Whereabouts>,
    http: Option<(SocketAddr, Http)>,
}

impl Line {
    async fn http(&mut self) -> Result<&mut Http> {
        let at = *self.whereabouts.wait_for(|at| *at != Whereabouts::Down).await?;
        let Whereabouts::At(address) = at else { bail!("the server is nowhere") };
        if self.http.as_ref().is_none_or(|(known, _)| *known != address) {
            self.http = Some((address, Http::new(address)));
        }
        self.http.as_mut().map(|(_, http)| http).context("no connection")
    }
}

/// How a case goes.
#[derive(Debug, Clone, Copy)]
enum Course {
    Straight,
    /// Sent back by its last association, corrected, filed again.
    Returned,
    /// Refused by its last association.
    Rejected,
    /// Taken back by the physician.
    Retracted,
}

/// A case under way.
struct Case<'a> {
    id: Uuid,
    etag: String,
    branch: &'a Branch,
    physician: &'a Physician,
    highest: Highest,
    body: Value,
}

impl Shepherd {
    pub(super) fn new(shared: Rc<Shared>, seed: u64) -> Self {
        let line = Line { whereabouts: shared.whereabouts.subscribe(), http: None };
        Self { shared, random: StdRng::seed_from_u64(seed), line }
    }

    /// Until the trial stops, or there are no more physicians.
    pub(super) async fn work(mut self) -> Result<()> {
        while !self.shared.stopping.get() {
            let number = self.shared.next_physician.replace(self.shared.next_physician.get() + 1);
            let shared = Rc::clone(&self.shared);
            let Some(physician) = shared.stage.physicians.get(number) else { return Ok(()) };
            let branch = shared.stage.branch_of(number)?;
            // Signing in costs far more than deciding: each physician files several cases, the last of which succeeds.
            for _ in 0..self.random.random_range(0..4) {
                let course = if self.random.random() { Course::Rejected } else { Course::Retracted };
                self.lead(number, physician, branch, course).await?;
            }
            let course = if self.random.random_ratio(1, 3) { Course::Returned } else { Course::Straight };
            self.lead(number, physician, branch, course).await?;
        }
        Ok(())
    }

    async fn lead(&mut self, number: usize, physician: &Physician, branch: &Branch, course: Course) -> Result<()> {
        let highest = match self.random.random_range(0..4) {
            0 => Highest::District,
            1 => Highest::Prefectural,
            _ => Highest::National,
        };
        let body = joining_case(branch, number, highest, WISHED_DAY);
        let create = Call::post("/api/v1/applications").once(new_key()).json(&body);
        let reply = self.insist(&physician.login_id, &create).await?;
        let id: ApplicationId = reply.json()?["id"].as_str().unwrap_or("").parse().context("a case without id")?;
        let mut case = Case { id: id.uuid(), etag: reply.tag()?, branch, physician, highest, body };
        self.acknowledged(&case, &physician.login_id, Some("created"), create, reply);
        self.by_physician(&mut case, "submit", "submitted", None).await?;
        match course {
            Course::Straight => self.approve_from(&mut case, 0).await,
            Course::Returned => {
                let last = highest.steps() - 1;
                self.approve_until(&mut case, last).await?;
                let words = json!({ "reason": "電話番号を確認してください。", "field_comments": [
                    { "pointer": "/changes/0/payload/workplace/phone", "comment": "番号が使われていません。" }] });
                self.by_clerk(&mut case, last, "return", "returned", &words).await?;
                self.save(&mut case).await?;
                self.by_physician(&mut case, "submit", "corrected", None).await?;
                self.approve_from(&mut case, last).await
            }
            Course::Rejected => {
                let last = highest.steps() - 1;
                self.approve_until(&mut case, last).await?;
                self.by_clerk(&mut case, last, "reject", "rejected", &json!({ "reason": "重複の申請です。" })).await
            }
            Course::Retracted => {
                self.by_physician(&mut case, "retract", "retracted", Some(json!({ "reason": "取りやめます。" }))).await
            }
        }
    }

    async fn approve_from(&mut self, case: &mut Case<'_>, first: usize) -> Result<()> {
        for tier in first..case.highest.steps() {
            self.approve(case, tier).await?;
        }
        Ok(())
    }

    async fn approve_until(&mut self, case: &mut Case<'_>, end: usize) -> Result<()> {
        for tier in 0..end {
            self.approve(case, tier).await?;
        }
        Ok(())
    }

    async fn approve(&mut self, case: &mut Case<'_>, tier: usize) -> Result<()> {
        let words = json!({ "effective_date": WISHED_DAY });
        if self.random.random_ratio(1, 4) {
            return self.duel(case, tier, &words).await;
        }
        self.by_clerk(case, tier, "approve", "approved", &words).await
    }

    async fn by_clerk(
        &mut self,
        case: &mut Case<'_>,
        tier: usize,
        verb: &str,
        event: &'static str,
        words: &Value,
    ) -> Result<()> {
        let clerk = case.clerk(tier)?;
        let call = case.call(verb).json(words);
        let reply = self.insist(&clerk, &call).await?;
        case.etag = reply.tag()?;
        self.acknowledged(case, &clerk, Some(event), call, reply);
        Ok(())
    }

    async fn by_physician(
        &mut self,
        case: &mut Case<'_>,
        verb: &str,
        event: &'static str,
        words: Option<Value>,
    ) -> Result<()> {
        let call = case.call(verb);
        let call = words.map_or(call.clone(), |words| call.json(&words));
        let reply = self.insist(&case.physician.login_id, &call).await?;
        case.etag = reply.tag()?;
        self.acknowledged(case, &case.physician.login_id, Some(event), call, reply);
        Ok(())
    }

    /// Saving has no key: when its answer was lost, the version tells whether it was carried out.
    async fn save(&mut self, case: &mut Case<'_>) -> Result<()> {
        case.body["changes"][0]["payload"]["workplace"]["phone"] = json!("077-522-1111");
        let path = format!("/api/v1/applications/{}", case.wire_id());
        let call = Call::put(path.clone()).based_on(&case.etag).json(&case.body);
        let reply = self.until_answered(&case.physician.login_id, &call).await?;
        if reply.status == 412 {
            let now = self.insist(&case.physician.login_id, &Call::get(path)).await?.tag()?;
            let next = next_version(&case.etag)?;
            ensure!(now == next, "saving {} based on {} was refused as stale, but it is at {now}", case.id, case.etag);
            case.etag = now;
            return Ok(());
        }
        ensure!(reply.is_success(), "saving {}: {} {}", case.id, reply.status, reply.text());
        case.etag = reply.tag()?;
        self.acknowledged(case, &case.physician.login_id, None, call, reply);
        Ok(())
    }

    /// Two clients approve the same step at the same moment, as after a double click: one of them does.
    async fn duel(&mut self, case: &mut Case<'_>, tier: usize, words: &Value) -> Result<()> {
        let clerk = case.clerk(tier)?;
        let calls = [case.call("approve").json(words), case.call("approve").json(words)];
        let mut second = Self::new(Rc::clone(&self.shared), self.random.random());
        let (one, other) =
            tokio::join!(self.until_answered(&clerk, &calls[0]), second.until_answered(&clerk, &calls[1]));
        let replies = [one?, other?];
        self.shared.ledger.borrow().duels.update(|count| count + 1);
        let won: Vec<bool> = replies.iter().map(Reply::is_success).collect();
        let describe =
            || format!("{} {} / {} {}", replies[0].status, replies[0].text(), replies[1].status, replies[1].text());
        ensure!(won != [true, true], "case {} was decided twice: {}", case.id, describe());
        ensure!(won != [false, false], "case {} was decided by neither of two: {}", case.id, describe());
        for (call, reply) in calls.into_iter().zip(replies) {
            if reply.is_success() {
                case.etag = reply.tag()?;
                self.acknowledged(case, &clerk, Some("approved"), call, reply);
            } else {
                let lost = matches!(reply.status, 403 | 409 | 412);
                ensure!(lost, "the slower of two approvals got {} {}", reply.status, reply.text());
            }
        }
        Ok(())
    }

    fn acknowledged(&self, case: &Case<'_>, login_id: &str, event: Option<&'static str>, call: Call, reply: Reply) {
        let entry = Entry { case: case.id, login_id: login_id.to_owned(), event, call, reply };
        self.shared.ledger.borrow_mut().add(entry);
    }

    /// Sends a request until it succeeds; any refusal is a fault, for nothing here may be refused.
    async fn insist(&mut self, login_id: &str, call: &Call) -> Result<Reply> {
        let reply = self.until_answered(login_id, call).await?;
        ensure!(
            reply.is_success(),
            "{} {} by {login_id}, based on {:?}: {} {}",
            call.method,
            call.path,
            call.if_match,
            reply.status,
            reply.text()
        );
        Ok(reply)
    }

    /// Sends a request until somebody answers it. 503 means that the server could not reach its database.
    async fn until_answered(&mut self, login_id: &str, call: &Call) -> Result<Reply> {
        loop {
            let http = self.line.http().await?;
            let Ok(token) = self.shared.tokens.of(http, login_id).await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            match http.send(&call.clone().by(&token)).await {
                Ok(reply) if reply.status == 401 => {
                    self.shared.tokens.forget(login_id);
                }
                Ok(reply) if reply.status == 503 => tokio::time::sleep(PAUSE).await,
                // PostgreSQL was killed first, and the server for a moment does not know what hit it.
                Ok(reply) if reply.status == 500 && self.line.is_down() => self.doubt().await,
                Ok(reply) => return Ok(reply),
                Err(_) => self.doubt().await,
            }
        }
    }

    async fn doubt(&self) {
        self.shared.ledger.borrow().in_doubt.update(|count| count + 1);
        tokio::time::sleep(PAUSE).await;
    }
}

impl Line {
    fn is_down(&self) -> bool {
        let known = self.http.as_ref().map(|(address, _)| Whereabouts::At(*address));
        known != Some(*self.whereabouts.borrow())
    }
}

impl Case<'_> {
    fn wire_id(&self) -> ApplicationId {
        ApplicationId::from_uuid(self.id)
    }

    fn call(&self, verb: &str) -> Call {
        Call::post(format!("/api/v1/applications/{}/{verb}", self.wire_id())).based_on(&self.etag).once(new_key())
    }

    fn clerk(&self, tier: usize) -> Result<String> {
        self.branch.clerks.get(tier).cloned().context("no such tier")
    }
}

fn new_key() -> String {
    Uuid::from_u128(rand::random()).to_string()
}

fn next_version(etag: &str) -> Result<String> {
    let version: i64 = etag.trim_matches(['"', 'v']).parse()?;
    Ok(format!("\"v{}\"", version + 1))
}
