//! How things look: the roles of text, and the last pass over a frame.
//!
//! Owns every colour and the ASCII twin of every glyph. Only the terminal's own sixteen colours are
//! named, on its own background, so light and dark both work. Screens draw with glyphs and roles as
//! if every terminal could show them; [`Look::finish`] takes away what this one cannot.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// Text in the terminal's own colours.
pub(crate) const PLAIN: Style = Style::new();
/// What is secondary.
pub(crate) const DIM: Style = Style::new().add_modifier(Modifier::DIM);
/// Headings and names.
pub(crate) const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
/// What is selected, or good.
pub(crate) const GOOD: Style = Style::new().fg(Color::Green);
/// The row or button the keys act on.
pub(crate) const SELECTED: Style = GOOD.add_modifier(Modifier::BOLD);
/// What is being waited for, and advice.
pub(crate) const WAIT: Style = Style::new().fg(Color::Yellow);
/// What is broken.
pub(crate) const BAD: Style = Style::new().fg(Color::Red);
/// A key's name in the hint bar.
pub(crate) const KEY: Style = Style::new().add_modifier(Modifier::BOLD);
/// The field that takes what is typed.
pub(crate) const FIELD: Style = Style::new().add_modifier(Modifier::UNDERLINED);
/// A field that does not take what was just typed; reversed, so that it is seen without colours.
pub(crate) const REFUSED: Style = Style::new()
    .fg(Color::Yellow)
    .add_modifier(Modifier::REVERSED);
/// A QR code, dark on light whatever the terminal's own colours are.
pub(crate) const QR: Style = Style::new().fg(Color::Black).bg(Color::White);
/// A badge that must be seen (SANDBOX).
pub(crate) const BADGE: Style = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);

/// Every glyph the client draws and what stands for it in plain ASCII.
const TWINS: &[(&str, &str)] = &[
    ("─", "-"),
    ("│", "|"),
    ("┌", "+"),
    ("┐", "+"),
    ("└", "+"),
    ("┘", "+"),
    ("├", "+"),
    ("┤", "+"),
    ("┬", "+"),
    ("┴", "+"),
    ("┼", "+"),
    ("▸", ">"),
    ("▾", "v"),
    ("●", "*"),
    ("○", "o"),
    ("✓", "+"),
    ("✗", "x"),
    ("⚠", "!"),
    ("✉", "@"),
    ("⚙", "@"),
    ("…", "~"),
    ("·", "."),
    ("“", "\""),
    ("”", "\""),
    ("–", "-"),
    ("—", "-"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("⏎", "="),
    ("░", ":"),
    ("▀", "\""),
    ("▄", "_"),
    ("█", "#"),
    ("▐", "["),
    ("▌", "]"),
    ("▏", "|"),
    ("▕", "|"),
    ("━", "="),
    ("×", "x"),
    ("≠", "#"),
    ("┃", "I"),
    ("“", "\""),
    ("”", "\""),
];

/// What this terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether colours are wanted; meaning never rests on them.
    pub(crate) colour: bool,
    /// Whether glyphs beyond ASCII are drawn.
    pub(crate) glyphs: bool,
}

impl Look {
    /// A text beside the frame, such as the window's title, as far as this terminal can show it.
    pub(crate) fn text(self, words: &str) -> String {
        match self.glyphs {
            true => words.to_owned(),
            false => TWINS.iter().fold(words.to_owned(), |words, (glyph, twin)| {
                words.replace(glyph, twin)
            }),
        }
    }

    /// Colours and glyphs.
    #[cfg(test)]
    pub(crate) const FULL: Self = Self {
        colour: true,
        glyphs: true,
    };

    /// What `--plain`, `NO_COLOR` and the locale ask for.
    pub(crate) fn of(plain: bool, environment: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL")
            .or_else(|| set("LC_CTYPE"))
            .or_else(|| set("LANG"));
        let ascii_locale = matches!(locale.as_deref(), Some("C" | "POSIX"));
        Self {
            colour: !plain && set("NO_COLOR").is_none(),
            glyphs: !plain && !ascii_locale,
        }
    }

    /// Whether a QR code can be drawn so that a phone reads it.
    pub(crate) fn has_qr(self) -> bool {
        self.colour && self.glyphs
    }

    /// The last pass over a frame: takes away colours and glyphs this terminal should not get.
    pub(crate) fn finish(self, buffer: &mut Buffer) {
        if self.colour && self.glyphs {
            return;
        }
        for cell in &mut buffer.content {
            if !self.colour {
                cell.fg = Color::Reset;
                cell.bg = Color::Reset;
            }
            if self.glyphs || cell.symbol().is_ascii() {
                continue;
            }
            if let Some((_, twin)) = TWINS.iter().find(|(glyph, _)| *glyph == cell.symbol()) {
                cell.set_symbol(twin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_colour_and_glyphs_apart() {
        let none = |_: &str| None;
        assert_eq!(Look::of(false, none), Look::FULL);
        let no_color = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        assert_eq!(
            Look::of(false, no_color),
            Look {
                colour: false,
                glyphs: true
            }
        );
        let posix = |name: &str| (name == "LANG").then(|| "C".to_owned());
        assert_eq!(
            Look::of(false, posix),
            Look {
                colour: true,
                glyphs: false
            }
        );
        assert_eq!(
            Look::of(true, none),
            Look {
                colour: false,
                glyphs: false
            }
        );
    }

    #[test]
    fn every_twin_is_as_wide_as_its_glyph() {
        for (glyph, twin) in TWINS {
            assert_eq!(crate::widgets::text::width(glyph), 1, "{glyph}");
            assert!(twin.is_ascii() && twin.len() == 1, "{glyph}");
        }
    }

    #[test]
    fn names_keep_their_letters_in_plain_mode() {
        let mut buffer = Buffer::with_lines(["▸ Zoë 田 ─"]);
        Look {
            colour: false,
            glyphs: false,
        }
        .finish(&mut buffer);
        let shown: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert!(shown.starts_with("> Zoë 田"), "{shown}");
        assert!(shown.ends_with('-'), "{shown}");
    }
}
