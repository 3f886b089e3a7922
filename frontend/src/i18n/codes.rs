//! The words for the wire's codes. Exhaustive on purpose: a new code does not compile until it has its words.

use leptos_i18n::td_string;
use mamis_contract::registry::{ContactKind, ContactPurpose};
use mamis_contract::workflow::{ApplicationState, ChangeKind, TimelineEvent, WorkStatus};
use mamis_kernel::{
    AccessKind, AccountClass, AccountState, AudienceReason, Browser, BusinessType, DelegationScope, DelegationState,
    Employment, EndReason, FacilityKind, LetterBatchState, LetterPurpose, MembershipState, Role, SessionEndReason, Sex,
    StepKind, StepState, SuspensionReason, System, Tier,
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
