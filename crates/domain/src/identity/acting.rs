//! Acting for somebody: a clerk on behalf of a physician, an assistant under a physician's delegation.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use mamis_kernel::{
    AccountId, ActingKind, AssociationId, DelegationId, DelegationScope, DelegationState, OnBehalfId, PersonId, Role,
    SessionId, codes,
};
use uuid::Uuid;

use super::{Actor, Denied, Permit};

/// How long a clerk may act for a physician on one reason (ID-31).
pub const ON_BEHALF_MINUTES: i64 = 60;
/// How long an invitation may be accepted (ID-35).
const INVITATION_DAYS: i64 = 7;

codes! {
    /// What can be done about acting itself.
    ActingAction {
        /// Begin to act on behalf of a physician.
        Begin => "begin_on_behalf",
        /// End it.
        End => "end_on_behalf",
        /// Invite an assistant.
        Invite => "invite_assistant",
        /// Take up an invitation.
        Accept => "accept_invitation",
        /// Take a delegation back, or give it up.
        Revoke => "revoke_delegation",
    }
}

/// For whom somebody acts, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The physician.
    pub person: PersonId,
    /// What allows it.
    pub basis: Basis,
}

/// What allows somebody to act for a physician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A clerk's grant, with a reason and an end.
    OnBehalf {
        /// Which.
        grant: OnBehalfId,
        /// As clerk of which association.
        association: AssociationId,
        /// When it ends by itself.
        ends_at: DateTime<Utc>,
    },
    /// The physician's own delegation.
    Delegation {
        /// Which.
        id: DelegationId,
        /// What it allows.
        scopes: Vec<DelegationScope>,
        /// The last day.
        ends_on: NaiveDate,
    },
}

impl Acting {
    /// Whether the basis allows it. A clerk helps with everything the physician could do on the screens; an assistant does
    /// what was ticked, and reads what there is to work on.
    ///
    /// Rule ID-34; source: docs/rules/identity.md#id-34.
    #[must_use]
    pub fn allows(&self, wanted: DelegationScope) -> bool {
        match &self.basis {
            Basis::OnBehalf { .. } => true,
            Basis::Delegation { scopes, .. } => match wanted {
                DelegationScope::View => scopes.iter().any(|scope| *scope != DelegationScope::Training),
                DelegationScope::Training | DelegationScope::Draft | DelegationScope::Submit => {
                    scopes.contains(&wanted)
                }
            },
        }
    }

    /// As clerk of which association.
    #[must_use]
    pub const fn as_clerk_of(&self) -> Option<AssociationId> {
        match &self.basis {
            Basis::OnBehalf { association, .. } => Some(*association),
            Basis::Delegation { .. } => None,
        }
    }

    /// What the header named.
    #[must_use]
    pub const fn id(&self) -> ActingId {
        match &self.basis {
            Basis::OnBehalf { grant, .. } => ActingId::OnBehalf(*grant),
            Basis::Delegation { id, .. } => ActingId::Delegation(*id),
        }
    }

    /// In which of the two ways.
    #[must_use]
    pub const fn kind(&self) -> ActingKind {
        match &self.basis {
            Basis::OnBehalf { .. } => ActingKind::OnBehalf,
            Basis::Delegation { .. } => ActingKind::Assistant,
        }
    }
}

/// What the header names: a clerk's grant or an assistant's delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActingId {
    /// `obo_…`
    OnBehalf(OnBehalfId),
    /// `dlg_…`
    Delegation(DelegationId),
}

impl ActingId {
    /// As the audit names it.
    #[must_use]
    pub const fn subject(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::OnBehalf(id) => ("on_behalf_grant", Some(id.uuid())),
            Self::Delegation(id) => ("delegation", Some(id.uuid())),
        }
    }
}

impl FromStr for ActingId {
    type Err = mamis_kernel::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::OnBehalf).or_else(|_| text.parse().map(Self::Delegation))
    }
}

impl fmt::Display for ActingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnBehalf(id) => id.fmt(f),
            Self::Delegation(id) => id.fmt(f),
        }
    }
}

/// A clerk's stretch of acting for a physician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBehalfGrant {
    /// Which.
    pub id: OnBehalfId,
    /// The clerk's account.
    pub account: AccountId,
    /// The log-in it was begun in.
    pub session: SessionId,
    /// As clerk of which association.
    pub association: AssociationId,
    /// For whom.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When the clerk ended it before.
    pub ended_at: Option<DateTime<Utc>>,
}

impl OnBehalfGrant {
    /// What the actor may act on by this grant; `association_sees` says whether the association still has to do with the
    /// person.
    ///
    /// Rule ID-31 (the same clerk in the same log-in, still operator there, within the hour); source:
    /// docs/rules/identity.md#id-31.
    #[must_use]
    pub fn acting(&self, actor: &Actor, association_sees: bool, now: DateTime<Utc>) -> Option<Acting> {
        let same_hand = self.account == actor.account && self.session == actor.session;
        let open = self.ended_at.is_none() && now < self.ends_at;
        let still_clerk = actor.is_clerk(self.association, Role::Operator);
        let basis = Basis::OnBehalf { grant: self.id, association: self.association, ends_at: self.ends_at };
        (same_hand && open && still_clerk && association_sees).then_some(Acting { person: self.person, basis })
    }

    /// When it was or will be over.
    #[must_use]
    pub fn over_at(&self) -> DateTime<Utc> {
        self.ended_at.unwrap_or(self.ends_at)
    }
}

/// Decides whether the actor may begin to act for the person, and as clerk of which association. `seeing` are the
/// associations that the person's record is open to.
///
/// Rule ID-31 (operators and above, of an association of the person's own); source: docs/rules/identity.md#id-31.
///
/// # Errors
/// [`Denied::Hidden`] to those whose associations have nothing to do with the person, [`Denied::Forbidden`] to viewers.
pub fn authorize_on_behalf(
    actor: &Actor,
    person: PersonId,
    seeing: &[AssociationId],
) -> Result<(Permit<ActingAction>, AssociationId), Denied> {
    if actor.speaks_for() == Some(person) {
        return Err(Denied::Forbidden);
    }
    let own = || seeing.iter().copied().filter(|association| actor.is_clerk(*association, Role::Viewer));
    match own().find(|association| actor.is_clerk(*association, Role::Operator)) {
        Some(association) => Ok((Permit::grant(actor, ActingAction::Begin, Some(association)), association)),
        None if own().next().is_some() => Err(Denied::Forbidden),
        None => Err(Denied::Hidden),
    }
}

/// What a physician lets one assistant do, until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Which.
    pub id: DelegationId,
    /// The physician.
    pub person: PersonId,
    /// The physician's account.
    pub invited_by: AccountId,
    /// The assistant's account, once the invitation was accepted.
    pub account: Option<AccountId>,
    /// What the physician calls the assistant.
    pub assistant_name: String,
    /// Where the invitation went; without one the code was handed over.
    pub email: Option<String>,
    /// What it allows.
    pub scopes: Vec<DelegationScope>,
    /// The last day.
    pub ends_on: NaiveDate,
    /// When the assistant was invited.
    pub invited_at: DateTime<Utc>,
    /// Until when the invitation can be accepted.
    pub invitation_expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was taken back or given up.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Delegation {
    /// Where it stands.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, today: NaiveDate) -> DelegationState {
        if self.revoked_at.is_some() {
            DelegationState::Revoked
        } else if self.ends_on < today {
            DelegationState::Ended
        } else if self.accepted_at.is_some() {
            DelegationState::Active
        } else if self.invitation_expires_at <= now {
            DelegationState::InvitationExpired
        } else {
            DelegationState::Invited
        }
    }

    /// What the actor may act on by it; `physician_active` says whether the physician's account is in use.
    ///
    /// Rule ID-36 (revoked, over, or the physician's account not in use: nothing any more); source:
    /// docs/rules/identity.md#id-36.
    #[must_use]
    pub fn acting(
        &self,
        actor: &Actor,
        physician_active: bool,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Option<Acting> {
        let holds = self.account == Some(actor.account) && self.state(now, today) == DelegationState::Active;
        let basis = Basis::Delegation { id: self.id, scopes: self.scopes.clone(), ends_on: self.ends_on };
        (holds && physician_active).then_some(Acting { person: self.person, basis })
    }
}

/// Decides about delegations: a physician invites for the own person alone.
///
/// # Errors
/// [`Denied::Forbidden`] to everybody else, those who act for a physician included (ID-32).
pub fn authorize_delegation(actor: &Actor, action: ActingAction) -> Result<(Permit<ActingAction>, PersonId), Denied> {
    let own = actor.speaks_for().filter(|_| actor.acting.is_none());
    own.map(|person| (Permit::grant(actor, action, None), person)).ok_or(Denied::Forbidden)
}

impl Permit<ActingAction> {
    /// Of the one who holds the delegation, the invitation's code, or the grant: the proof is what was shown.
    #[must_use]
    pub const fn holder(account: AccountId, action: ActingAction) -> Self {
        Self::of_account(account, action)
    }
}

/// Until when an invitation can be accepted.
#[must_use]
pub fn invitation_expires_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::days(INVITATION_DAYS)
}

/// The last day that a delegation may be given for: a year from today at most (ID-35).
#[must_use]
pub fn last_day_allowed(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(12)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        account, actor_assistant, actor_clerk, actor_on_behalf, actor_physician, association, person,
    };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn grant(clerk: &Actor) -> OnBehalfGrant {
        OnBehalfGrant {
            id: OnBehalfId::from_uuid(Uuid::from_u128(1)),
            account: clerk.account,
            session: clerk.session,
            association: association(1),
            person: person(1),
            reason: "電話での依頼".to_owned(),
            started_at: at(0),
            ends_at: at(60),
            ended_at: None,
        }
    }

    #[test]
    fn id_31_an_operator_of_an_association_of_the_person_may_begin() {
        let seeing = [association(1), association(2)];
        for (place, role, expected) in [
            (1, Role::Operator, Ok(association(1))),
            (2, Role::Administrator, Ok(association(2))),
            (1, Role::Viewer, Err(Denied::Forbidden)),
            (3, Role::Administrator, Err(Denied::Hidden)),
        ] {
            let clerk = actor_clerk(association(place), role);
            let answer = authorize_on_behalf(&clerk, person(1), &seeing).map(|(_, association)| association);
            assert_eq!(answer, expected, "{role} of {place}");
        }
        let own = actor_physician(person(1));
        assert_eq!(authorize_on_behalf(&own, person(1), &seeing).map(|_| ()), Err(Denied::Forbidden));
        let already = actor_on_behalf(association(1), person(2));
        assert_eq!(authorize_on_behalf(&already, person(1), &seeing).map(|_| ()), Err(Denied::Hidden));
    }

    #[test]
    fn id_31_it_holds_for_that_clerk_in_that_log_in_within_the_hour_and_while_the_basis_is_there() {
        let clerk = actor_clerk(association(1), Role::Operator);
        let grant = grant(&clerk);
        assert!(grant.acting(&clerk, true, at(59)).is_some());
        assert!(grant.acting(&clerk, true, at(60)).is_none(), "the hour is over");
        assert!(grant.acting(&clerk, false, at(1)).is_none(), "the association has nothing to do with the person");
        let another = Actor { account: account(9), ..clerk.clone() };
        assert!(grant.acting(&another, true, at(1)).is_none(), "another account");
        let elsewhere = Actor { session: SessionId::from_uuid(Uuid::from_u128(9)), ..clerk.clone() };
        assert!(grant.acting(&elsewhere, true, at(1)).is_none(), "another log-in");
        let demoted = actor_clerk(association(1), Role::Viewer);
        assert!(grant.acting(&demoted, true, at(1)).is_none(), "no operator any more");
        let ended = OnBehalfGrant { ended_at: Some(at(5)), ..grant };
        assert!(ended.acting(&clerk, true, at(6)).is_none(), "ended");
        assert_eq!(ended.over_at(), at(5));
    }

    fn delegation(assistant: &Actor) -> Delegation {
        Delegation {
            id: DelegationId::from_uuid(Uuid::from_u128(1)),
            person: person(1),
            invited_by: account(1),
            account: Some(assistant.account),
            assistant_name: "山田".to_owned(),
            email: None,
            scopes: vec![DelegationScope::Draft],
            ends_on: NaiveDate::default(),
            invited_at: at(0),
            invitation_expires_at: invitation_expires_at(at(0)),
            accepted_at: Some(at(1)),
            revoked_at: None,
        }
    }

    #[test]
    fn id_36_a_delegation_holds_until_its_last_day_unless_it_was_taken_back() {
        let assistant = actor_physician(person(9));
        let given = delegation(&assistant);
        let (today, tomorrow) = (given.ends_on, given.ends_on.succ_opt().unwrap());
        let acting = |given: &Delegation, active, day| given.acting(&assistant, active, at(2), day).is_some();
        assert!(acting(&given, true, today));
        assert!(!acting(&given, true, tomorrow));
        assert!(!acting(&given, false, today));
        assert!(!acting(&Delegation { revoked_at: Some(at(2)), ..given.clone() }, true, today));
        assert!(!acting(&Delegation { accepted_at: None, ..given.clone() }, true, today));
        assert!(!acting(&Delegation { account: Some(account(8)), ..given.clone() }, true, today));
        assert_eq!(
            Delegation { accepted_at: None, ..given }.state(at(7 * 24 * 60), today),
            DelegationState::InvitationExpired
        );
    }

    #[test]
    fn id_34_drafting_and_filing_bring_reading_and_training_does_not() {
        let allowed = |scopes: &[DelegationScope]| {
            let actor = actor_assistant(person(1), scopes);
            DelegationScope::ALL.iter().map(|scope| actor.acting_allows(*scope)).collect::<Vec<_>>()
        };
        use DelegationScope::{Draft, Submit, Training, View};
        assert_eq!(allowed(&[View]), [true, false, false, false]);
        assert_eq!(allowed(&[Training]), [false, true, false, false]);
        assert_eq!(allowed(&[Draft]), [true, false, true, false]);
        assert_eq!(allowed(&[Submit]), [true, false, false, true]);
    }

    #[test]
    fn id_32_nobody_invites_while_acting_and_nobody_without_a_person() {
        let invite = |actor: &Actor| authorize_delegation(actor, ActingAction::Invite).map(|(_, person)| person);
        assert_eq!(invite(&actor_physician(person(1))), Ok(person(1)));
        assert_eq!(invite(&actor_assistant(person(1), DelegationScope::ALL)), Err(Denied::Forbidden));
        assert_eq!(invite(&actor_on_behalf(association(1), person(1))), Err(Denied::Forbidden));
        assert_eq!(invite(&actor_clerk(association(1), Role::Administrator)), Err(Denied::Forbidden));
    }

    #[test]
    fn id_35_a_year_is_the_longest() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(last_day_allowed(day("2026-11-23")), day("2027-11-23"));
        assert_eq!(last_day_allowed(day("2028-02-29")), day("2029-02-28"));
    }

    #[test]
    fn the_header_names_either_kind() {
        for text in ["obo_0190a6f2c1e07a3b9d4e5f60718293a4", "dlg_0190a6f2c1e07a3b9d4e5f60718293a4"] {
            assert_eq!(text.parse::<ActingId>().unwrap().to_string(), text);
        }
        assert!("per_0190a6f2c1e07a3b9d4e5f60718293a4".parse::<ActingId>().is_err());
    }
}
