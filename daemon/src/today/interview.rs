//! What of an upcoming interview needs somebody. Pure: from the interview as it is shown.

use greenroom_protocol::drift::DriftKind;
use greenroom_protocol::interview::{
    Attendee, AttendeeRole, AttendeeState, Interview, InterviewStatus, MeetingState, RescheduleAsk,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use super::is_urgent;
use super::words::Clock;

/// How long before it starts an interview that is not confirmed needs somebody, in minutes.
const UNCONFIRMED_AHEAD: i64 = 3 * 24 * 60;

/// Everything that is open about an interview that is planned or confirmed, what matters most first.
pub(super) fn needs(interview: &Interview, clock: &Clock) -> Vec<NeedsMe> {
    let mut needs = Vec::new();
    needs.extend(meeting(interview, clock));
    needs.extend(drift(interview, clock));
    needs.extend(attendees(interview, clock, AttendeeState::Declined));
    // The newest of each person says what they want now.
    let asks = interview.asks.iter().enumerate();
    let newest = asks.filter(|(at, ask)| {
        let mut later = interview.asks[at + 1..].iter();
        !later.any(|other| other.name == ask.name) && !accepted_since(interview, ask)
    });
    needs.extend(newest.map(|(_, ask)| proposal(interview, ask, clock)));
    needs.extend(attendees(interview, clock, AttendeeState::Unreached));
    needs.extend(refused(interview, clock));
    needs.extend(silent(interview, clock));
    needs.extend(unconfirmed(interview, clock));
    needs
}

/// Whether somebody has accepted the time after all.
fn accepted_since(interview: &Interview, ask: &RescheduleAsk) -> bool {
    interview.attendees.iter().any(|it| {
        let accepted = it.name == ask.name && it.state == AttendeeState::Accepted;
        accepted && it.answered_at.is_some_and(|at| at >= ask.at)
    })
}

/// What is wrong with it, or open, in a sentence.
pub(super) fn note(interview: &Interview, clock: &Clock) -> Option<String> {
    let mut needs = needs(interview, clock).into_iter();
    let said = needs.find(|need| need.kind != NeedKind::Unconfirmed);
    if let Some(need) = said {
        return Some(format!("{} {}", need.who, need.message));
    }
    if interview.status == InterviewStatus::ToBeConfirmed {
        return Some("not confirmed".to_owned());
    }
    no_reply(interview, clock)
}

/// Who has had the invitation for a day or more and has not replied.
fn no_reply(interview: &Interview, clock: &Clock) -> Option<String> {
    let a_day_ago = clock.now.plus_minutes(-24 * 60);
    let silent = interview.attendees.iter().filter_map(|it| {
        let invited = it.invited_at.filter(|at| *at <= a_day_ago)?;
        (it.state == AttendeeState::Invited).then_some((it, invited))
    });
    let (first, invited) = silent.min_by_key(|(_, invited)| *invited)?;
    let age = clock.age(invited);
    Some(format!("{} has not replied ({age})", first.name))
}

fn need(
    interview: &Interview,
    clock: &Clock,
    (kind, action): (NeedKind, NeedAction),
    since: Instant,
    message: String,
) -> NeedsMe {
    NeedsMe {
        key: format!("{}:{}", word(kind), interview.id),
        kind,
        action,
        urgent: is_urgent(interview.start, clock.now),
        since,
        due: Some(interview.start),
        who: interview.candidate.name.clone(),
        message,
        candidate: Some(interview.candidate.id),
        application: Some(interview.application),
        interview: Some(interview.id),
        email: None,
        member: None,
        account: None,
        outreach: None,
        proposed: None,
        interviews: None,
    }
}

/// A kind in a key: its name on the wire.
pub(super) fn word(kind: NeedKind) -> String {
    let word = serde_json::to_value(kind).ok();
    let word = word.and_then(|word| word.as_str().map(str::to_owned));
    word.unwrap_or_default()
}

fn changed_at(interview: &Interview) -> Instant {
    let last = interview.changes.last();
    last.map_or(interview.created_at, |change| change.at)
}

fn when(interview: &Interview, clock: &Clock) -> String {
    clock.moment(interview.start)
}

fn meeting(interview: &Interview, clock: &Clock) -> Option<NeedsMe> {
    if interview.status != InterviewStatus::Confirmed {
        return None;
    }
    let why = interview.meeting.reason.as_deref();
    let (message, action) = match interview.meeting.state {
        MeetingState::Failed => {
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let action = match interview.meeting.refused_for_good {
                true => NeedAction::Edit,
                false => NeedAction::Confirm,
            };
            (
                format!("has no meeting {}{why}", when(interview, clock)),
                action,
            )
        }
        MeetingState::Gone => {
            let when = when(interview, clock);
            let message = format!("has no meeting {when}: it was deleted in Zoom");
            (message, NeedAction::Confirm)
        }
        _ => return None,
    };
    let kind = (NeedKind::MeetingFailed, action);
    Some(need(interview, clock, kind, changed_at(interview), message))
}

fn drift(interview: &Interview, clock: &Clock) -> Option<NeedsMe> {
    let drift = interview.drift.as_ref()?;
    let when = when(interview, clock);
    let message = match drift.kind {
        DriftKind::Deleted => format!("{when}: the meeting was deleted in Zoom"),
        _ => {
            let what = drift.messages.first().map_or("it differs", String::as_str);
            format!("{when} is out of sync with Zoom: {what}")
        }
    };
    let kind = (NeedKind::OutOfSync, NeedAction::Repair);
    Some(need(interview, clock, kind, drift.found_at, message))
}

/// Everyone of the attendees who declined, or whom email does not reach.
fn attendees<'a>(
    interview: &'a Interview,
    clock: &'a Clock,
    state: AttendeeState,
) -> impl Iterator<Item = NeedsMe> + 'a {
    let all = interview
        .attendees
        .iter()
        .filter(move |it| it.state == state);
    all.map(move |attendee| match state {
        AttendeeState::Declined => declined(interview, attendee, clock),
        _ => bounced(interview, attendee, clock),
    })
}

/// The need about somebody, who need not be the candidate.
fn about(interview: &Interview, attendee: &Attendee, need: NeedsMe) -> NeedsMe {
    if attendee.role == AttendeeRole::Candidate {
        return need;
    }
    let mut interviewers = interview.interviewers.iter();
    let member = interviewers.find(|it| it.name == attendee.name);
    let whom = member.map_or_else(|| attendee.name.clone(), |it| it.id.to_string());
    NeedsMe {
        key: format!("{}:{whom}", need.key),
        who: attendee.name.clone(),
        member: member.map(|it| it.id),
        ..need
    }
}

/// ` with Priya Nair` of an interviewer; of the candidate it goes without saying.
fn with(interview: &Interview, attendee: &Attendee) -> String {
    match attendee.role {
        AttendeeRole::Candidate => String::new(),
        AttendeeRole::Interviewer => format!(" with {}", interview.candidate.name),
    }
}

fn declined(interview: &Interview, attendee: &Attendee, clock: &Clock) -> NeedsMe {
    let with = with(interview, attendee);
    let note = attendee.note.as_deref();
    let note = note.map(|note| format!(": “{note}”")).unwrap_or_default();
    let message = format!("declined {}{with}{note}", when(interview, clock));
    let action = match attendee.role {
        AttendeeRole::Candidate => NeedAction::Reschedule,
        AttendeeRole::Interviewer => NeedAction::Edit,
    };
    let since = attendee
        .answered_at
        .unwrap_or_else(|| changed_at(interview));
    let kind = (NeedKind::Declined, action);
    about(
        interview,
        attendee,
        need(interview, clock, kind, since, message),
    )
}

/// Interviewers who do not reply, though they were reminded: the organizer was emailed.
fn silent<'a>(interview: &'a Interview, clock: &'a Clock) -> impl Iterator<Item = NeedsMe> + 'a {
    let silent = |it: &'a Attendee| Some((it, it.silent_since.filter(|_| it.to_organizer)?));
    let all = interview.attendees.iter().filter_map(silent);
    all.map(move |(attendee, since)| {
        let (when, with) = (when(interview, clock), with(interview, attendee));
        let message = format!("has not replied about {when}{with}");
        let kind = (NeedKind::NoReply, NeedAction::Edit);
        about(
            interview,
            attendee,
            need(interview, clock, kind, since, message),
        )
    })
}

fn bounced(interview: &Interview, attendee: &Attendee, clock: &Clock) -> NeedsMe {
    let when = when(interview, clock);
    let with = with(interview, attendee);
    let message = format!(
        "was not reached about {when}{with}: email to {} bounced",
        attendee.email
    );
    let since = attendee.invited_at.unwrap_or_else(|| changed_at(interview));
    let kind = (NeedKind::EmailBounced, NeedAction::Open);
    about(
        interview,
        attendee,
        need(interview, clock, kind, since, message),
    )
}

fn proposal(interview: &Interview, ask: &RescheduleAsk, clock: &Clock) -> NeedsMe {
    let when = when(interview, clock);
    let message = match (ask.start, ask.comment.as_deref()) {
        (Some(start), _) => format!("proposes {} instead of {when}", clock.moment(start)),
        (None, Some(comment)) => format!("asks for another time than {when}: “{comment}”"),
        (None, None) => format!("asks for another time than {when}"),
    };
    let kind = (NeedKind::ProposedTime, NeedAction::Reschedule);
    let need = need(interview, clock, kind, ask.at, message);
    let mut attendees = interview.attendees.iter();
    let need = match attendees.find(|it| it.name == ask.name) {
        Some(attendee) => about(interview, attendee, need),
        None => NeedsMe {
            key: format!("{}:{}", need.key, ask.name),
            who: ask.name.clone(),
            ..need
        },
    };
    NeedsMe {
        outreach: None,
        proposed: ask.start,
        ..need
    }
}

fn refused(interview: &Interview, clock: &Clock) -> Option<NeedsMe> {
    let mut warnings = interview.warnings.iter();
    let refused = warnings.find(|it| it.code == FindingCode::MailRefused)?;
    let message = format!("{}: {}", when(interview, clock), refused.message);
    let kind = (NeedKind::EmailRefused, NeedAction::Open);
    Some(need(interview, clock, kind, changed_at(interview), message))
}

fn unconfirmed(interview: &Interview, clock: &Clock) -> Option<NeedsMe> {
    let soon = interview.start <= clock.now.plus_minutes(UNCONFIRMED_AHEAD);
    let open = interview.status == InterviewStatus::ToBeConfirmed && soon;
    let message = format!("{} is not confirmed", when(interview, clock));
    let kind = (NeedKind::Unconfirmed, NeedAction::Confirm);
    open.then(|| need(interview, clock, kind, interview.created_at, message))
}
