//! Log-in, the session behind it, and who one is.

mod log_in;
mod log_out;
mod passwords;
mod refresh;
mod tokens;
mod who;

pub use log_in::{OpenedSession, log_in};
pub use log_out::log_out;
pub(crate) use passwords::Hashing;
pub use passwords::hash_password;
pub use refresh::refresh;
pub use tokens::TokenKeys;
pub use who::{AccountFacts, account_facts, authenticate};
