//! Owns what an account asks of passcodes, by the names of Zoom's user settings
//! (`meeting_password_requirement`), and the words in which Zoom refuses one
//! (<https://github.com/licht1stein/pyzoom/pull/71>).

use serde::{Deserialize, Serialize};

/// An account's rules. The default is what every account has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasscodeRules {
    /// At least so many characters.
    pub length: usize,
    /// At most so many characters.
    pub most: usize,
    /// A letter.
    pub have_letter: bool,
    /// A digit.
    pub have_number: bool,
    /// Something that is neither.
    pub have_special_character: bool,
    /// Letters in upper and in lower case.
    pub have_upper_and_lower_characters: bool,
    /// Digits, and nothing else.
    pub only_allow_numeric: bool,
    /// No run of so many consecutive or same characters; 0 is any.
    pub consecutive_characters_length: usize,
    /// The refusal names the field and no rule.
    pub unexplained: bool,
}

impl Default for PasscodeRules {
    fn default() -> Self {
        Self {
            length: 0,
            most: 10,
            have_letter: false,
            have_number: false,
            have_special_character: false,
            have_upper_and_lower_characters: false,
            only_allow_numeric: false,
            consecutive_characters_length: 0,
            unexplained: false,
        }
    }
}

impl PasscodeRules {
    /// What Zoom says about a passcode that it refuses.
    pub(super) fn complaint(&self, code: &str) -> Option<String> {
        let broken = self.broken(code);
        if broken.is_empty() {
            return None;
        }
        if self.unexplained {
            return Some("Invalid parameter: password.".to_owned());
        }
        Some(format!(
            "Password provided does not match the password requirement settings set for this \
             account. The password must follow these rules: [{}].",
            broken.join(", ")
        ))
    }

    fn broken(&self, code: &str) -> Vec<String> {
        let has = |is: fn(&char) -> bool| code.chars().any(|letter| is(&letter));
        let special = |letter: &char| !letter.is_ascii_alphanumeric();
        let in_both_cases = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
        let run = self.consecutive_characters_length;
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "@-_*!".contains(letter);
        let checks = [
            (
                code.len() > self.most,
                format!("Password can only have a maximum {} characters.", self.most),
            ),
            (
                code.len() < self.length,
                format!("Have a minimum length of {} characters", self.length),
            ),
            (
                self.have_letter && !has(char::is_ascii_alphabetic),
                "Have at least 1 letter (a, b, c...)".to_owned(),
            ),
            (
                self.have_number && !has(char::is_ascii_digit),
                "Have at least 1 number (1, 2, 3...)".to_owned(),
            ),
            (
                self.have_special_character && !has(special),
                "Have at least 1 special character (!, @, #...)".to_owned(),
            ),
            (
                self.have_upper_and_lower_characters && !in_both_cases,
                "Include both uppercase and lowercase characters".to_owned(),
            ),
            (
                self.only_allow_numeric && !code.chars().all(|letter| letter.is_ascii_digit()),
                "Only allow numeric passcode".to_owned(),
            ),
            (
                run > 0 && longest_run(code) >= run,
                format!("Cannot contain consecutive characters (length {run} or longer)"),
            ),
            (
                !code.chars().all(allowed),
                "Password may only contain the following characters: a-z A-Z 0-9 @ - _ *"
                    .to_owned(),
            ),
        ];
        let broken = checks.into_iter().filter(|(broken, _)| *broken);
        broken.map(|(_, rule)| rule).collect()
    }
}

/// The longest run of characters that are the same, or follow each other upwards or downwards, in
/// any case.
fn longest_run(code: &str) -> usize {
    let code = code.to_ascii_lowercase();
    let steps: Vec<i16> = code
        .as_bytes()
        .windows(2)
        .map(|pair| i16::from(pair[1]) - i16::from(pair[0]))
        .collect();
    let mut longest = usize::from(!code.is_empty());
    for (place, step) in steps.iter().enumerate().filter(|(_, step)| step.abs() <= 1) {
        let same = steps[place..].iter().take_while(|next| *next == step);
        longest = longest.max(same.count() + 1);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_in_every_direction() {
        for (code, expected) in [
            ("", 0),
            ("a", 1),
            ("a1b2", 1),
            ("xABc1", 3),
            ("98761", 4),
            ("5111", 3),
        ] {
            assert_eq!(longest_run(code), expected, "{code}");
        }
    }
}
