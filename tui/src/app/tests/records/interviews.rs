//! Interviews of the workspace: a believable week, and a crowded day.

use greenroom_protocol::interview::{
    Attendee, AttendeeRole, AttendeeState, CandidateBrief, Host, Interview, InterviewStatus,
    Meeting, MeetingState, MeetingType,
};
use greenroom_protocol::workspace::MemberBrief;

use super::{at, brief, candidate_row, days_ago, id};

/// The week's interviews, and two before it.
pub(crate) fn interviews() -> Vec<Interview> {
    use InterviewStatus as S;
    use MeetingState as M;
    vec![
        interview(
            0,
            0,
            "2026-11-20T09:00:00Z",
            30,
            &[7],
            S::Completed,
            M::Ready,
        ),
        interview(1, 8, "2026-11-18T13:00:00Z", 45, &[5], S::NoShow, M::Ready),
        interview(
            2,
            1,
            "2026-11-24T10:00:00Z",
            30,
            &[0],
            S::Confirmed,
            M::Ready,
        ),
        interview(
            3,
            0,
            "2026-11-26T09:00:00Z",
            45,
            &[7, 5],
            S::Confirmed,
            M::Ready,
        ),
        interview(
            4,
            7,
            "2026-11-24T13:00:00Z",
            45,
            &[4],
            S::ToBeConfirmed,
            M::None,
        ),
        interview(
            5,
            6,
            "2026-11-25T08:30:00Z",
            60,
            &[0, 2],
            S::Confirmed,
            M::Pending,
        ),
        interview(
            6,
            8,
            "2026-11-26T09:30:00Z",
            45,
            &[5],
            S::Confirmed,
            M::Failed,
        ),
        interview(
            7,
            20,
            "2026-11-27T13:00:00Z",
            90,
            &[4, 7, 2],
            S::Confirmed,
            M::Ready,
        ),
        interview(
            8,
            9,
            "2026-11-23T15:00:00Z",
            30,
            &[0],
            S::Cancelled,
            M::Gone,
        ),
    ]
}

/// A crowded Tuesday: panels of others beside one's own, two that take the same person, somebody
/// who declined.
pub(crate) fn panels() -> Vec<Interview> {
    use InterviewStatus::{Cancelled, Confirmed, ToBeConfirmed};
    let on = |number, person, clock: &str, minutes, with: &[usize], status| {
        let start = format!("2026-11-24T{clock}:00Z");
        let state = match status {
            Confirmed => MeetingState::Ready,
            _ => MeetingState::None,
        };
        interview(number, person, &start, minutes, with, status, state)
    };
    let mut panels = vec![
        on(1, 1, "09:00", 60, &[7, 4], Confirmed),
        on(2, 3, "09:30", 60, &[0, 2], Confirmed),
        on(3, 4, "09:30", 45, &[5], Confirmed),
        on(4, 7, "10:30", 60, &[7], ToBeConfirmed),
        on(5, 8, "13:00", 90, &[4, 6], Confirmed),
        on(6, 20, "13:30", 45, &[4], Confirmed),
        on(7, 9, "13:30", 30, &[0], Cancelled),
    ];
    // Lena declined one of hers.
    panels[4].attendees[1].state = AttendeeState::Declined;
    // Dana's Zoom would have two at once; the others have hosts of their own.
    for (at, number) in [(0, 2), (1, 0), (2, 5), (3, 0)] {
        panels[at].host = Some(host(number));
    }
    panels[2].candidate = panels[1].candidate.clone();
    panels
}

fn host(number: usize) -> Host {
    let MemberBrief { id, name, email } = brief(number);
    Host {
        id,
        name,
        zoom_email: email,
        connection: None,
    }
}

fn interview(
    number: usize,
    person: usize,
    start: &str,
    minutes: u32,
    with: &[usize],
    status: InterviewStatus,
    state: MeetingState,
) -> Interview {
    let row = candidate_row(person);
    let ready = state == MeetingState::Ready;
    Interview {
        id: id("int", number),
        revision: 7,
        status,
        start: at(start),
        zone: "Europe/Berlin".into(),
        offset: "+01:00".into(),
        duration_minutes: minutes,
        organizer: brief(0),
        host: Some(host(if number > 5 { 5 } else { 0 })),
        interviewers: with.iter().map(|number| brief(*number)).collect(),
        candidate: CandidateBrief {
            id: row.id,
            name: row.name,
            email: row.email,
            zone: row.zone,
        },
        application: id("app", person),
        job_title: "Backend Engineer".into(),
        stage_name: row.application.unwrap().stage_name,
        warnings: Vec::new(),
        meeting: Meeting {
            kind: MeetingType::Zoom,
            state,
            reason: (state == MeetingState::Failed)
                .then(|| "Mina Okafor's Zoom must be reconnected".into()),
            join_url: ready.then(|| format!("https://zoom.example/j/8120000{number:04}?pwd=x")),
            meeting_id: ready.then(|| format!("8120000{number:04}")),
            passcode: ready.then(|| "k3-Willow".into()),
            details: None,
            manual: false,
            next_try: None,
            hint: None,
            refused_for_good: false,
        },
        created_at: days_ago(3),
        candidate_absent: false,
        absent: Vec::new(),
        change: 0,
        changes: Vec::new(),
        drift: None,
        zoom_notes: false,
        attendees: match ready {
            true => attendees(person, with),
            false => Vec::new(),
        },
        asks: Vec::new(),
    }
}

/// The candidate comes, the others have not answered.
fn attendees(person: usize, with: &[usize]) -> Vec<Attendee> {
    let invited = |number: usize, name: String, email: String, role, state| Attendee {
        role,
        name,
        email,
        state,
        invited_at: Some(days_ago(3)),
        answered_at: None,
        reason: None,
        mail: id("mal", number),
        note: None,
        member: None,
        silent_since: None,
        reminded_at: None,
        reminder: None,
        to_organizer: false,
    };
    let row = candidate_row(person);
    let candidate = invited(
        1,
        row.name,
        row.email,
        AttendeeRole::Candidate,
        AttendeeState::Accepted,
    );
    let others = with.iter().zip(2..).map(|(member, number)| {
        let who = brief(*member);
        invited(
            number,
            who.name,
            who.email,
            AttendeeRole::Interviewer,
            AttendeeState::Invited,
        )
    });
    std::iter::once(candidate).chain(others).collect()
}
