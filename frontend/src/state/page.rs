//! The page's title, in the window and for screen readers.

use leptos::prelude::*;

use crate::dom;
use crate::i18n::{Text, use_language};
use crate::say;

/// Title of the page at hand, and whether its form has faults.
#[derive(Clone, Copy)]
pub struct PageHead {
    title: RwSignal<Option<Text>>,
    has_faults: RwSignal<bool>,
    moved: RwSignal<bool>,
}

impl PageHead {
    /// Makes it known to everything below and keeps the window's title.
    pub fn provide() -> Self {
        let head = Self { title: RwSignal::new(None), has_faults: RwSignal::new(false), moved: RwSignal::new(false) };
        provide_context(head);
        let language = use_language();
        Effect::new(move |_| {
            let locale = language.locale();
            let title = head.title.get().and_then(|title| title.try_get());
            let prefix = if head.has_faults.get() { say!(locale, common.error_prefix) } else { String::new() };
            dom::set_title(&window_title(&prefix, title.as_deref(), &say!(locale, common.site_name)));
        });
        head
    }

    /// A page with this title is shown. Gives whether the reader has come from another page, so that the heading takes
    /// the focus; on the first page the browser's own start is better.
    pub fn enter(self, title: Text) -> bool {
        self.has_faults.set(false);
        self.title.set(Some(title));
        let moved = self.moved.get_untracked();
        self.moved.set(true);
        moved
    }

    /// Puts 「エラー：」 before the title, or takes it away.
    pub fn set_has_faults(self, has_faults: bool) {
        if self.has_faults.get_untracked() != has_faults {
            self.has_faults.set(has_faults);
        }
    }
}

fn window_title(prefix: &str, title: Option<&str>, site: &str) -> String {
    match title {
        Some(title) => format!("{prefix}{title}｜{site}"),
        None => format!("{prefix}{site}"),
    }
}

/// The title of the page at hand.
///
/// # Panics
/// Outside the application.
#[must_use]
pub fn use_page_head() -> PageHead {
    expect_context::<PageHead>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_first_in_the_title() {
        assert_eq!(window_title("エラー：", Some("ログイン"), "会員"), "エラー：ログイン｜会員");
        assert_eq!(window_title("", None, "会員"), "会員");
    }
}
