//! Tests named after attacks: each is refused, and what can be is in the audit.

mod code_guessing;
mod enumeration;
mod fixation;
mod host_header;
mod mass_assignment;
mod other_sites;
mod spraying;
mod stale_access;
