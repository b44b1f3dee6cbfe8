//! The bottom line: how the last thing ended, how long until emails about it go out, and what the
//! keys do here.
//!
//! Invariant: only keys that work on what has the focus are shown, and the way out always has room.

use greenroom_protocol::Error;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::forms::Form;
use crate::keys::{Command, TABLE};
use crate::panes;
use crate::panes::interview::MAIL_LEAVES;
use crate::state::undo::countdown;
use crate::state::{Link, State};
use crate::theme;
use crate::widgets::{Canvas, part, spinner, text};

/// Cells between what stands in the line.
const GAP: usize = 3;

/// How the last thing ended, or what takes long, for a while; beside it what the keys do here, as
/// far as there is room. An outcome that would take the room of keys that must be seen stands in the
/// row `above`, on the rule there.
pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, line: Rect, above: Rect) {
    let line = part(line, 1, line.width.saturating_sub(2));
    if let Some(outcome) = &state.work.outcome {
        let (sign, style) = if outcome.good {
            ("✓ ", theme::GOOD)
        } else {
            ("", theme::WAIT)
        };
        // Where the seconds are counted beside it, it need not say how many there were.
        let said = match countdown(state).is_empty() {
            true => outcome.words.clone(),
            false => outcome.words.replace(MAIL_LEAVES, ""),
        };
        let said = format!("{sign}{said}");
        if above.height > 0 && !fits_beside(state, &said, line) {
            let on_rule = part(above, 2, above.width.saturating_sub(4));
            let cells = usize::from(on_rule.width).saturating_sub(2);
            canvas.text(on_rule, &format!(" {} ", text::fit(&said, cells)), style);
            return draw_rest(state, canvas, line);
        }
        let rest = draw_words(canvas, line, &said, style);
        return draw_rest(state, canvas, rest);
    }
    if let Some((words, waited)) = state.work.longest(state.now)
        && let Some(sign) = spinner(waited)
    {
        return canvas.text(
            line,
            &format!("{sign} {words} {} s", waited.as_secs()),
            theme::WAIT,
        );
    }
    if let Link::Down { error, .. } = &state.link {
        return canvas.text(line, &lost(error, usize::from(line.width)), theme::WAIT);
    }
    draw_rest(state, canvas, line);
}

/// Whether there is room for these words beside the countdown and the keys that must be seen.
fn fits_beside(state: &State, said: &str, line: Rect) -> bool {
    let countdown = countdown(state);
    let countdown = match countdown.is_empty() {
        true => 0,
        false => text::width(&countdown) + GAP,
    };
    let hints = hints(state);
    let kept = hints.iter().filter(|hint| is_kept(state, hint));
    let kept: usize = kept.map(Hint::cells).sum();
    text::width(said) + GAP + countdown + kept <= usize::from(line.width) + GAP
}

/// How long until emails go out, where some are about to, and the keys.
fn draw_rest(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let countdown = countdown(state);
    let rest = match countdown.is_empty() {
        true => line,
        false => draw_words(canvas, line, &countdown, theme::WAIT),
    };
    draw_hints(state, canvas, rest);
}

/// Words, and the room that is left beside them.
fn draw_words(canvas: &mut Canvas<'_>, line: Rect, words: &str, style: Style) -> Rect {
    canvas.text(line, words, style);
    let taken = u16::try_from(text::width(words)).unwrap_or(u16::MAX);
    let taken = taken.saturating_add(3).min(line.width);
    part(line, taken, line.width)
}

/// Why the daemon is away and what to do; where only one has room, what to do.
fn lost(error: &Error, cells: usize) -> String {
    let Some(hint) = &error.hint else {
        return error.message.clone();
    };
    let whole = format!("{} · {hint}", error.message);
    match text::width(&whole) <= cells {
        true => whole,
        false => hint.clone(),
    }
}

/// As many keys as fit; the way out and the keys themselves before everything else.
fn draw_hints(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let hints = hints(state);
    let mut room = usize::from(line.width) + GAP;
    let mut shown = vec![false; hints.len()];
    for first in [true, false] {
        for (at, hint) in hints.iter().enumerate() {
            if is_kept(state, hint) == first && hint.cells() <= room {
                room -= hint.cells();
                shown[at] = true;
            }
        }
    }
    let mut spans = Vec::new();
    for (hint, _) in hints.into_iter().zip(shown).filter(|(_, shown)| *shown) {
        spans.push(Span::styled(hint.key, theme::KEY));
        spans.push(Span::styled(format!(" {}   ", hint.words), theme::DIM));
    }
    canvas.line(line, Line::from(spans));
}

/// Whether a key has room before others.
fn is_kept(state: &State, hint: &Hint) -> bool {
    match hint.command {
        // While there is something to undo, there are seconds to do it in.
        Command::Back | Command::Undo | Command::LeavingEmails => true,
        // A form has no room for it, and needs it least.
        Command::Help => state.panes.top_as::<Form>().is_none(),
        _ => false,
    }
}

/// A key and what it does here.
pub(in crate::app) struct Hint {
    pub(in crate::app) command: Command,
    pub(in crate::app) key: String,
    pub(in crate::app) words: &'static str,
}

impl Hint {
    /// The cells it takes, with the gap behind it.
    fn cells(&self) -> usize {
        text::width(&self.key) + 1 + text::width(self.words) + GAP
    }
}

/// Keys and their words, the most useful first.
pub(in crate::app) fn hints(state: &State) -> Vec<Hint> {
    let places = state.places();
    TABLE
        .iter()
        .filter(|spec| !spec.short.is_empty())
        .filter_map(|spec| {
            let key = state.keymap.key(spec.command, &places)?;
            if panes::disabled_reason_here(state, spec.command).is_some() {
                return None;
            }
            Some(Hint {
                command: spec.command,
                key: key.to_string(),
                words: panes::hint(state, spec.command, spec.short)?,
            })
        })
        .collect()
}
