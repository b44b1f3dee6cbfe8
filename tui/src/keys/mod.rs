//! Keys: one table of commands, and the map from key presses to it.
//!
//! Owns which key means what where, with a person's own `[client.keys]` on top. Invariant: whatever
//! the hint bar, help and palette show comes from this map, so it cannot differ from what a key
//! does. Carries nothing out.

mod chord;
mod command;
mod places;

use std::collections::{BTreeMap, HashMap};

pub(crate) use chord::{Chord, ChordError};
pub(crate) use command::{Characters, Command, Context, Spec, TABLE};
pub(crate) use places::Places;

/// What is wrong with `[client.keys]`.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// No command has that name.
    #[error("[client.keys]: there is no command {name:?}; did you mean {near:?}?")]
    Unknown {
        /// What was written.
        name: String,
        /// The nearest name there is.
        near: &'static str,
    },
    /// The key cannot be pressed.
    #[error("[client.keys]: {name}")]
    Key {
        /// The command it was for.
        name: String,
        /// What is wrong with the key.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// From key presses to commands.
pub(crate) struct Keymap {
    bound: HashMap<(Context, Chord), Command>,
    shown: HashMap<Command, Vec<Chord>>,
}

impl Keymap {
    /// The default keys, with `own` (command name to key) in their places.
    pub(crate) fn new(own: &BTreeMap<String, String>) -> Result<Self, KeysError> {
        let own = read_own(own)?;
        let mut map = Self {
            bound: HashMap::new(),
            shown: HashMap::new(),
        };
        // Own keys last: they win over a default key of another command.
        for spec in TABLE.iter().filter(|spec| !own.contains_key(&spec.command)) {
            let keys = spec
                .keys
                .iter()
                .filter_map(|key| key.parse().ok())
                .collect();
            map.bind(spec, keys);
        }
        for spec in TABLE {
            if let Some(chord) = own.get(&spec.command) {
                map.bind(spec, vec![*chord]);
            }
        }
        Ok(map)
    }

    /// The command of a key in the first of these places that knows it.
    pub(crate) fn command(&self, chord: Chord, places: &Places) -> Option<Command> {
        places
            .of(chord)
            .find_map(|place| self.bound.get(&(place, chord)).copied())
    }

    /// The key to show for a command, if it has one that works in these places: a key that a
    /// narrower place took away is not shown, nor one that is text there.
    pub(crate) fn key(&self, command: Command, places: &Places) -> Option<Chord> {
        let works = |chord: &&Chord| self.command(**chord, places) == Some(command);
        self.shown.get(&command)?.iter().find(works).copied()
    }

    fn bind(&mut self, spec: &'static Spec, keys: Vec<Chord>) {
        for context in spec.contexts {
            for chord in &keys {
                self.bound.insert((*context, *chord), spec.command);
            }
        }
        self.shown.insert(spec.command, keys);
    }
}

fn read_own(own: &BTreeMap<String, String>) -> Result<HashMap<Command, Chord>, KeysError> {
    let mut read = HashMap::new();
    for (name, key) in own {
        let Some(spec) = TABLE.iter().find(|spec| spec.name == name) else {
            return Err(KeysError::Unknown {
                name: name.clone(),
                near: nearest(name),
            });
        };
        let chord = key.parse().map_err(|source: ChordError| KeysError::Key {
            name: format!("{name}: {source}"),
            source: Box::new(source),
        })?;
        read.insert(spec.command, chord);
    }
    Ok(read)
}

fn nearest(name: &str) -> &'static str {
    let alike = |other: &str| {
        other
            .chars()
            .zip(name.chars())
            .take_while(|(a, b)| a == b)
            .count()
    };
    TABLE
        .iter()
        .map(|spec| spec.name)
        .max_by_key(|other| alike(other))
        .unwrap_or("help")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, key)| ((*name).to_owned(), (*key).to_owned()))
            .collect()
    }

    fn on_a_screen() -> Places {
        let contexts = vec![Context::Candidates, Context::Everywhere];
        Places::new(contexts, Characters::Commands)
    }

    #[test]
    fn own_keys_replace_the_default_ones() {
        let map = Keymap::new(&own(&[("new-interview", "ctrl-n")])).unwrap();
        let places = on_a_screen();
        assert_eq!(
            map.command("ctrl-n".parse().unwrap(), &places),
            Some(Command::NewInterview)
        );
        assert_eq!(map.command("n".parse().unwrap(), &places), None);
    }

    #[test]
    fn a_narrow_place_takes_a_key_and_the_wide_one_no_longer_shows_it() {
        let map = Keymap::new(&own(&[("move", "?")])).unwrap();
        let places = on_a_screen();
        assert_eq!(
            map.command("?".parse().unwrap(), &places),
            Some(Command::Move)
        );
        assert_eq!(map.key(Command::Help, &places).unwrap().to_string(), "f1");
    }

    #[test]
    fn a_misspelt_command_is_refused_with_the_nearest_name() {
        let refused = Keymap::new(&own(&[("new-intervew", "n")]))
            .err()
            .unwrap()
            .to_string();
        assert!(refused.contains("new-interview"), "{refused}");
    }

    /// Places where something is filled in, and popups.
    const CLOSED: [Context; 13] = [
        Context::Form,
        Context::Saying,
        Context::Calendar,
        Context::Chooser,
        Context::SearchBar,
        Context::Confirm,
        Context::Permissions,
        Context::Waiting,
        Context::Reading,
        Context::ZoomTest,
        Context::MailTest,
        Context::Copying,
        Context::Buttons,
    ];

    proptest! {
        /// Whatever command a person puts on a plain key, it is theirs only on a screen: in a form
        /// the key is text, and a popup knows its own keys only.
        #[test]
        fn a_plain_key_of_ones_own_leads_out_of_no_form_and_no_popup(
            at in 0..TABLE.len(),
            key in prop_oneof![proptest::char::range('!', '~'), any::<char>()],
        ) {
            prop_assume!(!key.is_control());
            let spec = &TABLE[at];
            let chord = Chord { code: crossterm::event::KeyCode::Char(key), ctrl: false, alt: false };
            let map = Keymap::new(&own(&[(spec.name, &chord.to_string())])).unwrap();
            for context in CLOSED {
                let contexts = vec![context, Context::Everywhere];
                let places = Places::new(contexts, Characters::Commands);
                let found = map.command(chord, &places);
                let own_key = found.and_then(Command::spec);
                let belongs = own_key.is_none_or(|spec| spec.contexts.contains(&context));
                prop_assert!(belongs, "{key:?} is {found:?} in {context:?}");
                let takes_text = context.characters() == Characters::Text;
                prop_assert!(found.is_none() || !takes_text, "{key:?} in {context:?}");
            }
        }
    }
}
