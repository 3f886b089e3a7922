//! Lists of an association's members.

use actix_web::web::Json;
use actix_web::{HttpRequest, post};
use chrono::NaiveDate;
use mamis_contract::page::Page;
use mamis_contract::registry::{
    CountMembers, MemberCount, MemberFilter, MemberSort, MemberView, SearchMembers, WorkplaceRef,
};
use mamis_domain::registry::Directory;
use mamis_kernel::{AssociationId, FacilityId, PersonId, Tier};
use mamis_persistence::registry::{MemberOrder, MemberRow};
use mamis_usecases::registry::{self, MemberSearch};

use super::handlers::{in_calendar, invalid};
use super::wire::{association_ref, category_view, state_on};
use crate::cursor;
use crate::extract::{AppData, Body, SignedIn};
use crate::openapi::ReadProblems;
use crate::problem::{Rejection, Trouble};

/// Lists members of an association whose clerk one is.
///
/// The order is stable under changes; the cursor belongs to filter and order. Reading the list is audited.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = SearchMembers,
    responses((status = 200, body = Page<MemberView>, description = "A page"), ReadProblems))]
#[post("/members/search")]
pub async fn search_members(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<SearchMembers>,
) -> Result<Json<Page<MemberView>>, Rejection> {
    let found = async {
        let SearchMembers { association_id, filter, sort, cursor, limit } = body.value;
        let limit = cursor::limit(limit, "/limit")?;
        let order = order(sort.unwrap_or(MemberSort::Kana), cursor.as_deref())?;
        let search = search(association_id, filter)?;
        let found = registry::search_members(&app, &caller, &search, &order, cursor::rows(limit)).await?;
        let (day, directory) = (found.day, found.directory);
        let view = |row| member_view(row, association_id, &directory, day);
        Ok::<_, Trouble>(Json(cursor::page(found.rows, limit, |row| position(&row.position(&order)), view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Counts members of an association whose clerk one is.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = CountMembers,
    responses((status = 200, body = MemberCount, description = "How many"), ReadProblems))]
#[post("/members/count")]
pub async fn count_members(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<CountMembers>,
) -> Result<Json<MemberCount>, Rejection> {
    let counted = async {
        let search = search(body.value.association_id, body.value.filter)?;
        let count = registry::count_members(&app, &caller, &search).await?;
        Ok::<_, Trouble>(Json(MemberCount { count }))
    };
    counted.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// What is asked, as the use cases take it.
pub(super) fn search(association: AssociationId, filter: MemberFilter) -> Result<MemberSearch, Trouble> {
    let MemberFilter { text, as_of, state, category_codes, also_of, min_age, max_age, specialty, facility_kinds } =
        filter;
    in_calendar(as_of, "/filter/as_of")?;
    let specialty = specialty.map(|specialty| specialty.trim().to_owned()).filter(|specialty| !specialty.is_empty());
    Ok(MemberSearch {
        association,
        text,
        as_of,
        state,
        category_codes,
        also_of,
        min_age,
        max_age,
        specialty,
        facility_kinds,
    })
}

type KanaAt = (String, PersonId);
type JoinedAt = (NaiveDate, PersonId);

/// The order, behind what the cursor says. A cursor of another order is none.
fn order(sort: MemberSort, cursor: Option<&str>) -> Result<MemberOrder, Trouble> {
    Ok(match sort {
        MemberSort::Kana => {
            let at: Option<KanaAt> = cursor::decode(cursor, "/cursor")?;
            if at.as_ref().is_some_and(|(key, _)| key.contains('\0')) {
                return Err(invalid("/cursor"));
            }
            MemberOrder::Kana(at)
        }
        MemberSort::JoinedLatest => {
            let at: Option<JoinedAt> = cursor::decode(cursor, "/cursor")?;
            in_calendar(at.map(|(day, _)| day), "/cursor")?;
            MemberOrder::JoinedLatest(at)
        }
    })
}

fn position(order: &MemberOrder) -> serde_json::Value {
    match order {
        MemberOrder::Kana(at) => serde_json::json!(at),
        MemberOrder::JoinedLatest(at) => serde_json::json!(at),
    }
}

fn member_view(row: MemberRow, association: AssociationId, directory: &Directory, day: NaiveDate) -> MemberView {
    let category = row.category_code.clone().map(|code| category_view(directory, association, code));
    let workplace = match (row.facility_id, &row.facility_name, row.facility_kind.as_deref().map(str::parse)) {
        (Some(id), Some(name), Some(Ok(kind))) => {
            Some(WorkplaceRef { id: FacilityId::from_uuid(id), name: name.clone(), kind })
        }
        _ => None,
    };
    let below = |id: &AssociationId| {
        let is_district = directory.get(*id).is_some_and(|found| found.tier == Tier::District);
        is_district && *id != association && directory.is_at_or_above(association, *id)
    };
    let district = row.associations().find(below).and_then(|id| association_ref(directory, id));
    MemberView {
        person_id: row.person(),
        display_name: row.names.display_name(),
        name_kana: row.names.name_kana(),
        age: day.years_since(row.birth_date).unwrap_or_default(),
        category,
        valid_from: row.valid_from,
        last_day: row.valid_to.and_then(|end| end.pred_opt()),
        state: state_on(day, row.valid_from, row.valid_to),
        end_reason: row.end_reason.as_deref().and_then(|reason| reason.parse().ok()),
        district,
        workplace,
        medical_registration_number: row.number,
    }
}
