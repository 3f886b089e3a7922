use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{count_star, exists, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use mamis_domain::identity::Scope;
use mamis_domain::workflow::{Application, ChangeKind, Place, RouteStep};
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{AccountId, ApplicationId, AssociationId, PersonId, StepState, Tier};
use uuid::Uuid;

use super::rows::{ApplicationRow, ChangeRow, EventRow, StepRow};
use crate::registry::PersonBrief;
use crate::schema::{
    application_changes, application_events, application_steps, applications, persons, route_steps, routes,
};
use crate::{Datastore, StoreError, Stored, Tx};

/// A case in its physician's list.
#[derive(Debug, Clone)]
pub struct CaseListItem {
    /// The case.
    pub id: ApplicationId,
    /// 受付番号
    pub number: Option<String>,
    /// As in the table.
    pub state: String,
    /// The kinds of its changes.
    pub kinds: Vec<String>,
    /// Whose turn it is, or who returned the case; since when.
    pub current_step: Option<(AssociationId, DateTime<Utc>)>,
    /// Whether an association has approved.
    pub has_an_approval: bool,
    /// When the draft was begun.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub moved_at: DateTime<Utc>,
    /// The wished or decided day.
    pub effective_date: Option<NaiveDate>,
}

/// Since when a step has stood where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WorkSince {
    /// Since its turn came; the order of the work list's index.
    #[default]
    Opened,
    /// Since it was decided.
    Decided,
    /// Since the case was filed, for steps whose turn has not come.
    Submitted,
}

impl WorkSince {
    const fn column(self) -> &'static str {
        match self {
            Self::Opened => "application_steps.opened_at",
            Self::Decided => "application_steps.decided_at",
            Self::Submitted => "applications.submitted_at",
        }
    }
}

/// What part of the work to list.
#[derive(Debug, Clone, Default)]
pub struct WorkFilter {
    /// By what to order.
    pub since: WorkSince,
    /// Step states to list.
    pub step_states: Vec<StepState>,
    /// Only in cases under review: a step that waits in a returned case is nobody's work.
    pub only_in_review: bool,
    /// Only steps that have stood there since before this.
    pub since_before: Option<DateTime<Utc>>,
    /// The beginning of a name, its kana, or a receipt number.
    pub text: Option<String>,
    /// Rows at most.
    pub limit: i64,
}

/// Where a page of the work list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkPosition {
    /// The last row's time.
    pub since: DateTime<Utc>,
    /// The last row's case.
    pub application: ApplicationId,
    /// The last row's step.
    pub position: i32,
}

/// A row of the work list.
#[derive(Debug, Clone)]
pub struct WorkRow {
    /// Where the row stands in the list.
    pub at: WorkPosition,
    /// 受付番号
    pub number: String,
    /// As in the table.
    pub state: String,
    /// Whether an association has approved.
    pub has_an_approval: bool,
    /// Whom it is about.
    pub applicant: PersonBrief,
    /// The kinds of its changes.
    pub kinds: Vec<String>,
    /// Whose step.
    pub association: AssociationId,
    /// Where the step stands.
    pub step_state: StepState,
    /// When the case was filed.
    pub submitted_at: DateTime<Utc>,
    /// The wished or decided day.
    pub effective_date: Option<NaiveDate>,
}

/// One association's counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// To be decided now.
    pub open: i64,
    /// Of these, before the first mark.
    pub open_before_first: i64,
    /// Of these, before the second mark.
    pub open_before_second: i64,
    /// Still with an association before it.
    pub upcoming: i64,
    /// Sent back by it.
    pub returned: i64,
}

pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    id: ApplicationId,
    lock: bool,
) -> Result<Option<Stored<Application>>, StoreError> {
    let query = applications::table.find(id.uuid()).select(ApplicationRow::as_select());
    let row =
        if lock { query.for_update().first(conn).await.optional()? } else { query.first(conn).await.optional()? };
    let Some(row) = row else { return Ok(None) };
    let changes = application_changes::table
        .filter(application_changes::application_id.eq(id.uuid()))
        .order(application_changes::position)
        .select(ChangeRow::as_select())
        .load(conn)
        .await?;
    let steps = application_steps::table
        .filter(application_steps::application_id.eq(id.uuid()))
        .order(application_steps::position)
        .select(StepRow::as_select())
        .load(conn)
        .await?;
    let events = application_events::table
        .filter(application_events::application_id.eq(id.uuid()))
        .order(application_events::sequence)
        .select(EventRow::as_select())
        .load(conn)
        .await?;
    let attachments = super::attachments::received_of(conn, id).await?;
    row.application(changes, steps, events, attachments).map(Some)
}

impl Tx {
    /// The rows of the route in force on a day, in order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn route_get(
        &mut self,
        kind: ChangeKind,
        highest_tier: Tier,
        day: NaiveDate,
    ) -> Result<Vec<RouteStep>, StoreError> {
        let rows: Vec<(Uuid, i32, String, String)> = route_steps::table
            .inner_join(routes::table)
            .filter(routes::kind.eq(kind.as_str()))
            .filter(routes::highest_tier.eq(highest_tier.as_str()))
            .filter(routes::valid_from.le(day))
            .filter(routes::valid_to.is_null().or(routes::valid_to.gt(day)))
            .order(route_steps::position)
            .select((route_steps::route_id, route_steps::position, route_steps::place, route_steps::kind))
            .load(&mut self.conn)
            .await?;
        let read = |(route, position, place, kind): (Uuid, i32, String, String)| {
            let unreadable =
                |column| StoreError::Unreadable { table: "route_steps", id: format!("{route}/{position}"), column };
            Ok(RouteStep {
                place: place.parse::<Place>().map_err(|_| unreadable("place"))?,
                kind: kind.parse().map_err(|_| unreadable("kind"))?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Whether the person has another open case with any of these associations on its route (W-6).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_parallel_exists(
        &mut self,
        person: PersonId,
        except: ApplicationId,
        associations: &[AssociationId],
    ) -> Result<bool, StoreError> {
        let associations: Vec<Uuid> = associations.iter().map(|id| id.uuid()).collect();
        let other = applications::table
            .inner_join(application_steps::table)
            .filter(applications::person_id.eq(person.uuid()))
            .filter(applications::id.ne(except.uuid()))
            .filter(applications::state.eq_any(["in_review", "returned"]))
            .filter(application_steps::association_id.eq_any(associations));
        Ok(diesel::select(exists(other)).get_result(&mut self.conn).await?)
    }
}

impl Datastore {
    /// A case with all that belongs to it; the caller's policy decides who may see it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_get(&self, id: ApplicationId) -> Result<Option<Stored<Application>>, StoreError> {
        load(&mut *self.conn().await?, id, false).await
    }

    /// The cases about the scope's own person and about the account itself, where one is given, newest first, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_list(
        &self,
        scope: &Scope,
        account: Option<AccountId>,
        after: Option<ApplicationId>,
        limit: i64,
    ) -> Result<Vec<CaseListItem>, StoreError> {
        let mut conn = self.conn().await?;
        let of_person = applications::person_id.is_not_distinct_from(scope.person().map(PersonId::uuid));
        let own = applications::person_id.is_not_null().and(of_person).or(applications::account_id
            .is_not_null()
            .and(applications::account_id.is_not_distinct_from(account.map(AccountId::uuid))));
        let mut query = applications::table
            .filter(own)
            // a draft that was thrown away is nothing to look back at
            .filter(applications::state.ne("retracted").or(applications::submitted_at.is_not_null()))
            .order(applications::id.desc())
            .limit(limit)
            .select(ApplicationRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(applications::id.lt(after.uuid()));
        }
        let rows: Vec<ApplicationRow> = query.load(&mut conn).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let kinds: Vec<(Uuid, String)> = application_changes::table
            .filter(application_changes::application_id.eq_any(&ids))
            .order((application_changes::application_id, application_changes::position))
            .select((application_changes::application_id, application_changes::kind))
            .load(&mut conn)
            .await?;
        let steps: Vec<StepRow> = application_steps::table
            .filter(application_steps::application_id.eq_any(&ids))
            .select(StepRow::as_select())
            .load(&mut conn)
            .await?;
        let item = |row: ApplicationRow| {
            let own: Vec<&StepRow> = steps.iter().filter(|step| step.application_id == row.id).collect();
            let current = own.iter().find_map(|step| {
                let since = match step.state.as_str() {
                    state if state == StepState::Open.as_str() => step.opened_at,
                    state if state == StepState::Returned.as_str() => step.decided_at,
                    _ => None,
                };
                Some((AssociationId::from_uuid(step.association_id), since?))
            });
            let moved = own.iter().flat_map(|step| [step.opened_at, step.decided_at]).flatten();
            CaseListItem {
                id: ApplicationId::from_uuid(row.id),
                kinds: kinds.iter().filter(|(id, _)| *id == row.id).map(|(_, kind)| kind.clone()).collect(),
                current_step: current,
                has_an_approval: own.iter().any(|step| step.state == StepState::Approved.as_str()),
                moved_at: moved.chain(row.concluded_at).max().unwrap_or(row.created_at),
                number: row.number,
                state: row.state,
                created_at: row.created_at,
                effective_date: row.effective_date,
            }
        };
        Ok(rows.into_iter().map(item).collect())
    }

    /// Steps of the scope's associations, longest waiting first, after `after`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn work_item_list(
        &self,
        scope: &Scope,
        filter: &WorkFilter,
        after: Option<WorkPosition>,
    ) -> Result<Vec<WorkRow>, StoreError> {
        let associations: Vec<Uuid> = scope.associations().iter().map(|id| id.uuid()).collect();
        let states: Vec<&str> = filter.step_states.iter().map(|state| state.as_str()).collect();
        let mut conn = self.conn().await?;
        let since = || sql::<diesel::sql_types::Timestamptz>(filter.since.column());
        let mut query = application_steps::table
            .inner_join(applications::table.inner_join(persons::table))
            .filter(application_steps::association_id.eq_any(associations))
            .filter(application_steps::state.eq_any(states))
            .filter(applications::submitted_at.is_not_null())
            .order((since(), application_steps::application_id, application_steps::position))
            .limit(filter.limit)
            .select((
                since(),
                StepRow::as_select(),
                ApplicationRow::as_select(),
                (
                    persons::id,
                    persons::family_name,
                    persons::given_name,
                    persons::family_name_kana,
                    persons::given_name_kana,
                ),
            ))
            .into_boxed();
        if filter.only_in_review {
            query = query.filter(applications::state.eq("in_review"));
        }
        if let Some(before) = filter.since_before {
            query = query.filter(since().le(before));
        }
        if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let prefix = |key: &str| format!("{}%", crate::registry::like_literal(key));
            let (name, kana) = search_keys(text);
            query = query.filter(
                persons::search_name
                    .like(prefix(&name))
                    .or(persons::search_kana.like(prefix(&kana)))
                    .or(applications::number.nullable().like(prefix(&text.to_uppercase())).is_not_distinct_from(true)),
            );
        }
        if let Some(at) = after {
            query = query.filter(
                since().gt(at.since).or(since()
                    .eq(at.since)
                    .and(application_steps::application_id.gt(at.application.uuid()))
                    .or(since()
                        .eq(at.since)
                        .and(application_steps::application_id.eq(at.application.uuid()))
                        .and(application_steps::position.gt(at.position)))),
            );
        }
        type Row = (DateTime<Utc>, StepRow, ApplicationRow, (Uuid, String, String, String, String));
        let rows: Vec<Row> = query.load(&mut conn).await?;
        let ids: Vec<Uuid> = rows.iter().map(|(_, step, ..)| step.application_id).collect();
        let kinds: Vec<(Uuid, String)> = application_changes::table
            .filter(application_changes::application_id.eq_any(&ids))
            .order((application_changes::application_id, application_changes::position))
            .select((application_changes::application_id, application_changes::kind))
            .load(&mut conn)
            .await?;
        let approved: Vec<Uuid> = application_steps::table
            .filter(application_steps::application_id.eq_any(&ids))
            .filter(application_steps::state.eq(StepState::Approved.as_str()))
            .select(application_steps::application_id)
            .distinct()
            .load(&mut conn)
            .await?;
        let read = |(since, step, case, person): Row| {
            let unreadable = |column| StoreError::Unreadable { table: "applications", id: case.id.to_string(), column };
            Ok(WorkRow {
                at: WorkPosition { since, application: ApplicationId::from_uuid(case.id), position: step.position },
                number: case.number.clone().ok_or_else(|| unreadable("number"))?,
                has_an_approval: approved.contains(&case.id),
                applicant: PersonBrief::new(person),
                kinds: kinds.iter().filter(|(id, _)| *id == case.id).map(|(_, kind)| kind.clone()).collect(),
                association: AssociationId::from_uuid(step.association_id),
                step_state: step.state.parse().map_err(|_| unreadable("state"))?,
                submitted_at: case.submitted_at.ok_or_else(|| unreadable("submitted_at"))?,
                effective_date: case.effective_date,
                state: case.state,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Counts of the scope's associations, those without work left out. The marks are the beginnings of ages.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn work_counts(
        &self,
        scope: &Scope,
        first_mark: DateTime<Utc>,
        second_mark: DateTime<Utc>,
    ) -> Result<Vec<(AssociationId, WorkCounts)>, StoreError> {
        type Row = (Uuid, String, i64, i64, i64);
        let associations: Vec<Uuid> = scope.associations().iter().map(|id| id.uuid()).collect();
        let older = |mark: DateTime<Utc>| {
            sql::<BigInt>("count(*) filter (where application_steps.opened_at <= ")
                .bind::<diesel::sql_types::Timestamptz, _>(mark)
                .sql(")")
        };
        let rows: Vec<Row> = application_steps::table
            .inner_join(applications::table)
            .filter(application_steps::association_id.eq_any(associations))
            .filter(
                application_steps::state
                    .eq(StepState::Open.as_str())
                    .or(application_steps::state
                        .eq(StepState::Waiting.as_str())
                        .and(applications::state.eq("in_review")))
                    .or(application_steps::state
                        .eq(StepState::Returned.as_str())
                        .and(applications::state.eq("returned"))),
            )
            .group_by((application_steps::association_id, application_steps::state))
            .select((
                application_steps::association_id,
                application_steps::state,
                count_star(),
                older(first_mark),
                older(second_mark),
            ))
            .load(&mut self.conn().await?)
            .await?;
        let mut found: Vec<(AssociationId, WorkCounts)> = Vec::new();
        for (association, state, count, first, second) in rows {
            let id = AssociationId::from_uuid(association);
            let at = found.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
                found.push((id, WorkCounts::default()));
                found.len() - 1
            });
            let counts = &mut found[at].1;
            match state.as_str() {
                "open" => {
                    (counts.open, counts.open_before_first, counts.open_before_second) = (count, first, second);
                }
                "waiting" => counts.upcoming = count,
                _ => counts.returned = count,
            }
        }
        Ok(found)
    }
}

/// What to look for among names and among readings. A key drops what it does not compare: an empty one would find
/// everybody, so the text itself takes its place and finds nobody. Only kana are a reading.
fn search_keys(text: &str) -> (String, String) {
    let is_kana = |c: char| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{FF61}'..='\u{FF9F}') || c.is_whitespace();
    let or_text = |key: String| if key.is_empty() { text.to_owned() } else { key };
    let kana = if text.chars().all(is_kana) { kana_key(text) } else { String::new() };
    (or_text(name_key(text)), or_text(kana))
}

#[cfg(test)]
mod tests {
    use super::search_keys;

    #[test]
    fn no_text_finds_everybody() {
        for text in ["佐藤", "・", "ー", "。", "2026-JOIN-00000001", "山田タロウ", "ﾞ", "さとう", "ｻﾄｳ"]
        {
            let (name, kana) = search_keys(text);
            assert!(!name.is_empty() && !kana.is_empty(), "{text}");
        }
        assert_eq!(search_keys("ｻﾄｳ").1, "サトウ");
        assert_eq!(search_keys("山田タロウ").1, "山田タロウ");
    }
}
