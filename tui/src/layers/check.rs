//! Bookings held against Zoom: how far the check is, what differs, and meetings that no booking needs.

use greenroom_protocol::drift::{DriftReport, HostCheck, Orphan};
use greenroom_protocol::interview::Interview;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::listing::{self, Listed};
use crate::app::{State, key_of};
use crate::keys::Command;
use crate::screens::wording;
use crate::theme;
use crate::widgets::{Canvas, List, text, times};

/// Cells of the layer, and of the column of names.
const WIDTH: u16 = 76;
const NAMES: usize = 22;

/// Something in it that can be selected.
pub(crate) enum Found<'a> {
    /// An interview whose meeting differs.
    Differs(&'a Interview),
    /// A meeting that no booking needs.
    Stray(&'a Orphan),
}

/// Everything that can be selected, from the top.
pub(crate) fn found(state: &State) -> Vec<Found<'_>> {
    let Some(report) = state.mirror.drift.latest() else {
        return Vec::new();
    };
    let differ = report.interviews.iter().map(Found::Differs);
    differ
        .chain(report.orphans.iter().map(Found::Stray))
        .collect()
}

/// Whether something of it is under way at the daemon.
pub(crate) fn is_under_way(report: &DriftReport) -> bool {
    let checks = report.hosts.iter().any(|host| host.running);
    checks || report.orphans.iter().any(|stray| stray.deleting)
}

pub(super) fn draw(state: &State, list: &List, canvas: &mut Canvas<'_>, area: Rect) {
    let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
    let lines = lines(state, list, cells);
    listing::draw(canvas, area, WIDTH, "Meetings held against Zoom", lines);
}

fn lines(state: &State, list: &List, cells: usize) -> Vec<Listed> {
    let mut lines = Vec::new();
    let Some(report) = state.mirror.drift.latest() else {
        let failure = state.mirror.drift.failure();
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
        let words = "No meeting to come is hosted by anybody's Zoom.";
        say(&mut lines, words, theme::DIM, cells);
    }
    let selected = list.selected(report.interviews.len() + report.orphans.len());
    lines.push((false, Line::default()));
    if selected.is_none() && !is_under_way(report) {
        let checked = report.hosts.iter().any(|host| host.checked_at.is_some());
        let (words, style) = match checked {
            true => ("✓ All as booked.", theme::GOOD),
            false => ("Nothing is known yet.", theme::DIM),
        };
        say(&mut lines, words, style, cells);
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
        lines.push((
            false,
            Line::styled("Differ from their booking", theme::STRONG),
        ));
    }
    for interview in &report.interviews {
        let (when, _) = wording::when(interview, state);
        let words = format!("{when}  {}", interview.candidate.name);
        let differs = wording::drift(interview, state);
        entry(&mut lines, &words, differs.into_iter().collect());
    }
    if !report.orphans.is_empty() {
        if !report.interviews.is_empty() {
            lines.push((false, Line::default()));
        }
        lines.push((false, Line::styled("Needed by no booking", theme::STRONG)));
    }
    for stray in &report.orphans {
        let (words, note) = stray_words(state, stray);
        entry(&mut lines, &words, vec![note]);
    }
    if let Some(key) = key_of(state, Command::CheckMeetings)
        && !is_under_way(report)
    {
        lines.push((false, Line::default()));
        let words = format!("{key} checks again; every night it is done by itself.");
        say(&mut lines, &words, theme::DIM, cells);
    }
    lines
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
        return (format!("✗ not checked: {reason}"), theme::BAD);
    }
    if host.running {
        let last = when.map(|when| format!(", last at {when}"));
        return (
            format!("… being checked{}", last.unwrap_or_default()),
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
                "✓ {meetings}, {when}; strays cannot be looked for without the permission to see the list of meetings"
            ),
            theme::PLAIN,
        ),
    }
}

/// A stray in a line, and under it how far it is.
pub(crate) fn stray_words(state: &State, stray: &Orphan) -> (String, (String, Style)) {
    let zone = state.zone();
    let when = stray
        .start
        .map(|start| times::moment(start.timestamp(), &zone, state.now));
    let words = format!(
        "{}  meeting {} of {}",
        when.as_deref().unwrap_or("no time"),
        stray.meeting_id,
        stray.host.name
    );
    let found = times::near(stray.found_at.timestamp(), &zone, state.now);
    let note = match (&stray.reason, stray.deleting) {
        (Some(why), true) => (format!("… is being deleted: {why}"), theme::WAIT),
        (Some(why), false) => (format!("✗ was not deleted: {why}"), theme::BAD),
        (None, true) => ("… is being deleted at Zoom".to_owned(), theme::WAIT),
        (None, false) => (format!("found {found}"), theme::DIM),
    };
    (words, note)
}
