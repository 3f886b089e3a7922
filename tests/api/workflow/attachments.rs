use chrono::TimeDelta;
use mamis_domain::audit::AuditOutcome;
use mamis_kernel::Role;
use mamis_test_support::{Answer, Case, SignedIn, TestApp, file_form};
use reqwest::Method;
use sha2::{Digest, Sha256};

use crate::api::{KYOTO, NATION, OTSU, SHIGA};

/// A photograph of a made-up licence.
pub const LICENCE: &[u8] = include_bytes!("../../data/files/licence.jpg");
const PNG: &[u8] = include_bytes!("../../data/files/small.png");
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const PURPOSE: &str = "medical_license";

async fn upload(case: &Case, name: &str, content: impl AsRef<[u8]>) -> Answer {
    case.physician.upload(case.id, (PURPOSE, name), content).await
}

async fn attached(app: &TestApp) -> (Case, String) {
    let case = app.given_application().drafted_for(OTSU).await;
    let id = id_of(&upload(&case, "免許証.jpg", LICENCE).await.assert_status(201));
    (case, id)
}

fn id_of(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn remove(who: &SignedIn, id: &str) -> Answer {
    who.call(Method::DELETE, &format!("/api/v1/attachments/{id}")).send().await
}

async fn rows(app: &TestApp) -> i64 {
    app.count("select count(*) from attachments", &[]).await
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_only_as_an_attachment() {
    let app = TestApp::start().await;
    let (case, id) = attached(&app).await;
    let shown = case.physician.application(case.id).await.json();
    assert_eq!(shown["attachments"][0]["id"], id.as_str());
    assert_eq!(shown["attachments"][0]["file_name"], "免許証.jpg");
    let file = case.physician.get(&format!("/attachments/{id}")).await.assert_status(200);
    assert!(file.body == LICENCE, "other bytes");
    for (header, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        (
            "content-disposition",
            "attachment; filename=\"attachment.jpg\"; filename*=UTF-8''%E5%85%8D%E8%A8%B1%E8%A8%BC.jpg",
        ),
    ] {
        assert_eq!(file.header(header), value, "{header}");
    }
    assert!(file.header("content-security-policy").starts_with("sandbox;"));
    let kept = app.owner().query_one("select sha256, object_key from attachments", &[]).await.unwrap();
    let (hash, key): (Vec<u8>, String) = (kept.get(0), kept.get(1));
    assert_eq!(hash, Sha256::digest(LICENCE).to_vec());
    assert_eq!(app.attachment_files().len(), 1);
    assert!(app.attachment_files()[0].ends_with(&key), "a name that says nothing: {key}");
    app.assert_audit(&[("workflow.add_attachment", case.physician.account_id, AuditOutcome::Done)]).await;
}

#[tokio::test]
async fn w_21_content_decides_whatever_the_name_says() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    for (name, content, media_type, kept) in [
        ("photo.pdf", LICENCE, "image/jpeg", "photo.pdf.jpg"),
        ("写真.PNG", PNG, "image/png", "写真.png"),
        ("scan.html", PDF, "application/pdf", "scan.html.pdf"),
    ] {
        let file = upload(&case, name, content).await.assert_status(201).json();
        assert_eq!((file["media_type"].as_str(), file["file_name"].as_str()), (Some(media_type), Some(kept)));
    }
}

#[tokio::test]
async fn attack_pages_and_programs_under_a_right_ending_are_refused_and_leave_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    for content in [
        &b"<html><script>alert(1)</script></html>"[..],
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"<?xml version=\"1.0\"?><svg/>",
        b"GIF89a/*<script>*/=1;",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01\x01",
        b"PK\x03\x04\x14\x00",
        b"#!/bin/sh\nrm -rf /\n",
        b"   %PDF-1.4 not at the beginning",
        b"\xff\xd8",
        b"plain text",
    ] {
        let answer = upload(&case, "免許証.jpg", content).await;
        answer.assert_faults(422, "invalid_fields", &[("/file", "unsupported_file")]);
    }
    upload(&case, "免許証.jpg", b"").await.assert_faults(422, "invalid_fields", &[("/file", "required")]);
    assert_eq!((rows(&app).await, app.attachment_files().len()), (0, 0));
}

#[tokio::test]
async fn attack_a_picture_that_is_a_page_too_is_given_as_a_picture_that_runs_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let polyglot = [LICENCE, b"<html><script>alert(document.domain)</script></html>"].concat();
    let id = id_of(&upload(&case, "index.html", &polyglot).await.assert_status(201));
    let file = case.physician.get(&format!("/attachments/{id}")).await.assert_status(200);
    assert_eq!(file.header("content-type"), "image/jpeg");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-disposition").starts_with("attachment;"));
    assert!(file.header("content-disposition").ends_with("index.html.jpg"));
    assert!(file.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn attack_a_name_with_a_path_or_a_header_in_it_is_only_text() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    for (name, kept) in [
        ("../../../etc/cron.d/x", "x.jpg"),
        ("..%2f..%2fx", "..2f..2fx.jpg"),
        ("/etc/passwd", "passwd.jpg"),
        ("C:\\\\windows\\\\x.jpg", "x.jpg"),
        ("x.jpg; filename=evil.html", "x.jpg filename=evil.html.jpg"),
    ] {
        let file = upload(&case, name, [LICENCE, name.as_bytes()].concat()).await.assert_status(201);
        assert_eq!(file.json()["file_name"], kept.trim_start_matches('.'), "{name}");
        remove(&case.physician, &id_of(&file)).await.assert_status(204);
    }
    assert_eq!(app.attachment_files().len(), 0);
}

#[tokio::test]
async fn too_large_is_refused_while_it_comes_and_leaves_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let mut large = LICENCE.to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    upload(&case, "a.jpg", &large).await.assert_problem(413, "body_too_large");
    assert_eq!((rows(&app).await, app.attachment_files().len()), (0, 0));
    large.truncate(10 * 1024 * 1024);
    upload(&case, "a.jpg", &large).await.assert_status(201);
}

#[tokio::test]
async fn attack_an_upload_that_stops_in_the_middle_leaves_nothing() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let (content_type, mut body) = file_form(PURPOSE, "a.jpg", LICENCE);
    body.truncate(body.len() / 2);
    let path = format!("/applications/{}/attachments", case.id);
    let answer = case.physician.post(&path).body(&content_type, body).send().await;
    answer.assert_problem(400, "malformed_request");
    assert_eq!((rows(&app).await, app.attachment_files().len()), (0, 0));
}

#[tokio::test]
async fn w_22_what_a_crash_left_is_ended_by_the_worker_and_nothing_else() {
    let app = TestApp::start().await;
    let (case, id) = attached(&app).await;
    // A row whose bytes were on their way when the process died, with a part of them.
    let whole = app.attachment_files().remove(0);
    app.owner()
        .execute(
            "insert into attachments (id, application_id, purpose, state, object_key, uploaded_by, begun_at)
             select gen_random_uuid(), application_id, purpose, 'receiving', 'zz/broken', uploaded_by, begun_at
             from attachments",
            &[],
        )
        .await
        .unwrap();
    let folder = whole.parent().unwrap().parent().unwrap().join("zz");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("broken#1"), b"half").unwrap();
    app.end_attachments().await;
    assert_eq!((rows(&app).await, app.attachment_files().len()), (2, 2), "it may still come");
    app.advance(TimeDelta::minutes(61));
    app.end_attachments().await;
    assert_eq!((rows(&app).await, app.attachment_files()), (1, vec![whole]));
    let physician = app.log_in_again(&case.physician).await;
    physician.get(&format!("/attachments/{id}")).await.assert_status(200);
}

#[tokio::test]
async fn attack_other_peoples_files_are_not_there() {
    let app = TestApp::start().await;
    let (case, id) = attached(&app).await;
    let path = format!("/attachments/{id}");
    let stranger = app.given_physician().await;
    let clerk = app.given_clerk_of(OTSU, Role::Administrator).await;
    for who in [&stranger, &clerk] {
        who.get(&path).await.assert_problem(404, "not_found");
        remove(who, &id).await.assert_problem(404, "not_found");
        who.upload(case.id, (PURPOSE, "a.jpg"), LICENCE).await.assert_problem(404, "not_found");
    }
    app.visitor().get(&path).await.assert_problem(401, "not_signed_in");
    case.physician.submit(case.id).await.assert_status(200);
    let other = app.given_clerk_of(KYOTO, Role::Administrator).await;
    other.get(&path).await.assert_problem(404, "not_found");
    for place in [OTSU, SHIGA, NATION] {
        let viewer = app.given_clerk_of(place, Role::Viewer).await;
        viewer.get(&path).await.assert_status(200);
        remove(&viewer, &id).await.assert_problem(403, "forbidden");
        app.assert_audit(&[("workflow.get_attachment", viewer.account_id, AuditOutcome::Seen)]).await;
    }
    app.assert_audit(&[("workflow.get_attachment", other.account_id, AuditOutcome::Denied)]).await;
}

#[tokio::test]
async fn w_20_files_come_and_go_while_the_case_can_be_edited() {
    let app = TestApp::start().await;
    let (case, id) = attached(&app).await;
    case.physician.submit(case.id).await.assert_status(200);
    upload(&case, "b.png", PNG).await.assert_problem(409, "wrong_state");
    remove(&case.physician, &id).await.assert_problem(409, "wrong_state");
    app.given_clerk_of(OTSU, Role::Approver).await.send_back(case.id, "ご確認ください", &[]).await.assert_status(200);
    upload(&case, "b.png", PNG).await.assert_status(201);
    remove(&case.physician, &id).await.assert_status(204);
    remove(&case.physician, &id).await.assert_problem(404, "not_found");
    assert_eq!((rows(&app).await, app.attachment_files().len()), (1, 1));
}

#[tokio::test]
async fn w_22_a_case_has_ten_files_at_most_and_the_same_one_once() {
    let app = TestApp::start().await;
    let (case, id) = attached(&app).await;
    assert_eq!(id_of(&upload(&case, "again.jpg", LICENCE).await.assert_status(201)), id, "sent again");
    for number in 1..10_u8 {
        upload(&case, "a.jpg", [LICENCE, &[number]].concat()).await.assert_status(201);
    }
    upload(&case, "b.png", PNG).await.assert_problem(409, "too_many_attachments");
    assert_eq!((rows(&app).await, app.attachment_files().len()), (10, 10));
}

#[tokio::test]
async fn forms_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let case = app.given_application().drafted_for(OTSU).await;
    let path = format!("/applications/{}/attachments", case.id);
    case.physician
        .post(&path)
        .body("application/json", "{}")
        .send()
        .await
        .assert_problem(415, "unsupported_media_type");
    let nothing = case.physician.post(&path).body("multipart/form-data", "").send().await;
    nothing.assert_problem(400, "malformed_request");
    case.physician.upload(case.id, ("role", "a.jpg"), LICENCE).await.assert_problem(400, "malformed_request");
    let (content_type, body) = file_form(PURPOSE, "a.jpg", LICENCE);
    let body = String::from_utf8_lossy(&body).replace("name=\"purpose\"", "name=\"state\"");
    let other = case.physician.post(&path).body(&content_type, body).send().await;
    other.assert_faults(422, "invalid_fields", &[("/purpose", "required")]);
    assert_eq!((rows(&app).await, app.attachment_files().len()), (0, 0));
}
