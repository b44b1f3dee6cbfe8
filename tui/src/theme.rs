//! How things look: the roles of text, and the last pass over a frame.
//!
//! Owns every colour and the ASCII twin of every glyph. Only the terminal's own sixteen colours are
//! named, on its own background. Screens draw with glyphs and roles as if every terminal could show
//! them, on a dark ground; [`Look::finish`] takes away what this one cannot, and on a light ground
//! puts colours that can be read there in the place of those that cannot.

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
    ("▒", "%"),
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

/// The colours that are wanted; meaning never rests on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    None,
    OnDark,
    OnLight,
}

impl Colours {
    /// What stands in the place of a colour. On white, the green and the yellow of most terminals
    /// have less than a third of the contrast that text needs (WCAG 2.2 asks for 4.5 to 1; xterm's
    /// have 2.1 and 1.7); their blue and magenta have enough in all that were looked at.
    fn of(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::None, _) => Color::Reset,
            (Self::OnLight, Color::Green) => Color::Blue,
            (Self::OnLight, Color::Yellow) => Color::Magenta,
            (Self::OnDark | Self::OnLight, colour) => colour,
        }
    }
}

/// What this terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) colours: Colours,
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
        colours: Colours::OnDark,
        glyphs: true,
    };

    /// Neither colours nor glyphs.
    pub(crate) const PLAIN: Self = Self {
        colours: Colours::None,
        glyphs: false,
    };

    /// What `--plain`, the configured ground (`None`: as the terminal says), `NO_COLOR` and the
    /// locale ask for.
    pub(crate) fn of(
        plain: bool,
        is_light: Option<bool>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL")
            .or_else(|| set("LC_CTYPE"))
            .or_else(|| set("LANG"));
        let ascii_locale = matches!(locale.as_deref(), Some("C" | "POSIX"));
        let is_light = || is_light.unwrap_or_else(|| has_light_ground(set("COLORFGBG")));
        let colours = match plain || set("NO_COLOR").is_some() {
            true => Colours::None,
            false if is_light() => Colours::OnLight,
            false => Colours::OnDark,
        };
        Self {
            colours,
            glyphs: !plain && !ascii_locale,
        }
    }

    /// Whether a QR code can be drawn so that a phone reads it.
    pub(crate) fn has_qr(self) -> bool {
        self.has_colours() && self.glyphs
    }

    pub(crate) fn has_colours(self) -> bool {
        self.colours != Colours::None
    }

    /// The last pass over a frame: takes away colours and glyphs this terminal should not get.
    pub(crate) fn finish(self, buffer: &mut Buffer) {
        if self.colours == Colours::OnDark && self.glyphs {
            return;
        }
        for cell in &mut buffer.content {
            cell.fg = self.colours.of(cell.fg);
            cell.bg = self.colours.of(cell.bg);
            if self.glyphs || cell.symbol().is_ascii() {
                continue;
            }
            if let Some((_, twin)) = TWINS.iter().find(|(glyph, _)| *glyph == cell.symbol()) {
                cell.set_symbol(twin);
            }
        }
    }
}

/// Whether the ground is light by what Konsole, iTerm2, rxvt and others say of their colours, as in
/// `0;15` or `0;default;15`: white, or one of the bright ones.
fn has_light_ground(colours: Option<String>) -> bool {
    let ground = colours.and_then(|it| it.rsplit(';').next()?.parse::<u8>().ok());
    ground.is_some_and(|ground| ground == 7 || (9..16).contains(&ground))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_colour_and_glyphs_apart() {
        let look = |plain, is_light, set: &[(&str, &str)]| {
            Look::of(plain, is_light, |name| {
                let mut all = set.iter();
                all.find(|it| it.0 == name).map(|it| it.1.to_owned())
            })
        };
        let on_light = Look {
            colours: Colours::OnLight,
            ..Look::FULL
        };
        let no_colours = Look {
            colours: Colours::None,
            ..Look::FULL
        };
        let no_glyphs = Look {
            glyphs: false,
            ..Look::FULL
        };
        let (dark, light) = (("COLORFGBG", "15;0"), ("COLORFGBG", "0;default;15"));
        for (plain, is_light, set, expected) in [
            (false, None, &[][..], Look::FULL),
            (false, None, &[("NO_COLOR", "1")], no_colours),
            (false, Some(true), &[("NO_COLOR", "1")], no_colours),
            (false, None, &[("LANG", "C")], no_glyphs),
            (true, Some(true), &[], Look::PLAIN),
            (false, None, &[light], on_light),
            (false, None, &[("COLORFGBG", "0;7")], on_light),
            (false, None, &[dark], Look::FULL),
            (false, None, &[("COLORFGBG", "12;8")], Look::FULL),
            (false, None, &[("COLORFGBG", "default")], Look::FULL),
            (false, Some(false), &[light], Look::FULL),
            (false, Some(true), &[dark], on_light),
        ] {
            let found = look(plain, is_light, set);
            assert_eq!(found, expected, "{plain} {is_light:?} {set:?}");
        }
    }

    #[test]
    fn on_a_light_ground_nothing_is_green_or_yellow_and_the_qr_code_stays() {
        let mut buffer = Buffer::with_lines(["abcd"]);
        for (x, style) in (0..).zip([GOOD, WAIT, REFUSED, QR]) {
            buffer[(x, 0)].set_style(style);
        }
        let on_light = Look {
            colours: Colours::OnLight,
            ..Look::FULL
        };
        on_light.finish(&mut buffer);
        let shown: Vec<_> = buffer.content.iter().map(|it| (it.fg, it.bg)).collect();
        let expected = [
            (Color::Blue, Color::Reset),
            (Color::Magenta, Color::Reset),
            (Color::Magenta, Color::Reset),
            (Color::Black, Color::White),
        ];
        assert_eq!(shown, expected);
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
        Look::PLAIN.finish(&mut buffer);
        let shown: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert!(shown.starts_with("> Zoë 田"), "{shown}");
        assert!(shown.ends_with('-'), "{shown}");
    }
}
