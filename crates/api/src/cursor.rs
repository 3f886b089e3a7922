//! Opaque positions in lists.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mamis_contract::page::{DEFAULT_LIMIT, MAX_LIMIT};
use mamis_contract::{FieldErrorCode, Page};
use mamis_domain::workflow::FieldFault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Trouble;

/// The position a cursor stands for.
///
/// # Errors
/// 422 when it is not one of ours.
pub fn decode<T: DeserializeOwned>(cursor: Option<&str>, pointer: &str) -> Result<Option<T>, Trouble> {
    let Some(text) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let position = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    position.map(Some).ok_or_else(|| Trouble::fields(vec![FieldFault::new(pointer, FieldErrorCode::InvalidFormat)]))
}

/// How many rows are asked for.
///
/// # Errors
/// 422 outside 1 to 200.
pub fn limit(asked: Option<u32>, pointer: &str) -> Result<usize, Trouble> {
    let limit = asked.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Trouble::fields(vec![FieldFault::new(pointer, FieldErrorCode::OutOfRange)]));
    }
    usize::try_from(limit).map_err(|_| Trouble::malformed(pointer.to_owned()))
}

/// Cuts a list that was read one row longer than the page, and makes the cursor of what follows.
#[must_use]
pub fn page<R, T, P: Serialize>(
    mut rows: Vec<R>,
    limit: usize,
    position: impl Fn(&R) -> P,
    view: impl FnMut(R) -> T,
) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(position);
    let next_cursor = last.and_then(|at| serde_json::to_vec(&at).ok()).map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    Page { items: rows.into_iter().map(view).collect(), next_cursor }
}

/// Rows to read for a page: one more, to know whether another page follows.
#[must_use]
pub fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(200) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_one_begins() {
        let first = page(vec![1, 2, 3], 2, |n| *n, |n| n);
        assert_eq!(first.items, [1, 2]);
        let at: Option<i32> = decode(first.next_cursor.as_deref(), "#cursor").unwrap();
        assert_eq!(at, Some(2));
        assert_eq!(page(vec![3], 2, |n| *n, |n| n).next_cursor, None);
    }

    #[test]
    fn a_cursor_of_somebody_elses_is_a_fault_of_the_field() {
        assert!(decode::<i32>(Some("%%"), "#cursor").is_err());
        assert!(decode::<i32>(Some("e30"), "#cursor").is_err());
        assert!(limit(Some(0), "#limit").is_err() && limit(Some(201), "#limit").is_err());
        assert_eq!(limit(None, "#limit").unwrap(), 50);
    }
}
