//! What holds whatever a person presses, at whatever size.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use super::stage::Stage;
use crate::app::draw::hints;
use crate::keys::{Characters, Command, TABLE};
use crate::panes;
use crate::state::event::Event;

/// Any key a terminal sends, the meaningful ones more often.
fn key() -> impl Strategy<Value = KeyEvent> {
    let bound: Vec<_> = TABLE.iter().flat_map(|spec| spec.keys).copied().collect();
    let bound = proptest::sample::select(bound).prop_map(|key| {
        let chord: crate::keys::Chord = key.parse().unwrap();
        let ctrl = if chord.ctrl {
            KeyModifiers::CONTROL
        } else {
            KeyModifiers::NONE
        };
        KeyEvent::new(chord.code, ctrl)
    });
    let letter = any::<char>().prop_map(|letter| KeyEvent::from(KeyCode::Char(letter)));
    prop_oneof![8 => bound, 1 => letter]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_key_at_no_size_panics(
        steps in proptest::collection::vec((key(), (0_u16..170, 0_u16..60)), 1..60),
    ) {
        let mut stage = Stage::open(80, 24);
        for (key, (columns, rows)) in steps {
            stage.play(Event::Key(key));
            stage.play(Event::Resize(columns, rows));
            stage.frame();
        }
    }

    #[test]
    fn the_hint_bar_shows_only_keys_that_work(keys in proptest::collection::vec(key(), 0..25)) {
        let mut stage = Stage::open(120, 40);
        for key in keys {
            stage.play(Event::Key(key));
        }
        let places = stage.state.places();
        for hint in hints(&stage.state) {
            let chord: crate::keys::Chord = hint.key.parse().unwrap();
            let text = places.characters() == Characters::Text;
            prop_assert!(!(text && chord.is_text()), "{} is text here", hint.key);
            let command: Option<Command> = stage.state.keymap.command(chord, &places);
            prop_assert_eq!(command, Some(hint.command), "{} ({})", hint.key, hint.words);
            prop_assert_eq!(panes::disabled_reason_here(&stage.state, hint.command), None);
        }
    }
}
