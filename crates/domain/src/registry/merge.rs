//! One record made of two.

use chrono::NaiveDate;
use mamis_kernel::{ApplicationId, AssociationId, EndReason, MembershipId, Period};

/// A stretch of membership that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The membership.
    pub id: MembershipId,
    /// What it says.
    pub says: Membership,
}

/// What a stretch of membership says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub association: AssociationId,
    /// As what.
    pub category: Option<String>,
    /// When.
    pub period: Period,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// The case that brought it about.
    pub application: Option<ApplicationId>,
}

/// What becomes of the memberships of two records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JoinedMemberships {
    /// Believed no longer: what they say is in others now.
    pub retired: Vec<MembershipId>,
    /// In their place.
    pub added: Vec<Membership>,
}

/// Joins the memberships of a record that is given up to those of the one that stays.
///
/// Rule MERGE-3 (what the kept record says of a day holds; the other one's memberships fill the days it says nothing of; stretches
/// of one category that touch become one); source: docs/rules/registry.md#merge-3.
#[must_use]
pub fn join_memberships(kept: &[Stretch], given_up: &[Stretch]) -> JoinedMemberships {
    let mut joined = JoinedMemberships::default();
    for stretch in given_up {
        let there: Vec<&Stretch> = kept.iter().filter(|own| own.says.association == stretch.says.association).collect();
        if !there.iter().any(|own| own.says.period.overlaps(&stretch.says.period)) {
            continue;
        }
        joined.retired.push(stretch.id);
        let taken: Vec<Period> = there.iter().map(|own| own.says.period).collect();
        for period in without(stretch.says.period, &taken) {
            let is_its_end = period.valid_to() == stretch.says.period.valid_to();
            let piece = Membership {
                period,
                // What goes on as another category ends as a change does.
                end_reason: if is_its_end { stretch.says.end_reason } else { Some(EndReason::Transfer) },
                ..stretch.says.clone()
            };
            join(&mut joined, &there, piece);
        }
    }
    joined
}

/// Adds a piece, as one with the kept stretches of its category that it touches.
fn join(joined: &mut JoinedMemberships, kept: &[&Stretch], piece: Membership) {
    let category = piece.category.clone();
    let mut whole = piece;
    for own in kept.iter().filter(|own| own.says.category == category) {
        // No piece overlaps a kept stretch: one that does is what the stretch has grown into.
        let is_grown =
            |added: &Membership| added.association == own.says.association && added.period.overlaps(&own.says.period);
        let grown = joined.added.iter().position(is_grown);
        let stands = grown.and_then(|at| joined.added.get(at)).unwrap_or(&own.says).clone();
        let (first, last) = if whole.period.valid_to() == Some(stands.period.valid_from()) {
            (&whole, &stands)
        } else if stands.period.valid_to() == Some(whole.period.valid_from()) {
            (&stands, &whole)
        } else {
            continue;
        };
        let Ok(period) = Period::new(first.period.valid_from(), last.period.valid_to()) else { continue };
        let end_reason = last.end_reason;
        whole = Membership { period, end_reason, application: stands.application, ..whole };
        if let Some(at) = grown {
            joined.added.swap_remove(at);
        }
        retire(joined, own.id);
    }
    joined.added.push(whole);
}

fn retire(joined: &mut JoinedMemberships, id: MembershipId) {
    if !joined.retired.contains(&id) {
        joined.retired.push(id);
    }
}

/// The days of `whole` that lie in none of `taken`, in order.
fn without(whole: Period, taken: &[Period]) -> Vec<Period> {
    let mut taken: Vec<Period> = taken.iter().copied().filter(|other| other.overlaps(&whole)).collect();
    taken.sort_by_key(Period::valid_from);
    let mut left = Vec::new();
    let mut from: Option<NaiveDate> = Some(whole.valid_from());
    for other in taken {
        let Some(since) = from else { break };
        if since < other.valid_from() {
            left.extend(Period::new(since, Some(other.valid_from())));
        }
        from = other.valid_to().map(|end| end.max(since));
    }
    if let Some(since) = from {
        left.extend(Period::new(since, whole.valid_to()));
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const NOWHERE: Uuid = Uuid::from_u128(1);

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(u64::from(number))
    }

    fn stretch(id: u128, from: u32, to: Option<u32>, category: &str) -> Stretch {
        Stretch {
            id: MembershipId::from_uuid(Uuid::from_u128(id)),
            says: Membership {
                association: AssociationId::from_uuid(NOWHERE),
                category: Some(category.to_owned()),
                period: Period::new(day(from), to.map(day)).unwrap(),
                end_reason: to.map(|_| EndReason::Withdrawal),
                application: None,
            },
        }
    }

    /// What is believed afterwards.
    fn believed(kept: &[Stretch], given_up: &[Stretch]) -> Vec<Membership> {
        let joined = join_memberships(kept, given_up);
        let stays = kept.iter().chain(given_up).filter(|stretch| !joined.retired.contains(&stretch.id));
        stays.map(|stretch| stretch.says.clone()).chain(joined.added.iter().cloned()).collect()
    }

    fn category_on(believed: &[Membership], at: NaiveDate) -> Option<String> {
        believed.iter().find(|said| said.period.contains(at)).and_then(|said| said.category.clone())
    }

    #[test]
    fn merge_3_an_earlier_beginning_of_the_same_category_makes_one_stretch() {
        let (kept, other) = ([stretch(1, 10, None, "B")], [stretch(2, 0, None, "B")]);
        let found = believed(&kept, &other);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].period, Period::open(day(0)));
        assert_eq!(found[0].end_reason, None);
    }

    #[test]
    fn merge_3_the_kept_record_s_category_holds_and_the_days_before_keep_the_other() {
        let (kept, other) = ([stretch(1, 10, None, "A1")], [stretch(2, 0, None, "B")]);
        let mut found = believed(&kept, &other);
        found.sort_by_key(|said| said.period.valid_from());
        assert_eq!(found[0].period, Period::new(day(0), Some(day(10))).unwrap());
        assert_eq!(found[0].end_reason, Some(EndReason::Transfer));
        assert_eq!(found[1].category.as_deref(), Some("A1"));
    }

    #[test]
    fn merge_3_what_fills_a_gap_joins_both_sides() {
        let kept = [stretch(1, 0, Some(10), "B"), stretch(2, 20, None, "B")];
        let found = believed(&kept, &[stretch(3, 5, Some(25), "B")]);
        assert_eq!(found.iter().map(|said| said.period).collect::<Vec<_>>(), [Period::open(day(0))]);
    }

    #[test]
    fn memberships_that_do_not_meet_stay_as_they_are() {
        let found = join_memberships(&[stretch(1, 0, Some(10), "B")], &[stretch(2, 10, None, "B")]);
        assert_eq!(found, JoinedMemberships::default());
    }

    /// Stretches one after another, with gaps.
    fn stretches(first_id: u128) -> impl Strategy<Value = Vec<Stretch>> {
        let one = (0_u32..6, 1_u32..8, prop::sample::select(vec!["A1", "B", "C"]));
        (prop::collection::vec(one, 0..4), any::<bool>()).prop_map(move |(parts, open)| {
            let (mut at, count) = (0, parts.len());
            let mut made = Vec::new();
            for (index, (gap, length, category)) in parts.into_iter().enumerate() {
                let from = at + gap;
                at = from + length;
                let to = if open && index + 1 == count { None } else { Some(at) };
                made.push(stretch(first_id + index as u128, from, to, category));
            }
            made
        })
    }

    proptest! {
        #[test]
        fn merge_3_every_day_says_what_the_kept_record_said_or_else_the_other(
            kept in stretches(1), given_up in stretches(100),
        ) {
            let found = believed(&kept, &given_up);
            let (own, others): (Vec<_>, Vec<_>) = (
                kept.iter().map(|stretch| stretch.says.clone()).collect(),
                given_up.iter().map(|stretch| stretch.says.clone()).collect(),
            );
            for at in (0..60).map(day) {
                prop_assert_eq!(category_on(&found, at), category_on(&own, at).or_else(|| category_on(&others, at)));
                prop_assert!(found.iter().filter(|said| said.period.contains(at)).count() <= 1, "no overlap");
            }
            for said in &found {
                prop_assert_eq!(said.period.valid_to().is_none(), said.end_reason.is_none(), "an end has a reason");
            }
        }
    }
}
