//! The log-ins of the demonstration: a handful of people in Shiga, one word of pass for all of them. Tests use the same.
//!
//! Never for production: the pass word stands here, in public.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::policy::RegistryAction;
use mamis_domain::workflow::join_new::{ChosenCategories, ContactDraft, JoinNewDraft, WorkplaceDraft};
use mamis_domain::workflow::rules::{self, Hand};
use mamis_domain::workflow::{Application, Change, Step};
use mamis_kernel::text::PostalCode;
use mamis_kernel::{
    AccountId, ApplicationId, AssociationId, BusinessType, Employment, FacilityId, FacilityKind, MembershipId,
    PersonId, Role, Sex, StepKind, StepState, Tier,
};
use mamis_persistence::StoreError;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::identity::AccountState;
use mamis_persistence::registry::bulk::{
    BulkStore, FacilityKey, NewAccountRow, NewAffiliation, NewCapabilityRow, NewContactPoint, NewFacility,
    NewMembership, NewPerson, NewRegistration,
};
use thiserror::Error;
use uuid::Uuid;

use crate::identity::hash_password;
use crate::{AppError, tokyo_day};

/// The one pass word of all log-ins of the demonstration and of generated data.
pub const PASSWORD: &str = "mamis-demo-2026";

/// A clerk of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoClerk {
    /// What is typed to sign in.
    pub login_id: &'static str,
    /// For the page's head.
    pub display_name: &'static str,
    /// The code of the association.
    pub association_code: &'static str,
    /// Its name.
    pub association: &'static str,
    /// What the clerk may do there.
    pub role: Role,
}

/// A physician of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoPhysician {
    /// What is typed to sign in.
    pub login_id: &'static str,
    /// 姓, 名
    pub name: [&'static str; 2],
    /// セイ, メイ
    pub kana: [&'static str; 2],
    /// 医籍登録番号
    pub registration_number: &'static str,
    /// What the demonstration shows with them, in Japanese and English.
    pub story: [&'static str; 2],
}

const fn clerk(
    login_id: &'static str,
    display_name: &'static str,
    (association_code, association): (&'static str, &'static str),
    role: Role,
) -> DemoClerk {
    DemoClerk { login_id, display_name, association_code, association, role }
}

const OTSU: (&str, &str) = ("25001", "大津市医師会");
const KUSATSU: (&str, &str) = ("25005", "草津市医師会");
const SHIGA: (&str, &str) = ("25000", "滋賀県医師会");
const KYOTO: (&str, &str) = ("26000", "京都府医師会");
const NATION: (&str, &str) = ("00000", "日本医師会");

/// The clerks.
pub const CLERKS: [DemoClerk; 8] = [
    clerk("otsu-viewer", "大津　閲覧", OTSU, Role::Viewer),
    clerk("otsu-operator", "大津　入力", OTSU, Role::Operator),
    clerk("otsu-approver", "大津　承認", OTSU, Role::Approver),
    clerk("otsu-admin", "大津　管理", OTSU, Role::Administrator),
    clerk("shiga-approver", "滋賀　承認", SHIGA, Role::Approver),
    clerk("jma-approver", "日医　承認", NATION, Role::Approver),
    clerk("kusatsu-approver", "草津　承認", KUSATSU, Role::Approver),
    clerk("kyoto-approver", "京都　承認", KYOTO, Role::Approver),
];

/// In no association yet, with everything a joining case needs.
pub const TAKAHASHI: DemoPhysician = DemoPhysician {
    login_id: "dr-takahashi",
    name: ["髙橋", "花子"],
    kana: ["タカハシ", "ハナコ"],
    registration_number: "9990001",
    story: ["未入会。新規入会の申請ができます", "no member yet; can file a joining case"],
};

/// A member of three tiers with a case under way.
pub const SATO: DemoPhysician = DemoPhysician {
    login_id: "dr-sato",
    name: ["佐藤", "健一"],
    kana: ["サトウ", "ケンイチ"],
    registration_number: "9990002",
    story: ["三層の会員。草津市医師会への入会を申請中", "a member of three tiers; a case is with Kusatsu"],
};

/// The physicians.
pub const PHYSICIANS: [DemoPhysician; 2] = [TAKAHASHI, SATO];

/// The demonstration could not be set up.
#[derive(Debug, Error)]
pub enum DemoError {
    /// Its associations are not there.
    #[error(
        "the association {name} ({code}) is missing; load reference data first with: mamis import reference reference/"
    )]
    NoAssociation {
        /// Its code.
        code: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// The pass word could not be hashed.
    #[error(transparent)]
    Hash(#[from] AppError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the log-ins with what belongs to them, unless they are there. Gives whether they had to be made.
///
/// # Errors
/// [`DemoError`]; nothing is made then.
pub async fn create(store: &mut BulkStore, now: DateTime<Utc>) -> Result<bool, DemoError> {
    let wanted: Vec<String> = CLERKS.iter().map(|clerk| clerk.login_id.to_owned()).collect();
    if !store.accounts_by_login_id(&wanted).await?.is_empty() {
        return Ok(false);
    }
    let known = store.association_list_all().await?;
    let place = |(code, name): (&'static str, &'static str)| {
        let found = known.iter().find(|association| association.entry.code == code);
        found.map(|association| association.id).ok_or(DemoError::NoAssociation { code, name })
    };
    let places = Places { otsu: place(OTSU)?, kusatsu: place(KUSATSU)?, shiga: place(SHIGA)?, nation: place(NATION)? };
    let mut rows = Rows { password_hash: hash_password(PASSWORD)?, today: tokyo_day(now), now, ..Rows::default() };
    for clerk in CLERKS {
        let at = place((clerk.association_code, clerk.association))?;
        let email = format!("{}@example.jp", clerk.login_id);
        rows.account(clerk.login_id, clerk.display_name.to_owned(), (None, email), (clerk.role, Some(at)));
    }
    rows.takahashi();
    rows.sato(&places, now);
    let permit = Permit::system(SystemActor::Seed, RegistryAction::Seed);
    store
        .transaction(async |tx| {
            tx.insert(&permit, &rows.persons).await?;
            tx.insert(&permit, &rows.registrations).await?;
            tx.insert(&permit, &rows.contacts).await?;
            tx.insert(&permit, &rows.facilities).await?;
            tx.insert(&permit, &rows.affiliations).await?;
            tx.insert(&permit, &rows.accounts).await?;
            tx.insert(&permit, &rows.capabilities).await?;
            tx.terms_accept_for_all(&permit, rows.today, now).await?;
            tx.insert(&permit, &rows.memberships).await?;
            if let Some((draft, steps, hand)) = rows.case.take() {
                let numbers = tx.application_numbers_take("JOIN", &[tokyo_day(hand.at)]).await?;
                let filed =
                    numbers.into_iter().next().and_then(|number| rules::submit(draft, number, steps, hand).ok());
                tx.applications_insert(&permit, &filed.into_iter().collect::<Vec<_>>()).await?;
            }
            let event = |person: &NewPerson| NewAuditEvent {
                action: "registry.seed",
                outcome: AuditOutcome::Done,
                subject_kind: "person",
                subject_id: Some(person.id.uuid()),
                person: Some(person.id),
                at: now,
                payload: None,
            };
            let events: Vec<_> = rows.persons.iter().map(event).collect();
            tx.audit_append_all(&permit, &events, Uuid::now_v7).await?;
            Ok(true)
        })
        .await
}

struct Places {
    otsu: AssociationId,
    kusatsu: AssociationId,
    shiga: AssociationId,
    nation: AssociationId,
}

#[derive(Default)]
struct Rows {
    password_hash: String,
    today: NaiveDate,
    persons: Vec<NewPerson>,
    registrations: Vec<NewRegistration>,
    contacts: Vec<NewContactPoint>,
    facilities: Vec<NewFacility>,
    affiliations: Vec<NewAffiliation>,
    now: DateTime<Utc>,
    accounts: Vec<NewAccountRow>,
    capabilities: Vec<NewCapabilityRow>,
    memberships: Vec<NewMembership>,
    case: Option<(Application, Vec<Step>, Hand)>,
}

/// What differs between the physicians' records.
struct Life {
    birth_date: NaiveDate,
    sex: Sex,
    registered_on: NaiveDate,
    home: (&'static str, &'static str),
    phone: &'static str,
    email: &'static str,
    specialty: &'static str,
    alma_mater: &'static str,
}

impl Rows {
    fn account(
        &mut self,
        login_id: &str,
        display_name: String,
        (person, email): (Option<PersonId>, String),
        (role, association): (Role, Option<AssociationId>),
    ) -> AccountId {
        let id = AccountId::from_uuid(Uuid::now_v7());
        self.accounts.push(NewAccountRow {
            id,
            login_id: login_id.to_owned(),
            display_name,
            password_hash: self.password_hash.clone(),
            state: AccountState::Active,
            person,
            email: Some((email, self.now)),
        });
        // Since the first day of the year before: whatever a test's clock says within reason.
        let valid_from = day(self.today.year() - 1, 1, 1);
        self.capabilities.push(NewCapabilityRow { id: Uuid::now_v7(), account: id, role, association, valid_from });
        id
    }

    fn physician(&mut self, who: &DemoPhysician, life: &Life) -> (PersonId, AccountId) {
        let id = PersonId::from_uuid(Uuid::now_v7());
        let mut person =
            NewPerson::new(id, who.name.map(str::to_owned), who.kana.map(str::to_owned), life.birth_date, life.sex);
        person.alma_mater = Some(life.alma_mater.to_owned());
        person.graduated_in = Some(day(life.registered_on.year(), 3, 1));
        person.specialties = vec![life.specialty.to_owned()];
        self.persons.push(person);
        self.registrations.push(NewRegistration {
            id: Uuid::now_v7(),
            person: id,
            number: who.registration_number.to_owned(),
            registered_on: life.registered_on,
        });
        let (postal_code, address) = life.home;
        let point = |kind, value: &str| NewContactPoint::new(Uuid::now_v7(), id, kind, value.to_owned());
        self.contacts.push(point(("address", "home"), address).at(PostalCode::parse(postal_code).ok()));
        self.contacts.push(point(("phone", "home"), life.phone));
        self.contacts.push(point(("email", "contact"), life.email));
        let display_name = format!("{}\u{3000}{}", who.name[0], who.name[1]);
        let account =
            self.account(who.login_id, display_name, (Some(id), life.email.to_owned()), (Role::Physician, None));
        (id, account)
    }

    fn workplace(
        &mut self,
        person: PersonId,
        (name, kind, postal_code, address): (&str, FacilityKind, &str, &str),
        business_type: BusinessType,
        valid_from: NaiveDate,
    ) -> FacilityId {
        let id = FacilityId::from_uuid(Uuid::now_v7());
        let key =
            FacilityKey { name: name.to_owned(), postal_code: postal_code.to_owned(), address: address.to_owned() };
        let mut facility = NewFacility::new(id, key, kind);
        facility.municipality_code = Some("25201".to_owned());
        facility.phone = Some("0775220000".to_owned());
        self.facilities.push(facility);
        self.affiliations.push(NewAffiliation {
            id: Uuid::now_v7(),
            person,
            facility: id,
            business_type: Some(business_type),
            employment: Some(Employment::FullTime),
            is_main: true,
            valid_from,
            valid_to: None,
        });
        id
    }

    fn takahashi(&mut self) {
        let life = Life {
            birth_date: day(1985, 6, 15),
            sex: Sex::Female,
            registered_on: day(2011, 5, 6),
            home: ("5200044", "滋賀県大津市京町一丁目2-3"),
            phone: "0775221234",
            email: "hanako.takahashi@example.jp",
            specialty: "内科",
            alma_mater: "滋賀医科大学",
        };
        let (person, _) = self.physician(&TAKAHASHI, &life);
        let place = ("湖南記念病院（見本）", FacilityKind::Hospital, "5200044", "滋賀県大津市京町三丁目1-1");
        self.workplace(person, place, BusinessType::HospitalEmployee, day(2019, 4, 1));
    }

    fn sato(&mut self, places: &Places, now: DateTime<Utc>) {
        let life = Life {
            birth_date: day(1968, 2, 29),
            sex: Sex::Male,
            registered_on: day(1994, 5, 10),
            home: ("5200043", "滋賀県大津市中央二丁目4-5"),
            phone: "0775225678",
            email: "kenichi.sato@example.jp",
            specialty: "整形外科",
            alma_mater: "京都府立医科大学",
        };
        let (person, account) = self.physician(&SATO, &life);
        if let Some(row) = self.persons.last_mut() {
            row.jma_member_id = Some("9999900002".to_owned());
        }
        let since = day(2005, 4, 1);
        let place = ("佐藤整形外科医院（見本）", FacilityKind::Clinic, "5200043", "滋賀県大津市中央一丁目6-7");
        let facility = self.workplace(person, place, BusinessType::ClinicFounder, since);
        for (association, category) in [(places.otsu, "A"), (places.shiga, "A"), (places.nation, "A1")] {
            self.memberships.push(NewMembership {
                id: MembershipId::from_uuid(Uuid::now_v7()),
                person,
                association,
                category_code: Some(category.to_owned()),
                valid_from: since,
                end: None,
                known_from: now,
                application: None,
            });
        }
        let draft = JoinNewDraft {
            workplace: WorkplaceDraft {
                facility: Some(facility),
                name: Some(place.0.to_owned()),
                kind: Some(place.1),
                postal_code: Some(place.2.to_owned()),
                municipality_code: Some("25201".to_owned()),
                address: Some(place.3.to_owned()),
                phone: Some("0775220000".to_owned()),
                business_type: Some(BusinessType::ClinicFounder),
                is_administrator: Some(true),
                employment: Some(Employment::FullTime),
            },
            district_association: Some(places.kusatsu),
            highest_tier: Some(Tier::District),
            is_clinical_resident: Some(false),
            insurance_excluded: Some(false),
            categories: ChosenCategories { district: Some("A".to_owned()), ..ChosenCategories::default() },
            effective_date: self.today.checked_add_months(chrono::Months::new(1)),
            contact: ContactDraft {
                postal_code: Some("5250032".to_owned()),
                address: Some("滋賀県草津市大路一丁目8-9".to_owned()),
                phone: Some("0775225678".to_owned()),
                email: Some(life.email.to_owned()),
            },
            note: None,
        };
        let begun = Hand { account, at: now - TimeDelta::days(9) };
        let filed = Hand { account, at: now - TimeDelta::days(8) };
        let case = rules::draft(ApplicationId::from_uuid(Uuid::now_v7()), person, vec![Change::JoinNew(draft)], begun);
        let step = Step {
            position: 1,
            association: places.kusatsu,
            kind: StepKind::Approve,
            state: StepState::Waiting,
            opened_at: None,
            decision: None,
        };
        self.case = Some((case, vec![step], filed));
    }
}

/// A day that exists, written in this file.
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
