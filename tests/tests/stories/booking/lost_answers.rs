//! Zoom's answers that are lost, late or no: searched, not repeated; kept, and done in the end.

use greenroom_protocol::interview::{InterviewStatus, MeetingState};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, codes, with};

fn create_goes_wrong(desk: &Fixture, how: FaultKind) {
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::CreateMeeting, how));
}

#[tokio::test]
async fn a_lost_answer_is_searched_for_and_exactly_one_meeting_is_linked() {
    let desk = Fixture::open().await;
    create_goes_wrong(&desk, FaultKind::LostAfter);
    let booked = desk.books(with(ANA, TEN)).await;
    assert_eq!(booked.status, InterviewStatus::Confirmed);
    let (kept, reason) = desk.kept(&booked).await;
    assert!(reason.contains("answer was lost"), "{reason}");

    // Nothing is searched before the answer can no longer come.
    desk.daemon.seconds_pass(1);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::ListMeetings), 0);
    desk.waits_for_the_next_try(&kept);
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    let [meeting] = &desk.daemon.zoom.meetings()[..] else {
        panic!()
    };
    assert_eq!(ready.meeting.meeting_id, Some(meeting.id.to_string()));
    assert_eq!(ready.meeting.passcode.as_ref(), Some(&meeting.password));
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::CreateMeeting), 1);
    assert_eq!(codes(&ready), [FindingCode::NoMail]);
}

#[tokio::test]
async fn a_request_lost_on_its_way_is_searched_for_and_then_made() {
    let desk = Fixture::open().await;
    create_goes_wrong(&desk, FaultKind::LostBefore);
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    desk.waits_for_the_next_try(&kept);
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert_eq!(desk.daemon.zoom.meetings().len(), 1);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::ListMeetings), 1);
}

#[tokio::test]
async fn without_the_list_permission_it_is_made_again_and_a_possible_orphan_is_shown() {
    let desk = Fixture::without(&["meeting:read:list_meetings"]).await;
    create_goes_wrong(&desk, FaultKind::LostAfter);
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    desk.waits_for_the_next_try(&kept);
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert!(
        codes(&ready).contains(&FindingCode::PossibleOrphan),
        "{ready:?}"
    );

    let meetings = desk.daemon.zoom.meetings();
    assert_eq!(meetings.len(), 2, "the linked one and the orphan");
    let linked = ready.meeting.meeting_id.unwrap();
    let of_link = meetings.iter().filter(|it| it.id.to_string() == linked);
    assert_eq!(of_link.count(), 1);
}

#[tokio::test]
async fn a_possible_orphan_is_still_told_of_when_the_meeting_is_asked_for_again() {
    let desk = Fixture::without(&["meeting:read:list_meetings"]).await;
    create_goes_wrong(&desk, FaultKind::LostAfter);
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    let body = serde_json::json!({"code": 3161, "message": "This user may not host."});
    create_goes_wrong(&desk, FaultKind::Answer(Answer::Json { status: 400, body }));
    desk.waits_for_the_next_try(&kept);
    let failed = desk.settled(&booked).await;
    assert_eq!(failed.meeting.state, MeetingState::Failed);

    let again = Reference::to(booked.id.to_string());
    desk.dana.interview_confirm(again).await.unwrap();
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    let told = codes(&ready);
    let orphans = told.iter().filter(|it| **it == FindingCode::PossibleOrphan);
    assert_eq!(orphans.count(), 1, "{told:?}");
}

#[tokio::test]
async fn where_two_carry_the_mark_the_first_is_kept_and_the_other_deleted() {
    let desk = Fixture::open().await;
    create_goes_wrong(&desk, FaultKind::LostAfter);
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    let first = desk.daemon.zoom.meetings()[0].clone();

    // A twin, as a request that was carried out twice leaves it.
    desk.daemon.seconds_pass(1);
    let other = desk.has(with(BEN, "2026-12-01T12:00:00Z")).await;
    let twin: u64 = other.meeting.meeting_id.unwrap().parse().unwrap();
    let mark = first.agenda.clone();
    desk.daemon
        .zoom
        .edit_meeting(twin, |it| it.agenda = mark)
        .unwrap();

    desk.waits_for_the_next_try(&kept);
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.meeting_id, Some(first.id.to_string()));
    let left: Vec<_> = desk.daemon.zoom.meetings().iter().map(|it| it.id).collect();
    assert_eq!(left, [first.id]);
}

#[tokio::test]
async fn every_limit_keeps_the_wish_with_its_reason_until_it_is_over() {
    let midnight = "2026-12-01T00:00:00Z";
    let table = [
        // Two seconds, and up to half as long again.
        (Answer::PerSecondLimit, "2026-11-30T09:00:02Z", 1),
        (Answer::DailyLimit, midnight, 0),
        (Answer::HostLimit, midnight, 0),
    ];
    for (limit, until, more) in table {
        let desk = Fixture::open().await;
        create_goes_wrong(&desk, FaultKind::Answer(limit));
        let booked = desk.books(with(ANA, TEN)).await;
        let (kept, reason) = desk.kept(&booked).await;
        assert!(reason.contains("limits"), "{reason}");
        assert_eq!(kept.status, InterviewStatus::Confirmed);
        let until: jiff::Timestamp = until.parse().unwrap();
        let late = kept.meeting.next_try.unwrap().since(until.into()).as_secs();
        assert!((0..=more).contains(&late), "{late}");

        desk.waits_for_the_next_try(&kept);
        let ready = desk.settled(&booked).await;
        assert_eq!(ready.meeting.state, MeetingState::Ready);
        assert_eq!(ready.meeting.reason, None);
        assert_eq!(desk.daemon.zoom.meetings().len(), 1);
    }
}

#[tokio::test]
async fn a_gateways_page_is_no_answer_and_the_meeting_is_searched_for() {
    let desk = Fixture::open().await;
    create_goes_wrong(&desk, FaultKind::Answer(Answer::Html { status: 502 }));
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    desk.waits_for_the_next_try(&kept);
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert_eq!(desk.daemon.zoom.meetings().len(), 1);
}

#[tokio::test]
async fn a_meeting_that_cannot_be_read_back_yet_is_not_made_again() {
    let desk = Fixture::open().await;
    let down = FaultKind::Answer(Answer::Xml { status: 500 });
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::GetMeeting, down));
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, reason) = desk.kept(&booked).await;
    assert!(reason.contains("read back"), "{reason}");
    desk.waits_for_the_next_try(&kept);
    assert_eq!(
        desk.settled(&booked).await.meeting.state,
        MeetingState::Ready
    );
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
}

#[tokio::test]
async fn while_zoom_refreshes_nothing_the_wish_is_kept() {
    let desk = Fixture::open().await;
    desk.daemon.seconds_pass(3600);
    let down = FaultKind::Answer(Answer::Html { status: 503 });
    desk.daemon.zoom.fault(Fault::once(Endpoint::Refresh, down));
    let booked = desk.books(with(ANA, TEN)).await;
    assert_eq!(
        desk.in_time(&booked).await.meeting.state,
        MeetingState::Ready
    );
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
}
