//! The only crate that knows SQL: Datastore, Tx, rows and queries.
