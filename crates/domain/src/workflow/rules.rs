//! How a case moves. Every function takes the case and gives the case that follows; what happened stands at the end of its
//! `events`.

use chrono::{DateTime, NaiveDate, Utc};
use mamis_kernel::{AccountId, ApplicationId, AssociationId, FieldErrorCode, StepKind, StepState};

use super::{
    Applicant, Application, ApplicationState, CaseEvent, CaseEventKind, Change, Decision, FieldComment, FieldFault,
    Step, WorkflowError,
};

/// Whose hand, when.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    /// The account.
    pub account: AccountId,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Begins a draft. What comes from outside is asked with [`suits`] before.
#[must_use]
pub fn draft(id: ApplicationId, applicant: impl Into<Applicant>, changes: Vec<Change>, hand: Hand) -> Application {
    Application {
        id,
        number: None,
        applicant: applicant.into(),
        filed_by: hand.account,
        state: ApplicationState::Draft,
        changes,
        attachments: Vec::new(),
        steps: Vec::new(),
        events: vec![CaseEvent::plain(CaseEventKind::Created, hand.at, hand.account)],
        created_at: hand.at,
        submitted_at: None,
        concluded_at: None,
    }
}

/// Who is no person of the registry yet asks for an account, and for nothing else; who is one has an account.
///
/// Rule W-24; source: docs/rules/workflow.md#w-24.
///
/// # Errors
/// [`WorkflowError::InvalidFields`] when the changes ask for what this applicant cannot ask for.
pub fn suits(applicant: Applicant, changes: &[Change]) -> Result<(), WorkflowError> {
    let wanted = match applicant {
        Applicant::Person(_) => false,
        Applicant::Account { .. } => true,
    };
    let unsuited = changes.iter().enumerate().filter(|(_, change)| change.kind().makes_its_applicant() != wanted);
    let faults: Vec<_> = unsuited
        .map(|(index, _)| FieldFault::new(format!("/changes/{index}/kind"), FieldErrorCode::Conflicting))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(WorkflowError::InvalidFields(faults)) }
}

/// Whether the applicant may change the case now, its files included (W-20).
///
/// # Errors
/// [`WorkflowError::WrongState`] while associations have the case, or after its end.
pub const fn editable(case: &Application) -> Result<(), WorkflowError> {
    match case.state {
        ApplicationState::Draft | ApplicationState::Returned => Ok(()),
        ApplicationState::InReview
        | ApplicationState::Completed { .. }
        | ApplicationState::Rejected
        | ApplicationState::Retracted => Err(WorkflowError::WrongState),
    }
}

/// Replaces what a draft or a returned case says. Nothing is judged yet: drafts may be unfinished.
///
/// # Errors
/// [`WorkflowError::WrongState`] while associations have the case, or after its end; [`suits`].
pub fn save(case: Application, changes: Vec<Change>) -> Result<Application, WorkflowError> {
    editable(&case)?;
    suits(case.applicant, &changes)?;
    Ok(Application { changes, ..case })
}

/// Files a draft under its receipt number along the planned steps, or sends a corrected case again.
///
/// Rules W-1 (the first step opens), W-2 (a corrected case goes on at the step that returned it, earlier approvals kept,
/// unless the correction changes the route); source: docs/rules/workflow.md#w-2.
///
/// # Errors
/// [`WorkflowError::WrongState`] outside draft and returned; [`WorkflowError::NoRoute`] without steps.
pub fn submit(
    mut case: Application,
    number: String,
    planned: Vec<Step>,
    hand: Hand,
) -> Result<Application, WorkflowError> {
    let kind = match case.state {
        ApplicationState::Draft => CaseEventKind::Submitted,
        ApplicationState::Returned => CaseEventKind::Corrected,
        ApplicationState::InReview
        | ApplicationState::Completed { .. }
        | ApplicationState::Rejected
        | ApplicationState::Retracted => return Err(WorkflowError::WrongState),
    };
    let same_route = case.steps.len() == planned.len()
        && case.steps.iter().zip(&planned).all(|(old, new)| old.association == new.association && old.kind == new.kind);
    if !same_route {
        case.steps = planned;
    }
    let next = case.steps.iter_mut().find(|step| step.state != StepState::Approved).ok_or(WorkflowError::NoRoute)?;
    (next.state, next.opened_at, next.decision) = (StepState::Open, Some(hand.at), None);
    case.state = ApplicationState::InReview;
    case.number.get_or_insert(number);
    case.submitted_at.get_or_insert(hand.at);
    case.events.push(CaseEvent::plain(kind, hand.at, hand.account));
    Ok(case)
}

/// Approves the open step: the case climbs to the next, or concludes at the top of its route.
///
/// Rules W-1 (steps are decided in order, once each), W-11 (who, when, with what words); source:
/// docs/rules/workflow.md#w-1.
///
/// # Errors
/// [`WorkflowError::WrongState`] when no step is open.
pub fn approve(
    mut case: Application,
    effective_date: NaiveDate,
    comment: Option<String>,
    hand: Hand,
) -> Result<Application, WorkflowError> {
    let association = decide(&mut case, StepState::Approved, Some(effective_date), hand)?;
    case.events.push(CaseEvent {
        association: Some(association),
        effective_date: Some(effective_date),
        comment,
        ..CaseEvent::plain(CaseEventKind::Approved, hand.at, hand.account)
    });
    open_next(&mut case, hand);
    if case.open_step().is_none() {
        case.state = ApplicationState::Completed { effective_date };
        case.concluded_at = Some(hand.at);
        case.events.push(CaseEvent {
            effective_date: Some(effective_date),
            ..CaseEvent::plain(CaseEventKind::Completed, hand.at, hand.account)
        });
    }
    Ok(case)
}

/// Sends the case back to the physician with comments on fields (W-2). The route below sees it too (W-3).
///
/// # Errors
/// [`WorkflowError::WrongState`] when no step is open.
pub fn send_back(
    mut case: Application,
    reason: String,
    field_comments: Vec<FieldComment>,
    hand: Hand,
) -> Result<Application, WorkflowError> {
    let association = decide(&mut case, StepState::Returned, None, hand)?;
    case.state = ApplicationState::Returned;
    case.events.push(CaseEvent {
        association: Some(association),
        comment: Some(reason),
        field_comments,
        ..CaseEvent::plain(CaseEventKind::Returned, hand.at, hand.account)
    });
    Ok(case)
}

/// Refuses the case; the steps behind are not asked any more.
///
/// # Errors
/// [`WorkflowError::WrongState`] when no step is open.
pub fn reject(mut case: Application, reason: String, hand: Hand) -> Result<Application, WorkflowError> {
    let association = decide(&mut case, StepState::Rejected, None, hand)?;
    skip_the_rest(&mut case);
    case.state = ApplicationState::Rejected;
    case.concluded_at = Some(hand.at);
    case.events.push(CaseEvent {
        association: Some(association),
        comment: Some(reason),
        ..CaseEvent::plain(CaseEventKind::Rejected, hand.at, hand.account)
    });
    Ok(case)
}

/// Takes the case back.
///
/// Rule W-4 (the submitter may, until the first step is approved); source: docs/rules/workflow.md#w-4.
///
/// # Errors
/// [`WorkflowError::AlreadyApproved`] after an approval; [`WorkflowError::WrongState`] after the end.
pub fn retract(mut case: Application, reason: Option<String>, hand: Hand) -> Result<Application, WorkflowError> {
    match case.state {
        ApplicationState::Draft | ApplicationState::InReview | ApplicationState::Returned => {}
        ApplicationState::Completed { .. } | ApplicationState::Rejected | ApplicationState::Retracted => {
            return Err(WorkflowError::WrongState);
        }
    }
    if case.has_an_approval() {
        return Err(WorkflowError::AlreadyApproved);
    }
    skip_the_rest(&mut case);
    case.state = ApplicationState::Retracted;
    case.concluded_at = Some(hand.at);
    case.events
        .push(CaseEvent { comment: reason, ..CaseEvent::plain(CaseEventKind::Retracted, hand.at, hand.account) });
    Ok(case)
}

fn decide(
    case: &mut Application,
    verdict: StepState,
    effective_date: Option<NaiveDate>,
    hand: Hand,
) -> Result<AssociationId, WorkflowError> {
    let step = case.steps.iter_mut().find(|step| step.state == StepState::Open).ok_or(WorkflowError::WrongState)?;
    step.state = verdict;
    step.decision = Some(Decision { at: hand.at, by: hand.account, effective_date });
    Ok(step.association)
}

/// Opens the next step that decides. Steps that only confirm or are informed do not hold the case up (W-9).
fn open_next(case: &mut Application, hand: Hand) {
    let next = case.steps.iter_mut().find(|step| match step.kind {
        StepKind::Approve => step.state == StepState::Waiting,
        StepKind::Confirm | StepKind::Inform => false,
    });
    if let Some(step) = next {
        (step.state, step.opened_at) = (StepState::Open, Some(hand.at));
    }
}

fn skip_the_rest(case: &mut Application) {
    for step in &mut case.steps {
        match step.state {
            StepState::Waiting | StepState::Open => step.state = StepState::Skipped,
            StepState::Approved
            | StepState::Returned
            | StepState::Rejected
            | StepState::Skipped
            | StepState::Confirmed => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::testing::{account, association, person};
    use crate::workflow::join_new::tests::draft as join;

    fn hand(n: u128) -> Hand {
        Hand { account: account(n), at: DateTime::UNIX_EPOCH }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn steps(associations: &[u128]) -> Vec<Step> {
        let step = |(position, n): (u32, &u128)| Step {
            position,
            association: association(*n),
            kind: StepKind::Approve,
            state: Waiting,
            opened_at: None,
            decision: None,
        };
        (1..).zip(associations).map(step).collect()
    }

    fn begun() -> Application {
        draft(ApplicationId::from_uuid(Uuid::from_u128(1)), person(1), vec![Change::JoinNew(join())], hand(1))
    }

    fn filed() -> Application {
        submit(begun(), "2026-JOIN-00000001".into(), steps(&[1, 2, 3]), hand(1)).unwrap()
    }

    fn states(case: &Application) -> Vec<StepState> {
        case.steps.iter().map(|step| step.state).collect()
    }

    use StepState::{Approved, Open, Rejected, Returned, Skipped, Waiting};

    #[test]
    fn w_1_a_later_step_opens_only_when_the_one_before_is_approved() {
        let case = filed();
        assert_eq!(states(&case), [Open, Waiting, Waiting]);
        let case = approve(case, day("2026-04-01"), None, hand(2)).unwrap();
        assert_eq!(states(&case), [Approved, Open, Waiting]);
        let case = approve(case, day("2026-04-01"), None, hand(3)).unwrap();
        assert_eq!(states(&case), [Approved, Approved, Open]);
        let case = approve(case, day("2026-05-01"), None, hand(4)).unwrap();
        assert_eq!(states(&case), [Approved, Approved, Approved]);
        assert_eq!(case.state, ApplicationState::Completed { effective_date: day("2026-05-01") });
        assert_eq!(approve(case, day("2026-05-01"), None, hand(4)), Err(WorkflowError::WrongState));
    }

    #[test]
    fn w_2_a_corrected_case_goes_on_where_it_was_returned_and_keeps_earlier_approvals() {
        let case = approve(filed(), day("2026-04-01"), None, hand(2)).unwrap();
        let case = send_back(case, "電話番号をご確認ください".into(), vec![], hand(3)).unwrap();
        assert_eq!((case.state, states(&case)), (ApplicationState::Returned, vec![Approved, Returned, Waiting]));
        let case = save(case, vec![Change::JoinNew(join())]).unwrap();
        let case = submit(case, "2026-JOIN-00000002".into(), steps(&[1, 2, 3]), hand(1)).unwrap();
        assert_eq!(states(&case), [Approved, Open, Waiting]);
        assert_eq!(case.number.as_deref(), Some("2026-JOIN-00000001"), "the receipt number stays");
        assert_eq!(case.events.last().map(|e| e.kind), Some(CaseEventKind::Corrected));
    }

    #[test]
    fn w_2_a_correction_that_changes_the_route_begins_anew() {
        let case = approve(filed(), day("2026-04-01"), None, hand(2)).unwrap();
        let case = send_back(case, "別の医師会へ".into(), vec![], hand(3)).unwrap();
        let case = submit(case, "n".into(), steps(&[9, 2, 3]), hand(1)).unwrap();
        assert_eq!(states(&case), [Open, Waiting, Waiting]);
        assert_eq!(case.open_step().map(|s| s.association), Some(association(9)));
    }

    #[test]
    fn w_4_the_submitter_may_take_it_back_until_the_first_approval() {
        assert_eq!(retract(begun(), None, hand(1)).unwrap().state, ApplicationState::Retracted);
        let case = retract(filed(), Some("転居のため".into()), hand(1)).unwrap();
        assert_eq!((case.state, states(&case)), (ApplicationState::Retracted, vec![Skipped, Skipped, Skipped]));
        let approved = approve(filed(), day("2026-04-01"), None, hand(2)).unwrap();
        assert_eq!(retract(approved, None, hand(1)), Err(WorkflowError::AlreadyApproved));
        assert_eq!(retract(case, None, hand(1)), Err(WorkflowError::WrongState));
    }

    #[test]
    fn a_refused_case_asks_nobody_else() {
        let case = approve(filed(), day("2026-04-01"), None, hand(2)).unwrap();
        let case = reject(case, "資格要件".into(), hand(3)).unwrap();
        assert_eq!((case.state, states(&case)), (ApplicationState::Rejected, vec![Approved, Rejected, Skipped]));
    }

    #[test]
    fn w_11_every_decision_keeps_who_when_and_with_what_words() {
        let case = approve(filed(), day("2026-04-01"), Some("理事会承認".into()), hand(7)).unwrap();
        let event = case.events.last().unwrap();
        assert_eq!(event.kind, CaseEventKind::Approved);
        assert_eq!((event.account, event.association), (account(7), Some(association(1))));
        assert_eq!((event.effective_date, event.comment.as_deref()), (Some(day("2026-04-01")), Some("理事会承認")));
    }

    #[test]
    fn a_case_with_an_association_cannot_be_rewritten() {
        assert_eq!(save(filed(), vec![]), Err(WorkflowError::WrongState));
        assert_eq!(submit(filed(), "n".into(), steps(&[1]), hand(1)), Err(WorkflowError::WrongState));
    }

    fn act(case: Application, action: u8) -> Result<Application, WorkflowError> {
        match action % 6 {
            0 => approve(case, day("2026-04-01"), None, hand(2)),
            1 => send_back(case, "r".into(), vec![], hand(2)),
            2 => reject(case, "r".into(), hand(2)),
            3 => retract(case, None, hand(1)),
            4 => submit(case, "n".into(), steps(&[1, 2, 3]), hand(1)),
            _ => save(case, vec![Change::JoinNew(join())]),
        }
    }

    proptest! {
        /// W-1 as a property: whatever is tried in whatever order, a case in review has exactly one open step, everything
        /// before it is approved, and a case elsewhere has none.
        #[test]
        fn w_1_whatever_is_tried_exactly_one_step_is_open_in_review(actions in proptest::collection::vec(any::<u8>(), 0..24)) {
            let mut case = begun();
            for action in actions {
                case = match act(case.clone(), action) { Ok(next) => next, Err(_) => case };
                let open: Vec<_> = case.steps.iter().filter(|s| s.state == Open).map(|s| s.position).collect();
                prop_assert_eq!(open.len(), usize::from(case.state == ApplicationState::InReview));
                for step in &case.steps {
                    if open.first().is_some_and(|o| step.position < *o) {
                        prop_assert_eq!(step.state, Approved);
                    }
                }
                let completed = matches!(case.state, ApplicationState::Completed { .. });
                prop_assert_eq!(completed, !case.steps.is_empty() && case.steps.iter().all(|s| s.state == Approved));
            }
        }
    }
}
