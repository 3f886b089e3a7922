//! The cases behind memberships, and those under way. Each is driven through the rules, so that none can stand in a
//! state the rules would not have led to.

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use mamis_domain::workflow::join_new::{ChosenCategories, ContactDraft, JoinNewDraft, WorkplaceDraft};
use mamis_domain::workflow::rules::{self, Hand};
use mamis_domain::workflow::{Application, Change, FieldComment, Step, WorkflowError};
use mamis_kernel::{AccountId, ApplicationId, Employment, MemberCategory, StepKind, StepState, Tier};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::people::{ChunkRows, Crowd, Somebody, Stint, business_type, local_category};

/// 650,000 cases for 350,000 persons: nearly every stay has one, and many persons one more that led nowhere yet (unless it
/// would be about a district they have been in).
const STAYS_WITH_A_CASE: f64 = 0.95;
const ANOTHER_CASE: f64 = 0.42;

impl Crowd {
    pub(super) fn add_cases_and_memberships(&mut self, somebody: &Somebody, rows: &mut ChunkRows) {
        for stint in &somebody.stints {
            let case = if self.rng.random_bool(STAYS_WITH_A_CASE) { self.completed(somebody, stint) } else { None };
            for tier in stint.top.and_below() {
                rows.memberships.extend(self.membership(somebody, stint, tier, case.as_ref()));
            }
            rows.cases.extend(case);
        }
        if self.rng.random_bool(ANOTHER_CASE) {
            rows.cases.extend(self.another(somebody));
        }
    }

    /// The case that led to a stay, filed two to three months before.
    fn completed(&mut self, somebody: &Somebody, stint: &Stint) -> Option<Application> {
        let filed_on = stint.from.min(self.as_of).checked_sub_days(Days::new(self.rng.random_range(60..90)))?;
        let filed_at = self.office_hours(filed_on);
        let plan = self.plan(somebody, stint, stint.from)?;
        let mut case = plan.filed(filed_at).ok()?;
        let mut at = filed_at;
        for decider in &plan.deciders {
            at += TimeDelta::days(self.rng.random_range(3..18)) + TimeDelta::minutes(self.rng.random_range(0..240));
            case = rules::approve(case, stint.from, None, Hand { account: *decider, at }).ok()?;
        }
        Some(case)
    }

    /// A case that is under way, or ended without a membership.
    fn another(&mut self, somebody: &Somebody) -> Option<Application> {
        let from = somebody.stints.last().map_or_else(|| self.world.any_district(&mut self.rng), |stint| stint.place);
        let place = self.world.next_district(from, &mut self.rng);
        // A member asks for a second district alone; there may not be two open memberships in one association.
        if somebody.stints.iter().any(|stint| stint.place == place) {
            return None;
        }
        let top = if somebody.is_member() { Tier::District } else { self.top_tier() };
        let facility = self.world.districts.get(place)?.facilities.choose(&mut self.rng).copied()?;
        let category = self.category(45);
        let state = self.rng.random_range(0..100);
        let days_ago = if state < 57 { self.rng.random_range(1..60) } else { self.rng.random_range(60..1_800) };
        let begun_on = self.as_of.checked_sub_days(Days::new(days_ago))?;
        let wished = begun_on.checked_add_months(Months::new(2))?;
        let stint = Stint { place, top, category, from: wished, to: None, facility };
        let plan = self.plan(somebody, &stint, wished)?;
        let at = self.office_hours(begun_on);
        self.led_on(&plan, state, at).ok()
    }

    /// 20 % drafts, 30 % under review, 7 % returned; 18 % rejected and 25 % retracted.
    fn led_on(&mut self, plan: &Plan, state: u32, at: DateTime<Utc>) -> Result<Application, WorkflowError> {
        if state < 20 {
            return Ok(plan.draft(at));
        }
        let mut case = plan.filed(at)?;
        let approvals = self.rng.random_range(0..plan.deciders.len().max(1));
        if state >= 75 {
            let hand = Hand { account: plan.account, at: at + TimeDelta::hours(5) };
            return rules::retract(case, Some("勤務先が変わるため取り下げます。".to_owned()), hand);
        }
        let mut moved = at;
        for decider in plan.deciders.iter().take(approvals) {
            moved = self.later(moved);
            case = rules::approve(case, plan.wished, None, Hand { account: *decider, at: moved })?;
        }
        let Some(decider) = plan.deciders.get(approvals) else { return Ok(case) };
        moved = self.later(moved);
        let hand = Hand { account: *decider, at: moved };
        match state {
            ..50 => Ok(case),
            50..57 => {
                let comment = FieldComment {
                    pointer: "/changes/0/payload/workplace/address".to_owned(),
                    comment: "番地までご記入ください。".to_owned(),
                };
                rules::send_back(case, "勤務先の所在地をご確認ください。".to_owned(), vec![comment], hand)
            }
            _ => rules::reject(case, "入会の要件を満たしていません。".to_owned(), hand),
        }
    }

    /// Some hours later, but never in time to come.
    fn later(&mut self, at: DateTime<Utc>) -> DateTime<Utc> {
        (at + TimeDelta::minutes(self.rng.random_range(60..6_000))).min(self.now).max(at)
    }

    fn office_hours(&mut self, day: NaiveDate) -> DateTime<Utc> {
        // 9 to 17 in Tokyo
        day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(self.rng.random_range(0..480))
    }

    fn plan(&mut self, somebody: &Somebody, stint: &Stint, wished: NaiveDate) -> Option<Plan> {
        let district = self.world.districts.get(stint.place)?;
        let facility = self.world.facilities().get(stint.facility)?;
        let desk = |association| self.world.desks.get(&association).copied();
        let association = |tier| match tier {
            Tier::District => district.id,
            Tier::Prefectural => district.prefecture,
            Tier::National => self.world.nation,
        };
        let tiers: Vec<Tier> = stint.top.and_below().collect();
        let category = |tier| tiers.contains(&tier).then(|| local_category(stint.category).to_owned());
        let business_type = business_type(facility.kind, Some(stint.category));
        let resident = matches!(stint.category, MemberCategory::A2C | MemberCategory::C);
        let (postal_code, address) = somebody.home.clone();
        let draft = JoinNewDraft {
            workplace: WorkplaceDraft {
                facility: Some(facility.id),
                name: Some(facility.name.clone()),
                kind: Some(facility.kind),
                postal_code: Some(facility.area.postal_code.to_string()),
                municipality_code: Some(facility.area.municipality_code.clone()),
                address: Some(facility.address.clone()),
                phone: Some(facility.phone.clone()),
                business_type: Some(business_type),
                is_administrator: Some(business_type.is_founder()),
                employment: Some(Employment::FullTime),
            },
            district_association: Some(district.id),
            highest_tier: Some(stint.top),
            is_clinical_resident: Some(resident),
            insurance_excluded: Some(stint.category.insurance_excluded()),
            categories: ChosenCategories {
                district: category(Tier::District),
                prefectural: category(Tier::Prefectural),
                national: tiers.contains(&Tier::National).then(|| stint.category.as_str().to_owned()),
            },
            effective_date: Some(wished),
            contact: ContactDraft {
                postal_code: Some(postal_code),
                address: Some(address),
                phone: Some(facility.phone.clone()),
                email: None,
            },
            note: None,
        };
        let step = |(position, tier): (u32, &Tier)| Step {
            position,
            association: association(*tier),
            kind: StepKind::Approve,
            state: StepState::Waiting,
            opened_at: None,
            decision: None,
        };
        Some(Plan {
            account: somebody.account.or_else(|| Some(desk(district.id)?.operator))?,
            deciders: tiers.iter().map(|tier| Some(desk(association(*tier))?.approver)).collect::<Option<_>>()?,
            steps: (1..).zip(&tiers).map(step).collect(),
            person: somebody.person,
            change: Change::JoinNew(draft),
            wished,
            id: ApplicationId::from_uuid(self.world.ids.next()),
        })
    }
}

/// A case before its life.
struct Plan {
    id: ApplicationId,
    person: mamis_kernel::PersonId,
    /// Who files it: the physician, or the district's operator where there is no account.
    account: AccountId,
    deciders: Vec<AccountId>,
    steps: Vec<Step>,
    change: Change,
    wished: NaiveDate,
}

impl Plan {
    fn draft(&self, at: DateTime<Utc>) -> Application {
        rules::draft(self.id, self.person, vec![self.change.clone()], Hand { account: self.account, at })
    }

    fn filed(&self, at: DateTime<Utc>) -> Result<Application, WorkflowError> {
        let draft = self.draft(at - TimeDelta::minutes(20));
        // The receipt number comes with the transaction.
        rules::submit(draft, String::new(), self.steps.clone(), Hand { account: self.account, at })
    }
}
