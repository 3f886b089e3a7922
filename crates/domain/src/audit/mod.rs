//! The record of who did or saw what about whom, and the hash chain that shows it was not touched.
//!
//! An event's personal values live apart as its payload; the chain covers the payload's hash, so a lawful erasure can
//! remove the payload and the chain still verifies.

use chrono::{DateTime, Utc};
use mamis_kernel::{AssociationId, AuditEventId, PersonId};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use mamis_kernel::codes;

codes! {
    /// How it came out.
    AuditOutcome {
        /// It was done.
        Done => "done",
        /// It was read.
        Seen => "seen",
        /// It was refused.
        Denied => "denied",
    }
}

/// One event as the chain covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The event.
    pub id: AuditEventId,
    /// When, to the microsecond.
    pub occurred_at: DateTime<Utc>,
    /// An account id or a system actor's name.
    pub actor: String,
    /// For whom, when not for oneself.
    pub on_behalf_of: Option<PersonId>,
    /// `slice.verb`
    pub action: String,
    /// How it came out.
    pub outcome: AuditOutcome,
    /// What kind of thing it was done to.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Option<Uuid>,
    /// About whom.
    pub person_id: Option<PersonId>,
    /// As clerk of which association.
    pub association_id: Option<AssociationId>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// SHA-256 of the payload's canonical text.
    pub payload_hash: Option<[u8; 32]>,
}

/// A link of the chain: SHA-256 over the link before and the event.
pub type ChainHash = [u8; 32];

/// What the first link holds on to.
pub const GENESIS: ChainHash = [0; 32];

/// The link of `event` behind `previous`.
///
/// Every field goes in with its length, so that no two different events have the same bytes.
#[must_use]
pub fn link(previous: &ChainHash, position: i64, event: &AuditEvent) -> ChainHash {
    let mut hasher = Sha256::new();
    let mut put = |bytes: &[u8]| {
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    };
    put(previous);
    put(&position.to_be_bytes());
    put(event.id.uuid().as_bytes());
    put(&event.occurred_at.timestamp_micros().to_be_bytes());
    put(event.actor.as_bytes());
    put(event.action.as_bytes());
    put(event.outcome.as_str().as_bytes());
    put(event.subject_kind.as_bytes());
    for id in [
        event.subject_id,
        event.on_behalf_of.map(PersonId::uuid),
        event.person_id.map(PersonId::uuid),
        event.association_id.map(AssociationId::uuid),
    ] {
        put(id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    }
    put(event.request_id.as_deref().unwrap_or_default().as_bytes());
    put(event.payload_hash.as_ref().map_or(&[][..], |hash| hash));
    hasher.finalize().into()
}

/// The hash of a payload. The database gives keys back in an order of its own, and whether `serde_json` sorts them depends
/// on what else is linked: they are sorted here.
#[must_use]
pub fn payload_hash(payload: &Value) -> [u8; 32] {
    let mut text = String::new();
    write_sorted(payload, &mut text);
    Sha256::digest(text.as_bytes()).into()
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in sorted {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> AuditEvent {
        AuditEvent {
            id: AuditEventId::from_uuid(Uuid::from_u128(7)),
            occurred_at: DateTime::UNIX_EPOCH,
            actor: "acc_1".into(),
            on_behalf_of: None,
            action: "workflow.approve".into(),
            outcome: AuditOutcome::Done,
            subject_kind: "application".into(),
            subject_id: Some(Uuid::from_u128(8)),
            person_id: None,
            association_id: None,
            request_id: None,
            payload_hash: None,
        }
    }

    #[test]
    fn every_field_changes_the_link() {
        let base = link(&GENESIS, 1, &event());
        assert_eq!(base, link(&GENESIS, 1, &event()));
        let changed: Vec<AuditEvent> = vec![
            AuditEvent { id: AuditEventId::from_uuid(Uuid::from_u128(9)), ..event() },
            AuditEvent { occurred_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1), ..event() },
            AuditEvent { actor: "acc_2".into(), ..event() },
            AuditEvent { on_behalf_of: Some(PersonId::from_uuid(Uuid::from_u128(1))), ..event() },
            AuditEvent { action: "workflow.reject".into(), ..event() },
            AuditEvent { outcome: AuditOutcome::Denied, ..event() },
            AuditEvent { subject_kind: "person".into(), ..event() },
            AuditEvent { subject_id: None, ..event() },
            AuditEvent { person_id: Some(PersonId::from_uuid(Uuid::from_u128(1))), ..event() },
            AuditEvent { association_id: Some(AssociationId::from_uuid(Uuid::from_u128(1))), ..event() },
            AuditEvent { request_id: Some("r".into()), ..event() },
            AuditEvent { payload_hash: Some([1; 32]), ..event() },
        ];
        let mut links: Vec<_> = changed.iter().map(|event| link(&GENESIS, 1, event)).collect();
        links.push(link(&GENESIS, 2, &event()));
        links.push(link(&[1; 32], 1, &event()));
        links.push(base);
        let count = links.len();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), count, "two different events share a link");
    }

    #[test]
    fn a_payload_read_back_in_another_key_order_has_the_same_hash() {
        let a: Value = serde_json::from_str(r#"{"b":1,"a":{"d":"髙","c":null}}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{"a":{"c":null,"d":"髙"},"b":1}"#).unwrap();
        assert_eq!(payload_hash(&a), payload_hash(&b));
    }
}
