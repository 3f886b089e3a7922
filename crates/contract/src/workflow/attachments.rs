use chrono::{DateTime, Utc};
use mamis_kernel::{AttachmentId, AttachmentPurpose, MediaType};
use serde::{Deserialize, Serialize};

/// A file for a case, as `multipart/form-data`: first the part `purpose`, then the part `file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({ "purpose": "medical_license", "file": "(bytes)" })))]
#[serde(deny_unknown_fields)]
pub struct AddAttachment {
    /// What it shows.
    pub purpose: AttachmentPurpose,
    /// JPEG, PNG or PDF, by its content; 10 MiB at most unless configured otherwise. The part's `filename` is kept as text.
    #[cfg_attr(feature = "openapi", schema(format = Binary))]
    pub file: String,
}

/// A file that belongs to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// The file.
    pub id: AttachmentId,
    /// What it shows.
    pub purpose: AttachmentPurpose,
    /// What its owner called it.
    #[cfg_attr(feature = "openapi", schema(example = "免許証.jpg"))]
    pub file_name: String,
    /// By its content.
    pub media_type: MediaType,
    /// Bytes.
    #[cfg_attr(feature = "openapi", schema(example = 812_345))]
    pub size: u64,
    /// When it had arrived whole.
    pub received_at: DateTime<Utc>,
}
