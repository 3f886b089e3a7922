//! The members of an association, and what they can be told apart by.

use mamis_contract::page::{MAX_LIMIT, Page};
use mamis_contract::registry::{AssociationRef, CategoryView, CountMembers, MemberCount, MemberView, SearchMembers};
use mamis_contract::workflow::ProposeCategories;
use mamis_kernel::{BusinessType, Tier};

use super::transport::Call;
use super::{Api, AssociationFilter, Failure};

impl Api {
    /// A page of members.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn search_members(self, query: &SearchMembers) -> Result<Page<MemberView>, Failure> {
        self.json(Call::post("/members/search").body(query)?).await
    }

    /// How many they are.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn count_members(self, query: &CountMembers) -> Result<MemberCount, Failure> {
        self.json(Call::post("/members/count").body(query)?).await
    }

    /// The associations right below one: districts of a prefecture, prefectures of the nation.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn associations_below(self, association: &AssociationRef) -> Result<Vec<AssociationRef>, Failure> {
        let (tier, prefecture_code) = match association.tier {
            Tier::District => return Ok(Vec::new()),
            Tier::Prefectural => (Tier::District, prefecture_of(association)),
            Tier::National => (Tier::Prefectural, None),
        };
        self.some_associations(tier, prefecture_code, MAX_LIMIT).await
    }

    /// What an association calls its kinds of members. They are read where a category is proposed, which says all that
    /// each association on the way from a district has; any district below will do.
    ///
    /// # Errors
    /// Any [`Failure`].
    pub async fn association_categories(self, association: &AssociationRef) -> Result<Vec<CategoryView>, Failure> {
        let district = match association.tier {
            Tier::District => Some(association.id),
            Tier::Prefectural | Tier::National => {
                let prefecture = prefecture_of(association).filter(|_| association.tier == Tier::Prefectural);
                let some = self.some_associations(Tier::District, prefecture, 1).await?;
                some.first().map(|district| district.id)
            }
        };
        let Some(district_association_id) = district else { return Ok(Vec::new()) };
        let facts = ProposeCategories {
            district_association_id,
            highest_tier: association.tier,
            business_type: BusinessType::OtherWork,
            is_administrator: false,
            is_clinical_resident: false,
            insurance_excluded: false,
        };
        let proposals = self.propose_categories(&facts).await?.items;
        let own = proposals.into_iter().find(|proposal| proposal.association.id == association.id);
        Ok(own.map(|proposal| proposal.options).unwrap_or_default())
    }

    async fn some_associations(
        self,
        tier: Tier,
        prefecture_code: Option<String>,
        limit: u32,
    ) -> Result<Vec<AssociationRef>, Failure> {
        let filter =
            AssociationFilter { tier: Some(tier), prefecture_code, limit: Some(limit), ..AssociationFilter::default() };
        let page = self.associations(filter).await?;
        let brief = |found: mamis_contract::registry::AssociationView| AssociationRef {
            id: found.id,
            code: found.code,
            name: found.name,
            tier: found.tier,
        };
        Ok(page.items.into_iter().map(brief).collect())
    }
}

/// The first two digits of an association's code.
fn prefecture_of(association: &AssociationRef) -> Option<String> {
    association.code.get(..2).map(str::to_owned)
}
