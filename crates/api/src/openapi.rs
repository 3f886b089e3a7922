//! The API's description: its head, its problems, and the document as a whole.

use std::collections::BTreeMap;

use mamis_contract::Problem;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, Modify, OpenApi};

/// The head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "MAMIS",
        version = "1.0.0",
        description = "Member information system for Japan's medical associations.\n\nSign in with `POST /api/v1/sessions` and send the access token as `Authorization: Bearer …`. Problems follow RFC 9457; each has a `code`. Lists are read a page at a time with `cursor`. Updates carry the version they are based on in `If-Match`; requests that create or decide a fact carry an `Idempotency-Key`. Codes, not labels; days as `YYYY-MM-DD`; instants as RFC 3339.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")
    ),
    servers((url = "/")),
    components(schemas(Problem)),
    modifiers(&Session),
    tags(
        (name = "identity", description = "Signing in and out, and who one is"),
        (name = "registry", description = "Persons, facilities, associations, memberships and reference data"),
        (name = "workflow", description = "Cases: filing, deciding, following"),
        (name = "notices", description = "What everybody may know")
    )
)]
pub struct Head;

struct Session;

impl Modify for Session {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The access token of POST /api/v1/sessions"))
            .build();
        openapi.components.get_or_insert_default().add_security_scheme("session", SecurityScheme::Http(scheme));
    }
}

/// Says of a case's changes, too, that unknown fields are refused: the derive does not for a tagged choice.
pub fn close_choices(document: &mut utoipa::openapi::OpenApi) {
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.values_mut());
    for schema in schemas {
        let RefOr::T(Schema::OneOf(choice)) = schema else { continue };
        for item in &mut choice.items {
            if let RefOr::T(Schema::Object(object)) = item {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

fn problems(list: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    list.iter().map(|(status, text)| ((*status).to_owned(), RefOr::T(problem(text)))).collect()
}

const UNREADABLE: (&str, &str) = ("400", "The request cannot be read");
const NOBODY: (&str, &str) = ("401", "Nobody is signed in, or the log-in failed");
const NOT_ALLOWED: (&str, &str) = ("403", "Known to you, but not yours to do");
const NOT_FOUND: (&str, &str) = ("404", "Not there, or not yours to know");
const STATE: (&str, &str) = ("409", "Not in a state for this, or in conflict with another fact");
const STALE: (&str, &str) = ("412", "Changed since it was read");
const TOO_LARGE: (&str, &str) = ("413", "The body is too large");
const MEDIA_TYPE: (&str, &str) = ("415", "Not of the type that is taken here");
const FIELDS: (&str, &str) = ("422", "Fields break their rules");
const HEADER_MISSING: (&str, &str) = ("428", "If-Match or Idempotency-Key is missing");
const TOO_MANY: (&str, &str) = ("429", "Too many attempts");
const UNFORESEEN: (&str, &str) = ("500", "What we did not foresee");
const BUSY: (&str, &str) = ("503", "Try again");

/// The problems of operations that need no session, or slow down.
pub struct PublicProblems;

impl IntoResponses for PublicProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            UNREADABLE,
            NOBODY,
            NOT_ALLOWED,
            NOT_FOUND,
            STATE,
            TOO_LARGE,
            MEDIA_TYPE,
            FIELDS,
            TOO_MANY,
            UNFORESEEN,
            BUSY,
        ])
    }
}

/// The problems of operations that need an invitation's code instead of a session.
pub struct InvitationProblems;

impl IntoResponses for InvitationProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            UNREADABLE,
            NOBODY,
            NOT_ALLOWED,
            NOT_FOUND,
            TOO_LARGE,
            MEDIA_TYPE,
            FIELDS,
            TOO_MANY,
            UNFORESEEN,
            BUSY,
        ])
    }
}

/// The problems of operations that change nothing.
pub struct ReadProblems;

impl IntoResponses for ReadProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[UNREADABLE, NOBODY, NOT_ALLOWED, NOT_FOUND, TOO_LARGE, MEDIA_TYPE, FIELDS, UNFORESEEN, BUSY])
    }
}

/// The problems of operations that give or take files.
pub struct UploadProblems;

impl IntoResponses for UploadProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[UNREADABLE, NOBODY, NOT_ALLOWED, NOT_FOUND, STATE, TOO_LARGE, MEDIA_TYPE, FIELDS, UNFORESEEN, BUSY])
    }
}

/// The problems of operations that create or decide.
pub struct WriteProblems;

impl IntoResponses for WriteProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            UNREADABLE,
            NOBODY,
            NOT_ALLOWED,
            NOT_FOUND,
            STATE,
            STALE,
            TOO_LARGE,
            MEDIA_TYPE,
            FIELDS,
            HEADER_MISSING,
            UNFORESEEN,
            BUSY,
        ])
    }
}
