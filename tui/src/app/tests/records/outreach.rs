//! Times that are proposed: one that was answered, one that is out, one that is booked, and one in a
//! state of a later version.

use greenroom_protocol::interview::{CandidateBrief, MeetingType};
use greenroom_protocol::outreach::{
    Outreach, OutreachSlot, OutreachState, OutreachWhy, SchedulingFigures, SchedulingReport,
    SlotState, StageScheduling,
};
use greenroom_protocol::received::{Received, ReceivedFrom, ReceivedMail};

use super::{NOW, at, brief, candidate_row, days_ago, id, jobs};

/// Three times on the days after, at 14:00, 15:00 and 16:00 in Berlin.
pub(crate) fn outreach(number: usize, person: usize, state: OutreachState) -> Outreach {
    let row = candidate_row(person);
    let application = row.application.unwrap();
    let slot = |n: u8| {
        let start = at("2026-11-25T12:00:00Z").plus_minutes(i64::from(n) * 25 * 60 - 25 * 60);
        OutreachSlot {
            n,
            start,
            end: start.plus_minutes(45),
            interviewers: vec![brief(6)],
            state: match state {
                OutreachState::Booked if n == 2 => SlotState::Booked,
                OutreachState::Booked | OutreachState::Over => SlotState::Released,
                _ => SlotState::Held,
            },
            shared: false,
        }
    };
    let (why, message) = match state {
        OutreachState::Person => (
            Some(OutreachWhy::Answered),
            "replied about the proposed times; 3 times are held",
        ),
        OutreachState::Sending => (None, "3 times about to be sent"),
        OutreachState::Proposed => (None, "3 times sent, no reply yet"),
        OutreachState::Booked => (None, "booked"),
        OutreachState::Over => (Some(OutreachWhy::Stopped), "stopped"),
        _ => (None, "waits until Mina's Zoom is reconnected"),
    };
    let is_open = !matches!(state, OutreachState::Booked | OutreachState::Over);
    Outreach {
        id: id("otr", number),
        revision: 3,
        candidate: CandidateBrief {
            id: row.id,
            name: row.name,
            email: row.email,
            zone: row.zone,
        },
        application: application.id,
        job_title: jobs()[0].title.clone(),
        stage_name: application.stage_name,
        organizer: brief(0),
        started_by: Some(brief(0)),
        created_at: days_ago(1),
        state,
        why,
        message: message.into(),
        since: days_ago(1),
        kind: MeetingType::Zoom,
        duration_minutes: 45,
        zone: "Europe/Berlin".into(),
        slots: (1..=3).map(slot).collect(),
        until: is_open.then(|| at("2026-11-26T09:12:00Z")),
        email: Some(id("mal", 70 + number)),
        not_before: None,
        sent_at: Some(days_ago(1)),
        interview: None,
        approval: None,
        round: 1,
        writes_at: None,
        taken_by: None,
        helps: Vec::new(),
        moves: None,
        line: None,
        would: None,
    }
}

/// Of each sort one, as the daemon lists them.
pub(crate) fn outreaches() -> Vec<Outreach> {
    vec![
        outreach(1, 0, OutreachState::Person),
        outreach(2, 3, OutreachState::Proposed),
        outreach(3, 8, OutreachState::Other),
        outreach(4, 7, OutreachState::Booked),
    ]
}

/// What a candidate wrote about one, with what a hostile email would add.
pub(crate) fn reply(outreach: &Outreach) -> Received {
    let candidate = &outreach.candidate;
    Received {
        mail: ReceivedMail {
            id: id("trn", 40),
            at: at(NOW).plus_minutes(-30),
            written_at: None,
            who: ReceivedFrom::Candidate,
            name: candidate.name.clone(),
            from: candidate.email.clone(),
            candidate: Some(candidate.id),
            candidate_name: Some(candidate.name.clone()),
            interview: None,
            outreach: Some(outreach.id),
            subject: "Re: Interview for Backend Engineer at Acme".into(),
            beginning: "The second one suits me well.".into(),
            automatic: false,
            unread: true,
            set_aside: None,
        },
        text: "The second one suits me well.\u{1b}[2J\u{202e}\nBest, Priya".into(),
        quoted: Some("> 2  Thu 26 Nov 14:00".into()),
        cut: false,
        files: Vec::new(),
        understood: None,
    }
}

/// What the assistant's scheduling came to, in two stages.
pub(crate) fn scheduling() -> SchedulingReport {
    let figures = |started, booked, percent| SchedulingFigures {
        started,
        booked,
        median_hours: Some(5.5),
        emails_per_booking: Some(2.25),
        touched: 3,
        touched_percent: Some(percent),
        waiting: 4,
        needs_person: 1,
        reschedules: 2,
        ..SchedulingFigures::default()
    };
    let jobs = jobs();
    let stage = |at: usize, figures| StageScheduling {
        job: jobs[0].id,
        job_title: jobs[0].title.clone(),
        stage: jobs[0].stages[at].id,
        stage_name: jobs[0].stages[at].name.clone(),
        figures,
    };
    SchedulingReport {
        since: days_ago(90),
        until: days_ago(0),
        total: figures(20, 12, 25.0),
        stages: vec![
            stage(1, figures(15, 10, 20.0)),
            stage(2, figures(5, 2, 50.0)),
        ],
        cut: false,
    }
}
