//! Every path of the application, as functions. Links are made here and nowhere else.

use std::fmt::Display;

use mamis_kernel::{
    AffiliationId, ApplicationId, AssociationId, ContactPointId, DuplicateId, MemberImportId, PersonId, SavedListId,
};

/// The patterns, as `app.rs` gives them to the router.
pub const PATTERNS: &[&str] = &[
    "/",
    "/login",
    "/my",
    "/applications/new",
    "/applications/:id/edit/:section",
    "/applications/:id/check",
    "/applications/:id",
    "/training",
    "/training/:id",
    "/enrol",
    "/recover",
    "/register",
    "/invitation",
    "/work",
    "/work/clerks",
    "/work/accounts",
    "/work/letters",
    "/work/duplicates",
    "/work/duplicates/compare",
    "/work/exports",
    "/work/members",
    "/work/members/import",
    "/work/members/:id",
    "/work/members/:id/edit",
    "/work/members/:id/work/:part",
    "/work/members/:id/contact/:part",
    "/work/members/:id/history",
    "/my/history",
    "/work/:id",
    "/account",
    "/account/second-factor",
    "/assistant-invitation",
    "/physicians",
    "/help",
    "/terms",
    "/terms/:version",
    "/joint-use",
];

/// The first page: goes on to one's own.
#[must_use]
pub fn home() -> String {
    "/".to_owned()
}

/// Log-in.
#[must_use]
pub fn login() -> String {
    "/login".to_owned()
}

/// Log-in, and then back to a page of ours.
#[must_use]
pub fn login_then(next: &str) -> String {
    if safe_next(Some(next)).is_none() {
        return login();
    }
    let mut path = String::from("/login?next=");
    for byte in next.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// The terms of use in force.
#[must_use]
pub fn terms() -> String {
    "/terms".to_owned()
}

/// A version of the terms of use.
#[must_use]
pub fn terms_of(version: &str) -> String {
    format!("/terms/{version}")
}

/// Joint use of personal data.
#[must_use]
pub fn joint_use() -> String {
    "/joint-use".to_owned()
}

/// My page.
#[must_use]
pub fn my_page() -> String {
    "/my".to_owned()
}

/// One's password and devices.
#[must_use]
pub fn account() -> String {
    "/account".to_owned()
}

/// Setting a second factor up.
#[must_use]
pub fn second_factor() -> String {
    "/account/second-factor".to_owned()
}

/// What joining is, and its start.
#[must_use]
pub fn new_application() -> String {
    "/applications/new".to_owned()
}

/// One part of the form of a draft or returned case.
#[must_use]
pub fn edit_application(id: ApplicationId, section: impl Display) -> String {
    format!("/applications/{id}/edit/{section}")
}

/// The part of the form that a new draft begins with.
pub const FIRST_SECTION: &str = "workplace";

/// All answers of a draft, before it is sent.
#[must_use]
pub fn check_application(id: ApplicationId) -> String {
    format!("/applications/{id}/check")
}

/// A case as its physician follows it.
#[must_use]
pub fn application(id: ApplicationId) -> String {
    format!("/applications/{id}")
}

/// Registering oneself for training, without being a member.
#[must_use]
pub fn register() -> String {
    "/register".to_owned()
}

/// From a letter to a log-in.
#[must_use]
pub fn enrol() -> String {
    "/enrol".to_owned()
}

/// A new password by mail.
#[must_use]
pub fn recover() -> String {
    "/recover".to_owned()
}

/// Where the application for a training account stands.
#[must_use]
pub fn training() -> String {
    "/training".to_owned()
}

/// The form of an application for a training account.
#[must_use]
pub fn training_form(id: ApplicationId) -> String {
    format!("/training/{id}")
}

/// A clerk's work list.
#[must_use]
pub fn work_list() -> String {
    "/work".to_owned()
}

/// A case as a clerk decides it.
#[must_use]
pub fn work_item(id: ApplicationId) -> String {
    format!("/work/{id}")
}

/// The members of one's association.
#[must_use]
pub fn members() -> String {
    "/work/members".to_owned()
}

/// The members of a list that was kept.
#[must_use]
pub fn saved_list(id: SavedListId) -> String {
    format!("/work/members?list={id}")
}

/// Lists one asked for as files.
#[must_use]
pub fn exports() -> String {
    "/work/exports".to_owned()
}

/// Changing members by a file.
#[must_use]
pub fn import_members() -> String {
    "/work/members/import".to_owned()
}

/// What a file would change, or changed.
#[must_use]
pub fn member_import(id: MemberImportId) -> String {
    format!("/work/members/import?file={id}")
}

/// The record of a member.
#[must_use]
pub fn member(id: PersonId) -> String {
    format!("/work/members/{id}")
}

/// Correcting who a member is.
#[must_use]
pub fn edit_member(id: PersonId) -> String {
    format!("/work/members/{id}/edit")
}

/// What stands in an address for a thing that is not there yet.
pub const NEW: &str = "new";

/// A member's workplace, or a further one.
#[must_use]
pub fn member_workplace(id: PersonId, workplace: Option<AffiliationId>) -> String {
    part_of(id, "work", workplace)
}

/// A way to reach a member, or a further one.
#[must_use]
pub fn member_contact(id: PersonId, contact: Option<ContactPointId>) -> String {
    part_of(id, "contact", contact)
}

fn part_of(id: PersonId, kind: &str, part: Option<impl Display>) -> String {
    part.map_or_else(|| format!("/work/members/{id}/{kind}/{NEW}"), |part| format!("/work/members/{id}/{kind}/{part}"))
}

/// What was changed in a member's record.
#[must_use]
pub fn member_history(id: PersonId) -> String {
    format!("/work/members/{id}/history")
}

/// What was changed in one's own record.
#[must_use]
pub fn my_history() -> String {
    "/my/history".to_owned()
}

/// Records that may be a second one of somebody, and those that were merged.
#[must_use]
pub fn duplicates() -> String {
    "/work/duplicates".to_owned()
}

/// Two records side by side, as clerk of an association; `pair` when the rules have found them.
#[must_use]
pub fn compare(association: AssociationId, records: [PersonId; 2], pair: Option<DuplicateId>) -> String {
    let [kept, other] = records;
    let pair = pair.map(|pair| format!("&pair={pair}")).unwrap_or_default();
    format!("/work/duplicates/compare?at={association}&kept={kept}&other={other}{pair}")
}

/// Taking up an assistant's invitation.
#[must_use]
pub fn assistant_invitation() -> String {
    "/assistant-invitation".to_owned()
}

/// For an assistant: the physicians one may act for.
#[must_use]
pub fn physicians() -> String {
    "/physicians".to_owned()
}

/// The clerks of one's association.
#[must_use]
pub fn clerks() -> String {
    "/work/clerks".to_owned()
}

/// Why somebody cannot sign in.
#[must_use]
pub fn accounts() -> String {
    "/work/accounts".to_owned()
}

/// Accepting an invitation; its code stands behind `#`.
#[must_use]
pub fn invitation() -> String {
    "/invitation".to_owned()
}

/// Letters with temporary log-ins.
#[must_use]
pub fn letters() -> String {
    "/work/letters".to_owned()
}

/// The letters that were issued, to be printed.
#[must_use]
pub fn issued_letters() -> String {
    "/work/letters?view=log".to_owned()
}

/// Help and contact.
#[must_use]
pub fn help() -> String {
    "/help".to_owned()
}

/// Where to go after log-in: only to a page of ours, and never to the log-in again.
#[must_use]
pub fn safe_next(next: Option<&str>) -> Option<&str> {
    let next = next?;
    let path = next.split(['?', '#']).next().unwrap_or_default();
    // Browsers drop control characters and read a backslash as a slash; no address of ours has either.
    let sane = !next.contains(|c: char| c.is_control() || c == '\\');
    let ours = PATTERNS.iter().any(|pattern| fits(pattern, path));
    (sane && ours && path != "/login").then_some(next)
}

/// Whether a path is one of a pattern's pages. An id is letters, digits and hyphens, a version has a dot in the middle:
/// nothing that could be read as more.
fn fits(pattern: &str, path: &str) -> bool {
    let is_id = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    };
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(known), Some(part)) if known == part || (known.starts_with(':') && is_id(part)) => {}
            (_, _) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_its_page() {
        let id: ApplicationId = "app_01900000000070008000000000000001".parse().unwrap();
        let person: PersonId = "per_01900000000070008000000000000001".parse().unwrap();
        let paths = [
            (home(), "/"),
            (account(), "/account"),
            (second_factor(), "/account/second-factor"),
            (terms(), "/terms"),
            (terms_of("2.0"), "/terms/:version"),
            (joint_use(), "/joint-use"),
            (work_list(), "/work"),
            (login_then("/my"), "/login"),
            (my_page(), "/my"),
            (new_application(), "/applications/new"),
            (edit_application(id, "workplace"), "/applications/:id/edit/:section"),
            (check_application(id), "/applications/:id/check"),
            (application(id), "/applications/:id"),
            (enrol(), "/enrol"),
            (recover(), "/recover"),
            (register(), "/register"),
            (training(), "/training"),
            (training_form(id), "/training/:id"),
            (clerks(), "/work/clerks"),
            (accounts(), "/work/accounts"),
            (letters(), "/work/letters"),
            (issued_letters(), "/work/letters"),
            (members(), "/work/members"),
            (member(person), "/work/members/:id"),
            (edit_member(person), "/work/members/:id/edit"),
            (member_workplace(person, None), "/work/members/:id/work/:part"),
            (member_contact(person, None), "/work/members/:id/contact/:part"),
            (member_history(person), "/work/members/:id/history"),
            (my_history(), "/my/history"),
            (saved_list("lst_01900000000070008000000000000001".parse().unwrap()), "/work/members"),
            (exports(), "/work/exports"),
            (duplicates(), "/work/duplicates"),
            (
                compare("ast_01900000000070008000000000000001".parse().unwrap(), [person; 2], None),
                "/work/duplicates/compare",
            ),
            (import_members(), "/work/members/import"),
            (member_import("imp_01900000000070008000000000000001".parse().unwrap()), "/work/members/import"),
            (invitation(), "/invitation"),
            (work_item(id), "/work/:id"),
            (assistant_invitation(), "/assistant-invitation"),
            (physicians(), "/physicians"),
            (help(), "/help"),
        ];
        for (path, pattern) in &paths {
            // The first that fits, so that `/applications/new` is not taken for a case.
            assert_eq!(
                PATTERNS.iter().find(|candidate| fits(candidate, path.split('?').next().unwrap())),
                Some(pattern),
                "{path}"
            );
        }
        for pattern in PATTERNS {
            assert!(paths.iter().any(|(_, of)| of == pattern), "no function makes {pattern}");
            assert!(include_str!("app.rs").contains(&format!("path!(\"{pattern}\")")), "app.rs has no {pattern}");
        }
    }

    #[test]
    fn log_in_leads_back_to_pages_of_ours() {
        let ours = [
            "/",
            "/my",
            "/work?status=open",
            "/work/members?state=all&category=B",
            "/work?name=%2F%2Fevil.example",
            "/account#password",
            "/applications/new",
        ];
        for page in ours {
            assert_eq!(safe_next(Some(page)), Some(page));
        }
        let case = "/applications/app_01900000000070008000000000000001/edit/workplace";
        assert_eq!(safe_next(Some(case)), Some(case));
        for again in ["/login", "/login?next=/my", "/login#a"] {
            assert_eq!(safe_next(Some(again)), None, "{again}");
        }
        assert_eq!(safe_next(None), None);
    }

    #[test]
    fn attack_open_redirect_in_next() {
        for foreign in [
            "https://evil.example",
            "https:evil.example",
            "HTTPS://evil.example/my",
            "//evil.example",
            "///evil.example",
            "////evil.example/my",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "/my\\..\\evil.example",
            "//evil.example/my",
            "//my",
            "/.//evil.example",
            "/..//evil.example",
            "/%2fevil.example",
            "/%2F%2Fevil.example",
            "/%5cevil.example",
            "%2F%2Fevil.example",
            "/work/%2e%2e",
            "/work/..",
            "/work/.",
            "/work/@evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r/evil.example",
            "/\0/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/my\n",
            "/my?a=\r\nSet-Cookie: a=b",
            "/my\u{0085}",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "blob:https://evil.example/1",
            "mailto:a@evil.example",
            "evil.example",
            "@evil.example",
            ".evil.example",
            "?next=//evil.example",
            "#//evil.example",
            "",
            "/api/v1/sessions",
            "/nowhere",
        ] {
            assert_eq!(safe_next(Some(foreign)), None, "{foreign:?}");
            assert_eq!(login_then(foreign), "/login", "{foreign:?}");
        }
    }

    #[test]
    fn the_way_back_is_encoded() {
        assert_eq!(login_then("/login"), "/login");
        assert_eq!(login_then("/work?status=open&a=1"), "/login?next=/work%3Fstatus%3Dopen%26a%3D1");
    }
}
