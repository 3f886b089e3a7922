//! `cargo xtask fuzz-api`: schemathesis makes requests from the API's own description and looks for wrong answers.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    server::DemoServer,
    setup::{self, Need},
    shell::{program, root, say, target_dir},
};

/// Requests for each operation: enough to find a wrong answer in minutes, or over night.
const BOUNDED_EXAMPLES: &str = "15";
const LONG_EXAMPLES: &str = "300";
/// A clerk with a case to decide, and a physician who may file one.
const CLERK: &str = "kusatsu-approver";
const PHYSICIAN: &str = "dr-takahashi";

/// Somebody who asks, and what is there for them, so that requests get past "not found".
struct Pass {
    login_id: &'static str,
    token: String,
    /// Addresses with the ids that they get.
    ids: Vec<(&'static str, String)>,
}

/// Runs schemathesis over a demonstration; what is expected is listed in tests/schemathesis.toml, with reasons.
pub(crate) fn fuzz_api(arguments: &[String]) -> Result<()> {
    setup::setup(&[Need::Postgres, Need::Fuzz])?;
    let long = arguments.iter().any(|argument| argument == "--long");
    let passed_on: Vec<&String> = arguments.iter().filter(|argument| *argument != "--long").collect();
    let server = DemoServer::start("fuzz")?;
    // The last one asks with ids made up by schemathesis.
    let stranger = Pass { ids: Vec::new(), ..pass_of_clerk(&server)? };
    for pass in [pass_of_physician(&server)?, pass_of_clerk(&server)?, stranger] {
        say(format!("asking as {}, knowing {} ids", pass.login_id, pass.ids.len()));
        run(&server, &pass, long, &passed_on)?;
    }
    Ok(())
}

fn pass_of_clerk(server: &DemoServer) -> Result<Pass> {
    let token = server.access_token(CLERK)?;
    let list = server.post("/work-items/search", &token, &json!({}))?;
    let item = list.pointer("/items/0").context("the demonstration has no case for the clerk")?;
    let ids = vec![
        ("/api/v1/applications/", text_at(item, "/application_id")?),
        ("/api/v1/persons/", text_at(item, "/applicant/id")?),
        ("/api/v1/associations/", text_at(item, "/association/id")?),
    ];
    Ok(Pass { login_id: CLERK, token, ids })
}

fn pass_of_physician(server: &DemoServer) -> Result<Pass> {
    let token = server.access_token(PHYSICIAN)?;
    let draft = json!({ "changes": [{ "kind": "join_new", "payload": {} }] });
    let case = server.post("/applications", &token, &draft)?;
    let ids =
        vec![("/api/v1/applications/", text_at(&case, "/id")?), ("/api/v1/persons/", text_at(&case, "/applicant/id")?)];
    Ok(Pass { login_id: PHYSICIAN, token, ids })
}

fn text_at(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("an answer has no {pointer}"))
}

fn run(server: &DemoServer, pass: &Pass, long: bool, passed_on: &[&String]) -> Result<()> {
    // What schemathesis keeps between runs lands below `target`.
    let folder = target_dir().join("fuzz");
    fs::create_dir_all(&folder)?;
    let mut config = fs::read_to_string(root().join("tests/schemathesis.toml"))?;
    for (address, id) in &pass.ids {
        config += &format!(
            "\n[[operations]]\ninclude-path-regex = '^{address}\\{{id\\}}'\nparameters = {{ \"path.id\" = \"{id}\" }}\n"
        );
    }
    let config_file = folder.join("schemathesis.toml");
    fs::write(&config_file, config)?;
    let examples = if long { LONG_EXAMPLES } else { BOUNDED_EXAMPLES };
    // The seed makes a bounded run the same run every time; the long one explores.
    let seed: &[&str] = if long { &[] } else { &["--seed", "1"] };
    program(setup::schemathesis()?.join("schemathesis"), ["--config-file"])
        .dir(folder)
        .arg(config_file)
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", server.url))
        .args(["--header", &format!("Authorization: Bearer {}", pass.token), "--max-examples", examples])
        .args(seed)
        .args(passed_on)
        .run()
}
