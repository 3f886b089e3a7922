//! `bench person_read`: clerks read records of persons of their own associations over HTTP, every reading audited, against
//! the very same SELECT driven by pgbench on the same PostgreSQL in the same run.

use std::{cell::RefCell, fs, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use mamis_kernel::PersonId;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use tokio::process::Command;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    ground::{Database, Ground},
    http::{Call, Http},
    load::{self, Measured},
    report::{Aim, Line},
    server::Server,
    stage::Stage,
};

const BRANCHES: i64 = 8;
/// Connections of either side.
const CLIENTS: usize = 16;
/// Both sides take turns, so that a busy moment of the machine meets both.
const TURNS: usize = 3;
const TURN: Duration = Duration::from_secs(8);
const WARM_UP: Duration = Duration::from_secs(2);
/// pgbench cannot choose a uuid: it fetches this many at once, by one statement that is not counted.
const BLOCK: usize = 50;
const BLOCKS: usize = 400;

/// One clerk with persons to read.
pub(crate) struct Block {
    clerk: usize,
    association: Uuid,
    persons: Vec<Uuid>,
}

/// A reading of any person by a clerk of theirs; `tokens` are those of the clerks that the blocks were made for.
pub(crate) fn any_reading(blocks: &[Block], tokens: &[String], random: &mut StdRng) -> Call {
    let block = &blocks[random.random_range(0..blocks.len())];
    let person = block.persons[random.random_range(0..block.persons.len())];
    let path = format!("/api/v1/persons/{}", PersonId::from_uuid(person));
    Call::get(path).by(&tokens[block.clerk])
}

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let (database, scale) = ground.generated_database("person_read").await?;
    let client = database.client().await?;
    let stage = Stage::set(&client, BRANCHES, 1).await?;
    let clerks: Vec<String> = stage.branches.iter().flat_map(|branch| branch.clerks.clone()).collect();
    let blocks = blocks(&client, &clerks).await?;
    let select = captured_select(ground, &database, &clerks, &blocks).await?;
    let script = pgbench_script(ground, &client, &select, &blocks).await?;
    // Several statements in one message would be one transaction, in which vacuum cannot run.
    for statement in ["vacuum analyze", "checkpoint"] {
        client.batch_execute(statement).await?;
    }

    let server = Server::start(ground, &database).await?;
    let logins: Vec<&str> = clerks.iter().map(String::as_str).collect();
    let tokens = load::sign_in_all(server.address, 2, &logins).await?;
    let before = database.count(READINGS).await?;
    let random = RefCell::new(StdRng::seed_from_u64(1));
    let call = || any_reading(&blocks, &tokens, &mut random.borrow_mut());
    let warm = load::for_some_time(server.address, CLIENTS, WARM_UP, call).await?;
    pgbench(ground, &database, &script, WARM_UP).await?;
    let (mut read, mut limits) = (Measured::default(), Vec::new());
    for _ in 0..TURNS {
        read.add(load::for_some_time(server.address, CLIENTS, TURN, call).await?);
        limits.push(pgbench(ground, &database, &script, TURN).await?);
    }
    let rss = server.rss_mib()?;
    server.stop().await?;

    let audited = database.count(READINGS).await? - before;
    let done = u64::try_from(warm.count() + read.count())?;
    ensure!(audited == done, "{done} records were read and {audited} readings are in the audit");
    let limit = limits.iter().sum::<f64>() / limits.len() as f64;
    let ratio = read.per_second() / limit;
    Line::new("person_read")
        .number("rps", read.per_second())
        .number("pgbench_tps", limit)
        .number("ratio", ratio)
        .number("p50_ms", read.percentile_ms(50))
        .number("p99_ms", read.percentile_ms(99))
        .with("reads", done)
        .with("audited", audited)
        .with("clients", CLIENTS)
        .number("rss_mib", rss)
        .aims(&[("ratio", ratio, Aim::AtLeast(0.25))])
        .print(scale, database.count("persons").await?, &ground.conditions);
    drop(client);
    ground.drop_database(&database).await
}

const READINGS: &str = "audit_events where action = 'registry.get_person' and outcome = 'seen'";

/// Persons of the clerks' associations, at random, in blocks of one clerk.
pub(crate) async fn blocks(client: &Client, clerks: &[String]) -> Result<Vec<Block>> {
    let mut members = Vec::new();
    let mut random = StdRng::seed_from_u64(2);
    for (clerk, login_id) in clerks.iter().enumerate() {
        let question = "select c.association_id, array(select distinct m.person_id from memberships m
                where m.association_id = c.association_id and m.known_to is null order by 1)
            from capabilities c join accounts a on a.id = c.account_id where a.login_id = $1";
        let row = client.query_one(question, &[login_id]).await?;
        let (association, persons): (Uuid, Vec<Uuid>) = (row.get(0), row.get(1));
        if !persons.is_empty() {
            members.push((clerk, association, persons));
        }
    }
    ensure!(!members.is_empty(), "no clerk's association has members");
    let mut blocks = Vec::with_capacity(BLOCKS);
    for _ in 0..BLOCKS {
        let (clerk, association, all) = members.choose(&mut random).context("no members")?;
        let persons = (0..BLOCK).filter_map(|_| all.choose(&mut random).copied()).collect();
        blocks.push(Block { clerk: *clerk, association: *association, persons });
    }
    Ok(blocks)
}

/// A statement as the server sends it, and what each of its parameters was.
struct Select {
    text: String,
    parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Parameter {
    Person,
    Associations,
    Literal(String),
}

/// Lets PostgreSQL log one reading of the server: so the limit is measured with what is really sent, for ever.
async fn captured_select(ground: &Ground, database: &Database, clerks: &[String], blocks: &[Block]) -> Result<Select> {
    let client = database.client().await?;
    let name = &database.name;
    client.batch_execute(&format!("alter database {name} set log_statement = 'all'")).await?;
    let server = Server::start(ground, database).await?;
    let mut http = Http::new(server.address);
    let block = blocks.first().context("no blocks")?;
    let person = *block.persons.first().context("an empty block")?;
    let token = http.sign_in(clerks.get(block.clerk).context("no clerk")?).await?;
    let path = format!("/api/v1/persons/{}", PersonId::from_uuid(person));
    http.must(&Call::get(path).by(&token)).await?;
    server.stop().await?;
    client.batch_execute(&format!("alter database {name} reset log_statement")).await?;
    let log = fs::read(ground.cluster.server_dir().join("server.log")).context("reading PostgreSQL's log")?;
    let found = select_in_log(&String::from_utf8_lossy(&log), person, block.association);
    found.context("the server's SELECT of a person's record is not in PostgreSQL's log")
}

/// The last such statement: `… LOG:  execute NAME: SELECT …`, and in the next line `… DETAIL:  parameters: $1 = '…', …`.
fn select_in_log(log: &str, person: Uuid, association: Uuid) -> Option<Select> {
    let lines: Vec<&str> = log.lines().collect();
    let at = lines.iter().rposition(|line| line.contains("LOG:  execute ") && line.contains("\"person_records\""))?;
    let statement = lines.get(at)?;
    let text = statement[statement.find(": SELECT ")? + 2..].to_owned();
    let values = lines.get(at + 1)?.split_once("parameters: ")?.1;
    let mut parameters = Vec::new();
    let mut rest = values;
    while let Some((_, after)) = rest.split_once(&format!("${} = ", parameters.len() + 1)) {
        let next = format!(", ${} = ", parameters.len() + 2);
        let value = after.find(&next).map_or(after, |end| &after[..end]);
        let bare = value.trim().trim_matches('\'');
        parameters.push(if bare == person.to_string() {
            Parameter::Person
        } else if bare == format!("{{{association}}}") {
            Parameter::Associations
        } else {
            Parameter::Literal(value.trim().to_owned())
        });
        rest = &after[value.len()..];
    }
    Some(Select { text, parameters })
}

impl Select {
    /// With pgbench's variables in place of the parameters: in prepared mode it makes parameters of them again.
    fn for_pgbench(&self, person: &str) -> String {
        let mut text = self.text.clone();
        // From the last to the first, lest $1 be found in $10.
        for (index, parameter) in self.parameters.iter().enumerate().rev() {
            let value = match parameter {
                Parameter::Person => format!(":{person}"),
                Parameter::Associations => ":associations".to_owned(),
                Parameter::Literal(literal) => literal.clone(),
            };
            text = text.replace(&format!("${}", index + 1), &value);
        }
        text
    }
}

async fn pgbench_script(ground: &Ground, client: &Client, select: &Select, blocks: &[Block]) -> Result<String> {
    client.batch_execute("create table bench_blocks (n int primary key, associations text, p uuid[])").await?;
    for (n, block) in (1_i32..).zip(blocks) {
        let associations = format!("{{{}}}", block.association);
        let statement = "insert into bench_blocks values ($1, $2, $3)";
        client.execute(statement, &[&n, &associations, &block.persons]).await?;
    }
    let names: Vec<String> = (1..=BLOCK).map(|index| format!("p{index}")).collect();
    let columns: Vec<String> = (1..=BLOCK).map(|index| format!("p[{index}] as p{index}")).collect();
    let mut script = format!("\\set n random(1, {})\n", blocks.len());
    script += &format!("select associations, {} from bench_blocks where n = :n \\gset\n", columns.join(", "));
    for name in names {
        script += &format!("{};\n", select.for_pgbench(&name));
    }
    let path = ground.folder.join("person_read.sql");
    fs::write(&path, script)?;
    Ok(path.to_str().context("a folder whose name is no text")?.to_owned())
}

/// SELECTs a second.
async fn pgbench(ground: &Ground, database: &Database, script: &str, time: Duration) -> Result<f64> {
    let clients = CLIENTS.to_string();
    let threads = ground.conditions.cores.min(CLIENTS).to_string();
    let seconds = time.as_secs().to_string();
    let mut command = Command::new(ground.cluster.bin_dir().join("pgbench"));
    command.args(["--no-vacuum", "--protocol", "prepared", "--client", &clients, "--jobs", &threads]);
    command.args(["--time", &seconds, "--random-seed", "1", "--file", script]).arg(&database.app_url);
    let output = command.output().await.context("pgbench")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("pgbench failed: {complaints}");
    }
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench says no tps")?;
    let tps: f64 = tps.split(' ').next().unwrap_or("").parse()?;
    Ok(tps * BLOCK as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_select_is_found_in_the_log_and_given_to_pgbench() {
        let (person, association) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let log = format!(
            "x LOG:  execute s1: SELECT 1\n\
             x LOG:  execute s2: SELECT a FROM \"person_records\" WHERE id = $1 AND (id = $2 OR x = ANY($3)) LIMIT $4\n\
             x DETAIL:  parameters: $1 = '{person}', $2 = NULL, $3 = '{{{association}}}', $4 = '1'\n"
        );
        let select = select_in_log(&log, person, association).unwrap();
        assert_eq!(
            select.for_pgbench("p7"),
            "SELECT a FROM \"person_records\" WHERE id = :p7 AND (id = NULL OR x = ANY(:associations)) LIMIT '1'"
        );
    }
}
