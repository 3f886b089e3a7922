//! The words for the wire's codes. Exhaustive on purpose: a new code does not compile until it has its words.

use leptos_i18n::td_string;
use mamis_contract::registry::{ContactKind, ContactPurpose};
use mamis_contract::workflow::{ApplicationState, ChangeKind, TimelineEvent, WorkStatus};
use mamis_kernel::{
    AccessKind, AccountClass, AccountState, AudienceReason, Browser, BusinessType, DelegationScope, DelegationState,
    DuplicateReason, Employment, EndReason, ExportState, FacilityKind, FileEncoding, HistoryActor, ImportOutcome,
    ImportRefusal, LetterBatchState, LetterPurpose, MemberImportState, MembershipState, RecordField, RecordPart, Role,
    SensitiveField, SessionEndReason, Sex, StepKind, StepState, SuspensionReason, System, Tier,
};

use super::{Locale, Text, in_language};

/// A code that people read as words.
pub trait Label: Copy + Send + Sync + 'static {
    /// The words.
    fn label(self, locale: Locale) -> &'static str;

    /// The words, following the language.
    fn text(self) -> Text {
        in_language(move |locale| self.label(locale).to_owned())
    }
}

impl Label for Tier {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::District => td_string!(locale, codes.tier.district),
            Self::Prefectural => td_string!(locale, codes.tier.prefectural),
            Self::National => td_string!(locale, codes.tier.national),
        }
    }
}

impl Label for Role {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Physician => td_string!(locale, codes.role.physician),
            Self::Organiser => td_string!(locale, codes.role.organiser),
            Self::Viewer => td_string!(locale, codes.role.viewer),
            Self::Operator => td_string!(locale, codes.role.operator),
            Self::Approver => td_string!(locale, codes.role.approver),
            Self::Administrator => td_string!(locale, codes.role.administrator),
        }
    }
}

impl Label for AccountState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Provisional => td_string!(locale, codes.account_state.provisional),
            Self::Active => td_string!(locale, codes.account_state.active),
            Self::Suspended => td_string!(locale, codes.account_state.suspended),
            Self::Closed => td_string!(locale, codes.account_state.closed),
        }
    }
}

impl Label for AccountClass {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Member => td_string!(locale, codes.account_class.member),
            Self::TrainingOnly => td_string!(locale, codes.account_class.training_only),
            Self::Clerk => td_string!(locale, codes.account_class.clerk),
            Self::Assistant => td_string!(locale, codes.account_class.assistant),
        }
    }
}

impl Label for SuspensionReason {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::LeftOrExpelled => td_string!(locale, codes.suspension_reason.left_or_expelled),
            Self::Death => td_string!(locale, codes.suspension_reason.death),
            Self::BreachOfTerms => td_string!(locale, codes.suspension_reason.breach_of_terms),
            Self::NationalJudgement => td_string!(locale, codes.suspension_reason.national_judgement),
        }
    }
}

impl Label for AccessKind {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Viewed => td_string!(locale, codes.access_kind.viewed),
            Self::Changed => td_string!(locale, codes.access_kind.changed),
            Self::Revealed => td_string!(locale, codes.access_kind.revealed),
        }
    }
}

impl Label for RecordField {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::FamilyName => td_string!(locale, codes.record_field.family_name),
            Self::GivenName => td_string!(locale, codes.record_field.given_name),
            Self::FamilyNameKana => td_string!(locale, codes.record_field.family_name_kana),
            Self::GivenNameKana => td_string!(locale, codes.record_field.given_name_kana),
            Self::FamilyNameRomaji => td_string!(locale, codes.record_field.family_name_romaji),
            Self::GivenNameRomaji => td_string!(locale, codes.record_field.given_name_romaji),
            Self::BirthDate => td_string!(locale, codes.record_field.birth_date),
            Self::Sex => td_string!(locale, codes.record_field.sex),
            Self::AlmaMater => td_string!(locale, codes.record_field.alma_mater),
            Self::GraduatedIn => td_string!(locale, codes.record_field.graduated_in),
            Self::Specialties => td_string!(locale, codes.record_field.specialties),
            Self::RegistrationNumber => td_string!(locale, codes.record_field.registration_number),
            Self::RegisteredOn => td_string!(locale, codes.record_field.registered_on),
            Self::FormerName => td_string!(locale, codes.record_field.former_name),
            Self::ProfessionalName => td_string!(locale, codes.record_field.professional_name),
            Self::ContactAddress => td_string!(locale, codes.record_field.contact_address),
            Self::ContactPhone => td_string!(locale, codes.record_field.contact_phone),
            Self::ContactEmail => td_string!(locale, codes.record_field.contact_email),
            Self::AffiliationFacility => td_string!(locale, codes.record_field.affiliation_facility),
            Self::AffiliationRole => td_string!(locale, codes.record_field.affiliation_role),
            Self::AffiliationBusinessType => td_string!(locale, codes.record_field.affiliation_business_type),
            Self::AffiliationEmployment => td_string!(locale, codes.record_field.affiliation_employment),
            Self::AffiliationIsMain => td_string!(locale, codes.record_field.affiliation_is_main),
            Self::AffiliationFrom => td_string!(locale, codes.record_field.affiliation_from),
            Self::AffiliationLastDay => td_string!(locale, codes.record_field.affiliation_last_day),
            Self::MembershipCategory => td_string!(locale, codes.record_field.membership_category),
            Self::MembershipFrom => td_string!(locale, codes.record_field.membership_from),
            Self::MembershipLastDay => td_string!(locale, codes.record_field.membership_last_day),
            Self::MembershipEndReason => td_string!(locale, codes.record_field.membership_end_reason),
        }
    }
}

impl Label for HistoryActor {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Person => td_string!(locale, codes.history_actor.person),
            Self::Clerk => td_string!(locale, codes.history_actor.clerk),
            Self::OnBehalf => td_string!(locale, codes.history_actor.on_behalf),
            Self::Assistant => td_string!(locale, codes.history_actor.assistant),
            Self::System => td_string!(locale, codes.history_actor.system),
            Self::Other => td_string!(locale, codes.history_actor.other),
        }
    }
}

impl Label for SensitiveField {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::BirthDate => td_string!(locale, codes.sensitive_field.birth_date),
            Self::Address => td_string!(locale, codes.sensitive_field.address),
            Self::Phone => td_string!(locale, codes.sensitive_field.phone),
            Self::Email => td_string!(locale, codes.sensitive_field.email),
        }
    }
}

impl Label for DelegationScope {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::View => td_string!(locale, codes.delegation_scope.view),
            Self::Training => td_string!(locale, codes.delegation_scope.training),
            Self::Draft => td_string!(locale, codes.delegation_scope.draft),
            Self::Submit => td_string!(locale, codes.delegation_scope.submit),
        }
    }
}

impl Label for DelegationState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Invited => td_string!(locale, codes.delegation_state.invited),
            Self::InvitationExpired => td_string!(locale, codes.delegation_state.invitation_expired),
            Self::Active => td_string!(locale, codes.delegation_state.active),
            Self::Ended => td_string!(locale, codes.delegation_state.ended),
            Self::Revoked => td_string!(locale, codes.delegation_state.revoked),
        }
    }
}

impl Label for AudienceReason {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Membership => td_string!(locale, codes.audience_reason.membership),
            Self::Application => td_string!(locale, codes.audience_reason.application),
        }
    }
}

impl Label for Browser {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::Other => td_string!(locale, codes.browser.other),
        }
    }
}

impl Label for System {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::Macos => "macOS",
            Self::Ios => td_string!(locale, codes.system.ios),
            Self::Android => "Android",
            Self::Linux => "Linux",
            Self::Other => td_string!(locale, codes.system.other),
        }
    }
}

impl Label for SessionEndReason {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::LoggedOut => td_string!(locale, codes.session_end_reason.logged_out),
            Self::TokenReused => td_string!(locale, codes.session_end_reason.token_reused),
            Self::Revoked => td_string!(locale, codes.session_end_reason.revoked),
            Self::PasswordChanged => td_string!(locale, codes.session_end_reason.password_changed),
            Self::AccountStopped => td_string!(locale, codes.session_end_reason.account_stopped),
        }
    }
}

impl Label for Sex {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Male => td_string!(locale, codes.sex.male),
            Self::Female => td_string!(locale, codes.sex.female),
            Self::Unspecified => td_string!(locale, codes.sex.unspecified),
        }
    }
}

impl Label for FacilityKind {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Hospital => td_string!(locale, codes.facility_kind.hospital),
            Self::Clinic => td_string!(locale, codes.facility_kind.clinic),
            Self::GeriatricFacility => td_string!(locale, codes.facility_kind.geriatric_facility),
            Self::LtcHospital => td_string!(locale, codes.facility_kind.ltc_hospital),
            Self::University => td_string!(locale, codes.facility_kind.university),
            Self::Administration => td_string!(locale, codes.facility_kind.administration),
            Self::CheckupCenter => td_string!(locale, codes.facility_kind.checkup_center),
            Self::Workplace => td_string!(locale, codes.facility_kind.workplace),
            Self::Other => td_string!(locale, codes.facility_kind.other),
        }
    }
}

impl Label for BusinessType {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::HospitalFounder => td_string!(locale, codes.business_type.hospital_founder),
            Self::HospitalEmployee => td_string!(locale, codes.business_type.hospital_employee),
            Self::UnivHospitalFaculty => td_string!(locale, codes.business_type.univ_hospital_faculty),
            Self::UnivHospitalGradstudent => td_string!(locale, codes.business_type.univ_hospital_gradstudent),
            Self::UnivHospitalOther => td_string!(locale, codes.business_type.univ_hospital_other),
            Self::ClinicFounder => td_string!(locale, codes.business_type.clinic_founder),
            Self::ClinicEmployee => td_string!(locale, codes.business_type.clinic_employee),
            Self::GeriatricFacilityFounder => td_string!(locale, codes.business_type.geriatric_facility_founder),
            Self::GeriatricFacilityEmployee => td_string!(locale, codes.business_type.geriatric_facility_employee),
            Self::LtcHospitalFounder => td_string!(locale, codes.business_type.ltc_hospital_founder),
            Self::LtcHospitalEmployee => td_string!(locale, codes.business_type.ltc_hospital_employee),
            Self::UnivPreclinical => td_string!(locale, codes.business_type.univ_preclinical),
            Self::Research => td_string!(locale, codes.business_type.research),
            Self::AdministrationOh => td_string!(locale, codes.business_type.administration_oh),
            Self::OtherWork => td_string!(locale, codes.business_type.other_work),
            Self::NotWorking => td_string!(locale, codes.business_type.not_working),
        }
    }
}

impl Label for Employment {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::FullTime => td_string!(locale, codes.employment.full_time),
            Self::PartTime => td_string!(locale, codes.employment.part_time),
        }
    }
}

impl Label for EndReason {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Withdrawal => td_string!(locale, codes.end_reason.withdrawal),
            Self::Death => td_string!(locale, codes.end_reason.death),
            Self::Transfer => td_string!(locale, codes.end_reason.transfer),
            Self::Expulsion => td_string!(locale, codes.end_reason.expulsion),
        }
    }
}

impl Label for StepKind {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Approve => td_string!(locale, codes.step_kind.approve),
            Self::Confirm => td_string!(locale, codes.step_kind.confirm),
            Self::Inform => td_string!(locale, codes.step_kind.inform),
        }
    }
}

impl Label for StepState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Waiting => td_string!(locale, codes.step_state.waiting),
            Self::Open => td_string!(locale, codes.step_state.open),
            Self::Approved => td_string!(locale, codes.step_state.approved),
            Self::Returned => td_string!(locale, codes.step_state.returned),
            Self::Rejected => td_string!(locale, codes.step_state.rejected),
            Self::Skipped => td_string!(locale, codes.step_state.skipped),
            Self::Confirmed => td_string!(locale, codes.step_state.confirmed),
        }
    }
}

impl Label for ApplicationState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Draft => td_string!(locale, codes.application_state.draft),
            Self::Submitted => td_string!(locale, codes.application_state.submitted),
            Self::InReview => td_string!(locale, codes.application_state.in_review),
            Self::Returned => td_string!(locale, codes.application_state.returned),
            Self::Completed => td_string!(locale, codes.application_state.completed),
            Self::Rejected => td_string!(locale, codes.application_state.rejected),
            Self::Retracted => td_string!(locale, codes.application_state.retracted),
        }
    }
}

impl Label for ChangeKind {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::JoinNew => td_string!(locale, codes.change_kind.join_new),
            Self::TrainingAccount => td_string!(locale, codes.change_kind.training_account),
        }
    }
}

impl Label for WorkStatus {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Open => td_string!(locale, codes.work_status.open),
            Self::Upcoming => td_string!(locale, codes.work_status.upcoming),
            Self::Returned => td_string!(locale, codes.work_status.returned),
            Self::Decided => td_string!(locale, codes.work_status.decided),
        }
    }
}

impl Label for LetterPurpose {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Enrolment => td_string!(locale, codes.letter_purpose.enrolment),
            Self::Recovery => td_string!(locale, codes.letter_purpose.recovery),
        }
    }
}

impl Label for ExportState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Waiting => td_string!(locale, codes.export_state.waiting),
            Self::Running => td_string!(locale, codes.export_state.running),
            Self::Ready => td_string!(locale, codes.export_state.ready),
            Self::Failed => td_string!(locale, codes.export_state.failed),
            Self::Cancelled => td_string!(locale, codes.export_state.cancelled),
            Self::Expired => td_string!(locale, codes.export_state.expired),
        }
    }
}

impl Label for FileEncoding {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Utf8Bom => td_string!(locale, codes.file_encoding.utf8_bom),
            Self::Utf8 => td_string!(locale, codes.file_encoding.utf8),
            Self::Cp932 => td_string!(locale, codes.file_encoding.cp932),
            Self::Xlsx => td_string!(locale, codes.file_encoding.xlsx),
        }
    }
}

impl Label for ImportOutcome {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Unchanged => td_string!(locale, codes.import_outcome.unchanged),
            Self::WouldChange => td_string!(locale, codes.import_outcome.would_change),
            Self::Refused => td_string!(locale, codes.import_outcome.refused),
            Self::Changed => td_string!(locale, codes.import_outcome.changed),
            Self::Undone => td_string!(locale, codes.import_outcome.undone),
            Self::NotUndone => td_string!(locale, codes.import_outcome.not_undone),
        }
    }
}

impl Label for ImportRefusal {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::CellCount => td_string!(locale, codes.import_refusal.cell_count),
            Self::KeyUnreadable => td_string!(locale, codes.import_refusal.key_unreadable),
            Self::UnknownMember => td_string!(locale, codes.import_refusal.unknown_member),
            Self::SameMemberTwice => td_string!(locale, codes.import_refusal.same_member_twice),
            Self::NotByFile => td_string!(locale, codes.import_refusal.not_by_file),
            Self::Required => td_string!(locale, codes.import_refusal.required),
            Self::InvalidFormat => td_string!(locale, codes.import_refusal.invalid_format),
            Self::TooLong => td_string!(locale, codes.import_refusal.too_long),
            Self::ControlCharacter => td_string!(locale, codes.import_refusal.control_character),
            Self::LostCharacter => td_string!(locale, codes.import_refusal.lost_character),
            Self::ChangedSince => td_string!(locale, codes.import_refusal.changed_since),
        }
    }
}

impl Label for MemberImportState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Checked => td_string!(locale, codes.member_import_state.checked),
            Self::Applied => td_string!(locale, codes.member_import_state.applied),
            Self::Undone => td_string!(locale, codes.member_import_state.undone),
        }
    }
}

impl Label for LetterBatchState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Waiting => td_string!(locale, codes.letter_batch_state.waiting),
            Self::Ready => td_string!(locale, codes.letter_batch_state.ready),
            Self::Printed => td_string!(locale, codes.letter_batch_state.printed),
            Self::Expired => td_string!(locale, codes.letter_batch_state.expired),
        }
    }
}

impl Label for DuplicateReason {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::SameNumber => td_string!(locale, codes.duplicate_reason.same_number),
            Self::SameBirthDate => td_string!(locale, codes.duplicate_reason.same_birth_date),
            Self::SameKana => td_string!(locale, codes.duplicate_reason.same_kana),
            Self::SameName => td_string!(locale, codes.duplicate_reason.same_name),
            Self::SamePhone => td_string!(locale, codes.duplicate_reason.same_phone),
            Self::SameEmail => td_string!(locale, codes.duplicate_reason.same_email),
            Self::DifferentNumbers => td_string!(locale, codes.duplicate_reason.different_numbers),
        }
    }
}

impl Label for RecordPart {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Memberships => td_string!(locale, codes.record_part.memberships),
            Self::Affiliations => td_string!(locale, codes.record_part.affiliations),
            Self::ContactPoints => td_string!(locale, codes.record_part.contact_points),
            Self::MedicalRegistrations => td_string!(locale, codes.record_part.medical_registrations),
            Self::Applications => td_string!(locale, codes.record_part.applications),
            Self::Accounts => td_string!(locale, codes.record_part.accounts),
            Self::Delegations => td_string!(locale, codes.record_part.delegations),
            Self::Letters => td_string!(locale, codes.record_part.letters),
            Self::RosterRecords => td_string!(locale, codes.record_part.roster_records),
            Self::Others => td_string!(locale, codes.record_part.others),
        }
    }
}

impl Label for MembershipState {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Future => td_string!(locale, codes.membership_state.future),
            Self::Current => td_string!(locale, codes.membership_state.current),
            Self::Ended => td_string!(locale, codes.membership_state.ended),
        }
    }
}

impl Label for ContactKind {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Address => td_string!(locale, codes.contact_kind.address),
            Self::Phone => td_string!(locale, codes.contact_kind.phone),
            Self::Email => td_string!(locale, codes.contact_kind.email),
        }
    }
}

impl Label for ContactPurpose {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Home => td_string!(locale, codes.contact_purpose.home),
            Self::Contact => td_string!(locale, codes.contact_purpose.contact),
        }
    }
}

impl Label for TimelineEvent {
    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Created => td_string!(locale, codes.timeline_event.created),
            Self::Submitted => td_string!(locale, codes.timeline_event.submitted),
            Self::Approved => td_string!(locale, codes.timeline_event.approved),
            Self::Returned => td_string!(locale, codes.timeline_event.returned),
            Self::Corrected => td_string!(locale, codes.timeline_event.corrected),
            Self::Rejected => td_string!(locale, codes.timeline_event.rejected),
            Self::Retracted => td_string!(locale, codes.timeline_event.retracted),
            Self::Completed => td_string!(locale, codes.timeline_event.completed),
        }
    }
}
