//! What the work list shows, by the codes in its address.

use mamis_contract::registry::AssociationRef;
use mamis_contract::workflow::{SearchWorkItems, WorkStatus};

use crate::pages::desk::{LIMITS, ListMemory, address, limit_of, pairs};
use crate::routes;

/// The ages one can filter by, in days.
pub(super) const AGES: [u32; 3] = [7, 14, 30];

/// The filters, as the address has them: codes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::workflow) struct ListQuery {
    pub(in crate::pages::workflow) status: WorkStatus,
    /// Five digits.
    pub(in crate::pages::workflow) association: Option<String>,
    pub(in crate::pages::workflow) min_age: Option<u32>,
    pub(in crate::pages::workflow) limit: u32,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self { status: WorkStatus::Open, association: None, min_age: None, limit: LIMITS[0] }
    }
}

impl ListQuery {
    /// From the address; what is not understood is left at its default.
    pub(in crate::pages::workflow) fn parse(search: &str) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs(search) {
            match name {
                "status" => query.status = value.parse().unwrap_or(WorkStatus::Open),
                "association" if value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    query.association = Some(value.to_owned());
                }
                "min_age" => query.min_age = value.parse().ok().filter(|age| AGES.contains(age)),
                "limit" => query.limit = limit_of(value),
                _ => {}
            }
        }
        query
    }

    /// The address of a page of the list.
    pub(in crate::pages::workflow) fn path(&self, page: u32) -> String {
        let mut pairs = Vec::new();
        if self.status != WorkStatus::Open {
            pairs.push(format!("status={}", self.status));
        }
        pairs.extend(self.association.as_ref().map(|code| format!("association={code}")));
        pairs.extend(self.min_age.map(|age| format!("min_age={age}")));
        address(routes::work_list(), pairs, self.limit, page)
    }

    /// What to ask the server for. An association that is not the clerk's own is nobody's.
    pub(in crate::pages::workflow) fn request(&self, memory: &ListMemory, own: &[AssociationRef]) -> SearchWorkItems {
        let association = self.association.as_ref().and_then(|code| own.iter().find(|own| own.code == *code));
        SearchWorkItems {
            association_id: association.map(|association| association.id),
            status: Some(self.status),
            min_age_days: self.min_age,
            text: Some(memory.text.trim().to_owned()).filter(|text| !text.is_empty()),
            cursor: memory.cursor(),
            limit: Some(self.limit),
        }
    }
}

/// How long a case has stood there, as a colour and in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Age {
    Fresh,
    Week,
    Fortnight,
    Month,
}

impl Age {
    /// W-14: reminders at 7, 14 and 30 days.
    pub(super) const fn of(days: u32) -> Self {
        match days {
            0..7 => Self::Fresh,
            7..14 => Self::Week,
            14..30 => Self::Fortnight,
            30.. => Self::Month,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_the_address() {
        let query = ListQuery {
            status: WorkStatus::Upcoming,
            association: Some("25001".to_owned()),
            min_age: Some(14),
            limit: 200,
        };
        let path = query.path(3);
        assert_eq!(path, "/work?status=upcoming&association=25001&min_age=14&limit=200&page=3");
        assert_eq!(ListQuery::parse(path.split_once('?').unwrap().1), query);
        assert_eq!(ListQuery::default().path(1), "/work");
    }

    #[test]
    fn nonsense_in_the_address_is_left_out() {
        for search in ["", "?", "status=all&min_age=8&limit=5000&association=滋賀", "a&b==&=c", "association=2500"] {
            assert_eq!(ListQuery::parse(search), ListQuery::default(), "{search}");
        }
    }

    #[test]
    fn names_stay_out_of_the_address() {
        let memory = ListMemory { text: "髙橋".to_owned(), ..ListMemory::default() };
        let query = ListQuery::default();
        assert!(!query.path(memory.page()).contains('髙'));
        let request = query.request(&memory, &[]);
        assert_eq!(request.text.as_deref(), Some("髙橋"));
    }

    #[test]
    fn w_14_ages_are_told_apart_at_7_14_and_30_days() {
        let ages = [0, 6, 7, 13, 14, 29, 30, 400].map(Age::of);
        assert_eq!(
            ages,
            [Age::Fresh, Age::Fresh, Age::Week, Age::Week, Age::Fortnight, Age::Fortnight, Age::Month, Age::Month]
        );
    }
}
