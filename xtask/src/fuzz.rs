//! `cargo xtask fuzz-api`: schemathesis makes requests from the API's own description and looks for wrong answers.

use std::fs;

use anyhow::Result;

use crate::{
    server::DemoServer,
    setup::{self, Need},
    shell::{program, root, target_dir},
};

/// Requests for each operation: enough to find a wrong answer in minutes, or over night.
const BOUNDED_EXAMPLES: &str = "15";
const LONG_EXAMPLES: &str = "300";

/// Runs schemathesis over a demonstration; what is expected is listed in tests/schemathesis.toml, with reasons.
pub(crate) fn fuzz_api(arguments: &[String]) -> Result<()> {
    setup::setup(&[Need::Postgres, Need::Fuzz])?;
    let long = arguments.iter().any(|argument| argument == "--long");
    let server = DemoServer::start("fuzz")?;
    let token = server.access_token()?;
    let schemathesis = setup::schemathesis()?.join("schemathesis");
    let examples = if long { LONG_EXAMPLES } else { BOUNDED_EXAMPLES };
    // The seed makes a bounded run the same run every time; the long one explores.
    let seed: &[&str] = if long { &[] } else { &["--seed", "1"] };
    // What it keeps between runs lands below `target`.
    let folder = target_dir().join("fuzz");
    fs::create_dir_all(&folder)?;
    program(schemathesis, ["--config-file"])
        .dir(folder)
        .arg(root().join("tests/schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", server.url))
        .args(["--header", &format!("Authorization: Bearer {token}"), "--max-examples", examples])
        .args(seed)
        .args(arguments.iter().filter(|argument| *argument != "--long"))
        .run()
}
