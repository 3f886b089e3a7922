use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mamis_domain::identity::Acting;
use mamis_kernel::{AssociationId, PersonId};
use mamis_persistence::Datastore;
use mamis_persistence::audit::ReadEvent;
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use crate::{App, Caller};

/// What is read, beside by whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// `slice.verb`
    pub(crate) action: &'static str,
    /// What kind of thing, and which one.
    pub(crate) subject: (&'static str, Uuid),
    /// About whom.
    pub(crate) person: Option<PersonId>,
    /// As clerk of which association.
    pub(crate) association: Option<AssociationId>,
}

impl App {
    /// Takes a reading of another's record, with the name it is done for when acting for somebody (ID-30).
    pub(crate) async fn seen(&self, caller: &Caller, reading: Reading) {
        let acting = caller.actor.acting.as_ref();
        self.read_audit
            .record(ReadEvent {
                account: caller.actor.account,
                on_behalf_of: acting.map(|acting| acting.person),
                association: acting.and_then(Acting::as_clerk_of).or(reading.association),
                action: reading.action,
                subject_kind: reading.subject.0,
                subject_id: reading.subject.1,
                person: reading.person,
                at: self.clock.now(),
                request_id: Some(caller.request_id.clone()),
            })
            .await;
    }
}

/// How far behind the written readings may be.
const FLUSH_AFTER: Duration = Duration::from_millis(500);
/// A full batch does not wait.
const BATCH: usize = 2_000;
/// Readings that may wait; when the database stands still for that long, readers wait too, so that none goes unrecorded.
const WAITING_AT_MOST: usize = 100_000;

/// Takes readings and writes them in batches, at most one second behind: an insert per read, awaited by the reader, costs
/// five sixths of the throughput.
#[derive(Clone)]
pub struct ReadAudit {
    sender: mpsc::Sender<ReadEvent>,
    receiver: Arc<Mutex<mpsc::Receiver<ReadEvent>>>,
    pending: Arc<AtomicU64>,
    store: Datastore,
}

impl ReadAudit {
    pub(crate) fn new(store: Datastore) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_AT_MOST);
        Self { sender, receiver: Arc::new(Mutex::new(receiver)), pending: Arc::default(), store }
    }

    /// Takes a reading.
    pub async fn record(&self, event: ReadEvent) {
        self.pending.fetch_add(1, Ordering::Relaxed);
        if self.sender.send(event).await.is_err() {
            tracing::error!("a reading came after the writer had stopped");
        }
    }

    /// Readings not written yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.pending.load(Ordering::Relaxed)
    }

    /// Writes batches until the task is dropped. Call [`ReadAudit::flush`] before the end.
    pub async fn run(&self) {
        loop {
            tokio::time::sleep(FLUSH_AFTER).await;
            self.flush().await;
        }
    }

    /// Writes everything taken so far; keeps trying while the database does not answer.
    pub async fn flush(&self) {
        let mut receiver = self.receiver.lock().await;
        let mut batch = Vec::new();
        loop {
            while batch.len() < BATCH
                && let Ok(event) = receiver.try_recv()
            {
                batch.push(event);
            }
            if batch.is_empty() {
                return;
            }
            match self.store.audit_append_reads(&batch).await {
                Ok(()) => {
                    self.pending.fetch_sub(u64::try_from(batch.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
                    batch.clear();
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        waiting = self.pending(),
                        "readings could not be written; trying again"
                    );
                    tokio::time::sleep(FLUSH_AFTER).await;
                }
            }
        }
    }
}
