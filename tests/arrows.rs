//! The arrows between crates, proved by `cargo tree`: who may know SQL, who HTTP, and what the browser carries.

use std::{collections::BTreeSet, process::Command};

/// Runs `cargo tree` for one member and returns the names of all it reaches with these edges.
fn tree(package: &str, options: &[&str]) -> BTreeSet<String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--manifest-path", manifest, "--offline", "--prefix", "none", "--format", "{p}"]);
    let output = command.args(["--package", package, "--edges", "normal"]).args(options).output().unwrap();
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).filter(|name| name != package).collect()
}

/// A name, or with a trailing `*` the beginning of names.
fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

fn assert_unreachable(package: &str, options: &[&str], forbidden: &[&str]) {
    let reached = tree(package, options);
    let found: Vec<_> = reached.iter().filter(|name| forbidden.iter().any(|f| matches(f, name))).collect();
    assert!(found.is_empty(), "{package} must not reach {found:?}; see `cargo tree -p {package} -e normal -i NAME`");
}

/// All members of the workspace that directly depend on a crate, tests' dependencies left aside.
fn direct_users_of(dependency: &str) -> BTreeSet<String> {
    members().into_iter().filter(|member| tree(member, &["--depth", "1"]).contains(dependency)).collect()
}

fn members() -> Vec<String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--manifest-path", manifest, "--offline", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_browser_carries_neither_database_nor_server() {
    let server_side = ["diesel*", "tokio-postgres", "postgres-*", "actix-*", "tokio", "argon2"];
    assert_unreachable("mamis-frontend", &["--target", "wasm32-unknown-unknown"], &server_side);
}

#[test]
fn the_contract_and_the_kernel_build_anywhere() {
    let not_here = ["diesel*", "tokio*", "postgres-*", "actix-*", "reqwest", "mamis-domain", "mamis-persistence"];
    assert_unreachable("mamis-contract", &[], &not_here);
    assert_unreachable("mamis-kernel", &[], &[&not_here[..], &["mamis-contract", "utoipa*"]].concat());
}

#[test]
fn the_browser_knows_only_the_contract_and_the_kernel() {
    let ours = tree("mamis-frontend", &[]).into_iter().filter(|name| name.starts_with("mamis-")).collect::<Vec<_>>();
    let allowed = ["mamis-contract", "mamis-kernel"];
    assert!(ours.iter().all(|name| allowed.contains(&name.as_str())), "the front end reaches {ours:?}");
}

#[test]
fn the_rules_know_no_io() {
    let io = [
        "diesel*",
        "tokio*",
        "postgres-*",
        "actix-*",
        "reqwest",
        "hyper",
        "rand",
        "mamis-contract",
        "mamis-persistence",
    ];
    assert_unreachable("mamis-domain", &[], &io);
}

#[test]
fn only_persistence_knows_sql() {
    let may = ["mamis-persistence", "mamis-test-support", "mamis-bench"];
    for library in ["diesel", "diesel-async", "diesel_migrations"] {
        let users = direct_users_of(library);
        assert!(users.iter().all(|user| may.contains(&user.as_str())), "{library} is used by {users:?}");
    }
}

#[test]
fn only_the_api_and_its_binary_know_http() {
    let may = ["mamis-api", "mamis-mamis", "mamis-test-support"];
    let users = direct_users_of("actix-web");
    assert!(users.iter().all(|user| may.contains(&user.as_str())), "actix-web is used by {users:?}");
}

#[test]
fn nobody_calls_upward() {
    // Each may reach what stands to its left, never to its right.
    let order = ["mamis-kernel", "mamis-domain", "mamis-persistence", "mamis-usecases", "mamis-api", "mamis-mamis"];
    for (place, package) in order.iter().enumerate() {
        assert_unreachable(package, &[], &order[place + 1..]);
    }
}
