//! Physicians with their careers: memberships one after the other, workplaces beside them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use mamis_domain::workflow::Application;
use mamis_kernel::{
    AccountId, BusinessType, Employment, EndReason, FacilityKind, MemberCategory, MembershipId, PersonId, Role, Sex,
    Tier,
};
use mamis_persistence::identity::AccountState;
use mamis_persistence::registry::bulk::{
    NewAccountRow, NewAffiliation, NewCapabilityRow, NewContactPoint, NewMembership, NewPerson, NewRegistration,
};
use mamis_usecases::tokyo_day;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

use super::names;
use super::world::World;

/// Where generated registration numbers end; those of the demonstration lie above.
pub(super) const NUMBERS_END: i32 = 9_900_000;
/// Registration numbers lie this far apart at most, so that all of them have room.
const NUMBER_STEP: i32 = 27;

/// Physicians by age (statistics of December 2024): from, to, how many.
const AGES: [(i32, i32, u32); 6] =
    [(24, 29, 31_932), (30, 39, 69_851), (40, 49, 67_601), (50, 59, 68_908), (60, 69, 64_688), (70, 90, 44_792)];
/// 61 % are members of a district association; of these 92 % of the prefectural one, of these 91 % of the national one.
const MEMBER_SHARE: f64 = 0.61;
const FORMER_MEMBER_SHARE: f64 = 0.08;
const PREFECTURAL_SHARE: f64 = 0.92;
const NATIONAL_SHARE: f64 = 0.911;
/// A geometric number of earlier memberships with the mean 1.45: 1.6 million in all.
const NO_FURTHER_STINT: f64 = 0.408;
/// 255,000 accounts.
const ACCOUNT_SHARE: f64 = 0.73;
/// Planning assumptions.
const NO_EMAIL: f64 = 0.15;
const NO_EMAIL_FROM_60: f64 = 0.28;
const SECOND_WORKPLACE: f64 = 0.2;
const SHORTEST_STINT: u64 = 60;

/// One stay in one branch.
pub(super) struct Stint {
    /// Which of the world's districts.
    pub(super) place: usize,
    pub(super) top: Tier,
    pub(super) category: MemberCategory,
    pub(super) from: NaiveDate,
    /// The day after the last, and why.
    pub(super) to: Option<(NaiveDate, EndReason)>,
    /// Which of the world's facilities is the main workplace at the start.
    pub(super) facility: usize,
}

/// A physician, as far as cases need it.
pub(super) struct Somebody {
    pub(super) person: PersonId,
    pub(super) account: Option<AccountId>,
    pub(super) home: (String, String),
    pub(super) stints: Vec<Stint>,
}

impl Somebody {
    pub(super) fn is_member(&self) -> bool {
        self.stints.last().is_some_and(|stint| stint.to.is_none())
    }
}

/// The rows of some persons.
#[derive(Default)]
pub(super) struct ChunkRows {
    pub(super) persons: Vec<NewPerson>,
    pub(super) registrations: Vec<NewRegistration>,
    pub(super) contacts: Vec<NewContactPoint>,
    pub(super) affiliations: Vec<NewAffiliation>,
    pub(super) accounts: Vec<NewAccountRow>,
    pub(super) capabilities: Vec<NewCapabilityRow>,
    pub(super) cases: Vec<Application>,
    pub(super) memberships: Vec<NewMembership>,
}

impl ChunkRows {
    /// When each filed case was filed, in the order of the cases.
    pub(super) fn filing_days(&self) -> Vec<NaiveDate> {
        self.cases.iter().filter_map(|case| case.submitted_at).map(tokyo_day).collect()
    }

    /// Gives filed cases their receipt numbers.
    pub(super) fn number_cases(&mut self, numbers: Vec<String>) {
        let filed = self.cases.iter_mut().filter(|case| case.submitted_at.is_some());
        for (case, number) in filed.zip(numbers) {
            case.number = Some(number);
        }
    }
}

/// Makes one physician after the other.
pub(super) struct Crowd {
    pub(super) world: World,
    pub(super) as_of: NaiveDate,
    pub(super) now: DateTime<Utc>,
    known_from: DateTime<Utc>,
    last_number: i32,
    password_hash: String,
    pub(super) rng: ChaCha12Rng,
}

impl Crowd {
    pub(super) fn new(
        world: World,
        as_of: NaiveDate,
        known_from: DateTime<Utc>,
        last_number: i32,
        password_hash: String,
        rng: ChaCha12Rng,
    ) -> Self {
        let now = as_of.and_hms_opt(3, 0, 0).unwrap_or_default().and_utc();
        Self { world, as_of, now, known_from, last_number, password_hash, rng }
    }

    pub(super) fn new_id(&mut self) -> Uuid {
        self.world.ids.next()
    }

    /// The next persons, with all that belongs to them.
    pub(super) fn next(&mut self, count: usize) -> ChunkRows {
        let mut rows = ChunkRows::default();
        for _ in 0..count {
            let somebody = self.somebody(&mut rows);
            self.add_cases_and_memberships(&somebody, &mut rows);
        }
        rows
    }

    fn somebody(&mut self, rows: &mut ChunkRows) -> Somebody {
        let age = self.age();
        let birth_date = minus_days(years_before(self.as_of, age), self.rng.random_range(0..365));
        let female_share = match age {
            ..40 => 0.35,
            40..60 => 0.25,
            _ => 0.12,
        };
        let sex = if self.rng.random_bool(female_share) { Sex::Female } else { Sex::Male };
        let registered_on = self.registered_on(birth_date);
        let id = PersonId::from_uuid(self.new_id());
        let (name, kana) = names::name(&mut self.rng, sex);
        let display_name = format!("{}\u{3000}{}", name[0], name[1]);
        self.last_number += self.rng.random_range(1..NUMBER_STEP);
        let number = self.last_number;

        let stints = self.career(registered_on, birth_date);
        let place = stints.last().map_or_else(|| self.world.any_district(&mut self.rng), |stint| stint.place);
        let mut person = NewPerson::new(id, name, kana, birth_date, sex);
        if stints.iter().any(|stint| stint.top == Tier::National) {
            person.jma_member_id = Some(format!("{:010}", 1_000_000_000 + i64::from(number)));
        }
        person.graduated_in = NaiveDate::from_ymd_opt(registered_on.year(), 3, 1);
        person.specialties = self.specialties();
        rows.persons.push(person);
        rows.registrations.push(NewRegistration {
            id: self.new_id(),
            person: id,
            number: number.to_string(),
            registered_on,
        });
        let home = self.add_contacts(id, number, age, place, rows);
        self.add_workplaces(id, &stints, registered_on, place, rows);
        let account = self.add_account(id, number, &display_name, rows);
        Somebody { person: id, account, home, stints }
    }

    fn age(&mut self) -> i32 {
        let all: u32 = AGES.iter().map(|(_, _, count)| count).sum();
        let mut at = self.rng.random_range(0..all);
        for (from, to, count) in AGES {
            if at < count {
                return self.rng.random_range(from..=to);
            }
            at -= count;
        }
        50
    }

    /// In May after the state examination, at 24 to 27.
    fn registered_on(&mut self, birth_date: NaiveDate) -> NaiveDate {
        let year = birth_date.year() + 24 + self.rng.random_range(1..4);
        let day = NaiveDate::from_ymd_opt(year, 5, self.rng.random_range(1..28)).unwrap_or(self.as_of);
        day.min(minus_days(self.as_of, 120))
    }

    fn specialties(&mut self) -> Vec<String> {
        const SPECIALTIES: [&str; 12] = [
            "内科",
            "外科",
            "整形外科",
            "小児科",
            "眼科",
            "皮膚科",
            "耳鼻咽喉科",
            "産婦人科",
            "精神科",
            "泌尿器科",
            "放射線科",
            "麻酔科",
        ];
        SPECIALTIES.choose(&mut self.rng).map(|name| (*name).to_owned()).into_iter().collect()
    }

    /// Stays in associations, one after the other.
    fn career(&mut self, registered_on: NaiveDate, birth_date: NaiveDate) -> Vec<Stint> {
        let dice = self.rng.random::<f64>();
        if dice > MEMBER_SHARE + FORMER_MEMBER_SHARE {
            return Vec::new();
        }
        let begin = (registered_on + Days::new(self.rng.random_range(0..900))).min(minus_days(self.as_of, 90));
        let left = (dice > MEMBER_SHARE).then(|| self.leaving(begin));
        let end = left.map_or(self.as_of, |(day, _)| day);
        let length = days_between(begin, end);
        let mut cuts = vec![0];
        let room = (length / (2 * SHORTEST_STINT)).min(8);
        while (cuts.len() as u64) <= room && !self.rng.random_bool(NO_FURTHER_STINT) {
            cuts.push(self.rng.random_range(0..length));
        }
        cuts.sort_unstable();
        cuts.dedup_by(|later, earlier| *later - *earlier < SHORTEST_STINT);
        cuts.retain(|cut| *cut == 0 || length - cut >= SHORTEST_STINT);

        let mut stints: Vec<Stint> = Vec::with_capacity(cuts.len());
        for (index, cut) in cuts.iter().enumerate() {
            let from = begin + Days::new(*cut);
            let to = match cuts.get(index + 1) {
                Some(next) => Some((begin + Days::new(*next), EndReason::Transfer)),
                None => left,
            };
            let place = match stints.last() {
                Some(before) => self.world.next_district(before.place, &mut self.rng),
                None => self.world.any_district(&mut self.rng),
            };
            let top = self.top_tier();
            let category = self.category(from.year() - birth_date.year());
            let Some(facility) = self.facility_number(place) else { continue };
            stints.push(Stint { place, top, category, from, to, facility });
        }
        stints
    }

    /// The day after the last day as a member, and why.
    fn leaving(&mut self, begin: NaiveDate) -> (NaiveDate, EndReason) {
        let length = days_between(begin, self.as_of);
        let day = begin + Days::new(self.rng.random_range(length / 2..=length.max(2) - 1).max(1));
        let reason = match self.rng.random_range(0..100) {
            0..70 => EndReason::Withdrawal,
            70..99 => EndReason::Death,
            _ => EndReason::Expulsion,
        };
        (day, reason)
    }

    pub(super) fn top_tier(&mut self) -> Tier {
        if !self.rng.random_bool(PREFECTURAL_SHARE) {
            Tier::District
        } else if !self.rng.random_bool(NATIONAL_SHARE) {
            Tier::Prefectural
        } else {
            Tier::National
        }
    }

    /// The national association's mix: A① 45.5 %, A②(B) 24.8 %, A②(C) 2.9 %, B 24.6 %, C 2.2 %.
    pub(super) fn category(&mut self, age: i32) -> MemberCategory {
        let dice = self.rng.random_range(0..100);
        match (age, dice) {
            (..29, 0..55) => MemberCategory::A2C,
            (..29, 55..95) => MemberCategory::C,
            (..36, 0..45) => MemberCategory::A2B,
            (..36, 45..90) => MemberCategory::B,
            (36.., 0..58) => MemberCategory::A1,
            (36.., 58..79) => MemberCategory::A2B,
            (36.., 79..) => MemberCategory::B,
            _ => MemberCategory::A1,
        }
    }

    /// Which facility of a district, by its number in the world.
    fn facility_number(&mut self, place: usize) -> Option<usize> {
        self.world.districts.get(place)?.facilities.choose(&mut self.rng).copied()
    }

    /// Home address, telephone and perhaps e-mail; gives the home's postal code and address.
    fn add_contacts(
        &mut self,
        person: PersonId,
        number: i32,
        age: i32,
        place: usize,
        rows: &mut ChunkRows,
    ) -> (String, String) {
        let area = self.world.home_in(place, &mut self.rng).cloned();
        let prefix = area.as_ref().map(|area| area.address_prefix.clone()).unwrap_or_default();
        let address = format!("{prefix}緑町{}-{}", number % 30 + 1, number % 97 + 1);
        let postal_code = area.map(|area| area.postal_code);
        let id = self.new_id();
        rows.contacts.push(NewContactPoint::new(id, person, ("address", "home"), address.clone()).at(postal_code));
        let phone = format!("090{:08}", self.rng.random_range(0..100_000_000));
        let id = self.new_id();
        rows.contacts.push(NewContactPoint::new(id, person, ("phone", "home"), phone));
        if !self.rng.random_bool(if age >= 60 { NO_EMAIL_FROM_60 } else { NO_EMAIL }) {
            let id = self.new_id();
            let email = format!("dr{number}@example.jp");
            rows.contacts.push(NewContactPoint::new(id, person, ("email", "contact"), email));
        }
        (postal_code.map(|code| code.to_string()).unwrap_or_default(), address)
    }

    fn add_account(
        &mut self,
        person: PersonId,
        number: i32,
        display_name: &str,
        rows: &mut ChunkRows,
    ) -> Option<AccountId> {
        if !self.rng.random_bool(ACCOUNT_SHARE) {
            return None;
        }
        let state = match self.rng.random_range(0..100) {
            0..62 => AccountState::Active,
            62..92 => AccountState::Provisional,
            92..96 => AccountState::Suspended,
            _ => AccountState::Closed,
        };
        let id = AccountId::from_uuid(self.new_id());
        // Only who has signed in once has confirmed an address.
        let reached = rows.contacts.last().filter(|_| state == AccountState::Active);
        let email = reached.filter(|point| point.kind == "email").map(|point| (point.value.clone(), self.now));
        rows.accounts.push(NewAccountRow {
            id,
            login_id: format!("dr-{number}"),
            display_name: display_name.to_owned(),
            password_hash: self.password_hash.clone(),
            state,
            person: Some(person),
            email,
        });
        let valid_from = NaiveDate::from_ymd_opt(self.as_of.year() - 1, 1, 1).unwrap_or(self.as_of);
        let row = self.new_id();
        rows.capabilities.push(NewCapabilityRow {
            id: row,
            account: id,
            role: Role::Physician,
            association: None,
            valid_from,
        });
        Some(id)
    }

    /// One main workplace after the other, about three in a life, and sometimes a second one beside the last.
    fn add_workplaces(
        &mut self,
        person: PersonId,
        stints: &[Stint],
        registered_on: NaiveDate,
        place: usize,
        rows: &mut ChunkRows,
    ) {
        let died_on = stints.last().and_then(|stint| stint.to).filter(|(_, reason)| *reason == EndReason::Death);
        let last_day = died_on.map(|(day, _)| day);
        // Beginnings of workplaces: with each stay, and in between.
        let mut beginnings: Vec<(NaiveDate, usize, Option<MemberCategory>)> = Vec::new();
        for stint in stints {
            beginnings.push((stint.from, stint.facility, Some(stint.category)));
            let end = stint.to.map_or(self.as_of, |(day, _)| day);
            let length = days_between(stint.from, end);
            if length > 400
                && self.rng.random_bool(0.6)
                && let Some(facility) = self.facility_number(stint.place)
            {
                let from = stint.from + Days::new(self.rng.random_range(200..length - 100));
                beginnings.push((from, facility, Some(stint.category)));
            }
        }
        if stints.is_empty() {
            let mut from = registered_on + Days::new(self.rng.random_range(0..60));
            for _ in 0..self.rng.random_range(2..7) {
                if let Some(facility) = self.facility_number(place).filter(|_| from < self.as_of) {
                    beginnings.push((from, facility, None));
                }
                from = from + Days::new(self.rng.random_range(365..3_000));
            }
        }
        for (index, (from, facility, category)) in beginnings.iter().enumerate() {
            let valid_to = beginnings.get(index + 1).map(|(next, ..)| *next).or(last_day);
            if valid_to.is_none_or(|end| *from < end) {
                self.add_affiliation(person, *facility, *category, (*from, valid_to), true, rows);
            }
        }
        if died_on.is_none()
            && let Some((from, first, category)) = beginnings.last().copied()
            && self.rng.random_bool(SECOND_WORKPLACE)
            && let Some(second) = self.facility_number(place).filter(|second| *second != first)
        {
            self.add_affiliation(
                person,
                second,
                category.filter(|c| *c != MemberCategory::A1),
                (from, None),
                false,
                rows,
            );
        }
    }

    fn add_affiliation(
        &mut self,
        person: PersonId,
        facility: usize,
        category: Option<MemberCategory>,
        (valid_from, valid_to): (NaiveDate, Option<NaiveDate>),
        is_main: bool,
        rows: &mut ChunkRows,
    ) {
        let id = self.new_id();
        let Some(facility) = self.world.facilities().get(facility) else { return };
        rows.affiliations.push(NewAffiliation {
            id,
            person,
            facility: facility.id,
            business_type: Some(business_type(facility.kind, category)),
            employment: Some(if is_main { Employment::FullTime } else { Employment::PartTime }),
            is_main,
            valid_from,
            valid_to,
        });
    }

    pub(super) fn membership(
        &mut self,
        somebody: &Somebody,
        stint: &Stint,
        tier: Tier,
        case: Option<&Application>,
    ) -> Option<NewMembership> {
        let district = self.world.districts.get(stint.place)?;
        let association = match tier {
            Tier::District => district.id,
            Tier::Prefectural => district.prefecture,
            Tier::National => self.world.nation,
        };
        // What came before there were cases carries the national category alone.
        let category = match tier {
            Tier::National => Some(stint.category.as_str()),
            Tier::District | Tier::Prefectural => case.map(|_| local_category(stint.category)),
        };
        Some(NewMembership {
            id: MembershipId::from_uuid(self.world.ids.next()),
            person: somebody.person,
            association,
            category_code: category.map(str::to_owned),
            valid_from: stint.from,
            end: stint.to,
            known_from: self.known_from,
            application: case.map(|case| case.id),
        })
    }
}

/// What the shipped categories of districts and prefectures call a national one.
pub(super) const fn local_category(category: MemberCategory) -> &'static str {
    match category {
        MemberCategory::A1 => "A",
        MemberCategory::A2B | MemberCategory::B => "B",
        MemberCategory::A2C | MemberCategory::C => "C",
    }
}

pub(super) fn business_type(kind: FacilityKind, category: Option<MemberCategory>) -> BusinessType {
    let founder = category == Some(MemberCategory::A1);
    match (kind, founder) {
        (FacilityKind::Hospital, true) => BusinessType::HospitalFounder,
        (FacilityKind::Hospital, false) => BusinessType::HospitalEmployee,
        (_, true) => BusinessType::ClinicFounder,
        (_, false) => BusinessType::ClinicEmployee,
    }
}

fn years_before(day: NaiveDate, years: i32) -> NaiveDate {
    // The 29th of February has no namesake in most years.
    NaiveDate::from_ymd_opt(day.year() - years, day.month(), day.day().min(28)).unwrap_or(day)
}

fn minus_days(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or_default()
}
