//! Cases as the wire has them.

use chrono::NaiveDate;
use mamis_contract::FieldErrorCode;
use mamis_contract::registry::CategoryView;
use mamis_contract::workflow::{
    ApplicationAction, ApplicationState as WireState, ApplicationSummary, ApplicationView, AssociationWork,
    AttachmentView, CategoryChoice, CategoryProposal, CategoryProposals, ChangeInput, ChangeKind as WireKind,
    ChangeView, ContactInput, FieldComment as WireComment, JoinNewInput, ProxyView, StepView, TierCategory,
    TimelineEntry, TimelineEvent, WorkItem, WorkplaceInput,
};
use mamis_domain::identity::Actor;
use mamis_domain::registry::Directory;
use mamis_domain::workflow::join_new::{ChosenCategories, ContactDraft, WorkplaceDraft};
use mamis_domain::workflow::policy::{WorkflowAction, allowed_actions};
use mamis_domain::workflow::{
    Application, ApplicationState, Attachment, CaseEvent, CaseEventKind, CategoryOption, Change, FieldComment,
    FieldFault, JoinNewDraft, Proposal, Step,
};
use mamis_kernel::text::{PhoneNumber, PostalCode, ascii_digits};
use mamis_kernel::wareki::{DateError, parse_japanese_date};
use mamis_kernel::{AccountId, AssociationId, StepState, Tier};
use mamis_persistence::Stored;
use mamis_persistence::registry::PersonBrief;
use mamis_persistence::workflow::{CaseListItem, WorkCounts, WorkRow};
use mamis_usecases::tokyo_day;
use mamis_usecases::workflow::ProposedCategory;

use super::training_wire::{training_account, training_account_input};
use crate::extract::check;
use crate::problem::Trouble;
use crate::registry::wire::{association_ref, category_view, person_ref};

/// The changes of a request in standard form.
///
/// # Errors
/// 422 with a pointer to each field that cannot be read.
pub fn changes(inputs: Vec<ChangeInput>) -> Result<Vec<Change>, Trouble> {
    let mut faults = Vec::new();
    let mut changes = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.into_iter().enumerate() {
        let base = format!("/changes/{index}/payload");
        match input {
            ChangeInput::JoinNew(input) => {
                check(&input, &base)?;
                changes.push(Change::JoinNew(join_new(input, &base, &mut faults)));
            }
            ChangeInput::TrainingAccount(input) => {
                check(&input, &base)?;
                changes.push(Change::TrainingAccount(training_account(input, &base, &mut faults)));
            }
        }
    }
    if faults.is_empty() { Ok(changes) } else { Err(Trouble::fields(faults)) }
}

fn join_new(input: JoinNewInput, base: &str, faults: &mut Vec<FieldFault>) -> JoinNewDraft {
    let workplace = input.workplace.unwrap_or_default();
    let categories = input.categories.unwrap_or_default();
    let mut read = Reader { base, faults };
    JoinNewDraft {
        workplace: WorkplaceDraft {
            facility: workplace.facility_id,
            name: given(workplace.name),
            kind: workplace.kind,
            postal_code: read.postal_code("/workplace/postal_code", workplace.postal_code),
            municipality_code: read.municipality_code("/workplace/municipality_code", workplace.municipality_code),
            address: given(workplace.address),
            phone: read.phone("/workplace/phone", workplace.phone),
            business_type: workplace.business_type,
            is_administrator: workplace.is_administrator,
            employment: workplace.employment,
        },
        district_association: input.district_association_id,
        highest_tier: input.highest_tier,
        is_clinical_resident: input.is_clinical_resident,
        insurance_excluded: input.insurance_excluded,
        categories: ChosenCategories {
            district: given(categories.district),
            prefectural: given(categories.prefectural),
            national: given(categories.national),
        },
        effective_date: read.date("/effective_date", input.effective_date),
        contact: read.contact(input.contact),
        note: given(input.note),
    }
}

/// Blank is not given.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Reads fields into their standard form and gathers what cannot be read.
pub(super) struct Reader<'a> {
    pub(super) base: &'a str,
    pub(super) faults: &'a mut Vec<FieldFault>,
}

impl Reader<'_> {
    pub(super) fn contact(&mut self, contact: Option<ContactInput>) -> ContactDraft {
        let contact = contact.unwrap_or_default();
        ContactDraft {
            postal_code: self.postal_code("/contact/postal_code", contact.postal_code),
            address: given(contact.address),
            phone: self.phone("/contact/phone", contact.phone),
            email: given(contact.email),
        }
    }

    pub(super) fn fault<T>(&mut self, field: &str, code: FieldErrorCode) -> Option<T> {
        self.faults.push(FieldFault::new(format!("{}{field}", self.base), code));
        None
    }

    pub(super) fn postal_code(&mut self, field: &str, text: Option<String>) -> Option<String> {
        let text = given(text)?;
        match PostalCode::parse(&text) {
            Ok(code) => Some(code.to_string()),
            Err(_) => self.fault(field, FieldErrorCode::InvalidFormat),
        }
    }

    pub(super) fn phone(&mut self, field: &str, text: Option<String>) -> Option<String> {
        let text = given(text)?;
        match PhoneNumber::parse(&text) {
            Ok(phone) => Some(phone.into_string()),
            Err(_) => self.fault(field, FieldErrorCode::InvalidFormat),
        }
    }

    pub(super) fn municipality_code(&mut self, field: &str, text: Option<String>) -> Option<String> {
        let text = given(text)?;
        let code = ascii_digits(text.trim()).into_owned();
        if code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit()) {
            return Some(code);
        }
        self.fault(field, FieldErrorCode::InvalidFormat)
    }

    pub(super) fn date(&mut self, field: &str, text: Option<String>) -> Option<NaiveDate> {
        match date(&given(text)?) {
            Ok(day) => Some(day),
            Err(code) => self.fault(field, code),
        }
    }
}

/// A day in any of the ways people write one.
///
/// # Errors
/// What is wrong with it.
pub fn date(text: &str) -> Result<NaiveDate, FieldErrorCode> {
    parse_japanese_date(text).map_err(|error| match error {
        DateError::Empty => FieldErrorCode::Required,
        DateError::NoEra => FieldErrorCode::DateNoEra,
        DateError::OutOfEra { .. } => FieldErrorCode::DateOutOfEra,
        DateError::Impossible => FieldErrorCode::DateImpossible,
        DateError::Unreadable => FieldErrorCode::InvalidFormat,
    })
}

/// Comments of a request.
pub fn field_comments(comments: Vec<WireComment>) -> Vec<FieldComment> {
    comments.into_iter().map(|c| FieldComment { pointer: c.pointer, comment: c.comment }).collect()
}

/// A case as its reader sees it.
pub fn application_view(
    case: &Stored<Application>,
    applicant: Option<PersonBrief>,
    actor: &Actor,
    (directory, names): (&Directory, &[(AccountId, String)]),
) -> ApplicationView {
    let case = &case.value;
    let returned = (case.state == ApplicationState::Returned)
        .then(|| case.events.iter().rev().find(|event| event.kind == CaseEventKind::Returned))
        .flatten();
    ApplicationView {
        id: case.id,
        number: case.number.clone(),
        state: state(case.state, case.has_an_approval()),
        applicant: applicant.map(person_ref),
        changes: case.changes.iter().map(|change| change_view(change, directory)).collect(),
        attachments: case.attachments.iter().map(attachment_view).collect(),
        known_number: None,
        steps: case.steps.iter().filter_map(|step| step_view(step, directory)).collect(),
        timeline: case.events.iter().map(|event| timeline_entry(event, directory, names)).collect(),
        field_comments: returned.map(|event| wire_comments(&event.field_comments)).unwrap_or_default(),
        effective_date: case.effective_date(),
        created_at: case.created_at,
        submitted_at: case.submitted_at,
        concluded_at: case.concluded_at,
        allowed_actions: allowed_actions(actor, case).into_iter().filter_map(action).collect(),
    }
}

const fn action(action: WorkflowAction) -> Option<ApplicationAction> {
    match action {
        WorkflowAction::Create | WorkflowAction::Read => None,
        WorkflowAction::Save => Some(ApplicationAction::Save),
        WorkflowAction::Submit => Some(ApplicationAction::Submit),
        WorkflowAction::Retract => Some(ApplicationAction::Retract),
        WorkflowAction::Approve => Some(ApplicationAction::Approve),
        WorkflowAction::Return => Some(ApplicationAction::Return),
        WorkflowAction::Reject => Some(ApplicationAction::Reject),
    }
}

const fn state(state: ApplicationState, has_an_approval: bool) -> WireState {
    match state {
        ApplicationState::Draft => WireState::Draft,
        ApplicationState::InReview if has_an_approval => WireState::InReview,
        ApplicationState::InReview => WireState::Submitted,
        ApplicationState::Returned => WireState::Returned,
        ApplicationState::Completed { .. } => WireState::Completed,
        ApplicationState::Rejected => WireState::Rejected,
        ApplicationState::Retracted => WireState::Retracted,
    }
}

fn state_of(code: &str, has_an_approval: bool) -> WireState {
    match code {
        "in_review" if has_an_approval => WireState::InReview,
        "in_review" => WireState::Submitted,
        other => other.parse().unwrap_or(WireState::Draft),
    }
}

/// A file of a case.
pub fn attachment_view(attachment: &Attachment) -> AttachmentView {
    AttachmentView {
        id: attachment.id,
        purpose: attachment.purpose,
        file_name: attachment.file_name.clone(),
        media_type: attachment.media_type,
        size: attachment.size,
        received_at: attachment.received_at,
    }
}

fn change_view(change: &Change, directory: &Directory) -> ChangeView {
    match change {
        Change::JoinNew(draft) => join_new_view(draft, directory),
        Change::TrainingAccount(draft) => ChangeView {
            input: ChangeInput::TrainingAccount(training_account_input(draft)),
            associations: Vec::new(),
            categories: Vec::new(),
        },
    }
}

fn join_new_view(draft: &JoinNewDraft, directory: &Directory) -> ChangeView {
    let joined = draft.highest_tier.map(|top| top.and_below().collect::<Vec<_>>()).unwrap_or_default();
    let mut at = draft.district_association;
    let mut branch = Vec::new();
    while let Some(id) = at {
        branch.push(id);
        at = directory.get(id).and_then(|association| association.parent);
    }
    let places: Vec<(Tier, AssociationId)> = joined.into_iter().zip(branch).collect();
    let category = |(tier, association): &(Tier, AssociationId)| {
        let code = draft.categories.of(*tier)?;
        Some(TierCategory { tier: *tier, category: category_view(directory, *association, code.to_owned()) })
    };
    ChangeView {
        input: ChangeInput::JoinNew(join_new_input(draft)),
        categories: places.iter().filter_map(category).collect(),
        associations: places.iter().filter_map(|(_, id)| association_ref(directory, *id)).collect(),
    }
}

fn join_new_input(draft: &JoinNewDraft) -> JoinNewInput {
    let workplace = &draft.workplace;
    let contact = &draft.contact;
    let some = |empty: bool| (!empty).then_some(());
    JoinNewInput {
        workplace: some(*workplace == WorkplaceDraft::default()).map(|()| WorkplaceInput {
            facility_id: workplace.facility,
            name: workplace.name.clone(),
            kind: workplace.kind,
            postal_code: workplace.postal_code.clone(),
            municipality_code: workplace.municipality_code.clone(),
            address: workplace.address.clone(),
            phone: workplace.phone.clone(),
            business_type: workplace.business_type,
            is_administrator: workplace.is_administrator,
            employment: workplace.employment,
        }),
        district_association_id: draft.district_association,
        highest_tier: draft.highest_tier,
        is_clinical_resident: draft.is_clinical_resident,
        insurance_excluded: draft.insurance_excluded,
        categories: some(draft.categories == ChosenCategories::default()).map(|()| CategoryChoice {
            district: draft.categories.district.clone(),
            prefectural: draft.categories.prefectural.clone(),
            national: draft.categories.national.clone(),
        }),
        effective_date: draft.effective_date.map(|day| day.to_string()),
        contact: contact_input(contact),
        note: draft.note.clone(),
    }
}

pub(super) fn contact_input(contact: &ContactDraft) -> Option<ContactInput> {
    (*contact != ContactDraft::default()).then(|| ContactInput {
        postal_code: contact.postal_code.clone(),
        address: contact.address.clone(),
        phone: contact.phone.clone(),
        email: contact.email.clone(),
    })
}

fn step_view(step: &Step, directory: &Directory) -> Option<StepView> {
    Some(StepView {
        position: step.position,
        association: association_ref(directory, step.association)?,
        kind: step.kind,
        state: step.state,
        opened_at: step.opened_at,
        decided_at: step.decision.map(|decision| decision.at),
        effective_date: step.decision.and_then(|decision| decision.effective_date),
    })
}

fn wire_comments(comments: &[FieldComment]) -> Vec<WireComment> {
    comments.iter().map(|c| WireComment { pointer: c.pointer.clone(), comment: c.comment.clone() }).collect()
}

fn timeline_entry(event: &CaseEvent, directory: &Directory, names: &[(AccountId, String)]) -> TimelineEntry {
    let name = names.iter().find(|(id, _)| *id == event.account).map(|(_, name)| name.clone());
    TimelineEntry {
        at: event.at,
        event: match event.kind {
            CaseEventKind::Created => TimelineEvent::Created,
            CaseEventKind::Submitted => TimelineEvent::Submitted,
            CaseEventKind::Approved => TimelineEvent::Approved,
            CaseEventKind::Returned => TimelineEvent::Returned,
            CaseEventKind::Corrected => TimelineEvent::Corrected,
            CaseEventKind::Rejected => TimelineEvent::Rejected,
            CaseEventKind::Retracted => TimelineEvent::Retracted,
            CaseEventKind::Completed => TimelineEvent::Completed,
        },
        association: event.association.and_then(|id| association_ref(directory, id)),
        effective_date: event.effective_date,
        comment: event.comment.clone(),
        field_comments: wire_comments(&event.field_comments),
        proxy: event.proxy.map(|kind| ProxyView { kind, name: name.unwrap_or_default() }),
    }
}

fn kinds(codes: Vec<String>) -> Vec<WireKind> {
    codes.iter().filter_map(|code| code.parse().ok()).collect()
}

/// A case in its physician's list.
pub fn application_summary(item: CaseListItem, directory: &Directory) -> ApplicationSummary {
    ApplicationSummary {
        id: item.id,
        number: item.number,
        state: state_of(&item.state, item.has_an_approval),
        kinds: kinds(item.kinds),
        current_association: item.current_step.and_then(|(id, _)| association_ref(directory, id)),
        since: item.current_step.map_or(item.moved_at, |(_, since)| since),
        effective_date: item.effective_date,
    }
}

/// A row of the work list; `None` for an association that has gone since.
pub fn work_item(row: WorkRow, directory: &Directory, today: NaiveDate) -> Option<WorkItem> {
    let days = (today - tokyo_day(row.at.since)).num_days();
    Some(WorkItem {
        application_id: row.at.application,
        number: row.number,
        applicant: person_ref(row.applicant),
        kinds: kinds(row.kinds),
        association: association_ref(directory, row.association)?,
        step_state: row.step_state,
        state: state_of(&row.state, row.has_an_approval || row.step_state == StepState::Approved),
        submitted_at: row.submitted_at,
        since: row.at.since,
        age_days: u32::try_from(days).unwrap_or(0),
        effective_date: row.effective_date,
    })
}

/// One association's counts; `None` for an association that has gone since.
pub fn association_work(id: AssociationId, counts: WorkCounts, directory: &Directory) -> Option<AssociationWork> {
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Some(AssociationWork {
        association: association_ref(directory, id)?,
        open: count(counts.open),
        open_7_days: count(counts.open_before_first),
        open_30_days: count(counts.open_before_second),
        upcoming: count(counts.upcoming),
        returned: count(counts.returned),
    })
}

/// Proposed categories.
pub fn category_proposals(
    proposal: &Proposal,
    answers: Vec<ProposedCategory>,
    directory: &Directory,
) -> CategoryProposals {
    let view = |option: CategoryOption| CategoryView { code: option.code, label: option.label };
    let item = |answer: ProposedCategory| {
        Some(CategoryProposal {
            association: association_ref(directory, answer.association)?,
            proposed: answer.proposed.map(view),
            options: answer.options.into_iter().map(view).collect(),
            rule: proposal.rule.to_owned(),
            insurance_kept: proposal.insurance_kept,
        })
    };
    CategoryProposals { items: answers.into_iter().filter_map(item).collect() }
}
