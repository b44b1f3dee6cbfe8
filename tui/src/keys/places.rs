//! Where a key may be looked up now, and the one rule about characters.
//!
//! Owns the answer to "may this key be a command here". Invariant: in a form, a popup or a text
//! field no unmodified character reaches a command of the screen or of the whole program, whatever
//! is bound to it. Every lookup goes through [`Places::of`], so the keymap, the hint bar and the
//! help cannot disagree about it.

use super::{Chord, Context};

/// What an unmodified character is where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Characters {
    /// Text, or nothing at all: a form, an open list, a search.
    Text,
    /// A key of this popup and of nothing else.
    Own,
    /// A command like any other key.
    Commands,
}

/// The places a key is looked up in, the narrowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    contexts: Vec<Context>,
    characters: Characters,
}

impl Places {
    /// These places; the last of them is usually everywhere.
    pub(crate) fn new(contexts: Vec<Context>, characters: Characters) -> Self {
        Self {
            contexts,
            characters,
        }
    }

    /// What unmodified characters are here.
    pub(crate) fn characters(&self) -> Characters {
        self.characters
    }

    /// Whether one of these places is among `contexts`.
    pub(crate) fn overlap(&self, contexts: &[Context]) -> bool {
        contexts.iter().any(|it| self.contexts.contains(it))
    }

    /// The places in which this key may mean something.
    pub(super) fn of(&self, chord: Chord) -> impl Iterator<Item = Context> + '_ {
        let characters = self.characters;
        self.contexts
            .iter()
            .copied()
            .filter(move |context| match characters {
                Characters::Text => !chord.is_text() && !chord.edits_text(),
                Characters::Own => !chord.is_text() || *context != Context::Everywhere,
                Characters::Commands => true,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_up(key: &str, characters: Characters) -> Vec<Context> {
        let places = Places::new(vec![Context::Form, Context::Everywhere], characters);
        places.of(key.parse().unwrap()).collect()
    }

    #[test]
    fn a_character_is_a_command_only_where_nothing_is_filled_in_or_asked() {
        for key in ["u", "1", "?", ":", "space", "ß", "漢"] {
            assert_eq!(looked_up(key, Characters::Text), [], "{key}");
            assert_eq!(looked_up(key, Characters::Own), [Context::Form], "{key}");
            assert_eq!(looked_up(key, Characters::Commands).len(), 2, "{key}");
        }
    }

    #[test]
    fn keys_that_edit_a_line_belong_to_the_text_and_others_work_anywhere() {
        for key in ["ctrl-a", "ctrl-e", "ctrl-w", "ctrl-u"] {
            assert_eq!(looked_up(key, Characters::Text), [], "{key}");
        }
        for key in ["ctrl-s", "ctrl-o", "ctrl-t", "f2", "f3", "esc"] {
            assert_eq!(looked_up(key, Characters::Text).len(), 2, "{key}");
        }
    }
}
