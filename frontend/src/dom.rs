//! The few things asked of the browser itself.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

/// Japan has one time zone and no summer time.
const TOKYO_SECONDS: i32 = 9 * 3600;

/// Today in Tokyo, by the browser's clock.
#[must_use]
pub fn today() -> NaiveDate {
    tokyo_day(now())
}

/// Now, by the browser's clock.
#[must_use]
pub fn now() -> DateTime<Utc> {
    // Whole milliseconds since 1970 fit for 292 million years.
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// Milliseconds since 1970, by the browser's clock.
#[must_use]
pub fn now_millis() -> f64 {
    js_sys::Date::now()
}

/// An instant on Tokyo's clocks.
#[must_use]
pub fn in_tokyo(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(TOKYO_SECONDS) {
        Some(offset) => instant.with_timezone(&offset),
        None => instant.fixed_offset(),
    }
}

/// The day in Tokyo on which an instant falls.
#[must_use]
pub fn tokyo_day(instant: DateTime<Utc>) -> NaiveDate {
    in_tokyo(instant).date_naive()
}

/// A value kept in this browser. Never a token, never a person's data.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value in this browser; a browser that refuses to is left alone.
pub fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or forbidden storage costs the choice its memory, nothing else.
        let _ = storage.set_item(key, value);
    }
}

/// Says which language the page is in, for screen readers and hyphenation.
pub fn set_document_language(code: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", code);
    }
}

/// Sets the title of window and tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Whether the page has an element with this id.
#[must_use]
pub fn is_there(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Moves the focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus_element(&element);
    }
}

/// Moves the focus to an element.
pub fn focus_element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Removes the element with this id, if it is there.
pub fn remove(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// After a fault of ours nothing on the page answers any more: asks the reader to load it anew, and tells developers why.
pub fn report_crash(fault: &str) {
    web_sys::console::error_1(&JsValue::from_str(fault));
    let page = web_sys::window().and_then(|window| window.document());
    if let Some(notice) = page.and_then(|page| page.get_element_by_id("crashed")) {
        let _ = notice.remove_attribute("hidden");
    }
}

/// Path and query of the page, for coming back to it.
#[must_use]
pub fn current_path() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    path + &location.search().unwrap_or_default()
}

/// Opens an address of our own anew, dropping everything in memory.
pub fn reload_at(path: &str) {
    let _ = window().location().set_href(path);
}

/// What stands behind `#` in the address, which is taken out of it: secrets do not stay in the browser's history.
#[must_use]
pub fn take_fragment() -> Option<String> {
    let location = window().location();
    let fragment = location.hash().ok()?.strip_prefix('#').map(str::to_owned).filter(|text| !text.is_empty())?;
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
    Some(fragment)
}

/// Where the application is: `https://mamis.example.jp`.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Puts a text into the clipboard; whether the browser lets us.
#[must_use]
pub fn copy(text: &str) -> bool {
    let property = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &JsValue::from_str(name)).ok();
    // Only pages that came over TLS have one.
    let Some(clipboard) = property(&window().navigator(), "clipboard").filter(|found| !found.is_undefined()) else {
        return false;
    };
    let write = property(&clipboard, "writeText").and_then(|found| found.dyn_into::<js_sys::Function>().ok());
    write.is_some_and(|write| write.call1(&clipboard, &JsValue::from_str(text)).is_ok())
}

/// Saves what an address of this page holds as a file of this name.
pub fn save(url: &str, name: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let _ = link.set_attribute("href", url);
    let _ = link.set_attribute("download", name);
    if let Some(link) = link.dyn_ref::<HtmlElement>() {
        link.click();
    }
}

/// Presses the element with this id, unless the reader is marking text.
pub fn press_unless_marking(id: &str) {
    let marked = window().get_selection().ok().flatten().is_some_and(|marked| !marked.is_collapsed());
    let found = document().get_element_by_id(id);
    if let Some(element) = found.as_ref().and_then(|found| found.dyn_ref::<HtmlElement>()).filter(|_| !marked) {
        element.click();
    }
}

/// Opens a file in a new tab, if the browser lets us.
pub fn open_tab(url: &str) {
    let _ = window().open_with_url_and_target(url, "_blank");
}

/// Opens the browser's print dialog.
pub fn print() {
    let _ = window().print();
}

/// Sixteen random bytes in hexadecimal, from the browser's own source.
#[must_use]
pub fn random_hex() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().fold(String::with_capacity(32), |mut hex, byte| {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        hex
    })
}

/// Keeps an object with one text in the entry of the browser's history: for searches that must not show in the address.
pub fn remember_in_history(value: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(value), "", None);
    }
}

/// What [`remember_in_history`] kept for this entry.
#[must_use]
pub fn remembered_in_history() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_tokyo() {
        let eve: DateTime<Utc> = "2026-03-31T14:59:59Z".parse().unwrap();
        let morning: DateTime<Utc> = "2026-03-31T15:00:00Z".parse().unwrap();
        assert_eq!(tokyo_day(eve), "2026-03-31".parse().unwrap());
        assert_eq!(tokyo_day(morning), "2026-04-01".parse().unwrap());
    }
}
