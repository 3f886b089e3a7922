//! Lists stay fast however large the country grows only as long as the database reads them from an index that holds them in
//! order. Whether it does is asked of the database itself, on enough rows for it to care.

use mamis_domain::registry::SearchText;
use mamis_kernel::{AssociationId, MembershipState, PersonId, Tier};
use mamis_persistence::registry::{MemberOrder, MemberQuestion};
use mamis_test_support::TestApp;

use crate::api::{NATION, OTSU};

const CROWD: &str = "
insert into persons (id, family_name, given_name, family_name_kana, given_name_kana, search_name, search_kana, birth_date, sex)
select gen_random_uuid(), '群', n::text, 'グン', n::text, chr(19968 + n % 3000) || n,
    chr(12449 + n % 80) || chr(12449 + (n / 80) % 80) || n % 7, '1950-01-01'::date + n % 15000, 'unspecified'
from generate_series(1, 12000) n";
const REGISTRATIONS: &str = "
insert into medical_registrations (id, person_id, number, registered_on)
select gen_random_uuid(), id, (200000 + given_name::int)::text, '1980-04-01' from persons where family_name = '群'";
const MEMBERS: &str = "
insert into memberships (id, person_id, association_id, category_code, valid_from, known_from)
select gen_random_uuid(), p.id, a.id, 'B', '2000-01-01'::date + p.given_name::int % 9000, now()
from persons p join associations a on a.name = $1 or (a.name = $2 and p.given_name::int % 4 = 0)
where p.family_name = '群'";

fn question(association: AssociationId, tier: Tier, text: Option<SearchText>) -> MemberQuestion {
    MemberQuestion {
        association,
        tier,
        day: "2026-11-23".parse().unwrap(),
        text,
        state: Some(MembershipState::Current),
        category_codes: Vec::new(),
        also_of: None,
        born_until: None,
        born_after: None,
        specialty: None,
        facility_kinds: Vec::new(),
    }
}

#[tokio::test]
async fn hot_lists_are_read_from_their_indexes() {
    let app = TestApp::start().await;
    app.owner().execute(CROWD, &[]).await.unwrap();
    app.owner().execute(REGISTRATIONS, &[]).await.unwrap();
    app.owner().execute(MEMBERS, &[&NATION, &OTSU]).await.unwrap();
    app.owner().batch_execute("analyze").await.unwrap();
    let store = &app.use_cases().store;
    let at = PersonId::from_uuid(uuid::Uuid::nil());
    let cases = [
        (None, MemberOrder::Kana(None), "memberships_by_kana", false),
        (None, MemberOrder::Kana(Some(("ミ".to_owned(), at))), "memberships_by_kana", false),
        (Some(SearchText::Kana("タ".to_owned())), MemberOrder::Kana(None), "memberships_by_kana", false),
        (Some(SearchText::Name("丁".to_owned())), MemberOrder::Kana(None), "memberships_by_name", true),
        (None, MemberOrder::JoinedLatest(None), "memberships_joined", false),
        (None, MemberOrder::JoinedLatest(Some(("2010-01-01".parse().unwrap(), at))), "memberships_joined", false),
    ];
    for (name, tier) in [(NATION, Tier::National), (OTSU, Tier::District)] {
        let association = app.association(name).await;
        for (text, order, index, is_sorted) in &cases {
            let plan = store.member_list_plan(&question(association, tier, text.clone()), order, 51).await.unwrap();
            let (_, page) = plan.split_once("CTE page").unwrap();
            let page: String = page.lines().take_while(|line| !line.contains("CTE Scan on page")).collect();
            assert!(page.contains(index), "{name} {text:?} {order:?}: {plan}");
            let before_the_cut = page.split(index).next().unwrap();
            assert_eq!(before_the_cut.contains("Sort"), *is_sorted, "{name} {text:?} {order:?}: {plan}");
        }
        let number = SearchText::Number {
            registration: Some("206762".to_owned()),
            jma_member_id: None,
            phone: None,
            birth_date: None,
        };
        let by_number = question(association, tier, Some(number));
        let plan = store.member_list_plan(&by_number, &MemberOrder::Kana(None), 51).await.unwrap();
        assert!(plan.contains("medical_registrations_current_number"), "{name}: {plan}");
        assert!(!plan.contains("Seq Scan on memberships") && !plan.contains("Seq Scan on persons"), "{name}: {plan}");
    }
}

#[tokio::test]
async fn a_corrected_name_moves_in_every_list_at_once() {
    let app = TestApp::start().await;
    let person = app.given_member_without_account(&[OTSU, NATION]).await;
    let sql = "update persons set search_kana = 'アアア', search_name = '亜亜亜' where id = $1";
    app.owner().execute(sql, &[&person.uuid()]).await.unwrap();
    let moved =
        "select count(*) from memberships where search_kana = 'アアア' and search_name = '亜亜亜' and person_id = $1";
    assert_eq!(app.count(moved, &[&person.uuid()]).await, 2);
    let strangers = "select count(*) from memberships m join persons p on p.id = m.person_id
        where (m.search_kana, m.search_name) is distinct from (p.search_kana, p.search_name)";
    assert_eq!(app.count(strangers, &[]).await, 0);
}
