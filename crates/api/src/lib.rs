//! The only crate that knows HTTP: routes, extractors, wire mapping, problems.
