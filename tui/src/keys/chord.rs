//! One key press with its modifiers, as configuration writes it and the hint bar shows it.
//!
//! Owns the spelling (`ctrl-s`, `shift-tab`, `f1`, `?`). Shift is part of the character for
//! characters, so layouts that reach `/` or `[` with other modifiers work.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with the modifiers that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Chord {
    pub(crate) code: KeyCode,
    pub(crate) ctrl: bool,
    pub(crate) alt: bool,
}

/// A key that configuration spelled in a way nobody can press.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a key; use one character or a name such as enter, esc, tab, f1, ctrl-s, alt-x"
)]
pub(crate) struct ChordError(String);

const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

impl Chord {
    /// Whether it is an unmodified character.
    pub(crate) fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.ctrl && !self.alt
    }

    /// Whether it edits a line of text, as in a shell.
    pub(super) fn edits_text(self) -> bool {
        let letter = matches!(self.code, KeyCode::Char('a' | 'e' | 'h' | 'k' | 'u' | 'w'));
        letter && self.ctrl && !self.alt
    }
}

impl From<KeyEvent> for Chord {
    fn from(key: KeyEvent) -> Self {
        Self {
            code: key.code,
            ctrl: key.modifiers.contains(KeyModifiers::CONTROL),
            alt: key.modifiers.contains(KeyModifiers::ALT),
        }
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let refuse = || ChordError(text.to_owned());
        let (ctrl, rest) = strip(text, "ctrl-");
        let (alt, rest) = strip(rest, "alt-");
        let code = if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == rest) {
            *code
        } else if let Some(number) = rest
            .strip_prefix('f')
            .and_then(|digits| digits.parse().ok())
        {
            Some(number)
                .filter(|n| (1..=12).contains(n))
                .map(KeyCode::F)
                .ok_or_else(refuse)?
        } else {
            let mut characters = rest.chars();
            match (characters.next(), characters.next()) {
                (Some(one), None) if !one.is_control() => KeyCode::Char(one),
                _ => return Err(refuse()),
            }
        };
        Ok(Self { code, ctrl, alt })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "f{number}"),
            _ => f.write_str("?"),
        }
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> (bool, &'a str) {
    match text.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_shown() {
        for text in [
            "a",
            "A",
            "?",
            "-",
            "ctrl-s",
            "alt-x",
            "ctrl-alt-f5",
            "shift-tab",
            "space",
        ] {
            let chord: Chord = text.parse().unwrap();
            assert_eq!(chord.to_string(), text);
        }
    }

    #[test]
    fn keys_nobody_can_press_are_refused() {
        for text in ["", "ctrl-", "entre", "f13", "ab", "\u{7}"] {
            assert!(text.parse::<Chord>().is_err(), "{text:?}");
        }
    }
}
