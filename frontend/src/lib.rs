//! MAMIS in the browser: a Leptos application rendered there, talking to `/api/v1` and to nothing else.
//!
//! - [`routes`]: every path, as functions. - [`app`]: the shell and the router.
//! - [`api`]: the typed client. - [`state`]: session, page title, passing notes.
//! - [`components`]: what pages are made of, knowing no slice. - [`forms`]: faults at their fields.
//! - [`pages`]: the screens, by slice. - [`passkeys`]: what the browser asks the device. - [`i18n`]: every text. - [`format`]: dates and numbers as people read them.
//!
//! `README.md` beside this crate says how to add a page.

#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "`#[component]` puts a public inner function beside every component")]

pub mod api;
pub mod app;
pub mod components;
pub mod dom;
pub mod format;
pub mod forms;
pub mod i18n;
pub mod pages;
pub mod passkeys;
pub mod routes;
pub mod state;

/// Takes the place of the waiting text in `index.html`.
pub fn start() {
    std::panic::set_hook(Box::new(|fault| dom::report_crash(&fault.to_string())));
    dom::remove("starting");
    leptos::mount::mount_to_body(app::App);
}
