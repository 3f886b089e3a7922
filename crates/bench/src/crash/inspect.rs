//! What must be true of the database at any moment, asked with SQL that shares nothing with the product's.

use anyhow::{Context, Result};
use tokio_postgres::GenericClient;

/// Each gives one text for each fault.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "a completed case has exactly its memberships",
        "select a.number || ' has the memberships ' || coalesce(had.places::text, 'none')
                || ' for the approvals of ' || coalesce(due.places::text, 'none')
         from applications a
         cross join lateral (select array_agg(s.association_id order by s.association_id) places
             from application_steps s where s.application_id = a.id and s.kind = 'approve') due
         cross join lateral (select array_agg(m.association_id order by m.association_id) places
             from memberships m where m.application_id = a.id) had
         where a.state = 'completed' and had.places is distinct from due.places",
    ),
    (
        "a membership is whole: person, day and category are those of its case",
        "select a.number || ': membership ' || m.id || ' says person ' || m.person_id || ', day ' || m.valid_from
                || ', category ' || coalesce(m.category_code, 'none')
         from memberships m
         join applications a on a.id = m.application_id
         join associations p on p.id = m.association_id
         join application_changes c on c.application_id = a.id
         where m.person_id <> a.person_id or m.valid_from is distinct from a.effective_date
            or m.valid_to is not null or m.known_to is not null
            or m.category_code is distinct from c.payload -> 'categories' ->> p.tier",
    ),
    (
        "no membership without a completed case",
        "select 'membership ' || m.id || ' belongs to ' || coalesce(a.number || ', which is ' || a.state, 'no case')
         from memberships m left join applications a on a.id = m.application_id
         where a.state is distinct from 'completed'",
    ),
    (
        "no two memberships of one person in one association overlap",
        "select 'memberships ' || m.id || ' and ' || o.id || ' overlap'
         from memberships m join memberships o
           on o.person_id = m.person_id and o.association_id = m.association_id and o.id > m.id
         where m.known_to is null and o.known_to is null
           and daterange(m.valid_from, m.valid_to) && daterange(o.valid_from, o.valid_to)",
    ),
    (
        "a completed case has made its workplace the main one, once",
        "select a.number || ' has ' || count(f.id) || ' main workplaces from ' || a.effective_date
         from applications a left join affiliations f
           on f.person_id = a.person_id and f.is_main and f.known_to is null and f.valid_from = a.effective_date
         where a.state = 'completed' group by a.id having count(f.id) <> 1",
    ),
    (
        "a case stands where its steps stand, which are decided in order",
        "select coalesce(a.number, a.id::text) || ' is ' || a.state || ' with the steps ' || steps.states
         from applications a
         cross join lateral (select string_agg(s.state, ',' order by s.position) states
             from application_steps s where s.application_id = a.id) steps
         where case a.state
             when 'draft' then steps.states is not null
             when 'in_review' then steps.states !~ '^(approved,)*open(,waiting)*$'
             when 'completed' then steps.states !~ '^approved(,approved)*$'
             when 'returned' then steps.states !~ '^(approved,)*returned(,waiting)*$'
             when 'rejected' then steps.states !~ '^(approved,)*rejected(,(waiting|skipped))*$'
             when 'retracted' then steps.states ~ '(approved|returned|rejected|open)'
         end is not false and not (a.state = 'retracted' and steps.states is null)",
    ),
    (
        "a case's history has no gap and ends once",
        "select coalesce(a.number, a.id::text) || ' is ' || a.state || ' with the history ' || h.kinds
         from applications a
         cross join lateral (select string_agg(e.kind, ',' order by e.sequence) kinds, count(*) n, max(e.sequence) last,
             count(*) filter (where e.kind in ('completed', 'rejected', 'retracted')) ends
             from application_events e where e.application_id = a.id) h
         where h.n <> h.last or h.kinds !~ '^created'
            or h.ends <> (case when a.state in ('completed', 'rejected', 'retracted') then 1 else 0 end)",
    ),
    (
        "every write of a case has its audit event, and every audit event its write",
        "select coalesce(a.number, a.id::text) || ' was written ' || a.version || ' times and audited ' || count(e.id)
         from applications a left join audit_events e
           on e.subject_id = a.id and e.subject_kind = 'application' and e.outcome = 'done'
         group by a.id having count(e.id) <> a.version",
    ),
    (
        "the audit names each event of a case's history with its hand",
        "with history as (
             select e.application_id id, 'acc_' || replace(e.account_id::text, '-', '') actor,
                 'workflow.' || case e.kind when 'created' then 'create' when 'submitted' then 'submit'
                     when 'corrected' then 'submit' when 'approved' then 'approve' when 'returned' then 'return'
                     when 'rejected' then 'reject' when 'retracted' then 'retract' end action, count(*) n
             from application_events e where e.kind <> 'completed' group by 1, 2, 3),
         audited as (
             select e.subject_id id, e.actor, e.action, count(*) n from audit_events e
             where e.subject_kind = 'application' and e.outcome = 'done' and e.action <> 'workflow.save' group by 1, 2, 3)
         select coalesce(h.id, x.id) || ': ' || coalesce(h.action, x.action) || ' happened ' || coalesce(h.n, 0)
             || ' times and was audited ' || coalesce(x.n, 0) || ' times'
         from history h full join audited x using (id, actor, action) where h.n is distinct from x.n",
    ),
    (
        "an audit event of a case has the payload whose hash it holds",
        "select 'audit event ' || e.id || ' has no payload'
         from audit_events e left join audit_payloads p on p.event_id = e.id
         where e.subject_kind = 'application' and e.outcome = 'done' and (e.payload_hash is null or p.event_id is null)",
    ),
    (
        "each write with a key has kept its answer, and nothing else has",
        "select 'there are ' || w.n || ' such writes and ' || k.n || ' answers'
         from (select count(*) n from audit_events where subject_kind = 'application' and outcome = 'done'
                   and action <> 'workflow.save') w,
              (select count(*) n from idempotency_keys) k
         where w.n <> k.n",
    ),
    (
        "every session has its audit event",
        "select 'session ' || s.id || ' was opened and not audited' from sessions s
         where not exists (select from audit_events e
             where e.subject_id = s.id and e.action = 'identity.log_in' and e.outcome = 'done')",
    ),
    (
        "seals are numbered without a gap",
        "select 'there are ' || count(*) || ' seals, the last is number ' || max(position) from audit_seals
         having count(*) <> coalesce(max(position), 0)",
    ),
];

/// Everything that is wrong, in words.
pub(super) async fn faults(client: &impl GenericClient) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (rule, question) in QUESTIONS {
        let rows = client.query(*question, &[]).await.with_context(|| format!("asking whether {rule}"))?;
        faults.extend(rows.iter().map(|row| format!("{rule}: {}", row.get::<_, String>(0))));
    }
    Ok(faults)
}
