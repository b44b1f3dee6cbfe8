//! The bottom line: how the last thing ended, and what the keys do here.
//!
//! Invariant: only keys that work on what has the focus are shown, and the way out always has room.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, MeetingState};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::perform::{SettingsAction, settings_action};
use crate::app::reason;
use crate::forms::Form;
use crate::forms::sheet::Entry;
use crate::keys::{Command, TABLE};
use crate::panes::Layer;
use crate::panes::check::Found;
use crate::panes::connect::steps as connecting;
use crate::state::{Link, Screen, State};
use crate::theme;
use crate::widgets::{Canvas, part, spinner, text};
use crate::wording::zoom::{self, my_zoom};

/// How the last thing ended, or what takes long, for a while; beside it what the keys do here, as
/// far as there is room.
pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let line = part(line, 1, line.width.saturating_sub(2));
    if let Some(outcome) = &state.work.outcome {
        let (sign, style) = if outcome.good {
            ("✓ ", theme::GOOD)
        } else {
            ("", theme::WAIT)
        };
        let words = format!("{sign}{}", outcome.words);
        canvas.text(line, &words, style);
        let taken = u16::try_from(text::width(&words)).unwrap_or(u16::MAX);
        let taken = taken.saturating_add(3).min(line.width);
        return draw_hints(state, canvas, part(line, taken, line.width));
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
    draw_hints(state, canvas, line);
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
    const GAP: usize = 3;
    let hints = hints(state);
    let cells = |hint: &Hint| text::width(&hint.key) + 1 + hint.words.len() + GAP;
    let mut room = usize::from(line.width) + GAP;
    let mut shown = vec![false; hints.len()];
    let in_form = matches!(state.layers.last(), Some(Layer::Form(_)));
    let kept = |hint: &Hint| match hint.command {
        // While there is something to undo, there are seconds to do it in.
        Command::Back | Command::Undo => true,
        // A form has no room for it, and needs it least.
        Command::Help => !in_form,
        _ => false,
    };
    for first in [true, false] {
        for (at, hint) in hints.iter().enumerate() {
            if kept(hint) == first && cells(hint) <= room {
                room -= cells(hint);
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

/// A key and what it does here.
pub(in crate::app) struct Hint {
    pub(in crate::app) command: Command,
    pub(in crate::app) key: String,
    pub(in crate::app) words: &'static str,
}

/// Keys and their words, the most useful first.
pub(in crate::app) fn hints(state: &State) -> Vec<Hint> {
    let places = state.places();
    TABLE
        .iter()
        .filter(|spec| !spec.short.is_empty())
        .filter(|spec| reason::why_not_now(state, spec.command).is_none())
        .filter(|spec| match spec.command {
            Command::Connect => calls_for_connect(state),
            // One key is enough of a hint where Enter does the same.
            Command::Disconnect => {
                !matches!(settings_action(state), Ok(SettingsAction::Disconnect))
            }
            Command::CheckMeetings => matches!(state.layers.last(), Some(Layer::Check(_))),
            // Over a screen, the layer is the matter.
            Command::Workspaces => state.layers.is_empty(),
            _ => true,
        })
        .filter_map(|spec| {
            let key = state.keymap.key(spec.command, &places)?;
            Some(Hint {
                command: spec.command,
                key: key.to_string(),
                words: words(state, spec.command, spec.short),
            })
        })
        .collect()
}

/// Whether connecting is worth a hint: where it is the matter, and everywhere once it is urgent.
fn calls_for_connect(state: &State) -> bool {
    let subject = connecting::subject(state);
    let stuck = subject.is_some_and(|member| zoom::stuck(state, member).is_some());
    let urgent = my_zoom(state).is_some_and(zoom::is_urgent);
    match state.layers.last() {
        // While a list hangs open, only the list is the matter.
        Some(Layer::Form(form)) => stuck && !form.fields().is_open(),
        Some(
            Layer::Trouble(_) | Layer::Interview(..) | Layer::Candidate(_) | Layer::Failure(_),
        ) => stuck,
        Some(_) => false,
        None => match state.screen {
            Screen::Settings => !matches!(settings_action(state), Ok(SettingsAction::Connect)),
            Screen::Candidates => stuck,
            _ => stuck && (urgent || !subject.is_some_and(|member| state.is_me(member))),
        },
    }
}

/// A few commands have better words in one place.
fn words(state: &State, command: Command, usual: &'static str) -> &'static str {
    match (state.layers.last(), command) {
        (Some(Layer::Form(form)), Command::Enter) => enter_in(form),
        (Some(Layer::Form(form)), Command::Submit) => form.button(),
        (Some(Layer::Form(form)), Command::Back) if form.fields().is_open() => "close the list",
        (Some(Layer::Form(form)), Command::Back) => form.leave().words(),
        (Some(Layer::Chooser(_)), Command::Enter) => "choose",
        (Some(Layer::Palette(_)), Command::Enter) => "run",
        (Some(Layer::Connect(_)), Command::Enter) => "continue",
        (Some(Layer::Help(_)), Command::Help) => "close",
        (Some(Layer::Confirm(confirm)), Command::Yes) => confirm.pressed_by_enter(),
        (Some(Layer::Confirm(confirm)), Command::NextField) if confirm.is_typing() => "buttons",
        (Some(Layer::Confirm(_)), Command::NextField) => "other button",
        (Some(Layer::Connect(_)), Command::NextField) => "paste field",
        (Some(Layer::Connect(connect)), Command::Back) if connect.is_aside() => "back",
        (Some(Layer::Connect(_)), Command::Back) => "cancel",
        (Some(Layer::Confirm(_)), Command::Back) => "cancel",
        (Some(Layer::Mails(_)), Command::Enter) => "read",
        (Some(Layer::ZoomTest(_)), Command::TestZoom) => "test again",
        (Some(Layer::Check(_)), Command::Enter) => match reason::found_selected(state) {
            Some(Found::Stray(_)) => "delete",
            _ => "open",
        },
        (None, Command::Enter) if state.screen == Screen::Settings => {
            match settings_action(state) {
                Ok(SettingsAction::Connect) => "connect",
                Ok(SettingsAction::Disconnect) => "disconnect",
                Ok(SettingsAction::Use(_)) => "go there",
                Ok(SettingsAction::Edit(_) | SettingsAction::ZoomApp) => "change",
                Err(_) => usual,
            }
        }
        (_, Command::Connect) => match connecting::subject(state) {
            Some(member) if state.is_me(member) => "connect Zoom",
            _ => "connect their Zoom",
        },
        (Some(Layer::Interview(..)), Command::Back) => "close",
        (_, Command::ConfirmInterview) if state.interview_selected().is_some_and(has_failed) => {
            "try again"
        }
        (None, Command::Back) if state.candidates.is_typing() => "stop typing",
        (None, Command::Back) if !state.candidates.search().is_empty() => "clear the search",
        _ => usual,
    }
}

/// What Enter does on the part of a form that has the focus.
fn enter_in(form: &Form) -> &'static str {
    let sheet = form.fields();
    match (sheet.keep(), sheet.focused().map(|field| &field.entry)) {
        _ if sheet.is_on_button() => form.button(),
        (Some((words, true)), _) => words,
        (_, Some(entry)) if entry.is_open() => "choose",
        (_, Some(Entry::Select(_) | Entry::MultiSelect(_))) => "open",
        _ => "next",
    }
}

/// Whether confirming makes the meeting once more.
fn has_failed(interview: &Interview) -> bool {
    let meeting = &interview.meeting;
    matches!(meeting.state, MeetingState::Failed | MeetingState::Gone) && !meeting.refused_for_good
}
