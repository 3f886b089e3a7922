use mamis_kernel::Role;
use mamis_test_support::TestApp;
use serde_json::json;

use super::{add, patch, record};
use crate::api::{OTSU, SHIGA};

/// Many hands at one record: whoever comes late is told to read again, whoever would overlap is told so, and afterwards
/// nothing overlaps and every version is somebody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn periods_never_overlap_however_many_write_at_once() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU, SHIGA]).await;
    let facilities = [app.given_facility("第一医院").await, app.given_facility("第二医院").await];
    let first = app.given_affiliation(person, facilities[0], true, "2015-04-01", Some("2016-04-01")).await;
    let case = app.given_application().submitted_to(OTSU).await;
    let mut hands = tokio::task::JoinSet::new();
    for n in 0..8_usize {
        let clerk = app.given_clerk_of([OTSU, SHIGA][n % 2], Role::Operator).await;
        let facility = facilities[n % 2];
        hands.spawn(async move {
            let (mut done, mut told) = (0, 0);
            for round in 0..6_usize {
                let (seen, tag) = record(&clerk, person).await;
                let day = |add: usize| format!("20{:02}-04-01", 16 + (n * 3 + round * 5 + add) % 12);
                let body = json!({
                    "facility_id": facility, "is_main": round % 2 == 0, "valid_from": day(0), "last_day": day(1)
                });
                let answer = match seen["affiliations"][round % 3]["id"].as_str() {
                    Some(id) if n % 3 == 0 => {
                        let body = json!({ "is_main": round % 2 == 0, "valid_from": day(0), "last_day": day(2) });
                        patch(&clerk, &format!("/affiliations/{id}"), &tag, &body).send().await
                    }
                    _ => add(&clerk, person, &tag, &body).await,
                };
                match answer.status {
                    200 | 201 => done += 1,
                    412 => told += usize::from(answer.json()["code"] == "stale_version"),
                    422 => {
                        let faults = answer.json();
                        let known = ["main_overlaps", "overlapping", "conflicting"];
                        let is_known = |fault: &serde_json::Value| known.contains(&fault["code"].as_str().unwrap());
                        told += usize::from(faults["errors"].as_array().unwrap().iter().all(is_known));
                    }
                    status => panic!("{status}: {}", answer.text()),
                }
            }
            (done, told)
        });
    }
    // Beside them a case concludes elsewhere in the registry.
    app.given_approval(&case, OTSU).await;
    let (mut done, mut told) = (0, 0);
    while let Some(hand) = hands.join_next().await {
        let (did, heard) = hand.unwrap();
        (done, told) = (done + did, told + heard);
    }
    assert_eq!(done + told, 48, "every refusal said what it was");
    assert!(done > 0 && told > 0, "{done} done, {told} told");
    let overlapping =
        "select count(*) from affiliations a join affiliations b on b.person_id = a.person_id and b.id > a.id
        and daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
        and ((a.is_main and b.is_main) or a.facility_id = b.facility_id)
        where a.known_to is null and b.known_to is null";
    assert_eq!(app.count(overlapping, &[]).await, 0);
    let events = "select count(*) from audit_events e join audit_payloads d on d.event_id = e.id
        where e.person_id = $1 and e.outcome = 'done' and jsonb_exists(d.payload, 'changes')";
    let version = "select version from persons where id = $1";
    let version: i64 = app.owner().query_one(version, &[&person.uuid()]).await.unwrap().get(0);
    assert_eq!(app.count(events, &[&person.uuid()]).await, version - 1, "each version has its event");
    let _ = first;
}
