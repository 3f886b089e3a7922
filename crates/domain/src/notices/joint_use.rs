use mamis_kernel::texts::JointUse;

/// The page of joint use as the product ships it (ID-42). An installation may have a file of its own.
///
/// # Panics
/// Never: a test reads the file that is compiled in.
#[must_use]
#[expect(clippy::expect_used, reason = "the text is compiled in, and a test reads it")]
pub fn default_joint_use() -> JointUse {
    serde_json::from_str(include_str!("../../texts/joint_use.json")).expect("the shipped text can be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_42_the_page_says_what_the_law_asks_for_in_both_languages() {
        let page = default_joint_use();
        let shape = |text: &mamis_kernel::texts::JointUseText| {
            let lists = [&text.lead, &text.items, &text.users, &text.purposes, &text.managers, &text.environments];
            let lists: Vec<usize> = lists.iter().map(|list| list.len()).collect();
            (lists, text.tasks.len(), text.migration.len())
        };
        assert_eq!(shape(&page.ja), shape(&page.en));
        assert!(shape(&page.ja).0.iter().all(|count| *count > 0));
    }
}
