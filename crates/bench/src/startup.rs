//! `bench startup`: how soon a server answers when its database is up, and how much memory it takes.

use anyhow::Result;

use crate::{
    ground::Ground,
    http::{Call, Http, PASSWORD},
    load,
    report::{Aim, Line},
    server::Server,
    stage::Stage,
};

const STARTS: usize = 5;
const LOG_INS: usize = 100;

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let database = ground.fresh_database("startup").await?;
    let physicians = i32::try_from(LOG_INS)?;
    let stage = Stage::set(&database.client().await?, 1, physicians).await?;
    let mut seconds = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(ground, &database).await?;
        seconds.push(server.ready_after.as_secs_f64());
        server.stop().await?;
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(STARTS / 2).copied().unwrap_or(f64::NAN);
    let server = Server::start(ground, &database).await?;
    let rss = server.rss_mib()?;
    // Password hashing takes 19 MiB at a time: the memory of a server that has worked is the honest figure.
    let log_in = |login_id: &str| {
        Call::post("/api/v1/sessions").json(&serde_json::json!({ "login_id": login_id, "password": PASSWORD }))
    };
    let calls: Vec<Call> = stage.physicians.iter().map(|physician| log_in(&physician.login_id)).collect();
    let (log_ins, _) = load::each_once(server.address, 8, &calls).await?;
    let rss_used = server.rss_mib()?;
    Http::new(server.address).must(&Call::get("/healthz")).await?;
    server.stop().await?;
    Line::new("startup")
        .number("seconds", median)
        .number("slowest", seconds.last().copied().unwrap_or(f64::NAN))
        .number("rss_mib", rss)
        .number("rss_after_log_ins_mib", rss_used)
        .number("log_ins_rps", log_ins.per_second())
        .number("log_in_p99_ms", log_ins.percentile_ms(99))
        .aims(&[
            ("seconds", median, Aim::AtMost(1.0)),
            ("rss_mib", rss, Aim::AtMost(100.0)),
            ("rss_after_log_ins_mib", rss_used, Aim::AtMost(100.0)),
        ])
        .print(0.0, LOG_INS as u64, &ground.conditions);
    Ok(())
}
