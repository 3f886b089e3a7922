//! `bench roster_import`: an old system's roster, against COPY of the rows that came of it.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Instant};

use anyhow::{Context, Result, ensure};
use bytes::{Bytes, BytesMut};
use encoding_rs::SHIFT_JIS;
use futures_util::{SinkExt, TryStreamExt, pin_mut};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::{
    ground::{Database, Ground},
    reference,
    report::{Aim, Line},
};

/// Times the sample of 5,000 records.
const COPIES: u32 = 5;

/// What an import writes, in the order of the foreign keys.
const TABLES: &[&str] = &[
    "persons",
    "medical_registrations",
    "contact_points",
    "facilities",
    "affiliations",
    "memberships",
    "roster_records",
    "audit_events",
    "audit_payloads",
];

pub(crate) async fn run(ground: &Ground) -> Result<()> {
    let (file, records) = generate(ground)?;
    let base = reference::loaded_database(ground, "roster_base").await?;
    let imported = ground.copied_database("roster", &base).await?;
    let copied = ground.copied_database("roster_copy", &base).await?;

    let client = imported.client().await?;
    let before: String = client.query_one("select now()::text", &[]).await?.get(0);
    client.batch_execute("checkpoint").await?;
    let since = Instant::now();
    let path = file.to_str().context("a folder whose name is no text")?;
    let said = ground.mamis(&imported, &["import", "roster", path, "--commit"]).await?;
    let import_seconds = since.elapsed().as_secs_f64();

    check_tables(&base, &imported).await?;
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(export(&client, table, &before).await?);
    }
    let rows: u64 = tables.iter().map(|table| table.rows).sum();
    let audit: u64 = tables.iter().filter(|table| table.name.starts_with("audit_")).map(|table| table.rows).sum();
    let mut target = copied.client().await?;
    target.batch_execute("checkpoint").await?;
    let copy_seconds = load(&mut target, &tables).await?;
    for table in &tables {
        let there = copied.count(&format!("{} where recorded_at > '{before}'", table.name)).await?;
        ensure!(there == table.rows, "COPY wrote {there} rows into {} instead of {}", table.name, table.rows);
    }
    let persons = tables.first().map_or(0, |table| table.rows);
    ensure!(persons > 20_000, "only {persons} persons came of {records} records; mamis said: {said}");
    let ratio = import_seconds / copy_seconds;
    Line::new("roster_import")
        .with("rows_per_s", format_args!("{:.0}", f64::from(records) / import_seconds))
        .number("copy_ratio", ratio)
        .number("seconds", import_seconds)
        .number("copy_seconds", copy_seconds)
        .with("records", records)
        .with("audit_rows", audit)
        .aims(&[("copy_ratio", ratio, Aim::AtMost(6.0))])
        .print(0.0, rows, &ground.conditions);
    drop(client);
    drop(target);
    for database in [base, imported, copied] {
        ground.drop_database(&database).await?;
    }
    Ok(())
}

/// A table's new rows in COPY's binary form.
struct Rows {
    name: &'static str,
    columns: String,
    data: Vec<Bytes>,
    rows: u64,
}

async fn export(client: &Client, name: &'static str, since: &str) -> Result<Rows> {
    // Identity columns count by themselves; when a row was recorded the copy has to say again, for the comparison.
    let columns = "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) \
                   from information_schema.columns where table_name = $1 and is_identity = 'NO' \
                   and table_schema = 'public'";
    let columns: String = client.query_one(columns, &[&name]).await?.get(0);
    let fresh = format!("{name} where recorded_at > '{since}'");
    let stream = client.copy_out(&format!("copy (select {columns} from {fresh}) to stdout (format binary)")).await?;
    let chunks: Vec<Bytes> = stream.try_collect().await?;
    // COPY gives a message a row; sent on as they are they would measure our own system calls.
    let mut data = Vec::new();
    let mut buffer = BytesMut::new();
    for chunk in chunks {
        buffer.extend_from_slice(&chunk);
        if buffer.len() > 1 << 20 {
            data.push(buffer.split().freeze());
        }
    }
    data.push(buffer.freeze());
    let rows: i64 = client.query_one(&format!("select count(*) from {fresh}"), &[]).await?.get(0);
    Ok(Rows { name, columns, data, rows: u64::try_from(rows)? })
}

/// The limit: everything in one transaction, indexes and constraints on.
async fn load(client: &mut Client, tables: &[Rows]) -> Result<f64> {
    let since = Instant::now();
    let transaction = client.transaction().await?;
    for table in tables {
        let statement = format!("copy {} ({}) from stdin (format binary)", table.name, table.columns);
        let sink = transaction.copy_in::<_, Bytes>(&statement).await?;
        pin_mut!(sink);
        for chunk in &table.data {
            sink.as_mut().feed(chunk.clone()).await?;
        }
        sink.finish().await.with_context(|| format!("COPY into {}", table.name))?;
    }
    transaction.commit().await?;
    Ok(since.elapsed().as_secs_f64())
}

/// An import that writes tables which we do not copy would look slower than it is.
async fn check_tables(base: &Database, imported: &Database) -> Result<()> {
    let (before, after) = (counts(base).await?, counts(imported).await?);
    let grown = after.iter().filter(|(table, count)| before.get(*table) != Some(*count)).map(|(table, _)| table);
    let unknown: Vec<&String> = grown.filter(|table| !TABLES.contains(&table.as_str())).collect();
    ensure!(unknown.is_empty(), "the import writes tables that this benchmark does not copy: {unknown:?}");
    Ok(())
}

async fn counts(database: &Database) -> Result<BTreeMap<String, String>> {
    let client = database.client().await?;
    let tables = "select string_agg(format('select %L, count(*) from %I', tablename, tablename), ' union all ') \
                  from pg_tables where schemaname = 'public'";
    let question: String = client.query_one(tables, &[]).await?.get(0);
    let mut counts = BTreeMap::new();
    for message in client.simple_query(&question).await? {
        if let SimpleQueryMessage::Row(row) = message {
            counts.insert(row.get(0).unwrap_or_default().to_owned(), row.get(1).unwrap_or_default().to_owned());
        }
    }
    Ok(counts)
}

/// Writes a roster with the sample's distribution: its records several times, each time about other physicians.
fn generate(ground: &Ground) -> Result<(PathBuf, u32)> {
    let sample = ground.root.join("tests/data/roster/legacy_roster_sample.csv");
    let bytes = fs::read(&sample).with_context(|| format!("reading {}", sample.display()))?;
    let (text, _, broken) = SHIFT_JIS.decode(&bytes);
    ensure!(!broken, "{} is not CP932", sample.display());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|h| h == name).with_context(|| format!("no column {name}"));
    let (number, member, facility) = (column("医籍登録番号")?, column("日医会員ID")?, column("施設名")?);
    let records = reader.records().collect::<Result<Vec<_>, _>>()?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(&headers)?;
    let mut written = 0;
    for copy in 0..COPIES {
        for record in &records {
            let fields = record.iter().enumerate().map(|(index, field)| match index {
                _ if index == number => other_number(field, copy),
                _ if index == member => other_member(field, copy),
                _ if index == facility && copy > 0 && !field.is_empty() => format!("{field}第{copy}"),
                _ => field.to_owned(),
            });
            writer.write_record(fields)?;
            written += 1;
        }
    }
    // UTF-8: some faults of the sample are letters that can be read from CP932 and not be written back.
    let file = ground.folder.join("roster.csv");
    fs::write(&file, writer.into_inner()?)?;
    Ok((file, written))
}

/// The number with millions put before it; what is no number stays the fault it was.
fn other_number(field: &str, copy: u32) -> String {
    let digits = field.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let length = field.chars().count();
    if copy == 0 || !digits || !(1..=6).contains(&length) {
        return field.to_owned();
    }
    format!("{copy}{}{field}", "0".repeat(6 - length))
}

/// The id with another first digit.
fn other_member(field: &str, copy: u32) -> String {
    let mut chars = field.chars();
    match chars.next().and_then(|first| first.to_digit(10)) {
        Some(first) if copy > 0 && field.len() == 10 => format!("{}{}", (first + copy) % 10, chars.as_str()),
        _ => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{other_member, other_number};

    #[test]
    fn copies_are_about_other_physicians_and_faults_stay_faults() {
        assert_eq!(other_number("347592", 0), "347592");
        assert_eq!(other_number("0592", 3), "3000592");
        assert_eq!(other_number("５０６", 1), "1000５０６");
        assert_eq!(other_number("12-34", 1), "12-34");
        assert_eq!(other_number("", 1), "");
        assert_eq!(other_member("9317066907", 2), "1317066907");
        assert_eq!(other_member("", 2), "");
    }
}
