//! Who acts in the benchmarks: physicians with accounts and no membership, and an approving clerk of each association.

use anyhow::{Context, Result, ensure};
use mamis_kernel::AssociationId;
use mamis_usecases::identity::hash_password;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::http::PASSWORD;

/// One district with what lies above it.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) district: Uuid,
    municipality: String,
    postal_code: String,
    /// Login ids of the three clerks, lowest tier first.
    pub(crate) clerks: [String; 3],
}

/// A physician who may file cases.
#[derive(Debug, Clone)]
pub(crate) struct Physician {
    pub(crate) login_id: String,
}

/// Everybody.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) branches: Vec<Branch>,
    pub(crate) physicians: Vec<Physician>,
}

/// A nation, two prefectures, four districts, a municipality and a postal code each: enough to join.
const SMALL_COUNTRY: &str = "
insert into municipalities (code, check_digit, prefecture_code, prefecture, name, name_kana)
    select '9' || p || '20' || d, '0', '9' || p, '第' || p || '県', p || '-' || d || '市', 'シ'
    from generate_series(1, 2) p, generate_series(1, 2) d;
insert into postal_codes (postal_code, municipality_code, prefecture, municipality, town, town_kana, town_note)
    select code || '00', code, prefecture, name, '一番町', 'イチバンチョウ', '' from municipalities;
insert into associations (id, code, tier, kind, name)
    values (gen_random_uuid(), '00000', 'national', 'national', '国の医師会');
insert into associations (id, code, tier, kind, parent_id, prefecture_code, name)
    select gen_random_uuid(), p || '000', 'prefectural', 'prefectural', n.id, p, p || '県医師会'
    from (select distinct prefecture_code from municipalities) m(p), associations n where n.tier = 'national';
insert into associations (id, code, tier, kind, parent_id, prefecture_code, name)
    select gen_random_uuid(), m.code, 'district', 'municipal', p.id, m.prefecture_code, m.name || '医師会'
    from municipalities m join associations p on p.tier = 'prefectural' and p.prefecture_code = m.prefecture_code;
insert into association_areas (association_id, municipality_code) select id, code from associations where tier = 'district';
";

const BRANCHES: &str = "
select d.id, p.id, n.id, aa.municipality_code, pc.postal_code
from associations d
join associations p on p.id = d.parent_id
join associations n on n.id = p.parent_id
cross join lateral (select municipality_code from association_areas
    where association_id = d.id order by 1 limit 1) aa
cross join lateral (select postal_code from postal_codes
    where municipality_code = aa.municipality_code order by 1 limit 1) pc
where d.kind = 'municipal' order by hashtext(d.code) limit $1";

const CLERK: &str = "
with made as (
    insert into accounts (id, login_id, display_name, password_hash, state)
    select gen_random_uuid(), $2, a.name || '事務局', $3, 'active' from associations a where a.id = $1
    on conflict do nothing returning id)
insert into capabilities (id, account_id, role, association_id, valid_from)
select gen_random_uuid(), made.id, 'approver', $1, '2020-01-01' from made";

const PHYSICIANS: &str = "
with numbers as (select n, gen_random_uuid() person from generate_series(1, $2::int) n),
persons_made as (
    insert into persons (id, family_name, given_name, family_name_kana, given_name_kana, search_name, search_kana,
        birth_date, sex)
    select person, '測', '定' || n, 'ソク', 'テイ', '測定' || n, 'ソクテイ', '1980-01-01', 'unspecified' from numbers),
registered as (
    insert into medical_registrations (id, person_id, number, registered_on)
    select gen_random_uuid(), person, (8000000 + n)::text, '2006-04-20' from numbers),
accounts_made as (
    insert into accounts (id, login_id, display_name, password_hash, state, person_id)
    select gen_random_uuid(), 'bench-physician-' || n, '測定' || n, $1, 'active', person from numbers
    returning id, login_id),
allowed as (
    insert into capabilities (id, account_id, role, valid_from)
    select gen_random_uuid(), id, 'physician', '2020-01-01' from accounts_made)
select login_id from accounts_made order by length(login_id), login_id";

const TERMS: &str = "
insert into terms_acceptances (account_id, version, accepted_at, address)
select a.id, v.version, now(), '' from accounts a, terms_versions v on conflict do nothing";

impl Stage {
    /// Puts actors into a database; where there are no associations, a small country too.
    pub(crate) async fn set(client: &Client, branches: i64, physicians: i32) -> Result<Self> {
        let known: i64 = client.query_one("select count(*) from associations", &[]).await?.get(0);
        if known == 0 {
            client.batch_execute(SMALL_COUNTRY).await.context("making a small country")?;
        }
        let password_hash = hash_password(PASSWORD)?;
        let mut stage = Self { branches: Vec::new(), physicians: Vec::new() };
        for row in client.query(BRANCHES, &[&branches]).await? {
            let tiers: [Uuid; 3] = [row.get(0), row.get(1), row.get(2)];
            let clerks = tiers.map(|association| format!("bench-clerk-{association}"));
            for (association, login_id) in tiers.iter().zip(&clerks) {
                client.execute(CLERK, &[association, login_id, &password_hash]).await?;
            }
            let [district, ..] = tiers;
            stage.branches.push(Branch { district, municipality: row.get(3), postal_code: row.get(4), clerks });
        }
        ensure!(!stage.branches.is_empty(), "there is no district association with an area and a postal code");
        for row in client.query(PHYSICIANS, &[&password_hash, &physicians]).await? {
            stage.physicians.push(Physician { login_id: row.get(0) });
        }
        client.execute(TERMS, &[]).await?;
        client.batch_execute("analyze").await?;
        Ok(stage)
    }

    /// The branch of a physician by number: they are spread evenly.
    pub(crate) fn branch_of(&self, number: usize) -> Result<&Branch> {
        self.branches.get(number % self.branches.len()).context("no branch")
    }
}

/// How far up a case goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Highest {
    District,
    Prefectural,
    National,
}

impl Highest {
    /// How many associations decide.
    pub(crate) const fn steps(self) -> usize {
        match self {
            Self::District => 1,
            Self::Prefectural => 2,
            Self::National => 3,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Prefectural => "prefectural",
            Self::National => "national",
        }
    }
}

/// The body of a complete joining case; as the wizard sends it.
pub(crate) fn joining_case(branch: &Branch, number: usize, highest: Highest, day: &str) -> Value {
    json!({ "changes": [{ "kind": "join_new", "payload": {
        "workplace": {
            "name": format!("測定医院{number}"),
            "kind": "clinic",
            "postal_code": branch.postal_code,
            "municipality_code": branch.municipality,
            "address": format!("一番町{number}"),
            "phone": "077-522-0000",
            "business_type": "clinic_founder",
            "is_administrator": true,
            "employment": "full_time",
        },
        "district_association_id": AssociationId::from_uuid(branch.district),
        "highest_tier": highest.code(),
        "is_clinical_resident": false,
        "insurance_excluded": false,
        "categories": { "district": "A", "prefectural": "A", "national": "A1" },
        "effective_date": day,
        "contact": { "postal_code": branch.postal_code, "address": "一番町1", "phone": "090-0000-0000" },
    }}]})
}
