use bytes::Bytes;
use mamis_contract::Problem;
use mamis_kernel::ApplicationId;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for failures that explain themselves.
    pub question: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null when there is none.
    #[must_use]
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.question, self.text()))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Demands this status.
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.question, self.text());
        self
    }

    /// Demands a problem in the shape all have.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) -> Problem {
        assert_eq!(self.status, status, "{}: {}", self.question, self.text());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.question);
        let problem: Problem = serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.question, self.text()));
        assert_eq!(problem.code.as_str(), code, "{}: {problem:#?}", self.question);
        assert_eq!(problem.status, status);
        assert_eq!(problem.kind, format!("/problems/{code}"));
        assert_eq!(problem.request_id, self.header("x-request-id"));
        assert!(!problem.title.is_empty() && !problem.request_id.is_empty());
        problem
    }

    /// Demands exactly these faults of fields, in any order.
    #[track_caller]
    pub fn assert_faults(&self, status: u16, code: &str, faults: &[(&str, &str)]) {
        let problem = self.assert_problem(status, code);
        let mut found: Vec<(&str, &str)> =
            problem.errors.iter().map(|fault| (fault.pointer.as_str(), fault.code.as_str())).collect();
        let mut wanted = faults.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{}", self.question);
        assert!(problem.errors.iter().all(|fault| !fault.detail.is_empty()));
    }

    /// The case of the answer.
    #[track_caller]
    #[must_use]
    pub fn application_id(&self) -> ApplicationId {
        let json = self.json();
        let id = json["id"].as_str().and_then(|text| text.parse().ok());
        id.unwrap_or_else(|| panic!("{} {}: not a case: {json}", self.question, self.status))
    }

    /// The version of the answer; a tag that matches nothing when there is none.
    #[must_use]
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        if tag.is_empty() { "\"v0\"".to_owned() } else { tag.to_owned() }
    }
}
