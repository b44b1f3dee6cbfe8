//! A booked interview, whole: who, when in both zones, how to join, what is wrong.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::schedule::{Finding, FindingCode};
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{State, key_of};
use crate::keys::Command;
use crate::screens::wording;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

/// Cells of the column of labels.
const LABELS: u16 = 12;

pub(super) fn draw(state: &State, id: InterviewId, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(interview) = state.mirror.interview(id) else {
        let inside = canvas.float(area, 60, 5, "Interview");
        let words = state
            .mirror
            .interview
            .failure()
            .map_or("…", |error| &error.message);
        canvas.paragraph(below(inside, 1), words, theme::PLAIN);
        return;
    };
    let lines = lines(state, interview);
    let width = 76.min(area.width);
    let cells = usize::from(width.saturating_sub(4 + LABELS));
    let heights: Vec<usize> = lines
        .iter()
        .map(|(label, words, _)| broken(label, words, cells).len().max(1))
        .collect();
    let height = u16::try_from(heights.iter().sum::<usize>()).unwrap_or(u16::MAX);
    let title = format!("{} · {}", interview.candidate.name, interview.stage_name);
    let inside = canvas.float(area, width, height.saturating_add(4), &title);
    let mut rest = below(inside, 1);
    for ((label, words, style), height) in lines.iter().zip(heights) {
        canvas.text(part(row(rest, 0), 0, LABELS - 1), label, theme::DIM);
        for (at, line) in broken(label, words, cells).iter().enumerate() {
            let place = row(rest, u16::try_from(at).unwrap_or(u16::MAX));
            canvas.text(part(place, LABELS, place.width), line, *style);
        }
        rest = below(rest, u16::try_from(height).unwrap_or(1));
    }
}

/// Words break at spaces; an address is cut anywhere, so that its pieces join to it again.
fn broken(label: &str, words: &str, cells: usize) -> Vec<String> {
    match label {
        "Join" => text::wrap_whole(words, cells),
        _ => text::wrap(words, cells),
    }
}

type Shown = (&'static str, String, Style);

fn lines(state: &State, interview: &Interview) -> Vec<Shown> {
    let (when, there) = wording::when(interview, state);
    let there = there.map(|there| format!(" · {there}")).unwrap_or_default();
    let zone = times::city(state.zone().iana_name().unwrap_or_default());
    let (_, status_style) = wording::sign(interview, state);
    let mut lines: Vec<Shown> = vec![
        (
            "Status",
            wording::status(interview.status).to_owned(),
            status_style,
        ),
        ("When", format!("{when} {zone}{there}"), theme::PLAIN),
        (
            "Candidate",
            format!(
                "{} <{}>",
                interview.candidate.name, interview.candidate.email
            ),
            theme::PLAIN,
        ),
        ("Job", interview.job_title.clone(), theme::PLAIN),
        (
            "With",
            wording::people(&interview.interviewers),
            theme::PLAIN,
        ),
        ("Organizer", interview.organizer.name.clone(), theme::PLAIN),
    ];
    if let Some(host) = &interview.host {
        let words = format!("{} <{}>", host.name, host.zoom_email);
        lines.push(("Zoom of", words, theme::PLAIN));
    }
    let (invited, style) = wording::invited(&interview.attendees);
    if !invited.is_empty() {
        lines.push(("Invited", invited, style));
    }
    for ask in &interview.asks {
        lines.push(("", wording::ask(ask, state), theme::WAIT));
    }
    let meeting = &interview.meeting;
    lines.push(("", String::new(), theme::PLAIN));
    lines.push(("Meeting", meeting_words(interview), theme::PLAIN));
    let details = [
        ("Join", &meeting.join_url),
        ("ID", &meeting.meeting_id),
        ("Passcode", &meeting.passcode),
        ("Details", &meeting.details),
    ];
    for (label, words) in details {
        lines.extend(
            words
                .as_ref()
                .map(|words| (label, words.clone(), theme::PLAIN)),
        );
    }
    lines.extend(wording::trouble(interview, state).map(|(words, style)| ("", words, style)));
    if let Some(stuck) = wording::stuck_host(interview, state) {
        let why = stuck.reason().map(str::to_owned);
        lines.extend(why.map(|why| ("", why, theme::DIM)));
        lines.push((
            "",
            stuck.way_out(state, key_of(state, Command::Connect)),
            theme::PLAIN,
        ));
    }
    // The wishes themselves say more than the warning that there are some.
    let told = |finding: &&Finding| finding.code != FindingCode::RescheduleAsked;
    for finding in interview.warnings.iter().filter(told) {
        lines.push(("", format!("! {}", finding.message), theme::WAIT));
    }
    lines
}

fn meeting_words(interview: &Interview) -> String {
    use greenroom_protocol::interview::{InterviewStatus, MeetingState};
    let kind = wording::meeting_type(interview.meeting.kind);
    let by_hand = if interview.meeting.manual {
        ", typed by hand"
    } else {
        ""
    };
    match (interview.meeting.state, interview.status) {
        (MeetingState::None, InterviewStatus::ToBeConfirmed) if by_hand.is_empty() => {
            format!("{kind}: details are made when the interview is confirmed")
        }
        (MeetingState::Gone, InterviewStatus::Cancelled) => format!("{kind}: removed"),
        _ => format!("{kind}{by_hand}"),
    }
}
