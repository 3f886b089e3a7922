use mamis_kernel::{AssociationId, StepKind, StepState, codes};

use super::{Step, WorkflowError};

codes! {
    /// How a route names a step's association before a case says which it is.
    Place {
        /// The district association to be joined.
        NewDistrict => "new_district",
        /// Its prefectural association.
        NewPrefecture => "new_prefecture",
        /// The district association to be left.
        OldDistrict => "old_district",
        /// Its prefectural association.
        OldPrefecture => "old_prefecture",
        /// The national association.
        Nation => "nation",
        /// The prefectural association of the workplace.
        WorkplacePrefecture => "workplace_prefecture",
    }
}

/// One row of a route's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteStep {
    /// Who.
    pub place: Place,
    /// How.
    pub kind: StepKind,
}

/// Which associations the places of a case are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Places {
    /// The district association to be joined.
    pub new_district: Option<AssociationId>,
    /// Its prefectural association.
    pub new_prefecture: Option<AssociationId>,
    /// The district association to be left.
    pub old_district: Option<AssociationId>,
    /// Its prefectural association.
    pub old_prefecture: Option<AssociationId>,
    /// The national association.
    pub nation: Option<AssociationId>,
    /// The prefectural association of the workplace.
    pub workplace_prefecture: Option<AssociationId>,
}

impl Places {
    const fn association(&self, place: Place) -> Option<AssociationId> {
        match place {
            Place::NewDistrict => self.new_district,
            Place::NewPrefecture => self.new_prefecture,
            Place::OldDistrict => self.old_district,
            Place::OldPrefecture => self.old_prefecture,
            Place::Nation => self.nation,
            Place::WorkplacePrefecture => self.workplace_prefecture,
        }
    }
}

/// Turns a route's rows into a case's steps, all waiting.
///
/// Rule W-7 (one case for the physician, one step an association inside); source: docs/rules/workflow.md#w-7.
///
/// # Errors
/// [`WorkflowError::NoRoute`] when the route has no rows or the case does not say who a place is.
pub fn plan(rows: &[RouteStep], places: &Places) -> Result<Vec<Step>, WorkflowError> {
    if rows.is_empty() {
        return Err(WorkflowError::NoRoute);
    }
    let step = |(position, row): (u32, &RouteStep)| {
        let association = places.association(row.place).ok_or(WorkflowError::NoRoute)?;
        Ok(Step { position, association, kind: row.kind, state: StepState::Waiting, opened_at: None, decision: None })
    };
    (1..).zip(rows).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::association;

    const JOIN: [RouteStep; 3] = [
        RouteStep { place: Place::NewDistrict, kind: StepKind::Approve },
        RouteStep { place: Place::NewPrefecture, kind: StepKind::Approve },
        RouteStep { place: Place::Nation, kind: StepKind::Approve },
    ];

    #[test]
    fn w_7_one_case_has_one_step_an_association() {
        let places = Places {
            new_district: Some(association(1)),
            new_prefecture: Some(association(2)),
            nation: Some(association(3)),
            ..Places::default()
        };
        let steps = plan(&JOIN, &places).unwrap();
        let found: Vec<_> = steps.iter().map(|s| (s.position, s.association, s.state)).collect();
        assert_eq!(
            found,
            [
                (1, association(1), StepState::Waiting),
                (2, association(2), StepState::Waiting),
                (3, association(3), StepState::Waiting)
            ]
        );
    }

    #[test]
    fn a_route_without_rows_or_with_an_unknown_place_is_no_route() {
        assert_eq!(plan(&[], &Places::default()), Err(WorkflowError::NoRoute));
        assert_eq!(plan(&JOIN, &Places::default()), Err(WorkflowError::NoRoute));
    }
}
