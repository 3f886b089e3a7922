//! The reference files the product ships can be read, all of them, and fit together.

#![expect(clippy::unwrap_used, reason = "a test helper that cannot read its file ends the test")]

use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;

use mamis_domain::registry::reference::{
    PostalTown, parse_associations, parse_medical_schools, parse_municipalities, parse_organisations,
    parse_postal_codes,
};
use mamis_kernel::Tier;
use mamis_kernel::text::kana::parse_kana;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../reference").join(file)
}

fn text(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap()
}

fn postal_codes() -> Vec<PostalTown> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path("utf_ken_all.zip")).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name("utf_ken_all.csv").unwrap().read_to_string(&mut text).unwrap();
    parse_postal_codes("utf_ken_all.csv", &text).unwrap()
}

#[test]
fn ref_2_every_municipality_has_its_check_digit() {
    let municipalities = parse_municipalities("municipalities.csv", &text("municipalities.csv")).unwrap();
    assert_eq!(municipalities.len(), 1_892);
    assert!(municipalities.iter().all(|municipality| parse_kana(&municipality.name_kana).is_ok()));
}

#[test]
fn ref_3_associations_serve_municipalities_that_exist() {
    let municipalities = parse_municipalities("municipalities.csv", &text("municipalities.csv")).unwrap();
    let known = municipalities.iter().map(|municipality| municipality.code.as_str()).collect::<HashSet<_>>();
    let associations = parse_associations("associations.csv", &text("associations.csv")).unwrap();
    let of = |tier| associations.iter().filter(|association| association.tier == tier).count();
    assert_eq!((of(Tier::National), of(Tier::Prefectural), of(Tier::District)), (1, 47, 1_024));
    for association in &associations {
        for code in &association.municipality_codes {
            assert!(known.contains(code.as_str()), "{} serves {code}", association.name);
        }
    }
}

#[test]
fn medical_schools_are_read() {
    assert_eq!(parse_medical_schools("medical_schools.csv", &text("medical_schools.csv")).unwrap().len(), 82);
}

#[test]
fn organisations_are_read_and_have_a_code_of_their_own() {
    let organisations = parse_organisations("organisations.csv", &text("organisations.csv")).unwrap();
    let codes: HashSet<&str> = organisations.iter().map(|organisation| organisation.code.as_str()).collect();
    assert_eq!((organisations.len(), codes.len()), (38, 38));
}

#[test]
fn ref_1_every_postal_code_is_read_and_no_town_keeps_what_is_not_a_name() {
    let towns = postal_codes();
    assert_eq!(towns.len(), 124_526);
    let unclean = towns.iter().filter(|town| {
        town.town.contains(['（', '）', '「', '」', '～', '〜'])
            || town.town.contains("場合")
            || town.town.is_empty() != town.kana.town.is_empty()
    });
    assert_eq!(unclean.collect::<Vec<_>>(), Vec::<&PostalTown>::new());
    let taga = towns.iter().find(|town| town.postal_code.to_string() == "5220317").unwrap();
    assert_eq!((taga.municipality.as_str(), taga.town.as_str()), ("犬上郡多賀町", "一円"));
    let municipalities = parse_municipalities("municipalities.csv", &text("municipalities.csv")).unwrap();
    let known = municipalities.iter().map(|municipality| municipality.code.as_str()).collect::<HashSet<_>>();
    assert!(towns.iter().all(|town| known.contains(town.municipality_code.as_str())));
}
