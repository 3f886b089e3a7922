use mamis_kernel::{AccountClass, AccountState, SuspensionReason, Tier};

/// The account's state allows no such step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IllegalTransition;

/// Takes an account from one state to another.
///
/// Rule ID-65 (provisional → active ⇄ suspended → closed, and nothing comes back from closed); source:
/// docs/rules/identity.md#id-65.
///
/// # Errors
/// [`IllegalTransition`] for every other step, standing still included.
pub const fn transition(from: AccountState, to: AccountState) -> Result<AccountState, IllegalTransition> {
    use AccountState::{Active, Closed, Provisional, Suspended};
    match (from, to) {
        (Provisional, Active)
        | (Active, Suspended)
        | (Suspended, Active)
        | (Provisional | Active | Suspended, Closed) => Ok(to),
        (Provisional | Active, Provisional | Active)
        | (Provisional, Suspended)
        | (Suspended, Suspended | Provisional)
        | (Closed, Provisional | Active | Suspended | Closed) => Err(IllegalTransition),
    }
}

/// Whether an association of this tier may lift what one of another tier imposed: only from the same height or above.
///
/// Rule ID-66; source: docs/rules/identity.md#id-66.
#[must_use]
pub fn may_lift(imposed_by: Option<Tier>, lifting: Tier) -> bool {
    imposed_by.is_none_or(|imposed_by| lifting >= imposed_by)
}

/// What befell a physician's memberships, as far as the account is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipEvent {
    /// A member again, or for the first time.
    Joined,
    /// No membership is left, by withdrawal or by moving away.
    LeftAll,
    /// No membership is left, the last one by expulsion.
    ExpelledFromAll,
    /// The physician died.
    Died,
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountStanding {
    /// Its state.
    pub state: AccountState,
    /// Its class.
    pub class: AccountClass,
    /// Why it is suspended, if it is.
    pub suspended_for: Option<SuspensionReason>,
}

/// What an account becomes by rule when memberships begin or end; the same when nothing is to be done.
///
/// Rule ID-67 (who leaves keeps an account for training, who is expelled is suspended, the account of the dead is closed);
/// source: docs/rules/identity.md#id-67.
#[must_use]
pub const fn account_after(before: AccountStanding, event: MembershipEvent) -> AccountStanding {
    let AccountStanding { state, class, suspended_for } = before;
    if matches!(state, AccountState::Closed) {
        return before;
    }
    let physicians = match class {
        AccountClass::Member | AccountClass::TrainingOnly => true,
        AccountClass::Clerk | AccountClass::Assistant => false,
    };
    match event {
        MembershipEvent::Died => AccountStanding { state: AccountState::Closed, class, suspended_for: None },
        MembershipEvent::Joined if physicians => match suspended_for {
            // What was suspended for having left has no reason any more.
            Some(SuspensionReason::LeftOrExpelled) => {
                AccountStanding { state: AccountState::Active, class: AccountClass::Member, suspended_for: None }
            }
            Some(SuspensionReason::Death | SuspensionReason::BreachOfTerms | SuspensionReason::NationalJudgement)
            | None => AccountStanding { class: AccountClass::Member, ..before },
        },
        MembershipEvent::LeftAll if physicians => AccountStanding { class: AccountClass::TrainingOnly, ..before },
        MembershipEvent::ExpelledFromAll if physicians => match state {
            AccountState::Active => AccountStanding {
                state: AccountState::Suspended,
                class: AccountClass::TrainingOnly,
                suspended_for: Some(SuspensionReason::LeftOrExpelled),
            },
            AccountState::Provisional | AccountState::Suspended | AccountState::Closed => {
                AccountStanding { class: AccountClass::TrainingOnly, ..before }
            }
        },
        MembershipEvent::Joined | MembershipEvent::LeftAll | MembershipEvent::ExpelledFromAll => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AccountState::{Active, Closed, Provisional, Suspended};

    #[test]
    fn id_65_accounts_go_forward_and_come_back_from_suspension_alone() {
        let allowed = [
            (Provisional, Active),
            (Provisional, Closed),
            (Active, Suspended),
            (Active, Closed),
            (Suspended, Active),
            (Suspended, Closed),
        ];
        for from in AccountState::ALL {
            for to in AccountState::ALL {
                assert_eq!(transition(*from, *to).is_ok(), allowed.contains(&(*from, *to)), "{from} to {to}");
            }
        }
    }

    #[test]
    fn id_66_what_the_nation_imposed_no_prefecture_lifts() {
        assert!(!may_lift(Some(Tier::National), Tier::Prefectural));
        assert!(may_lift(Some(Tier::Prefectural), Tier::National));
        assert!(may_lift(Some(Tier::District), Tier::District));
        assert!(may_lift(None, Tier::District), "what the rule imposed, whoever answers for the person lifts");
    }

    #[test]
    fn id_67_leaving_keeps_training_expulsion_suspends_death_closes_and_joining_brings_back() {
        let member = AccountStanding { state: Active, class: AccountClass::Member, suspended_for: None };
        let left = account_after(member, MembershipEvent::LeftAll);
        assert_eq!(left, AccountStanding { class: AccountClass::TrainingOnly, ..member });
        let expelled = account_after(member, MembershipEvent::ExpelledFromAll);
        assert_eq!(
            (expelled.state, expelled.class, expelled.suspended_for),
            (Suspended, AccountClass::TrainingOnly, Some(SuspensionReason::LeftOrExpelled))
        );
        assert_eq!(account_after(left, MembershipEvent::Joined), member);
        assert_eq!(account_after(expelled, MembershipEvent::Joined), member);
        for before in [member, left, expelled, AccountStanding { state: Provisional, ..member }] {
            let dead = account_after(before, MembershipEvent::Died);
            assert_eq!(dead.state, Closed);
            assert_eq!(account_after(dead, MembershipEvent::Joined), dead, "nothing comes back from closed");
        }
        let judged = AccountStanding {
            state: Suspended,
            class: AccountClass::Member,
            suspended_for: Some(SuspensionReason::NationalJudgement),
        };
        assert_eq!(account_after(judged, MembershipEvent::Joined), judged, "a judgement outlives a new membership");
        let clerk = AccountStanding { class: AccountClass::Clerk, ..member };
        assert_eq!(account_after(clerk, MembershipEvent::LeftAll), clerk);
        let again = account_after(left, MembershipEvent::LeftAll);
        assert_eq!(again, left, "twice is once");
    }
}
