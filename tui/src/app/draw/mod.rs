//! The whole frame: top line, screen, what lies over it, bottom line.
//!
//! Owns the places of these four and nothing in them. Takes `&State`; the only thing that decides
//! what a terminal shows.

mod bottom;
mod top;

#[cfg(test)]
pub(super) use bottom::hints;
use ratatui::layout::Rect;
pub(super) use top::title;

use crate::state::pane::Pane;
use crate::state::undo::leaving;
use crate::state::{Link, State};
use crate::theme;
use crate::widgets::{Canvas, below, row};

/// A terminal as small as this in either way shows nothing but a wish.
const TOO_SMALL: (u16, u16) = (20, 5);

/// From this height on, rules set the first and the last line off.
const WITH_RULES: u16 = 10;

/// Draws everything.
pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    if area.width <= TOO_SMALL.0 || area.height <= TOO_SMALL.1 {
        return canvas.text(row(area, 0), "Terminal too small (min 21×6)", theme::STRONG);
    }
    // What lies over the screen may cover everything but the lines that are always there.
    let over = Rect {
        y: area.y + 1,
        height: area.height - 2,
        ..area
    };
    let mut body = over;
    if area.height >= WITH_RULES {
        canvas.rule(row(area, 1));
        canvas.rule(row(area, area.height - 2));
        body = Rect {
            y: over.y + 1,
            height: over.height - 2,
            ..over
        };
    }
    state.screen_pane().draw(state, canvas, body);
    for pane in state.panes.iter() {
        pane.draw(state, canvas, over);
    }
    if !state.link.is_up() {
        canvas.restyle(below(area, 1), theme::DIM);
    }
    top::draw(state, canvas, row(area, 0));
    let above = match area.height >= WITH_RULES {
        true => row(area, area.height - 2),
        false => Rect::ZERO,
    };
    bottom::draw(state, canvas, row(area, area.height - 1), above);
}

/// When something on the screen changes without an event: a spinner, a countdown, an outcome that goes, or
/// the minute.
pub(super) fn next_change(state: &State) -> std::time::Duration {
    use crate::widgets::{PATIENCE, TURN};
    let second = std::time::Duration::from_secs(1);
    let until_minute = 60 - state.now.as_second().rem_euclid(60);
    let mut wait = second * u32::try_from(until_minute).unwrap_or(60);
    if let Some((_, waited)) = state.work.longest(state.now) {
        wait = wait.min(PATIENCE.saturating_sub(waited).max(TURN));
    }
    if let Some(outcome) = &state.work.outcome {
        let left = outcome.until.duration_since(state.now);
        wait = wait.min(left.try_into().unwrap_or(TURN).max(TURN));
    }
    let flashes = state.pane().flashes_until();
    if let Some(until) = flashes {
        let left = until.duration_since(state.now);
        wait = wait.min(left.try_into().unwrap_or(TURN));
    }
    let counts = state.panes.iter().any(Pane::counts_seconds);
    let counts = counts || !leaving(state).is_empty();
    let counting = matches!(state.link, Link::Down { .. }) || counts;
    if counting { wait.min(second) } else { wait }
}
