//! Times proposed to move an interview: it stays as booked until one is chosen, and is never booked a
//! second time.

use greenroom_protocol::interview::{ChangeKind, Interview, InterviewCancel, InterviewUndo, Side};
use greenroom_protocol::outreach::{
    Outreach, OutreachPropose, OutreachState, OutreachWhy, SlotState,
};
use greenroom_protocol::schedule::BusyWith;
use greenroom_protocol::workspace::Reference;

use crate::outreach::fixture::{ANA, Fixture, HOUR, ONE, SAM, THREE, TWO, UNDO, at, by_phone};

/// An interview of Ana's, everybody is invited to.
async fn invited(office: &Fixture) -> Interview {
    let interview = office.books(by_phone(ANA, ONE)).await;
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    interview
}

fn to_move(interview: &Interview, slots: &[&str]) -> OutreachPropose {
    OutreachPropose {
        interview: Some(interview.id.to_string()),
        slots: slots.iter().map(|it| (*it).to_owned()).collect(),
        ..OutreachPropose::default()
    }
}

async fn proposed(office: &Fixture, interview: &Interview) -> Outreach {
    let request = to_move(interview, &[TWO, THREE]);
    let proposed = office.dana.outreach_propose(request).await.unwrap();
    office.daemon.seconds_pass(UNDO);
    let proposed = proposed.outreach;
    office.becomes(&proposed, OutreachState::Proposed).await
}

async fn interviews(office: &Fixture) -> Vec<Interview> {
    let listed = office.dana.interview_list(Default::default()).await;
    listed.unwrap().items
}

#[tokio::test]
async fn the_time_that_is_chosen_moves_the_interview_that_was_booked() {
    let office = Fixture::open().await;
    let interview = invited(&office).await;
    let outreach = proposed(&office, &interview).await;
    assert_eq!(outreach.moves, Some(interview.id));
    assert_eq!(outreach.slots[0].interviewers[0].email, SAM);
    let email = office.mail().to(ANA).unwrap().pop().unwrap();
    let text = email.text.replace('\n', " ");
    assert!(text.contains("your interview stays as booked: "), "{text}");
    // Nobody is free at either time.
    let held = [
        (at(ONE), BusyWith::Interview),
        (at(TWO), BusyWith::HeldSlot),
        (at(THREE), BusyWith::HeldSlot),
    ];
    assert_eq!(office.takes(SAM).await, held);
    let answered = office.answers(&outreach, 1).await.unwrap();
    assert_eq!(answered.interview.id, interview.id);
    assert_eq!(answered.interview.start, at(TWO));
    assert_eq!(answered.outreach.state, OutreachState::Booked);
    let last = answered.interview.changes.last().unwrap();
    assert_eq!(
        (last.kind, last.side),
        (ChangeKind::Rescheduled, Side::Candidate)
    );
    for who in [SAM, ANA] {
        assert_eq!(office.takes(who).await, [(at(TWO), BusyWith::Interview)]);
    }
    assert_eq!(interviews(&office).await.len(), 1);
    assert!(office.answers(&outreach, 1).await.unwrap().repeated);
    // What is undone before anybody hears of it is to be chosen again.
    let undo = InterviewUndo {
        interview: Reference::to(interview.id.to_string()),
        change: answered.interview.change,
        unsent: true,
    };
    office.dana.interview_undo(undo).await.unwrap();
    let again = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert_eq!(again.interview, None);
    assert_eq!(office.takes(SAM).await, [(at(ONE), BusyWith::Interview)]);
    let answered = office.answers(&outreach, 2).await.unwrap();
    assert_eq!(answered.interview.id, interview.id);
    assert_eq!(answered.interview.start, at(THREE));
}

#[tokio::test]
async fn an_interview_that_is_moved_otherwise_or_cancelled_releases_the_times() {
    for cancelled in [false, true] {
        let office = Fixture::open().await;
        let interview = invited(&office).await;
        let outreach = proposed(&office, &interview).await;
        if cancelled {
            let cancel = InterviewCancel {
                interview: Reference::to(interview.id.to_string()),
                by: Side::Us,
                reason: None,
            };
            office.dana.interview_cancel(cancel).await.unwrap();
            office.is_over(&outreach, OutreachWhy::Cancelled).await;
            assert_eq!(office.takes(SAM).await, []);
            continue;
        }
        office.moves(&interview, "2026-12-03T16:00:00Z", None).await;
        let ended = office.becomes(&outreach, OutreachState::Booked).await;
        assert!(ended.slots.iter().all(|it| it.state == SlotState::Released));
        assert_eq!(office.takes(SAM).await.len(), 1);
    }
}

#[tokio::test]
async fn who_chooses_no_time_keeps_the_interview_and_a_person_hears_of_it_at_once() {
    let office = Fixture::open().await;
    let interview = invited(&office).await;
    let outreach = proposed(&office, &interview).await;
    office.daemon.seconds_pass(24 * HOUR);
    office.daemon.hears_answers().await.unwrap();
    office.daemon.seconds_pass(60);
    let person = office.needs_person(&outreach, OutreachWhy::Expired).await;
    assert_eq!(
        person.message,
        "has not chosen another time; the interview stays as booked until it is moved"
    );
    assert_eq!(office.takes(SAM).await, [(at(ONE), BusyWith::Interview)]);
    let today = office.dana.today(Default::default()).await.unwrap();
    let first = &today.needs_me[0];
    assert_eq!((first.outreach, first.urgent), (Some(outreach.id), true));
    assert_eq!(first.interview, Some(interview.id));
}

#[tokio::test]
async fn what_is_only_of_a_new_interview_is_refused_by_name() {
    let office = Fixture::open().await;
    let interview = invited(&office).await;
    for (request, field) in [
        (
            OutreachPropose {
                with: vec![SAM.into()],
                ..to_move(&interview, &[TWO])
            },
            "with",
        ),
        (to_move(&interview, &[ONE]), "slots"),
    ] {
        let refused = office.dana.outreach_propose(request).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
    }
}
