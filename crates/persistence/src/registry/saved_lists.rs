//! Lists of members that clerks keep.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::Permit;
use mamis_domain::registry::SavedListFacts;
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{AccountId, AssociationId, SavedListId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::NewAuditEvent;
use crate::schema::{accounts, saved_lists};
use crate::{Datastore, StoreError, Tx};

/// What is kept.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = saved_lists)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct ListContent {
    pub name: String,
    pub shared: bool,
    /// As the contract spells it.
    pub filter: Value,
    pub column_codes: Vec<String>,
    pub sort: String,
    pub saved_at: DateTime<Utc>,
}

/// A list that is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = saved_lists)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct SavedList {
    pub id: Uuid,
    pub association_id: Uuid,
    pub owner_id: Uuid,
    pub name: String,
    pub shared: bool,
    pub filter: Value,
    pub column_codes: Vec<String>,
    pub sort: String,
    pub version: i64,
    pub saved_at: DateTime<Utc>,
}

impl SavedList {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> SavedListId {
        SavedListId::from_uuid(self.id)
    }

    /// Whose it is.
    #[must_use]
    pub const fn facts(&self) -> SavedListFacts {
        SavedListFacts {
            association: AssociationId::from_uuid(self.association_id),
            owner: AccountId::from_uuid(self.owner_id),
            shared: self.shared,
        }
    }
}

impl Datastore {
    /// A list with the name of who keeps it; the policy decides who sees it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_list_get(&self, id: SavedListId) -> Result<Option<(SavedList, String)>, StoreError> {
        let found = saved_lists::table
            .inner_join(accounts::table)
            .filter(saved_lists::id.eq(id.uuid()))
            .select((SavedList::as_select(), accounts::display_name));
        Ok(found.first(&mut self.conn().await?).await.optional()?)
    }

    /// The lists that an account sees in an association: its own and shared ones, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_list_list(
        &self,
        _permit: &Permit<RegistryAction>,
        (association, account): (AssociationId, AccountId),
        after: Option<SavedListId>,
        limit: i64,
    ) -> Result<Vec<(SavedList, String)>, StoreError> {
        let mut found = saved_lists::table
            .inner_join(accounts::table)
            .filter(saved_lists::association_id.eq(association.uuid()))
            .filter(saved_lists::shared.or(saved_lists::owner_id.eq(account.uuid())))
            .into_boxed();
        if let Some(after) = after {
            found = found.filter(saved_lists::id.lt(after.uuid()));
        }
        let page = found.order(saved_lists::id.desc()).limit(limit);
        Ok(page.select((SavedList::as_select(), accounts::display_name)).load(&mut self.conn().await?).await?)
    }
}

impl Tx {
    /// What an account is called.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_name(&mut self, id: AccountId) -> Result<String, StoreError> {
        let name = accounts::table.find(id.uuid()).select(accounts::display_name);
        Ok(name.first(&mut self.conn).await?)
    }

    /// A list, locked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_list_for_update(&mut self, id: SavedListId) -> Result<Option<SavedList>, StoreError> {
        let found = saved_lists::table.find(id.uuid()).select(SavedList::as_select()).for_update();
        Ok(found.first(&mut self.conn).await.optional()?)
    }

    /// Keeps a list.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_list_insert(
        &mut self,
        permit: &Permit<RegistryAction>,
        (id, association, owner): (SavedListId, AssociationId, AccountId),
        content: &ListContent,
    ) -> Result<SavedList, StoreError> {
        let place = (
            saved_lists::id.eq(id.uuid()),
            saved_lists::association_id.eq(association.uuid()),
            saved_lists::owner_id.eq(owner.uuid()),
        );
        let list = diesel::insert_into(saved_lists::table)
            .values((place, content))
            .returning(SavedList::as_returning())
            .get_result(&mut self.conn)
            .await?;
        self.saved_list_audit(permit, "registry.save_list", id, Some(content), content.saved_at).await?;
        Ok(list)
    }

    /// Changes a list, based on a version.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`]
    pub async fn saved_list_update(
        &mut self,
        permit: &Permit<RegistryAction>,
        (id, version): (SavedListId, i64),
        content: &ListContent,
    ) -> Result<SavedList, StoreError> {
        let based = saved_lists::table.find(id.uuid()).filter(saved_lists::version.eq(version));
        let list = diesel::update(based)
            .set((content, saved_lists::version.eq(version + 1)))
            .returning(SavedList::as_returning())
            .get_result(&mut self.conn)
            .await
            .optional()?
            .ok_or(StoreError::StaleVersion)?;
        self.saved_list_audit(permit, "registry.change_list", id, Some(content), content.saved_at).await?;
        Ok(list)
    }

    /// Throws a list away, based on a version.
    ///
    /// # Errors
    /// [`StoreError::StaleVersion`]
    pub async fn saved_list_remove(
        &mut self,
        permit: &Permit<RegistryAction>,
        (id, version): (SavedListId, i64),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let based = saved_lists::table.find(id.uuid()).filter(saved_lists::version.eq(version));
        if diesel::delete(based).execute(&mut self.conn).await? == 0 {
            return Err(StoreError::StaleVersion);
        }
        self.saved_list_audit(permit, "registry.remove_list", id, None, now).await
    }

    async fn saved_list_audit(
        &mut self,
        permit: &Permit<RegistryAction>,
        action: &str,
        id: SavedListId,
        content: Option<&ListContent>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let payload = content.map(|kept| json!({ "name": kept.name, "shared": kept.shared, "filter": kept.filter }));
        let event = NewAuditEvent {
            action,
            outcome: AuditOutcome::Done,
            subject_kind: "saved_list",
            subject_id: Some(id.uuid()),
            person: None,
            at,
            payload,
        };
        self.audit_append(permit, event).await
    }
}
