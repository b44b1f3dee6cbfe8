//! Owns passcodes: ten characters (Zoom's most) that satisfy the strictest account policy and can be read aloud.

/// Without the letters and digits that look alike.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
/// Zoom takes no others.
const SIGNS: &[u8] = b"@-_*";

/// What each place is drawn from. A fixed order costs little (over 40 bits remain) and keeps runs such as `1234` or
/// `aaaa`, which some accounts refuse, impossible.
const PLACES: [&[u8]; 10] = [
    UPPER, LOWER, DIGITS, LOWER, UPPER, SIGNS, DIGITS, LOWER, UPPER, LOWER,
];

/// A fresh passcode.
pub fn strong() -> Result<String, getrandom::Error> {
    let draw = |from: &&[u8]| -> Result<char, getrandom::Error> {
        // The remainder of 32 random bits favours no character by more than one in a hundred million.
        let at = getrandom::u32()? as usize % from.len();
        Ok(char::from(from[at]))
    };
    PLACES.iter().map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_passcode_has_every_kind_and_fits() {
        for _ in 0..200 {
            let passcode = strong().unwrap();
            assert_eq!(passcode.len(), 10);
            for kind in [LOWER, UPPER, DIGITS, SIGNS] {
                assert!(
                    passcode.bytes().any(|byte| kind.contains(&byte)),
                    "{passcode}"
                );
            }
        }
        assert_ne!(strong().unwrap(), strong().unwrap());
    }
}
