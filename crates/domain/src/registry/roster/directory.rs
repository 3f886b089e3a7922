//! Associations by name. Names repeat across prefectures (府中市, 伊達市), so a district is found by its name together
//! with the name of its prefectural association.

use std::collections::HashMap;

use mamis_kernel::Tier;
use mamis_kernel::text::width::is_space;

/// One association, as the directory needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The association's code.
    pub code: String,
    /// Its tier.
    pub tier: Tier,
    /// The code of the association above it; none for the national one.
    pub parent_code: Option<String>,
    /// JIS X 0401 code; none for the national one.
    pub prefecture_code: Option<String>,
    /// Its name, as papers write it.
    pub name: String,
}

/// The district a record belongs to, with its prefecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// The district association's code.
    pub code: String,
    /// The prefectural association's code.
    pub prefectural_code: String,
    /// JIS X 0401 code.
    pub prefecture_code: String,
}

/// Why a record's associations do not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// No district association has this name, or two of one prefecture share it.
    District,
    /// Districts of this name exist, in other prefectures: the names of their prefectural associations.
    NotTheParent(Vec<String>),
}

/// All district and prefectural associations by name.
#[derive(Debug, Clone, Default)]
pub struct RosterDirectory {
    districts: HashMap<String, Vec<District>>,
    /// Name by code.
    prefectural_names: HashMap<String, String>,
    national_code: Option<String>,
}

impl RosterDirectory {
    /// A directory of the associations given.
    pub fn new(entries: impl IntoIterator<Item = DirectoryEntry>) -> Self {
        let mut directory = Self::default();
        for entry in entries {
            match entry.tier {
                Tier::National => directory.national_code = Some(entry.code),
                Tier::Prefectural => {
                    directory.prefectural_names.insert(entry.code, entry.name);
                }
                Tier::District => directory.districts.entry(entry.name).or_default().push(District {
                    code: entry.code,
                    prefectural_code: entry.parent_code.unwrap_or_default(),
                    prefecture_code: entry.prefecture_code.unwrap_or_default(),
                }),
            }
        }
        directory
    }

    /// The national association's code.
    pub fn national_code(&self) -> Option<&str> {
        self.national_code.as_deref()
    }

    /// The district of this name under the prefectural association of that name (RO-8, RO-9).
    ///
    /// # Errors
    /// See [`Unresolved`].
    pub fn resolve(&self, district: &str, prefectural: &str) -> Result<&District, Unresolved> {
        let namesakes = self.districts.get(district.trim_matches(is_space)).ok_or(Unresolved::District)?;
        let prefectural = prefectural.trim_matches(is_space);
        let parent_of = |district: &District| self.prefectural_names.get(&district.prefectural_code);
        let mut found = namesakes.iter().filter(|district| parent_of(district).is_some_and(|name| name == prefectural));
        match (found.next(), found.next()) {
            (Some(district), None) => Ok(district),
            (Some(_), Some(_)) => Err(Unresolved::District),
            (None, _) => Err(Unresolved::NotTheParent(namesakes.iter().filter_map(parent_of).cloned().collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> RosterDirectory {
        let entry = |code: &str, tier, parent: Option<&str>, name: &str| DirectoryEntry {
            code: code.to_owned(),
            tier,
            parent_code: parent.map(str::to_owned),
            prefecture_code: parent.map(|_| code[..2].to_owned()),
            name: name.to_owned(),
        };
        RosterDirectory::new([
            entry("00000", Tier::National, None, "日本医師会"),
            entry("13000", Tier::Prefectural, Some("00000"), "東京都医師会"),
            entry("34000", Tier::Prefectural, Some("00000"), "広島県医師会"),
            entry("13029", Tier::District, Some("13000"), "府中市医師会"),
            entry("34007", Tier::District, Some("34000"), "府中市医師会"),
        ])
    }

    #[test]
    fn ro_8_a_name_shared_by_two_prefectures_is_told_apart_by_the_prefecture() {
        let directory = directory();
        assert_eq!(directory.resolve("府中市医師会", "東京都医師会").unwrap().code, "13029");
        assert_eq!(directory.resolve("府中市医師会　", " 広島県医師会").unwrap().code, "34007");
        assert_eq!(directory.national_code(), Some("00000"));
    }

    #[test]
    fn ro_8_an_unknown_district_and_ro_9_a_wrong_prefecture_are_different_faults() {
        let directory = directory();
        assert_eq!(directory.resolve("存在しない医師会", "東京都医師会"), Err(Unresolved::District));
        assert_eq!(directory.resolve("", "東京都医師会"), Err(Unresolved::District));
        assert_eq!(
            directory.resolve("府中市医師会", "神奈川県医師会"),
            Err(Unresolved::NotTheParent(vec!["東京都医師会".to_owned(), "広島県医師会".to_owned()]))
        );
    }
}
