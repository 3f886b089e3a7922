//! Journeys: what people do on the screens, in Debian's Chromium against the real server.
//!
//! Elements are found as people find them: by label, by role and name, by the text in sight; never by a CSS class. Nothing
//! sleeps: every step waits for what it needs, and says what is on the page when that does not come. Each screen that is
//! kept in `target/screenshots/` is also looked over by axe-core, in both widths, and may not scroll sideways.

mod account;
mod acting;
mod browser;
mod clerks;
mod enrolling;
mod files;
mod joining;
mod letters;
mod members;
mod merging;
mod page;
mod passkeys;
mod record;
mod registering;
mod screens;
mod second_factor;
mod signing_in;
mod stage;
mod terms;
mod work_list;

use stage::{Cast, Stage};
