//! A list's address: codes, how many rows, which page.

/// How many rows a page may have.
pub(in crate::pages) const LIMITS: [u32; 3] = [50, 100, 200];

/// The names and values of a query.
pub(in crate::pages) fn pairs(search: &str) -> impl Iterator<Item = (&str, &str)> {
    search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='))
}

/// How many rows, as the address says it; the fewest when it says anything else.
pub(in crate::pages) fn limit_of(value: &str) -> u32 {
    value.parse().ok().filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMITS[0])
}

/// The address of a page of a list.
pub(in crate::pages) fn address(path: String, mut pairs: Vec<String>, limit: u32, page: u32) -> String {
    if limit != LIMITS[0] {
        pairs.push(format!("limit={limit}"));
    }
    if page > 1 {
        pairs.push(format!("page={page}"));
    }
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}
