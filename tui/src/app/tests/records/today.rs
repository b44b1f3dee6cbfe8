//! What needs Dana on the morning of the week's interviews, and who waits.

use greenroom_protocol::today::{
    Dependence, NeedAction, NeedKind, NeedsMe, Waiting, WaitingCandidate,
};
use greenroom_protocol::zoom::{ConnectionState, Standing};

use super::{at, brief, candidate_row, days_ago, id, interviews, jobs};

fn need(kind: NeedKind, action: NeedAction, message: &str) -> NeedsMe {
    NeedsMe {
        key: format!("{kind:?}"),
        kind,
        action,
        urgent: false,
        since: days_ago(1),
        due: None,
        who: String::new(),
        message: message.into(),
        candidate: None,
        application: None,
        interview: None,
        email: None,
        member: None,
        account: None,
        outreach: None,
        proposed: None,
        interviews: None,
    }
}

/// About one of the week's interviews.
fn about(place: usize, need: NeedsMe) -> NeedsMe {
    let interview = &interviews()[place];
    NeedsMe {
        who: interview.candidate.name.clone(),
        candidate: Some(interview.candidate.id),
        application: Some(interview.application),
        interview: Some(interview.id),
        due: Some(interview.start),
        ..need
    }
}

/// One of each sort.
pub(crate) fn needs() -> Vec<NeedsMe> {
    use NeedAction as A;
    use NeedKind as K;
    let proposal = "proposes Fri 11:00 instead of Thu 10:00";
    let failed = "has no meeting Thu 10:30: Mina Okafor's Zoom must be reconnected";
    let ill = "writes: “I am ill and cannot come tomorrow.”";
    let broken = "Zoom must be reconnected: 2 interviews depend on it";
    let priya = candidate_row(0);
    let mina = brief(5);
    vec![
        NeedsMe {
            urgent: true,
            ..about(
                4,
                need(K::Unconfirmed, A::Confirm, "today 14:00 is not confirmed"),
            )
        },
        about(3, need(K::ProposedTime, A::Reschedule, proposal)),
        about(6, need(K::MeetingFailed, A::Confirm, failed)),
        NeedsMe {
            who: priya.name,
            candidate: Some(priya.id),
            email: Some(id("trn", 1)),
            ..need(K::WroteEmail, A::Read, ill)
        },
        NeedsMe {
            who: mina.name,
            member: Some(mina.id),
            interviews: Some(2),
            ..need(K::Reconnect, A::Remind, broken)
        },
        NeedsMe {
            due: None,
            ..about(
                0,
                need(
                    K::NewInsight,
                    A::ReadInsight,
                    "Zoom's summary of Onsite, Fri 20 Nov is here",
                ),
            )
        },
    ]
}

pub(crate) fn waiting() -> Vec<Waiting> {
    let job = jobs().remove(0);
    let stage = &job.stages[1];
    let waits = |person: usize, days: i64| {
        let row = candidate_row(person);
        WaitingCandidate {
            candidate: row.id,
            name: row.name,
            application: id("app", person),
            since: days_ago(days),
        }
    };
    vec![Waiting {
        job: job.id,
        job_title: job.title,
        stage: stage.id,
        stage_name: stage.name.clone(),
        candidates: 3,
        since: days_ago(9),
        longest: vec![waits(1, 9), waits(7, 8), waits(20, 6)],
    }]
}

/// Mina's Zoom, which hosts interviews of Dana's.
pub(crate) fn depends() -> Vec<Dependence> {
    vec![Dependence {
        member: brief(5),
        standing: Standing {
            state: ConnectionState::ReconnectRequired,
            reason: None,
            reason_code: None,
            hint: None,
        },
        interviews: 2,
        first: at("2026-11-26T09:30:00Z"),
    }]
}
