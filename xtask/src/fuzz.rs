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
/// Clerks who make ids up, the second one to end sessions.
const STRANGER: &str = "jma-approver";
const LEAVER: &str = "shiga-approver";

/// What ends the session that asks; after it every answer would be 401 and say nothing.
const ENDING: [&str; 2] = ["delete_session", "end_session"];

/// Somebody who asks, and what is there for them, so that requests get past "not found".
struct Pass {
    login_id: &'static str,
    token: String,
    /// Addresses with the ids that they get.
    ids: Vec<(&'static str, String)>,
    /// `--include-operation-id` or `--exclude-operation-id`, for [`ENDING`].
    ending: &'static str,
}

/// Runs schemathesis over a demonstration; what is expected is listed in tests/schemathesis.toml, with reasons.
pub(crate) fn fuzz_api(arguments: &[String]) -> Result<()> {
    setup::setup(&[Need::Postgres, Need::Fuzz])?;
    let long = arguments.iter().any(|argument| argument == "--long");
    let passed_on: Vec<&String> = arguments.iter().filter(|argument| *argument != "--long").collect();
    let server = DemoServer::start("fuzz")?;
    // All log in at once, for failed log-ins will slow down further ones; and each has an account of its own, for ending
    // one's other sessions is one of the operations.
    let passes = [
        pass_of_physician(&server)?,
        pass_of_clerk(&server)?,
        pass_of_stranger(&server, STRANGER, "--exclude-operation-id")?,
        pass_of_stranger(&server, LEAVER, "--include-operation-id")?,
    ];
    for pass in passes {
        say(format!("asking as {}, knowing {} ids", pass.login_id, pass.ids.len()));
        run(&server, &pass, long, &passed_on)?;
    }
    Ok(())
}

/// A clerk who makes ids up.
fn pass_of_stranger(server: &DemoServer, login_id: &'static str, ending: &'static str) -> Result<Pass> {
    Ok(Pass { login_id, token: server.access_token(login_id)?, ids: Vec::new(), ending })
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
    Ok(Pass { login_id: CLERK, token, ids, ending: "--exclude-operation-id" })
}

fn pass_of_physician(server: &DemoServer) -> Result<Pass> {
    let token = server.access_token(PHYSICIAN)?;
    let draft = json!({ "changes": [{ "kind": "join_new", "payload": {} }] });
    let case = server.post("/applications", &token, &draft)?;
    let ids =
        vec![("/api/v1/applications/", text_at(&case, "/id")?), ("/api/v1/persons/", text_at(&case, "/applicant/id")?)];
    Ok(Pass { login_id: PHYSICIAN, token, ids, ending: "--exclude-operation-id" })
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
        .env("SCHEMATHESIS_HOOKS", root().join("tests/schemathesis_hooks.py"))
        .arg(config_file)
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", server.url))
        .args(["--header", &format!("Authorization: Bearer {}", pass.token), "--max-examples", examples])
        .args(ENDING.iter().flat_map(|operation| [pass.ending, operation]))
        .args(seed)
        .args(passed_on)
        .run()
}
