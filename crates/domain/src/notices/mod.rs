//! What people are told: by mail or by post, with the texts and when a mail is tried again; by planned stops; and by the page
//! of joint use.

mod joint_use;
mod mail;
mod maintenance;
mod retry;

pub use joint_use::default_joint_use;
pub use mail::{FactorChange, Mail, Message, ResetLink};
pub use maintenance::{LONGEST_NOTICE_DAYS, MaintenanceWindow};
pub use retry::{NextTry, next_try};
