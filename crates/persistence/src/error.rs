use diesel::result::{DatabaseErrorKind, Error as DieselError};
use thiserror::Error;

/// A constraint the database held against a write, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The person is a member there already in the same days.
    MembershipOverlaps,
    /// The registration number belongs to another person.
    RegistrationNumberTaken,
    /// The login id belongs to another account.
    LoginIdTaken,
    /// The account asks for something already.
    ApplicationOpen,
    /// The account holds a role in that place in the same days.
    RoleOverlaps,
    /// Another constraint; its name is logged.
    Other,
}

/// What can go wrong with the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A constraint said no.
    #[error("the database refuses the write by {constraint}")]
    Conflict {
        /// Which kind.
        conflict: Conflict,
        /// Its name.
        constraint: String,
    },
    /// The row was changed since it was read.
    #[error("the row has another version than the one the write is based on")]
    StaleVersion,
    /// A row holds what the code does not understand.
    #[error("{table} {id}: {column} cannot be read")]
    Unreadable {
        /// Where.
        table: &'static str,
        /// Which row.
        id: String,
        /// Which column.
        column: &'static str,
    },
    /// No connection could be had.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else the database said.
    #[error("the database refused a statement")]
    Database(#[source] DieselError),
    /// The same on a connection for bulk loads.
    #[error("the database refused a bulk load")]
    Bulk(#[source] tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        /// Integrity constraint violations, of every kind.
        const CONSTRAINT_CLASS: &str = "23";
        match error.as_db_error() {
            Some(said) if said.code().code().starts_with(CONSTRAINT_CLASS) => {
                let constraint = said.constraint().unwrap_or("unnamed").to_owned();
                Self::Conflict { conflict: Conflict::by_name(&constraint), constraint }
            }
            Some(_) => Self::Bulk(error),
            None if error.is_closed() => Self::Unavailable(Box::new(error)),
            None => Self::Bulk(error),
        }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ExclusionViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::ForeignKeyViolation,
                info,
            ) => {
                let constraint = info.constraint_name().unwrap_or("unnamed").to_owned();
                Self::Conflict { conflict: Conflict::by_name(&constraint), constraint }
            }
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => Self::Unavailable(Box::new(error)),
            other => Self::Database(other),
        }
    }
}

impl Conflict {
    fn by_name(constraint: &str) -> Self {
        match constraint {
            "memberships_no_overlap" => Self::MembershipOverlaps,
            "medical_registrations_current_number" => Self::RegistrationNumberTaken,
            "accounts_login_id" => Self::LoginIdTaken,
            "applications_one_open_for_an_account" => Self::ApplicationOpen,
            "capabilities_no_overlap" => Self::RoleOverlaps,
            _ => Self::Other,
        }
    }
}
