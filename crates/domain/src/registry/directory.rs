use std::collections::HashMap;

use chrono::NaiveDate;
use mamis_kernel::{AssociationId, AssociationKind, Period, Tier};

use crate::workflow::CategoryOption;

/// An association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// It.
    pub id: AssociationId,
    /// Five digits; the first two are the prefecture's.
    pub code: String,
    /// Its tier.
    pub tier: Tier,
    /// Its kind.
    pub kind: AssociationKind,
    /// The one above.
    pub parent: Option<AssociationId>,
    /// JIS X 0401; `None` for the national one.
    pub prefecture_code: Option<String>,
    /// Its name; names repeat across prefectures.
    pub name: String,
}

/// A row of an association's categories, or of the set shipped for a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// Whose; `None` for the set of a tier.
    pub association: Option<AssociationId>,
    /// The tier it is for.
    pub tier: Tier,
    /// The category.
    pub option: CategoryOption,
    /// When it is in use.
    pub period: Period,
}

/// All associations and their categories: about a thousand rows that every answer needs and that rarely change.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    associations: HashMap<AssociationId, Association>,
    categories: Vec<CategoryRow>,
    nation: Option<AssociationId>,
}

impl Directory {
    /// Takes all rows; categories in the order in which people list them.
    #[must_use]
    pub fn new(associations: Vec<Association>, categories: Vec<CategoryRow>) -> Self {
        let nation = associations.iter().find(|a| a.tier == Tier::National).map(|a| a.id);
        Self { associations: associations.into_iter().map(|a| (a.id, a)).collect(), categories, nation }
    }

    /// One association.
    #[must_use]
    pub fn get(&self, id: AssociationId) -> Option<&Association> {
        self.associations.get(&id)
    }

    /// The association with this code.
    #[must_use]
    pub fn of_code(&self, code: &str) -> Option<&Association> {
        self.associations.values().find(|association| association.code == code)
    }

    /// The national association, once reference data have been loaded.
    #[must_use]
    pub const fn nation(&self) -> Option<AssociationId> {
        self.nation
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.associations.len()
    }

    /// The prefectural association of a prefecture, by its JIS X 0401 code.
    #[must_use]
    pub fn prefectural(&self, prefecture_code: &str) -> Option<AssociationId> {
        let of = |association: &&Association| {
            association.tier == Tier::Prefectural && association.prefecture_code.as_deref() == Some(prefecture_code)
        };
        self.associations.values().find(of).map(|association| association.id)
    }

    /// Whether reference data have not been loaded yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.associations.is_empty()
    }

    /// Whether one lies above the other, or is it.
    #[must_use]
    pub fn is_at_or_above(&self, above: AssociationId, below: AssociationId) -> bool {
        let mut at = Some(below);
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = self.get(id).and_then(|a| a.parent);
        }
        false
    }

    /// Whether two lie in one branch: what a tier may know of a person's memberships stops where its branch stops.
    #[must_use]
    pub fn same_branch(&self, one: AssociationId, other: AssociationId) -> bool {
        self.is_at_or_above(one, other) || self.is_at_or_above(other, one)
    }

    /// What an association calls its members on a day: its own list if it has written one, else the one of its tier
    /// (M-11).
    #[must_use]
    pub fn categories(&self, association: AssociationId, day: NaiveDate) -> Vec<&CategoryOption> {
        let Some(tier) = self.get(association).map(|a| a.tier) else { return Vec::new() };
        let in_use = |row: &&CategoryRow| row.period.contains(day);
        let own: Vec<_> =
            self.categories.iter().filter(|r| r.association == Some(association)).filter(in_use).collect();
        let rows = if own.is_empty() {
            self.categories.iter().filter(|r| r.association.is_none() && r.tier == tier).filter(in_use).collect()
        } else {
            own
        };
        rows.into_iter().map(|row| &row.option).collect()
    }

    /// The label of a code as an association writes it now or once did.
    #[must_use]
    pub fn category_label(&self, association: AssociationId, code: &str) -> Option<&str> {
        let tier = self.get(association)?.tier;
        let named = |row: &&CategoryRow| row.option.code == code;
        let own = self.categories.iter().filter(|r| r.association == Some(association)).rfind(named);
        let shipped = || self.categories.iter().filter(|r| r.association.is_none() && r.tier == tier).rfind(named);
        own.or_else(shipped).map(|row| row.option.label.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::association;

    fn of(n: u128, tier: Tier, parent: Option<u128>) -> Association {
        Association {
            id: association(n),
            code: n.to_string(),
            tier,
            kind: AssociationKind::Municipal,
            parent: parent.map(association),
            prefecture_code: None,
            name: n.to_string(),
        }
    }

    fn row(owner: Option<u128>, tier: Tier, code: &str) -> CategoryRow {
        CategoryRow {
            association: owner.map(association),
            tier,
            option: CategoryOption { code: code.into(), label: format!("{code}会員"), jma_category_hints: vec![] },
            period: Period::open("1947-11-01".parse().unwrap()),
        }
    }

    fn directory() -> Directory {
        Directory::new(
            vec![
                of(1, Tier::National, None),
                of(2, Tier::Prefectural, Some(1)),
                of(3, Tier::Prefectural, Some(1)),
                of(4, Tier::District, Some(2)),
                of(5, Tier::District, Some(2)),
            ],
            vec![row(None, Tier::District, "A"), row(None, Tier::District, "B"), row(Some(5), Tier::District, "1")],
        )
    }

    #[test]
    fn a_branch_goes_up_and_down_but_not_sideways() {
        let d = directory();
        assert!(d.same_branch(association(4), association(2)) && d.same_branch(association(1), association(4)));
        assert!(!d.same_branch(association(4), association(5)));
        assert!(!d.same_branch(association(4), association(3)));
        assert_eq!(d.nation(), Some(association(1)));
    }

    #[test]
    fn m_11_an_association_with_its_own_categories_has_no_others() {
        let codes = |n| -> Vec<String> {
            let d = directory();
            d.categories(association(n), "2026-11-23".parse().unwrap()).iter().map(|o| o.code.clone()).collect()
        };
        assert_eq!(codes(4), ["A", "B"]);
        assert_eq!(codes(5), ["1"]);
        assert_eq!(directory().category_label(association(5), "B"), Some("B会員"), "a code of old is still readable");
    }
}
