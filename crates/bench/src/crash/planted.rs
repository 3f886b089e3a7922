//! Proof that the inspector can fail: faults are planted one at a time, and it has to find each.

use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};

use super::{
    inspect,
    ledger::{self, Entry},
};
use crate::ground::{Database, Ground};

/// Planted in a transaction that is rolled back. The tables' own guards are taken away first.
const GUARDS_OFF: &str = "
alter table memberships drop constraint memberships_no_overlap;
alter table audit_events disable trigger user;
alter table audit_seals disable trigger user;
";

const FAULTS: &[(&str, &str)] = &[
    (
        "half of a completed case's memberships gone",
        "delete from memberships where id = (select id from memberships where application_id is not null limit 1)",
    ),
    (
        "a membership written twice",
        "insert into memberships (id, person_id, association_id, category_code, valid_from, known_from, application_id)
         select gen_random_uuid(), person_id, association_id, category_code, valid_from, known_from, application_id
         from memberships limit 1",
    ),
    (
        "two memberships that overlap, the second without a case",
        "insert into memberships (id, person_id, association_id, category_code, valid_from, known_from)
         select gen_random_uuid(), person_id, association_id, category_code, valid_from + 1, known_from
         from memberships limit 1",
    ),
    ("a membership from another day", "update memberships set valid_from = valid_from + 1"),
    ("a membership without its category", "update memberships set category_code = null"),
    (
        "memberships of a case that is not completed",
        "update applications set state = 'in_review' where id = (select application_id from memberships limit 1)",
    ),
    (
        "a completed case without its workplace",
        "delete from affiliations where id = (select id from affiliations limit 1)",
    ),
    (
        "an acknowledged decision lost from the history",
        "delete from application_events where (application_id, sequence) = (select application_id, sequence
         from application_events where kind = 'approved' order by application_id limit 1)",
    ),
    (
        "an acknowledged case lost altogether",
        "create temporary table lost on commit drop as select id from applications where state = 'draft'
             or id = (select id from applications where state = 'retracted' limit 1) limit 1;
         delete from application_events where application_id in (table lost);
         delete from application_steps where application_id in (table lost);
         delete from application_changes where application_id in (table lost);
         delete from applications where id in (table lost)",
    ),
    (
        "a decision that came back to be taken again",
        "update application_steps set state = 'open', decided_at = null, decided_by = null, effective_date = null
         where (application_id, position) = (select application_id, position from application_steps s
             where state = 'approved' and not exists (select from application_steps o
                 where o.application_id = s.application_id and o.state = 'open') limit 1)",
    ),
    (
        "a write without its audit event",
        "create temporary table lost on commit drop as select id from audit_events
             where action = 'workflow.approve' and outcome = 'done' limit 1;
         delete from audit_seals where event_id in (table lost);
         delete from audit_payloads where event_id in (table lost);
         delete from audit_events where id in (table lost)",
    ),
    (
        "a write audited under another's name",
        "update audit_events set actor = 'somebody' where id = (select id from audit_events
         where action = 'workflow.approve' and outcome = 'done' limit 1)",
    ),
    (
        "a kept answer lost",
        "delete from idempotency_keys where (account_id, key) = (select account_id, key from idempotency_keys limit 1)",
    ),
];

/// Plants each fault; gives how many there were, all found.
pub(super) async fn try_all(ground: &Ground, database: &Database, acknowledged: &[Rc<Entry>]) -> Result<usize> {
    let mut client = database.client().await?;
    for (name, planting) in FAULTS {
        let transaction = client.transaction().await?;
        transaction.batch_execute(GUARDS_OFF).await?;
        transaction.batch_execute(planting).await.with_context(|| format!("planting: {name}"))?;
        let mut found = inspect::faults(&transaction).await?;
        found.extend(ledger::faults(acknowledged, &transaction).await?);
        ensure!(!found.is_empty(), "the inspector does not find this planted fault: {name}");
        transaction.rollback().await?;
    }
    falsify_the_audit(ground, database).await?;
    Ok(FAULTS.len() + 1)
}

/// A sealed event is changed for good; this database is of no further use.
async fn falsify_the_audit(ground: &Ground, database: &Database) -> Result<()> {
    let falsify = "alter table audit_events disable trigger user;
         update audit_events set action = 'workflow.reject' where id = (select event_id from audit_seals
             join audit_events on audit_events.id = event_id where action = 'workflow.approve' limit 1);
         alter table audit_events enable trigger user";
    database.client().await?.batch_execute(falsify).await?;
    let output = ground.mamis_output(database, &["audit", "verify"]).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.code() != Some(1) || !said.contains("is not what was sealed") {
        bail!("a falsified audit event goes unnoticed; `mamis audit verify` says: {said}");
    }
    Ok(())
}
