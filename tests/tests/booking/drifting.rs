//! What somebody did in Zoom behind our back: found by a check, told, and mended as a person chooses.

use greenroom_protocol::drift::{
    CheckQuery, Drift, DriftKind, DriftReport, InterviewRepair, OrphanDelete, Repair,
};
use greenroom_protocol::interview::{
    ChangeKind, Interview, InterviewReschedule, InterviewUndo, MeetingState, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};

use crate::desk::{ANA, BEN, Desk, TEN, codes, with};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

const A_DAY: i64 = 24 * 60 * 60;

fn reference(interview: &Interview) -> Reference {
    Reference::to(interview.id.to_string())
}

impl Desk {
    /// Checks everything, and waits until that is done.
    async fn checks(&self) -> DriftReport {
        let query = CheckQuery::default();
        let mut report = self.dana.interview_check(query).await.unwrap();
        while report.hosts.iter().any(|host| host.running) {
            tokio::task::yield_now().await;
            report = self.dana.drift_list().await.unwrap();
        }
        report
    }

    async fn mends(&self, interview: &Interview, repair: Repair) -> Result<Interview, Error> {
        let repair = InterviewRepair {
            interview: reference(interview),
            repair,
        };
        self.dana.interview_repair(repair).await?;
        Ok(self.settled(interview).await)
    }

    fn meeting_at_zoom(&self) -> u64 {
        self.house.zoom.meetings()[0].id
    }
}

#[track_caller]
fn the_drift(report: &DriftReport) -> Drift {
    let [interview] = &report.interviews[..] else {
        panic!("one drift: {report:?}")
    };
    interview.drift.clone().unwrap()
}

#[tokio::test]
async fn all_is_as_booked() {
    let desk = Desk::open().await;
    desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    let report = desk.checks().await;
    assert_eq!(report.interviews, []);
    assert_eq!(report.orphans, []);
    let [host] = &report.hosts[..] else {
        panic!("one host")
    };
    assert_eq!(host.host.email, DANA);
    assert_eq!(host.meetings, 2);
    assert_eq!(host.checked_at, Some(desk.house.now()));
    assert!(host.strays_looked_for);
}

#[tokio::test]
async fn one_that_was_deleted_there_is_made_again() {
    let desk = Desk::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let meeting = desk.meeting_at_zoom();
    desk.house.zoom.delete_meeting(meeting).unwrap();
    let drift = the_drift(&desk.checks().await);
    assert_eq!(drift.kind, DriftKind::Deleted);
    assert_eq!(drift.repairs, [Repair::Recreate]);
    assert!(drift.messages[0].contains("link is dead"), "{drift:?}");

    let mended = desk.mends(&ready, Repair::Recreate).await.unwrap();
    assert_eq!(mended.meeting.state, MeetingState::Ready);
    assert_ne!(mended.meeting.join_url, ready.meeting.join_url);
    assert_eq!(mended.drift, None);
    assert_eq!(mended.changes.last().unwrap().kind, ChangeKind::Repaired);
    assert_eq!(desk.checks().await.interviews, []);

    // The former meeting is gone for good.
    let undo = InterviewUndo {
        interview: reference(&ready),
        change: mended.change,
    };
    let refused = desk.dana.interview_undo(undo).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("that stays"), "{refused:?}");
}

#[tokio::test]
async fn one_that_was_moved_there_is_followed_or_moved_back() {
    for (repair, start) in [(Repair::Adopt, ELEVEN), (Repair::Restore, TEN)] {
        let desk = Desk::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let meeting = desk.meeting_at_zoom();
        desk.house
            .zoom
            .move_meeting(meeting, ELEVEN.parse().unwrap())
            .unwrap();
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::Moved);
        assert_eq!(drift.start.unwrap().to_string(), ELEVEN);

        let mended = desk.mends(&ready, repair).await.unwrap();
        assert_eq!(mended.start.to_string(), start, "{repair:?}");
        assert_eq!(mended.meeting.join_url, ready.meeting.join_url);
        let at_zoom = desk.house.zoom.meetings()[0].start_time.to_string();
        assert_eq!(at_zoom, start, "{repair:?}");
        assert_eq!(desk.checks().await.interviews, [], "{repair:?}");
    }
}

#[tokio::test]
async fn a_time_that_is_taken_here_is_not_followed() {
    let desk = Desk::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let meeting = desk.meeting_at_zoom();
    desk.has(with(BEN, ELEVEN)).await;
    desk.house
        .zoom
        .move_meeting(meeting, ELEVEN.parse().unwrap())
        .unwrap();
    desk.checks().await;
    let refused = desk.mends(&ready, Repair::Adopt).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    desk.mends(&ready, Repair::Restore).await.unwrap();
}

#[tokio::test]
async fn settings_that_were_changed_there_are_given_back_or_accepted() {
    for repair in [Repair::Restore, Repair::Accept] {
        let desk = Desk::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let meeting = desk.meeting_at_zoom();
        desk.house
            .zoom
            .edit_meeting(meeting, |meeting| meeting.settings.waiting_room = true)
            .unwrap();
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::Changed);
        assert!(drift.messages[0].contains("waiting room"), "{drift:?}");

        let mended = desk.mends(&ready, repair).await.unwrap();
        let waits = desk.house.zoom.meetings()[0].settings.waiting_room;
        assert_eq!(waits, repair == Repair::Accept);
        assert_eq!(codes(&mended).contains(&FindingCode::ZoomChanged), waits);
        assert_eq!(desk.checks().await.interviews, [], "{repair:?}");
    }
}

#[tokio::test]
async fn a_change_zoom_was_never_told_of_is_told_once_it_may_be() {
    let desk = Desk::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let limit = FaultKind::Answer(Answer::HostLimit);
    desk.house
        .zoom
        .fault(Fault::once(Endpoint::UpdateMeeting, limit));
    let to = InterviewReschedule {
        interview: reference(&ready),
        start: ELEVEN.into(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
    };
    desk.dana.interview_reschedule(to).await.unwrap();
    desk.settled(&ready).await;
    let drift = the_drift(&desk.checks().await);
    assert_eq!(drift.kind, DriftKind::Outdated);
    assert_eq!(drift.repairs[0], Repair::Restore);
    let mended = desk.mends(&ready, Repair::Restore).await.unwrap();
    assert_eq!(mended.start.to_string(), ELEVEN);
    assert_eq!(desk.house.zoom.meetings()[0].start_time.to_string(), ELEVEN);
    assert!(!codes(&mended).contains(&FindingCode::MeetingOutdated));
}

#[tokio::test]
async fn what_does_not_differ_is_not_mended_and_only_as_it_can_be() {
    let desk = Desk::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let refused = desk.mends(&ready, Repair::Accept).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    desk.house
        .zoom
        .delete_meeting(desk.meeting_at_zoom())
        .unwrap();
    desk.checks().await;
    let refused = desk.mends(&ready, Repair::Adopt).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert!(refused.message.contains("recreate"), "{refused:?}");
}

#[tokio::test]
async fn a_stray_is_found_by_its_mark_and_deleted_when_somebody_says_so() {
    let desk = Desk::without(&["meeting:delete:meeting"]).await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    desk.cancels(&ready).await;
    let report = desk.checks().await;
    let [stray] = &report.orphans[..] else {
        panic!("one stray: {report:?}")
    };
    assert_eq!(stray.interview, Some(ready.id));
    assert_eq!(Some(&stray.meeting_id), ready.meeting.meeting_id.as_ref());

    // Dana may not delete: that is said, and it stays to be deleted.
    let delete = |dry_run| OrphanDelete {
        orphan: stray.id.clone(),
        dry_run,
    };
    let would = desk.dana.orphan_delete(delete(true)).await.unwrap();
    assert!(!would.deleting);
    desk.dana.orphan_delete(delete(false)).await.unwrap();
    let stuck = loop {
        let report = desk.dana.drift_list().await.unwrap();
        match &report.orphans[..] {
            [stray] if stray.reason.is_some() => break stray.clone(),
            _ => tokio::task::yield_now().await,
        }
    };
    assert!(!stuck.deleting);
}

#[tokio::test]
async fn a_stray_somebody_deleted_there_is_forgotten() {
    let desk = Desk::without(&["meeting:delete:meeting"]).await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    desk.cancels(&ready).await;
    let stray = desk.checks().await.orphans[0].clone();
    let id = stray.meeting_id.parse().unwrap();
    desk.house.zoom.delete_meeting(id).unwrap();
    assert_eq!(desk.checks().await.orphans, []);
}

#[tokio::test]
async fn without_the_list_permission_strays_are_not_looked_for_and_it_is_said() {
    let desk = Desk::without(&["meeting:read:list_meetings"]).await;
    desk.has(with(ANA, TEN)).await;
    let report = desk.checks().await;
    assert!(!report.hosts[0].strays_looked_for);
    assert_eq!(report.hosts[0].meetings, 1);
}

#[tokio::test]
async fn every_host_is_checked_in_the_night_by_itself() {
    let desk = Desk::open().await;
    desk.has(with(ANA, "2026-12-05T10:00:00Z")).await;
    let meeting = desk.meeting_at_zoom();
    desk.house.zoom.delete_meeting(meeting).unwrap();
    let work = desk.dana.status().await.unwrap().work;
    assert!(
        work.iter()
            .all(|it| it.kind != "check" && it.kind != "insight"),
        "nobody waits for a timer: {work:?}"
    );
    desk.house.seconds_pass(A_DAY);
    while desk.dana.drift_list().await.unwrap().interviews.is_empty() {
        tokio::task::yield_now().await;
    }
    let first = desk.dana.drift_list().await.unwrap().hosts[0].checked_at;
    desk.house.seconds_pass(A_DAY);
    while desk.dana.drift_list().await.unwrap().hosts[0].checked_at == first {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_check_that_zoom_limits_goes_on_from_where_it_was() {
    let desk = Desk::open().await;
    desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    desk.house
        .zoom
        .fault(Fault::once(Endpoint::GetMeeting, limit));
    let query = CheckQuery::default();
    desk.dana.interview_check(query).await.unwrap();
    let stopped = loop {
        let report = desk.dana.drift_list().await.unwrap();
        match &report.hosts[0] {
            host if host.reason.is_some() => break host.clone(),
            _ => tokio::task::yield_now().await,
        }
    };
    assert!(stopped.running);
    desk.house.seconds_pass(120);
    while desk.dana.drift_list().await.unwrap().hosts[0].running {
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.dana.drift_list().await.unwrap().hosts[0].meetings, 2);
}
