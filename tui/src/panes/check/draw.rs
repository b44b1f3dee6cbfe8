//! The Zoom check: how far it is, what is out of sync, what could not be looked at, and meetings
//! that no booking needs.
//!
//! Invariant: the green line is drawn only where everything was looked at.

use greenroom_protocol::drift::{DriftReport, HostCheck, Orphan, Unchecked};
use greenroom_protocol::interview::Interview;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::listing::{self, Listed};
use crate::widgets::{Canvas, List, text, times};
use crate::wording;

/// Cells of the pane, and of the column of names.
const WIDTH: u16 = 76;
const NAMES: usize = 22;

/// Something in it that can be selected.
pub(crate) enum Found<'a> {
    /// An interview whose meeting differs.
    Differs(&'a Interview),
    /// A meeting that no booking needs.
    Orphan(&'a Orphan),
    /// An interview whose meeting could not be looked at.
    Unchecked(&'a Unchecked),
}

/// Everything that can be selected, from the top.
pub(crate) fn found(state: &State) -> Vec<Found<'_>> {
    let Some(report) = state.cache.drift.latest() else {
        return Vec::new();
    };
    let differ = report.interviews.iter().map(Found::Differs);
    differ
        .chain(report.orphans.iter().map(Found::Orphan))
        .chain(report.unchecked.iter().map(Found::Unchecked))
        .collect()
}

/// Whether something of it is under way at the daemon.
pub(crate) fn is_under_way(report: &DriftReport) -> bool {
    report.is_running() || report.orphans.iter().any(|orphan| orphan.deleting)
}

pub(super) fn draw(state: &State, list: &List, canvas: &mut Canvas<'_>, area: Rect) {
    let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
    let lines = lines(state, list, cells);
    listing::draw(canvas, area, WIDTH, "Zoom check", lines);
}

fn lines(state: &State, list: &List, cells: usize) -> Vec<Listed> {
    let mut lines = Vec::new();
    let Some(report) = state.cache.drift.latest() else {
        let failure = state.cache.drift.failure();
        let words = failure.map_or("…", |error| &error.message);
        say(&mut lines, words, theme::DIM, cells);
        return lines;
    };
    let names = NAMES.min(cells / 3);
    for host in &report.hosts {
        let (words, style) = checked(state, host);
        let name = text::left(&host.host.name, names);
        let wrapped = text::wrap(&words, cells.saturating_sub(names));
        let labels = std::iter::once(name).chain(std::iter::repeat(text::blanks(names)));
        lines.extend(labels.zip(wrapped).map(|(name, words)| {
            let spans = vec![Span::raw(name), Span::styled(words, style)];
            (false, Line::from(spans))
        }));
    }
    if report.hosts.is_empty() {
        let words = "No upcoming interviews on Zoom.";
        say(&mut lines, words, theme::DIM, cells);
    }
    let selected = list.selected(found(state).len());
    lines.push((false, Line::default()));
    if let Some((words, style)) = verdict(report) {
        say(&mut lines, &words, style, cells);
    }
    let mut at = 0;
    let mut entry = |lines: &mut Vec<Listed>, words: &str, notes: Vec<(String, Style)>| {
        let marked = selected == Some(at);
        at += 1;
        let style = if marked {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let mark = if marked { "▸ " } else { "  " };
        let words = format!("{mark}{}", text::fit(words, cells.saturating_sub(2)));
        lines.push((marked, Line::styled(words, style)));
        for (note, style) in notes {
            let wrapped = text::wrap(&note, cells.saturating_sub(4)).into_iter();
            lines.extend(wrapped.map(|line| (false, Line::styled(format!("    {line}"), style))));
        }
    };
    if !report.interviews.is_empty() {
        lines.push((false, Line::styled("Out of sync", theme::STRONG)));
    }
    for interview in &report.interviews {
        let (when, _) = wording::when(interview, state);
        let words = format!("{when}  {}", interview.candidate.name);
        let differs = wording::drift(interview, state);
        entry(&mut lines, &words, differs.into_iter().collect());
    }
    if !report.orphans.is_empty() {
        blank(&mut lines);
        lines.push((false, Line::styled("Unused Zoom meetings", theme::STRONG)));
    }
    for orphan in &report.orphans {
        let (words, note) = orphan_words(state, orphan);
        entry(&mut lines, &words, vec![note]);
    }
    if !report.unchecked.is_empty() {
        blank(&mut lines);
        lines.push((false, Line::styled("Not checked", theme::STRONG)));
    }
    for open in &report.unchecked {
        let when = times::moment(open.start.timestamp(), &state.zone(), state.now);
        let words = format!("{when}  {}", open.candidate);
        let why = format!("⚠ {}'s Zoom: {}", open.host.name, open.reason);
        entry(&mut lines, &words, vec![(why, theme::WAIT)]);
    }
    if let Some(key) = key_of(state, Command::CheckMeetings)
        && !is_under_way(report)
    {
        lines.push((false, Line::default()));
        let words = format!("{key} to check again. It also runs automatically every night.");
        say(&mut lines, &words, theme::DIM, cells);
    }
    lines
}

/// What the check comes to, once it is over and lists no differences. `None`: the lists speak for
/// themselves.
fn verdict(report: &DriftReport) -> Option<(String, Style)> {
    if is_under_way(report) || report.hosts.is_empty() {
        return None;
    }
    let open = report.unchecked.len();
    let differs = !report.interviews.is_empty() || !report.orphans.is_empty();
    if open > 0 {
        let meetings = match open {
            1 => "1 meeting was".to_owned(),
            many => format!("{many} meetings were"),
        };
        return Some((format!("⚠ {meetings} not checked."), theme::WAIT));
    }
    if !report.is_complete() {
        return Some(("⚠ Not everything was checked.".into(), theme::WAIT));
    }
    if differs {
        return None;
    }
    let listed = report.hosts.iter().all(|host| host.strays_looked_for);
    Some(match listed {
        true => ("✓ In sync: everything is as booked.".into(), theme::GOOD),
        false => (
            "✓ In sync. Unused meetings could not be looked for on every Zoom account.".into(),
            theme::GOOD,
        ),
    })
}

/// An empty line between two lists.
fn blank(lines: &mut Vec<Listed>) {
    let after_a_list = lines.last().is_some_and(|(_, line)| line.width() > 0);
    if after_a_list {
        lines.push((false, Line::default()));
    }
}

fn say(lines: &mut Vec<Listed>, words: &str, style: Style, cells: usize) {
    let wrapped = text::wrap(words, cells).into_iter();
    lines.extend(wrapped.map(|line| (false, Line::styled(line, style))));
}

fn checked(state: &State, host: &HostCheck) -> (String, Style) {
    let when = host
        .checked_at
        .map(|at| times::near(at.timestamp(), &state.zone(), state.now));
    if let Some(reason) = &host.reason {
        let last = when.map(|when| format!(" (last check {when})"));
        let words = format!("✗ {reason}{}", last.unwrap_or_default());
        return (words, theme::BAD);
    }
    if host.running {
        let last = when.map(|when| format!(", last at {when}"));
        return (
            format!("… checking{}", last.unwrap_or_default()),
            theme::WAIT,
        );
    }
    let Some(when) = when else {
        return ("not checked yet".to_owned(), theme::DIM);
    };
    let meetings = match host.meetings {
        1 => "1 meeting".to_owned(),
        many => format!("{many} meetings"),
    };
    match host.strays_looked_for {
        true => (format!("✓ {meetings}, {when}"), theme::GOOD),
        false => (
            format!(
                "✓ {meetings}, {when}; finding unused meetings needs the permission to list meetings"
            ),
            theme::PLAIN,
        ),
    }
}

/// A orphan in a line, and under it how far it is.
pub(crate) fn orphan_words(state: &State, orphan: &Orphan) -> (String, (String, Style)) {
    let zone = state.zone();
    let when = orphan
        .start
        .map(|start| times::moment(start.timestamp(), &zone, state.now));
    let words = format!(
        "{}  meeting {} of {}",
        when.as_deref().unwrap_or("no time"),
        orphan.meeting_id,
        orphan.host.name
    );
    let found = times::near(orphan.found_at.timestamp(), &zone, state.now);
    let note = match (&orphan.reason, orphan.deleting) {
        (Some(why), true) => (format!("… deleting: {why}"), theme::WAIT),
        (Some(why), false) => (format!("✗ not deleted: {why}"), theme::BAD),
        (None, true) => ("… deleting from Zoom".to_owned(), theme::WAIT),
        (None, false) => (format!("found {found}"), theme::DIM),
    };
    (words, note)
}
