//! A booked interview, whole: who, when in both zones, how to join, what is wrong.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{
    Attendee, AttendeeState, Change, Interview, InterviewStatus, MeetingState,
};
use greenroom_protocol::received::ReceivedMail;
use greenroom_protocol::schedule::{Finding, FindingCode};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::Command;
use crate::state::State;
use crate::state::key_of;
use crate::state::undo::undo_key;
use crate::theme;
use crate::widgets::{Canvas, Scroll, below, row, rows, text, times};
use crate::wording;

/// Cells of the column of labels.
const LABELS: u16 = 14;

/// Unread emails that are shown, newest first.
const MOST_EMAILS: usize = 3;

/// Changes that are shown, newest first.
const MOST_CHANGES: usize = 2;

pub(super) fn draw(
    state: &State,
    id: InterviewId,
    scroll: &Scroll,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let Some(interview) = state.cache.interview(id) else {
        let inside = canvas.float(area, 60, 5, "Interview");
        let words = state
            .cache
            .interview
            .failure()
            .map_or("…", |error| &error.message);
        canvas.paragraph(below(inside, 1), words, theme::PLAIN);
        return;
    };
    let width = 76.min(area.width);
    let cells = usize::from(width.saturating_sub(4 + LABELS));
    let shown = lines(state, interview);
    let lines: Vec<Line<'_>> = shown
        .iter()
        .flat_map(|shown| broken(shown, cells))
        .collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let title = format!("{} · {}", interview.candidate.name, interview.stage_name);
    let inside = canvas.float(area, width, height.saturating_add(4), &title);
    let inside = below(inside, u16::from(inside.height > height));
    let whole = inside.height >= height;
    let body = Rect {
        height: inside.height - u16::from(!whole && inside.height > 1),
        ..inside
    };
    let visible = scroll.visible(lines.len(), body.height);
    let shown = lines.into_iter().skip(visible.start);
    for (place, line) in rows(body).zip(shown) {
        canvas.line(place, line);
    }
    if !whole {
        let last = row(inside, inside.height.saturating_sub(1));
        canvas.text_right(last, scroll.rest(), theme::DIM);
    }
}

/// A value in lines, its label before the first. Words break at spaces; an address is cut anywhere,
/// so that its pieces join to it again.
fn broken<'a>((label, words, style): &'a Shown, cells: usize) -> Vec<Line<'a>> {
    let mut lines = match *label {
        "Join" => text::wrap_whole(words, cells),
        _ => text::wrap(words, cells),
    };
    if lines.is_empty() {
        lines.push(String::new());
    }
    let labels = std::iter::once(*label).chain(std::iter::repeat(""));
    let line = |(label, words)| {
        let label = text::left(label, usize::from(LABELS));
        Line::from(vec![
            Span::styled(label, theme::DIM),
            Span::styled(words, *style),
        ])
    };
    labels.zip(lines).map(line).collect()
}

type Shown = (&'static str, String, Style);

fn lines(state: &State, interview: &Interview) -> Vec<Shown> {
    let (when, there) = wording::when(interview, state);
    let there = there.map(|there| format!(" · {there}")).unwrap_or_default();
    let zone = times::city(state.zone().iana_name().unwrap_or_default());
    let (_, status_style) = wording::sign(interview, state);
    let mut lines: Vec<Shown> = vec![
        ("Status", wording::stands(interview), status_style),
        ("When", format!("{when} {zone}{there}"), theme::PLAIN),
    ];
    lines.extend(wrong(state, interview));
    lines.extend(people(state, interview));
    lines.extend(emails(state, interview));
    lines.extend(history(state, interview));
    lines.extend(kept(state, interview).map(|words| ("Insights", words, theme::PLAIN)));
    lines.push(("", String::new(), theme::PLAIN));
    lines.extend(meeting(state, interview));
    // The wishes and the emails themselves say more than the warning that there are some.
    let emails = emails(state, interview);
    let told = |finding: &&Finding| match finding.code {
        FindingCode::RescheduleAsked => false,
        FindingCode::AnsweredInWords | FindingCode::OtherAddress => emails.is_empty(),
        _ => true,
    };
    for finding in interview.warnings.iter().filter(told) {
        lines.push(("", format!("! {}", finding.message), theme::WAIT));
    }
    lines
}

/// What is wrong, and the ways out.
fn wrong(state: &State, interview: &Interview) -> Vec<Shown> {
    let problem = wording::problem(interview, state);
    let mut lines: Vec<Shown> = Vec::new();
    lines.extend(problem.map(|(words, style)| ("", words, style)));
    if interview.drift.is_some()
        && let Some(key) = key_of(state, Command::Repair)
    {
        lines.push(("", format!("press {key} to fix"), theme::PLAIN));
    }
    if let Some(stuck) = wording::stuck_host(interview, state) {
        let why = stuck.reason().map(str::to_owned);
        lines.extend(why.map(|why| ("", why, theme::DIM)));
        let way = stuck.way_out(state, key_of(state, Command::Connect));
        lines.push(("", way, theme::PLAIN));
    }
    lines
}

/// Who, and what they answered.
fn people(state: &State, interview: &Interview) -> Vec<Shown> {
    let candidate = &interview.candidate;
    let candidate = format!("{} <{}>", candidate.name, candidate.email);
    let with = wording::people(&interview.interviewers);
    let mut lines: Vec<Shown> = vec![
        ("Candidate", candidate, theme::PLAIN),
        ("Job", interview.job_title.clone(), theme::PLAIN),
        ("Interviewers", with, theme::PLAIN),
        ("Organizer", interview.organizer.name.clone(), theme::PLAIN),
    ];
    if let Some(host) = &interview.host {
        let words = format!("{} <{}>", host.name, host.zoom_email);
        lines.push(("Host", words, theme::PLAIN));
    }
    let (invited, style) = wording::invited(&interview.attendees);
    if !invited.is_empty() {
        // Who waits for a letter, or cannot be reached, has one to look at.
        let open = [AttendeeState::Waiting, AttendeeState::Unreached];
        let mut all = interview.attendees.iter();
        let open = all.any(|it| open.contains(&it.state));
        let key = key_of(state, Command::Mail).filter(|_| open);
        let key = key.map(|key| format!(" · {key} emails"));
        lines.push(("Invited", invited + &key.unwrap_or_default(), style));
    }
    lines.extend(unreplied(state, interview));
    for ask in &interview.asks {
        let key = key_of(state, Command::Reschedule).filter(|_| ask.start.is_some());
        let key = key.map(|key| format!(" · {key} to reschedule"));
        let words = wording::ask(ask, state) + &key.unwrap_or_default();
        lines.push(("", words, theme::WAIT));
    }
    lines
}

/// Who has not replied for how long, or declined and nobody took their place, and the way on.
fn unreplied(state: &State, interview: &Interview) -> Vec<Shown> {
    let way = |command, what| {
        let key = key_of(state, command);
        key.map(|key| format!(" · {key} to {what}"))
            .unwrap_or_default()
    };
    let replace = way(Command::Replace, "replace");
    let remind = way(Command::Remind, "remind");
    let line = |attendee: &Attendee| {
        let words = wording::unreplied(attendee, state)?;
        let (way, style) = match attendee.to_organizer {
            true => (replace.as_str(), theme::WAIT),
            false if attendee.reminded_at.is_none() => (remind.as_str(), theme::PLAIN),
            false => ("", theme::PLAIN),
        };
        Some(("", format!("{words}{way}"), style))
    };
    interview.attendees.iter().filter_map(line).collect()
}

/// The emails that nobody has read, and the key: those about this interview, and those about
/// nothing in particular.
fn emails(state: &State, interview: &Interview) -> Vec<Shown> {
    let page = state.cache.received.get(&interview.candidate.id);
    let here =
        |mail: &&ReceivedMail| mail.unread && mail.interview.is_none_or(|it| it == interview.id);
    let unread = page.into_iter().flat_map(|page| &page.items).filter(here);
    let key = key_of(state, Command::Mail);
    let key = key.map(|key| format!(" · {key} reads")).unwrap_or_default();
    let labels = std::iter::once("Email").chain(std::iter::repeat(""));
    let line = |(label, mail): (&'static str, &ReceivedMail)| {
        let near = times::near(mail.at.timestamp(), &state.zone(), state.now);
        let words = format!("✉ {} {near}: {}{key}", mail.name, wording::received(mail));
        (label, words, theme::WAIT)
    };
    labels.zip(unread.take(MOST_EMAILS)).map(line).collect()
}

/// The newest changes, and how the last one, or the booking, is undone.
fn history(state: &State, interview: &Interview) -> Vec<Shown> {
    let recent = interview.changes.iter().rev().take(MOST_CHANGES);
    let line = |(at, change): (usize, &Change)| {
        let (label, style) = match at {
            0 => ("Changed", theme::PLAIN),
            _ => ("", theme::DIM),
        };
        let next = state.undo.is_next(interview.id, change.number);
        let key = undo_key(state).filter(|_| next);
        let key = key.map(|key| format!(" · {key} to undo"));
        let words = wording::change(change, state) + &key.unwrap_or_default();
        (label, words, style)
    };
    let mut lines: Vec<Shown> = recent.enumerate().map(line).collect();
    if interview.changes.is_empty() && state.undo.is_next(interview.id, interview.change) {
        let key = undo_key(state).map(|key| format!("{key} to undo, until an email goes out"));
        lines.extend(key.map(|words| ("Booked", words, theme::PLAIN)));
    }
    lines
}

/// How to join.
fn meeting(state: &State, interview: &Interview) -> Vec<Shown> {
    let meeting = &interview.meeting;
    let mut lines: Vec<Shown> = vec![("Meeting", meeting_words(interview), theme::PLAIN)];
    if wording::could_be_made(interview, state)
        && let Some(key) = key_of(state, Command::EditInterview)
    {
        let words = format!("Zoom is connected: press {key} to let Greenroom create the meeting");
        lines.push(("", words, theme::DIM));
    }
    let details = [
        ("Join", &meeting.join_url),
        ("ID", &meeting.meeting_id),
        ("Passcode", &meeting.passcode),
        ("Details", &meeting.details),
    ];
    for (label, words) in details {
        let words = words.clone();
        lines.extend(words.map(|words| (label, words, theme::PLAIN)));
    }
    if interview.zoom_notes {
        let refused = |it: &Finding| it.code == FindingCode::NoZoomNotes;
        let words = match interview.warnings.iter().any(refused) {
            true => "on, but Zoom writes none",
            false => "on: Zoom writes a summary, the invitation says so",
        };
        lines.push(("Zoom notes", words.to_owned(), theme::PLAIN));
    }
    lines
}

/// What there is to read of it, and the key.
fn kept(state: &State, interview: &Interview) -> Option<String> {
    let insights = state.cache.insights.get(&interview.candidate.id)?;
    let insight = insights.iter().find(|it| it.interview == interview.id)?;
    let words = wording::kept(std::slice::from_ref(insight))?;
    let key = key_of(state, Command::Insights);
    let key = key
        .map(|key| format!(": {key} to read"))
        .unwrap_or_default();
    Some(words + &key)
}

fn meeting_words(interview: &Interview) -> String {
    let kind = wording::meeting_type(interview.meeting.kind);
    let by_hand = if interview.meeting.manual {
        ", entered manually"
    } else {
        ""
    };
    match (interview.meeting.state, interview.status) {
        (MeetingState::None, InterviewStatus::ToBeConfirmed) if by_hand.is_empty() => {
            format!("{kind}: link created when confirmed")
        }
        (MeetingState::Gone, InterviewStatus::Cancelled) => format!("{kind}: removed"),
        _ => format!("{kind}{by_hand}"),
    }
}
