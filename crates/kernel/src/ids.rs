//! Typed ids: UUIDv7 inside, `per_…` on the wire. They are opaque; nothing may be read out of them.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// The text was not an id of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError {
    /// The prefix that was expected, without the underscore.
    pub expected: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an id of the form {}_ followed by 32 hexadecimal digits", self.expected)
    }
}

impl std::error::Error for IdError {}

fn parse_prefixed(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let error = IdError { expected: prefix };
    let hex = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(error)?;
    let canonical = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !canonical {
        return Err(error);
    }
    Uuid::try_parse(hex).map_err(|_| error)
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the underscore on the wire.
            pub const PREFIX: &'static str = $prefix;

            /// Takes the id as the database holds it.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Gives the id as the database holds it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .examples([concat!($prefix, "_0190a6f2c1e07a3b9d4e5f60718293a4")])
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.as_simple())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_prefixed(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

typed_id!(
    /// A natural person; one per human being.
    PersonId, "per"
);
typed_id!(
    /// A log-in.
    AccountId, "acc"
);
typed_id!(
    /// A log-in's lasting session, from the password to the log-out.
    SessionId, "ses"
);
typed_id!(
    /// A code that was sent to an address.
    ConfirmationId, "cnf"
);
typed_id!(
    /// A clerk's stretch of acting for a physician.
    OnBehalfId, "obo"
);
typed_id!(
    /// What a physician lets one assistant do, until when.
    DelegationId, "dlg"
);
typed_id!(
    /// A passkey of an account.
    PasskeyId, "pky"
);
typed_id!(
    /// An association of any tier.
    AssociationId, "ast"
);
typed_id!(
    /// A facility where physicians work.
    FacilityId, "fac"
);
typed_id!(
    /// One stretch of one person's work at one facility; a change gives it a successor.
    AffiliationId, "afl"
);
typed_id!(
    /// One way to reach a person.
    ContactPointId, "ctp"
);
typed_id!(
    /// One stretch of one person's membership in one association.
    MembershipId, "mem"
);
typed_id!(
    /// One case.
    ApplicationId, "app"
);
typed_id!(
    /// One file that belongs to a case.
    AttachmentId, "att"
);
typed_id!(
    /// Two records that may be one person's.
    DuplicateId, "dup"
);
typed_id!(
    /// One merge of two persons' records.
    MergeId, "mrg"
);
typed_id!(
    /// One audit event.
    AuditEventId, "aud"
);
typed_id!(
    /// One medical school.
    MedicalSchoolId, "sch"
);
typed_id!(
    /// An organisation that is no association: a specialist body, a society.
    OrganisationId, "org"
);
typed_id!(
    /// One stretch of one account's role in one place; a change gives it a successor.
    ClerkRoleId, "clr"
);
typed_id!(
    /// One invitation to become a clerk.
    ClerkInvitationId, "inv"
);
typed_id!(
    /// One planned stop.
    MaintenanceWindowId, "mnt"
);
typed_id!(
    /// Letters with temporary log-ins that are printed together.
    LetterBatchId, "ltb"
);
typed_id!(
    /// Somebody with a letter whose words about themselves are not those of the record.
    MismatchId, "mis"
);
typed_id!(
    /// A list that is written to a file.
    ExportId, "exp"
);
typed_id!(
    /// A list of members that is kept to be looked at again.
    SavedListId, "lst"
);
typed_id!(
    /// A file that came in with changes of members.
    MemberImportId, "imp"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire() {
        let id = PersonId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string(), "per_01900000000070008000000000000001");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_type_or_another_spelling_is_refused() {
        for text in [
            "",
            "per",
            "per_",
            "acc_01900000000070008000000000000001",
            "per_0190000000007000800000000000000",
            "per_01900000-0000-7000-8000-000000000001",
            "PER_01900000000070008000000000000001",
            "per_0190000000007000800000000000000A",
            "per_{1900000000070008000000000000001",
        ] {
            assert_eq!(text.parse::<PersonId>(), Err(IdError { expected: "per" }), "{text}");
        }
    }
}
