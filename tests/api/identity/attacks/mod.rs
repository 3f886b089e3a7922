//! Tests named after attacks: each is refused, and what can be is in the audit.

mod code_guessing;
