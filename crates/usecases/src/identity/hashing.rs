use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::Block;
use tokio::sync::oneshot;

use crate::AppError;

/// How far hashing stands back behind everything else (`nice`): log-ins that come by the hundred take the cores that are
/// left, and who is signed in does not notice. On an idle machine it changes nothing.
const NICENESS: i32 = 10;
/// Who waits at most, for each thread: at some thirty hashes a second nobody waits longer than for a connection to the
/// database. Whoever comes then is asked to try again.
const WAITING: usize = 128;

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// The few threads on which passwords are hashed, each with its memory: a hash takes 19 MiB and a core for tens of
/// milliseconds. They end with it.
pub struct Hashing {
    queue: SyncSender<Job>,
    computed: Arc<AtomicU64>,
}

impl Hashing {
    /// Starts the threads.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let threads = threads.max(1);
        let (queue, jobs) = sync_channel(threads * WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads {
            let jobs = Arc::clone(&jobs);
            let started = thread::Builder::new().name(format!("hashing-{number}")).spawn(move || work(&jobs));
            if let Err(error) = started {
                tracing::error!(error = &error as &dyn std::error::Error, "a thread for hashing did not start");
            }
        }
        Self { queue, computed: Arc::default() }
    }

    /// Does a piece of work when its turn has come. Work nobody waits for any more is not done.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, answered) = oneshot::channel();
        let computed = Arc::clone(&self.computed);
        let job = move |memory: &mut Vec<Block>| {
            if !answer.is_closed() {
                let done = work(memory);
                computed.fetch_add(1, Ordering::Relaxed);
                // Whoever asked may have gone in the meantime.
                let _ = answer.send(done);
            }
        };
        self.queue.try_send(Box::new(job)).map_err(|_| AppError::Busy)?;
        metrics::gauge!("mamis_password_hashes_waiting").increment(1.0);
        let done = answered.await;
        metrics::gauge!("mamis_password_hashes_waiting").decrement(1.0);
        done.map_err(|_| AppError::Internal("hashing a password died"))
    }

    /// How often work was done.
    pub(super) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }
}

/// One thread: takes jobs until the queue is closed.
fn work(jobs: &Mutex<Receiver<Job>>) {
    // On Linux this is the thread's own; where it is refused, hashing competes as everything does.
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(error = &error as &dyn std::error::Error, "hashing keeps the priority of everything else");
    }
    let mut memory = Vec::new();
    loop {
        // Held while waiting and not while working: the next one waits behind it.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
            memory = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_dies_takes_nobody_else_along() {
        let hashing = Hashing::new(1);
        let died = hashing.compute(|_| -> u8 { std::panic::panic_any(()) }).await;
        assert!(matches!(died, Err(AppError::Internal(_))));
        assert_eq!(hashing.compute(|_| 7).await.unwrap(), 7);
        assert_eq!(hashing.computed(), 1);
    }

    #[tokio::test]
    async fn who_comes_when_too_many_wait_is_asked_to_try_again() {
        let hashing = Hashing::new(1);
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = hashing.compute(move |_| wait.recv().is_ok());
        let ask = async {
            let all: Vec<_> = (0..=WAITING + 1).map(|_| hashing.compute(|_| ())).collect();
            let mut polled = futures_util::future::join_all(all);
            // Each is asked once, in its turn; the full queue refuses the last ones at once.
            let _ = futures_util::future::poll_immediate(&mut polled).await;
            let _ = go.send(());
            polled.await
        };
        let (slow, asked) = tokio::join!(slow, ask);
        assert!(slow.unwrap());
        let refused = asked.iter().filter(|asked| matches!(asked, Err(AppError::Busy))).count();
        // The thread may have taken the slow one off the queue already, or not yet.
        assert!((2..=3).contains(&refused), "{refused}");
    }

    #[tokio::test]
    async fn work_nobody_waits_for_is_not_done() {
        let hashing = Hashing::new(1);
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let mut slow = Box::pin(hashing.compute(move |_| wait.recv().is_ok()));
        assert!(futures_util::future::poll_immediate(&mut slow).await.is_none());
        let mut given_up = Box::pin(hashing.compute(|_| ()));
        assert!(futures_util::future::poll_immediate(&mut given_up).await.is_none());
        drop(given_up);
        go.send(()).unwrap();
        assert!(slow.await.unwrap());
        hashing.compute(|_| ()).await.unwrap();
        assert_eq!(hashing.computed(), 2);
    }
}
