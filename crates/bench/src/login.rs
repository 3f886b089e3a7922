//! `bench login` and `bench login_isolation`: log-ins as fast as they come, against the bare cost of their password hashes; and
//! what who is signed in notices of them.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures_util::future::{try_join, try_join_all};
use mamis_usecases::{
    AppConfig,
    identity::{Hashing, hash_password},
};
use rand::{SeedableRng, rngs::StdRng};

use crate::{
    ground::Ground,
    http::{Call, PASSWORD},
    load::{self, Measured},
    person_read::{any_reading, blocks},
    report::{Aim, Line},
    server::Server,
    stage::Stage,
};

const BRANCHES: i64 = 8;
/// Whose log-ins follow one another: nobody's is held up by another of the same account.
const ACCOUNTS: i32 = 400;
/// People who press the button at the same moment.
const CLIENTS: usize = 16;
/// Both sides take many short turns, so that a busy moment of the machine meets both.
const TURNS: usize = 12;
const TURN: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_secs(2);
const SEALED_WITHIN: Duration = Duration::from_secs(180);
/// Who reads meanwhile: this many connections, and how often each asks. 200 readings a second, a tenth of what there could be.
const READERS: (u32, Duration) = (8, Duration::from_millis(40));
const DISTURBED: Duration = Duration::from_secs(24);
const UNDISTURBED: Duration = Duration::from_secs(8);

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let (database, scale) = ground.generated_database("login").await?;
    let client = database.client().await?;
    let stage = Stage::set(&client, BRANCHES, ACCOUNTS).await?;
    let clerks: Vec<String> = stage.branches.iter().flat_map(|branch| branch.clerks.clone()).collect();
    let blocks = blocks(&client, &clerks).await?;
    for statement in ["vacuum analyze", "checkpoint"] {
        client.batch_execute(statement).await?;
    }
    let server = Server::start(ground, &database).await?;
    // A generated country's events wait to be sealed, which is no log-in's doing.
    let since = Instant::now();
    while database.count(UNSEALED).await? > 0 && since.elapsed() < SEALED_WITHIN {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let calls: Vec<Call> = stage.physicians.iter().map(|physician| log_in(&physician.login_id)).collect();
    let next = Cell::new(0);
    let log_in = || {
        let number = next.get();
        next.set(number + 1);
        calls[number % calls.len()].clone()
    };

    // As many threads of the very kind that the server hashes on, with nothing else to do.
    let threads = AppConfig::default().hashing_at_once;
    let bare = Bare { hashing: Hashing::new(threads), hash: hash_password(PASSWORD)? };
    let before = database.count(LOG_INS).await?;
    let warm = load::for_some_time(server.address, CLIENTS, WARM_UP, log_in).await?;
    bare.hashes_per_second(WARM_UP).await?;
    let (mut signed_in, mut limits) = (Measured::default(), Vec::new());
    for _ in 0..TURNS {
        signed_in.add(load::for_some_time(server.address, CLIENTS, TURN, log_in).await?);
        limits.push(bare.hashes_per_second(TURN).await?);
    }
    let sessions = database.count(LOG_INS).await? - before;
    let done = u64::try_from(warm.count() + signed_in.count())?;
    ensure!(sessions == done, "{done} log-ins were answered and {sessions} are in the audit");
    let limit = limits.iter().sum::<f64>() / limits.len() as f64;
    let ratio = signed_in.per_second() / limit;
    let rows = database.count("accounts").await?;
    Line::new("login")
        .number("rps", signed_in.per_second())
        .number("hash_bound_rps", limit)
        .number("ratio", ratio)
        .number("p50_ms", signed_in.percentile_ms(50))
        .number("p99_ms", signed_in.percentile_ms(99))
        .with("log_ins", done)
        .with("clients", CLIENTS)
        .with("hashing_threads", threads)
        .number("rss_mib", server.rss_mib()?)
        .aims(&[("ratio", ratio, Aim::AtLeast(0.8))])
        .print(scale, rows, &ground.conditions);

    let logins: Vec<&str> = clerks.iter().map(String::as_str).collect();
    let tokens = load::sign_in_all(server.address, 2, &logins).await?;
    let random = RefCell::new(StdRng::seed_from_u64(1));
    let reading = || any_reading(&blocks, &tokens, &mut random.borrow_mut());
    let alone = load::at_a_pace(server.address, READERS, UNDISTURBED, reading).await?;
    let saturating = load::for_some_time(server.address, CLIENTS, DISTURBED, log_in);
    let (log_ins, read) = try_join(saturating, load::at_a_pace(server.address, READERS, DISTURBED, reading)).await?;
    server.stop().await?;
    let p99 = read.percentile_ms(99);
    Line::new("login_isolation")
        .number("p99_ms", p99)
        .number("p50_ms", read.percentile_ms(50))
        .number("undisturbed_p99_ms", alone.percentile_ms(99))
        .number("reads_per_s", read.per_second())
        .number("log_ins_per_s", log_ins.per_second())
        .with("reads", read.count())
        .aims(&[("p99_ms", p99, Aim::AtMost(50.0))])
        .print(scale, database.count("persons").await?, &ground.conditions);
    drop(client);
    ground.drop_database(&database).await
}

const UNSEALED: &str = "audit_events e where not exists (select from audit_seals s where s.event_id = e.id)";
const LOG_INS: &str = "audit_events where action = 'identity.log_in' and outcome = 'done'";

fn log_in(login_id: &str) -> Call {
    Call::post("/api/v1/sessions").json(&serde_json::json!({ "login_id": login_id, "password": PASSWORD }))
}

/// Password comparisons and nothing else.
struct Bare {
    hashing: Hashing,
    hash: String,
}

impl Bare {
    async fn hashes_per_second(&self, time: Duration) -> Result<f64> {
        let (done, since) = (Cell::new(0_u32), Instant::now());
        let one = async || -> Result<()> {
            while since.elapsed() < time {
                let matches = self.hashing.matches(PASSWORD.to_owned(), Some(self.hash.clone())).await?;
                ensure!(matches, "a password does not match its own hash");
                done.set(done.get() + 1);
            }
            Ok(())
        };
        try_join_all((0..CLIENTS).map(|_| one())).await?;
        Ok(f64::from(done.get()) / since.elapsed().as_secs_f64())
    }
}
