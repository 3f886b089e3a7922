//! Use cases as users live them, over HTTP.

mod audit;
mod identity;
mod notices;
mod registry;
mod requests;
mod workflow;

/// The branch in which the tests live.
const OTSU: &str = "大津市医師会";
/// The prefecture above it.
const SHIGA: &str = "滋賀県医師会";
/// The nation.
const NATION: &str = "日本医師会";
/// Another district of the same prefecture.
const KUSATSU: &str = "草津市医師会";
/// Another prefecture.
const KYOTO: &str = "京都府医師会";
