//! Every text of the screen: keys checked at compile time, Japanese first, English second.
//!
//! - [`tr!`](crate::tr): a text that follows the language, for views and component properties.
//! - [`say!`](crate::say): the same text once, in a language one already has.
//! - [`codes`]: the words for the wire's codes. - [`problems`]: the sentences for problems and field errors.

pub mod codes;
pub mod problems;

use leptos::prelude::*;

pub use generated::i18n::Locale;

use crate::dom;

#[expect(
    clippy::expect_used,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    reason = "generated from the files under `locales/`"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

/// A text that changes with the language: what components take.
pub type Text = Signal<String>;

const STORAGE_KEY: &str = "mamis.language";

/// The language of the screen, kept in this browser.
#[derive(Clone, Copy)]
pub struct Language(RwSignal<Locale>);

impl Language {
    /// Makes the language known to everything below: the one chosen last in this browser, else Japanese.
    pub fn provide() -> Self {
        let chosen = dom::stored(STORAGE_KEY).and_then(|code| from_code(&code)).unwrap_or(Locale::ja);
        let language = Self(RwSignal::new(chosen));
        provide_context(language);
        Effect::new(move |_| dom::set_document_language(code(language.locale())));
        language
    }

    /// The language, and a subscription to its changes.
    #[must_use]
    pub fn locale(self) -> Locale {
        self.0.get()
    }

    /// The language at this moment, for event handlers.
    #[must_use]
    pub fn locale_now(self) -> Locale {
        self.0.get_untracked()
    }

    /// Changes the language and remembers it.
    pub fn choose(self, locale: Locale) {
        dom::store(STORAGE_KEY, code(locale));
        self.0.set(locale);
    }
}

/// The language of the screen.
#[must_use]
pub fn use_language() -> Language {
    use_context::<Language>().unwrap_or_else(|| Language(RwSignal::new(Locale::ja)))
}

/// As in `lang` and `Accept-Language`.
#[must_use]
pub const fn code(locale: Locale) -> &'static str {
    match locale {
        Locale::ja => "ja",
        Locale::en => "en",
    }
}

fn from_code(text: &str) -> Option<Locale> {
    [Locale::ja, Locale::en].into_iter().find(|locale| code(*locale) == text)
}

/// A text that follows the language: `tr!(common.log_in)`, `tr!(common.page_number, number = page.get())`.
///
/// Gives a [`Text`](crate::i18n::Text). Values are evaluated anew whenever a signal they read changes.
#[macro_export]
macro_rules! tr {
    ($($key:ident).+) => {
        $crate::i18n::in_language_fixed(|locale| $crate::say!(locale, $($key).+))
    };
    ($($key:ident).+, $($values:tt)+) => {
        $crate::i18n::in_language(move |locale| $crate::say!(locale, $($key).+, $($values)+))
    };
}

/// A text in one language: `say!(locale, common.log_in)`.
#[macro_export]
macro_rules! say {
    ($locale:expr, $($key:tt)+) => {
        std::string::String::from(leptos_i18n::td_string!($locale, $($key)+))
    };
}

/// The language as the wire writes it.
#[must_use]
pub const fn language_of(locale: Locale) -> mamis_kernel::Language {
    match locale {
        Locale::ja => mamis_kernel::Language::Ja,
        Locale::en => mamis_kernel::Language::En,
    }
}

/// A text that follows the language and is worked out by a function of it, such as a code's label.
pub fn in_language(text: impl Fn(Locale) -> String + Send + Sync + 'static) -> Text {
    in_language_boxed(Box::new(text))
}

/// A text without values. A function, not a closure, so that the hundreds of texts share one signal's code.
#[must_use]
pub fn in_language_fixed(text: fn(Locale) -> String) -> Text {
    let language = use_language();
    Signal::derive(move || text(language.locale()))
}

fn in_language_boxed(text: Box<dyn Fn(Locale) -> String + Send + Sync>) -> Text {
    let language = use_language();
    Signal::derive(move || text(language.locale()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    keys(member, &format!("{path}.{key}"), found);
                }
            }
            Value::String(text) => {
                assert!(!text.trim().is_empty(), "{path} is empty");
                found.insert(path.to_owned());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => panic!("{path} is not a text"),
        }
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
        for entry in fs::read_dir(root.join("ja")).unwrap() {
            let name = entry.unwrap().file_name();
            let [japanese, english] = ["ja", "en"].map(|language| {
                let text = fs::read_to_string(root.join(language).join(&name)).unwrap();
                let mut found = BTreeSet::new();
                keys(&serde_json::from_str(&text).unwrap(), "", &mut found);
                found
            });
            assert_eq!(japanese, english, "{name:?}");
        }
    }

    #[test]
    fn a_language_survives_storage_and_nonsense_does_not() {
        for locale in [Locale::ja, Locale::en] {
            assert_eq!(from_code(code(locale)), Some(locale));
        }
        assert_eq!(from_code("fr"), None);
    }
}
