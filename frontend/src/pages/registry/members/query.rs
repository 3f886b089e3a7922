//! Which members are shown, by the codes in the address.

use chrono::NaiveDate;
use mamis_contract::registry::{AssociationRef, MemberFilter, MemberSort, SavedListView, SearchMembers};
use mamis_kernel::{AssociationId, FacilityKind, MembershipState, SavedListId};

use crate::forms::given;
use crate::pages::desk::{LIMITS, ListMemory, address, limit_of, pairs};
use crate::routes;

/// In the address, and of the tab: members in whatever state.
pub(super) const ANY_STATE: &str = "all";
/// Nobody is older.
pub(super) const MOST_YEARS: u32 = 150;

/// Which members, as the address has it: codes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MemberQuery {
    /// Five digits; the clerk's first association when absent.
    pub(super) association: Option<String>,
    /// Any when absent.
    pub(super) state: Option<MembershipState>,
    /// The association's own codes.
    pub(super) categories: Vec<String>,
    /// Also a member of this one.
    pub(super) below: Option<AssociationId>,
    pub(super) min_age: Option<u32>,
    pub(super) max_age: Option<u32>,
    pub(super) kinds: Vec<FacilityKind>,
    pub(super) as_of: Option<NaiveDate>,
    pub(super) sort: MemberSort,
    pub(super) limit: u32,
    /// The kept list this began with.
    pub(super) list: Option<SavedListId>,
}

impl Default for MemberQuery {
    fn default() -> Self {
        Self {
            association: None,
            state: Some(MembershipState::Current),
            categories: Vec::new(),
            below: None,
            min_age: None,
            max_age: None,
            kinds: Vec::new(),
            as_of: None,
            sort: MemberSort::Kana,
            limit: LIMITS[0],
            list: None,
        }
    }
}

impl MemberQuery {
    /// From the address; what is not understood is left at its default.
    pub(super) fn parse(search: &str) -> Self {
        let mut query = Self::default();
        let age = |value: &str| value.parse().ok().filter(|age| *age <= MOST_YEARS);
        for (name, value) in pairs(search) {
            match name {
                "association" if value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    query.association = Some(value.to_owned());
                }
                "state" if value == ANY_STATE => query.state = None,
                "state" => query.state = value.parse().ok().or(query.state),
                "category" if is_code(value) => query.categories.push(value.to_owned()),
                "below" => query.below = value.parse().ok(),
                "min_age" => query.min_age = age(value),
                "max_age" => query.max_age = age(value),
                "kind" => query.kinds.extend(value.parse::<FacilityKind>()),
                "as_of" => query.as_of = value.parse().ok(),
                "sort" => query.sort = value.parse().unwrap_or(MemberSort::Kana),
                "limit" => query.limit = limit_of(value),
                "list" => query.list = value.parse().ok(),
                _ => {}
            }
        }
        query
    }

    /// The address of a page of the list.
    pub(super) fn path(&self, page: u32) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.association.as_ref().map(|code| format!("association={code}")));
        if self.state != Some(MembershipState::Current) {
            pairs.push(format!("state={}", self.tab()));
        }
        pairs.extend(self.categories.iter().map(|code| format!("category={code}")));
        pairs.extend(self.below.map(|id| format!("below={id}")));
        pairs.extend(self.min_age.map(|age| format!("min_age={age}")));
        pairs.extend(self.max_age.map(|age| format!("max_age={age}")));
        pairs.extend(self.kinds.iter().map(|kind| format!("kind={kind}")));
        pairs.extend(self.as_of.map(|day| format!("as_of={day}")));
        if self.sort != MemberSort::Kana {
            pairs.push(format!("sort={}", self.sort));
        }
        pairs.extend(self.list.map(|id| format!("list={id}")));
        address(routes::members(), pairs, self.limit, page)
    }

    /// The tab in force.
    pub(super) fn tab(&self) -> &'static str {
        self.state.map_or(ANY_STATE, MembershipState::as_str)
    }

    /// The association's members on this tab, whoever they are.
    pub(super) fn unfiltered(&self) -> Self {
        let Self { association, state, sort, limit, .. } = self.clone();
        Self { association, state, sort, limit, ..Self::default() }
    }

    /// The association meant. One that is not the clerk's own is nobody's.
    pub(super) fn association_among(&self, own: &[AssociationRef]) -> Option<AssociationRef> {
        let named = self.association.as_ref().and_then(|code| own.iter().find(|own| own.code == *code));
        named.or_else(|| own.first()).cloned()
    }

    /// Which members, for the server.
    pub(super) fn filter(&self, memory: &ListMemory) -> MemberFilter {
        MemberFilter {
            text: given(&memory.text),
            as_of: self.as_of,
            state: self.state,
            category_codes: self.categories.clone(),
            also_of: self.below,
            min_age: self.min_age,
            max_age: self.max_age,
            specialty: given(&memory.specialty),
            facility_kinds: self.kinds.clone(),
        }
    }

    /// A kept list, with what was typed for it.
    pub(super) fn of_list(&self, list: &SavedListView) -> (Self, ListMemory) {
        let filter = list.filter.clone();
        let query = Self {
            association: self.association.clone(),
            state: filter.state,
            categories: filter.category_codes,
            below: filter.also_of,
            min_age: filter.min_age,
            max_age: filter.max_age,
            kinds: filter.facility_kinds,
            as_of: filter.as_of,
            sort: list.sort,
            limit: self.limit,
            list: Some(list.id),
        };
        let memory = ListMemory {
            text: filter.text.unwrap_or_default(),
            specialty: filter.specialty.unwrap_or_default(),
            ..ListMemory::default()
        };
        (query, memory)
    }

    /// What to ask the server for.
    pub(super) fn request(&self, association_id: AssociationId, memory: &ListMemory) -> SearchMembers {
        SearchMembers {
            association_id,
            filter: self.filter(memory),
            sort: Some(self.sort),
            cursor: memory.cursor(),
            limit: Some(self.limit),
        }
    }
}

/// Whether it can stand in an address as it is.
fn is_code(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTSU: &str = "ast_01900000000070008000000000000001";

    #[test]
    fn filters_survive_the_address() {
        let query = MemberQuery {
            association: Some("25000".to_owned()),
            state: None,
            categories: vec!["A".to_owned(), "B".to_owned()],
            below: OTSU.parse().ok(),
            min_age: Some(40),
            max_age: Some(64),
            kinds: vec![FacilityKind::Clinic, FacilityKind::Hospital],
            as_of: "2025-04-01".parse().ok(),
            sort: MemberSort::JoinedLatest,
            limit: 200,
            list: "lst_01900000000070008000000000000001".parse().ok(),
        };
        let path = query.path(3);
        assert_eq!(
            path,
            format!(
                "/work/members?association=25000&state=all&category=A&category=B&below={OTSU}&min_age=40&max_age=64\
                 &kind=clinic&kind=hospital&as_of=2025-04-01&sort=joined_latest\
                 &list=lst_01900000000070008000000000000001&limit=200&page=3"
            )
        );
        assert_eq!(MemberQuery::parse(path.split_once('?').unwrap().1), query);
        assert_eq!(MemberQuery::default().path(1), "/work/members");
    }

    #[test]
    fn nonsense_in_the_address_is_left_out() {
        for search in [
            "",
            "?",
            "state=dead&category=&category=A%20B&below=25001&min_age=151&max_age=-1&kind=shop&as_of=2025-02-30",
            "association=滋賀県&sort=name&limit=5000&specialty=内科&text=髙橋",
        ] {
            assert_eq!(MemberQuery::parse(search), MemberQuery::default(), "{search}");
        }
    }

    #[test]
    fn names_stay_out_of_the_address() {
        let memory =
            ListMemory { text: " 髙橋 ".to_owned(), specialty: "内科".to_owned(), ..ListMemory::default() };
        let query = MemberQuery::default();
        assert!(query.path(memory.page()).is_ascii());
        let request = query.request(OTSU.parse().unwrap(), &memory);
        assert_eq!(request.filter.text.as_deref(), Some("髙橋"));
        assert_eq!(request.filter.specialty.as_deref(), Some("内科"));
    }

    #[test]
    fn an_association_of_somebody_else_is_not_asked_about() {
        let own: Vec<AssociationRef> = serde_json::from_value(serde_json::json!([
            { "id": OTSU, "code": "25001", "name": "大津市医師会", "tier": "district" }
        ]))
        .unwrap();
        let query = MemberQuery { association: Some("13000".to_owned()), ..MemberQuery::default() };
        assert_eq!(query.association_among(&own).map(|own| own.code).as_deref(), Some("25001"));
        assert_eq!(query.association_among(&[]), None);
    }
}
