//! Turns `locales/<language>/<namespace>.json` into keys that are checked at compile time.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// One file a slice and language, so that two people can write texts at the same time.
const NAMESPACES: [&str; 14] = [
    "common",
    "codes",
    "problems",
    "identity",
    "clerks",
    "factors",
    "enrolment",
    "letters",
    "registry",
    "members",
    "record",
    "merges",
    "files",
    "workflow",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new("ja")?
        .add_locale("en")?
        .add_namespaces(NAMESPACES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    let module = leptos_i18n_codegen::gen_code(&locales, None, true, None, false)?;
    let path = PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs");
    fs::write(path, module.to_string())?;
    Ok(())
}
