//! The steps of setting up: a list with ticks, and in words what the selected one is for.

use greenroom_protocol::setting_up::{SetupItem, SetupState, SetupStep};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::SettingUp;
use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, rows, text};
use crate::wording::zoom::my_zoom;

/// Cells of the names of the steps.
const NAMES: usize = 14;

/// The widest that words are read well.
const WORDS: u16 = 90;

pub(super) fn draw(pane: &SettingUp, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.blank(area);
    let area = part_of(area);
    let hello = state.link.hello();
    let workspace = hello.and_then(|hello| hello.workspace.as_ref());
    let title = workspace.map_or_else(
        || "Set up Greenroom".to_owned(),
        |workspace| format!("Set up Greenroom · {}", text::clean(&workspace.name)),
    );
    canvas.text(row(area, 0), &title, theme::STRONG);
    canvas.rule(row(area, 1));
    let Some(progress) = state.cache.setup.latest() else {
        let failure = state.cache.setup.failure();
        let words = failure.map_or("…", |error| &error.message);
        return canvas.text(row(area, 3), words, theme::DIM);
    };
    let done = progress.steps.iter();
    let done = done.filter(|it| it.state == SetupState::Done).count();
    let count = format!("{done} of {} done", progress.steps.len());
    canvas.text_right(row(area, 0), &count, theme::DIM);
    let step = pane.step(state);
    let mut rest = below(area, 2);
    for item in &progress.steps {
        let line = entry(item, step == Some(item.step), usize::from(rest.width));
        canvas.line(row(rest, 0), line);
        rest = below(rest, 1);
    }
    canvas.rule(row(rest, 0));
    rest = below(rest, 1);
    match pane.item(state) {
        Some(item) => draw_step(canvas, rest, item),
        None => draw_next(state, canvas, rest),
    }
}

fn part_of(area: Rect) -> Rect {
    let inside = part(area, 1, area.width.saturating_sub(2));
    Rect {
        height: area.height,
        ..inside
    }
}

fn entry(item: &SetupItem, marked: bool, cells: usize) -> Line<'static> {
    let (sign, style) = match item.state {
        SetupState::Done => ("✓", theme::GOOD),
        SetupState::Skipped => ("–", theme::DIM),
        SetupState::Open => ("○", theme::PLAIN),
    };
    let mark = if marked { "▸ " } else { "  " };
    let named = match marked {
        true => theme::SELECTED,
        false => theme::PLAIN,
    };
    let (words, worded) = stands(item);
    let room = cells.saturating_sub(NAMES + 5);
    Line::from(vec![
        Span::styled(mark, named),
        Span::styled(format!("{sign} "), style),
        Span::styled(text::left(name(item.step), NAMES), named),
        Span::styled(text::fit(&words, room), worded),
    ])
}

/// What is there, or what its absence means.
fn stands(item: &SetupItem) -> (String, Style) {
    let detail = item.detail.as_deref().unwrap_or("done");
    match (item.state, item.from_configuration) {
        (SetupState::Done, false) => (detail.to_owned(), theme::PLAIN),
        (SetupState::Done, true) => (
            format!("{detail} · set in the daemon's configuration"),
            theme::PLAIN,
        ),
        (SetupState::Skipped, _) => ("skipped".to_owned(), theme::DIM),
        (SetupState::Open, _) => {
            let words = match item.step {
                SetupStep::Workspace => "none yet",
                SetupStep::ZoomApp => "nobody can connect Zoom yet",
                SetupStep::Email => "nobody receives emails yet",
                SetupStep::Job | SetupStep::Candidates => "none yet",
                SetupStep::Hours => "Mon–Fri, 09:00–17:00 is assumed",
            };
            (words.to_owned(), theme::WAIT)
        }
    }
}

fn name(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Workspace => "Workspace",
        SetupStep::ZoomApp => "Zoom app",
        SetupStep::Email => "Email",
        SetupStep::Job => "First job",
        SetupStep::Candidates => "Candidates",
        SetupStep::Hours => "Working hours",
    }
}

fn draw_step(canvas: &mut Canvas<'_>, area: Rect, item: &SetupItem) {
    let about = match item.step {
        SetupStep::Workspace => {
            "Your company's name. You are its first member, and colleagues are added in Settings."
        }
        SetupStep::ZoomApp => {
            "People connect their own Zoom through one app, which somebody creates once in your company's Zoom account. It \
             takes about five minutes and needs an owner, admin or developer there. The next page says what to click, and has \
             everything to copy."
        }
        SetupStep::Email => {
            "Invitations and reminders leave from one mailbox of yours, such as interviews@, and replies are read there. \
             Until it is set up, nobody receives an email."
        }
        SetupStep::Job => {
            "An opening, and the stages that its candidates go through. Both can be changed later."
        }
        SetupStep::Candidates => {
            "A CSV or JSON file, as other systems export it. It is checked before anything is added. Single candidates are \
             added on the Candidates screen."
        }
        SetupStep::Hours => {
            "When you work, by your own clock: interviews are proposed within these hours. Colleagues set theirs in Settings; \
             until they do, Monday to Friday from 9 to 17 is assumed."
        }
    };
    canvas.text(row(area, 1), name(item.step), theme::STRONG);
    let place = Rect {
        width: area.width.min(WORDS),
        ..below(area, 2)
    };
    let taken = canvas.paragraph(place, about, theme::PLAIN);
    if item.from_configuration {
        let words = "The daemon's configuration sets it for all workspaces. What you set here goes before it.";
        canvas.paragraph(below(place, taken + 1), words, theme::DIM);
    }
}

/// What comes after setting up.
fn draw_next(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(row(area, 1), "Ready. What comes next:", theme::STRONG);
    let key = |command, context| {
        let places = Places::on_screen(context);
        let key = state.keymap.key(command, &places);
        key.map(|key| key.to_string()).unwrap_or_default()
    };
    let connected = my_zoom(state).is_some_and(|zoom| zoom.state.serves());
    let steps = [
        (
            connected,
            format!(
                "Connect Zoom: {}",
                key(Command::Connect, Context::SettingUp)
            ),
        ),
        (
            false,
            format!(
                "Pick someone: {} and {}",
                key(Command::Candidates, Context::Today),
                key(Command::Search, Context::Candidates)
            ),
        ),
        (
            false,
            format!(
                "Schedule an interview: {}",
                key(Command::NewInterview, Context::Candidates)
            ),
        ),
    ];
    for ((done, words), line) in steps.iter().zip(rows(below(area, 2))) {
        let (sign, style) = match done {
            true => ("✓", theme::GOOD),
            false => ("○", theme::PLAIN),
        };
        canvas.text(line, &format!("{sign} {words}"), style);
    }
}
