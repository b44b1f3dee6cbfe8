//! Owns passcodes: ten characters (Zoom's most) that satisfy the strictest account policy and can
//! be read aloud, or what an account's policy asks for instead, as Zoom names it when it refuses
//! one.
//!
//! Which policies there are: numeric only, a length, letters, digits, special characters, upper and
//! lower case, and no run of consecutive characters (Zoom's user settings,
//! `meeting_password_requirement`). Zoom says what was wrong in words: "The password must follow these rules: […]" (<https://github.com/licht1stein/pyzoom/pull/71>).

use crate::zoom::error_body::FieldError;

/// Without the letters and digits that look alike.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
/// Zoom takes no others.
const SIGNS: &[u8] = b"@-_*";
/// Where there are digits only, all of them: ten of eight would be guessed a dozen times sooner.
const EVERY_DIGIT: &[u8] = b"0123456789";

/// What each place is drawn from, again from the front where a passcode is longer. A fixed order
/// costs little (over 40 bits remain); every kind is among the first four, for an account may want
/// short ones.
const PLACES: [&[u8]; 10] = [
    UPPER, SIGNS, LOWER, DIGITS, UPPER, LOWER, DIGITS, LOWER, UPPER, LOWER,
];
const PLAIN_PLACES: [&[u8]; 10] = [
    UPPER, LOWER, DIGITS, LOWER, UPPER, DIGITS, LOWER, UPPER, DIGITS, LOWER,
];

/// Keys beside each other: Zoom calls `qwert` consecutive too.
const KEYBOARD: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// The most Zoom takes of an API's caller.
const USUAL_LENGTH: usize = 10;

/// No rule asks for more than this, whatever Zoom's words seem to say.
const LONGEST: usize = 32;

/// Draws for one place, where the one before excludes some.
const DRAWS: usize = 100;

/// What characters an account takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    /// Every kind, one of each at least.
    Every,
    /// Letters and digits.
    Plain,
    /// Digits.
    Digits,
}

/// What a passcode must be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    kinds: Kinds,
    length: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            kinds: Kinds::Every,
            length: USUAL_LENGTH,
        }
    }
}

impl Rules {
    /// The rules that Zoom names where it refused a passcode that followed these; `None` where it
    /// refused something else, or names nothing that these do not follow already. Where it
    /// names no rule at all, digits alone are left: the one policy that the usual passcode
    /// cannot satisfy.
    #[must_use]
    pub fn instead(self, refused: &[FieldError]) -> Option<Self> {
        let about = |it: &&FieldError| {
            let field = it.field.to_ascii_lowercase();
            field.ends_with("password") || field.ends_with("passcode")
        };
        let words: Vec<_> = refused.iter().filter(about).collect();
        if words.is_empty() {
            return None;
        }
        let named = words.iter().fold(Named::default(), |named, it| {
            named.and(&it.message.to_lowercase())
        });
        let length = match (named.least, named.most) {
            (None, None) => USUAL_LENGTH,
            (Some(least), None) => least.max(USUAL_LENGTH),
            (least, Some(most)) => USUAL_LENGTH.clamp(least.unwrap_or(1).min(most), most),
        };
        let unexplained = named == Named::default();
        let rules = Self {
            kinds: match (named.digits_only || unexplained, named.no_signs) {
                (true, _) => Kinds::Digits,
                (false, true) => Kinds::Plain,
                (false, false) => Kinds::Every,
            },
            length: length.clamp(1, LONGEST),
        };
        (rules != self).then_some(rules)
    }
}

/// What Zoom's words say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named {
    digits_only: bool,
    no_signs: bool,
    least: Option<usize>,
    most: Option<usize>,
    /// A rule that every passcode made here follows.
    followed: bool,
}

impl Named {
    fn and(mut self, text: &str) -> Self {
        let rules = match text.split_once('[') {
            Some((_, listed)) => listed,
            None => text,
        };
        for rule in without_examples(rules).split([',', ';', '.', ']', '\n']) {
            self.read(rule);
        }
        self
    }

    fn read(&mut self, rule: &str) {
        let says = |words: &[&str]| words.iter().any(|word| rule.contains(word));
        let digits = says(&["numeric", "digit", "number"]);
        let others = says(&[
            "alphanumeric",
            "letter",
            "alphabet",
            "special",
            "symbol",
            "a-z",
        ]);
        let only = says(&[
            "only",
            "must be numeric",
            "be all",
            "numeric password",
            "numeric passcode",
        ]);
        let refused = says(&[
            "cannot",
            "can't",
            "must not",
            "may not",
            "not allow",
            "no special",
        ]);
        self.digits_only |= digits && only && !others && !refused;
        let signs = says(&["special", "symbol"]);
        let plain = digits && only && says(&["alphanumeric", "letter", "alphabet"]) && !signs;
        self.no_signs |= plain || signs && refused;
        let upper = says(&["upper", "lower", "capital"]);
        let run = says(&["consecutive", "repeat", "identical", "sequen"]);
        self.followed |= others || upper || run;
        if run || !says(&["character", "digit", "length", "long"]) {
            return;
        }
        let numbers: Vec<usize> = rule
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|digits| digits.parse().ok())
            .filter(|number| (1..=LONGEST).contains(number))
            .collect();
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
            return;
        };
        let least = says(&["at least", "minimum", "or more", "min "]);
        let most = says(&["at most", "maximum", "no more", "up to", "exceed", "max "]);
        let (first, last) = match (least, most) {
            (true, false) => (Some(*first), None),
            (false, true) => (None, Some(*last)),
            // Between two, or exactly so many.
            _ => (Some(*first), Some(*last)),
        };
        self.least = first.max(self.least);
        self.most = match (self.most, last) {
            (Some(before), Some(now)) => Some(before.min(now)),
            (before, now) => before.or(now),
        };
    }
}

/// The words without `(a, b, c...)`.
fn without_examples(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        let Some((inside, after)) = after.split_once(')') else {
            return out;
        };
        if !inside.contains([',', '.', '…']) {
            out.push_str(inside);
        }
        rest = after;
    }
    out + rest
}

/// A fresh passcode by the usual rules.
pub fn strong() -> Result<String, getrandom::Error> {
    fresh(Rules::default())
}

/// A fresh passcode by these rules.
pub fn fresh(rules: Rules) -> Result<String, getrandom::Error> {
    let places: &[&[u8]] = match rules.kinds {
        Kinds::Every => &PLACES,
        Kinds::Plain => &PLAIN_PLACES,
        Kinds::Digits => &[EVERY_DIGIT],
    };
    let mut passcode: Vec<u8> = Vec::with_capacity(rules.length);
    for from in places.iter().cycle().take(rules.length) {
        let mut drawn = draw(from)?;
        for _ in 0..DRAWS {
            if passcode.last().is_none_or(|before| !is_run(*before, drawn)) {
                break;
            }
            drawn = draw(from)?;
        }
        passcode.push(drawn);
    }
    Ok(passcode.into_iter().map(char::from).collect())
}

fn draw(from: &[u8]) -> Result<u8, getrandom::Error> {
    // The remainder of 32 random bits favours no character by more than one in a hundred million.
    let at = getrandom::u32()? as usize % from.len();
    Ok(from[at])
}

/// Whether one follows the other, forwards or backwards, in the alphabet, in counting or on the
/// keyboard, or is the same.
fn is_run(one: u8, other: u8) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    if !one.is_ascii_alphanumeric() || !other.is_ascii_alphanumeric() {
        return one == other;
    }
    let beside = |row: &&str| {
        let place = |letter: u8| row.bytes().position(|it| it == letter);
        place(one)
            .zip(place(other))
            .is_some_and(|(one, other)| one.abs_diff(other) == 1)
    };
    // 9 and 0 are beside each other on the keyboard.
    one.abs_diff(other) <= 1
        || one.abs_diff(other) == 9 && one.is_ascii_digit()
        || KEYBOARD.iter().any(beside)
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

    #[test]
    fn no_passcode_has_a_run() {
        for kinds in [Kinds::Every, Kinds::Plain, Kinds::Digits] {
            for _ in 0..200 {
                let passcode = fresh(Rules { kinds, length: 10 }).unwrap();
                let runs = passcode.as_bytes().windows(2);
                assert_eq!(
                    runs.filter(|it| is_run(it[0], it[1])).count(),
                    0,
                    "{passcode}"
                );
            }
        }
        for (one, other) in [
            (b'a', b'B'),
            (b'7', b'6'),
            (b'Q', b'w'),
            (b'0', b'9'),
            (b'x', b'x'),
        ] {
            assert!(is_run(one, other));
        }
    }

    /// Case Z2: the words of Zoom's that were seen, and others that mean the same.
    #[test]
    fn a_rule_is_read_in_zooms_words() {
        use Kinds::{Digits, Every, Plain};
        let zooms = |rules: &str| {
            format!(
                "Password provided does not match the password requirement settings set for this account. The password must follow these rules: [{rules}]."
            )
        };
        let table = [
            (
                zooms("Password can only have a maximum 10 characters."),
                None,
            ),
            (
                zooms("Password can only have a maximum 6 characters."),
                Some((Every, 6)),
            ),
            (zooms("Only allow numeric passcode"), Some((Digits, 10))),
            (
                zooms("Have a minimum length of 8 characters, Only allow numeric password"),
                Some((Digits, 10)),
            ),
            (
                zooms(
                    "Password can only contain numbers., Password can only have a maximum 6 characters.",
                ),
                Some((Digits, 6)),
            ),
            (
                zooms(
                    "Have at least 1 letter (a, b, c...), Have at least 1 number (1, 2, 3...), Have at least 1 special character (!, @, #...)",
                ),
                None,
            ),
            (
                zooms(
                    "Cannot contain consecutive characters (e.g. \"11111\", \"12345\", \"abcde\", or \"qwert\") longer than 4",
                ),
                None,
            ),
            (zooms("Have at least 12 characters"), Some((Every, 12))),
            ("Passcode must be 6 digits only.".into(), Some((Digits, 6))),
            ("The passcode must be numeric.".into(), Some((Digits, 10))),
            (
                "Password must be between 4 and 8 characters".into(),
                Some((Every, 8)),
            ),
            (
                "Only letters and numbers are allowed".into(),
                Some((Plain, 10)),
            ),
            (
                "Special characters are not allowed, at most 8 characters".into(),
                Some((Plain, 8)),
            ),
            ("Invalid parameter: password.".into(), Some((Digits, 10))),
            (String::new(), Some((Digits, 10))),
        ];
        for (message, expected) in table {
            let refused = [FieldError {
                field: "password".into(),
                message: message.clone(),
            }];
            let found = Rules::default().instead(&refused);
            let expected = expected.map(|(kinds, length)| Rules { kinds, length });
            assert_eq!(found, expected, "{message}");
            // The same words again lead nowhere.
            if let Some(found) = found {
                assert_eq!(found.instead(&refused), None, "{message}");
                assert_eq!(fresh(found).unwrap().len(), found.length);
            }
        }
    }

    #[test]
    fn what_is_refused_for_something_else_keeps_its_passcode() {
        let other = [FieldError {
            field: "timezone".into(),
            message: "Only numeric passwords".into(),
        }];
        assert_eq!(Rules::default().instead(&other), None);
        assert_eq!(Rules::default().instead(&[]), None);
    }
}
