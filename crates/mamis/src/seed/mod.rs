//! `mamis seed`: made-up people, practices, memberships and cases, for trials and benchmarks. Never for production: all
//! log-ins share one published pass word.
//!
//! Deterministic: the same seed, scale and day give the same data, but for the ids of associations. Sizes and
//! distributions follow published statistics of Japan's physicians and are written beside each number.
//!
//! - [`world`]: associations with their sizes, and the practices in them.
//! - [`names`]: names with their readings, rare glyphs included.
//! - [`people`]: a physician with a career: memberships, workplaces.
//! - [`cases`]: the cases behind memberships, and those under way; the rules of `domain` make them.
//! - [`ids`]: ids from the seed.

mod cases;
mod ids;
mod names;
mod people;
mod world;

use anyhow::bail;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::policy::RegistryAction;
use mamis_persistence::StoreError;
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::registry::bulk::{BulkStore, Exclusive};
use mamis_usecases::demo::PASSWORD;
use mamis_usecases::identity::hash_password;
use mamis_usecases::{Clock, SystemClock};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use crate::config::Config;
use crate::database::Database;
use crate::progress::Progress;
use crate::say::say;
use people::Crowd;
use world::World;

/// Physicians in Japan, all of them (350,000).
const PERSONS_AT_SCALE_1: f64 = 350_000.0;
/// Persons whose rows go into one transaction.
const CHUNK: usize = 2_000;
const DEFAULT_SEED: u64 = 20_261_123;

/// How much, and which.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeedOptions {
    /// 1 is the whole country.
    pub(crate) scale: f64,
    /// The same seed makes the same people.
    pub(crate) seed: u64,
    /// The day on which the data are as they are.
    pub(crate) as_of: NaiveDate,
    /// Whether persons may be there already.
    pub(crate) force: bool,
}

impl SeedOptions {
    pub(crate) fn new(scale: f64) -> Self {
        let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        Self { scale, seed: DEFAULT_SEED, as_of, force: false }
    }
}

/// What to make up.
#[derive(Args)]
pub(crate) struct SeedArgs {
    /// 1 is the whole country: 350,000 physicians.
    #[arg(long)]
    scale: f64,
    /// The same seed makes the same people.
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// The day on which the data are as they are.
    #[arg(long, default_value = "2026-11-23")]
    as_of: NaiveDate,
    /// Adds to a database that has persons already.
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(config: &Config, args: &SeedArgs) -> anyhow::Result<()> {
    let SeedArgs { scale, seed, as_of, force } = *args;
    let options = SeedOptions { scale, seed, as_of, force };
    let since = std::time::Instant::now();
    let database = Database::open(config).await?;
    let mut store = BulkStore::connect(&database.app_url).await?;
    let mut progress = None;
    let made = generate(&mut store, &options, SystemClock.now(), |done, total| {
        progress.get_or_insert_with(|| Progress::new("persons", total)).advance_by(done);
    })
    .await;
    if let Some(progress) = progress {
        progress.finish();
    }
    drop(store);
    database.close();
    let counts = made?;
    for (table, count) in counts.tables() {
        say!("{table:<20}{count:>10}");
    }
    say!("done in {:.1} s; every log-in has the pass word {PASSWORD}", since.elapsed().as_secs_f64());
    Ok(())
}

/// How many rows were made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SeedCounts {
    facilities: usize,
    persons: usize,
    accounts: usize,
    affiliations: usize,
    memberships: usize,
    applications: usize,
}

impl SeedCounts {
    const fn tables(self) -> [(&'static str, usize); 6] {
        [
            ("facilities", self.facilities),
            ("persons", self.persons),
            ("accounts", self.accounts),
            ("affiliations", self.affiliations),
            ("memberships", self.memberships),
            ("applications", self.applications),
        ]
    }
}

/// Fills the database. `progress` hears how many persons were added, of how many.
pub(crate) async fn generate(
    store: &mut BulkStore,
    options: &SeedOptions,
    now: DateTime<Utc>,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<SeedCounts> {
    if !(options.scale > 0.0 && options.scale <= 1.0) {
        bail!("the scale lies between 0 and 1, 1 being the whole country");
    }
    if !store.try_exclusive(Exclusive::Seed).await? {
        bail!("another process is seeding this database");
    }
    if store.has_persons_and_accounts().await?.0 && !options.force {
        bail!(
            "this database has persons in it; made-up data belong into an empty one (--force adds them all the same)"
        );
    }
    let first_number = store.registration_number_max(people::NUMBERS_END).await?;
    // Added to what is there, the same seed must not make the same ids again.
    let seed = options.seed ^ u64::try_from(first_number).unwrap_or_default();
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let password_hash = hash_password(PASSWORD)?;
    let mut world = World::build(store, options.scale, &mut rng).await?;
    let permit = Permit::system(SystemActor::Seed, RegistryAction::Seed);
    let mut counts = SeedCounts { facilities: world.facilities().len(), ..SeedCounts::default() };
    let clerks = world.make_clerks(store, &password_hash, options.as_of, &mut rng).await?;
    counts.accounts += clerks.accounts.len();
    store
        .transaction(async |tx| -> Result<(), StoreError> {
            tx.insert(&permit, &clerks.accounts).await?;
            tx.insert(&permit, &clerks.capabilities).await?;
            tx.insert(&permit, &world.new_facilities()).await
        })
        .await?;

    let total = (PERSONS_AT_SCALE_1 * options.scale).round().max(1.0) as usize;
    let mut crowd = Crowd::new(world, options.as_of, now, first_number, password_hash, rng);
    while counts.persons < total {
        let mut rows = crowd.next(CHUNK.min(total - counts.persons));
        let made = rows.persons.len();
        store
            .transaction(async |tx| -> Result<(), StoreError> {
                tx.insert(&permit, &rows.persons).await?;
                tx.insert(&permit, &rows.registrations).await?;
                tx.insert(&permit, &rows.contacts).await?;
                tx.insert(&permit, &rows.affiliations).await?;
                tx.insert(&permit, &rows.accounts).await?;
                tx.insert(&permit, &rows.capabilities).await?;
                let numbers = tx.application_numbers_take("JOIN", &rows.filing_days()).await?;
                rows.number_cases(numbers);
                tx.applications_insert(&permit, &rows.cases).await?;
                tx.insert(&permit, &rows.memberships).await?;
                tx.audit_append_all(&permit, &[seeded(made, now)], || crowd.new_id()).await
            })
            .await?;
        counts.persons += made;
        counts.accounts += rows.accounts.len();
        counts.affiliations += rows.affiliations.len();
        counts.memberships += rows.memberships.len();
        counts.applications += rows.cases.len();
        progress(made, total);
    }
    store.transaction(async |tx| tx.terms_accept_for_all(&permit, options.as_of, now).await).await?;
    store.analyze().await?;
    Ok(counts)
}

/// One event for a chunk: nobody's facts were touched, for nobody is real.
fn seeded(persons: usize, now: DateTime<Utc>) -> NewAuditEvent<'static> {
    NewAuditEvent {
        action: "registry.seed",
        outcome: AuditOutcome::Done,
        subject_kind: "generated_data",
        subject_id: None,
        person: None,
        at: now,
        payload: Some(serde_json::json!({ "persons": persons })),
    }
}
