//! What can be done to the registry. Persons are read through a [`Scope`](crate::identity::Scope); so far only the system
//! itself writes here, and concluded cases.

use mamis_kernel::codes;

codes! {
    /// What can be done to the registry.
    RegistryAction {
        /// See a person's record.
        ReadPerson => "read_person",
        /// Load reference data.
        ImportReference => "import_reference",
        /// Load an old system's roster.
        ImportRoster => "import_roster",
        /// Fill an empty system with made-up data.
        Seed => "seed",
    }
}
