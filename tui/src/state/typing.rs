//! Typing that outlives what was typed into.
//!
//! Owns one rule: when a field goes away while somebody types in it (Zoom agreed, somebody else's
//! change closed a form), what they go on typing was meant for the field, and is dropped until they
//! pause or press another key. Otherwise the rest of a word would be commands of the screen below.

use jiff::{SignedDuration, Timestamp};

use crate::keys::{Characters, Chord, Places};

/// A pause after which a character is meant as a command again.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// Whether the person is in the middle of typing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Typing {
    /// The last key was a character that a field took.
    in_a_word: bool,
    /// Until when characters are dropped.
    dropped_until: Option<Timestamp>,
}

impl Typing {
    /// The field that was typed into is gone, and no key of the person's did it.
    pub(crate) fn interrupt(&mut self, now: Timestamp) {
        if self.in_a_word {
            self.dropped_until = now.checked_add(PAUSE).ok();
        }
    }

    /// Whether this key is the rest of what was being typed. Called once for every key.
    pub(crate) fn drops(&mut self, chord: Chord, places: &Places, now: Timestamp) -> bool {
        let text = places.characters() == Characters::Text;
        let dropping = self.dropped_until.take().is_some_and(|until| now < until);
        let drops = dropping && !text && chord.is_text();
        if drops {
            self.dropped_until = now.checked_add(PAUSE).ok();
        }
        self.in_a_word = chord.is_text() && (text || drops);
        drops
    }
}
