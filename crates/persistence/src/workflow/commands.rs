use chrono::{DateTime, Datelike, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::record::RecordChange;
use mamis_domain::workflow::Application;
use mamis_domain::workflow::policy::WorkflowAction;
use mamis_kernel::ApplicationId;
use serde_json::json;

use super::queries::load;
use super::rows::{ApplicationRow, change_rows, event_rows, state_code, step_rows};
use crate::audit::{CHANGES, NewAuditEvent};
use crate::schema::{application_changes, application_events, application_steps, applications};
use crate::{StoreError, Stored, Tx};

impl Tx {
    /// A case, locked until the end of the transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_for_update(
        &mut self,
        id: ApplicationId,
    ) -> Result<Option<Stored<Application>>, StoreError> {
        load(&mut self.conn, id, true).await
    }

    /// Keeps a new draft.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_insert(
        &mut self,
        permit: &Permit<WorkflowAction>,
        case: &Application,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let version = 1;
        diesel::insert_into(applications::table)
            .values(ApplicationRow::of(case, version))
            .execute(&mut self.conn)
            .await?;
        diesel::insert_into(application_changes::table).values(change_rows(case)?).execute(&mut self.conn).await?;
        diesel::insert_into(application_events::table).values(event_rows(case, 0)?).execute(&mut self.conn).await?;
        self.application_audit(permit, (None, case), &[], now).await?;
        Ok(version)
    }

    /// Writes what has become of a case, its new events and its audit event. Gives the new version.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`] when somebody else wrote it since.
    pub async fn application_save(
        &mut self,
        permit: &Permit<WorkflowAction>,
        before: &Stored<Application>,
        case: &Application,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        self.application_conclude(permit, before, case, &[], now).await
    }

    /// The same of a case that may have concluded: its one audit event says, too, what that changed in the person's record.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`] when somebody else wrote it since.
    pub async fn application_conclude(
        &mut self,
        permit: &Permit<WorkflowAction>,
        before: &Stored<Application>,
        case: &Application,
        changes: &[RecordChange],
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let version = before.version + 1;
        let written = diesel::update(applications::table.find(case.id.uuid()))
            .filter(applications::version.eq(before.version))
            .set(ApplicationRow::of(case, version))
            .execute(&mut self.conn)
            .await?;
        if written != 1 {
            return Err(StoreError::StaleVersion);
        }
        if case.changes != before.value.changes {
            diesel::delete(application_changes::table.filter(application_changes::application_id.eq(case.id.uuid())))
                .execute(&mut self.conn)
                .await?;
            diesel::insert_into(application_changes::table).values(change_rows(case)?).execute(&mut self.conn).await?;
        }
        self.application_steps_save(&before.value, case).await?;
        let new = event_rows(case, before.value.events.len())?;
        if !new.is_empty() {
            diesel::insert_into(application_events::table).values(new).execute(&mut self.conn).await?;
        }
        self.application_audit(permit, (Some(&before.value), case), changes, now).await?;
        Ok(version)
    }

    async fn application_steps_save(&mut self, before: &Application, case: &Application) -> Result<(), StoreError> {
        let (old, new) = (step_rows(before), step_rows(case));
        let same_route = old.len() == new.len()
            && old.iter().zip(&new).all(|(a, b)| a.association_id == b.association_id && a.kind == b.kind);
        if !same_route {
            let of_case = application_steps::application_id.eq(case.id.uuid());
            diesel::delete(application_steps::table.filter(of_case)).execute(&mut self.conn).await?;
            diesel::insert_into(application_steps::table).values(new).execute(&mut self.conn).await?;
            return Ok(());
        }
        // In order, so that the step that was open is closed before the next one opens: only one may be open.
        for row in new.into_iter().zip(old).filter(|(new, old)| new != old).map(|(new, _)| new) {
            diesel::update(application_steps::table.find((row.application_id, row.position)))
                .set((
                    application_steps::state.eq(row.state),
                    application_steps::opened_at.eq(row.opened_at),
                    application_steps::decided_at.eq(row.decided_at),
                    application_steps::decided_by.eq(row.decided_by),
                    application_steps::effective_date.eq(row.effective_date),
                ))
                .execute(&mut self.conn)
                .await?;
        }
        Ok(())
    }

    async fn application_audit(
        &mut self,
        permit: &Permit<WorkflowAction>,
        (before, case): (Option<&Application>, &Application),
        changes: &[RecordChange],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let changes_of = |case: &Application| json!({ "state": state_code(case.state), "changes": case.changes, "effective_date": case.effective_date() });
        let comment = case.events.last().and_then(|event| event.comment.clone());
        let mut payload = json!({ "before": before.map(changes_of), "after": changes_of(case), "comment": comment });
        if !changes.is_empty() {
            payload[CHANGES] = json!(changes);
        }
        self.audit_append(
            permit,
            NewAuditEvent {
                action: &format!("workflow.{}", permit.action()),
                outcome: AuditOutcome::Done,
                subject_kind: "application",
                subject_id: Some(case.id.uuid()),
                person: case.applicant.person(),
                at: now,
                payload: Some(payload),
            },
        )
        .await
    }

    /// The next receipt number: year, kind, running number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_number_next(
        &mut self,
        kind: &str,
        today: chrono::NaiveDate,
    ) -> Result<String, StoreError> {
        let next: i64 = diesel::select(sql::<diesel::sql_types::BigInt>("nextval('application_numbers')"))
            .get_result(&mut self.conn)
            .await?;
        Ok(format!("{}-{kind}-{next:08}", today.year()))
    }
}
