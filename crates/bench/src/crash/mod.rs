//! `cargo xtask crash [--rounds N] [--seed S]`: kills the server while cases are filed and decided, then looks for what
//! was lost, torn or doubled.
//!
//! Each round lets clients work ([`shepherd`]) and kills the server at a random moment, every third time PostgreSQL's
//! processes with it. Before anything starts again, the database is inspected ([`inspect`]) and compared with what had
//! been acknowledged ([`ledger`]). Then the server comes back, the clients repeat what they have no answer to, and
//! answered requests are sent once more and have to get their old answers. At the end the audit chain is verified, and the
//! inspector itself is put to the test: faults are planted, and one it does not find fails the trial ([`planted`]).

mod inspect;
mod ledger;
mod planted;
mod shepherd;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{sync::watch, task::LocalSet, time::timeout};
use tokio_postgres::Client;

use crate::{
    ground::{Database, Ground},
    http::Http,
    server::Server,
    stage::Stage,
};
use ledger::{Entry, Ledger};
use shepherd::{Shepherd, Tokens, Whereabouts};

const SHEPHERDS: usize = 12;
/// Requests repeated after each round.
const REPEATED: usize = 200;
const PHYSICIANS_A_ROUND: i32 = 150;
/// After the last round everybody finishes the case at hand.
const FINISH_WITHIN: Duration = Duration::from_secs(60);
/// Sealing follows within a second or two.
const SEALED_WITHIN: Duration = Duration::from_secs(30);

/// What the command line says.
#[derive(Debug)]
pub(crate) struct Options {
    rounds: u32,
    seed: u64,
}

impl Options {
    pub(crate) fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self { rounds: 20, seed: rand::random() };
        for pair in arguments.chunks(2) {
            match pair {
                [name, value] if name == "--rounds" => options.rounds = value.parse().context("--rounds")?,
                [name, value] if name == "--seed" => options.seed = value.parse().context("--seed")?,
                _ => bail!("usage: crash [--rounds N] [--seed S]"),
            }
        }
        ensure!(options.rounds > 0, "--rounds 0 would show nothing");
        Ok(options)
    }
}

/// What everybody shares; all of it runs on one thread.
struct Shared {
    stage: Stage,
    ledger: RefCell<Ledger>,
    whereabouts: watch::Sender<Whereabouts>,
    next_physician: Cell<usize>,
    stopping: Cell<bool>,
    tokens: Tokens,
}

pub(crate) async fn run(options: &Options) -> Result<()> {
    println!(
        "crash rounds={} seed={} (the seed decides the moments, the machine the interleavings)",
        options.rounds, options.seed
    );
    let ground = Ground::open().await?;
    let database = ground.fresh_database("crash").await?;
    let client = database.client().await?;
    let physicians = PHYSICIANS_A_ROUND * i32::try_from(options.rounds + 1)?;
    let stage = Stage::set(&client, 4, physicians).await?;
    let shared = Rc::new(Shared {
        stage,
        ledger: RefCell::default(),
        whereabouts: watch::Sender::new(Whereabouts::Down),
        next_physician: Cell::new(0),
        stopping: Cell::new(false),
        tokens: Tokens::default(),
    });
    let trial = Trial { ground: &ground, database: &database, shared: Rc::clone(&shared) };
    LocalSet::new().run_until(trial.run(options)).await.map_err(|error| error.context(format!("seed={}", options.seed)))
}

struct Trial<'a> {
    ground: &'a Ground,
    database: &'a Database,
    shared: Rc<Shared>,
}

impl Trial<'_> {
    async fn run(&self, options: &Options) -> Result<()> {
        let since = Instant::now();
        let mut random = StdRng::seed_from_u64(options.seed);
        let mut workers: Vec<_> = (0..SHEPHERDS)
            .map(|number| {
                let shepherd = Shepherd::new(Rc::clone(&self.shared), options.seed.wrapping_add(number as u64));
                tokio::task::spawn_local(shepherd.work())
            })
            .collect();
        let mut server = self.start().await?;
        let mut repeated = 0;
        for round in 1..=options.rounds {
            let pause = Duration::from_millis(random.random_range(400..3_000));
            tokio::time::sleep(pause).await;
            if let Some(failed) = workers.iter_mut().find(|worker| worker.is_finished()) {
                failed.await.context("a client died")??;
                bail!("a client had nothing left to do; give the trial more physicians");
            }
            let with_database = round % 3 == 0;
            self.shared.whereabouts.send_replace(Whereabouts::Down);
            if with_database {
                self.crash_database().await?;
            }
            server.kill().await?;
            self.wait_for_database().await?;
            let acknowledged = self.shared.ledger.borrow().len();
            self.inspect().await.with_context(|| format!("after kill {round}"))?;
            println!(
                "round {round} of {}: killed after {} ms{}, {acknowledged} acknowledged so far, nothing lost",
                options.rounds,
                pause.as_millis(),
                if with_database { " with PostgreSQL" } else { "" },
            );
            server = self.start().await?;
            repeated += self.repeat(&server, &mut random).await.with_context(|| format!("after kill {round}"))?;
        }
        self.shared.stopping.set(true);
        for worker in workers {
            timeout(FINISH_WITHIN, worker)
                .await
                .context("a client does not come to an end")?
                .context("a client died")??;
        }
        self.wait_for_seals().await?;
        server.stop().await?;
        self.inspect().await.context("at the end")?;
        let verified = self.verify_chain().await?;
        let planted = planted::try_all(self.ground, self.database, &self.acknowledged()).await?;
        let cases = self.database.count("applications").await?;
        let completed = self.database.count("applications where state = 'completed'").await?;
        let ledger = self.shared.ledger.borrow();
        println!(
            "crash rounds={} seconds={} seed={} acknowledged={} decisions={} cases={cases} completed={completed} \
             in_doubt={} duels={} repeated={repeated} audit_events_verified={verified} planted_faults_found={planted} \
             result=sound",
            options.rounds,
            since.elapsed().as_secs(),
            options.seed,
            ledger.len(),
            ledger.decisions(),
            ledger.in_doubt.get(),
            ledger.duels.get(),
        );
        ensure!(ledger.decisions() > 0, "nothing was decided: the trial shows nothing");
        ensure!(ledger.in_doubt.get() > 0, "no kill met a request under way: the trial shows nothing");
        Ok(())
    }

    /// A copy: the clients go on writing while we compare.
    fn acknowledged(&self) -> Vec<Rc<Entry>> {
        self.shared.ledger.borrow().entries()
    }

    async fn start(&self) -> Result<Server> {
        let server = Server::start(self.ground, self.database).await?;
        self.shared.whereabouts.send_replace(Whereabouts::At(server.address));
        Ok(server)
    }

    /// Kills one of PostgreSQL's processes, upon which it ends all others and recovers from its log.
    async fn crash_database(&self) -> Result<()> {
        let client = self.client().await?;
        let found = "select pid from pg_stat_activity where datname = current_database() and usename = 'mamis_app' \
                     and pid <> pg_backend_pid() limit 1";
        if let Some(row) = client.query_opt(found, &[]).await? {
            let pid = Pid::from_raw(row.get(0)).context("no process id")?;
            kill_process(pid, Signal::KILL).context("killing a process of PostgreSQL")?;
        }
        Ok(())
    }

    /// Waits until PostgreSQL answers and no work of the killed server is under way any more.
    async fn wait_for_database(&self) -> Result<()> {
        let quiet = async {
            loop {
                let left = "select 1 from pg_stat_activity where datname = current_database() \
                            and usename = 'mamis_app' limit 1";
                if let Ok(client) = self.client().await
                    && let Ok(None) = client.query_opt(left, &[]).await
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(120), quiet).await.context("PostgreSQL does not come back")
    }

    async fn client(&self) -> Result<Client> {
        self.database.client().await
    }

    async fn inspect(&self) -> Result<()> {
        let client = self.client().await?;
        let mut faults = inspect::faults(&client).await?;
        faults.extend(ledger::faults(&self.acknowledged(), &client).await?);
        if faults.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = faults.iter().take(20).map(|fault| format!("\n  - {fault}")).collect();
        Err(anyhow!("{} faults:{}", faults.len(), shown.concat()))
    }

    /// Sends answered requests of all ages again: each gets the answer it got.
    async fn repeat(&self, server: &Server, random: &mut StdRng) -> Result<usize> {
        let mut with_key = self.acknowledged();
        with_key.retain(|entry| entry.call.idempotency_key.is_some());
        let chosen: Vec<_> = with_key.choose_multiple(random, REPEATED).collect();
        let mut http = Http::new(server.address);
        for entry in &chosen {
            let token = self.shared.tokens.of(&mut http, &entry.login_id).await?;
            let reply = http.send(&entry.call.clone().by(&token)).await.context("repeating a request")?;
            let same = reply.status == entry.reply.status
                && reply.etag == entry.reply.etag
                && reply.json()? == entry.reply.json()?;
            ensure!(
                same,
                "{} was answered {} {:?} {} and, repeated with its key, {} {:?} {}",
                entry.call.path,
                entry.reply.status,
                entry.reply.etag,
                entry.reply.text(),
                reply.status,
                reply.etag,
                reply.text()
            );
        }
        Ok(chosen.len())
    }

    async fn wait_for_seals(&self) -> Result<()> {
        let client = self.client().await?;
        let unsealed = "select 1 from audit_events e where not exists \
                        (select from audit_seals s where s.event_id = e.id) limit 1";
        let sealed = async {
            while client.query_opt(unsealed, &[]).await?.is_some() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        };
        timeout(SEALED_WITHIN, sealed).await.context("audit events stay unsealed")?
    }

    /// Gives how many events the chain covers; all of them.
    async fn verify_chain(&self) -> Result<u64> {
        let said =
            self.ground.mamis(self.database, &["audit", "verify"]).await.context("the audit chain does not hold")?;
        let events = self.database.count("audit_events").await?;
        let expected = format!("verified={events} unsealed=0");
        ensure!(said.contains(&expected), "the chain should say `{expected}` and says: {said}");
        Ok(events)
    }
}
