//! Where a key may be looked up now, and the one rule about characters.
//!
//! Owns the answer to "may this key be a command here". Invariant: in a form, a popup or a text
//! field no unmodified character reaches a command of the screen or of the whole program, whatever
//! is bound to it. It holds by construction: what characters are is decided by the narrowest
//! [`Context`], a pane can only ask for less, and every lookup goes through [`Places::of`], so
//! that the keymap, the hint bar and the help cannot disagree about it either.

use super::{Characters, Chord, Context};

/// The places a key is looked up in, the narrowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    contexts: Vec<Context>,
    characters: Characters,
}

impl Places {
    /// These places, the last of them usually everywhere. `characters` can only be stricter than
    /// the narrowest of them: a popup in which something is being typed.
    pub(crate) fn new(contexts: Vec<Context>, characters: Characters) -> Self {
        let most = contexts.first().map(|narrowest| narrowest.characters());
        Self {
            contexts,
            characters: most.map_or(characters, |most| most.min(characters)),
        }
    }

    /// On a screen.
    pub(crate) fn on_screen(context: Context) -> Self {
        let contexts = vec![context, Context::Moving, Context::Everywhere];
        Self::new(contexts, Characters::Commands)
    }

    /// In something that lies over a screen.
    pub(crate) fn over_screen(context: Context) -> Self {
        let contexts = vec![context, Context::Everywhere];
        Self::new(contexts, Characters::Commands)
    }

    /// In something that lies over a screen, where something is being typed.
    pub(crate) fn typing(context: Context) -> Self {
        Self::new(vec![context, Context::Everywhere], Characters::Text)
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
                // Nor is it a command of what takes text around the place it is pressed in.
                Characters::Own => {
                    let takes_text = context.characters() == Characters::Text;
                    !chord.is_text() || !takes_text && *context != Context::Everywhere
                }
                Characters::Commands => true,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_up(key: &str, context: Context, characters: Characters) -> Vec<Context> {
        let places = Places::new(vec![context, Context::Everywhere], characters);
        places.of(key.parse().unwrap()).collect()
    }

    #[test]
    fn a_character_is_a_command_only_where_nothing_is_filled_in_or_asked() {
        for key in ["u", "1", "?", ":", "space", "ß", "漢"] {
            let on = |context| looked_up(key, context, Characters::Commands);
            assert_eq!(on(Context::Form), [], "{key}");
            assert_eq!(on(Context::Confirm), [Context::Confirm], "{key}");
            assert_eq!(on(Context::Interview).len(), 2, "{key}");
            let typing = looked_up(key, Context::Confirm, Characters::Text);
            assert_eq!(typing, [], "{key}");
        }
    }

    #[test]
    fn a_calendars_characters_are_its_own_and_not_the_forms_around_it() {
        let contexts = vec![Context::Calendar, Context::Form, Context::Everywhere];
        let places = Places::new(contexts, Characters::Commands);
        let found = |key: &str| places.of(key.parse().unwrap()).collect::<Vec<_>>();
        assert_eq!(found("b"), [Context::Calendar]);
        assert_eq!(found("ctrl-s").len(), 3);
    }

    #[test]
    fn keys_that_edit_a_line_belong_to_the_text_and_others_work_anywhere() {
        for key in ["ctrl-a", "ctrl-e", "ctrl-w", "ctrl-u"] {
            let found = looked_up(key, Context::Form, Characters::Commands);
            assert_eq!(found, [], "{key}");
        }
        for key in ["ctrl-s", "ctrl-o", "ctrl-t", "f2", "f3", "esc"] {
            let found = looked_up(key, Context::Form, Characters::Commands);
            assert_eq!(found.len(), 2, "{key}");
        }
    }
}
