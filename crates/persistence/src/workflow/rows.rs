use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use mamis_domain::workflow::{
    Applicant, Application, ApplicationState, Attachment, CaseEvent, Change, ChangeKind, Decision, Step,
};
use mamis_kernel::{AccountId, ApplicationId, AssociationId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{application_changes, application_events, application_steps, applications};
use crate::{StoreError, Stored};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications, treat_none_as_null = true)]
pub(super) struct ApplicationRow {
    pub id: Uuid,
    pub number: Option<String>,
    pub person_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub filed_by: Uuid,
    pub state: String,
    pub effective_date: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub concluded_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = application_changes)]
pub(super) struct ChangeRow {
    pub application_id: Uuid,
    pub position: i32,
    pub kind: String,
    pub payload: Value,
}

#[derive(Queryable, Selectable, Insertable, PartialEq, Clone)]
#[diesel(table_name = application_steps)]
pub(super) struct StepRow {
    pub application_id: Uuid,
    pub position: i32,
    pub association_id: Uuid,
    pub kind: String,
    pub state: String,
    pub opened_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub effective_date: Option<NaiveDate>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_events)]
pub(super) struct EventRow {
    pub application_id: Uuid,
    pub sequence: i32,
    pub kind: String,
    pub at: DateTime<Utc>,
    pub account_id: Uuid,
    pub association_id: Option<Uuid>,
    pub effective_date: Option<NaiveDate>,
    pub comment: Option<String>,
    pub field_comments: Value,
    pub proxy: Option<String>,
}

pub(super) const fn state_code(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft => "draft",
        ApplicationState::InReview => "in_review",
        ApplicationState::Returned => "returned",
        ApplicationState::Completed { .. } => "completed",
        ApplicationState::Rejected => "rejected",
        ApplicationState::Retracted => "retracted",
    }
}

impl ApplicationRow {
    pub(super) fn of(case: &Application, version: i64) -> Self {
        Self {
            id: case.id.uuid(),
            number: case.number.clone(),
            person_id: case.applicant.person().map(PersonId::uuid),
            account_id: match case.applicant {
                Applicant::Person(_) => None,
                Applicant::Account { account, .. } => Some(account.uuid()),
            },
            filed_by: case.filed_by.uuid(),
            state: state_code(case.state).to_owned(),
            effective_date: case.effective_date(),
            version,
            created_at: case.created_at,
            submitted_at: case.submitted_at,
            concluded_at: case.concluded_at,
        }
    }

    pub(super) fn application(
        self,
        changes: Vec<ChangeRow>,
        steps: Vec<StepRow>,
        events: Vec<EventRow>,
        attachments: Vec<Attachment>,
    ) -> Result<Stored<Application>, StoreError> {
        let unreadable = |column| StoreError::Unreadable { table: "applications", id: self.id.to_string(), column };
        let state = match (self.state.as_str(), self.effective_date) {
            ("draft", _) => ApplicationState::Draft,
            ("in_review", _) => ApplicationState::InReview,
            ("returned", _) => ApplicationState::Returned,
            ("completed", Some(effective_date)) => ApplicationState::Completed { effective_date },
            ("rejected", _) => ApplicationState::Rejected,
            ("retracted", _) => ApplicationState::Retracted,
            _ => return Err(unreadable("state")),
        };
        let applicant = match (self.account_id, self.person_id.map(PersonId::from_uuid)) {
            (None, Some(person)) => Applicant::Person(person),
            (Some(account), person) => Applicant::Account { account: AccountId::from_uuid(account), person },
            (None, None) => return Err(unreadable("person_id")),
        };
        let value = Application {
            id: ApplicationId::from_uuid(self.id),
            number: self.number,
            applicant,
            filed_by: AccountId::from_uuid(self.filed_by),
            state,
            changes: changes.into_iter().map(Change::try_from).collect::<Result<_, _>>()?,
            attachments,
            steps: steps.into_iter().map(Step::try_from).collect::<Result<_, _>>()?,
            events: events.into_iter().map(CaseEvent::try_from).collect::<Result<_, _>>()?,
            created_at: self.created_at,
            submitted_at: self.submitted_at,
            concluded_at: self.concluded_at,
        };
        Ok(Stored { value, version: self.version })
    }
}

pub(super) fn change_rows(case: &Application) -> Result<Vec<ChangeRow>, StoreError> {
    let row = |(position, change): (i32, &Change)| {
        let payload = match change {
            Change::JoinNew(draft) => serde_json::to_value(draft),
            Change::TrainingAccount(draft) => serde_json::to_value(draft),
        };
        let payload = payload.map_err(|_| StoreError::Unreadable {
            table: "application_changes",
            id: case.id.to_string(),
            column: "payload",
        })?;
        Ok(ChangeRow { application_id: case.id.uuid(), position, kind: change.kind().as_str().to_owned(), payload })
    };
    (1..).zip(&case.changes).map(row).collect()
}

impl TryFrom<ChangeRow> for Change {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable {
            table: "application_changes",
            id: format!("{}/{}", row.application_id, row.position),
            column,
        };
        let change = match row.kind.parse().map_err(|_| unreadable("kind"))? {
            ChangeKind::JoinNew => serde_json::from_value(row.payload).map(Self::JoinNew),
            ChangeKind::TrainingAccount => serde_json::from_value(row.payload).map(Self::TrainingAccount),
        };
        change.map_err(|_| unreadable("payload"))
    }
}

pub(super) fn step_rows(case: &Application) -> Vec<StepRow> {
    let row = |step: &Step| StepRow {
        application_id: case.id.uuid(),
        position: i32::try_from(step.position).unwrap_or(i32::MAX),
        association_id: step.association.uuid(),
        kind: step.kind.as_str().to_owned(),
        state: step.state.as_str().to_owned(),
        opened_at: step.opened_at,
        decided_at: step.decision.map(|d| d.at),
        decided_by: step.decision.map(|d| d.by.uuid()),
        effective_date: step.decision.and_then(|d| d.effective_date),
    };
    case.steps.iter().map(row).collect()
}

impl TryFrom<StepRow> for Step {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable {
            table: "application_steps",
            id: format!("{}/{}", row.application_id, row.position),
            column,
        };
        let decision = row.decided_at.zip(row.decided_by).map(|(at, by)| Decision {
            at,
            by: AccountId::from_uuid(by),
            effective_date: row.effective_date,
        });
        Ok(Self {
            position: u32::try_from(row.position).map_err(|_| unreadable("position"))?,
            association: AssociationId::from_uuid(row.association_id),
            kind: row.kind.parse().map_err(|_| unreadable("kind"))?,
            state: row.state.parse().map_err(|_| unreadable("state"))?,
            opened_at: row.opened_at,
            decision,
        })
    }
}

pub(super) fn event_rows(case: &Application, from: usize) -> Result<Vec<EventRow>, StoreError> {
    let row = |(sequence, event): (usize, &CaseEvent)| {
        let field_comments = serde_json::to_value(&event.field_comments).map_err(|_| StoreError::Unreadable {
            table: "application_events",
            id: case.id.to_string(),
            column: "field_comments",
        })?;
        Ok(EventRow {
            application_id: case.id.uuid(),
            sequence: i32::try_from(sequence + 1).unwrap_or(i32::MAX),
            kind: event.kind.as_str().to_owned(),
            at: event.at,
            account_id: event.account.uuid(),
            association_id: event.association.map(AssociationId::uuid),
            effective_date: event.effective_date,
            comment: event.comment.clone(),
            field_comments,
            proxy: event.proxy.map(|kind| kind.as_str().to_owned()),
        })
    };
    case.events.iter().enumerate().skip(from).map(row).collect()
}

impl TryFrom<EventRow> for CaseEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable {
            table: "application_events",
            id: format!("{}/{}", row.application_id, row.sequence),
            column,
        };
        Ok(Self {
            kind: row.kind.parse().map_err(|_| unreadable("kind"))?,
            at: row.at,
            account: AccountId::from_uuid(row.account_id),
            association: row.association_id.map(AssociationId::from_uuid),
            effective_date: row.effective_date,
            comment: row.comment,
            field_comments: serde_json::from_value(row.field_comments).map_err(|_| unreadable("field_comments"))?,
            proxy: row.proxy.map(|kind| kind.parse()).transpose().map_err(|_| unreadable("proxy"))?,
        })
    }
}
