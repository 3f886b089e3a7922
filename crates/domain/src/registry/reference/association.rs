//! Associations of all tiers.

use std::collections::HashMap;

use mamis_kernel::{AssociationKind, Tier};

use super::error::ReferenceError;
use super::table::{is_code, read_rows};
use crate::registry::roster::DirectoryEntry;

/// One association as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// Five digits, unique.
    pub code: String,
    /// Its tier.
    pub tier: Tier,
    /// Its kind.
    pub kind: AssociationKind,
    /// The association above it; none for the national one.
    pub parent_code: Option<String>,
    /// JIS X 0401 code; none for the national one.
    pub prefecture_code: Option<String>,
    /// Its name. Names repeat across prefectures.
    pub name: String,
    /// The municipalities it serves; an area may be served by several associations.
    pub municipality_codes: Vec<String>,
}

impl From<Association> for DirectoryEntry {
    fn from(association: Association) -> Self {
        let Association { code, tier, kind: _, parent_code, prefecture_code, name, municipality_codes: _ } =
            association;
        Self { code, tier, parent_code, prefecture_code, name }
    }
}

/// Reads `associations.csv`: `code,tier,kind,parent_code,prefecture_code,name,municipality_codes` with a header.
///
/// Every association but the national one has a parent in the file, one tier above (REF-3).
///
/// # Errors
/// The first cell that is not what it should be.
pub fn parse_associations(file: &str, text: &str) -> Result<Vec<Association>, ReferenceError> {
    let header = ["code", "tier", "kind", "parent_code", "prefecture_code", "name", "municipality_codes"];
    let rows = read_rows(file, text, Some(&header), |row| {
        let tier = row.cell(1, "tier")?;
        let kind = row.cell(2, "kind")?;
        let tier = tier.parse().map_err(|_| row.error("tier", format!("{tier:?} is not a tier")))?;
        let kind = kind.parse().map_err(|_| row.error("kind", format!("{kind:?} is not a kind of association")))?;
        let (parent_code, prefecture_code) = match tier {
            Tier::National => (None, None),
            Tier::Prefectural | Tier::District => {
                (Some(row.digits(3, "parent_code", 5)?), Some(row.prefecture(4, "prefecture_code")?))
            }
        };
        let municipalities =
            row.cell(6, "municipality_codes")?.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        if let Some(odd) = municipalities.iter().find(|code| !is_code(code, 5)) {
            return Err(row.error("municipality_codes", format!("{odd:?} is not a code of 5 digits")));
        }
        let association = Association {
            code: row.digits(0, "code", 5)?.to_owned(),
            tier,
            kind,
            parent_code: parent_code.map(str::to_owned),
            prefecture_code: prefecture_code.map(str::to_owned),
            name: row.filled(5, "name")?.to_owned(),
            municipality_codes: municipalities,
        };
        Ok((
            association,
            row.error("code", "stands twice"),
            row.error("parent_code", "is not an association one tier above"),
        ))
    })?;

    let mut tiers = HashMap::new();
    for (association, twice, _) in &rows {
        if tiers.insert(association.code.clone(), association.tier).is_some() {
            return Err(twice.clone());
        }
    }
    rows.into_iter()
        .map(|(association, _, orphan)| {
            let parent = association.parent_code.as_ref().and_then(|code| tiers.get(code));
            let fits = match association.tier {
                Tier::National => true,
                Tier::Prefectural => parent == Some(&Tier::National),
                Tier::District => parent == Some(&Tier::Prefectural),
            };
            if fits { Ok(association) } else { Err(orphan) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "code,tier,kind,parent_code,prefecture_code,name,municipality_codes\n00000,national,national,,,日本医師会,\n";

    #[test]
    fn ref_3_an_association_stands_under_one_of_the_tier_above() {
        let good = format!(
            "{HEADER}25000,prefectural,prefectural,00000,25,滋賀県医師会,\n25001,district,municipal,25000,25,大津市医師会,25201\n"
        );
        let associations = parse_associations("a.csv", &good).unwrap();
        assert_eq!(associations[2].municipality_codes, ["25201"]);
        assert_eq!(associations[2].tier, Tier::District);

        let orphan = format!("{HEADER}25001,district,municipal,00000,25,大津市医師会,25201\n");
        let error = parse_associations("a.csv", &orphan).unwrap_err();
        assert_eq!((error.line, error.field), (3, "parent_code"));
    }

    #[test]
    fn ref_3_a_code_stands_once_and_every_cell_is_checked() {
        let twice = format!("{HEADER}00000,national,national,,,日本医師会,\n");
        assert_eq!(parse_associations("a.csv", &twice).unwrap_err().field, "code");
        for (row, field) in [
            ("1,prefectural,prefectural,00000,25,x,", "code"),
            ("25000,county,prefectural,00000,25,x,", "tier"),
            ("25000,prefectural,guild,00000,25,x,", "kind"),
            ("25000,prefectural,prefectural,00000,99,x,", "prefecture_code"),
            ("25000,prefectural,prefectural,00000,25,,", "name"),
            ("25000,prefectural,prefectural,00000,25,x,2520", "municipality_codes"),
            ("25000,prefectural,prefectural,00000,25,x", "municipality_codes"),
        ] {
            assert_eq!(parse_associations("a.csv", &format!("{HEADER}{row}\n")).unwrap_err().field, field, "{row}");
        }
    }
}
