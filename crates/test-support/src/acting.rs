//! Those who act for somebody.

use mamis_contract::Page;
use mamis_contract::acting::OnBehalfView;
use mamis_contract::identity::SessionListItem;
use mamis_kernel::{DelegationId, DelegationScope, OnBehalfId, PersonId};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Answer, Client, SignedIn, TestApp};

impl Client {
    /// Asks to act for a physician.
    pub async fn begin_on_behalf(&self, person: PersonId, reason: &str) -> Answer {
        self.post("/on-behalf").new_key().json(&json!({ "person_id": person, "reason": reason })).send().await
    }

    /// Acts for a physician from here on.
    pub async fn on_behalf_of(&self, person: PersonId) -> Self {
        let begun = self.begin_on_behalf(person, "お電話でのご依頼による入力").await.assert_status(201);
        let begun: OnBehalfView = serde_json::from_slice(&begun.body).expect("a grant");
        self.acting_for(&begun.id.to_string())
    }
}

impl TestApp {
    /// A delegation by the physician, accepted by the assistant, that lasts until 2027-03-31.
    pub async fn given_delegation(
        &self,
        physician: &SignedIn,
        assistant: &SignedIn,
        scopes: &[DelegationScope],
    ) -> DelegationId {
        let id = Uuid::now_v7();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        self.insert(
            "insert into delegations (id, person_id, invited_by, account_id, assistant_name, scopes, ends_on, invited_at,
                 code_hash, invitation_expires_at, accepted_at)
             values ($1, $2, $3, $4, '補助者', $5, '2027-03-31', '2026-11-20T00:00:00Z', $6, '2026-11-27T00:00:00Z',
                 '2026-11-21T00:00:00Z')",
            &[
                &id,
                &physician.person().uuid(),
                &physician.account_id.uuid(),
                &assistant.account_id.uuid(),
                &scopes,
                &id.as_bytes().to_vec(),
            ],
        )
        .await;
        DelegationId::from_uuid(id)
    }

    /// An invitation by the physician that nobody has accepted; gives its code.
    pub async fn given_invitation(&self, physician: &SignedIn) -> String {
        let id = Uuid::now_v7();
        let code = id.as_simple().to_string().to_uppercase().replace(['O', 'I', 'L'], "0");
        let hash = Sha256::digest(format!("invitation:{code}").as_bytes()).to_vec();
        self.insert(
            "insert into delegations (id, person_id, invited_by, assistant_name, scopes, ends_on, invited_at, code_hash,
                 invitation_expires_at)
             values ($1, $2, $3, '補助者', '{view}', '2027-03-31', '2026-11-20T00:00:00Z', $4, '2026-11-27T00:00:00Z')",
            &[&id, &physician.person().uuid(), &physician.account_id.uuid(), &hash],
        )
        .await;
        code
    }

    /// A stretch of acting for the person by this account, begun in this log-in a minute ago.
    pub async fn given_on_behalf(&self, who: &SignedIn, association: &str, person: PersonId) -> OnBehalfId {
        let id = Uuid::now_v7();
        let association = self.association(association).await.uuid();
        let sessions: Page<SessionListItem> =
            serde_json::from_slice(&who.get("/account/sessions").await.assert_status(200).body).expect("sessions");
        let session = sessions.items.iter().find(|session| session.is_current).expect("the log-in that asks").id;
        self.insert(
            "insert into on_behalf_grants (id, account_id, session_id, association_id, person_id, reason, started_at, ends_at)
             values ($1, $2, $5, $3, $4, 'お電話でのご依頼', '2026-11-23T02:59:00Z', '2026-11-23T03:59:00Z')",
            &[&id, &who.account_id.uuid(), &association, &person.uuid(), &session.uuid()],
        )
        .await;
        OnBehalfId::from_uuid(id)
    }
}
