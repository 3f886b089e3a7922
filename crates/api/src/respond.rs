//! Answers that were rendered in the transaction of their fact.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use mamis_usecases::Answer;

use crate::extract::etag;

/// The answer as it goes over the wire, fresh or kept.
#[must_use]
pub fn respond(answer: Answer) -> HttpResponse {
    let Answer { rendered, replayed } = answer;
    let status = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(version) = rendered.version {
        response.insert_header((ETAG, etag(version)));
    }
    if replayed {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    if status == StatusCode::NO_CONTENT {
        return response.finish();
    }
    response.content_type("application/json").body(rendered.body)
}
