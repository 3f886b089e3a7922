//! What everybody may know: planned stops. The page of joint use is [`JointUse`].

use chrono::{DateTime, Utc};
use mamis_kernel::MaintenanceKind;
pub use mamis_kernel::texts::JointUse;
use serde::{Deserialize, Serialize};

/// How the service stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceStatusView {
    /// The server's time.
    pub now: DateTime<Utc>,
    /// The planned stop that is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<MaintenanceView>,
    /// The next one, from two weeks before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<MaintenanceView>,
}

/// A planned stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaintenanceView {
    /// What it stops.
    pub kind: MaintenanceKind,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When everything works again.
    pub ends_at: DateTime<Utc>,
    /// Why, in Japanese.
    pub message_ja: String,
    /// Why, in English.
    pub message_en: String,
}
