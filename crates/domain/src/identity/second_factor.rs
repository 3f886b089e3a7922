use chrono::{DateTime, TimeDelta, Utc};
use mamis_kernel::{Assurance, Role};

use super::Actor;

/// How far the clock of an authenticator app may be away, in steps of half a minute.
pub const TOTP_SKEW: u16 = 1;
/// Recovery codes that are given at once.
pub const RECOVERY_CODES: usize = 10;
/// Wrong codes after which the password must be given again.
pub const CHALLENGE_TRIES: i32 = 5;

/// For how long the second step of a log-in may be taken.
pub const CHALLENGE_HOLDS: TimeDelta = TimeDelta::minutes(10);
/// For how long a begun setting-up of an authenticator app waits for its first code.
pub const SETUP_HOLDS: TimeDelta = TimeDelta::minutes(30);
/// For how long somebody who proved who they are need not do so again.
pub const PROOF_HOLDS: TimeDelta = TimeDelta::minutes(10);

impl Actor {
    /// Takes away the roles that want more than a password, in a session that was opened with nothing more.
    ///
    /// Rule ID-20 (from a role upward a second factor is wanted; without one the role is held back, not the log-in); `from`
    /// is configured, `None` wants it of nobody. Source: docs/rules/identity.md#id-20.
    #[must_use]
    pub fn hold_back(mut self, from: Option<Role>) -> Self {
        let Some(from) = from.filter(|_| self.assurance == Assurance::Password) else { return self };
        let held = std::mem::take(&mut self.capabilities);
        let (waiting, free) = held.into_iter().partition(|capability| capability.role >= from);
        (self.held_back, self.capabilities) = (waiting, free);
        self
    }
}

/// Whether a code of an authenticator app may be taken: of the time steps that it fits, one after the last one taken.
///
/// Rule ID-21 (a code works once); source: RFC 6238 section 5.2, docs/rules/identity.md#id-21.
#[must_use]
pub fn takes_step(matched: i64, last_taken: Option<i64>) -> bool {
    last_taken.is_none_or(|last| matched > last)
}

/// Whether a proof of who one is is recent enough to change what one signs in with.
///
/// Rule ID-23; source: docs/rules/identity.md#id-23.
#[must_use]
pub fn is_recent(proved_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - proved_at <= PROOF_HOLDS
}

/// Letters of recovery codes: none that is mistaken for another on paper.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of one recovery code: 60 random bits.
const LENGTH: usize = 12;

/// A recovery code, as it is printed: `4F7K-9XQ2-M0TB`. Of each byte five bits are taken.
#[must_use]
pub fn recovery_code(random: [u8; LENGTH]) -> String {
    let letters: Vec<char> =
        random.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31)).copied().map(char::from)).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// A recovery code as typed, in its one form: without hyphens and blanks, in capitals, full-width letters narrowed, and with
/// what looks like another letter taken for it. `None` when it cannot be one.
///
/// Rule ID-22; source: docs/rules/identity.md#id-22.
#[must_use]
pub fn read_recovery_code(typed: &str) -> Option<String> {
    let letters: Option<String> = narrow(typed)
        .filter(|letter| !is_gap(*letter))
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            letter => u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte)).then_some(letter),
        })
        .collect();
    letters.filter(|letters| letters.len() == LENGTH)
}

/// The six digits of an authenticator app as typed, blanks and full-width digits allowed. `None` when it cannot be one.
#[must_use]
pub fn read_totp_code(typed: &str) -> Option<String> {
    let digits: String = narrow(typed).filter(|letter| !is_gap(*letter)).collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn narrow(typed: &str) -> impl Iterator<Item = char> + '_ {
    // Full-width forms stand in the order of ASCII.
    typed.chars().map(|letter| match u32::from(letter) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(letter),
        _ => letter,
    })
}

fn is_gap(letter: char) -> bool {
    letter.is_whitespace() || "-‐‑–—−ー".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{actor_clerk, actor_physician, association, person};

    #[test]
    fn id_20_from_approver_upward_a_role_waits_for_a_second_factor() {
        let from = Some(Role::Approver);
        for (role, waits) in
            [(Role::Viewer, false), (Role::Operator, false), (Role::Approver, true), (Role::Administrator, true)]
        {
            let clerk = actor_clerk(association(1), role);
            let by = |assurance| Actor { assurance, ..clerk.clone() }.hold_back(from);
            let (alone, sure) = (by(Assurance::Password), by(Assurance::SecondFactor));
            assert_eq!((alone.capabilities.is_empty(), alone.held_back.len()), (waits, usize::from(waits)), "{role}");
            assert_eq!((sure.capabilities.len(), sure.held_back.len()), (1, 0), "{role}");
            assert_eq!(by(Assurance::Passkey).capabilities.len(), 1, "{role}");
        }
        let physician = Actor { assurance: Assurance::Password, ..actor_physician(person(1)) };
        assert!(physician.clone().hold_back(from).held_back.is_empty());
        assert!(physician.clone().hold_back(None).held_back.is_empty());
        assert_eq!(physician.hold_back(Some(Role::Physician)).held_back.len(), 1, "it can be wanted of all");
    }

    #[test]
    fn id_21_a_code_works_once_and_none_from_before_it_afterwards() {
        assert!(takes_step(100, None));
        assert!(takes_step(101, Some(100)));
        assert!(!takes_step(100, Some(100)));
        assert!(!takes_step(99, Some(100)));
    }

    #[test]
    fn id_22_a_recovery_code_is_read_however_it_is_typed() {
        let printed = recovery_code([31, 0, 1, 10, 255, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(printed, "Z01A-Z765-4321");
        for typed in
            ["Z01A-Z765-4321", "z01az7654321", " ｚ０１ａ－ｚ７６５ ４３２１ ", "ZOIA Z765 432l", "Z01Aー Z765ー4321"]
        {
            assert_eq!(read_recovery_code(typed).as_deref(), Some("Z01AZ7654321"), "{typed}");
        }
        for typed in ["", "Z01A-Z765-432", "Z01A-Z765-43211", "U01A-Z765-4321", "あいうえおかきくけこさし"]
        {
            assert_eq!(read_recovery_code(typed), None, "{typed}");
        }
    }

    #[test]
    fn id_21_six_digits_are_read_with_blanks_and_in_full_width() {
        assert_eq!(read_totp_code("１２３ ４５６").as_deref(), Some("123456"));
        assert_eq!(read_totp_code("12345"), None);
        assert_eq!(read_totp_code("12345a"), None);
    }

    #[test]
    fn id_23_a_proof_holds_for_ten_minutes() {
        let now = DateTime::UNIX_EPOCH;
        assert!(is_recent(now, now + TimeDelta::minutes(10)));
        assert!(!is_recent(now, now + TimeDelta::minutes(10) + TimeDelta::seconds(1)));
    }
}
