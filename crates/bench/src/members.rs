//! `bench person_search`, `list_deep`, `export_csv` and `growth`: clerks of all tiers look for members in the whole country, turn
//! pages far into the nation's list, and take it away as a file.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use mamis_kernel::AssociationId;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    ground::{Database, Ground},
    http::Call,
    load::{self, Measured},
    report::{Aim, Line},
    server::Server,
    stage::Stage,
};

const BRANCHES: i64 = 17;
/// Fifty clerks, one search a second each, whether or not the one before was answered.
const CLERKS: (u32, Duration) = (50, Duration::from_secs(1));
const PACED: Duration = Duration::from_secs(40);
const WARM_UP: Duration = Duration::from_secs(5);
const SATURATED: Duration = Duration::from_secs(10);
const SATURATING: usize = 16;
/// Names that each clerk looks for, in turns.
const NAMES: i64 = 40;
const PAGES: usize = 1_000;
/// How often one looks whether a list is written.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Either page is read this often, in turns.
const READINGS: usize = 100;

/// Somebody whom a clerk knows.
struct Known {
    family: String,
    kana: String,
    number: String,
}

/// A clerk with the association and members of it.
struct Desk {
    token: String,
    association: AssociationId,
    known: Vec<Known>,
}

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let (small, small_scale) = ground.generated_database("members").await?;
    let in_the_small = searches(ground, &small, small_scale).await?;
    ground.drop_database(&small).await?;
    let national = ground.national_database().await?;
    let in_the_large = searches(ground, &national, 1.0).await?;
    let growth = in_the_large.percentile_ms(50) / in_the_small.percentile_ms(50);
    Line::new("growth")
        .number("ratio", growth)
        .number("p99_ratio", in_the_large.percentile_ms(99) / in_the_small.percentile_ms(99))
        .with("of", "person_search")
        .aims(&[("ratio", growth, Aim::AtMost(1.3))])
        .print(1.0, national.count("persons").await?, &ground.conditions);
    lists(ground, &national).await
}

/// Prints `person_search`; gives the paced searches.
async fn searches(ground: &Ground, database: &Database, scale: f64) -> Result<Measured> {
    let server = Server::start(ground, database).await?;
    let desks = desks(&database.client().await?, &server).await?;
    let random = RefCell::new(StdRng::seed_from_u64(3));
    let search = || any_search(&desks, &mut random.borrow_mut());
    load::for_some_time(server.address, SATURATING, WARM_UP, search).await?;
    let paced = load::at_a_pace(server.address, CLERKS, PACED, search).await?;
    let saturated = load::for_some_time(server.address, SATURATING, SATURATED, search).await?;
    let rss = server.rss_mib()?;
    server.stop().await?;
    let p99 = paced.percentile_ms(99);
    Line::new("person_search")
        .number("p50_ms", paced.percentile_ms(50))
        .number("p99_ms", p99)
        .number("rps", saturated.per_second())
        .with("searches", paced.count())
        .with("clerks", CLERKS.0)
        .number("rss_mib", rss)
        .aims(&[("p99_ms", p99, Aim::AtMost(50.0))])
        .print(scale, database.count("persons").await?, &ground.conditions);
    Ok(paced)
}

/// Fifty clerks: a third of districts, a third of prefectures, a third of the nation.
async fn desks(client: &Client, server: &Server) -> Result<Vec<Desk>> {
    let stage = Stage::set(client, BRANCHES, 0).await?;
    for statement in ["vacuum analyze", "checkpoint"] {
        client.batch_execute(statement).await?;
    }
    let logins: Vec<&str> = stage.branches.iter().flat_map(|branch| branch.clerks.iter().map(String::as_str)).collect();
    let tokens = load::sign_in_all(server.address, 2, &logins).await?;
    let mut desks = Vec::new();
    for (login_id, token) in logins.iter().zip(tokens) {
        let question = "select c.association_id from capabilities c join accounts a on a.id = c.account_id
            where a.login_id = $1";
        let association: Uuid = client.query_one(question, &[login_id]).await?.get(0);
        let question = "select p.family_name, p.family_name_kana, r.number from memberships m
            join persons p on p.id = m.person_id join medical_registrations r on r.person_id = p.id
            where m.association_id = $1 and m.known_to is null order by md5(m.id::text) limit $2";
        let rows = client.query(question, &[&association, &NAMES]).await?;
        let known = rows.iter().map(|row| Known { family: row.get(0), kana: row.get(1), number: row.get(2) }).collect();
        desks.push(Desk { token, association: AssociationId::from_uuid(association), known });
    }
    desks.retain(|desk| !desk.known.is_empty());
    ensure!(!desks.is_empty(), "no clerk's association has members");
    Ok(desks)
}

/// What clerks type: four times of ten a name, three times the beginning of a reading, else a number or filters.
fn any_search(desks: &[Desk], random: &mut StdRng) -> Call {
    let desk = &desks[random.random_range(0..desks.len())];
    let known = &desk.known[random.random_range(0..desk.known.len())];
    let beginning = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    let filter = match random.random_range(0..20) {
        0..8 => json!({ "text": known.family, "state": "current" }),
        8..14 => json!({ "text": beginning(&known.kana, random.random_range(1..=3)), "state": "current" }),
        14..17 => json!({ "text": known.number }),
        17 => json!({ "state": "current", "category_codes": ["A", "A1"], "min_age": 60 }),
        18 => json!({ "state": "current", "facility_kinds": ["hospital"], "max_age": 39 }),
        _ => json!({ "state": "ended" }),
    };
    asked(desk, &json!({ "association_id": desk.association, "filter": filter }))
}

fn asked(desk: &Desk, body: &Value) -> Call {
    Call::post("/api/v1/members/search").by(&desk.token).json(body)
}

/// Prints `list_deep` and `export_csv`, both of the nation's members.
async fn lists(ground: &Ground, database: &Database) -> Result<()> {
    let server = Server::start(ground, database).await?;
    let client = database.client().await?;
    let desks = desks(&client, &server).await?;
    let question = "select id from associations where tier = 'national'";
    let nation = AssociationId::from_uuid(client.query_one(question, &[]).await?.get(0));
    let desk = desks.iter().find(|desk| desk.association == nation).context("a clerk of the nation")?;
    let rows = database.count("persons").await?;

    let filter = json!({ "state": "current" });
    let page = |cursor: Option<&Value>| {
        let mut body = json!({ "association_id": nation, "filter": filter });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor.clone();
        }
        asked(desk, &body)
    };
    let mut cursor = None;
    for number in 1..PAGES {
        let (_, mut replies) = load::each_once(server.address, 1, &[page(cursor.as_ref())]).await?;
        let next = replies.pop().context("an answer")?.json()?["next_cursor"].take();
        ensure!(!next.is_null(), "the list ends at page {number}");
        cursor = Some(next);
    }
    let (mut first, mut deep) = (Measured::default(), Measured::default());
    for _ in 0..READINGS {
        first.add(load::each_once(server.address, 1, &[page(None)]).await?.0);
        deep.add(load::each_once(server.address, 1, &[page(cursor.as_ref())]).await?.0);
    }
    let ratio = deep.percentile_ms(50) / first.percentile_ms(50);
    Line::new("list_deep")
        .number("first_ms", first.percentile_ms(50))
        .number("deep_ms", deep.percentile_ms(50))
        .number("ratio", ratio)
        .with("page", PAGES)
        .aims(&[("ratio", ratio, Aim::AtMost(1.2))])
        .print(1.0, rows, &ground.conditions);

    let (seconds, file) = exported(&server, desk, nation, "csv").await?;
    let lines = file.split(|byte| *byte == b'\n').count().saturating_sub(2);
    let question = "select count(distinct person_id) from memberships where association_id = $1 and known_to is null";
    let members: i64 = client.query_one(question, &[&nation.uuid()]).await?.get(0);
    ensure!(usize::try_from(members)? == lines, "{members} members and {lines} lines");
    let per_second = lines as f64 / seconds;
    let rss = server.rss_mib()?;
    Line::new("export_csv")
        .number("rows_per_s", per_second)
        .number("rss_mib", rss)
        .with("lines", lines)
        .with("mib", file.len() / 1024 / 1024)
        .aims(&[("rows_per_s", per_second, Aim::AtLeast(100_000.0)), ("rss_mib", rss, Aim::AtMost(150.0))])
        .print(1.0, rows, &ground.conditions);
    let (seconds, file) = exported(&server, desk, nation, "xlsx").await?;
    Line::new("export_xlsx")
        .number("rows_per_s", lines as f64 / seconds)
        .number("rss_mib", server.rss_mib()?)
        .with("lines", lines)
        .with("mib", file.len() / 1024 / 1024)
        .print(1.0, rows, &ground.conditions);
    server.stop().await
}

/// Asks for a file, looks until it is written, and fetches it. Gives the seconds of all that, and the file.
async fn exported(server: &Server, desk: &Desk, nation: AssociationId, format: &str) -> Result<(f64, Bytes)> {
    let body = json!({
        "kind": "members", "association_id": nation, "filter": {}, "purpose": "bench", "format": format
    });
    let one = async |call: Call| -> Result<_> {
        load::each_once(server.address, 1, &[call]).await?.1.pop().context("an answer")
    };
    let began = Instant::now();
    let ask = Call::post("/api/v1/exports").by(&desk.token).once(format!("export-{format}")).json(&body);
    let id = one(ask).await?.json()?["id"].as_str().context("an id")?.to_owned();
    loop {
        let export = one(Call::get(format!("/api/v1/exports/{id}")).by(&desk.token)).await?.json()?;
        match export["state"].as_str() {
            Some("ready") => break,
            Some("waiting" | "running") => tokio::time::sleep(LOOK_EVERY).await,
            other => bail!("the list is {other:?}"),
        }
    }
    let file = one(Call::get(format!("/api/v1/exports/{id}/file")).by(&desk.token)).await?.body;
    Ok((began.elapsed().as_secs_f64(), file))
}
