//! Notes that pass by: what has just been done. Never an error, never the only place of anything important.

use std::time::Duration;

use leptos::prelude::*;

/// Long enough to be read twice.
const SHOWN: Duration = Duration::from_secs(8);

/// The note at hand; a newer one takes its place.
#[derive(Clone, Copy)]
pub struct Toasts {
    current: RwSignal<Option<(u32, String)>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes it known to everything below.
    pub fn provide() -> Self {
        let toasts = Self { current: RwSignal::new(None), next: StoredValue::new(1) };
        provide_context(toasts);
        toasts
    }

    /// Shows a note, in the words of the language at this moment.
    pub fn show(self, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.current.set(Some((id, text.into())));
        set_timeout(move || self.dismiss(id), SHOWN);
    }

    /// The note at hand, and a subscription to it.
    #[must_use]
    pub fn current(self) -> Option<String> {
        self.current.get().map(|(_, text)| text)
    }

    fn dismiss(self, id: u32) {
        if self.current.get_untracked().is_some_and(|(current, _)| current == id) {
            self.current.set(None);
        }
    }
}

/// The notes.
///
/// # Panics
/// Outside the application.
#[must_use]
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}
