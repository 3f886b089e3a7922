//! Many clients at once, each on a connection of its own, each with one request at a time.

use std::{
    cell::RefCell,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Result;
use futures_util::future::try_join_all;

use crate::http::{Call, Http, Reply};

/// What a load has shown.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Sorted.
    latencies: Vec<Duration>,
    elapsed: Duration,
}

impl Measured {
    pub(crate) fn count(&self) -> usize {
        self.latencies.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency that `percent` of the requests did not exceed, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let at = (self.latencies.len() * percent / 100).min(last);
        self.latencies.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }

    /// Puts another stretch of the same load behind this one.
    pub(crate) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.latencies.sort_unstable();
        self.elapsed += other.elapsed;
    }
}

/// Sends each call once, `clients` at a time; gives the answers in the order of the calls.
pub(crate) async fn each_once(address: SocketAddr, clients: usize, calls: &[Call]) -> Result<(Measured, Vec<Reply>)> {
    let replies = RefCell::new(vec![None; calls.len()]);
    let next = RefCell::new(calls.iter().enumerate());
    let latencies = RefCell::new(Vec::with_capacity(calls.len()));
    let since = Instant::now();
    let client = async || -> Result<()> {
        let mut http = Http::new(address);
        loop {
            let Some((index, call)) = next.borrow_mut().next() else { return Ok(()) };
            let begun = Instant::now();
            let reply = http.must(call).await?;
            latencies.borrow_mut().push(begun.elapsed());
            if let Some(place) = replies.borrow_mut().get_mut(index) {
                *place = Some(reply);
            }
        }
    };
    try_join_all((0..clients).map(|_| client())).await?;
    let elapsed = since.elapsed();
    let mut latencies = latencies.into_inner();
    latencies.sort_unstable();
    Ok((Measured { latencies, elapsed }, replies.into_inner().into_iter().flatten().collect()))
}

/// Signs everybody in; gives their access tokens in the same order.
pub(crate) async fn sign_in_all(address: SocketAddr, clients: usize, logins: &[&str]) -> Result<Vec<String>> {
    let tokens = RefCell::new(vec![String::new(); logins.len()]);
    let next = RefCell::new(logins.iter().enumerate());
    let client = async || -> Result<()> {
        let mut http = Http::new(address);
        loop {
            let Some((index, login_id)) = next.borrow_mut().next() else { return Ok(()) };
            let token = http.sign_in(login_id).await?;
            if let Some(place) = tokens.borrow_mut().get_mut(index) {
                *place = token;
            }
        }
    };
    try_join_all((0..clients).map(|_| client())).await?;
    Ok(tokens.into_inner())
}

/// Sends calls, made anew each time, until the time is over.
pub(crate) async fn for_some_time(
    address: SocketAddr,
    clients: usize,
    time: Duration,
    call: impl Fn() -> Call,
) -> Result<Measured> {
    let latencies = RefCell::new(Vec::new());
    let since = Instant::now();
    let client = async || -> Result<()> {
        let mut http = Http::new(address);
        while since.elapsed() < time {
            let call = call();
            let begun = Instant::now();
            http.must(&call).await?;
            latencies.borrow_mut().push(begun.elapsed());
        }
        Ok(())
    };
    try_join_all((0..clients).map(|_| client())).await?;
    let elapsed = since.elapsed();
    let mut latencies = latencies.into_inner();
    latencies.sort_unstable();
    Ok(Measured { latencies, elapsed })
}

/// Sends calls, made anew each time, at a steady pace: each client one every `pace`, until the time is over. A call that had to
/// wait for the one before it counts from when it was due, so that a server that stands still is not measured once alone.
pub(crate) async fn at_a_pace(
    address: SocketAddr,
    (clients, pace): (u32, Duration),
    time: Duration,
    call: impl Fn() -> Call,
) -> Result<Measured> {
    let latencies = RefCell::new(Vec::new());
    let since = Instant::now();
    let client = async |number: u32| -> Result<()> {
        let mut http = Http::new(address);
        // Not all at the same moment.
        let mut due = since + pace * number / clients;
        while due < since + time {
            tokio::time::sleep_until(due.into()).await;
            http.must(&call()).await?;
            latencies.borrow_mut().push(due.elapsed());
            due += pace;
        }
        Ok(())
    };
    try_join_all((0..clients).map(client)).await?;
    let elapsed = since.elapsed();
    let mut latencies = latencies.into_inner();
    latencies.sort_unstable();
    Ok(Measured { latencies, elapsed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let latencies = (1..=200).map(Duration::from_millis).collect();
        let measured = Measured { latencies, elapsed: Duration::from_secs(2) };
        assert!((measured.percentile_ms(50) - 101.0).abs() < 0.01);
        assert!((measured.percentile_ms(99) - 199.0).abs() < 0.01);
        assert!((measured.per_second() - 100.0).abs() < 0.01);
        assert!(Measured::default().percentile_ms(99).is_nan());
    }
}
