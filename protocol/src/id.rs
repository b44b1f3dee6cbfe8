//! Identifiers: a type and a UUIDv7, written `int_` and 26 digits of Crockford's base 32.
//!
//! Owns their text form. Invariant: text order is time order. People never need to type one: names
//! and addresses are accepted wherever a reference is, and so is any unique ending of six or more
//! characters.

use std::fmt;
use std::str::FromStr;

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The shortest ending of an identifier that counts as a reference, in characters.
pub const SHORTEST_ENDING: usize = 6;

/// What each byte counts as a digit; 32 and more: none. Lists are full of identifiers, so reading
/// one must not search.
const VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 32 {
        values[DIGITS[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// How long an identifier is: three letters, an underscore, and the digits.
const LENGTH: usize = 4 + 26;

/// Writes an identifier without an allocation, and in one piece: pieces are searched for what JSON
/// escapes one by one.
fn encode<'a>(prefix: &str, mut value: u128, into: &'a mut [u8; LENGTH]) -> &'a str {
    let (before, digits) = into.split_at_mut(LENGTH - 26);
    before.copy_from_slice(prefix.as_bytes());
    for place in digits.iter_mut().rev() {
        *place = DIGITS[(value & 31) as usize];
        value >>= 5;
    }
    str::from_utf8(into).unwrap_or_default()
}

fn decode(text: &str) -> Option<u128> {
    let digits: &[u8; 26] = text.as_bytes().try_into().ok()?;
    // 26 digits hold 130 bits: the first may only be 0 to 7.
    if VALUES[digits[0] as usize] > 7 {
        return None;
    }
    digits.iter().try_fold(0u128, |value, byte| {
        let digit = VALUES[*byte as usize];
        (digit < 32).then(|| value << 5 | u128::from(digit))
    })
}

/// What an identifier may end with: a reference that people can type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    value: u128,
    mask: u128,
}

impl Ending {
    /// Reads between [`SHORTEST_ENDING`] and 25 digits, in either case; anything else is no ending.
    pub fn parse(text: &str) -> Option<Self> {
        if !(SHORTEST_ENDING..26).contains(&text.len()) || !text.is_ascii() {
            return None;
        }
        let whole = format!("{:0>26}", text.to_ascii_lowercase());
        Some(Self {
            value: decode(&whole)?,
            mask: (1 << (5 * text.len())) - 1,
        })
    }
}

/// A text that is not an identifier of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read an identifier: expected {expected}_ and 26 letters or digits")]
pub struct NotAnId {
    expected: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Stands where somebody was erased; no record has it.
            pub const NOBODY: Self = Self(0);

            /// A new identifier, later in order than every one this process made before.
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7().as_u128())
            }

            /// Whether its text ends so.
            pub fn ends_with(self, ending: Ending) -> bool {
                self.0 & ending.mask == ending.value
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(encode(concat!($prefix, "_"), self.0, &mut [0; LENGTH]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, out)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(NotAnId { expected: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(encode(concat!($prefix, "_"), self.0, &mut [0; LENGTH]))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        out.write_str(concat!("an identifier such as ", $prefix, "_01jd…"))
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                input.deserialize_str(Text)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "_[0-9a-hjkmnp-tv-z]{26}$")
                })
            }
        }
    };
}

id!(
    /// One company account.
    WorkspaceId, "wsp"
);
id!(
    /// A person of a workspace.
    MemberId, "mem"
);
id!(
    /// A calendar that others keep of a member.
    FeedId, "fed"
);

impl FeedId {
    /// The identifier of a calendar that a member has by being one, such as that of their address at
    /// their company: always the same, and another for each `number`.
    #[must_use]
    pub const fn beside(member: MemberId, number: u8) -> Self {
        Self(member.0 ^ (number as u128))
    }
}
id!(
    /// An opening.
    JobId, "job"
);
id!(
    /// One step of a job's pipeline.
    StageId, "stg"
);
id!(
    /// A person who applies.
    CandidateId, "can"
);
id!(
    /// A candidate's place in one job's pipeline.
    ApplicationId, "app"
);
id!(
    /// A planned talk.
    InterviewId, "int"
);
id!(
    /// One try at connecting Zoom.
    AttemptId, "att"
);
id!(
    /// A message that leaves or left.
    MailId, "mal"
);
id!(
    /// An email that came in.
    TurnId, "trn"
);
id!(
    /// An outreach to a candidate, whose proposals hold slots in calendars.
    OutreachId, "otr"
);
id!(
    /// A conversation of a member with the assistant.
    ConversationId, "cnv"
);
id!(
    /// A note or link that somebody wrote down about a candidate.
    NoteId, "not"
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let ids: Vec<_> = (0..1000).map(|_| InterviewId::new()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().map(ToString::to_string).is_sorted());
        assert_eq!(ids[7].to_string().parse(), Ok(ids[7]));
        assert!(ids[0].to_string().parse::<JobId>().is_err());
    }

    #[test]
    fn an_ending_is_compared_as_text_would_be() {
        let id = InterviewId::new();
        let text = id.to_string();
        for length in SHORTEST_ENDING..26 {
            let ending = &text[text.len() - length..];
            assert!(id.ends_with(Ending::parse(ending).unwrap()));
            assert!(id.ends_with(Ending::parse(&ending.to_uppercase()).unwrap()));
        }
        let other = if text.ends_with('0') {
            "zzzzzz"
        } else {
            "000000"
        };
        assert!(!id.ends_with(Ending::parse(other).unwrap()));
        for none in ["", "12345", "uuuuuu", "éééééé", &text[4..]] {
            assert_eq!(Ending::parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(id) = text.parse::<JobId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn every_number_reads_back(value: u128) {
            let mut text = [0; LENGTH];
            prop_assert_eq!(decode(&encode("any_", value, &mut text)[4..]), Some(value));
        }
    }
}
