//! The words both sides speak: typed ids, periods, tiers and closed code lists, Japanese dates, kana and number formats.
//!
//! No I/O, no clock, no randomness; builds for the browser. The `openapi` feature adds schemas, the `search` feature the
//! derived search keys, which need Unicode tables a browser does not have to download.

pub mod category;
pub mod codes;
pub mod enrolment;
pub mod files;
pub mod ids;
pub mod period;
pub mod text;
pub mod texts;
pub mod wareki;

pub use category::MemberCategory;
pub use codes::{
    AccessKind, AccountClass, AccountState, ActingKind, AssociationKind, Assurance, AttachmentPurpose, AudienceReason,
    Browser, BusinessType, ContactKind, ContactPurpose, DelegationScope, DelegationState, DuplicateReason, Employment,
    EndReason, ExportFormat, FacilityKind, FactorKind, FieldErrorCode, HistoryActor, Language, MaintenanceKind,
    MediaType, MembershipState, MergeField, OrganisationKind, RecordAction, RecordField, RecordPart, Role,
    SensitiveField, SessionEndReason, Sex, StepKind, StepState, SuspensionReason, System, Tier, UnknownCode,
};
pub use enrolment::{EnrolmentStep, LetterBatchState, LetterPurpose};
pub use files::{ExportState, FileEncoding, ImportOutcome, ImportRefusal, ListColumn, MemberColumn, MemberImportState};
pub use ids::{
    AccountId, AffiliationId, ApplicationId, AssociationId, AttachmentId, AuditEventId, ClerkInvitationId, ClerkRoleId,
    ConfirmationId, ContactPointId, DelegationId, DuplicateId, ExportId, FacilityId, IdError, LetterBatchId,
    MaintenanceWindowId, MedicalSchoolId, MemberImportId, MembershipId, MergeId, MismatchId, OnBehalfId,
    OrganisationId, PasskeyId, PersonId, SavedListId, SessionId,
};
pub use period::{EmptyPeriod, Period};

/// Characters that a password needs at least (ID-5).
pub const SHORTEST_PASSWORD: usize = 12;
