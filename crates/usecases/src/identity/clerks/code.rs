use mamis_kernel::text::width::fold_width;

use super::super::tokens::hash;
use crate::AppError;

/// Letters and digits that nobody takes for one another, on paper or on the telephone.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 20;
const GROUP: usize = 5;

/// An invitation's code: a hundred random bits, in four groups.
pub(super) fn new_code() -> Result<String, AppError> {
    let mut bytes = [0_u8; LENGTH];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % GROUP == 0 {
            code.push('-');
        }
        // 32 divides 256: every letter is as likely as any other.
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// What is kept of a code, however it was typed: small letters, blanks, no hyphens, full width.
pub(super) fn code_hash(typed: &str) -> [u8; 32] {
    let folded = fold_width(typed);
    let code: String = folded.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    hash(&format!("clerk_invitation:{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), LENGTH + 3);
        assert_ne!(code, new_code().unwrap());
        let kept = code_hash(&code);
        assert_eq!(code_hash(&code.to_lowercase().replace('-', " ")), kept);
        let wide: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect();
        assert_eq!(code_hash(&wide), kept);
        assert_ne!(code_hash(""), kept);
    }
}
