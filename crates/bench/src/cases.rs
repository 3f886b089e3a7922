//! `bench case_submit` and `bench case_decide`: cases filed and decided by many at once.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use crate::{
    ground::{Conditions, Ground},
    http::{Call, Http, Reply},
    load::{self, Measured},
    report::Line,
    server::Server,
    stage::{Highest, Stage, joining_case},
};

const CASES: i32 = 600;
const BRANCHES: i64 = 8;
/// People who press a button at the same moment.
const CLIENTS: usize = 16;
const WISHED_DAY: &str = "2026-04-01";
const SIGN_IN_CLIENTS: usize = 4;

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let (database, scale) = ground.generated_database("cases").await?;
    let stage = Stage::set(&database.client().await?, BRANCHES, CASES).await?;
    let rows = database.count("applications").await?;
    let server = Server::start(ground, &database).await?;
    let mut http = Http::new(server.address);
    let mut clerks = HashMap::new();
    for login_id in stage.branches.iter().flat_map(|branch| &branch.clerks) {
        if !clerks.contains_key(login_id) {
            clerks.insert(login_id.clone(), http.sign_in(login_id).await?);
        }
    }
    let logins: Vec<&str> = stage.physicians.iter().map(|physician| physician.login_id.as_str()).collect();
    let tokens = load::sign_in_all(server.address, SIGN_IN_CLIENTS, &logins).await?;

    let mut drafts = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let body = joining_case(stage.branch_of(number)?, number, Highest::National, WISHED_DAY);
        drafts.push(Call::post("/api/v1/applications").by(token).once(new_key()).json(&body));
    }
    let (_, mut cases) = load::each_once(server.address, CLIENTS, &drafts).await?;

    let submits = with_tokens(&cases, "submit", |number| tokens.get(number))?;
    let (submitted, replies) = load::each_once(server.address, CLIENTS, &submits).await?;
    cases = replies;
    print(&submitted, "case_submit", scale, rows, &ground.conditions);

    let mut decided = Measured::default();
    for tier in 0..Highest::National.steps() {
        let clerk = |number: usize| clerks.get(stage.branch_of(number).ok()?.clerks.get(tier)?);
        let approvals: Vec<Call> = with_tokens(&cases, "approve", clerk)?
            .into_iter()
            .map(|call| call.json(&serde_json::json!({ "effective_date": WISHED_DAY })))
            .collect();
        let (measured, replies) = load::each_once(server.address, CLIENTS, &approvals).await?;
        decided.add(measured);
        cases = replies;
    }
    print(&decided, "case_decide", scale, rows, &ground.conditions);
    server.stop().await?;

    // A fast answer that wrote nothing would be no answer.
    let due = u64::try_from(CASES)? * 3;
    let memberships = "memberships m join applications a on a.id = m.application_id \
                       join accounts f on f.id = a.filed_by where f.login_id like 'bench-physician-%'";
    let written = database.count(memberships).await?;
    ensure!(written == due, "{written} memberships came of {CASES} cases, not {due}");
    ground.drop_database(&database).await
}

/// The next request about each case, based on the version of the last answer.
fn with_tokens<'t>(cases: &[Reply], verb: &str, token: impl Fn(usize) -> Option<&'t String>) -> Result<Vec<Call>> {
    let mut calls = Vec::with_capacity(cases.len());
    for (number, case) in cases.iter().enumerate() {
        let view = case.json()?;
        let id = view["id"].as_str().context("a case without id")?;
        let token = token(number).context("nobody to ask")?;
        let call = Call::post(format!("/api/v1/applications/{id}/{verb}"));
        calls.push(call.by(token).based_on(&case.tag()?).once(new_key()));
    }
    Ok(calls)
}

fn print(measured: &Measured, name: &str, scale: f64, rows: u64, conditions: &Conditions) {
    Line::new(name)
        .number("rps", measured.per_second())
        .number("p50_ms", measured.percentile_ms(50))
        .number("p99_ms", measured.percentile_ms(99))
        .with("requests", measured.count())
        .with("clients", CLIENTS)
        .print(scale, rows, conditions);
}

fn new_key() -> String {
    Uuid::from_u128(rand::random()).to_string()
}
