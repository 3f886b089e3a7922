//! Documents name files, and the files exist.

use std::path::{Path, PathBuf};

/// The beginnings by which a word in `code` is known as a path of this repository.
const FOLDERS: [&str; 11] = [
    "crates/",
    "tests/",
    "docs/",
    "migrations/",
    "frontend/",
    "xtask/",
    "reference/",
    "openapi/",
    "deploy/",
    ".ci/",
    "data/",
];
/// What is made by running, not kept.
const MADE: [&str; 3] = ["frontend/dist", "data/", "target/"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("docs"), root().join("migrations"), root().join("reference")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.extend([root().join("README.md"), root().join("README.ja.md")]);
    found
}

/// `[words](path#part)`
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = |target: &&str| !target.contains("://") && !target.starts_with('#') && !target.starts_with("mailto:");
    targets.filter(local).map(|target| target.split('#').next().unwrap_or(target)).collect()
}

/// Words in `code` that are paths, placeholders left aside.
fn paths(text: &str) -> Vec<&str> {
    let words = text.split('`').skip(1).step_by(2).filter(|word| !word.contains(char::is_whitespace));
    let known = |word: &&str| FOLDERS.iter().any(|folder| word.starts_with(folder));
    let fixed =
        |word: &&str| !word.contains(['*', '<', '{', '…', '$']) && !MADE.iter().any(|made| word.starts_with(made));
    words.filter(known).filter(fixed).collect()
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let folder = document.parent().unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        let linked = links(&prose).into_iter().map(|link| (link, folder.join(link)));
        let named = paths(&prose).into_iter().map(|path| (path, root().join(path)));
        for (name, path) in linked.chain(named) {
            if !path.exists() {
                missing.push(format!("{}: {name}", document.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(missing.is_empty(), "named and not there:\n{}", missing.join("\n"));
}

#[test]
fn places_are_found_in_the_text() {
    assert_eq!(links("see [a](../b.md#c) and [d](https://e.org) and [f](#g)"), ["../b.md"]);
    assert_eq!(
        paths("`crates/api/src/lib.rs`, `cargo test`, `crates/*/src`, `tests/`"),
        ["crates/api/src/lib.rs", "tests/"]
    );
}
