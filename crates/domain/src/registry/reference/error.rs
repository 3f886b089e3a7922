/// Why a reference file cannot be read: where, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, {field}: {problem}")]
pub struct ReferenceError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}
