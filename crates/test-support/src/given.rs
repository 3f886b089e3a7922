//! What a test starts from. These, and only these, write past the API.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use mamis_kernel::text::search_key::{kana_key, name_key};
use mamis_kernel::{
    AccountId, AffiliationId, ApplicationId, DuplicateId, FacilityId, MaintenanceKind, OrganisationId, PersonId, Role,
    Tier,
};
use mamis_usecases::Clock;
use mamis_usecases::identity::hash_password;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::codes::{Codes, hash_code, seal, totp_code};
use crate::{Authenticator, SignedIn, TestApp, changes, join_form, set};

/// Everybody's password in tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// Hashed once a process: the real cost, but not for every account.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_password(PASSWORD).expect("hashing a password"))
}

/// The secret of every authenticator app in tests.
const TOTP_SECRET: [u8; 20] = *b"mamis test secret 20";

/// Numbers the made-up people of this process.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A case with the physician it is about.
pub struct Case {
    /// The case.
    pub id: ApplicationId,
    /// Whom it is about.
    pub physician: SignedIn,
}

/// A case in the making: [`TestApp::given_application`].
pub struct GivenApplication<'a> {
    app: &'a TestApp,
    physician: Option<SignedIn>,
    highest_tier: Tier,
    fields: Vec<(&'static str, Value)>,
}

impl TestApp {
    /// A physician with an account and without a membership, signed in.
    pub async fn given_physician(&self) -> SignedIn {
        self.given_member_of(&[]).await
    }

    /// A physician who has been a member of these associations since 2020-04-01, signed in.
    pub async fn given_member_of(&self, associations: &[&str]) -> SignedIn {
        let person = self.given_member_without_account(associations).await;
        let login_id = format!("physician-{}", next());
        self.given_account(&login_id, Some(person), Role::Physician, None).await;
        self.visitor().log_in(&login_id).await
    }

    /// The same without an account: nobody has written to them yet.
    pub async fn given_member_without_account(&self, associations: &[&str]) -> PersonId {
        let person = self.given_person().await;
        for name in associations {
            let association = self.association(name).await.uuid();
            self.insert(
                "insert into memberships (id, person_id, association_id, category_code, valid_from, known_from)
                 select $1, $2, id, case tier when 'national' then 'A2B' else 'B' end, '2020-04-01', '2020-04-02T00:00:00Z'
                 from associations where id = $3",
                &[&Uuid::now_v7(), &person.uuid(), &association],
            )
            .await;
        }
        person
    }

    /// A person without an account.
    pub async fn given_person(&self) -> PersonId {
        let number = next();
        let (id, given, given_kana) = (Uuid::now_v7(), format!("花子{number}"), "ハナコ");
        self.insert(
            "insert into persons (id, family_name, given_name, family_name_kana, given_name_kana, search_name,
                 search_kana, birth_date, sex)
             values ($1, '髙橋', $2, 'タカハシ', $3, $4, $5, '1980-07-05', 'female')",
            &[
                &id,
                &given,
                &given_kana,
                &name_key(&format!("髙橋{given}")),
                &kana_key(&format!("タカハシ{given_kana}")),
            ],
        )
        .await;
        self.insert(
            "insert into medical_registrations (id, person_id, number, registered_on)
             values ($1, $2, $3, '2005-04-20')",
            &[&Uuid::now_v7(), &id, &(500_000 + number).to_string()],
        )
        .await;
        PersonId::from_uuid(id)
    }

    /// A clinic of this name; every call makes another one.
    pub async fn given_facility(&self, name: &str) -> FacilityId {
        let id = Uuid::now_v7();
        self.insert(
            "insert into facilities (id, name, search_name, kind, address) values ($1, $2, $3, 'clinic', $4)",
            &[&id, &name, &name_key(name), &format!("滋賀県大津市京町{}丁目", next())],
        )
        .await;
        FacilityId::from_uuid(id)
    }

    /// Work at a facility, known since it began.
    pub async fn given_affiliation(
        &self,
        person: PersonId,
        facility: FacilityId,
        is_main: bool,
        valid_from: &str,
        valid_to: Option<&str>,
    ) -> AffiliationId {
        let id = Uuid::now_v7();
        self.insert(
            "insert into affiliations (id, person_id, facility_id, is_main, valid_from, valid_to, known_from)
             values ($1, $2, $3, $4, $5::text::date, $6::text::date, '2020-04-02T00:00:00Z')",
            &[&id, &person.uuid(), &facility.uuid(), &is_main, &valid_from, &valid_to],
        )
        .await;
        AffiliationId::from_uuid(id)
    }

    /// Two members of an association whom the rules take for one.
    pub async fn given_duplicate(&self, association: &str) -> DuplicateId {
        let first = self.given_member_without_account(&[association]).await;
        let second = self.given_member_without_account(&[association]).await;
        let id = Uuid::now_v7();
        self.insert(
            "insert into duplicate_pairs (id, first_person_id, second_person_id, score, reasons, found_at)
             values ($1, $2, $3, 70, array['same_birth_date', 'same_kana', 'same_name'], now())",
            &[&id, &first.uuid(), &second.uuid()],
        )
        .await;
        DuplicateId::from_uuid(id)
    }

    /// An account that registered itself and waits, signed in.
    pub async fn given_provisional_account(&self) -> SignedIn {
        let (account, login_id) = (Uuid::now_v7(), format!("T-{:08}", next()));
        self.insert(
            "insert into accounts (id, login_id, display_name, password_hash, state, class, email, email_confirmed_at)
             values ($1, $2, $2, $3, 'provisional', 'training_only', $4, now())",
            &[&account, &login_id, &password_hash(), &format!("{login_id}@example.jp")],
        )
        .await;
        self.given_terms_accepted(account).await;
        self.visitor().log_in(&login_id).await
    }

    /// A clerk of an association, signed in.
    pub async fn given_clerk_of(&self, association: &str, role: Role) -> SignedIn {
        let login_id = format!("clerk-{}", next());
        self.given_account(&login_id, None, role, Some(association)).await;
        self.visitor().log_in(&login_id).await
    }

    /// A society without a prefecture: the national association looks after it.
    pub async fn given_society(&self, name: &str) -> OrganisationId {
        let id = Uuid::now_v7();
        self.insert(
            "insert into organisations (id, code, kind, name, name_en) values ($1, $2, 'society', $3, $3)",
            &[&id, &format!("T{}", next()), &name],
        )
        .await;
        OrganisationId::from_uuid(id)
    }

    /// An organiser of an organisation, signed in.
    pub async fn given_organiser_of(&self, organisation: OrganisationId) -> SignedIn {
        let login_id = format!("organiser-{}", next());
        let account = Uuid::now_v7();
        self.insert(
            "insert into accounts (id, login_id, display_name, password_hash, state, class)
             values ($1, $2, $2, $3, 'active', 'clerk')",
            &[&account, &login_id, &password_hash()],
        )
        .await;
        self.given_terms_accepted(account).await;
        self.insert(
            "insert into capabilities (id, account_id, role, organisation_id, valid_from)
             values ($1, $2, 'organiser', $3, '2020-01-01')",
            &[&Uuid::now_v7(), &account, &organisation.uuid()],
        )
        .await;
        self.visitor().log_in(&login_id).await
    }

    /// Somebody without a role and without a person, who may be an assistant, signed in.
    pub async fn given_assistant(&self) -> SignedIn {
        let (account, login_id) = (Uuid::now_v7(), format!("assistant-{}", next()));
        self.insert(
            "insert into accounts (id, login_id, display_name, password_hash, state, class)
             values ($1, $2, $2, $3, 'active', 'assistant')",
            &[&account, &login_id, &password_hash()],
        )
        .await;
        self.given_terms_accepted(account).await;
        self.visitor().log_in(&login_id).await
    }

    /// An active account with one role since 2020-01-01.
    pub async fn given_account(
        &self,
        login_id: &str,
        person: Option<PersonId>,
        role: Role,
        association: Option<&str>,
    ) -> AccountId {
        let account = Uuid::now_v7();
        self.insert(
            "insert into accounts (id, login_id, display_name, password_hash, state, person_id, class)
             values ($1, $2, $2, $3, 'active', $4, case when $4::uuid is null then 'clerk' else 'member' end)",
            &[&account, &login_id, &password_hash(), &person.map(PersonId::uuid)],
        )
        .await;
        self.given_terms_accepted(account).await;
        let association = match association {
            Some(name) => Some(self.association(name).await.uuid()),
            None => None,
        };
        self.insert(
            "insert into capabilities (id, account_id, role, association_id, valid_from)
             values ($1, $2, $3, $4, '2020-01-01')",
            &[&Uuid::now_v7(), &account, &role.as_str(), &association],
        )
        .await;
        let account = AccountId::from_uuid(account);
        if role >= Role::Approver {
            self.given_second_factor(account, login_id).await;
        }
        account
    }

    /// An authenticator app for an account, and codes for a few log-ins: [`Client::log_in`](crate::Client::log_in) uses one
    /// each.
    pub async fn given_second_factor(&self, account: AccountId, login_id: &str) {
        self.given_totp(account).await;
        self.insert("delete from recovery_codes where account_id = $1", &[&account.uuid()]).await;
        let hashes: Vec<Vec<u8>> = (0..Codes::GIVEN).map(|n| hash_code(account, &Codes::code(n))).collect();
        let ids: Vec<Uuid> = hashes.iter().map(|_| Uuid::now_v7()).collect();
        self.insert(
            "insert into recovery_codes (id, account_id, code_hash)
             select id, $1, hash from unnest($2::uuid[], $3::bytea[]) as given (id, hash)",
            &[&account.uuid(), &ids, &hashes],
        )
        .await;
        self.codes().give(login_id);
    }

    /// A device at this application's page, with no passkey yet.
    #[must_use]
    pub fn given_authenticator(&self) -> Authenticator {
        Authenticator::new(next(), self.public_url())
    }

    /// Gives an account the second factor back that it had at first, or takes away what it did not have.
    pub async fn restore_second_factor(&self, who: &SignedIn) {
        let account = who.account_id.uuid();
        for table in ["totp_factors", "recovery_codes", "passkeys"] {
            self.insert(&format!("delete from {table} where account_id = $1"), &[&account]).await;
        }
        let role = "select count(*) from capabilities where account_id = $1 and role in ('approver', 'administrator')";
        if self.count(role, &[&account]).await > 0 {
            self.given_second_factor(who.account_id, &who.login_id).await;
            let raised = "update sessions set assurance = 'second_factor' where account_id = $1";
            self.insert(raised, &[&account]).await;
        }
    }

    /// An authenticator app in use, whose codes [`TestApp::totp_code`] tells.
    pub async fn given_totp(&self, account: AccountId) {
        let secret = seal(account, &TOTP_SECRET);
        self.insert(
            "insert into totp_factors (account_id, secret, last_step, confirmed_at) values ($1, $2, 0, $3)
             on conflict (account_id) do update set secret = excluded.secret, last_step = 0",
            &[&account.uuid(), &secret, &self.clock.now()],
        )
        .await;
    }

    /// An authenticator app that waits for its first code, [`TestApp::totp_code`].
    pub async fn given_totp_setup(&self, account: AccountId) {
        self.insert(
            "insert into totp_setups (account_id, secret, expires_at) values ($1, $2, $3)
             on conflict (account_id) do update set secret = excluded.secret",
            &[&account.uuid(), &seal(account, &TOTP_SECRET), &(self.clock.now() + TimeDelta::minutes(10))],
        )
        .await;
    }

    /// A log-in whose password was right and that waits for a code of [`TestApp::given_totp`]: its challenge.
    pub async fn given_second_step(&self, account: AccountId) -> String {
        self.given_totp(account).await;
        let challenge = format!("challenge-{}", next());
        let hash: Vec<u8> = Sha256::digest(&challenge).to_vec();
        self.insert(
            "insert into login_challenges (token_hash, kind, account_id, expires_at) values ($1, 'second_step', $2, $3)",
            &[&hash, &account.uuid(), &(self.clock.now() + TimeDelta::minutes(10))],
        )
        .await;
        challenge
    }

    /// The code of the authenticator app of [`TestApp::given_totp`] at this moment; each works once.
    #[must_use]
    pub fn totp_code(&self) -> String {
        self.totp_code_of(&TOTP_SECRET)
    }

    /// The code of the authenticator app with this secret at this moment.
    #[must_use]
    pub fn totp_code_of(&self, secret: &[u8]) -> String {
        totp_code(secret, self.clock.now())
    }

    /// The acceptance of the terms in force on the first day of the tests.
    async fn given_terms_accepted(&self, account: Uuid) {
        self.insert(
            "insert into terms_acceptances (account_id, version, accepted_at, address)
             select $1, version, '2026-04-01T00:00:00Z', '192.0.2.1' from terms_versions where effective_from <= '2026-11-23'",
            &[&account],
        )
        .await;
    }

    /// A further version of the terms of use. The server remembers versions for a while, so give it before anybody asks.
    pub async fn given_terms(&self, version: &str, announced_on: &str, effective_from: &str) {
        self.insert(
            "insert into terms_versions (version, announced_on, effective_from, texts)
             select $1, $2::text::date, $3::text::date, jsonb_set(jsonb_set(texts,
                 '{ja,changes}', '[\"第2条に、補助者の登録についての決まりを加えました。\"]'),
                 '{en,changes}', '[\"Article 2 now speaks of assistants.\"]')
             from terms_versions order by effective_from limit 1",
            &[&version, &announced_on, &effective_from],
        )
        .await;
    }

    /// That the account has accepted nothing yet.
    pub async fn given_nothing_accepted(&self, account: AccountId) {
        self.insert("delete from terms_acceptances where account_id = $1", &[&account.uuid()]).await;
    }

    /// A planned stop. The server remembers those for a while, so give it before anybody asks.
    pub async fn given_maintenance(&self, kind: MaintenanceKind, starts_at: &str, ends_at: &str) {
        self.insert(
            "insert into maintenance_windows (id, starts_at, ends_at, kind, message_ja, message_en)
             values ($1, $2::text::timestamptz, $3::text::timestamptz, $4, '新しい機能を入れる作業です。',
                 'New functions are being installed.')",
            &[&Uuid::now_v7(), &starts_at, &ends_at, &kind.as_str()],
        )
        .await;
    }

    /// A case in the making, of a new physician who joins all three tiers.
    #[must_use]
    pub const fn given_application(&self) -> GivenApplication<'_> {
        GivenApplication { app: self, physician: None, highest_tier: Tier::National, fields: Vec::new() }
    }

    /// The association's approval, by a clerk made for it.
    pub async fn given_approval(&self, case: &Case, association: &str) {
        let clerk = self.given_clerk_of(association, Role::Approver).await;
        clerk.approve(case.id, "2026-12-01").await.assert_status(200);
    }

    pub(crate) async fn insert(&self, statement: &str, parameters: &[&(dyn ToSql + Sync)]) {
        let done = self.owner().execute(statement, parameters).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
}

impl GivenApplication<'_> {
    /// About this physician.
    #[must_use]
    pub fn of(mut self, physician: &SignedIn) -> Self {
        self.physician = Some(physician.clone());
        self
    }

    /// Joining up to this tier only.
    #[must_use]
    pub const fn up_to(mut self, tier: Tier) -> Self {
        self.highest_tier = tier;
        self
    }

    /// With another value in the form.
    #[must_use]
    pub fn with(mut self, pointer: &'static str, value: Value) -> Self {
        self.fields.push((pointer, value));
        self
    }

    /// A complete draft.
    pub async fn drafted_for(self, district: &str) -> Case {
        let mut form = join_form(self.app.association(district).await);
        form = set(form, "/highest_tier", json!(self.highest_tier));
        for tier in [Tier::Prefectural, Tier::National] {
            if tier > self.highest_tier {
                form = set(form, &format!("/categories/{tier}"), Value::Null);
            }
        }
        for (pointer, value) in self.fields {
            form = set(form, pointer, value);
        }
        let physician = match self.physician {
            Some(physician) => physician,
            None => self.app.given_physician().await,
        };
        let id = physician.create_application(&changes(&form)).await.assert_status(201).application_id();
        Case { id, physician }
    }

    /// A case filed with a district association.
    pub async fn submitted_to(self, district: &str) -> Case {
        let case = self.drafted_for(district).await;
        case.physician.submit(case.id).await.assert_status(200);
        case
    }
}
