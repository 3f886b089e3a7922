//! The rows that can be written in bulk, in the domain's words.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::text::PostalCode;
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{
    AccountClass, AccountId, ApplicationId, AssociationId, BusinessType, Employment, EndReason, FacilityId,
    FacilityKind, MembershipId, PersonId, Role, Sex,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::copy::Value;

/// A row of one table.
pub trait BulkRow: sealed::Columns {}
impl<T: sealed::Columns> BulkRow for T {}

pub(crate) mod sealed {
    use super::{Type, Value};

    /// Which columns, of which types, with which values, in one order.
    pub trait Columns {
        /// The COPY statement.
        const COPY: &'static str;
        /// The columns' types.
        const TYPES: &'static [Type];
        /// The columns' values.
        fn values(&self) -> impl IntoIterator<Item = Value<'_>, IntoIter: ExactSizeIterator>;
    }
}

/// Says for a row which table it belongs to, and for each column its type and value.
macro_rules! columns {
    ($row:ty as $this:ident => $table:literal { $($column:literal $kind:ident = $value:expr;)+ }) => {
        impl sealed::Columns for $row {
            const COPY: &'static str = concat!(
                "copy ", $table, " (", columns!(@list $($column)+), ") from stdin (format binary)");
            const TYPES: &'static [Type] = &[$(columns!(@type $kind),)+];

            fn values(&self) -> impl IntoIterator<Item = Value<'_>, IntoIter: ExactSizeIterator> {
                let $this = self;
                [$(Value::$kind($value),)+]
            }
        }
    };
    (@list $first:literal $($more:literal)*) => { concat!($first $(, ", ", $more)*) };
    (@type Uuid) => { Type::UUID };
    (@type Text) => { Type::TEXT };
    (@type Texts) => { Type::TEXT_ARRAY };
    (@type Date) => { Type::DATE };
    (@type Instant) => { Type::TIMESTAMPTZ };
    (@type Bool) => { Type::BOOL };
    (@type Int) => { Type::INT4 };
    (@type BigInt) => { Type::INT8 };
    (@type Bytes) => { Type::BYTEA };
    (@type Json) => { Type::JSONB };
}
pub(crate) use columns;

/// A person.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The person.
    pub id: PersonId,
    /// 姓
    pub family_name: String,
    /// 名
    pub given_name: String,
    /// セイ
    pub family_name_kana: String,
    /// メイ
    pub given_name_kana: String,
    search_name: String,
    search_kana: String,
    /// 生年月日
    pub birth_date: NaiveDate,
    /// 性別
    pub sex: Sex,
    /// 日医会員ID
    pub jma_member_id: Option<String>,
    /// 出身校
    pub alma_mater: Option<String>,
    /// 卒業年月: the first day of the month.
    pub graduated_in: Option<NaiveDate>,
    /// 診療科
    pub specialties: Vec<String>,
}

impl NewPerson {
    /// A person by name, with the keys by which the name is found (N-2).
    #[must_use]
    pub fn new(id: PersonId, name: [String; 2], kana: [String; 2], birth_date: NaiveDate, sex: Sex) -> Self {
        let ([family_name, given_name], [family_name_kana, given_name_kana]) = (name, kana);
        Self {
            id,
            search_name: name_key(&family_name) + &name_key(&given_name),
            search_kana: kana_key(&family_name_kana) + &kana_key(&given_name_kana),
            family_name,
            given_name,
            family_name_kana,
            given_name_kana,
            birth_date,
            sex,
            jma_member_id: None,
            alma_mater: None,
            graduated_in: None,
            specialties: Vec::new(),
        }
    }
}

columns!(NewPerson as p => "persons" {
    "id" Uuid = Some(p.id.uuid());
    "family_name" Text = Some(&p.family_name);
    "given_name" Text = Some(&p.given_name);
    "family_name_kana" Text = Some(&p.family_name_kana);
    "given_name_kana" Text = Some(&p.given_name_kana);
    "search_name" Text = Some(&p.search_name);
    "search_kana" Text = Some(&p.search_kana);
    "birth_date" Date = Some(p.birth_date);
    "sex" Text = Some(p.sex.as_str());
    "jma_member_id" Text = p.jma_member_id.as_deref();
    "alma_mater" Text = p.alma_mater.as_deref();
    "graduated_in" Date = p.graduated_in;
    "specialties" Texts = &p.specialties;
});

/// A number in the medical register.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// ASCII digits without leading zeros.
    pub number: String,
    /// 医籍登録年月日
    pub registered_on: NaiveDate,
}

columns!(NewRegistration as r => "medical_registrations" {
    "id" Uuid = Some(r.id);
    "person_id" Uuid = Some(r.person.uuid());
    "number" Text = Some(&r.number);
    "registered_on" Date = Some(r.registered_on);
});

/// An address, a telephone number or an e-mail address.
#[derive(Debug, Clone)]
pub struct NewContactPoint {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// `address`, `phone` or `email`.
    pub kind: &'static str,
    /// `home` or `contact`.
    pub purpose: &'static str,
    /// With addresses: seven digits.
    pub postal_code: Option<PostalCode>,
    /// As typed.
    pub value: String,
    postal_digits: Option<String>,
}

impl NewContactPoint {
    /// A contact point as typed.
    #[must_use]
    pub fn new(id: Uuid, person: PersonId, (kind, purpose): (&'static str, &'static str), value: String) -> Self {
        Self { id, person, kind, purpose, postal_code: None, value, postal_digits: None }
    }

    /// The same with a postal code.
    #[must_use]
    pub fn at(self, postal_code: Option<PostalCode>) -> Self {
        Self { postal_code, postal_digits: postal_code.map(|code| code.to_string()), ..self }
    }
}

columns!(NewContactPoint as c => "contact_points" {
    "id" Uuid = Some(c.id);
    "person_id" Uuid = Some(c.person.uuid());
    "kind" Text = Some(c.kind);
    "purpose" Text = Some(c.purpose);
    "postal_code" Text = c.postal_digits.as_deref();
    "value" Text = Some(&c.value);
});

/// What makes two mentions of a facility the same: name, postal code and address as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FacilityKey {
    /// Its name.
    pub name: String,
    /// Seven digits; empty when there is none.
    pub postal_code: String,
    /// Its address; empty when there is none.
    pub address: String,
}

/// A facility.
#[derive(Debug, Clone)]
pub struct NewFacility {
    /// The facility.
    pub id: FacilityId,
    /// What it is told apart by.
    pub key: FacilityKey,
    search_name: String,
    /// Its kind.
    pub kind: FacilityKind,
    /// JIS X 0402, where the address says it.
    pub municipality_code: Option<String>,
    /// Digits, or as written.
    pub phone: Option<String>,
}

impl NewFacility {
    /// A facility with the key by which its name is found (N-2).
    #[must_use]
    pub fn new(id: FacilityId, key: FacilityKey, kind: FacilityKind) -> Self {
        Self { id, search_name: name_key(&key.name), key, kind, municipality_code: None, phone: None }
    }
}

columns!(NewFacility as f => "facilities" {
    "id" Uuid = Some(f.id.uuid());
    "name" Text = Some(&f.key.name);
    "search_name" Text = Some(&f.search_name);
    "kind" Text = Some(f.kind.as_str());
    "postal_code" Text = Some(f.key.postal_code.as_str()).filter(|code| !code.is_empty());
    "municipality_code" Text = f.municipality_code.as_deref();
    "address" Text = Some(&f.key.address);
    "phone" Text = f.phone.as_deref();
});

/// Where a person works.
#[derive(Debug, Clone)]
pub struct NewAffiliation {
    /// The row.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub facility: FacilityId,
    /// As what.
    pub business_type: Option<BusinessType>,
    /// Full or part time.
    pub employment: Option<Employment>,
    /// Whether it is the main workplace; one at a time.
    pub is_main: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// The day after the last.
    pub valid_to: Option<NaiveDate>,
}

columns!(NewAffiliation as a => "affiliations" {
    "id" Uuid = Some(a.id);
    "person_id" Uuid = Some(a.person.uuid());
    "facility_id" Uuid = Some(a.facility.uuid());
    "business_type" Text = a.business_type.map(BusinessType::as_str);
    "employment" Text = a.employment.map(Employment::as_str);
    "is_main" Bool = a.is_main;
    "valid_from" Date = Some(a.valid_from);
    "valid_to" Date = a.valid_to;
});

/// A stretch of membership.
#[derive(Debug, Clone)]
pub struct NewMembership {
    /// The row.
    pub id: MembershipId,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub association: AssociationId,
    /// In the association's own codes.
    pub category_code: Option<String>,
    /// First day in force.
    pub valid_from: NaiveDate,
    /// The day after the last in force, and why it was the last.
    pub end: Option<(NaiveDate, EndReason)>,
    /// Since when it is believed.
    pub known_from: DateTime<Utc>,
    /// The case that decided it.
    pub application: Option<ApplicationId>,
}

columns!(NewMembership as m => "memberships" {
    "id" Uuid = Some(m.id.uuid());
    "person_id" Uuid = Some(m.person.uuid());
    "association_id" Uuid = Some(m.association.uuid());
    "category_code" Text = m.category_code.as_deref();
    "valid_from" Date = Some(m.valid_from);
    "valid_to" Date = m.end.map(|(day, _)| day);
    "end_reason" Text = m.end.map(|(_, reason)| reason.as_str());
    "known_from" Instant = Some(m.known_from);
    "application_id" Uuid = m.application.map(ApplicationId::uuid);
});

/// That a record of an old roster was stored.
#[derive(Debug, Clone)]
pub struct NewRosterRecord {
    /// SHA-256 of the record.
    pub fingerprint: [u8; 32],
    /// Whom it became.
    pub person: PersonId,
}

columns!(NewRosterRecord as r => "roster_records" {
    "fingerprint" Bytes = Some(&r.fingerprint);
    "person_id" Uuid = Some(r.person.uuid());
});

/// An account, for generated data; [`accounts_insert`](crate::Tx::accounts_insert) makes single ones.
#[derive(Debug, Clone)]
pub struct NewAccountRow {
    /// The account.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login_id: String,
    /// For the page's head.
    pub display_name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    /// Where it stands.
    pub state: crate::identity::AccountState,
    /// The physician whose account it is; without one it is a clerk's.
    pub person: Option<PersonId>,
    /// The confirmed address, and when it was.
    pub email: Option<(String, DateTime<Utc>)>,
}

columns!(NewAccountRow as a => "accounts" {
    "id" Uuid = Some(a.id.uuid());
    "login_id" Text = Some(&a.login_id);
    "display_name" Text = Some(&a.display_name);
    "password_hash" Text = Some(&a.password_hash);
    "state" Text = Some(a.state.as_str());
    "person_id" Uuid = a.person.map(PersonId::uuid);
    "class" Text = Some(a.person.map_or(AccountClass::Clerk, |_| AccountClass::Member).as_str());
    "email" Text = a.email.as_ref().map(|(email, _)| email.as_str());
    "email_confirmed_at" Instant = a.email.as_ref().map(|(_, at)| *at);
});

/// A role in its place.
#[derive(Debug, Clone)]
pub struct NewCapabilityRow {
    /// The row.
    pub id: Uuid,
    /// Whose.
    pub account: AccountId,
    /// What.
    pub role: Role,
    /// Where.
    pub association: Option<AssociationId>,
    /// First day.
    pub valid_from: NaiveDate,
}

columns!(NewCapabilityRow as c => "capabilities" {
    "id" Uuid = Some(c.id);
    "account_id" Uuid = Some(c.account.uuid());
    "role" Text = Some(c.role.as_str());
    "association_id" Uuid = c.association.map(AssociationId::uuid);
    "valid_from" Date = Some(c.valid_from);
});
