//! Labels of the national member categories, as papers and old systems write them.

use mamis_kernel::MemberCategory;
use mamis_kernel::text::width::{fold_char, is_space};

/// Reads a label of a national member category: `A①`, `Ａ①`, `A1`, `A②(B)`, `Ａ②（Ｂ）`, `A②B`, `B会員` … (RO-11, docs/rules/registry.md).
///
/// `None` for anything else, `A` and `A②` included: which of their kinds is meant would be a guess.
pub fn parse_category_label(label: &str) -> Option<MemberCategory> {
    // Five ASCII characters are more than any label has left once folded.
    let mut folded = [0_u8; 5];
    let mut length = 0;
    let label = label.trim_matches(is_space);
    for c in label.strip_suffix("会員").unwrap_or(label).chars() {
        let c = match fold_char(c) {
            '①' => '1',
            '②' => '2',
            '(' | ')' => continue,
            c if is_space(c) => continue,
            c => c.to_ascii_uppercase(),
        };
        *folded.get_mut(length)? = u8::try_from(c).ok().filter(u8::is_ascii)?;
        length += 1;
    }
    match folded.get(..length)? {
        b"A1" => Some(MemberCategory::A1),
        b"A2B" => Some(MemberCategory::A2B),
        b"A2C" => Some(MemberCategory::A2C),
        b"B" => Some(MemberCategory::B),
        b"C" => Some(MemberCategory::C),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ro_11_every_way_of_writing_a_category_is_read() {
        for (category, labels) in [
            (MemberCategory::A1, &["A①", "Ａ①", "A1", "Ａ１", "a1", "A①会員", " A 1 ", "A(1)"][..]),
            (MemberCategory::A2B, &["A②(B)", "Ａ②（Ｂ）", "A②B", "A2B", "Ａ２Ｂ", "A②(B)会員"]),
            (MemberCategory::A2C, &["A②(C)", "Ａ②（Ｃ）", "A②C", "A2C"]),
            (MemberCategory::B, &["B", "Ｂ", "B会員", "Ｂ会員"]),
            (MemberCategory::C, &["C", "Ｃ", "C会員"]),
        ] {
            for label in labels {
                assert_eq!(parse_category_label(label), Some(category), "{label}");
            }
            assert_eq!(parse_category_label(category.label()), Some(category));
            assert_eq!(parse_category_label(category.as_str()), Some(category));
        }
    }

    #[test]
    fn ro_11_a_label_that_leaves_a_choice_is_not_read() {
        for label in ["", "A", "A②", "Ａ③", "D", "A1B", "会員", "正会員", "A2BBBBBBBB", "１"] {
            assert_eq!(parse_category_label(label), None, "{label}");
        }
    }
}
