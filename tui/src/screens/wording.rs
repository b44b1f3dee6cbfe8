//! How records read in a line: the same words wherever an interview or a connection is shown.

use greenroom_protocol::interview::{Interview, InterviewStatus, MeetingState, MeetingType};
use greenroom_protocol::workspace::{MemberBrief, Role};
use greenroom_protocol::zoom::{Connection, ConnectionState, ZoomPlan};
use jiff::tz::TimeZone;
use ratatui::style::Style;

use crate::app::State;
use crate::theme;
use crate::widgets::times;

/// How an interview stands.
pub(crate) fn status(status: InterviewStatus) -> &'static str {
    match status {
        InterviewStatus::ToBeConfirmed => "to be confirmed",
        InterviewStatus::Confirmed => "confirmed",
        InterviewStatus::Cancelled => "cancelled",
        InterviewStatus::Completed => "completed",
        InterviewStatus::NoShow => "nobody came",
    }
}

/// How people join.
pub(crate) fn meeting_type(kind: MeetingType) -> &'static str {
    match kind {
        MeetingType::Zoom => "Zoom",
        MeetingType::Link => "link",
        MeetingType::Phone => "phone",
        MeetingType::Place => "in person",
    }
}

/// What an interview needs a look for, with its colour; nothing when all is well.
pub(crate) fn trouble(interview: &Interview) -> Option<(String, Style)> {
    let reason = |otherwise: &str| {
        interview
            .meeting
            .reason
            .clone()
            .unwrap_or_else(|| otherwise.to_owned())
    };
    let over = interview.status != InterviewStatus::Confirmed;
    match interview.meeting.state {
        MeetingState::Failed if !over => Some((
            format!("✗ no meeting: {}", reason("Zoom refused it")),
            theme::BAD,
        )),
        MeetingState::Gone if !over => {
            Some(("✗ the meeting is gone at Zoom".to_owned(), theme::BAD))
        }
        MeetingState::Pending => {
            let why = interview
                .meeting
                .reason
                .as_ref()
                .map(|why| format!(": {why}"));
            Some((
                format!("… meeting is being made{}", why.unwrap_or_default()),
                theme::WAIT,
            ))
        }
        _ => None,
    }
}

/// One sign for how an interview stands, where there is room for no more.
pub(crate) fn sign(interview: &Interview) -> (&'static str, Style) {
    match (interview.status, interview.meeting.state) {
        (InterviewStatus::Confirmed, MeetingState::Failed | MeetingState::Gone) => {
            ("✗", theme::BAD)
        }
        (InterviewStatus::Confirmed, MeetingState::Pending) => ("…", theme::WAIT),
        (InterviewStatus::Confirmed, _) => ("✓", theme::GOOD),
        (InterviewStatus::ToBeConfirmed, _) => ("?", theme::WAIT),
        (InterviewStatus::Cancelled, _) => ("×", theme::DIM),
        (InterviewStatus::Completed | InterviewStatus::NoShow, _) => ("·", theme::DIM),
    }
}

/// `Tue 1 Dec 10:00–10:45`, and the clock of the other zone where it differs.
pub(crate) fn when(interview: &Interview, state: &State) -> (String, Option<String>) {
    let zone = state.zone();
    let start = interview.start.timestamp();
    let here = times::span(start, interview.duration_minutes.into(), &zone, state.now);
    let there = interview
        .candidate
        .zone
        .as_deref()
        .and_then(|zone| TimeZone::get(zone).ok());
    let there = there
        .map(|there| times::at(start, &there))
        .filter(|there| there.offset() != times::at(start, &zone).offset());
    let first = interview
        .candidate
        .name
        .split_whitespace()
        .next()
        .unwrap_or("them");
    (
        here,
        there.map(|there| format!("{} for {first}", times::clock(&there))),
    )
}

/// Names, joined.
pub(crate) fn people(people: &[MemberBrief]) -> String {
    people
        .iter()
        .map(|member| member.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A connection's state, with its colour.
pub(crate) fn connection(state: ConnectionState) -> (&'static str, Style) {
    match state {
        ConnectionState::Connected => ("Connected ✓", theme::GOOD),
        ConnectionState::Retrying => ("connected, Zoom is away", theme::WAIT),
        ConnectionState::Authorizing => ("waiting for the browser", theme::WAIT),
        ConnectionState::PreApprovalRequested => ("approval requested", theme::WAIT),
        ConnectionState::ReconnectRequired => ("must be reconnected ✗", theme::BAD),
        ConnectionState::Disconnected => ("not connected", theme::DIM),
    }
}

/// A connection's Zoom user: `Dana Reyes <dana@acme.example> · Basic`.
pub(crate) fn zoom_user(connection: &Connection) -> String {
    let Some(user) = &connection.zoom_user else {
        return String::new();
    };
    format!("{} <{}> · {}", user.name, user.email, plan(user.plan))
}

/// A plan's name.
pub(crate) fn plan(plan: ZoomPlan) -> &'static str {
    match plan {
        ZoomPlan::Basic => "Basic",
        ZoomPlan::Licensed => "Licensed",
    }
}

/// A role's name.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Recruiter => "recruiter",
        Role::HiringManager => "hiring manager",
        Role::Interviewer => "interviewer",
    }
}
