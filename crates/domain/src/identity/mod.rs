//! Who acts, and the proofs that acting is allowed.
//!
//! Words: an **actor** is a signed-in account with the **capabilities** (roles in places) in force today; a **permit** is
//! the proof that a policy said yes to one write; a **scope** is the part of the world a list may show. A clerk is always
//! clerk *of an association*.

mod device;
mod model;
mod password;
mod permit;
mod second_factor;
mod throttle;

pub use device::Device;
pub use model::{Actor, Capability, Standing};
pub use password::{PasswordStrength, judge_password};
pub use permit::{By, Denied, Permit, Scope, SystemActor};
pub use second_factor::{
    CHALLENGE_HOLDS, CHALLENGE_TRIES, RECOVERY_CODES, SETUP_HOLDS, TOTP_SKEW, is_recent, read_recovery_code,
    read_totp_code, recovery_code, takes_step,
};
pub use throttle::{ThrottleRule, blocked_until};
