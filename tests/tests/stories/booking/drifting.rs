//! What somebody did in Zoom behind our back: found by a check, told, and mended as a person
//! chooses.

use greenroom_protocol::drift::{
    CheckQuery, Drift, DriftKind, DriftReport, InterviewRepair, OrphanDelete, Repair,
};
use greenroom_protocol::interview::{
    ChangeKind, Interview, InterviewQuery, InterviewReschedule, InterviewUndo, MeetingState, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::sandbox::{
    Account, Answer, Config, Endpoint, Fault, FaultKind, Locked, Plan, User,
};
use greenroom_tests::wait::Deadline;
use serde_json::json;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, codes, with};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

const A_DAY: i64 = 24 * 60 * 60;

fn reference(interview: &Interview) -> Reference {
    Reference::to(interview.id.to_string())
}

impl Fixture {
    /// Checks everything, once Zoom has had time to know its changes everywhere, and waits until
    /// that is done.
    async fn checks(&self) -> DriftReport {
        self.daemon.seconds_pass(20);
        let query = CheckQuery::default();
        let mut report = self.dana.interview_check(query).await.unwrap();
        let deadline = Deadline::here();
        while report.hosts.iter().any(|host| host.running) {
            deadline.check();
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
        self.daemon.zoom.meetings()[0].id
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
    let desk = Fixture::open().await;
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
    assert_eq!(host.checked_at, Some(desk.daemon.now()));
    assert!(host.strays_looked_for);
}

#[tokio::test]
async fn one_that_was_deleted_there_is_made_again() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let meeting = desk.meeting_at_zoom();
    desk.daemon.zoom.delete_meeting(meeting).unwrap();
    let drift = the_drift(&desk.checks().await);
    assert_eq!(drift.kind, DriftKind::Deleted);
    assert_eq!(drift.repairs, [Repair::Recreate]);
    let words = &drift.messages[0];
    assert!(
        words.contains("not on this host's Zoom any more"),
        "{words}"
    );

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
        unsent: false,
    };
    let refused = desk.dana.interview_undo(undo).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("can't be undone"), "{refused:?}");
}

/// Case Z12: Zoom says the same as of a deleted one, so what is said covers both.
#[tokio::test]
async fn one_that_an_admin_gave_to_another_host_is_not_called_dead() {
    let omar = "omar.haddad@acme.example";
    let desk = Fixture::with(Config::default().with_user(User::new(omar))).await;
    desk.has(with(ANA, TEN)).await;
    let meeting = desk.meeting_at_zoom();
    desk.daemon.zoom.hand_over(meeting, omar).unwrap();
    for in_xml in [false, true] {
        desk.daemon.zoom.refuse_in_xml(in_xml);
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::Deleted);
        let [words] = &drift.messages[..] else {
            panic!("{drift:?}")
        };
        assert!(
            words.contains("not on this host's Zoom any more"),
            "{words}"
        );
        assert!(words.contains("its link still works"), "{words}");
    }
}

#[tokio::test]
async fn one_that_was_moved_there_is_followed_or_moved_back() {
    for (repair, start) in [(Repair::Adopt, ELEVEN), (Repair::Restore, TEN)] {
        let desk = Fixture::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let meeting = desk.meeting_at_zoom();
        desk.daemon
            .zoom
            .move_meeting(meeting, ELEVEN.parse().unwrap())
            .unwrap();
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::Moved);
        assert_eq!(drift.start.unwrap().to_string(), ELEVEN);

        let mended = desk.mends(&ready, repair).await.unwrap();
        assert_eq!(mended.start.to_string(), start, "{repair:?}");
        assert_eq!(mended.meeting.join_url, ready.meeting.join_url);
        let at_zoom = desk.daemon.zoom.meetings()[0].start_time.to_string();
        assert_eq!(at_zoom, start, "{repair:?}");
        assert_eq!(desk.checks().await.interviews, [], "{repair:?}");
    }
}

#[tokio::test]
async fn a_time_that_is_taken_here_is_not_followed() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let meeting = desk.meeting_at_zoom();
    desk.has(with(BEN, ELEVEN)).await;
    desk.daemon
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
        let desk = Fixture::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let meeting = desk.meeting_at_zoom();
        desk.daemon
            .zoom
            .edit_meeting(meeting, |meeting| meeting.settings.waiting_room = true)
            .unwrap();
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::Changed);
        assert!(drift.messages[0].contains("waiting room"), "{drift:?}");

        let mended = desk.mends(&ready, repair).await.unwrap();
        let waits = desk.daemon.zoom.meetings()[0].settings.waiting_room;
        assert_eq!(waits, repair == Repair::Accept);
        assert_eq!(codes(&mended).contains(&FindingCode::ZoomChanged), waits);
        assert_eq!(desk.checks().await.interviews, [], "{repair:?}");
    }
}

#[tokio::test]
async fn a_change_zoom_was_never_told_of_is_told_once_it_may_be() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let limit = FaultKind::Answer(Answer::HostLimit);
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::UpdateMeeting, limit));
    let to = InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: reference(&ready),
        start: ELEVEN.into(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    };
    desk.dana.interview_reschedule(to).await.unwrap();
    desk.settled(&ready).await;
    let drift = the_drift(&desk.checks().await);
    assert_eq!(drift.kind, DriftKind::Outdated);
    assert_eq!(drift.repairs[0], Repair::Restore);
    let mended = desk.mends(&ready, Repair::Restore).await.unwrap();
    assert_eq!(mended.start.to_string(), ELEVEN);
    assert_eq!(
        desk.daemon.zoom.meetings()[0].start_time.to_string(),
        ELEVEN
    );
    assert!(!codes(&mended).contains(&FindingCode::MeetingOutdated));
}

#[tokio::test]
async fn what_does_not_differ_is_not_mended_and_only_as_it_can_be() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let refused = desk.mends(&ready, Repair::Accept).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    desk.daemon
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
    let desk = Fixture::without(&["meeting:delete:meeting"]).await;
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
    let deadline = Deadline::here();
    let stuck = loop {
        deadline.check();
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
    let desk = Fixture::without(&["meeting:delete:meeting"]).await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    desk.cancels(&ready).await;
    let stray = desk.checks().await.orphans[0].clone();
    let id = stray.meeting_id.parse().unwrap();
    desk.daemon.zoom.delete_meeting(id).unwrap();
    assert_eq!(desk.checks().await.orphans, []);
}

#[tokio::test]
async fn without_the_list_permission_strays_are_not_looked_for_and_it_is_said() {
    let desk = Fixture::without(&["meeting:read:list_meetings"]).await;
    desk.has(with(ANA, TEN)).await;
    let report = desk.checks().await;
    assert!(!report.hosts[0].strays_looked_for);
    assert_eq!(report.hosts[0].meetings, 1);
}

#[tokio::test]
async fn every_host_is_checked_in_the_night_by_itself() {
    let desk = Fixture::open().await;
    desk.has(with(ANA, "2026-12-05T10:00:00Z")).await;
    let meeting = desk.meeting_at_zoom();
    desk.daemon.zoom.delete_meeting(meeting).unwrap();
    let work = desk.dana.status().await.unwrap().work;
    assert!(
        work.iter()
            .all(|it| it.kind != "check" && it.kind != "insight"),
        "nobody waits for a timer: {work:?}"
    );
    desk.daemon.seconds_pass(A_DAY);
    let deadline = Deadline::here();
    while desk.dana.drift_list().await.unwrap().interviews.is_empty() {
        deadline.check();
        tokio::task::yield_now().await;
    }
    let first = desk.dana.drift_list().await.unwrap().hosts[0].checked_at;
    desk.daemon.seconds_pass(A_DAY);
    let deadline = Deadline::here();
    while desk.dana.drift_list().await.unwrap().hosts[0].checked_at == first {
        deadline.check();
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_check_that_zoom_limits_goes_on_from_where_it_was() {
    let desk = Fixture::open().await;
    desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::GetMeeting, limit));
    let query = CheckQuery::default();
    desk.dana.interview_check(query).await.unwrap();
    let deadline = Deadline::here();
    let stopped = loop {
        deadline.check();
        let report = desk.dana.drift_list().await.unwrap();
        match &report.hosts[0] {
            host if host.reason.is_some() => break host.clone(),
            _ => tokio::task::yield_now().await,
        }
    };
    assert!(stopped.running);
    desk.daemon.seconds_pass(120);
    let deadline = Deadline::here();
    while desk.dana.drift_list().await.unwrap().hosts[0].running {
        deadline.check();
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.dana.drift_list().await.unwrap().hosts[0].meetings, 2);
}

/// Refusals of one meeting that say nothing about the host's others.
fn refusals() -> Vec<Answer> {
    let json = |status, code, message: &str| Answer::Json {
        status,
        body: json!({ "code": code, "message": message }),
    };
    vec![
        json(403, 403, "Forbidden."),
        json(400, 1010, "User does not belong to this account."),
        json(400, 3000, "Cannot access webinar info."),
        json(404, 1001, "User does not exist."),
    ]
}

/// Answers about one meeting that come from something in between, or cannot be read.
fn unreadable() -> Vec<Answer> {
    vec![
        Answer::Html { status: 502 },
        Answer::Html { status: 403 },
        Answer::Empty { status: 400 },
    ]
}

/// Case Z4: a meeting that Zoom refuses to show is named, and the host's others are looked at.
#[tokio::test]
async fn one_meeting_that_is_refused_does_not_hide_the_others() {
    for answer in refusals() {
        let desk = Fixture::open().await;
        let first = desk.has(with(ANA, TEN)).await;
        let second = desk.has(with(BEN, ELEVEN)).await;
        let number =
            |it: &Interview| -> u64 { it.meeting.meeting_id.as_ref().unwrap().parse().unwrap() };
        desk.daemon
            .zoom
            .answer_about(number(&first), Some(answer.clone()));
        desk.daemon.zoom.delete_meeting(number(&second)).unwrap();
        let report = desk.checks().await;
        assert_eq!(the_drift(&report).kind, DriftKind::Deleted, "{answer:?}");
        let [open] = &report.unchecked[..] else {
            panic!("one is open: {report:?}")
        };
        assert_eq!(
            (open.interview, open.candidate.as_str()),
            (first.id, "Ana Lima")
        );
        assert!(open.reason.starts_with("Zoom refused"), "{open:?}");
        assert!(!report.is_complete());
        assert!(!report.hosts[0].is_complete(), "{report:?}");

        // Where it is shown again the next check says so.
        desk.daemon.zoom.answer_about(number(&first), None);
        let report = desk.checks().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(report.hosts[0].meetings, 2);
    }
}

/// Case Z4: an answer about one meeting that cannot be read is asked for again, and does not hide
/// the others either.
#[tokio::test]
async fn one_meeting_whose_answer_cannot_be_read_does_not_hide_the_others() {
    for broken in unreadable() {
        let desk = Fixture::open().await;
        let first = desk.has(with(ANA, TEN)).await;
        desk.has(with(BEN, ELEVEN)).await;
        let meetings = desk.daemon.zoom.meetings();
        let number = first.meeting.meeting_id.unwrap().parse().unwrap();
        let other = meetings.iter().find(|it| it.id != number).unwrap().id;
        desk.daemon.zoom.answer_about(number, Some(broken));
        desk.daemon.zoom.delete_meeting(other).unwrap();
        desk.daemon.seconds_pass(20);
        let query = CheckQuery::default();
        desk.dana.interview_check(query).await.unwrap();
        let deadline = Deadline::here();
        let report = loop {
            deadline.check();
            let report = desk.dana.drift_list().await.unwrap();
            match &report.hosts[0] {
                host if host.reason.is_some() => break report,
                _ => tokio::task::yield_now().await,
            }
        };
        assert_eq!(the_drift(&report).kind, DriftKind::Deleted);
        assert_eq!(report.unchecked.len(), 1, "{report:?}");
        assert!(report.hosts[0].running, "it is asked again: {report:?}");
        desk.daemon.zoom.answer_about(number, None);
        desk.daemon.seconds_pass(120);
        let deadline = Deadline::here();
        while !desk.dana.drift_list().await.unwrap().is_complete() {
            deadline.check();
            tokio::task::yield_now().await;
        }
    }
}

/// Cases Z4 and U3: a host whose Zoom must be reconnected is not checked, whatever an earlier check
/// found.
#[tokio::test]
async fn meetings_of_a_host_whose_zoom_is_dead_are_not_as_booked() {
    let desk = Fixture::open().await;
    desk.has(with(ANA, TEN)).await;
    assert!(desk.checks().await.is_complete());
    desk.daemon.zoom.end_grants(DANA).unwrap();
    let report = desk.checks().await;
    assert!(!report.is_complete(), "{report:?}");
    assert_eq!(report.unchecked.len(), 1, "{report:?}");
    assert!(
        report.unchecked[0].reason.contains("reconnected"),
        "{report:?}"
    );
    let doctor = desk.dana.doctor().await.unwrap();
    let check = doctor.iter().find(|it| it.name == "zoom check").unwrap();
    assert_eq!(check.result, CheckResult::Warning, "{check:?}");
    assert!(check.message.contains("1 upcoming"), "{check:?}");

    // Reconnected, nobody has to ask again.
    connect_zoom(&desk.dana, DANA).await.unwrap();
    let deadline = Deadline::here();
    while !desk.dana.drift_list().await.unwrap().is_complete() {
        deadline.check();
        tokio::task::yield_now().await;
    }
}

/// Case Z4: a host that was never checked is not as booked, and a check that stopped half-way
/// begins anew the next night.
#[tokio::test]
async fn a_check_that_was_refused_half_way_begins_anew() {
    let desk = Fixture::open().await;
    desk.has(with(ANA, "2026-12-09T10:00:00Z")).await;
    desk.has(with(BEN, "2026-12-09T11:00:00Z")).await;
    let known = desk.dana.drift_list().await.unwrap();
    assert_eq!(known.unchecked.len(), 2, "never checked: {known:?}");

    // Zoom shows the meetings, and refuses the list of them.
    let refused = Answer::Json {
        status: 403,
        body: json!({ "code": 403, "message": "Forbidden." }),
    };
    let fault = Fault::once(Endpoint::ListMeetings, FaultKind::Answer(refused));
    desk.daemon.zoom.fault(fault);
    let report = desk.checks().await;
    assert_eq!(report.unchecked, [], "{report:?}");
    assert!(!report.is_complete());
    let reason = report.hosts[0].reason.as_ref().unwrap();
    assert!(reason.contains("unused meetings"), "{reason}");

    let meeting = desk.meeting_at_zoom();
    desk.daemon.zoom.delete_meeting(meeting).unwrap();
    desk.daemon.seconds_pass(A_DAY);
    let deadline = Deadline::here();
    while desk.dana.drift_list().await.unwrap().interviews.is_empty() {
        deadline.check();
        tokio::task::yield_now().await;
    }
}

/// Case Z9: a meeting that somebody made another type of is a drift of its own, and nothing Zoom
/// does not say is adopted.
#[tokio::test]
async fn another_type_of_meeting_is_a_drift_of_its_own() {
    for kind in [1, 3, 4, 8, 10] {
        let desk = Fixture::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let meeting = desk.meeting_at_zoom();
        let occurrences = match kind {
            8 => vec!["2026-12-02T10:00:00Z".parse().unwrap()],
            _ => Vec::new(),
        };
        desk.daemon
            .zoom
            .edit_meeting(meeting, |meeting| {
                meeting.kind = kind;
                meeting.occurrences = occurrences;
            })
            .unwrap();
        let drift = the_drift(&desk.checks().await);
        assert_eq!(drift.kind, DriftKind::OtherType, "{kind}: {drift:?}");
        assert_eq!(
            (drift.start, drift.duration_minutes),
            (None, None),
            "{kind}"
        );
        assert_eq!(drift.repairs, [Repair::Restore, Repair::Accept], "{kind}");
        if kind == 8 {
            let words = &drift.messages[0];
            assert!(words.contains("none of its occurrences"), "{words}");
            assert!(words.contains("2026-12-02"), "{words}");
        }
        let refused = desk.mends(&ready, Repair::Adopt).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Usage, "{kind}");

        let mended = desk.mends(&ready, Repair::Restore).await.unwrap();
        assert_eq!(mended.duration_minutes, 30);
        assert_eq!(desk.daemon.zoom.meetings()[0].kind, 2, "{kind}");
        assert_eq!(desk.checks().await.interviews, [], "{kind}");
    }
}

/// Case Z9: a length that no meeting can have is not adopted; one of a minute or a day is.
#[tokio::test]
async fn only_a_length_that_a_meeting_can_have_is_adopted() {
    for (minutes, adopted) in [(0, None), (1, Some(1)), (1440, Some(1440)), (2000, None)] {
        let desk = Fixture::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        desk.daemon
            .zoom
            .edit_meeting(desk.meeting_at_zoom(), |meeting| {
                meeting.duration = minutes;
            })
            .unwrap();
        let report = desk.checks().await;
        match adopted {
            None => assert_eq!(report.interviews, [], "{minutes}"),
            Some(minutes) => {
                assert_eq!(the_drift(&report).duration_minutes, Some(minutes));
                let mended = desk.mends(&ready, Repair::Adopt).await.unwrap();
                assert_eq!(mended.duration_minutes, minutes);
            }
        }
    }
}

/// Case Z6: every setting that an admin locked is said at booking, and no drift afterwards; one
/// locked later is a drift.
#[tokio::test]
async fn settings_an_admin_locked_are_said_when_it_is_booked_and_by_the_check() {
    type Lock = fn(&mut Locked);
    let locked = |change: Lock| {
        let mut account = Account::new("acme", Plan::Business);
        change(&mut account.locked);
        account
    };
    let table: [(Lock, &str); 6] = [
        (
            |it| it.auto_recording = Some("cloud".into()),
            "in the cloud",
        ),
        (
            |it| it.auto_recording = Some("local".into()),
            "on the host's computer",
        ),
        (|it| it.jbh_time = Some(10), "only 10 minutes before"),
        (
            |it| it.auto_start_meeting_summary = Some(true),
            "AI summary",
        ),
        (|it| it.waiting_room = Some(true), "waiting room"),
        (|it| it.meeting_authentication = Some(true), "signed-in"),
    ];
    for (change, words) in table {
        let desk = Fixture::open().await;
        desk.daemon.zoom.add_account(locked(change));
        let ready = desk.has(with(ANA, TEN)).await;
        let said = |it: &Interview| {
            let mut warnings = it.warnings.iter();
            warnings.any(|it| it.code == FindingCode::ZoomChanged && it.message.contains(words))
        };
        assert!(said(&ready), "{words}: {:?}", ready.warnings);
        assert_eq!(desk.checks().await.interviews, [], "{words}");

        let desk = Fixture::open().await;
        desk.has(with(ANA, TEN)).await;
        desk.daemon.zoom.add_account(locked(change));
        let to = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: reference(&ready_of(&desk).await),
            start: ELEVEN.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        // Zoom applies what is locked with the next change.
        let moved = desk.dana.interview_reschedule(to).await.unwrap().interview;
        let moved = desk.settled(&moved).await;
        let drifts = the_messages(&desk.checks().await);
        let told = said(&moved) || drifts.iter().any(|it| it.contains(words));
        assert!(told, "{words}: {moved:?}");
    }
}

async fn ready_of(desk: &Fixture) -> Interview {
    let page = desk.dana.interview_list(InterviewQuery::default()).await;
    page.unwrap().items.remove(0)
}

fn the_messages(report: &DriftReport) -> Vec<String> {
    let drifts = report.interviews.iter().filter_map(|it| it.drift.clone());
    drifts.flat_map(|drift| drift.messages).collect()
}
