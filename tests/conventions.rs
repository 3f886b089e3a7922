//! Conventions of the database and of the problems, kept by looking.

use std::collections::{BTreeMap, BTreeSet};

use mamis_contract::ProblemCode;
use mamis_persistence::migrate::{revert_all, run_pending};
use mamis_test_support::TestDatabase;
use tokio_postgres::Client;

/// Diesel's own.
const NOT_OURS: &str = "__diesel_schema_migrations";

async fn texts(client: &Client, question: &str) -> Vec<String> {
    let rows = client.query(question, &[]).await.unwrap_or_else(|error| panic!("{question}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

async fn nothing(question: &str, fault: &str) {
    let database = TestDatabase::create().await;
    let found = texts(&database.client().await, question).await;
    assert!(found.is_empty(), "{fault}: {found:#?}");
}

#[tokio::test]
async fn every_table_has_a_primary_key_and_says_when_a_row_was_recorded() {
    let without = |condition: &str| {
        format!(
            "select relname::text from pg_class c join pg_namespace n on n.oid = relnamespace
             where nspname = 'public' and relkind in ('r', 'p') and relname <> '{NOT_OURS}' and not exists ({condition})"
        )
    };
    nothing(&without("select from pg_constraint where conrelid = c.oid and contype = 'p'"), "no primary key").await;
    let recorded = "select from pg_attribute where attrelid = c.oid and attname = 'recorded_at' and attnotnull";
    nothing(&without(recorded), "no recorded_at").await;
}

#[tokio::test]
async fn every_foreign_key_has_an_index_that_begins_with_it() {
    nothing(
        "select conname::text from pg_constraint k where contype = 'f' and not exists (
             select from pg_index i where i.indrelid = k.conrelid
             and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)",
        "a foreign key without an index",
    )
    .await;
}

#[tokio::test]
async fn every_period_is_checked_and_no_dated_row_overlaps_another() {
    let periods = |from: &str, to: &str| {
        format!(
            "select a.attrelid::regclass::text from pg_attribute a join pg_attribute b
             on b.attrelid = a.attrelid and b.attname = '{to}' join pg_class c on c.oid = a.attrelid
             where a.attname = '{from}' and c.relkind in ('r', 'p')"
        )
    };
    let unchecked = |from: &str, to: &str| {
        format!(
            "{} and not exists (select from pg_constraint k where k.conrelid = a.attrelid and contype = 'c'
             and k.conkey @> array[a.attnum, b.attnum])",
            periods(from, to)
        )
    };
    nothing(&unchecked("valid_from", "valid_to"), "valid_from and valid_to without a check").await;
    nothing(&unchecked("known_from", "known_to"), "known_from and known_to without a check").await;
    let overlapping = format!(
        "{} and not exists (select from pg_constraint k where k.conrelid = a.attrelid and contype = 'x')",
        periods("valid_from", "valid_to")
    );
    nothing(&overlapping, "periods that may overlap").await;
}

/// The server maps constraints to problems by name: a name nobody chose would change with the columns.
#[tokio::test]
async fn constraints_are_named_on_purpose() {
    nothing(
        "select conname::text from pg_constraint k
         cross join lateral (
             select string_agg(attname, '_' order by ordinality) as columns
             from unnest(conkey) with ordinality as c (attnum, ordinality)
             join pg_attribute a on a.attrelid = conrelid and a.attnum = c.attnum) named
         where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'u', 'x')
             and conname::text ~ ('^' || conrelid::regclass || '_(' || columns || '_)?(check|fkey|key|excl)[0-9]*$')",
        "constraints with a name that PostgreSQL made up",
    )
    .await;
}

/// Everything a migration can leave behind, in words.
async fn shape(client: &Client) -> Vec<String> {
    texts(
        client,
        "select format('%s.%s %s %s %s %s', table_name, column_name, data_type, is_nullable, column_default, is_identity)
           from information_schema.columns where table_schema = 'public' and table_name <> '__diesel_schema_migrations'
         union all select indexdef from pg_indexes
           where schemaname = 'public' and tablename <> '__diesel_schema_migrations'
         union all select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
           from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
             and conrelid::regclass::text <> '__diesel_schema_migrations'
         union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
         union all select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = pronamespace
           left join pg_depend d on d.objid = p.oid and d.deptype = 'e' where nspname = 'public' and d.objid is null
         union all select pg_get_viewdef(c.oid) from pg_class c
           where relkind = 'v' and relnamespace = 'public'::regnamespace
         union all select format('%s %s %s', table_name, grantee, privilege_type)
           from information_schema.role_table_grants
           where table_schema = 'public' and table_name <> '__diesel_schema_migrations'
         union all select format('sequence %s', sequencename) from pg_sequences where schemaname = 'public'
         union all select format('default privileges %s', defaclacl) from pg_default_acl
         union all select format('rows %s %s', code, label) from association_categories
         union all select format('extension %s', extname) from pg_extension
         order by 1",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_without_a_difference() {
    let database = TestDatabase::create().await;
    let client = database.client().await;
    let before = shape(&client).await;

    revert_all(database.owner_url()).await.unwrap();
    let left = texts(
        &client,
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace
         and relname !~ '^__diesel' and relkind in ('r', 'v', 'S', 'm')",
    )
    .await;
    assert!(left.is_empty(), "what goes down leaves {left:?}");
    run_pending(database.owner_url()).await.unwrap();

    let after = shape(&client).await;
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let lost: Vec<_> = before.difference(&after).collect();
    let new: Vec<_> = after.difference(&before).collect();
    assert!(lost.is_empty() && new.is_empty(), "lost {lost:#?}, new {new:#?}");
}

/// `schema.rs` as the database would write it: table → column → type.
type Tables = BTreeMap<String, BTreeMap<String, String>>;

fn tables_of_schema_rs() -> Tables {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/persistence/src/schema.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let mut tables = Tables::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name.to_owned();
        } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            tables.entry(table.clone()).or_default().insert(column.to_owned(), kind.to_owned());
        }
    }
    tables
}

async fn tables_of_the_database(client: &Client) -> Tables {
    let question = "select table_name::text, column_name::text, data_type::text, is_nullable = 'YES', udt_name::text
        from information_schema.columns where table_schema = 'public' and table_name not like '\\_\\_%'";
    let mut tables = Tables::new();
    for row in client.query(question, &[]).await.unwrap() {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let kind = match kind.as_str() {
            "uuid" => "Uuid",
            "text" => "Text",
            "boolean" => "Bool",
            "date" => "Date",
            "integer" => "Integer",
            "bigint" => "BigInt",
            "bytea" => "Binary",
            "jsonb" => "Jsonb",
            "timestamp with time zone" => "Timestamptz",
            "ARRAY" if row.get::<_, String>(4) == "_text" => "Array<Text>",
            other => panic!("{table}.{column}: {other} is new to this test"),
        };
        let kind = if row.get(3) { format!("Nullable<{kind}>") } else { kind.to_owned() };
        tables.entry(table).or_default().insert(column, kind);
    }
    tables
}

#[tokio::test]
async fn schema_rs_is_what_the_migrations_leave() {
    let database = TestDatabase::create().await;
    let real = tables_of_the_database(&database.client().await).await;
    let views =
        texts(&database.client().await, "select viewname::text from pg_views where schemaname = 'public'").await;
    for (table, columns) in tables_of_schema_rs() {
        let found = real.get(&table).unwrap_or_else(|| panic!("there is no table {table}"));
        if views.contains(&table) {
            // A view's columns may all be null for PostgreSQL; which are, schema.rs knows better.
            let names = |columns: &BTreeMap<String, String>| columns.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&columns), names(found), "{table}");
            continue;
        }
        assert_eq!(&columns, found, "{table}");
    }
}

#[test]
fn every_problem_is_explained_and_raised_somewhere() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let manners = std::fs::read_to_string(format!("{root}/docs/api-design.md")).unwrap_or_default();
    let mut sources = String::new();
    read_sources(std::path::Path::new(&format!("{root}/crates/api/src")), &mut sources);
    // `problem.rs` names every code when it gives it a status and a sentence: only what makes one counts.
    let raises = |line: &str| {
        line.contains("new(ProblemCode")
            || line.contains("waiting(ProblemCode")
            || line.contains("stopped(ProblemCode")
            || line.contains("code: ProblemCode")
            || line.contains("ok_or(ProblemCode")
            || line.contains("Err(ProblemCode")
            || line.contains("ProblemCode::StaleVersion)")
    };
    for code in ProblemCode::ALL {
        assert!(manners.contains(&format!("| `{code}` |")), "docs/api-design.md does not explain {code}");
        let variant = format!("ProblemCode::{code:?}");
        let raised = sources.lines().any(|line| line.contains(&variant) && raises(line));
        assert!(raised, "nothing in crates/api raises {code}");
    }
}

fn read_sources(folder: &std::path::Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, text);
        } else {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
