use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor, ThrottleRule};

use super::session_event;
use super::tokens::hash;
use crate::{App, AppError};

/// Records that a request of another site was refused (ID-11): some fifty an hour from one address, so that nobody fills the
/// audit from outside.
pub async fn record_cross_site(app: &App, address: &str, request_id: &str) {
    let now = app.clock.now();
    let key = hash(&format!("cross_site:{address}")).to_vec();
    if app.not_throttled(std::slice::from_ref(&key)).await.is_err() {
        return;
    }
    let recorded = app
        .store
        .transaction(Some(request_id), async |tx| -> Result<_, AppError> {
            tx.login_failed(&key, &ThrottleRule::ADDRESS, now).await?;
            let event = session_event("identity.cross_site_request", AuditOutcome::Denied, None, now);
            Ok(tx.audit_append(&Permit::system(SystemActor::Visitor, ()), event).await?)
        })
        .await;
    if let Err(failure) = recorded {
        tracing::error!(error = &failure as &dyn std::error::Error, "a request of another site could not be recorded");
    }
}
