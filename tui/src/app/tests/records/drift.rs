//! What a check of the meetings at Zoom found.

use greenroom_protocol::drift::{
    Drift, DriftKind, DriftReport, HostCheck, Orphan, Repair, Unchecked,
};
use greenroom_protocol::interview::Interview;

use super::{NOW, at, brief, id};

/// Checked this night; nothing found but one stray of Dana's.
pub(crate) fn report() -> DriftReport {
    let host = |number: usize, looked: bool| HostCheck {
        host: brief(number),
        running: false,
        checked_at: Some(at("2026-11-24T02:40:00Z")),
        meetings: 4,
        strays_looked_for: looked,
        reason: None,
    };
    DriftReport {
        hosts: vec![host(0, true), host(2, false)],
        interviews: Vec::new(),
        orphans: Vec::new(),
        unchecked: Vec::new(),
    }
}

/// An interview whose meeting Zoom would not show.
pub(crate) fn unchecked(interview: &Interview, reason: &str) -> Unchecked {
    Unchecked {
        interview: interview.id,
        candidate: interview.candidate.name.clone(),
        start: interview.start,
        zone: interview.zone.clone(),
        host: brief(0),
        reason: reason.into(),
    }
}

pub(crate) fn stray() -> Orphan {
    Orphan {
        id: "stray-1".into(),
        host: brief(0),
        meeting_id: "81234567890".into(),
        start: Some(at("2026-11-27T13:00:00Z")),
        interview: Some(id("int", 40)),
        found_at: at("2026-11-24T02:40:00Z"),
        deleting: false,
        reason: None,
    }
}

/// Somebody moved it at Zoom by a day.
pub(crate) fn moved() -> Drift {
    Drift {
        kind: DriftKind::Moved,
        found_at: at(NOW),
        start: Some(at("2026-11-27T09:00:00Z")),
        duration_minutes: None,
        messages: vec![
            "Zoom starts it on Fri 2026-11-27 10:00 CET instead of Thu 2026-11-26 10:00 CET".into(),
        ],
        repairs: vec![Repair::Adopt, Repair::Restore],
    }
}

/// Somebody deleted it at Zoom.
pub(crate) fn deleted() -> Drift {
    Drift {
        kind: DriftKind::Deleted,
        found_at: at(NOW),
        start: None,
        duration_minutes: None,
        messages: vec!["Zoom does not have the meeting any more: its link is dead".into()],
        repairs: vec![Repair::Recreate],
    }
}
