//! What a meeting at Zoom differs in from its booking. Pure.

use greenroom_protocol::drift::DriftKind;
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;

use crate::records::interview::{DriftRecord, InterviewRecord, ZoomMeeting};
use crate::zoom::{self, MeetingPlan, differences, refuses_notes};

/// The drift of a meeting that is there.
pub(super) fn there(
    interview: &InterviewRecord,
    plan: &MeetingPlan,
    meeting: &zoom::ZoomMeeting,
    now: Instant,
) -> Option<DriftRecord> {
    // Of another type of meeting one start and one length say nothing: neither is offered to be
    // adopted.
    let scheduled = meeting.is_scheduled();
    let start = meeting.start_time.filter(|_| scheduled);
    let start = start.filter(|start| *start != plan.start);
    let minutes = meeting.duration.filter(|_| scheduled);
    let minutes = minutes.filter(|minutes| *minutes != plan.minutes);
    let told = |code| {
        let of = interview.warnings.iter().filter(move |it| it.code == code);
        of.map(|it| it.message.as_str())
    };
    let mut messages = differences(plan, meeting);
    messages.retain(|message| !told(FindingCode::ZoomChanged).any(|known| known == message));
    if refuses_notes(plan, meeting) && told(FindingCode::NoZoomNotes).next().is_none() {
        messages.push("Zoom's notes are turned off: no summary will be written".to_owned());
    }
    let kind = match (start, minutes) {
        (None, None) if messages.is_empty() => return None,
        _ if !scheduled => DriftKind::OtherType,
        (None, None) => DriftKind::Changed,
        _ if told(FindingCode::MeetingOutdated).next().is_some() => DriftKind::Outdated,
        _ => DriftKind::Moved,
    };
    Some(DriftRecord {
        kind,
        found_at: now,
        start,
        duration_minutes: minutes,
        messages,
    })
}

/// All that Zoom says where it does not find a meeting: a host sees only their own, so one that an
/// admin gave to another host is not found either, and its link goes on working.
const NOT_ON_THIS_HOST: &str = "the meeting is not on this host's Zoom any more: it was deleted there (then its link is dead), or moved to \
     another host (then its link still works)";

/// The drift of a meeting that is not there.
pub(super) fn gone(now: Instant) -> DriftRecord {
    DriftRecord {
        kind: DriftKind::Deleted,
        found_at: now,
        start: None,
        duration_minutes: None,
        messages: vec![NOT_ON_THIS_HOST.into()],
    }
}

/// Brings the advice about the host's plan up to date.
pub(super) fn advise(interview: &mut InterviewRecord, advice: Option<Finding>) {
    let of_the_plan = |it: &Finding| it.code == FindingCode::BasicFortyMinutes;
    let known = interview.warnings.iter().any(of_the_plan);
    match advice {
        Some(advice) if !known => interview.advise(&[advice]),
        None => interview.warnings.retain(|it| !of_the_plan(it)),
        Some(_) => {}
    }
}

/// Notes what was found of `meeting`: the same drift is found once, and a meeting that was replaced
/// meanwhile is another one's affair.
pub(super) fn note(interview: &mut InterviewRecord, meeting: u64, found: Option<DriftRecord>) {
    let ready = matches!(&interview.meeting.zoom, ZoomMeeting::Ready { meeting: ours } if ours.id == meeting);
    let same = match (&interview.drift, &found) {
        (Some(before), Some(now)) => {
            DriftRecord {
                found_at: before.found_at,
                ..now.clone()
            } == *before
        }
        (None, None) => true,
        _ => false,
    };
    if ready && !same {
        interview.drift = found;
    }
}
