//! The table of steps, and a model of a Zoom that loses answers: whatever is lost, and whenever somebody cancels, the end is
//! one meeting or none.

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, MemberId, StageId};
use greenroom_protocol::interview::MeetingType;
use proptest::prelude::*;

use super::*;
use crate::interviews::record::MeetingRecord;

fn at(second: i64) -> Instant {
    Instant::from_second(second)
}

fn meeting(id: u64) -> MadeMeeting {
    MadeMeeting {
        id,
        uuid: format!("uuid-{id}"),
        join_url: format!("https://zoom.example/j/{id}"),
        passcode: None,
    }
}

fn interview(status: InterviewStatus, zoom: ZoomMeeting) -> InterviewRecord {
    let member = MemberId::new();
    InterviewRecord {
        candidate: CandidateId::new(),
        application: ApplicationId::new(),
        job: JobId::new(),
        stage: StageId::new(),
        organizer: member,
        host: Some(member),
        host_zoom_id: None,
        interviewers: vec![member],
        start: at(1_000_000),
        zone: "UTC".into(),
        offset: "+00:00".into(),
        duration_minutes: 30,
        status,
        meeting: MeetingRecord {
            kind: MeetingType::Zoom,
            manual: None,
            zoom,
            reason: None,
            restored: None,
        },
        warnings: Vec::new(),
        created_at: at(0),
        created_by: Some(member),
    }
}

#[test]
fn the_next_step_of_every_phase() {
    use InterviewStatus::{Cancelled, Confirmed, ToBeConfirmed};
    let asked = || ZoomMeeting::Asked { at: at(100) };
    let made = || ZoomMeeting::Made {
        meeting: meeting(1),
    };
    let ready = || ZoomMeeting::Ready {
        meeting: meeting(1),
    };
    let (soon, late) = (at(101), at(100 + ANSWER_DEADLINE_SECONDS));
    let waits = || Step::Wait(late);
    for (status, zoom, now, can_list, step) in [
        (ToBeConfirmed, ZoomMeeting::None, soon, true, Step::Done),
        (Confirmed, ZoomMeeting::Wanted, soon, true, Step::Ask),
        (Confirmed, asked(), soon, true, waits()),
        (Confirmed, asked(), soon, false, waits()),
        (Confirmed, asked(), late, true, Step::Search),
        (Confirmed, asked(), late, false, Step::Ask),
        (Confirmed, made(), soon, true, Step::ReadBack(meeting(1))),
        (Confirmed, ready(), soon, true, Step::Done),
        (Confirmed, ZoomMeeting::Failed, soon, true, Step::Done),
        (Cancelled, ZoomMeeting::Wanted, soon, true, Step::Done),
        (Cancelled, asked(), soon, true, waits()),
        (Cancelled, asked(), late, true, Step::Search),
        (Cancelled, asked(), late, false, Step::GiveUp),
        (Cancelled, made(), soon, true, Step::Delete(meeting(1))),
        (Cancelled, ready(), soon, true, Step::Delete(meeting(1))),
        (
            Cancelled,
            ZoomMeeting::Unwanted {
                meeting: meeting(1),
            },
            soon,
            true,
            Step::Delete(meeting(1)),
        ),
        (
            Cancelled,
            ZoomMeeting::Stays {
                meeting: meeting(1),
            },
            soon,
            true,
            Step::Done,
        ),
        (Cancelled, ZoomMeeting::Gone, soon, true, Step::Done),
    ] {
        let found = next(&interview(status, zoom.clone()), now, can_list);
        assert_eq!(
            found, step,
            "{status:?} {zoom:?} at {now}, can list: {can_list}"
        );
    }
}

#[test]
fn a_cancel_keeps_what_zoom_may_still_answer() {
    for (zoom, work) in [
        (ZoomMeeting::Wanted, false),
        (ZoomMeeting::Failed, false),
        (ZoomMeeting::Asked { at: at(1) }, true),
        (
            ZoomMeeting::Made {
                meeting: meeting(1),
            },
            true,
        ),
        (
            ZoomMeeting::Ready {
                meeting: meeting(1),
            },
            true,
        ),
        (ZoomMeeting::Gone, false),
    ] {
        let mut cancelled = interview(InterviewStatus::Cancelled, zoom.clone());
        assert_eq!(unwanted(&mut cancelled, Ok(())), work, "{zoom:?}");
    }
    let ready = ZoomMeeting::Ready {
        meeting: meeting(1),
    };
    let mut cancelled = interview(InterviewStatus::Cancelled, ready);
    assert!(!unwanted(&mut cancelled, Err("it stays".into())));
    assert_eq!(
        cancelled.meeting.zoom,
        ZoomMeeting::Stays {
            meeting: meeting(1)
        }
    );
    assert_eq!(cancelled.meeting.reason.as_deref(), Some("it stays"));
}

/// What happens to one request.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    LostBefore,
    LostAfter,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Answered),
        Just(Fate::LostBefore),
        Just(Fate::LostAfter)
    ]
}

/// The meetings there are, and how many were made.
#[derive(Default)]
struct Model {
    there: Vec<u64>,
    made: u64,
}

/// Carries one step out against the model, as the worker would.
fn carry_out(step: &Step, fate: Fate, now: Instant, model: &mut Model, it: &mut InterviewRecord) {
    match step {
        Step::Ask => {
            it.meeting.zoom = ZoomMeeting::Asked { at: now };
            if !matches!(fate, Fate::LostBefore) {
                model.made += 1;
                model.there.push(model.made);
            }
            if matches!(fate, Fate::Answered) {
                made(it, meeting(model.made));
            }
        }
        Step::Search if matches!(fate, Fate::Answered) => match model.there.first().copied() {
            Some(first) => {
                model.there.truncate(1);
                made(it, meeting(first));
            }
            None => not_made(it),
        },
        Step::ReadBack(found) if matches!(fate, Fate::Answered) => {
            it.meeting.zoom = ZoomMeeting::Ready {
                meeting: found.clone(),
            };
        }
        Step::Delete(found) => {
            if !matches!(fate, Fate::LostBefore) {
                model.there.retain(|id| *id != found.id);
            }
            if matches!(fate, Fate::Answered) {
                it.meeting.zoom = ZoomMeeting::Gone;
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn whatever_is_lost_there_is_one_meeting_or_none(
        fates in proptest::collection::vec(fate(), 0..30),
        cancel_after in proptest::option::of(0usize..40),
    ) {
        let mut model = Model::default();
        let mut it = interview(InterviewStatus::Confirmed, ZoomMeeting::Wanted);
        let mut now = at(0);
        let mut fates = fates.into_iter();
        for round in 0..200 {
            if cancel_after == Some(round) {
                it.status = InterviewStatus::Cancelled;
                unwanted(&mut it, Ok(()));
            }
            match next(&it, now, true) {
                Step::Done if cancel_after.is_none_or(|after| round > after) => break,
                Step::Done => {}
                Step::Wait(until) => now = until,
                // In the end Zoom answers again.
                step => carry_out(&step, fates.next().unwrap_or(Fate::Answered), now, &mut model, &mut it),
            }
            prop_assert!(model.there.len() <= 1, "never two at once: {:?}", model.there);
            now = now.plus_seconds(1);
        }
        match it.status {
            InterviewStatus::Cancelled => prop_assert!(model.there.is_empty()),
            _ => {
                let linked = it.meeting.zoom.meeting().map(|found| found.id);
                prop_assert_eq!(linked, model.there.first().copied());
                let ready = matches!(it.meeting.zoom, ZoomMeeting::Ready { .. });
                prop_assert!(ready);
            }
        }
    }
}
