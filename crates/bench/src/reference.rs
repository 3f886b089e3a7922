//! `bench reference_import`: the postal codes, municipalities, associations and schools of a whole country.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::{
    ground::{Database, Ground},
    report::{Aim, Line},
};

const TABLES: [&str; 5] = ["municipalities", "postal_codes", "medical_schools", "associations", "association_areas"];

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let database = ground.fresh_database("reference").await?;
    let seconds = import(ground, &database).await?;
    let again = import(ground, &database).await?;
    let mut rows = 0;
    for table in TABLES {
        rows += database.count(table).await?;
    }
    ensure!(rows > 120_000, "only {rows} rows of reference data were loaded");
    Line::new("reference_import")
        .number("seconds", seconds)
        .number("again_seconds", again)
        .aims(&[("seconds", seconds, Aim::AtMost(10.0))])
        .print(0.0, rows, &ground.conditions);
    Ok(())
}

/// A database of this name with the reference data.
pub(crate) async fn loaded_database(ground: &Ground, name: &str) -> Result<Database> {
    let database = ground.fresh_database(name).await?;
    import(ground, &database).await?;
    Ok(database)
}

async fn import(ground: &Ground, database: &Database) -> Result<f64> {
    let since = Instant::now();
    ground.mamis(database, &["import", "reference", "reference"]).await?;
    Ok(since.elapsed().as_secs_f64())
}
