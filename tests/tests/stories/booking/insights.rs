//! After the meeting: Zoom's summary where it may be had, why not where it may not, and what people
//! write.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::insight::{Insight, InsightNote, SummaryState};
use greenroom_protocol::interview::Interview;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Config, Endpoint, Licence, User};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, Fixture, TEN, with};

/// From the beginning of a story to the end of an interview at [`TEN`], and five minutes more.
const UNTIL_FIVE_PAST_THE_END: i64 = (24 + 1) * 60 * 60 + 35 * 60;

const A_DAY: i64 = 24 * 60 * 60;

const SUMMARY: &str = "# Talk\n\n- knows *queues*\n- asks about the team\n";

impl Fixture {
    async fn insight(&self) -> Option<Insight> {
        let of_ana = Reference::to(ANA);
        self.dana.insight_list(of_ana).await.unwrap().pop()
    }

    /// What is kept once it is so.
    async fn keeps(&self, so: impl Fn(&Insight) -> bool) -> Insight {
        let deadline = Deadline::here();
        loop {
            deadline.check();
            match self.insight().await {
                Some(insight) if so(&insight) => return insight,
                _ => tokio::task::yield_now().await,
            }
        }
    }

    async fn licensed() -> Self {
        let users = vec![User::new(DANA).licensed_as(Licence::Licensed)];
        Self::with(Config {
            users,
            ..Config::default()
        })
        .await
    }

    async fn writes(&self, interview: &Interview, notes: &str, revision: u64) -> Insight {
        let mut interview = Reference::to(interview.id.to_string());
        interview.expected_revision = Some(revision);
        let note = InsightNote {
            interview,
            notes: notes.into(),
        };
        self.dana.insight_note(note).await.unwrap()
    }
}

#[tokio::test]
async fn the_summary_is_looked_for_five_minutes_after_the_end_and_kept() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    assert_eq!(desk.insight().await, None);
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon.zoom.summarize(id, SUMMARY).unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let kept = desk.keeps(|it| it.summary.is_some()).await;
    assert_eq!(kept.summary.as_deref(), Some(SUMMARY));
    assert_eq!(kept.summary_state, SummaryState::Ready);
    assert_eq!(kept.next_try, None);
}

#[tokio::test]
async fn a_summary_that_takes_zoom_hours_is_looked_for_again() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let waiting = |it: &Insight| it.summary_state == SummaryState::Waiting && it.revision > 0;
    let next = desk.keeps(waiting).await.next_try.unwrap();
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon.zoom.summarize(id, SUMMARY).unwrap();
    desk.daemon
        .seconds_pass(next.since(desk.daemon.now()).as_secs());
    desk.keeps(|it| it.summary_state == SummaryState::Ready)
        .await;
}

#[tokio::test]
async fn after_a_day_there_is_none() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END + A_DAY);
    let kept = desk
        .keeps(|it| it.summary_state == SummaryState::Absent)
        .await;
    assert_eq!(kept.next_try, None);
    assert!(kept.reason.unwrap().contains("no summary"));
}

#[tokio::test]
async fn a_plan_without_summaries_and_a_permission_not_granted_are_told_apart() {
    let basic = Fixture::with(Config {
        users: vec![User::new(DANA).licensed_as(Licence::Basic)],
        ..Config::default()
    });
    let ungranted = Fixture::without(&["meeting:read:summary"]);
    for (desk, state, why) in [
        (basic.await, SummaryState::PaidOnly, "paid plans"),
        (ungranted.await, SummaryState::NotGranted, "not granted"),
    ] {
        desk.has(with(ANA, TEN)).await;
        desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
        let kept = desk.keeps(|it| it.summary_state == state).await;
        assert!(kept.reason.unwrap().contains(why), "{state:?}");
    }
}

#[tokio::test]
async fn what_came_from_zoom_cannot_speak_to_the_terminal() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon
        .zoom
        .summarize(id, "fine\u{1b}]0;gone\u{7}\u{202e}")
        .unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let kept = desk.keeps(|it| it.summary.is_some()).await;
    assert_eq!(kept.summary.as_deref(), Some("fine]0;gone"));
}

#[tokio::test]
async fn a_cancelled_one_has_no_summary() {
    let desk = Fixture::licensed().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.cancels(&ready).await;
    desk.settled(&ready).await;
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END + A_DAY);
    // Another one's is found: by then this one's was looked at.
    desk.has(with(ANA, "2026-12-03T10:00:00Z")).await;
    assert_eq!(desk.insight().await, None);
}

#[tokio::test]
async fn people_write_notes_and_nobody_overwrites_another() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let written = desk.writes(&ready, "- calm\n    - precise\n", 0).await;
    assert_eq!(written.notes.as_deref(), Some("- calm\n    - precise"));
    assert_eq!(written.notes_by.as_ref().unwrap().email, DANA);
    let again = desk.writes(&ready, "better", written.revision).await;
    let mut interview = Reference::to(ready.id.to_string());
    interview.expected_revision = Some(written.revision);
    let stale = InsightNote {
        interview,
        notes: "mine".into(),
    };
    let refused = desk.dana.insight_note(stale).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let none = desk.writes(&ready, "", again.revision).await;
    assert_eq!(none.notes, None);
}

/// Case Z5: the room was opened before the talk, so the talk is another instance with a uuid of its
/// own.
#[tokio::test]
async fn the_talks_own_summary_is_found_when_the_room_was_opened_before() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    let zoom = &desk.daemon.zoom;
    let id = zoom.meetings()[0].id;
    let opened = |at: &str| zoom.open_room(id, at.parse().unwrap()).unwrap();
    let before = opened("2026-12-01T09:20:00Z");
    let talk = opened("2026-12-01T09:58:00Z");
    let after = opened("2026-12-01T10:40:00Z");
    assert!(talk.starts_with('/'), "one that is encoded twice: {talk}");
    zoom.summarize_instance(id, &before, "trying the camera")
        .unwrap();
    zoom.summarize_instance(id, &talk, SUMMARY).unwrap();
    zoom.summarize_instance(id, &after, "somebody came back")
        .unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let kept = desk.keeps(|it| it.summary.is_some()).await;
    assert_eq!(kept.summary.as_deref(), Some(SUMMARY));
}

/// Case Z5: a summary that Zoom still writes is empty, and that of another instance is not the
/// talk's.
#[tokio::test]
async fn an_empty_summary_is_asked_for_again_and_the_talks_own_is_waited_for() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    let zoom = &desk.daemon.zoom;
    let id = zoom.meetings()[0].id;
    let before = zoom.open_room(id, "2026-12-01T09:20:00Z".parse().unwrap());
    let talk = zoom.open_room(id, "2026-12-01T10:01:00Z".parse().unwrap());
    let (before, talk) = (before.unwrap(), talk.unwrap());
    zoom.summarize_instance(id, &before, "trying the camera")
        .unwrap();
    zoom.summarize_instance(id, &talk, "  \n").unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let waiting = |it: &Insight| it.summary_state == SummaryState::Waiting && it.revision > 0;
    let waits = desk.keeps(waiting).await;
    assert!(waits.reason.unwrap().contains("empty"));
    zoom.summarize_instance(id, &talk, SUMMARY).unwrap();
    let next = waits.next_try.unwrap();
    desk.daemon
        .seconds_pass(next.since(desk.daemon.now()).as_secs());
    let kept = desk.keeps(|it| it.summary.is_some()).await;
    assert_eq!(kept.summary.as_deref(), Some(SUMMARY));
}

/// Case Z5: where the talk's own never comes, that of another instance is better than none.
#[tokio::test]
async fn after_an_hour_the_summary_of_another_instance_is_kept() {
    let desk = Fixture::licensed().await;
    desk.has(with(ANA, TEN)).await;
    let zoom = &desk.daemon.zoom;
    let id = zoom.meetings()[0].id;
    let early = zoom.open_room(id, "2026-12-01T09:20:00Z".parse().unwrap());
    zoom.open_room(id, "2026-12-01T10:01:00Z".parse().unwrap())
        .unwrap();
    zoom.summarize_instance(id, &early.unwrap(), SUMMARY)
        .unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END + 60 * 60);
    let kept = desk.keeps(|it| it.summary.is_some()).await;
    assert_eq!(kept.summary.as_deref(), Some(SUMMARY));
}

/// Case Z5: without the optional permission what was seen is tried, and what may be missed is said.
#[tokio::test]
async fn without_the_permission_to_list_instances_it_is_said() {
    let desk = Fixture::without(&["meeting:read:list_past_instances"]).await;
    desk.has(with(ANA, TEN)).await;
    let zoom = &desk.daemon.zoom;
    let id = zoom.meetings()[0].id;
    zoom.open_room(id, "2026-12-01T09:20:00Z".parse().unwrap())
        .unwrap();
    let talk = zoom.open_room(id, "2026-12-01T10:01:00Z".parse().unwrap());
    zoom.summarize_instance(id, &talk.unwrap(), SUMMARY)
        .unwrap();
    desk.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let waiting = |it: &Insight| it.summary_state == SummaryState::Waiting && it.revision > 0;
    let reason = desk.keeps(waiting).await.reason.unwrap();
    assert!(reason.contains("list_past_instances"), "{reason}");
    assert_eq!(zoom.counters().of(Endpoint::PastInstances), 0);
}
