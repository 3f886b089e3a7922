use chrono::NaiveDate;
use mamis_kernel::texts::TermsText;
use serde::Deserialize;

/// A version of the terms of use: announced on a day, in force from another until the next one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsVersion {
    /// `1.0`
    pub version: String,
    /// From when on everybody may read it.
    pub announced_on: NaiveDate,
    /// The first day on which it has to be accepted.
    pub effective_from: NaiveDate,
}

/// What the terms ask of an account on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsStanding {
    /// The version in force, while the account has not accepted it.
    pub to_accept: Option<TermsVersion>,
    /// The version that was announced and comes next.
    pub coming: Option<TermsVersion>,
}

impl TermsVersion {
    /// The one in force on a day: of those whose day has come, the latest. `None` before the first.
    ///
    /// Rule ID-40; source: docs/rules/identity.md#id-40.
    #[must_use]
    pub fn in_force(versions: &[Self], today: NaiveDate) -> Option<&Self> {
        versions.iter().filter(|terms| terms.effective_from <= today).max_by_key(|terms| terms.effective_from)
    }

    /// The next one that was announced. Rule ID-41.
    #[must_use]
    pub fn coming(versions: &[Self], today: NaiveDate) -> Option<&Self> {
        let announced = |terms: &&Self| terms.announced_on <= today && terms.effective_from > today;
        versions.iter().filter(announced).min_by_key(|terms| terms.effective_from)
    }

    /// Whether everybody may read it: what is not announced is a draft.
    #[must_use]
    pub fn is_announced(&self, today: NaiveDate) -> bool {
        self.announced_on <= today
    }
}

impl TermsStanding {
    /// What is asked on a day of an account that has `accepted` these versions.
    ///
    /// Rules ID-40, ID-41. A version accepted before its day need not be accepted again when the day comes.
    #[must_use]
    pub fn of(versions: &[TermsVersion], accepted: &[String], today: NaiveDate) -> Self {
        let open = |terms: &&TermsVersion| !accepted.contains(&terms.version);
        Self {
            to_accept: TermsVersion::in_force(versions, today).filter(open).cloned(),
            coming: TermsVersion::coming(versions, today).filter(open).cloned(),
        }
    }
}

/// A version with its text, as the product ships it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTerms {
    /// `1.0`
    pub version: String,
    /// From when on everybody may read it.
    pub announced_on: NaiveDate,
    /// The first day on which it has to be accepted.
    pub effective_from: NaiveDate,
    /// 日本語, which decides.
    pub ja: TermsText,
    /// English
    pub en: TermsText,
}

/// The files of `crates/domain/texts/terms`. A version that was announced is never edited: the next is another file.
const PUBLISHED: [&str; 1] = [include_str!("../../texts/terms/1.0.json")];

/// Every version the product ships.
///
/// # Errors
/// When a file cannot be read; a test sees to it that all can.
pub fn published_terms() -> Result<Vec<PublishedTerms>, serde_json::Error> {
    PUBLISHED.iter().map(|text| serde_json::from_str(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn versions() -> Vec<TermsVersion> {
        let version = |version: &str, announced_on, effective_from| TermsVersion {
            version: version.to_owned(),
            announced_on: day(announced_on),
            effective_from: day(effective_from),
        };
        vec![version("2.0", "2026-12-01", "2027-01-01"), version("1.0", "2026-03-01", "2026-04-01")]
    }

    fn asked(accepted: &[&str], today: &str) -> (Option<String>, Option<String>) {
        let accepted: Vec<String> = accepted.iter().map(|version| (*version).to_owned()).collect();
        let TermsStanding { to_accept, coming } = TermsStanding::of(&versions(), &accepted, day(today));
        (to_accept.map(|terms| terms.version), coming.map(|terms| terms.version))
    }

    #[test]
    fn id_40_the_version_in_force_is_asked_for_until_it_is_accepted() {
        let some = |version: &str| Some(version.to_owned());
        for (accepted, today, expected) in [
            (&[][..], "2026-03-31", (None, some("1.0"))),
            (&[], "2026-04-01", (some("1.0"), None)),
            (&["1.0"], "2026-11-30", (None, None)),
            (&["1.0"], "2026-12-01", (None, some("2.0"))),
            (&["1.0"], "2026-12-31", (None, some("2.0"))),
            (&["1.0"], "2027-01-01", (some("2.0"), None)),
            (&["2.0"], "2027-01-01", (None, None)),
            (&[], "2027-01-01", (some("2.0"), None)),
        ] {
            assert_eq!(asked(accepted, today), expected, "{accepted:?} on {today}");
        }
    }

    #[test]
    fn id_41_a_version_accepted_beforehand_is_not_asked_for_again() {
        assert_eq!(asked(&["1.0", "2.0"], "2026-12-15"), (None, None));
        assert_eq!(asked(&["1.0", "2.0"], "2027-01-01"), (None, None));
    }

    #[test]
    fn every_published_version_can_be_read_and_says_the_same_in_both_languages() {
        for terms in published_terms().unwrap() {
            assert!(terms.announced_on <= terms.effective_from, "{}", terms.version);
            let shape = |text: &TermsText| {
                let parts =
                    |section: &mamis_kernel::texts::TextSection| (section.paragraphs.len(), section.items.len());
                (text.changes.len(), text.lead.len(), text.sections.iter().map(parts).collect::<Vec<_>>())
            };
            assert_eq!(shape(&terms.ja), shape(&terms.en), "{}", terms.version);
            assert!(!terms.ja.changes.is_empty(), "{} does not say what changed", terms.version);
        }
    }
}
