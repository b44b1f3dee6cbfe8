//! Interviews by start, by candidate and by host.

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{InterviewStatus, MeetingType};

use super::*;
use crate::index::{InterviewFilter, VisibleInterviews};
use crate::records::interview::{InterviewRecord, MeetingRecord, ZoomMeeting};
use crate::store::Actor;

fn interview(candidate: CandidateId, member: MemberId, start: i64) -> InterviewRecord {
    InterviewRecord {
        candidate,
        application: ApplicationId::new(),
        job: JobId::new(),
        stage: StageId::new(),
        organizer: member,
        host: Some(member),
        host_zoom_id: None,
        interviewers: vec![member],
        start: Instant::from_second(start),
        zone: "UTC".into(),
        offset: "+00:00".into(),
        duration_minutes: 45,
        status: InterviewStatus::Confirmed,
        meeting: MeetingRecord {
            kind: MeetingType::Zoom,
            manual: None,
            zoom: ZoomMeeting::Wanted,
            reason: None,
            restored: None,
        },
        warnings: Vec::new(),
        created_at: Instant::from_second(0),
        created_by: Actor::Operator,
        absent: Default::default(),
        change: 0,
        changes: Vec::new(),
        drift: None,
        uuids: Vec::new(),
        left: Vec::new(),
        invitation: Default::default(),
        zoom_notes: false,
    }
}

fn all() -> InterviewFilter {
    InterviewFilter {
        visible: VisibleInterviews::All,
        ..InterviewFilter::default()
    }
}

#[test]
fn interviews_come_by_start_in_pages_that_join() {
    let stage = Stage::ready();
    let (ana, sam) = (CandidateId::new(), MemberId::new());
    let ids: Vec<_> = (0..7).map(|_| InterviewId::new()).collect();
    for (at, id) in ids.iter().enumerate().rev() {
        stage.put(id, 1, &interview(ana, sam, at as i64 / 2));
    }
    let mut listed = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let page = stage
            .index
            .interviews(stage.ws, &all(), next.as_deref(), 3)
            .unwrap();
        assert_eq!(page.total, 7);
        listed.extend(page.ids);
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids);
    assert!(
        stage
            .index
            .interviews(stage.ws, &all(), Some("x"), 3)
            .is_err()
    );
}

#[test]
fn filters_and_what_the_caller_may_see_hold_together() {
    let stage = Stage::ready();
    let (ana, jun) = (CandidateId::new(), CandidateId::new());
    let (sam, mina) = (MemberId::new(), MemberId::new());
    let [early, late, other] = std::array::from_fn(|_| InterviewId::new());
    stage.put(early, 1, &interview(ana, sam, 10));
    stage.put(late, 1, &interview(ana, mina, 20));
    let cancelled = InterviewRecord {
        status: InterviewStatus::Cancelled,
        ..interview(jun, sam, 30)
    };
    stage.put(other, 1, &cancelled);
    let list = |filter: InterviewFilter| {
        stage
            .index
            .interviews(stage.ws, &filter, None, 10)
            .unwrap()
            .ids
    };
    let at = |second| Some(Instant::from_second(second));
    assert_eq!(
        list(InterviewFilter {
            from: at(20),
            ..all()
        }),
        [late, other]
    );
    assert_eq!(
        list(InterviewFilter {
            to: at(20),
            ..all()
        }),
        [early]
    );
    assert_eq!(
        list(InterviewFilter {
            member: Some(sam),
            ..all()
        }),
        [early, other]
    );
    assert_eq!(
        list(InterviewFilter {
            candidate: Some(ana),
            ..all()
        }),
        [early, late]
    );
    let status = vec![InterviewStatus::Cancelled];
    assert_eq!(list(InterviewFilter { status, ..all() }), [other]);
    let jobs = [cancelled.job].into();
    let visible = VisibleInterviews::JobsOr(jobs, Some(mina));
    assert_eq!(list(InterviewFilter { visible, ..all() }), [late, other]);

    assert_eq!(list(InterviewFilter::default()), []);
    assert!(stage.index.shows(stage.ws, late, &all()));
    assert!(
        !stage
            .index
            .shows(stage.ws, late, &InterviewFilter::default())
    );

    let index = &stage.index;
    assert_eq!(index.host_of(stage.ws, early), Some(sam));
    assert_eq!(index.host_of(stage.ws, InterviewId::new()), None);
    assert_eq!(index.interviews_of_candidate(stage.ws, ana), [late, early]);
    assert_eq!(
        index.next_interview(stage.ws, ana, Instant::from_second(11)),
        Some(late)
    );
    assert_eq!(
        index.next_interview(stage.ws, jun, Instant::from_second(0)),
        None
    );
    assert_eq!(
        index.upcoming_on_host(stage.ws, sam, Instant::from_second(0)),
        1
    );
    assert_eq!(
        index.upcoming_on_host(stage.ws, sam, Instant::from_second(11)),
        0
    );
    assert_eq!(index.candidates_of_member(stage.ws, sam), [ana, jun].into());
}

#[test]
fn hosts_of_what_begins_soon_are_told_once_each() {
    let stage = Stage::ready();
    let [ana, sam, jo, mina] = [(); 4].map(|()| MemberId::new());
    let with = CandidateId::new();
    let cancelled = InterviewRecord {
        status: InterviewStatus::Cancelled,
        ..interview(with, mina, 20)
    };
    let mut elsewhere = interview(with, mina, 20);
    elsewhere.meeting.kind = MeetingType::Link;
    let unconfirmed = InterviewRecord {
        status: InterviewStatus::ToBeConfirmed,
        ..interview(with, jo, 29)
    };
    let planned = [
        interview(with, ana, 10),
        interview(with, sam, 20),
        interview(with, sam, 25),
        unconfirmed,
        interview(with, ana, 30),
        cancelled,
        elsewhere,
    ];
    for record in &planned {
        stage.put(InterviewId::new(), 1, record);
    }
    let hosts = |from, to| {
        let [from, to] = [from, to].map(Instant::from_second);
        stage.index.hosts_between(from, to)
    };
    assert_eq!(hosts(11, 30), [(stage.ws, sam), (stage.ws, jo)].into());
    assert_eq!(hosts(30, 31), [(stage.ws, ana)].into());
    assert_eq!(hosts(31, 90), [].into());
}

#[test]
fn a_moved_interview_is_listed_where_it_is_now_and_a_deleted_one_nowhere() {
    let stage = Stage::ready();
    let (ana, jun, sam) = (CandidateId::new(), CandidateId::new(), MemberId::new());
    let id = InterviewId::new();
    stage.put(id, 1, &interview(ana, sam, 10));
    stage.put(id, 2, &interview(jun, sam, 20));
    assert_eq!(stage.index.interviews_of_candidate(stage.ws, ana), []);
    assert_eq!(stage.index.interviews_of_candidate(stage.ws, jun), [id]);
    let page = stage.index.interviews(stage.ws, &all(), None, 9).unwrap();
    assert_eq!((page.ids, page.total), (vec![id], 1));
    stage.delete::<InterviewRecord>(id);
    let page = stage.index.interviews(stage.ws, &all(), None, 9).unwrap();
    assert_eq!((page.ids, page.total), (vec![], 0));
}
