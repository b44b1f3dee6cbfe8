//! One candidate: who, where in which pipeline, what comes next, what was.

use greenroom_protocol::interview::Interview;
use greenroom_protocol::pipeline::{Application, Candidate};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, below, part, row, rows, text, times};
use crate::wording;

/// Cells of the column of labels.
const LABELS: u16 = 10;

/// Notes that are shown.
const NOTES: usize = 3;

pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) {
    canvas.text(row(area, 0), &candidate.name, theme::STRONG);
    canvas.text(row(area, 1), &who(state, candidate), theme::DIM);
    let mut rest = below(area, 3);
    if !candidate.warnings.is_empty() {
        let words = format!("⚠ {}", candidate.warnings.join("; "));
        rest = below(rest, canvas.paragraph(rest, &words, theme::WAIT) + 1);
    }
    if candidate.applications.is_empty() {
        canvas.text(row(rest, 0), "No applications.", theme::DIM);
        rest = below(rest, 2);
    }
    for application in &candidate.applications {
        canvas.text(row(rest, 0), &application.job_title, theme::STRONG);
        rest = below(rest, 1);
        rest = below(rest, draw_pipeline(canvas, rest, application) + 1);
    }
    rest = below(rest, draw_emails(state, canvas, rest, candidate));
    rest = below(rest, draw_next(state, canvas, rest, candidate));
    rest = below(rest, draw_proposed(state, canvas, rest, candidate));
    rest = below(rest, draw_kept(state, canvas, rest, candidate));
    rest = below(rest, draw_noted(canvas, rest, candidate));
    draw_history(state, canvas, rest, candidate);
}

/// The newest emails that came in: what is unread, else the latest; and the key.
fn draw_emails(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) -> u16 {
    let page = state.cache.received.get(&candidate.id);
    let mails = || page.into_iter().flat_map(|page| &page.items);
    let unread = mails().filter(|mail| mail.unread).count();
    let Some(mail) = mails().find(|mail| mail.unread).or(mails().next()) else {
        return 0;
    };
    let key = key_of(state, Command::Emails);
    let key = key
        .map(|key| format!(": {key} to read"))
        .unwrap_or_default();
    let (words, style) = match unread {
        0 => (format!("{}{key}", mails().count()), theme::DIM),
        1 => (format!("✉ 1 unread{key}"), theme::WAIT),
        many => (format!("✉ {many} unread{key}"), theme::WAIT),
    };
    label(canvas, row(area, 0), "Emails");
    canvas.text(value(row(area, 0)), &words, style);
    let near = times::near(mail.at.timestamp(), &state.zone(), state.now);
    let newest = format!("{near} {}: {}", mail.name, wording::received(mail));
    let place = part(below(area, 1), LABELS, area.width);
    1 + canvas.paragraph(place, &newest, theme::DIM).min(2) + 1
}

/// The times that are proposed to them, and how that stands.
fn draw_proposed(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) -> u16 {
    let open = candidate.applications.iter();
    let open = open.filter_map(|it| it.outreach.as_ref());
    let mut taken = 0;
    for outreach in open {
        let (words, style) = wording::outreach::line(outreach, &state.zone(), state.now);
        let line = row(area, taken);
        if taken == 0 {
            label(canvas, line, "Proposed");
        }
        canvas.text(value(line), &words, style);
        taken += 1;
        if let Some(words) = wording::outreach::helps(state.cache.helps(outreach.id)) {
            taken += canvas.paragraph(value(below(area, taken)), &words, theme::PLAIN);
        }
    }
    taken + u16::from(taken > 0)
}

/// That there is something to read of earlier talks, and the key.
fn draw_kept(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) -> u16 {
    let insights = state.cache.insights.get(&candidate.id);
    let Some(words) = insights.and_then(|it| wording::kept(it)) else {
        return 0;
    };
    let key = key_of(state, Command::Insights);
    let key = key
        .map(|key| format!(": {key} to read"))
        .unwrap_or_default();
    label(canvas, row(area, 0), "Insights");
    canvas.text(value(row(area, 0)), &format!("{words}{key}"), theme::PLAIN);
    2
}

/// Notes and links, the newest first, each in at most two rows.
fn draw_noted(canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) -> u16 {
    let notes = &candidate.notes;
    let mut taken = 0;
    for note in notes.iter().rev().take(NOTES) {
        let marked = match note.for_interviewers {
            true => " (for interviewers)",
            false => "",
        };
        let words = format!("{}{marked}", wording::notes::note(note));
        let place = part(row(area, taken), LABELS, area.width);
        let place = Rect {
            height: area.height.saturating_sub(taken).min(2),
            ..place
        };
        taken += canvas.paragraph(place, &words, theme::PLAIN).min(2);
    }
    if notes.is_empty() {
        return 0;
    }
    label(canvas, row(area, 0), "Notes");
    let more = notes.len().saturating_sub(NOTES);
    if more > 0 {
        let words = format!("and {more} more");
        canvas.text(value(row(area, taken)), &words, theme::DIM);
        taken += 1;
    }
    taken + 1
}

fn who(state: &State, candidate: &Candidate) -> String {
    let mut words = vec![candidate.email.clone()];
    words.extend(candidate.phone.clone());
    if let Some(zone) = &candidate.zone {
        let there = TimeZone::get(zone).map(|there| times::clock(&times::at(state.now, &there)));
        words.push(format!(
            "{}, {} there",
            times::city(zone),
            there.unwrap_or_default()
        ));
    }
    words.join(" · ")
}

/// `Applied ─ Phone screen ─ ● Onsite ─ Decision`, in as many rows as it takes.
fn draw_pipeline(canvas: &mut Canvas<'_>, area: Rect, application: &Application) -> u16 {
    let mut lines = vec![Line::default()];
    let mut used = 0;
    let here = application
        .stages
        .iter()
        .position(|stage| *stage == application.stage_name);
    for (at, stage) in application.stages.iter().enumerate() {
        let mark = if here == Some(at) { "● " } else { "" };
        let style = if here == Some(at) {
            theme::SELECTED
        } else {
            theme::DIM
        };
        let words = format!("{mark}{}", text::clean(stage));
        let mut join = if at == 0 { "" } else { " ─ " };
        if used > 0 && used + text::width(&words) + 3 > usize::from(area.width) {
            lines.push(Line::default());
            (used, join) = (0, "─ ");
        }
        used += text::width(&words) + text::width(join);
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(join, theme::DIM));
            line.push_span(Span::styled(words, style));
        }
    }
    let taken = u16::try_from(lines.len()).unwrap_or(1);
    for (place, line) in rows(area).zip(lines) {
        canvas.line(place, line);
    }
    taken
}

fn draw_next(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) -> u16 {
    let mut coming: Vec<&Interview> = candidate
        .interviews
        .iter()
        .filter(|interview| state.is_to_come(interview))
        .collect();
    coming.sort_by_key(|interview| interview.start);
    if coming.is_empty() {
        label(canvas, row(area, 0), "Next");
        let words = "No interview scheduled. Press n to schedule one";
        return 1 + canvas.paragraph(part(area, LABELS, area.width), words, theme::DIM);
    }
    let mut taken = 0;
    for interview in coming {
        let place = below(area, taken);
        label(
            canvas,
            row(place, 0),
            if taken == 0 { "Next" } else { "Then" },
        );
        taken += draw_interview(state, canvas, part(place, LABELS, place.width), interview) + 1;
    }
    taken
}

fn draw_interview(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    interview: &Interview,
) -> u16 {
    let (when, there) = wording::when(interview, state);
    let there = there
        .map(|there| format!("  ({there})"))
        .unwrap_or_default();
    let line = Line::from(vec![Span::raw(when), Span::styled(there, theme::DIM)]);
    canvas.line(row(area, 0), line);
    let words = format!(
        "{} · {} · {}",
        wording::meeting_type(interview.meeting.kind),
        wording::people(&interview.interviewers),
        &wording::stands(interview),
    );
    canvas.text(row(area, 1), &words, theme::DIM);
    let Some((words, style)) = wording::open(interview, state) else {
        return 2;
    };
    2 + canvas.paragraph(below(area, 2), &words, style)
}

fn draw_history(state: &State, canvas: &mut Canvas<'_>, area: Rect, candidate: &Candidate) {
    let mut happened: Vec<(jiff::Timestamp, String, Style)> = Vec::new();
    for application in &candidate.applications {
        for (at, entry) in application.history.iter().enumerate() {
            let words = match at {
                0 => format!("applied for {}", application.job_title),
                _ => format!("→ {}, by {}", entry.stage_name, entry.by),
            };
            happened.push((entry.at.timestamp(), words, theme::PLAIN));
        }
    }
    for interview in candidate
        .interviews
        .iter()
        .filter(|interview| !state.is_to_come(interview))
    {
        let words = format!(
            "{} with {}, {}",
            interview.stage_name,
            wording::people(&interview.interviewers),
            &wording::stands(interview),
        );
        happened.push((interview.start.timestamp(), words, theme::PLAIN));
    }
    happened.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    label(canvas, row(area, 0), "History");
    let zone = state.zone();
    for (line, (at, words, style)) in rows(area).zip(&happened) {
        let day = times::short_day(times::at(*at, &zone).date());
        canvas.text(part(line, LABELS, 7), &text::right(&day, 6), theme::DIM);
        canvas.text(part(line, LABELS + 8, line.width), words, *style);
    }
}

fn label(canvas: &mut Canvas<'_>, line: Rect, words: &str) {
    canvas.text(part(line, 0, LABELS - 1), words, theme::DIM);
}

fn value(line: Rect) -> Rect {
    part(line, LABELS, line.width)
}
