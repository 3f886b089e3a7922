//! Many rows at once: reference data, rosters and generated data, by binary COPY.
//!
//! A [`BulkStore`] is one connection of its own, beside the pool: `diesel-async` has no COPY, and a long import must not
//! keep the server's connections (docs/adr/0007-bulk-loads.md). It works as the server's role all the same.
//!
//! - `rows`: what can be written, in the domain's words.
//! - `lookups`: what an import asks before it writes.
//! - `reference`: reference data, compared with what is there.

mod audit;
mod connection;
mod copy;
mod lookups;
mod reference;
mod rows;

pub use connection::{BulkStore, BulkTx, Exclusive};
pub(crate) use copy::Value;
pub use lookups::{HeldAffiliation, HeldMembership, KnownAssociation, KnownPerson, KnownPostalArea, PersonOrigin};
pub use reference::{ReferenceCounts, ReferenceRows, TableCounts};
pub use rows::{
    BulkRow, FacilityKey, NewAccountRow, NewAffiliation, NewCapabilityRow, NewContactPoint, NewFacility, NewMembership,
    NewPerson, NewRegistration, NewRosterRecord,
};
pub(crate) use rows::{columns, sealed};
