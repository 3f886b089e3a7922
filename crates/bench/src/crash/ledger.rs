//! What the server has acknowledged: all of it has to be there, whatever happens afterwards.

use std::{cell::Cell, collections::HashMap, rc::Rc};

use anyhow::Result;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::http::{Call, Reply};

/// A write with its answer.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) case: Uuid,
    pub(super) login_id: String,
    /// What the case's own history calls it; `None` for saving, which it does not list.
    pub(super) event: Option<&'static str>,
    /// Without the token, which ends.
    pub(super) call: Call,
    pub(super) reply: Reply,
}

/// Every acknowledged write, in the order of the answers.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Rc<Entry>>,
    /// Requests that were under way when the server died.
    pub(super) in_doubt: Cell<u64>,
    /// Steps that two clients tried to decide at the same moment.
    pub(super) duels: Cell<u64>,
}

const DECISIONS: [&str; 3] = ["approved", "returned", "rejected"];

impl Ledger {
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.push(Rc::new(entry));
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn decisions(&self) -> usize {
        self.entries.iter().filter(|entry| entry.event.is_some_and(|event| DECISIONS.contains(&event))).count()
    }

    /// Everything so far.
    pub(super) fn entries(&self) -> Vec<Rc<Entry>> {
        self.entries.clone()
    }
}

/// Acknowledged writes that the database does not have, in words.
pub(super) async fn faults(entries: &[Rc<Entry>], client: &impl GenericClient) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let mut versions: HashMap<Uuid, i64> = HashMap::new();
    for row in client.query("select id, version from applications", &[]).await? {
        versions.insert(row.get(0), row.get(1));
    }
    let mut events: HashMap<(Uuid, String, String), i64> = HashMap::new();
    let of_cases = "select e.application_id, e.kind, a.login_id, count(*) from application_events e \
                    join accounts a on a.id = e.account_id group by 1, 2, 3";
    for row in client.query(of_cases, &[]).await? {
        events.insert((row.get(0), row.get(1), row.get(2)), row.get(3));
    }
    let mut kept: HashMap<(String, String), (i32, Option<i64>)> = HashMap::new();
    let keys = "select a.login_id, k.key, k.status, k.version from idempotency_keys k \
                join accounts a on a.id = k.account_id";
    for row in client.query(keys, &[]).await? {
        kept.insert((row.get(0), row.get(1)), (row.get(2), row.get(3)));
    }
    for entry in entries {
        let acknowledged = entry.reply.tag()?;
        let version = acknowledged.trim_matches(['"', 'v']).parse::<i64>()?;
        let case = entry.case;
        match versions.get(&case) {
            None => faults.push(format!("case {case} was acknowledged and is not there")),
            Some(found) if *found < version => {
                faults.push(format!("case {case}: version {version} was acknowledged, {found} is there"));
            }
            Some(_) => {}
        }
        if let Some(event) = entry.event {
            // Each acknowledgement uses one event up.
            let count = events.entry((case, event.to_owned(), entry.login_id.clone())).or_default();
            if *count < 1 {
                faults.push(format!("case {case}: `{event}` by {} was acknowledged and is not there", entry.login_id));
            }
            *count -= 1;
        }
        if let Some(key) = &entry.call.idempotency_key {
            let status = i32::from(entry.reply.status);
            let found = kept.get(&(entry.login_id.clone(), key.clone()));
            if found != Some(&(status, Some(version))) {
                faults.push(format!(
                    "case {case}: the answer {status} v{version} to key {key} was not kept; {found:?} is there"
                ));
            }
        }
    }
    Ok(faults)
}
