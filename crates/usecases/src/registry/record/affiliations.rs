use chrono::NaiveDate;
use mamis_domain::registry::record::{Affiliation, AffiliationFacts, affiliation_changes, check_affiliation};
use mamis_kernel::{AffiliationId, BusinessType, Employment, FacilityId, FieldErrorCode, Period, PersonId};
use mamis_persistence::Tx;
use mamis_persistence::registry::AffiliationRecord;

use super::{closed, fault, faulty, opened, refused};
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

const ADDED: &str = "registry.add_affiliation";
const CHANGED: &str = "registry.change_affiliation";

/// A further workplace.
#[derive(Debug, Clone)]
pub struct NewAffiliation {
    /// Where.
    pub facility: FacilityId,
    /// 役職
    pub role: Option<String>,
    /// As what.
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    pub employment: Option<Employment>,
    /// 主たる勤務先
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, when it is known.
    pub last_day: Option<NaiveDate>,
}

/// What changes about a workplace; what is not given stays.
#[derive(Debug, Clone, Default)]
pub struct AffiliationCommand {
    /// 役職; may be taken away.
    pub role: Option<Option<String>>,
    /// As what; may be taken away.
    pub business_type: Option<Option<BusinessType>>,
    /// Full or part time; may be taken away.
    pub employment: Option<Option<Employment>>,
    /// 主たる勤務先
    pub is_main: Option<bool>,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day; may be taken away.
    pub last_day: Option<Option<NaiveDate>>,
}

/// Adds a workplace to a person's record.
///
/// Rules REC-1 to REC-3; source: docs/rules/registry.md#rec-1.
///
/// # Errors
/// [`AppError::Denied`], [`AppError::StaleVersion`]; faults of the fields.
#[tracing::instrument(name = "registry.add_affiliation", skip_all)]
pub async fn add_affiliation(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (person, based_on): (PersonId, i64),
    command: NewAffiliation,
    render: impl Fn(AffiliationRecord, i64) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let added = app
        .once(caller, idempotency, async |tx| {
            let permit = opened(app, tx, caller, person, based_on).await?;
            let Some(facility) = tx.facility_get(command.facility).await? else {
                return Err(fault("/facility_id", FieldErrorCode::UnknownValue));
            };
            let wanted = AffiliationFacts {
                facility: command.facility,
                facility_name: facility.name,
                role: trimmed(command.role),
                business_type: command.business_type,
                employment: command.employment,
                is_main: command.is_main,
                period: period(command.valid_from, command.last_day)?,
            };
            let held = tx.affiliation_list(person).await?;
            check_affiliation(&wanted, held.iter().map(|held| &held.facts), app.clock.today()).map_err(faulty)?;
            let id = app.new_id();
            tx.affiliation_insert(&permit, person, id, &wanted, app.clock.now()).await?;
            let changes = affiliation_changes(None, Some(&wanted));
            let version = closed(app, tx, &permit, ADDED, person, &changes).await?;
            render(shown(tx, AffiliationId::from_uuid(id)).await?, version)
        })
        .await;
    match added {
        Ok(answer) => Ok(answer),
        Err(error) => Err(refused(app, caller, ADDED, Some(person), error).await),
    }
}

/// Changes a workplace of a person's record: the row is closed and succeeded. What is so already changes nothing.
///
/// # Errors
/// Those of [`add_affiliation`].
#[tracing::instrument(name = "registry.change_affiliation", skip_all)]
pub async fn change_affiliation(
    app: &App,
    caller: &Caller,
    (id, based_on): (AffiliationId, i64),
    command: AffiliationCommand,
) -> Result<(AffiliationRecord, i64), AppError> {
    let mut about = None;
    let changed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let person = tx.affiliation_person(id).await?.ok_or(AppError::NotFound)?;
            about = Some(person);
            let permit = opened(app, tx, caller, person, based_on).await?;
            let held = tx.affiliation_list(person).await?;
            let Some(Affiliation { facts: before, .. }) = held.iter().find(|held| held.id == id) else {
                return Err(AppError::StaleVersion);
            };
            let after = applied(before, command)?;
            let changes = affiliation_changes(Some(before), Some(&after));
            if changes.is_empty() {
                return Ok((shown(tx, id).await?, based_on));
            }
            let others = held.iter().filter(|held| held.id != id).map(|held| &held.facts);
            check_affiliation(&after, others, app.clock.today()).map_err(faulty)?;
            let (now, successor) = (app.clock.now(), app.new_id());
            tx.affiliation_supersede(&permit, id, now).await?;
            tx.affiliation_insert(&permit, person, successor, &after, now).await?;
            let version = closed(app, tx, &permit, CHANGED, person, &changes).await?;
            Ok((shown(tx, AffiliationId::from_uuid(successor)).await?, version))
        })
        .await;
    match changed {
        Ok(done) => Ok(done),
        Err(error) => Err(refused(app, caller, CHANGED, about, error).await),
    }
}

fn applied(before: &AffiliationFacts, command: AffiliationCommand) -> Result<AffiliationFacts, AppError> {
    let first = command.valid_from.unwrap_or_else(|| before.period.valid_from());
    let last = command.last_day.unwrap_or_else(|| before.period.last_day());
    Ok(AffiliationFacts {
        role: command.role.map_or_else(|| before.role.clone(), trimmed),
        business_type: command.business_type.unwrap_or(before.business_type),
        employment: command.employment.unwrap_or(before.employment),
        is_main: command.is_main.unwrap_or(before.is_main),
        period: period(first, last)?,
        ..before.clone()
    })
}

fn period(first: NaiveDate, last: Option<NaiveDate>) -> Result<Period, AppError> {
    let period = last.map_or(Ok(Period::open(first)), |last| Period::through(first, last));
    period.map_err(|_| fault("/last_day", FieldErrorCode::Conflicting))
}

fn trimmed(role: Option<String>) -> Option<String> {
    role.map(|role| role.trim().to_owned()).filter(|role| !role.is_empty())
}

async fn shown(tx: &mut Tx, id: AffiliationId) -> Result<AffiliationRecord, AppError> {
    tx.affiliation_record(id).await?.ok_or(AppError::Internal("an affiliation that was just written is gone"))
}
