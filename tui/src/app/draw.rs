//! The whole frame: top line, screen, layers, bottom line.
//!
//! Owns the places of these four and nothing in them. Takes `&State`; the only thing that decides
//! what a terminal shows.

use greenroom_protocol::zoom::ConnectionState;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::reason;
use super::state::{Link, Screen, State};
use crate::keys::{Command, TABLE};
use crate::screens::{self, my_zoom};
use crate::widgets::{Canvas, below, part, row, spinner, text};
use crate::{layers, theme};

/// The smallest terminal that shows anything but a wish.
const SMALLEST: (u16, u16) = (40, 10);

/// Draws everything.
pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        canvas.text(row(area, 0), "make me larger", theme::STRONG);
        canvas.text(
            row(area, 1),
            &format!("{} x {}", SMALLEST.0, SMALLEST.1),
            theme::DIM,
        );
        return;
    }
    let body = Rect {
        y: area.y + 2,
        height: area.height - 4,
        ..area
    };
    canvas.rule(row(area, 1));
    screens::draw(state, canvas, body);
    // A layer may cover everything but the lines that are always there.
    let over = Rect {
        y: area.y + 1,
        height: area.height - 2,
        ..area
    };
    canvas.rule(row(area, area.height - 2));
    for layer in &state.layers {
        layers::draw(state, layer, canvas, over);
    }
    if !state.link.is_up() {
        canvas.restyle(below(area, 1), theme::DIM);
    }
    draw_top(state, canvas, row(area, 0));
    draw_bottom(state, canvas, row(area, area.height - 1));
}

const TABS: [(Screen, &str, &str); 5] = [
    (Screen::Candidates, "1", "Candidates"),
    (Screen::Pipeline, "2", "Pipeline"),
    (Screen::Interviews, "3", "Interviews"),
    (Screen::Assistant, "4", "Assistant"),
    (Screen::Settings, "5", "Settings"),
];

/// Screens to the left; who, where and how Zoom is to the right. Narrow terminals lose the name of
/// the program first, then the gaps, then the names of the screens that are not shown.
fn draw_top(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let right = right_side(state);
    let right_cells: usize = right
        .iter()
        .map(|(words, _)| text::width(words))
        .sum::<usize>()
        + 1;
    let room = usize::from(line.width).saturating_sub(right_cells);
    let names: usize = TABS
        .iter()
        .map(|(_, key, name)| key.len() + name.len() + 1)
        .sum();
    let gap = if room > names + 1 + 2 * TABS.len() {
        "  "
    } else {
        " "
    };
    let all = room > names + TABS.len();
    let mut spans = vec![Span::raw(" ")];
    if room > names + 13 + 2 * TABS.len() {
        spans.push(Span::styled("Greenroom   ", theme::STRONG));
    }
    for (screen, key, name) in TABS {
        let here = screen == state.screen;
        let style = if here { theme::SELECTED } else { theme::DIM };
        let words = if all || here {
            format!("{key} {name}")
        } else {
            key.to_owned()
        };
        spans.push(Span::styled(words, style));
        spans.push(Span::raw(gap));
    }
    let room = u16::try_from(room).unwrap_or(line.width);
    canvas.line(part(line, 0, room), Line::from(spans));
    let spans = right
        .into_iter()
        .map(|(words, style)| Span::styled(words, style));
    canvas.line(
        part(line, room, line.width),
        Line::from(spans.collect::<Vec<_>>()),
    );
}

fn right_side(state: &State) -> Vec<(String, Style)> {
    let dot = || (" · ".to_owned(), theme::DIM);
    let mut side: Vec<(String, Style)> = Vec::new();
    match &state.link {
        Link::Connecting => side.push(("looking for the daemon…".to_owned(), theme::WAIT)),
        Link::Down { retry_at, .. } => {
            let seconds = retry_at.duration_since(state.now).as_secs().max(0);
            side.push((
                format!("daemon away, trying again in {seconds} s"),
                theme::BAD,
            ));
        }
        Link::Up(hello) => {
            if let (Some(workspace), true) = (&hello.workspace, state.size.0 >= 90) {
                side.push((text::fit(&workspace.name, 20), theme::PLAIN));
                side.push(dot());
            }
            if let (Some(caller), true) = (&hello.caller, state.size.0 >= 110) {
                side.push((text::fit(&caller.member.name, 24), theme::PLAIN));
                side.push(dot());
            }
            side.push(zoom_health(state));
        }
    }
    if reason::sandbox(state).is_some() {
        side.push(dot());
        side.push(("SANDBOX".to_owned(), theme::BADGE));
    }
    side
}

fn zoom_health(state: &State) -> (String, Style) {
    let (sign, style) = match my_zoom(state).map(|zoom| zoom.state) {
        Some(ConnectionState::Connected) => ("Zoom ✓", theme::GOOD),
        Some(ConnectionState::ReconnectRequired) => ("Zoom ✗", theme::BAD),
        Some(ConnectionState::Disconnected) | None => ("Zoom –", theme::DIM),
        Some(_) => ("Zoom …", theme::WAIT),
    };
    (sign.to_owned(), style)
}

/// What the keys do here; over it, for a while, how the last thing ended or what takes long.
fn draw_bottom(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let line = part(line, 1, line.width.saturating_sub(2));
    if let Some(outcome) = &state.work.outcome {
        let (sign, style) = if outcome.good {
            ("✓ ", theme::GOOD)
        } else {
            ("", theme::WAIT)
        };
        return canvas.text(line, &format!("{sign}{}", outcome.words), style);
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
        let hint = error
            .hint
            .as_ref()
            .map(|hint| format!(" · {hint}"))
            .unwrap_or_default();
        return canvas.text(line, &format!("{}{hint}", error.message), theme::WAIT);
    }
    draw_hints(state, canvas, line);
}

/// Only keys that work now, as many as fit.
fn draw_hints(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, words) in hints(state) {
        let cells = text::width(&key) + 1 + words.len() + 3;
        if used + cells > usize::from(line.width) + 3 {
            continue;
        }
        used += cells;
        spans.push(Span::styled(key, theme::KEY));
        spans.push(Span::styled(format!(" {words}   "), theme::DIM));
    }
    canvas.line(line, Line::from(spans));
}

/// Keys and their words, the most useful first.
pub(super) fn hints(state: &State) -> Vec<(String, &'static str)> {
    let places = state.places();
    let typing = state.is_typing();
    TABLE
        .iter()
        .filter(|spec| !spec.short.is_empty())
        .filter(|spec| reason::why_not(state, spec.command).is_none())
        .filter_map(|spec| {
            let key = state.keymap.key(spec.command, &places, typing)?;
            Some((key.to_string(), words(state, spec.command, spec.short)))
        })
        .collect()
}

/// A few commands have better words in one place.
fn words(state: &State, command: Command, usual: &'static str) -> &'static str {
    use crate::layers::Layer;
    match (state.layers.last(), command) {
        (Some(Layer::Form(form)), Command::Enter) if form.sheet.is_on_button() => "send",
        (Some(Layer::Form(form)), Command::Enter) if form.sheet.is_open() => "choose",
        (Some(Layer::Form(_)), Command::Enter) => "open or go on",
        (Some(Layer::Form(_)), Command::Submit) => "send",
        (Some(Layer::Form(form)), Command::Back) if form.sheet.is_open() => "close the list",
        (Some(Layer::Form(_)), Command::Back) => "keep it for later",
        (Some(Layer::Chooser(_)), Command::Enter) => "choose",
        (Some(Layer::Palette(_)), Command::Enter) => "do it",
        (Some(Layer::Connect(_)), Command::Enter) => "go on",
        (Some(Layer::Connect(_)), Command::NextField) => "paste field",
        (Some(Layer::Connect(_)), Command::Back) => "cancel",
        (Some(Layer::Confirm(_)), Command::Back) => "no",
        (None, Command::Back) if state.candidates.is_typing() => "stop typing",
        (None, Command::Back) if !state.candidates.search().is_empty() => "clear the search",
        _ => usual,
    }
}

/// When something on the screen changes by itself: a spinner, a countdown, an outcome that goes, or
/// the minute.
pub(super) fn next_change(state: &State) -> std::time::Duration {
    use crate::layers::Layer;
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
    let counting = matches!(state.link, Link::Down { .. })
        || state
            .layers
            .iter()
            .any(|layer| matches!(layer, Layer::Connect(it) if it.attempt().is_some()));
    if counting { wait.min(second) } else { wait }
}
