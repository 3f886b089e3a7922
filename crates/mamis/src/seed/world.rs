//! The associations as they are, with made-up sizes, practices and clerks.

use std::collections::HashMap;

use anyhow::{Context, bail};
use chrono::{Datelike, NaiveDate};
use mamis_kernel::{AccountId, AssociationId, FacilityId, FacilityKind, Role, Tier};
use mamis_persistence::identity::AccountState;
use mamis_persistence::registry::bulk::{
    BulkStore, FacilityKey, KnownAssociation, NewAccountRow, NewCapabilityRow, NewFacility,
};
use rand::Rng;
use rand::distr::weighted::WeightedIndex;
use rand::prelude::Distribution;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha12Rng;
use rand_distr::LogNormal;

use super::ids::Ids;
use super::names;

/// Facilities where physicians work: 113,267 hospitals and clinics, and others (statistics of 2024).
const FACILITIES_AT_SCALE_1: f64 = 120_000.0;
/// 8,060 hospitals beside 105,207 clinics.
const HOSPITAL_SHARE: f64 = 0.07;
/// Members of a district association: median 120, 95 % below 900, none above 6,000.
const MEDIAN_MEMBERS: f64 = 120.0;
const P95_MEMBERS: f64 = 900.0;
const MOST_MEMBERS: f64 = 6_000.0;
/// The 95th percentile of the normal distribution.
const Z95: f64 = 1.645;
/// Below this scale only some districts are peopled, so that each of them keeps a size that looks real.
const ALL_DISTRICTS_FROM: f64 = 0.25;
const FEWEST_DISTRICTS: usize = 8;
/// Those peopled at every scale: around Lake Biwa, where the demonstration's log-ins are.
const ALWAYS: [&str; 4] = ["25001", "25005", "26001", "25014"];

const CLERK_ROLES: [(Role, &str, &str); 4] = [
    (Role::Viewer, "viewer", "閲覧"),
    (Role::Operator, "operator", "入力"),
    (Role::Approver, "approver", "承認"),
    (Role::Administrator, "admin", "管理"),
];

pub(super) struct District {
    pub(super) id: AssociationId,
    pub(super) prefecture: AssociationId,
    pub(super) prefecture_code: String,
    /// Which of the world's facilities lie here.
    pub(super) facilities: Vec<usize>,
    areas: Vec<Area>,
    weight: f64,
}

#[derive(Clone)]
pub(super) struct Area {
    pub(super) postal_code: mamis_kernel::text::PostalCode,
    pub(super) municipality_code: String,
    /// Prefecture and municipality.
    pub(super) address_prefix: String,
}

pub(super) struct Facility {
    pub(super) id: FacilityId,
    pub(super) name: String,
    pub(super) kind: FacilityKind,
    pub(super) area: Area,
    pub(super) address: String,
    pub(super) phone: String,
}

/// Those who decide in an association.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) operator: AccountId,
    pub(super) approver: AccountId,
}

pub(super) struct Clerks {
    pub(super) accounts: Vec<NewAccountRow>,
    pub(super) capabilities: Vec<NewCapabilityRow>,
}

pub(super) struct World {
    pub(super) nation: AssociationId,
    pub(super) districts: Vec<District>,
    /// Districts by prefecture.
    by_prefecture: HashMap<String, Vec<usize>>,
    pub(super) desks: HashMap<AssociationId, Desk>,
    facilities: Vec<Facility>,
    pick: WeightedIndex<f64>,
    pub(super) ids: Ids,
}

impl World {
    pub(super) async fn build(store: &BulkStore, scale: f64, rng: &mut ChaCha12Rng) -> anyhow::Result<Self> {
        let associations = store.association_list_all().await?;
        let nation = associations.iter().find(|known| known.entry.tier == Tier::National).map(|known| known.id);
        let Some(nation) = nation else {
            bail!("there are no associations yet; load them first with: mamis import reference reference/");
        };
        let mut areas: HashMap<String, Vec<Area>> = HashMap::new();
        for area in store.postal_area_list_all().await? {
            areas.entry(area.municipality_code.clone()).or_default().push(Area {
                postal_code: area.postal_code,
                municipality_code: area.municipality_code,
                address_prefix: area.address_prefix,
            });
        }
        let mut districts = choose_districts(&associations, &areas, scale, rng)?;
        let pick = WeightedIndex::new(districts.iter().map(|district| district.weight))
            .context("weighing the district associations")?;
        let mut by_prefecture: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, district) in districts.iter().enumerate() {
            by_prefecture.entry(district.prefecture_code.clone()).or_default().push(place);
        }
        let mut ids = Ids::new(rng.clone());
        let count = (FACILITIES_AT_SCALE_1 * scale).round() as usize;
        let mut facilities = Vec::with_capacity(count.max(districts.len()));
        for number in 0..count.max(districts.len()) {
            // One for each district first, then by size.
            let place = if number < districts.len() { number } else { pick.sample(rng) };
            let Some(district) = districts.get_mut(place) else { continue };
            let Some(made) = facility(district, number, &mut ids, rng) else { continue };
            district.facilities.push(facilities.len());
            facilities.push(made);
        }
        Ok(Self { nation, districts, by_prefecture, desks: HashMap::new(), facilities, pick, ids })
    }

    /// A viewer, an operator, an approver and an administrator for every association that has none.
    pub(super) async fn make_clerks(
        &mut self,
        store: &BulkStore,
        password_hash: &str,
        as_of: NaiveDate,
        rng: &mut ChaCha12Rng,
    ) -> anyhow::Result<Clerks> {
        let associations = store.association_list_all().await?;
        let login_id = |known: &KnownAssociation, role: &str| format!("{}-{role}", known.entry.code);
        let wanted: Vec<String> = associations
            .iter()
            .flat_map(|known| CLERK_ROLES.iter().map(move |(_, role, _)| login_id(known, role)))
            .collect();
        let mut there = store.accounts_by_login_id(&wanted).await?;
        let mut clerks = Clerks { accounts: Vec::new(), capabilities: Vec::new() };
        let valid_from = NaiveDate::from_ymd_opt(as_of.year() - 1, 1, 1).unwrap_or(as_of);
        for known in &associations {
            for (role, code, label) in CLERK_ROLES {
                let login_id = login_id(known, code);
                if there.contains_key(&login_id) {
                    continue;
                }
                let id = AccountId::from_uuid(self.ids.next());
                there.insert(login_id.clone(), id);
                clerks.accounts.push(NewAccountRow {
                    id,
                    login_id,
                    display_name: format!("{}\u{3000}{label}", names::family(rng).0),
                    password_hash: password_hash.to_owned(),
                    state: AccountState::Active,
                    person: None,
                    email: None,
                });
                let association = Some(known.id);
                let id_of_row = self.ids.next();
                clerks.capabilities.push(NewCapabilityRow {
                    id: id_of_row,
                    account: id,
                    role,
                    association,
                    valid_from,
                });
            }
            let of = |role| there.get(&login_id(known, role)).copied().context("a clerk was not made");
            self.desks.insert(known.id, Desk { operator: of("operator")?, approver: of("approver")? });
        }
        Ok(clerks)
    }

    pub(super) fn facilities(&self) -> &[Facility] {
        &self.facilities
    }

    pub(super) fn new_facilities(&self) -> Vec<NewFacility> {
        let row = |facility: &Facility| {
            let key = FacilityKey {
                name: facility.name.clone(),
                postal_code: facility.area.postal_code.to_string(),
                address: facility.address.clone(),
            };
            let mut row = NewFacility::new(facility.id, key, facility.kind);
            row.municipality_code = Some(facility.area.municipality_code.clone());
            row.phone = Some(facility.phone.clone());
            row
        };
        self.facilities.iter().map(row).collect()
    }

    /// A district by its size.
    pub(super) fn any_district(&self, rng: &mut ChaCha12Rng) -> usize {
        self.pick.sample(rng)
    }

    /// A district to move to: mostly within the prefecture.
    pub(super) fn next_district(&self, from: usize, rng: &mut ChaCha12Rng) -> usize {
        const WITHIN_THE_PREFECTURE: f64 = 0.7;
        let near = self.districts.get(from).and_then(|district| self.by_prefecture.get(&district.prefecture_code));
        match near.filter(|_| rng.random_bool(WITHIN_THE_PREFECTURE)).and_then(|places| places.choose(rng)) {
            Some(place) => *place,
            None => self.any_district(rng),
        }
    }

    /// Somewhere to live in a district.
    pub(super) fn home_in(&self, place: usize, rng: &mut ChaCha12Rng) -> Option<&Area> {
        self.districts.get(place)?.areas.choose(rng)
    }
}

/// The districts to people, with a weight for each: its size.
fn choose_districts(
    associations: &[KnownAssociation],
    areas: &HashMap<String, Vec<Area>>,
    scale: f64,
    rng: &mut ChaCha12Rng,
) -> anyhow::Result<Vec<District>> {
    let sigma = (P95_MEMBERS / MEDIAN_MEMBERS).ln() / Z95;
    let size = LogNormal::new(MEDIAN_MEMBERS.ln(), sigma).context("the sizes of district associations")?;
    let parent = |code: &Option<String>| {
        let found = associations.iter().find(|known| Some(&known.entry.code) == code.as_ref());
        found.map(|known| known.id).context("a district association without a prefectural one")
    };
    let mut chosen: Vec<&KnownAssociation> =
        associations.iter().filter(|known| known.entry.tier == Tier::District).collect();
    chosen.shuffle(rng);
    chosen.sort_by_key(|known| ALWAYS.iter().position(|code| *code == known.entry.code).unwrap_or(ALWAYS.len()));
    let wanted = (chosen.len() as f64 * scale / ALL_DISTRICTS_FROM).round() as usize;
    chosen.truncate(wanted.max(FEWEST_DISTRICTS));
    let mut districts = Vec::with_capacity(chosen.len());
    for known in chosen {
        let prefecture_code = known.entry.prefecture_code.clone().unwrap_or_default();
        // University associations serve no area: their people live anywhere in the prefecture.
        let served: Vec<Area> = if known.municipality_codes.is_empty() {
            let mut near: Vec<&String> = areas.keys().filter(|code| code.starts_with(&prefecture_code)).collect();
            near.sort_unstable();
            near.iter().filter_map(|code| areas.get(*code)).flatten().step_by(17).cloned().collect()
        } else {
            known.municipality_codes.iter().filter_map(|code| areas.get(code)).flatten().cloned().collect()
        };
        if served.is_empty() {
            continue;
        }
        districts.push(District {
            id: known.id,
            prefecture: parent(&known.entry.parent_code)?,
            prefecture_code,
            facilities: Vec::new(),
            areas: served,
            weight: size.sample(rng).min(MOST_MEMBERS),
        });
    }
    Ok(districts)
}

fn facility(district: &District, number: usize, ids: &mut Ids, rng: &mut ChaCha12Rng) -> Option<Facility> {
    const FIELDS: [&str; 8] = ["内科", "整形外科", "小児科", "眼科", "皮膚科", "耳鼻咽喉科", "産婦人科", "こころの"];
    const STREETS: [&str; 8] = ["本町", "中央", "栄町", "緑町", "港町", "朝日", "東町", "駅前"];
    let family = names::family(rng).0;
    let (name, kind) = if rng.random_bool(HOSPITAL_SHARE) {
        (format!("{family}記念病院"), FacilityKind::Hospital)
    } else {
        let field = FIELDS.choose(rng).copied().unwrap_or_default();
        let word = if rng.random_bool(0.5) { "医院" } else { "クリニック" };
        (format!("{family}{field}{word}"), FacilityKind::Clinic)
    };
    let area = district.areas.choose(rng)?.clone();
    let street = STREETS.choose(rng).copied().unwrap_or_default();
    // The number makes the address, and so the facility, one of its kind.
    let address = format!("{}{street}{}-{}", area.address_prefix, number / 100 + 1, number % 100 + 1);
    let phone = format!("0{:02}{:07}", rng.random_range(11..99), rng.random_range(0..10_000_000));
    Some(Facility { id: FacilityId::from_uuid(ids.next()), name, kind, area, address, phone })
}
