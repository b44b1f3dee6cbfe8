//! Owns what an identifier may end with: the reference people type when a name is not enough.

use std::fmt::Display;

use greenroom_protocol::id::SHORTEST_ENDING;

/// The last characters of an identifier.
#[derive(Debug, Clone)]
pub(super) struct Ending(String);

impl Ending {
    /// Reads between [`SHORTEST_ENDING`] and 25 digits, in either case; anything else is no ending.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let digit = |byte: u8| byte.is_ascii_alphanumeric() && !b"ilou".contains(&byte);
        let fits = (SHORTEST_ENDING..26).contains(&text.len()) && text.bytes().all(digit);
        fits.then_some(Self(text))
    }

    /// Whether `id` ends so.
    pub(super) fn ends(&self, id: impl Display) -> bool {
        id.to_string().ends_with(&self.0)
    }
}
