//! Cases: filing, deciding, following.

mod attachments;
mod decide;
mod facts;
mod file;
mod propose;
mod read;
mod training;

pub use attachments::{add_attachment, end_attachments, get_attachment, remove_attachment};
pub use decide::{approve, reject, retract, send_back};
pub use file::{create, save, submit};
pub use propose::{CategoryQuestion, ProposedCategory, propose_categories};
pub use read::{CaseAnswer, get_application, list_applications, proxies, search_work_items, work_counts};
pub use training::KnownNumber;

use mamis_domain::identity::Permit;
use mamis_domain::workflow::Application;
use mamis_domain::workflow::policy::{CaseFacts, WorkflowAction, authorize};
use mamis_domain::workflow::rules::Hand;
use mamis_kernel::ApplicationId;
use mamis_persistence::{Stored, Tx};

use crate::{App, AppError, Caller};

/// Loads a case for writing, asks the policy and compares the version, in this order: who may not know of a case must not
/// learn its version either.
async fn opened(
    tx: &mut Tx,
    caller: &Caller,
    action: WorkflowAction,
    id: ApplicationId,
    based_on: i64,
) -> Result<(Stored<Application>, Permit<WorkflowAction>), AppError> {
    let case = tx.application_for_update(id).await?.ok_or(AppError::NotFound)?;
    let facts: CaseFacts = case.value.facts();
    let permit = authorize(&caller.actor, action, &facts)?;
    if case.version != based_on {
        return Err(AppError::StaleVersion);
    }
    Ok((case, permit))
}

/// Marks what has just happened to a case as done for the physician, when it was. `from` is how many events there were.
fn marked(caller: &Caller, mut case: Application, from: usize) -> Application {
    if let Some(acting) = &caller.actor.acting {
        for event in case.events.iter_mut().skip(from) {
            (event.proxy, event.association) = (Some(acting.kind()), acting.as_clerk_of());
        }
    }
    case
}

fn hand(app: &App, caller: &Caller) -> Hand {
    Hand { account: caller.actor.account, at: app.clock.now() }
}
