//! The line that every benchmark prints.

use std::fmt::Display;

use crate::ground::{Conditions, load};

/// Whether a measured value should be small or large.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aim {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// `bench NAME key=value …`, built up value by value.
#[derive(Debug)]
pub(crate) struct Line(String);

impl Line {
    pub(crate) fn new(name: &str) -> Self {
        Self(format!("bench {name}"))
    }

    pub(crate) fn with(mut self, key: &str, value: impl Display) -> Self {
        self.0 += &format!(" {key}={value}");
        self
    }

    /// Two decimals: none of our aims is finer.
    pub(crate) fn number(self, key: &str, value: f64) -> Self {
        self.with(key, format_args!("{value:.2}"))
    }

    /// Says the aim of a value and whether it is met. Several aims of one line are met or missed together.
    pub(crate) fn aims(self, aims: &[(&str, f64, Aim)]) -> Self {
        let met = aims.iter().all(|(_, value, aim)| match aim {
            Aim::AtMost(limit) => value <= limit,
            Aim::AtLeast(limit) => value >= limit,
        });
        let named = aims.iter().fold(self, |line, (key, _, aim)| match aim {
            Aim::AtMost(limit) => line.with(&format!("aim_{key}"), format_args!("<={limit}")),
            Aim::AtLeast(limit) => line.with(&format!("aim_{key}"), format_args!(">={limit}")),
        });
        named.with("aim", if met { "met" } else { "missed" })
    }

    /// Prints the line with the conditions it was measured under: `scale` of the generated data (0 without any) and the
    /// `rows` the measured work touched or lay among.
    pub(crate) fn print(self, scale: f64, rows: u64, conditions: &Conditions) {
        let line = self.with("scale", scale).with("rows", rows);
        let line = line.with("cores", conditions.cores).with("fsync", &conditions.fsync);
        let line = line.with("synchronous_commit", &conditions.synchronous_commit);
        println!("{}", line.with("load_before", format_args!("{:.2}", conditions.load_before)).0);
    }

    /// The same without a database: nothing of it was asked.
    pub(crate) fn print_alone(self, rows: u64) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let line = self.with("scale", 0).with("rows", rows).with("cores", cores);
        println!("{}", line.with("load_before", format_args!("{:.2}", load())).0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, Line};

    #[test]
    fn a_missed_aim_is_said_to_be_missed() {
        let aims = [("ratio", 0.2, Aim::AtLeast(0.25)), ("seconds", 1.0, Aim::AtMost(10.0))];
        assert_eq!(Line::new("x").aims(&aims).0, "bench x aim_ratio=>=0.25 aim_seconds=<=10 aim=missed");
        assert!(Line::new("x").aims(&aims[1..]).0.ends_with("aim=met"));
    }
}
