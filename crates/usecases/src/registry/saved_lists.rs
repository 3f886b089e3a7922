//! Lists of members that clerks keep.

use mamis_domain::identity::Permit;
use mamis_domain::registry::check_saved_list;
use mamis_domain::registry::policy::{RegistryAction, authorize_members, authorize_saved_list};
use mamis_domain::workflow::WorkflowError;
use mamis_kernel::{AssociationId, ListColumn, SavedListId};
use mamis_persistence::registry::{ListContent, SavedList};
use serde_json::Value;

use super::members::permitted;
use crate::{Answer, App, AppError, Caller, Idempotency, Rendered};

/// What is to be kept.
#[derive(Debug, Clone)]
pub struct KeptList {
    /// What it is called.
    pub name: String,
    /// Whether every clerk of the association sees it.
    pub shared: bool,
    /// What was typed into the box.
    pub text: Option<String>,
    /// Which members, as the contract spells it.
    pub filter: Value,
    /// The order's code.
    pub sort: &'static str,
    /// What the screen shows.
    pub columns: Vec<ListColumn>,
}

impl KeptList {
    fn content(self, app: &App) -> Result<ListContent, AppError> {
        check_saved_list(&self.name, self.shared, self.text.as_deref()).map_err(WorkflowError::InvalidFields)?;
        Ok(ListContent {
            name: self.name.trim().to_owned(),
            shared: self.shared,
            filter: self.filter,
            column_codes: self.columns.iter().map(|column| column.as_str().to_owned()).collect(),
            sort: self.sort.to_owned(),
            saved_at: app.clock.now(),
        })
    }
}

/// A list as somebody sees it.
#[derive(Debug, Clone)]
pub struct SeenList {
    /// The list.
    pub list: SavedList,
    /// Who keeps it.
    pub owner_name: String,
    /// Whether one may change it.
    pub may_change: bool,
    /// Whether one may throw it away.
    pub may_remove: bool,
}

impl SeenList {
    fn by(caller: &Caller, list: SavedList, owner_name: String) -> Self {
        let facts = list.facts();
        let may = |action| authorize_saved_list(&caller.actor, action, &facts).is_ok();
        let (may_change, may_remove) = (may(RegistryAction::KeepList), may(RegistryAction::RemoveList));
        Self { list, owner_name, may_change, may_remove }
    }
}

/// The lists one sees in an association: one's own and those that are shared, newest first.
///
/// # Errors
/// [`AppError::Denied`] to who is no clerk there.
pub async fn list_saved_lists(
    app: &App,
    caller: &Caller,
    association: AssociationId,
    after: Option<SavedListId>,
    limit: i64,
) -> Result<Vec<SeenList>, AppError> {
    let permit = permitted(app, caller, RegistryAction::ReadMembers, association, "registry.list_saved_lists").await?;
    let found = app.store.saved_list_list(&permit, (association, caller.actor.account), after, limit).await?;
    Ok(found.into_iter().map(|(list, owner)| SeenList::by(caller, list, owner)).collect())
}

/// A list that is kept.
///
/// # Errors
/// [`AppError::NotFound`] to who does not see it.
pub async fn get_saved_list(app: &App, caller: &Caller, id: SavedListId) -> Result<SeenList, AppError> {
    let (list, owner) = app.store.saved_list_get(id).await?.ok_or(AppError::NotFound)?;
    authorize_saved_list(&caller.actor, RegistryAction::ReadSavedList, &list.facts())?;
    Ok(SeenList::by(caller, list, owner))
}

/// Keeps a list for oneself; for all clerks of the association as an operator there.
///
/// Rules LIST-1, LIST-2; source: docs/rules/registry.md.
///
/// # Errors
/// [`AppError::Denied`]; field faults.
#[tracing::instrument(name = "registry.save_list", skip_all)]
pub async fn save_list(
    app: &App,
    caller: &Caller,
    idempotency: &Idempotency,
    (association, kept): (AssociationId, KeptList),
    render: impl AsyncFnOnce(SeenList) -> Result<Rendered, AppError>,
) -> Result<Answer, AppError> {
    let saved = app
        .once(caller, idempotency, async |tx| {
            let actor = tx.actor_afresh(&caller.actor, app.clock.today()).await?;
            let permit = authorize_members(&actor, action_of(kept.shared), association)?;
            let content = kept.content(app)?;
            let id = SavedListId::from_uuid(app.new_id());
            let list = tx.saved_list_insert(&permit, (id, association, actor.account), &content).await?;
            let owner = tx.account_name(actor.account).await?;
            render(SeenList::by(caller, list, owner)).await
        })
        .await;
    match saved {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let subject = ("association", Some(association.uuid()));
            Err(app.refused(caller, "registry.save_list", subject, None, error).await)
        }
    }
}

const fn action_of(shared: bool) -> RegistryAction {
    if shared { RegistryAction::ShareList } else { RegistryAction::KeepList }
}

/// Changes a list that one keeps.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`], [`AppError::StaleVersion`]; field faults.
#[tracing::instrument(name = "registry.change_list", skip_all)]
pub async fn change_list(
    app: &App,
    caller: &Caller,
    (id, version): (SavedListId, i64),
    kept: KeptList,
) -> Result<SeenList, AppError> {
    let changed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let before = tx.saved_list_for_update(id).await?.ok_or(AppError::NotFound)?;
            let permit: Permit<RegistryAction> =
                authorize_saved_list(&caller.actor, action_of(kept.shared), &before.facts())?;
            let content = kept.content(app)?;
            let list = tx.saved_list_update(&permit, (id, version), &content).await?;
            let owner = tx.account_name(list.facts().owner).await?;
            Ok(SeenList::by(caller, list, owner))
        })
        .await;
    match changed {
        Ok(list) => Ok(list),
        Err(error) => {
            let subject = ("saved_list", Some(id.uuid()));
            Err(app.refused(caller, "registry.change_list", subject, None, error).await)
        }
    }
}

/// Throws a list away.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`], [`AppError::StaleVersion`].
#[tracing::instrument(name = "registry.remove_list", skip_all)]
pub async fn remove_list(app: &App, caller: &Caller, (id, version): (SavedListId, i64)) -> Result<(), AppError> {
    let removed = app
        .store
        .transaction(Some(&caller.request_id), async |tx| -> Result<_, AppError> {
            let before = tx.saved_list_for_update(id).await?.ok_or(AppError::NotFound)?;
            let permit = authorize_saved_list(&caller.actor, RegistryAction::RemoveList, &before.facts())?;
            Ok(tx.saved_list_remove(&permit, (id, version), app.clock.now()).await?)
        })
        .await;
    match removed {
        Ok(()) => Ok(()),
        Err(error) => {
            let subject = ("saved_list", Some(id.uuid()));
            Err(app.refused(caller, "registry.remove_list", subject, None, error).await)
        }
    }
}
