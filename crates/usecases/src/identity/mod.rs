//! Log-in, the session behind it, and who one is.

mod change_password;
mod log_in;
mod log_out;
mod passwords;
mod record_accesses;
mod refresh;
mod sessions;
mod tokens;
mod who;

pub use change_password::{change_password, check_password};
pub use log_in::{OpenedSession, Origin, log_in};
pub use log_out::log_out;
pub(crate) use passwords::Hashing;
pub use passwords::hash_password;
pub use record_accesses::list_record_accesses;
pub use refresh::refresh;
pub use sessions::{end_other_sessions, end_session, list_sessions};
pub use tokens::TokenKeys;
pub use who::{AccountFacts, account_facts, authenticate};
