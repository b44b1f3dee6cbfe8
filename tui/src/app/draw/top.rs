//! The top line: the screens, and to the right who, where and how Zoom is.

use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::today::Dependence;
use greenroom_protocol::zoom::ConnectionState;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::{Command, Context, Places};
use crate::state::{Link, Screen, State};
use crate::theme;
use crate::widgets::{Canvas, part, text, times};
use crate::wording;
use crate::wording::zoom::{self, my_zoom};

const TABS: [(Screen, Command, &str); 6] = [
    (Screen::Today, Command::TodayScreen, "Today"),
    (Screen::Candidates, Command::Candidates, "Candidates"),
    (Screen::Pipeline, Command::Pipeline, "Pipeline"),
    (Screen::Interviews, Command::Interviews, "Interviews"),
    (Screen::Assistant, Command::Assistant, "Assistant"),
    (Screen::Settings, Command::Settings, "Settings"),
];

/// How much of the screens' names is shown.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    All,
    /// Of the one that is shown; the others keep their key.
    Here,
    /// Only the one that is shown.
    Alone,
}

/// How much is said to the right.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Whole,
    /// Signs in the place of words.
    Brief,
    /// One sign.
    Least,
}

/// What a line that grows narrower loses, step by step.
const STEPS: [(Detail, Names); 6] = [
    (Detail::Whole, Names::All),
    (Detail::Brief, Names::All),
    (Detail::Whole, Names::Here),
    (Detail::Brief, Names::Here),
    (Detail::Brief, Names::Alone),
    (Detail::Least, Names::Alone),
];

/// Draws the line: the most of [`STEPS`] that fits.
pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let width = usize::from(line.width);
    let fits = |step: &&(Detail, Names)| {
        let (detail, names) = **step;
        cells(&right(state, detail)) + 1 + cells(&left(state, names, " ")) <= width
    };
    let (detail, names) = *STEPS.iter().find(fits).unwrap_or(&STEPS[STEPS.len() - 1]);
    let right = right(state, detail);
    let room = width.saturating_sub(cells(&right) + 1);
    let mut left_side = left(state, names, " ");
    if names == Names::All {
        let wide = left(state, names, "  ");
        let program = [(" Greenroom  ".to_owned(), theme::STRONG)];
        let named: Vec<Piece> = program.into_iter().chain(wide.clone()).collect();
        for wider in [wide, named] {
            if cells(&wider) <= room {
                left_side = wider;
            }
        }
    }
    if names == Names::Alone {
        let words = left_side
            .into_iter()
            .map(|(words, _)| words)
            .collect::<String>();
        left_side = vec![(
            text::fit(words.trim_end(), room.saturating_sub(1)),
            theme::SELECTED,
        )];
    }
    let room = u16::try_from(room).unwrap_or(line.width);
    canvas.line(part(line, 0, room), spans(left_side));
    canvas.line(part(line, room, line.width), spans(right));
}

/// The window's title: `Greenroom · Acme · Zoom ✗`.
pub(in crate::app) fn title(state: &State) -> String {
    let mut parts = vec!["Greenroom".to_owned()];
    match &state.link {
        Link::Connecting => {}
        Link::Down { .. } => parts.push("daemon unreachable".to_owned()),
        Link::Up(hello) => {
            let workspace = hello.workspace.as_ref();
            parts.extend(workspace.map(|it| text::fit(&text::clean(&it.name), 40)));
            parts.extend(health(state, hello, Detail::Brief).map(|(words, _)| words));
        }
    }
    state.look.text(&parts.join(" · "))
}

type Piece = (String, Style);

fn spans(pieces: Vec<Piece>) -> Line<'static> {
    let spans = pieces
        .into_iter()
        .map(|(words, style)| Span::styled(words, style));
    Line::from(spans.collect::<Vec<_>>())
}

fn cells(pieces: &[Piece]) -> usize {
    pieces.iter().map(|(words, _)| text::width(words)).sum()
}

fn left(state: &State, names: Names, gap: &str) -> Vec<Piece> {
    let mut pieces = vec![(" ".to_owned(), theme::PLAIN)];
    let everywhere = Places::over_screen(Context::Everywhere);
    for (screen, command, name) in TABS {
        let here = screen == state.screen;
        // A person's own keys may have taken the digit away.
        let key = state.keymap.key(command, &everywhere);
        let key = key.map(|key| key.to_string()).unwrap_or_default();
        let words = match names {
            Names::Alone if !here => continue,
            Names::Here if !here => key,
            _ => format!("{key} {name}").trim_start().to_owned(),
        };
        let style = if here { theme::SELECTED } else { theme::DIM };
        pieces.push((words, style));
        pieces.extend(badge(state, screen, names).map(|words| (words, theme::WAIT)));
        pieces.push((gap.to_owned(), theme::PLAIN));
    }
    pieces
}

/// How much there is to see to on a screen.
fn badge(state: &State, screen: Screen, names: Names) -> Option<String> {
    let badges = state.cache.today.latest()?.badges;
    let count = match screen {
        Screen::Today => badges.today,
        Screen::Assistant => badges.assistant,
        _ => 0,
    };
    let gap = if names == Names::All { " " } else { "" };
    (count > 0).then(|| format!("{gap}·{count}"))
}

fn right(state: &State, detail: Detail) -> Vec<Piece> {
    let mut parts: Vec<Piece> = Vec::new();
    match &state.link {
        Link::Connecting => parts.push(match detail {
            Detail::Whole => ("looking for the daemon…".to_owned(), theme::WAIT),
            _ => ("daemon…".to_owned(), theme::WAIT),
        }),
        Link::Down { retry_at, .. } => {
            let seconds = retry_at.duration_since(state.now).as_secs().max(0);
            let words = match detail {
                Detail::Whole => format!("daemon unreachable, retrying in {seconds} s"),
                Detail::Brief => format!("unreachable, {seconds} s"),
                Detail::Least => "away".to_owned(),
            };
            parts.push((words, theme::BAD));
        }
        Link::Up(hello) => {
            parts.extend(problem(state, detail));
            parts.extend(oldest_email(state, detail));
            parts.extend(who_and_where(state, hello, detail));
            parts.extend(health(state, hello, detail));
        }
    }
    if state.sandbox().is_some() {
        parts.push(("SANDBOX".to_owned(), theme::BADGE));
    }
    let mut pieces = Vec::new();
    for part in parts {
        if !pieces.is_empty() {
            pieces.push((" · ".to_owned(), theme::DIM));
        }
        pieces.push(part);
    }
    pieces
}

/// The worst of what an admin is needed for: nothing else matters as much.
fn problem(state: &State, detail: Detail) -> Option<Piece> {
    let status = state.cache.status.latest()?;
    let problem = status.problems.first()?;
    let words = match detail {
        Detail::Whole => format!("⚠ {}", text::fit(&problem.message, 40)),
        Detail::Brief => format!("⚠ {}", text::fit(&problem.code, 12)),
        Detail::Least => "⚠".to_owned(),
    };
    Some((words, theme::BAD))
}

/// How long the oldest email waits that the person should read or answer.
fn oldest_email(state: &State, detail: Detail) -> Option<Piece> {
    let since = state.cache.today.latest()?.oldest_email?;
    let age = match times::age(since.timestamp(), state.now) {
        now if now == "now" => "new".to_owned(),
        age => age,
    };
    let words = match detail {
        Detail::Whole if age == "new" => "✉ new email".to_owned(),
        Detail::Whole => format!("✉ unanswered {age}"),
        Detail::Brief => format!("✉ {age}"),
        Detail::Least => "✉".to_owned(),
    };
    Some((words, theme::WAIT))
}

fn who_and_where(state: &State, hello: &ServerHello, detail: Detail) -> Vec<Piece> {
    let workspace = hello.workspace.as_ref().filter(|_| state.size.0 >= 90);
    // Beside an email that waits, the screens' names matter more than one's own.
    let today = state.cache.today.latest();
    let waits = today.is_some_and(|it| it.oldest_email.is_some());
    let named = state.size.0 >= 110 && (detail == Detail::Whole || !waits);
    let caller = hello.caller.as_ref().filter(|_| named);
    let workspace = workspace.map(|workspace| text::fit(&workspace.name, 20));
    let caller = caller.map(|caller| text::fit(&caller.member.name, 24));
    let words = workspace.into_iter().chain(caller);
    words.map(|words| (words, theme::PLAIN)).collect()
}

/// A colleague's connection that upcoming interviews depend on and that must be connected, where the
/// person's own is not as bad.
fn a_colleagues(state: &State) -> Option<&Dependence> {
    let worst = state.cache.today.latest()?.connections.first()?;
    let broken = |state: ConnectionState| {
        use ConnectionState::{Disconnected, ReconnectRequired};
        matches!(state, ReconnectRequired | Disconnected)
    };
    let mine = my_zoom(state).map(|zoom| zoom.state);
    let own_is_worse = mine == Some(ConnectionState::ReconnectRequired);
    let theirs = !state.is_me(worst.member.id) && broken(worst.standing.state);
    (theirs && !own_is_worse).then_some(worst)
}

/// `Mina's Zoom ✗ 4 interviews`
fn colleague(worst: &Dependence, detail: Detail) -> Piece {
    let sign = zoom::reading(worst.standing.state).sign;
    let name = text::clean(wording::first(&worst.member.name));
    let whose = format!("{}'s Zoom {sign}", text::fit(&name, 16));
    let words = match (detail, worst.interviews) {
        (Detail::Least, _) => sign.to_owned(),
        (Detail::Brief, _) => whose,
        (Detail::Whole, 1) => format!("{whose} 1 interview"),
        (Detail::Whole, many) => format!("{whose} {many} interviews"),
    };
    (words, theme::BAD)
}

/// Nothing for who is no member: they have no Zoom here.
fn health(state: &State, hello: &ServerHello, detail: Detail) -> Option<Piece> {
    hello.caller.as_ref()?;
    if let Some(worst) = a_colleagues(state) {
        return Some(colleague(worst, detail));
    }
    let Some(zoom) = my_zoom(state) else {
        return Some(("Zoom".to_owned(), theme::DIM));
    };
    let zoom::Reading {
        sign, brief, style, ..
    } = zoom::reading_of(zoom);
    let words = match (detail, brief) {
        (Detail::Least, _) => sign.to_owned(),
        (Detail::Brief, _) | (Detail::Whole, "") => format!("Zoom {sign}"),
        (Detail::Whole, brief) => format!("Zoom {sign} {brief}"),
    };
    Some((words, style))
}
