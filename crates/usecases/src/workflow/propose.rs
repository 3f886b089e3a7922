use std::sync::Arc;

use mamis_domain::registry::Directory;
use mamis_domain::workflow::{CategoryFacts, CategoryOption, FieldFault, Proposal, WorkflowError, propose};
use mamis_kernel::{AssociationId, FieldErrorCode, Tier};

use super::facts::branch_of;
use crate::{App, AppError};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct CategoryQuestion {
    /// The district association to be joined.
    pub district: AssociationId,
    /// How far up.
    pub highest_tier: Tier,
    /// From what the category follows.
    pub facts: CategoryFacts,
}

/// One association's answer.
pub struct ProposedCategory {
    /// Whose.
    pub association: AssociationId,
    /// What it would call this member.
    pub proposed: Option<CategoryOption>,
    /// What else it has.
    pub options: Vec<CategoryOption>,
}

/// Proposes a category for each tier.
///
/// # Errors
/// [`WorkflowError::InvalidFields`] when there is no such district association.
#[tracing::instrument(name = "workflow.propose_categories", skip_all)]
pub async fn propose_categories(
    app: &App,
    question: &CategoryQuestion,
) -> Result<(Proposal, Vec<ProposedCategory>, Arc<Directory>), AppError> {
    let directory = app.directory().await?;
    if directory.get(question.district).is_none_or(|a| a.tier != Tier::District) {
        let fault = FieldFault::new("/district_association_id", FieldErrorCode::UnknownValue);
        return Err(WorkflowError::InvalidFields(vec![fault]).into());
    }
    let proposal = propose(&question.facts);
    let today = app.clock.today();
    let answer = |association: AssociationId| {
        let options: Vec<CategoryOption> = directory.categories(association, today).into_iter().cloned().collect();
        ProposedCategory { association, proposed: proposal.option_in(&options).cloned(), options }
    };
    let branch = branch_of(&directory, question.district);
    let joined = branch.into_iter().filter(|(tier, _)| *tier <= question.highest_tier);
    let answers = joined.filter_map(|(_, association)| association).map(answer).collect();
    Ok((proposal, answers, directory))
}
