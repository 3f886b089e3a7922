//! Who may do what to a case, as data. Printed as docs/authz-matrix.md and compared by a test.

use mamis_kernel::{AssociationId, DelegationScope, Role, StepState, codes};

use super::{Applicant, Application, ApplicationState};
use crate::identity::{Actor, Denied, Permit};

codes! {
    /// What can be done to a case.
    WorkflowAction {
        /// Begin a draft about oneself.
        Create => "create",
        /// See it.
        Read => "read",
        /// Change a draft or correct a returned case.
        Save => "save",
        /// File it, or send it again.
        Submit => "submit",
        /// Take it back.
        Retract => "retract",
        /// Agree as the association whose turn it is.
        Approve => "approve",
        /// Send it back as the association whose turn it is.
        Return => "return",
        /// Refuse it as the association whose turn it is.
        Reject => "reject",
    }
}

codes! {
    /// What an actor is to a case.
    Relation {
        /// The physician it is about.
        Applicant => "applicant",
        /// A clerk of any role, of an association on the route of a filed case.
        ClerkOnRoute => "clerk_on_route",
        /// An approver of an association on the route.
        ApproverOnRoute => "approver_on_route",
        /// An approver of the association whose turn it is; of any on the route when it is nobody's turn, so that the
        /// rules, not the policy, say that the case has ended.
        ApproverOfCurrentStep => "approver_of_current_step",
    }
}

/// Who may do what to an application.
pub const GRANTS: &[(WorkflowAction, &[Relation])] = &[
    (WorkflowAction::Create, &[Relation::Applicant]),
    (WorkflowAction::Read, &[Relation::Applicant, Relation::ClerkOnRoute]),
    (WorkflowAction::Save, &[Relation::Applicant]),
    (WorkflowAction::Submit, &[Relation::Applicant]),
    (WorkflowAction::Retract, &[Relation::Applicant]),
    (WorkflowAction::Approve, &[Relation::ApproverOfCurrentStep]),
    (WorkflowAction::Return, &[Relation::ApproverOfCurrentStep]),
    (WorkflowAction::Reject, &[Relation::ApproverOfCurrentStep]),
];

/// What an assistant must be allowed for it (ID-34); deciding is never done for somebody else.
#[must_use]
pub const fn scope_needed(action: WorkflowAction) -> Option<DelegationScope> {
    match action {
        WorkflowAction::Read => Some(DelegationScope::View),
        WorkflowAction::Create | WorkflowAction::Save => Some(DelegationScope::Draft),
        WorkflowAction::Submit | WorkflowAction::Retract => Some(DelegationScope::Submit),
        WorkflowAction::Approve | WorkflowAction::Return | WorkflowAction::Reject => None,
    }
}

/// What a policy needs to know of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// Whom it is about.
    pub applicant: Applicant,
    /// The associations on its route, once it has been filed.
    pub route: Vec<AssociationId>,
    /// Whose turn it is.
    pub current: Option<AssociationId>,
}

impl CaseFacts {
    /// A case about this applicant that nobody has seen yet.
    #[must_use]
    pub fn new(applicant: impl Into<Applicant>) -> Self {
        Self { applicant: applicant.into(), route: Vec::new(), current: None }
    }

    fn relations_of(&self, actor: &Actor) -> Vec<Relation> {
        let mut held = Vec::new();
        if self.applicant.is(actor) {
            held.push(Relation::Applicant);
        }
        let on_route = |role| self.route.iter().any(|association| actor.is_clerk(*association, role));
        if on_route(Role::Viewer) {
            held.push(Relation::ClerkOnRoute);
        }
        if on_route(Role::Approver) {
            held.push(Relation::ApproverOnRoute);
        }
        let turn = match self.current {
            Some(current) => actor.is_clerk(current, Role::Approver),
            None => on_route(Role::Approver),
        };
        if turn {
            held.push(Relation::ApproverOfCurrentStep);
        }
        held
    }

    /// As whose clerk the actor acts, for the audit.
    fn acting_association(&self, actor: &Actor) -> Option<AssociationId> {
        if self.applicant.is(actor) {
            return None;
        }
        let clerk = |association: &AssociationId| actor.is_clerk(*association, Role::Viewer);
        self.current.filter(clerk).or_else(|| self.route.iter().copied().find(clerk))
    }
}

impl Application {
    /// What the policy needs to know. A draft, and a draft taken back, are the physician's own affair.
    #[must_use]
    pub fn facts(&self) -> CaseFacts {
        let filed = self.submitted_at.is_some();
        CaseFacts {
            applicant: self.applicant,
            route: if filed { self.steps.iter().map(|step| step.association).collect() } else { Vec::new() },
            current: self.open_step().map(|step| step.association),
        }
    }
}

/// Decides whether the actor may.
///
/// # Errors
/// [`Denied::Hidden`] to those who have nothing to do with the case, [`Denied::NotYourStep`] to approvers whose turn it
/// is not, [`Denied::Forbidden`] to others.
pub fn authorize(actor: &Actor, action: WorkflowAction, facts: &CaseFacts) -> Result<Permit<WorkflowAction>, Denied> {
    let held = facts.relations_of(actor);
    let allowed = actor.acting.is_none() || scope_needed(action).is_some_and(|scope| actor.acting_allows(scope));
    let granted = allowed && GRANTS.iter().any(|(a, any_of)| *a == action && any_of.iter().any(|r| held.contains(r)));
    if granted {
        return Ok(Permit::grant(actor, action, facts.acting_association(actor)));
    }
    Err(match action {
        _ if held.is_empty() => Denied::Hidden,
        WorkflowAction::Approve | WorkflowAction::Return | WorkflowAction::Reject
            if held.contains(&Relation::ApproverOnRoute) =>
        {
            Denied::NotYourStep
        }
        WorkflowAction::Create
        | WorkflowAction::Read
        | WorkflowAction::Save
        | WorkflowAction::Submit
        | WorkflowAction::Retract
        | WorkflowAction::Approve
        | WorkflowAction::Return
        | WorkflowAction::Reject => Denied::Forbidden,
    })
}

/// What the actor may do with the case now, for the screen's buttons: the policy and the state together.
#[must_use]
pub fn allowed_actions(actor: &Actor, case: &Application) -> Vec<WorkflowAction> {
    let facts = case.facts();
    let possible: &[WorkflowAction] = match case.state {
        ApplicationState::Draft => &[WorkflowAction::Save, WorkflowAction::Submit, WorkflowAction::Retract],
        ApplicationState::Returned if case.has_an_approval() => &[WorkflowAction::Save, WorkflowAction::Submit],
        ApplicationState::Returned => &[WorkflowAction::Save, WorkflowAction::Submit, WorkflowAction::Retract],
        ApplicationState::InReview if case.has_an_approval() => {
            &[WorkflowAction::Approve, WorkflowAction::Return, WorkflowAction::Reject]
        }
        ApplicationState::InReview => {
            &[WorkflowAction::Retract, WorkflowAction::Approve, WorkflowAction::Return, WorkflowAction::Reject]
        }
        ApplicationState::Completed { .. } | ApplicationState::Rejected | ApplicationState::Retracted => &[],
    };
    possible.iter().copied().filter(|action| authorize(actor, *action, &facts).is_ok()).collect()
}

/// Whether a step in this state belongs to the association's work list as one to be decided.
#[must_use]
pub const fn is_to_be_decided(state: StepState) -> bool {
    matches!(state, StepState::Open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{actor_assistant, actor_clerk, actor_on_behalf, actor_physician, association, person};

    fn facts() -> CaseFacts {
        CaseFacts {
            applicant: person(1).into(),
            route: vec![association(1), association(2), association(3)],
            current: Some(association(2)),
        }
    }

    fn answer(actor: &Actor, action: WorkflowAction) -> Result<(), Denied> {
        authorize(actor, action, &facts()).map(|_| ())
    }

    #[test]
    fn every_action_has_a_row() {
        for action in WorkflowAction::ALL {
            assert_eq!(GRANTS.iter().filter(|(a, _)| a == action).count(), 1, "{action}");
        }
    }

    #[test]
    fn the_prefecture_decides_when_it_is_its_turn_and_nobody_else() {
        use Role::{Administrator, Approver, Operator, Viewer};
        for (place, role, expected) in [
            (2, Approver, Ok(())),
            (2, Administrator, Ok(())),
            (2, Operator, Err(Denied::Forbidden)),
            (2, Viewer, Err(Denied::Forbidden)),
            (1, Approver, Err(Denied::NotYourStep)),
            (3, Approver, Err(Denied::NotYourStep)),
            (1, Viewer, Err(Denied::Forbidden)),
            (9, Administrator, Err(Denied::Hidden)),
        ] {
            let clerk = actor_clerk(association(place), role);
            assert_eq!(answer(&clerk, WorkflowAction::Approve), expected, "{role} of {place}");
        }
    }

    #[test]
    fn the_physician_files_and_takes_back_but_never_decides() {
        let own = actor_physician(person(1));
        assert_eq!(answer(&own, WorkflowAction::Retract), Ok(()));
        assert_eq!(answer(&own, WorkflowAction::Approve), Err(Denied::Forbidden));
        let other = actor_physician(person(2));
        for action in WorkflowAction::ALL {
            assert_eq!(answer(&other, *action), Err(Denied::Hidden), "{action}");
        }
    }

    #[test]
    fn a_clerk_sees_cases_of_the_route_alone_and_drafts_never() {
        assert_eq!(answer(&actor_clerk(association(3), Role::Viewer), WorkflowAction::Read), Ok(()));
        assert_eq!(answer(&actor_clerk(association(4), Role::Viewer), WorkflowAction::Read), Err(Denied::Hidden));
        let draft = CaseFacts::new(person(1));
        let clerk = actor_clerk(association(1), Role::Administrator);
        assert_eq!(authorize(&clerk, WorkflowAction::Read, &draft).map(|_| ()), Err(Denied::Hidden));
    }

    #[test]
    fn id_34_an_assistant_does_what_the_scope_says_for_that_physician_alone() {
        use DelegationScope::{Draft, Submit, Training, View};
        let actions = [WorkflowAction::Read, WorkflowAction::Save, WorkflowAction::Submit, WorkflowAction::Approve];
        for (scope, expected) in [
            (View, [true, false, false, false]),
            (Training, [false, false, false, false]),
            (Draft, [true, true, false, false]),
            (Submit, [true, false, true, false]),
        ] {
            let assistant = actor_assistant(person(1), &[scope]);
            let answers = actions.map(|action| answer(&assistant, action));
            assert_eq!(answers.map(|answer| answer.is_ok()), expected, "{scope}");
            assert!(answers.iter().all(|answer| *answer != Err(Denied::Hidden)), "{scope}");
            let others = actor_assistant(person(2), &[scope]);
            assert!(actions.iter().all(|action| answer(&others, *action) == Err(Denied::Hidden)), "{scope}");
        }
    }

    #[test]
    fn id_30_a_clerk_on_behalf_files_but_does_not_decide_with_the_own_role() {
        let clerk = actor_on_behalf(association(2), person(1));
        assert_eq!(answer(&clerk, WorkflowAction::Submit), Ok(()));
        assert_eq!(answer(&clerk, WorkflowAction::Approve), Err(Denied::Forbidden));
        let permit = authorize(&clerk, WorkflowAction::Submit, &facts()).unwrap();
        assert_eq!((permit.on_behalf_of(), permit.as_clerk_of()), (Some(person(1)), Some(association(2))));
    }

    #[test]
    fn the_permit_says_as_whose_clerk_it_was() {
        let clerk = actor_clerk(association(2), Role::Approver);
        let permit = authorize(&clerk, WorkflowAction::Approve, &facts()).unwrap();
        assert_eq!((permit.by_account(), permit.as_clerk_of()), (Some(clerk.account), Some(association(2))));
    }
}
