//! Background work: sends mail, prints letters, writes lists to files, writes the readings of the audit, seals its events into the chain, forgets old idempotency
//! keys and challenges, ends files that were removed or broken off, and at midnight in Tokyo brings accounts in line with
//! memberships.
//!
//! Every job may run in several processes at once: the database decides who does the work.

mod post_office;

pub use post_office::PostOffice;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use mamis_persistence::StoreError;
use mamis_usecases::notices::deliver_waiting;
use mamis_usecases::{App, identity, registry, tokyo_day_end};
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinError;

const DELIVER_EVERY: Duration = Duration::from_secs(1);
const TELL_EVERY: Duration = Duration::from_secs(60);
const PRINT_EVERY: Duration = Duration::from_secs(2);
const ANSWER_EVERY: Duration = Duration::from_secs(1);
/// Lists that another process was asked for, or let go.
const EXPORT_EVERY: Duration = Duration::from_secs(2);
const END_EXPORTS_EVERY: Duration = Duration::from_secs(60);
const SEAL_EVERY: Duration = Duration::from_secs(1);
const END_ATTACHMENTS_EVERY: Duration = Duration::from_secs(300);
/// Between two runs of a nightly job, whatever the clock says.
const SHORTEST_WAIT: Duration = Duration::from_secs(60);
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// An answer is kept for two days: longer than any client tries again.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(48);

/// Codes are kept beyond their end so that a guesser hears the same for a while.
const CODES_KEPT: TimeDelta = TimeDelta::hours(24);

/// Runs until told to stop, then writes what is still waiting.
pub async fn run(app: Arc<App>, post: PostOffice, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = app.read_audit.run() => {}
        () = seal(&app) => {}
        () = deliver(&app, &post) => {}
        () = forget(&app) => {}
        () = tell(&app) => {}
        () = end_attachments(&app) => {}
        () = follow_memberships(&app) => {}
        () = find_duplicates(&app) => {}
        () = print_letters(&app) => {}
        () = answer_recoveries(&app) => {}
        () = write_exports(&app) => {}
        // A short list does not wait for a long one.
        () = write_exports(&app) => {}
        () = end_exports(&app) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    app.read_audit.flush().await;
}

/// Tells physicians of what clerks did for them, where it ended by itself (ID-33).
async fn tell(app: &App) {
    loop {
        match identity::tell_of_on_behalf(app).await {
            Ok(count) => tracing::debug!(count, "told of what was done on behalf"),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "physicians could not be told"),
        }
        tokio::time::sleep(TELL_EVERY).await;
    }
}

async fn print_letters(app: &App) {
    loop {
        if let Err(error) = identity::letters::print_letters(app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "letters could not be printed");
        }
        if let Err(error) = identity::letters::forget_letter_files(app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "letters' files could not be forgotten");
        }
        tokio::time::sleep(PRINT_EVERY).await;
    }
}

/// Runs a job whose future stays on its thread, on a thread that is lent to it. It ends when nobody waits for it any more.
async fn lent<T: Send + 'static>(
    app: &Arc<App>,
    job: impl AsyncFnOnce(&App) -> T + Send + 'static,
) -> Result<Option<T>, JoinError> {
    let (waits, nobody_waits) = oneshot::channel::<()>();
    let (app, here) = (Arc::clone(app), Handle::current());
    let done = tokio::task::spawn_blocking(move || {
        here.block_on(async {
            tokio::select! {
                done = job(&app) => Some(done),
                _ = nobody_waits => None,
            }
        })
    })
    .await;
    drop(waits);
    done
}

async fn write_exports(app: &Arc<App>) {
    loop {
        match lent(app, async |app: &App| registry::exports::write_exports(app).await).await {
            Ok(Some(Ok(_)) | None) => {}
            Ok(Some(Err(error))) => {
                tracing::error!(error = &error as &dyn std::error::Error, "lists could not be written");
            }
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "writing lists died"),
        }
        tokio::select! {
            () = app.export_asked() => {}
            () = tokio::time::sleep(EXPORT_EVERY) => {}
        }
    }
}

async fn end_exports(app: &Arc<App>) {
    loop {
        match lent(app, async |app: &App| registry::exports::end_exports(app).await).await {
            Ok(Some(Ok(count))) => tracing::debug!(count, "ended exported lists whose time is over"),
            Ok(Some(Err(error))) => {
                tracing::error!(error = &error as &dyn std::error::Error, "exported lists could not be ended");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "ending exported lists died"),
        }
        if let Err(error) = registry::member_imports::forget_import_rows(app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "rows of old imports could not be forgotten");
        }
        tokio::time::sleep(END_EXPORTS_EVERY).await;
    }
}

async fn answer_recoveries(app: &App) {
    loop {
        if let Err(error) = identity::answer_recoveries(app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "links could not be sent");
        }
        tokio::time::sleep(ANSWER_EVERY).await;
    }
}

async fn deliver(app: &App, post: &PostOffice) {
    loop {
        if let Err(error) = deliver_waiting(app, post).await {
            tracing::error!(error = &error as &dyn std::error::Error, "mail could not be taken from the outbox");
        }
        match app.store.mails_pending().await {
            Ok((waiting, failed)) => {
                metrics::gauge!("mamis_mails_waiting").set(waiting as f64);
                metrics::gauge!("mamis_mails_failed").set(failed as f64);
            }
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the outbox could not be counted"),
        }
        tokio::time::sleep(DELIVER_EVERY).await;
    }
}

async fn seal(app: &App) {
    loop {
        match seal_all(app).await {
            Ok(count) => metrics::counter!("mamis_audit_sealed_total").increment(count),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "audit events could not be sealed"),
        }
        tokio::time::sleep(SEAL_EVERY).await;
    }
}

/// Seals everything that is committed; says how many events.
///
/// # Errors
/// [`StoreError`]
pub async fn seal_all(app: &App) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let count = app.store.audit_seal(app.clock.now()).await?;
        if count == 0 {
            return Ok(total);
        }
        total += u64::try_from(count).unwrap_or(0);
    }
}

/// At the start, for the nights that were missed, and at each midnight in Tokyo (ID-67).
async fn follow_memberships(app: &App) {
    loop {
        match identity::follow_memberships(app).await {
            Ok(count) => tracing::info!(count, "accounts follow memberships"),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "accounts could not follow memberships");
            }
        }
        midnight(app).await;
    }
}

/// Waits for the next midnight in Tokyo.
async fn midnight(app: &App) {
    let midnight = tokyo_day_end(app.clock.today());
    let wait = (midnight - app.clock.now()).to_std().unwrap_or_default();
    tokio::time::sleep(wait.max(SHORTEST_WAIT)).await;
}

/// At the start and at each midnight in Tokyo (DUP-1).
async fn find_duplicates(app: &App) {
    loop {
        match registry::find_duplicates(app).await {
            Ok(pairs) => tracing::info!(pairs, "looked for second records of somebody"),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "second records could not be looked for");
            }
        }
        midnight(app).await;
    }
}

async fn forget(app: &App) {
    loop {
        match app.store.idempotency_forget(ANSWERS_KEPT, app.clock.now()).await {
            Ok(count) => tracing::debug!(count, "forgot old idempotency keys"),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "old keys could not be forgotten"),
        }
        if let Err(error) = app.store.contact_codes_forget(app.clock.now() - CODES_KEPT).await {
            tracing::error!(error = &error as &dyn std::error::Error, "old codes could not be forgotten");
        }
        match app.store.challenges_forget(app.clock.now()).await {
            Ok(count) => tracing::debug!(count, "forgot challenges that have run out"),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "old challenges could not be forgotten");
            }
        }
        if let Err(error) = identity::forget_ways_in(app).await {
            tracing::error!(error = &error as &dyn std::error::Error, "old enrolments could not be forgotten");
        }
        tokio::time::sleep(FORGET_EVERY).await;
    }
}

async fn end_attachments(app: &App) {
    loop {
        match mamis_usecases::workflow::end_attachments(app).await {
            Ok(count) => tracing::debug!(count, "ended files that were removed or broken off"),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "files could not be ended"),
        }
        tokio::time::sleep(END_ATTACHMENTS_EVERY).await;
    }
}
