use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::notices::MaintenanceWindow;
use mamis_kernel::MaintenanceWindowId;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::{Datastore, StoreError};
use thiserror::Error;

use crate::App;

/// How long a stop that was just planned or cancelled may go unnoticed.
const CACHED_FOR: Duration = Duration::from_secs(5);

/// What is remembered of the planned stops, so that asking before every request costs nothing.
#[derive(Default)]
pub struct MaintenanceDesk(Mutex<Option<(Instant, Arc<[MaintenanceWindow]>)>>);

/// How the service stands.
#[derive(Debug, Clone)]
pub struct ServiceStatus {
    /// Now.
    pub now: DateTime<Utc>,
    /// The stop that is on.
    pub current: Option<MaintenanceWindow>,
    /// The next one, once it is announced.
    pub announced: Option<MaintenanceWindow>,
}

/// How the service stands, five seconds old at most.
///
/// Rule ID-43. When the database cannot be asked, what was known last holds on: it may be the database that is being worked on.
pub async fn service_status(app: &App) -> ServiceStatus {
    let now = app.clock.now();
    let known = app.maintenance.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let windows = match known {
        Some((loaded, windows)) if loaded.elapsed() < CACHED_FOR => windows,
        known => match app.store.maintenance_list(now).await {
            Ok(fresh) => remember(app, fresh.into()),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "planned stops could not be read");
                known.map_or_else(|| Arc::from([]), |(_, windows)| remember(app, windows))
            }
        },
    };
    ServiceStatus {
        now,
        current: MaintenanceWindow::current(&windows, now).cloned(),
        announced: MaintenanceWindow::announced(&windows, now).cloned(),
    }
}

fn remember(app: &App, windows: Arc<[MaintenanceWindow]>) -> Arc<[MaintenanceWindow]> {
    *app.maintenance.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&windows)));
    windows
}

/// A stop could not be planned or cancelled.
#[derive(Debug, Error)]
pub enum PlanError {
    /// It would be over before it begins, or is over already.
    #[error("a stop ends after it begins, and after now")]
    NoTime,
    /// Another one is planned for the same time.
    #[error("{0} is planned for the same time; cancel it first")]
    Overlaps(MaintenanceWindowId),
    /// There is none of that id, or it is over.
    #[error("no stop of that id is planned")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The stops that are not over, the next one first.
///
/// # Errors
/// [`StoreError`]
pub async fn list_maintenance(store: &Datastore, now: DateTime<Utc>) -> Result<Vec<MaintenanceWindow>, StoreError> {
    store.maintenance_list(now).await
}

/// Plans a stop, on the command line.
///
/// # Errors
/// [`PlanError`]
pub async fn plan_maintenance(
    store: &Datastore,
    window: &MaintenanceWindow,
    now: DateTime<Utc>,
) -> Result<(), PlanError> {
    if window.ends_at <= window.starts_at || window.ends_at <= now {
        return Err(PlanError::NoTime);
    }
    let planned = store.maintenance_list(now).await?;
    if let Some(other) = planned.iter().find(|other| other.overlaps(window.starts_at, window.ends_at)) {
        return Err(PlanError::Overlaps(other.id));
    }
    let permit = Permit::system(SystemActor::CommandLine, ());
    store
        .transaction(None, async |tx| -> Result<_, StoreError> {
            tx.maintenance_insert(&permit, window).await?;
            tx.audit_append(&permit, event("notices.plan_maintenance", window.id, now)).await
        })
        .await?;
    Ok(())
}

/// Cancels a stop that was planned, or ends one that is on.
///
/// # Errors
/// [`PlanError::Unknown`]
pub async fn cancel_maintenance(
    store: &Datastore,
    id: MaintenanceWindowId,
    now: DateTime<Utc>,
) -> Result<(), PlanError> {
    let permit = Permit::system(SystemActor::CommandLine, ());
    store
        .transaction(None, async |tx| -> Result<_, PlanError> {
            if !tx.maintenance_cancel(&permit, id, now).await? {
                return Err(PlanError::Unknown);
            }
            Ok(tx.audit_append(&permit, event("notices.cancel_maintenance", id, now)).await?)
        })
        .await
}

fn event(action: &str, id: MaintenanceWindowId, at: DateTime<Utc>) -> NewAuditEvent<'_> {
    NewAuditEvent {
        action,
        outcome: AuditOutcome::Done,
        subject_kind: "maintenance_window",
        subject_id: Some(id.uuid()),
        person: None,
        at,
        payload: None,
    }
}
