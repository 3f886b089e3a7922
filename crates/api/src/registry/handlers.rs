use actix_web::http::header::ETAG;
use actix_web::web::Json;
use actix_web::{HttpRequest, HttpResponse, get, post};
use mamis_contract::page::PageQuery;
use mamis_contract::registry::{
    AssociationQuery, AssociationView, FacilityMatches, LookUpPerson, MedicalSchoolView, MembershipList,
    MembershipQuery, MunicipalityQuery, MunicipalityView, PersonRef, PersonView, PostalCodeView, SearchFacilities,
};
use mamis_contract::{FieldErrorCode, Page, ProblemCode};
use mamis_domain::identity::Scope;
use mamis_domain::workflow::FieldFault;
use mamis_kernel::text::PostalCode;
use mamis_kernel::text::search_key::name_key;
use mamis_kernel::{AssociationId, PersonId};
use mamis_persistence::registry::{AssociationFilter, MembershipTime};
use mamis_usecases::{registry, tokyo_day_end};

use super::wire;
use crate::cursor;
use crate::extract::{AppData, Body, EvenProvisional, Params, PathId, SignedIn, etag};
use crate::openapi::ReadProblems;
use crate::problem::{Rejection, Trouble};

const FACILITIES_AT_MOST: i64 = 20;

/// Gives what a postal code may stand for.
///
/// Address candidates, each with the district associations that serve its municipality. A postal code never determines an
/// address: candidates can lie in several municipalities, even prefectures.
#[utoipa::path(tag = "registry", security(("session" = [])),
    params(("postal_code" = String, Path, description = "Seven digits; a hyphen and full-width digits are understood", example = "5200044")),
    responses((status = 200, body = PostalCodeView, description = "Candidates, perhaps none"), ReadProblems))]
#[get("/postal-codes/{postal_code}")]
pub async fn get_postal_code(
    app: AppData,
    request: HttpRequest,
    _: EvenProvisional,
) -> Result<Json<PostalCodeView>, Rejection> {
    let found = async {
        let text = request.match_info().get("postal_code").unwrap_or("");
        let code = PostalCode::parse(text).map_err(|_| invalid("#postal_code"))?.to_string();
        let records = app.store.postal_code_get(&code).await?;
        let municipalities: Vec<String> = records.iter().map(|record| record.municipality_code.clone()).collect();
        let areas = app.store.areas_of(&municipalities).await?;
        Ok::<_, Trouble>(Json(wire::postal_code_view(code, records, &areas, &*app.directory().await?)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the municipalities and wards of a prefecture, by code.
#[utoipa::path(tag = "registry", security(("session" = [])), params(MunicipalityQuery),
    responses((status = 200, body = Page<MunicipalityView>, description = "A page"), ReadProblems))]
#[get("/municipalities")]
pub async fn list_municipalities(
    app: AppData,
    request: HttpRequest,
    _: EvenProvisional,
    Params(query): Params<MunicipalityQuery>,
) -> Result<Json<Page<MunicipalityView>>, Rejection> {
    let found = async {
        digits(Some(&query.prefecture_code), 2, "#prefecture_code")?;
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<String> = code_position(query.cursor.as_deref())?;
        let rows = app.store.municipality_list(&query.prefecture_code, after.as_deref(), cursor::rows(limit)).await?;
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, |row| row.code.clone(), wire::municipality_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists associations, by code.
#[utoipa::path(tag = "registry", security(("session" = [])), params(AssociationQuery),
    responses((status = 200, body = Page<AssociationView>, description = "A page"), ReadProblems))]
#[get("/associations")]
pub async fn list_associations(
    app: AppData,
    request: HttpRequest,
    _: SignedIn,
    Params(query): Params<AssociationQuery>,
) -> Result<Json<Page<AssociationView>>, Rejection> {
    let found = async {
        digits(query.prefecture_code.as_deref(), 2, "#prefecture_code")?;
        digits(query.municipality_code.as_deref(), 5, "#municipality_code")?;
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<String> = code_position(query.cursor.as_deref())?;
        let filter = AssociationFilter {
            tier: query.tier,
            prefecture_code: query.prefecture_code,
            municipality_code: query.municipality_code,
        };
        let ids = app.store.association_list(&filter, after.as_deref(), cursor::rows(limit)).await?;
        let directory = app.directory().await?;
        let rows: Vec<_> = ids.into_iter().filter_map(|id| directory.get(id)).collect();
        let page = cursor::page(rows, limit, |row| row.code.clone(), |row| wire::association_view(&directory, row));
        Ok::<_, Trouble>(Json(page))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Gives one association.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = AssociationId, Path)),
    responses((status = 200, body = AssociationView, description = "The association"), ReadProblems))]
#[get("/associations/{id}")]
pub async fn get_association(
    app: AppData,
    request: HttpRequest,
    _: SignedIn,
    PathId(id): PathId<AssociationId>,
) -> Result<Json<AssociationView>, Rejection> {
    let found = async {
        let directory = app.directory().await?;
        let association = directory.get(id).ok_or_else(|| Trouble::new(ProblemCode::NotFound))?;
        Ok::<_, Trouble>(Json(wire::association_view(&directory, association)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Lists the medical schools, by prefecture.
#[utoipa::path(tag = "registry", security(("session" = [])), params(PageQuery),
    responses((status = 200, body = Page<MedicalSchoolView>, description = "A page"), ReadProblems))]
#[get("/medical-schools")]
pub async fn list_medical_schools(
    app: AppData,
    request: HttpRequest,
    _: SignedIn,
    Params(query): Params<PageQuery>,
) -> Result<Json<Page<MedicalSchoolView>>, Rejection> {
    let found = async {
        let limit = cursor::limit(query.limit, "#limit")?;
        let after: Option<(String, String)> = cursor::decode(query.cursor.as_deref(), "#cursor")?;
        let after = after.as_ref().map(|(prefecture, name)| (prefecture.as_str(), name.as_str()));
        if after.is_some_and(|(prefecture, name)| prefecture.contains('\0') || name.contains('\0')) {
            return Err(invalid("#cursor"));
        }
        let rows = app.store.medical_school_list(after, cursor::rows(limit)).await?;
        let position =
            |row: &mamis_persistence::registry::SchoolRecord| (row.prefecture_code.clone(), row.name.clone());
        Ok::<_, Trouble>(Json(cursor::page(rows, limit, position, wire::school_view)))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Finds facilities by part of their name; for physicians and clerks.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = SearchFacilities,
    responses((status = 200, body = FacilityMatches, description = "20 at most"), ReadProblems))]
#[post("/facilities/search")]
pub async fn search_facilities(
    app: AppData,
    request: HttpRequest,
    EvenProvisional(caller): EvenProvisional,
    body: Body<SearchFacilities>,
) -> Result<Json<FacilityMatches>, Rejection> {
    let found = async {
        // Another organisation's user has no use for the places where physicians work (ID-69).
        let elsewhere = caller.actor.organisations().next().is_some();
        if elsewhere && Scope::of(&caller.actor) == Scope::Nothing {
            return Err(Trouble::new(ProblemCode::Forbidden));
        }
        digits(body.value.prefecture_code.as_deref(), 2, "/prefecture_code")?;
        // What a search leaves out does not count: a name of blanks and dots would find everything.
        if name_key(&body.value.name).chars().count() < 2 {
            return Err(Trouble::fields(vec![FieldFault::new("/name", FieldErrorCode::OutOfRange)]));
        }
        let prefecture = body.value.prefecture_code.as_deref();
        let rows = app.store.facility_search(&body.value.name, prefecture, FACILITIES_AT_MOST).await?;
        let municipalities: Vec<String> = rows.iter().filter_map(|row| row.municipality_code.clone()).collect();
        let areas = app.store.areas_of(&municipalities).await?;
        let directory = app.directory().await?;
        let items = rows.into_iter().map(|row| wire::facility_view(row, &areas, &directory)).collect();
        Ok::<_, Trouble>(Json(FacilityMatches { items }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

/// Finds the one person with a registration number, among those the caller may see.
#[utoipa::path(tag = "registry", security(("session" = [])), request_body = LookUpPerson,
    responses((status = 200, body = PersonRef, description = "The person"), ReadProblems))]
#[post("/persons/lookup")]
pub async fn look_up_person(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    body: Body<LookUpPerson>,
) -> Result<Json<PersonRef>, Rejection> {
    let found = registry::look_up_person(&app, &caller, &body.value.medical_registration_number).await;
    found.map(|brief| Json(wire::person_ref(brief))).map_err(|error| Rejection::new(&request, error))
}

/// Gives a person's record, as far as the caller may see it.
///
/// A physician sees the own record; a clerk that of persons who are or were members of, or have filed a case with, the
/// clerk's association, with the memberships of its own branch. Birth date and contact points are masked for viewers. Every
/// reading of another's record is audited.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonView, description = "The record",
        headers(("ETag" = String, description = "The version that a change is based on"))), ReadProblems))]
#[get("/persons/{id}")]
pub async fn get_person(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
) -> Result<HttpResponse, Rejection> {
    let found = registry::get_person(&app, &caller, id).await.map_err(|error| Rejection::new(&request, error))?;
    let tag = etag(found.record.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(wire::person_view(found, app.clock.today())))
}

/// Lists a person's memberships: on a day, and as they were known on a day.
#[utoipa::path(tag = "registry", security(("session" = [])), params(("id" = PersonId, Path), MembershipQuery),
    responses((status = 200, body = MembershipList, description = "By tier, latest first"), ReadProblems))]
#[get("/persons/{id}/memberships")]
pub async fn list_memberships(
    app: AppData,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<PersonId>,
    Params(query): Params<MembershipQuery>,
) -> Result<Json<MembershipList>, Rejection> {
    let found = async {
        in_calendar(query.as_of, "#as_of")?;
        in_calendar(query.as_known_on, "#as_known_on")?;
        let time = MembershipTime { as_of: query.as_of, as_known_before: query.as_known_on.map(tokyo_day_end) };
        let (records, directory) = registry::list_memberships(&app, &caller, id, time).await?;
        let day = query.as_of.unwrap_or_else(|| app.clock.today());
        Ok::<_, Trouble>(Json(MembershipList { items: wire::membership_views(records, &directory, day) }))
    };
    found.await.map_err(|trouble| Rejection::new(&request, trouble))
}

pub(super) fn invalid(pointer: &str) -> Trouble {
    Trouble::fields(vec![FieldFault::new(pointer, FieldErrorCode::InvalidFormat)])
}

fn digits(text: Option<&str>, count: usize, pointer: &str) -> Result<(), Trouble> {
    match text {
        Some(text) if text.len() != count || !text.bytes().all(|b| b.is_ascii_digit()) => Err(invalid(pointer)),
        Some(_) | None => Ok(()),
    }
}

fn code_position(cursor: Option<&str>) -> Result<Option<String>, Trouble> {
    let at: Option<String> = cursor::decode(cursor, "#cursor")?;
    digits(at.as_deref(), 5, "#cursor")?;
    Ok(at)
}

/// Days the database can hold and people can mean.
pub(super) fn in_calendar(day: Option<chrono::NaiveDate>, pointer: &str) -> Result<(), Trouble> {
    use chrono::Datelike;
    match day {
        Some(day) if !(1868..=9999).contains(&day.year()) => {
            Err(Trouble::fields(vec![FieldFault::new(pointer, FieldErrorCode::OutOfRange)]))
        }
        Some(_) | None => Ok(()),
    }
}
