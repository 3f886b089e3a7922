//! Cells that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// A cell with an apostrophe before what a spreadsheet would take for a formula, in full width too; and before an apostrophe that
/// stands before such a sign, so that taking one off always gives back what was there.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if begins_formula(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A cell without the apostrophe that [`guarded`] put there.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| begins_formula(rest.trim_start_matches('\''))).unwrap_or(cell)
}

fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\u{2212}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_5_what_a_spreadsheet_would_calculate_is_guarded_and_comes_back_by_taking_one_guard_off() {
        for cell in ["=1+1", "+81", "-1", "@SUM", "\t=1", "＝１", "＋", "－", "＠", "'=1", "''-2"] {
            let guarded = guarded(cell);
            assert_eq!(guarded.strip_prefix('\''), Some(cell), "{cell:?}");
            assert_eq!(unguarded(&guarded), cell);
        }
        for cell in ["", "0775-00-0000", "髙橋", "'90年卒", "a=b", "'"] {
            assert_eq!((guarded(cell).as_ref(), unguarded(cell)), (cell, cell));
        }
    }
}
