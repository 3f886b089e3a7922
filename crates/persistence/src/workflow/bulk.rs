//! Many cases at once, for generated data: the rules made them, and the rows are those of single cases.

use chrono::NaiveDate;
use mamis_domain::identity::Permit;
use mamis_domain::workflow::Application;
use tokio_postgres::types::Type;

use super::rows::{ApplicationRow, ChangeRow, EventRow, StepRow, change_rows, event_rows, step_rows};
use crate::StoreError;
use crate::registry::bulk::{BulkTx, Value, columns, sealed};

columns!(ApplicationRow as a => "applications" {
    "id" Uuid = Some(a.id);
    "number" Text = a.number.as_deref();
    "person_id" Uuid = a.person_id;
    "account_id" Uuid = a.account_id;
    "filed_by" Uuid = Some(a.filed_by);
    "state" Text = Some(&a.state);
    "effective_date" Date = a.effective_date;
    "version" BigInt = a.version;
    "created_at" Instant = Some(a.created_at);
    "submitted_at" Instant = a.submitted_at;
    "concluded_at" Instant = a.concluded_at;
});

columns!(ChangeRow as c => "application_changes" {
    "application_id" Uuid = Some(c.application_id);
    "position" Int = c.position;
    "kind" Text = Some(&c.kind);
    "payload" Json = &c.payload;
});

columns!(StepRow as s => "application_steps" {
    "application_id" Uuid = Some(s.application_id);
    "position" Int = s.position;
    "association_id" Uuid = Some(s.association_id);
    "kind" Text = Some(&s.kind);
    "state" Text = Some(&s.state);
    "opened_at" Instant = s.opened_at;
    "decided_at" Instant = s.decided_at;
    "decided_by" Uuid = s.decided_by;
    "effective_date" Date = s.effective_date;
});

columns!(EventRow as e => "application_events" {
    "application_id" Uuid = Some(e.application_id);
    "sequence" Int = e.sequence;
    "kind" Text = Some(&e.kind);
    "at" Instant = Some(e.at);
    "account_id" Uuid = Some(e.account_id);
    "association_id" Uuid = e.association_id;
    "effective_date" Date = e.effective_date;
    "comment" Text = e.comment.as_deref();
    "field_comments" Json = &e.field_comments;
    "proxy" Text = e.proxy.as_deref();
});

impl BulkTx<'_> {
    /// Writes cases as they stand, whatever their state. Audit events are the caller's to add.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn applications_insert<A: Copy>(
        &mut self,
        _permit: &Permit<A>,
        cases: &[Application],
    ) -> Result<(), StoreError> {
        // A case is written once when it begins and once for each event after that.
        let version = |case: &Application| i64::try_from(case.events.len()).unwrap_or(i64::MAX);
        let rows: Vec<_> = cases.iter().map(|case| ApplicationRow::of(case, version(case))).collect();
        self.copy(&rows).await?;
        let (mut changes, mut steps, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for case in cases {
            changes.extend(change_rows(case)?);
            steps.extend(step_rows(case));
            events.extend(event_rows(case, 0)?);
        }
        self.copy(&changes).await?;
        self.copy(&steps).await?;
        self.copy(&events).await
    }

    /// Takes the next receipt numbers, as [`Tx::application_number_next`](crate::Tx::application_number_next) does one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_numbers_take(
        &mut self,
        kind: &str,
        filed_on: &[NaiveDate],
    ) -> Result<Vec<String>, StoreError> {
        use chrono::Datelike;
        let count = i64::try_from(filed_on.len()).unwrap_or(i64::MAX);
        let rows = self
            .tx
            .query("select nextval('application_numbers') from generate_series(1, $1::bigint)", &[&count])
            .await?;
        let number = |(row, day): (tokio_postgres::Row, &NaiveDate)| {
            let next: i64 = row.try_get(0)?;
            Ok(format!("{}-{kind}-{next:08}", day.year()))
        };
        rows.into_iter().zip(filed_on).map(number).collect()
    }
}
