//! What is kept after an interview: Zoom's summary and the notes. Each reason why there is no
//! summary has its way out.

use greenroom_protocol::insight::{Insight, SummaryState};
use greenroom_protocol::interview::MeetingType;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::pages::{Insights, Page};
use crate::keys::Command;
use crate::state::State;
use crate::state::key_of;
use crate::theme;
use crate::widgets::{Canvas, below, draw_failure, markdown, row, rows, text, times};
use crate::wording;

/// Widest it gets.
const WIDTH: u16 = 84;

pub(super) fn draw(insights: &Insights, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let width = WIDTH.min(area.width);
    let pages = insights.pages(state);
    let place = insights.place(&pages, state);
    let page = place.and_then(|at| pages.get(at));
    let Some(page) = page else {
        let inside = canvas.float(area, width, 8, "Insights");
        let inside = below(inside, 1);
        match state.cache.insights.failure() {
            Some(error) => draw_failure(canvas, inside, error),
            None if state.cache.candidate.get(&insights.candidate).is_none() => {
                canvas.text(row(inside, 0), "…", theme::DIM);
            }
            None => canvas.text(row(inside, 0), "No interviews scheduled.", theme::DIM),
        }
        return;
    };
    let cells = usize::from(width.saturating_sub(4));
    let known = state.cache.insights.get(&insights.candidate).is_some();
    let lines = match state.cache.insights.failure() {
        Some(error) if !known => vec![Line::styled(error.message.clone(), theme::BAD)],
        _ if !known => vec![Line::styled("…", theme::DIM)],
        _ => lines(page, state, cells),
    };
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let name = page.planned.map(|it| it.candidate.name.as_str());
    let title = format!("Insights · {}", name.unwrap_or("of the candidate"));
    let inside = canvas.float(area, width, height.saturating_add(6), &title);
    let more = match (place, pages.len()) {
        (Some(at), many @ 2..) => format!("←→ {} of {many}", many - at),
        _ => String::new(),
    };
    canvas.ends(row(inside, 0), heading(page, state), &more);
    let body = below(inside, 2);
    let body = Rect {
        height: body.height.saturating_sub(u16::from(body.height > 2)),
        ..body
    };
    let visible = insights.scroll.visible(lines.len(), body.height);
    for (place, line) in rows(body).zip(lines.into_iter().skip(visible.start)) {
        canvas.line(place, line);
    }
    let last = row(inside, inside.height.saturating_sub(1));
    canvas.text_right(last, insights.scroll.rest(), theme::DIM);
}

/// Which interview: what it was about, when, with whom.
fn heading(page: &Page<'_>, state: &State) -> Line<'static> {
    let zone = state.zone();
    let when = match page.planned {
        Some(it) => wording::when(it, state).0,
        None => times::moment(page.start.timestamp(), &zone, state.now),
    };
    let people = match (page.planned, page.insight) {
        (Some(it), _) => wording::people(&it.interviewers),
        (None, Some(it)) => wording::people(&it.interviewers),
        (None, None) => String::new(),
    };
    let stage = page.planned.map(|it| format!("{} · ", it.stage_name));
    Line::from(vec![
        Span::styled(
            text::clean(&format!("{}{when}", stage.unwrap_or_default())),
            theme::STRONG,
        ),
        Span::raw(text::clean(&format!("  with {people}"))),
    ])
}

fn lines(page: &Page<'_>, state: &State, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("Zoom's summary", theme::DIM)];
    let summary = page.insight.and_then(|it| it.summary.as_deref());
    match summary {
        Some(summary) => lines.extend(markdown::lines(summary, cells)),
        None => {
            let told = |(words, style): (String, Style)| {
                let lines = text::wrap(&words, cells).into_iter();
                lines.map(move |line| Line::styled(line, style))
            };
            lines.extend(no_summary(page, state).into_iter().flat_map(told));
        }
    }
    lines.push(Line::default());
    match page.insight.and_then(|it| Some((it, it.notes.as_deref()?))) {
        Some((insight, notes)) => {
            lines.push(Line::styled(written(insight, state), theme::DIM));
            lines.extend(markdown::lines(notes, cells));
        }
        None => {
            let key = key_of(state, Command::WriteNotes);
            let way = key.map(|key| format!(". Press {key}"));
            let words = format!("No notes yet{}", way.unwrap_or_default());
            lines.push(Line::styled(words, theme::DIM));
        }
    }
    lines
}

/// Who wrote the notes, and when.
fn written(insight: &Insight, state: &State) -> String {
    let by = insight.notes_by.as_ref().map(|it| it.name.as_str());
    let when = insight.notes_at.map(|at| {
        let near = times::near(at.timestamp(), &state.zone(), state.now);
        format!(", {near}")
    });
    let by = text::clean(by.unwrap_or("the operator"));
    format!("Notes by {by}{}", when.unwrap_or_default())
}

/// Why there is no summary, and what can be done.
fn no_summary(page: &Page<'_>, state: &State) -> Vec<(String, Style)> {
    use SummaryState as S;
    let insight = page.insight;
    let host = page.planned.and_then(|it| it.host.as_ref());
    let host = host.map_or("the host", |it| it.name.as_str());
    let next = insight.and_then(|it| it.next_try);
    let next = next.map(|at| times::near(at.timestamp(), &state.zone(), state.now));
    let (words, style, way) = match insight.map_or(S::None, |it| it.summary_state) {
        // The caller shows it.
        S::Ready => return Vec::new(),
        S::None => return vec![(nothing_to_look_for(page, state).to_owned(), theme::DIM)],
        S::Waiting => {
            let next = next.map(|at| format!(", next at {at}")).unwrap_or_default();
            let words = format!("… checking until a day after the end{next}");
            (words, theme::WAIT, None)
        }
        S::Absent => (
            "Zoom has no summary".to_owned(),
            theme::DIM,
            Some(format!(
                "{host} can turn on meeting summaries in Zoom for next time"
            )),
        ),
        S::PaidOnly => (
            format!("✗ {host}'s Zoom plan has no meeting summaries"),
            theme::WAIT,
            Some("Use a host with a paid license".to_owned()),
        ),
        S::NotPermitted => (
            "✗ Zoom doesn't allow reading it".to_owned(),
            theme::WAIT,
            Some(format!("{host} or their Zoom admin can allow it in Zoom")),
        ),
        S::NotGranted => (
            "✗ the permission to view summaries is missing".to_owned(),
            theme::WAIT,
            Some(format!(
                "Add it to the Zoom app, then {host} must reconnect Zoom"
            )),
        ),
        S::NotConnected => (
            format!("✗ {host}'s Zoom was not connected for a day after the end"),
            theme::WAIT,
            Some(format!("{host} must reconnect Zoom for next time")),
        ),
    };
    let mut lines = vec![(words, style)];
    let reason = insight.and_then(|it| it.reason.clone());
    lines.extend(reason.map(|why| (why, theme::DIM)));
    lines.extend(way.map(|way| (way, theme::PLAIN)));
    lines
}

/// Where nothing is looked for: whether something may come.
fn nothing_to_look_for(page: &Page<'_>, state: &State) -> &'static str {
    match page.planned {
        Some(it) if it.meeting.kind != MeetingType::Zoom || it.meeting.manual => {
            "None: the meeting was not created here"
        }
        Some(it) if state.is_to_come(it) => "Available after the meeting",
        _ => "none",
    }
}
