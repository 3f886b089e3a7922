//! What the browser's history keeps for an entry: never in the address, for names do not belong there.

use serde::{Deserialize, Serialize};

/// What the browser's history keeps for an entry of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct ListMemory {
    /// What was searched for.
    pub(in crate::pages) text: String,
    /// The specialty that was typed, in lists that ask for one.
    pub(in crate::pages) specialty: String,
    /// The cursors that led here; empty on the first page.
    pub(in crate::pages) trail: Vec<String>,
    /// The id of the row one was at, to come back to.
    pub(in crate::pages) row: Option<String>,
    /// Its place, for when it is gone.
    pub(in crate::pages) index: usize,
}

impl ListMemory {
    pub(in crate::pages) fn decode(kept: Option<&str>) -> Self {
        kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    pub(in crate::pages) fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// 1 for the first.
    pub(in crate::pages) fn page(&self) -> u32 {
        u32::try_from(self.trail.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Where to go on.
    pub(in crate::pages) fn cursor(&self) -> Option<String> {
        self.trail.last().cloned()
    }

    /// The same search from its beginning.
    pub(in crate::pages) fn restarted(&self) -> Self {
        Self { text: self.text.clone(), specialty: self.specialty.clone(), ..Self::default() }
    }

    pub(in crate::pages) fn next_page(&self, cursor: String) -> Self {
        let mut next = self.restarted();
        next.trail = self.trail.iter().cloned().chain([cursor]).collect();
        next
    }

    pub(in crate::pages) fn previous_page(&self) -> Self {
        let mut previous = self.restarted();
        previous.trail = self.trail.iter().take(self.trail.len().saturating_sub(1)).cloned().collect();
        previous
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_nothing() {
        let memory = ListMemory { text: "髙橋".to_owned(), row: Some("a".to_owned()), ..ListMemory::default() };
        assert_eq!(ListMemory::decode(Some(&memory.encode())), memory);
        assert_eq!(ListMemory::decode(Some("{")), ListMemory::default());
        assert_eq!(ListMemory::decode(None), ListMemory::default());
    }

    #[test]
    fn pages_follow_the_cursors_there_and_back() {
        let first = ListMemory { text: "タカ".to_owned(), index: 7, ..ListMemory::default() };
        let second = first.next_page("a".to_owned());
        let third = second.next_page("b".to_owned());
        assert_eq!((first.page(), second.page(), third.page()), (1, 2, 3));
        assert_eq!(third.previous_page(), second);
        assert_eq!(second.previous_page(), first.restarted());
        assert_eq!(third.index, 0, "another page begins at its top");
    }
}
