//! What commands say to the person at the terminal.

macro_rules! say {
    ($($arg:tt)*) => {
        $crate::say::line(&format!($($arg)*))
    };
}
pub(crate) use say;

/// A line on standard output; a closed pipe is no reason to fail.
pub(crate) fn line(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

macro_rules! complain {
    ($($arg:tt)*) => {
        $crate::say::error_line(&format!($($arg)*))
    };
}
pub(crate) use complain;

/// A line on standard error.
pub(crate) fn error_line(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
