//! Who is reminded and when: each reminder once, of what is true, and nobody of what is not.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, InterviewStatus,
};
use greenroom_protocol::mail::{MailKind, MailQuery, MailState};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::house::OWNER;
use greenroom_tests::post::Found;

use crate::room::{ANA, Room, SAM, UNDO, by_phone, by_zoom, everybody, states};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Four days after the story begins, so that a day before it is not today.
const FRIDAY: &str = "2026-12-04T10:00:00Z";

impl Room {
    /// Everybody is invited to Friday's interview.
    async fn friday(&self) -> Interview {
        let friday = InterviewNew {
            start: FRIDAY.into(),
            ..by_phone()
        };
        self.books(friday).await
    }

    /// Everybody is invited to this one.
    async fn books(&self, interview: InterviewNew) -> Interview {
        let interview = self.dana.interview_new(interview).await.unwrap().interview;
        self.house.rests().await.unwrap();
        self.house.seconds_pass(UNDO);
        self.when(&interview, everybody(AttendeeState::Invited))
            .await
    }

    /// It is so many seconds before the interview begins, and whatever was due until then is done.
    async fn it_is_before(&self, interview: &Interview, seconds: i64) {
        let then = interview.start.plus_seconds(-seconds);
        self.house.time_passes_until(then).await.unwrap();
    }

    /// The reminders this address got.
    fn reminders(&self, address: &str) -> Vec<Found> {
        let mut letters = self.mail().to(address).unwrap();
        letters.retain(|it| it.subject.starts_with("Reminder: "));
        letters
    }

    /// How many reminders Ana and Sam got.
    fn reminded(&self) -> (usize, usize) {
        (self.reminders(ANA).len(), self.reminders(SAM).len())
    }

    async fn reminds(&mut self, minutes: &[u32]) {
        let edit = WorkspaceEdit {
            reminders: Some(minutes.to_vec()),
            ..WorkspaceEdit::default()
        };
        let edited = self.dana.workspace_edit(edit).await.unwrap();
        assert_eq!(edited.reminders, minutes);
        self.house.rests().await.unwrap();
    }

    async fn begins_again(&mut self) {
        self.house.begin_again().await.unwrap();
        self.dana = self.house.client(OWNER).await.unwrap();
    }
}

#[tokio::test]
async fn everybody_is_reminded_a_day_and_an_hour_before_and_once() {
    let mut room = Room::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, DAY + 1).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&interview, DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    room.begins_again().await;
    room.it_is_before(&interview, HOUR + 1).await;
    assert_eq!(room.reminded(), (1, 1));
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (2, 2));
    room.begins_again().await;
    room.it_is_before(&interview, -DAY).await;
    assert_eq!(room.reminded(), (2, 2));

    let [first, second] = &room.reminders(ANA)[..] else {
        panic!()
    };
    assert_ne!(first.message_id, second.message_id);
    let invitation = room.mail().to(ANA).unwrap().remove(0);
    for reminder in [first, second] {
        // It asks for nothing that was answered, and stands below the invitation.
        assert_eq!(reminder.method(), None);
        assert_eq!(
            reminder.in_reply_to.as_deref(),
            Some(invitation.message_id.as_str())
        );
    }
    let past = MailQuery {
        past: true,
        interview: Some(interview.id.to_string()),
        ..MailQuery::default()
    };
    let left = room.dana.mail_list(past).await.unwrap().items;
    let reminders = left.iter().filter(|it| it.kind == MailKind::Reminder);
    assert_eq!(reminders.count(), 4);
}

/// Killed with letters on the outbox, which the mail server does not take, the daemon sends each of them once.
#[tokio::test]
async fn what_was_asked_for_before_the_daemon_ended_leaves_once() {
    let mut room = Room::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, DAY + 1).await;
    room.begins_again().await;
    room.mail().jam().unwrap();
    room.it_is_before(&interview, DAY).await;
    let waiting = room.dana.mail_list(MailQuery::default()).await.unwrap();
    let mut asked_for: Vec<_> = waiting.items.into_iter().map(|it| it.message_id).collect();
    assert_eq!(asked_for.len(), 2);
    room.begins_again().await;
    room.mail().clear().unwrap();
    room.house.seconds_pass(HOUR);
    room.house.rests().await.unwrap();
    room.begins_again().await;
    assert_eq!(room.reminded(), (1, 1));
    let letters = [room.reminders(ANA), room.reminders(SAM)].concat();
    let mut left: Vec<_> = letters.into_iter().map(|it| it.message_id).collect();
    left.sort();
    asked_for.sort();
    assert_eq!(left, asked_for);
}

/// As in a store of a version that reminded nobody.
#[tokio::test]
async fn interviews_from_before_are_reminded_of_too() {
    let mut room = Room::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, 10 * HOUR).await;
    let sent = room.reminded();
    room.house.loses_work("remind").await.unwrap();
    room.it_is_before(&interview, 2 * HOUR).await;
    room.begins_again().await;
    // What has passed is not made up for.
    assert_eq!(room.reminded(), sent);
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (2, 2));
}

/// The text in two zones, and who may read what.
#[tokio::test]
async fn a_reminder_says_when_in_the_readers_zone_with_whom_and_how() {
    let room = Room::open().await;
    let zone = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("America/Sao_Paulo".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(zone).await.unwrap();
    connect_zoom(&room.dana, DANA).await.unwrap();
    let friday = InterviewNew {
        start: FRIDAY.into(),
        ..by_zoom()
    };
    let interview = room.books(friday).await;
    room.it_is_before(&interview, HOUR).await;
    let link = interview.meeting.join_url.as_deref().unwrap();
    let number = interview.meeting.meeting_id.as_deref().unwrap();
    let passcode = interview.meeting.passcode.as_deref().unwrap();
    let shown = |letter: &Found| {
        let whole = format!("Subject: {}\n\n{}", letter.subject, letter.text);
        let whole = whole.replace(link, "LINK").replace(number, "NUMBER");
        whole.replace(passcode, "PASSCODE")
    };
    insta::assert_snapshot!(shown(&room.reminders(ANA)[1]), @r"
    Subject: Reminder: Interview: Designer, Acme, Fri 4 Dec 2026 07:00 (-03:00)

    Hello Ana Lima,

    this is a reminder of your interview for Designer at Acme.

    When       Friday, 4 December 2026, 07:00 to 07:30 (America/Sao_Paulo, -03:00)
               Friday, 4 December 2026, 05:00 to 05:30 (America/New_York, -05:00)
    With       Sam Ito
    Zoom       LINK
    Meeting ID NUMBER
    Passcode   PASSCODE

    To move the interview or to call it off, answer this mail, or propose
    another time in your calendar. A link to join stays the same when the time
    changes.

    Dana Reyes, Acme
    ");
    insta::assert_snapshot!(shown(&room.reminders(SAM)[1]), @r"
    Subject: Reminder: Interview: Ana Lima, Designer, Fri 4 Dec 2026 19:00 (+09:00)

    Hello Sam Ito,

    this is a reminder: you are interviewing Ana Lima for Designer (Applied).

    When       Friday, 4 December 2026, 19:00 to 19:30 (Asia/Tokyo, +09:00)
               Friday, 4 December 2026, 05:00 to 05:30 (America/New_York, -05:00)
    Candidate  Ana Lima <ana.lima@mail.example>
    Zoom       LINK
    Meeting ID NUMBER
    Passcode   PASSCODE
    Organizer  Dana Reyes <dana.reyes@acme.example>

    To move the interview, propose another time in your calendar or tell the
    organizer. A link to join stays the same when the time changes.

    Dana Reyes
    ");
}

#[tokio::test]
async fn what_was_moved_is_reminded_of_at_its_new_time() {
    let room = Room::open().await;
    let interview = room.friday().await;
    let moved = room.moves(&interview, "2026-12-08T10:00:00Z", None).await;
    room.house.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    room.it_is_before(&interview, DAY).await;
    room.it_is_before(&interview, 0).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&moved, DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    let text = &room.reminders(ANA)[0].text;
    assert!(text.contains("Tuesday, 8 December 2026"), "{text}");

    // After the first reminder it is moved again: both come again, for it is another time.
    let again = room.moves(&moved, "2026-12-15T10:00:00Z", None).await;
    room.house.seconds_pass(UNDO);
    room.it_is_before(&again, HOUR).await;
    assert_eq!(room.reminded(), (3, 3));
    room.it_is_before(&again, 0).await;
    assert_eq!(room.reminded(), (3, 3));
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_off_or_was_never_confirmed() {
    let room = Room::open().await;
    let interview = room.friday().await;
    let planned = InterviewNew {
        confirm: false,
        start: "2026-12-04T14:00:00Z".into(),
        ..by_phone()
    };
    let planned = room.dana.interview_new(planned).await.unwrap().interview;
    room.it_is_before(&interview, 2 * DAY).await;
    room.cancels(&interview).await;
    room.it_is_before(&interview, 0).await;
    room.it_is_before(&planned, 0).await;
    assert_eq!(room.reminded(), (0, 0));

    // Planned again by an undo, it is confirmed no longer.
    let second = InterviewNew {
        confirm: false,
        start: "2026-12-11T10:00:00Z".into(),
        ..by_phone()
    };
    let second = room.dana.interview_new(second).await.unwrap().interview;
    let reference = Reference::to(second.id.to_string());
    let confirmed = room.dana.interview_confirm(reference).await.unwrap();
    let undone = room.takes_back(&confirmed.interview).await;
    assert_eq!(undone.status, InterviewStatus::ToBeConfirmed);
    room.it_is_before(&second, 0).await;
    assert_eq!(room.reminded(), (0, 0));
}

#[tokio::test]
async fn a_cancellation_that_is_undone_leaves_the_reminders_as_they_were() {
    let room = Room::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, DAY).await;
    let off = room.cancels(&interview).await;
    room.takes_back(&off).await;
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (2, 2));
}

#[tokio::test]
async fn who_declined_or_takes_no_part_any_more_or_is_not_reached_is_left_alone() {
    let room = Room::open().await;
    let interview = room.friday().await;
    let sams = room.mail().to(SAM).unwrap().remove(0);
    room.gets("1", &sams.reply("DECLINED", "20261130T090100Z"))
        .await;
    room.it_is_before(&interview, DAY).await;
    assert_eq!(room.reminded(), (1, 0));
    // A reminder that did not arrive is seen on the interview, and is the last.
    room.gets("2", &room.reminders(ANA)[0].bounce()).await;
    assert_eq!(
        states(&room.show(&interview).await),
        [AttendeeState::Unreached, AttendeeState::Declined]
    );
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (1, 0));
}

#[tokio::test]
async fn who_was_told_a_moment_ago_is_not_reminded_of_it() {
    let room = Room::open().await;
    // A day and ten minutes before, and 61 minutes before.
    for (number, (start, before)) in [
        ("2026-12-01T09:10:00Z", DAY + 10 * MINUTE),
        ("2026-12-02T09:00:00Z", 61 * MINUTE),
    ]
    .into_iter()
    .enumerate()
    {
        let start: jiff::Timestamp = start.parse().unwrap();
        let ahead = start.as_second() - before - room.house.now().second();
        room.house.seconds_pass(ahead);
        let booked = InterviewNew {
            start: start.to_string(),
            ..by_phone()
        };
        let interview = room.books(booked).await;
        room.it_is_before(&interview, 0).await;
        // Of the first, an hour before; of the second, never.
        let expected = (1, 1);
        assert_eq!(room.reminded(), expected, "{number}");
    }
    // Mina joins within the day: she is invited, and reminded with the others an hour before.
    let interview = room
        .books(InterviewNew {
            start: "2026-12-03T10:00:00Z".into(),
            ..by_phone()
        })
        .await;
    room.it_is_before(&interview, 20 * HOUR).await;
    let edit = InterviewEdit {
        with: Some(vec![SAM.into(), DANA.into()]),
        ..room.edit(&interview)
    };
    room.dana.interview_edit(edit).await.unwrap();
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminders(DANA).len(), 1);
    assert_eq!(room.reminded(), (3, 3));
}

#[tokio::test]
async fn a_daemon_that_was_down_reminds_late_where_that_still_helps() {
    // Up again this long before the interview, and the reminders that come until it begins.
    for (up, late, all) in [
        (10 * HOUR, 1, 2),
        // The next is so near that one will do.
        (HOUR + 5 * MINUTE, 0, 1),
        (30 * MINUTE, 1, 1),
        (-MINUTE, 0, 0),
    ] {
        let mut room = Room::open().await;
        let interview = room.friday().await;
        room.it_is_before(&interview, DAY + HOUR).await;
        room.house.close().await.unwrap();
        let left = interview.start.since(room.house.now()).as_secs();
        room.house.seconds_pass(left - up);
        room.house.open_again().await.unwrap();
        room.dana = room.house.client(OWNER).await.unwrap();
        room.house.rests().await.unwrap();
        assert_eq!(room.reminded(), (late, late), "{up}");
        room.it_is_before(&interview, -HOUR).await;
        assert_eq!(room.reminded(), (all, all), "{up}");
    }
}

#[tokio::test]
async fn a_changed_setting_counts_for_every_interview_to_come() {
    let mut room = Room::open().await;
    let interview = room.friday().await;
    room.reminds(&[2 * 24 * 60, 30]).await;
    room.it_is_before(&interview, 2 * DAY + 1).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&interview, 2 * DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (1, 1));
    // A time that has passed is not made up for.
    room.reminds(&[24 * 60, 20]).await;
    room.it_is_before(&interview, 20 * MINUTE + 1).await;
    assert_eq!(room.reminded(), (1, 1));
    room.it_is_before(&interview, 20 * MINUTE).await;
    assert_eq!(room.reminded(), (2, 2));

    let next = room
        .books(InterviewNew {
            start: "2026-12-11T10:00:00Z".into(),
            ..by_phone()
        })
        .await;
    room.reminds(&[]).await;
    room.it_is_before(&next, 0).await;
    assert_eq!(room.reminded(), (2, 2));
}

#[tokio::test]
async fn a_setting_is_a_few_times_within_a_fortnight() {
    let room = Room::open().await;
    let set = async |minutes: &[u32]| {
        let edit = WorkspaceEdit {
            reminders: Some(minutes.to_vec()),
            ..WorkspaceEdit::default()
        };
        room.dana.workspace_edit(edit).await
    };
    for refused in [&[4][..], &[20_161], &[5, 10, 15, 20, 25, 30]] {
        let error = set(refused).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage);
        assert_eq!(error.field.as_deref(), Some("reminders"));
    }
    let kept = set(&[60, 5, 20_160, 60]).await.unwrap();
    assert_eq!(kept.reminders, [20_160, 60, 5]);
    let listed = room.dana.workspace_list().await.unwrap().items;
    assert_eq!(listed[0].reminders, kept.reminders);
}

/// In New York clocks are set forward on 14 March 2027 at two in the morning.
#[tokio::test]
async fn a_day_before_is_24_hours_of_time_also_where_clocks_change() {
    let room = Room::open().await;
    let sunday = InterviewNew {
        start: "2027-03-14 10:00".into(),
        zone: Some("America/New_York".into()),
        ..by_phone()
    };
    let interview = room.books(sunday).await;
    room.it_is_before(&interview, DAY + 1).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&interview, DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    assert_eq!(room.house.now().to_string(), "2027-03-13T14:00:00Z");
    let reminder = &room.reminders(SAM)[0];
    let here = "Sunday, 14 March 2027, 10:00 to 10:30 (America/New_York, -04:00)";
    assert!(reminder.text.contains(here), "{}", reminder.text);
}

/// Reminders that could not leave in time: the folder is in the way, as a mail server may be.
#[tokio::test]
async fn a_reminder_that_waits_is_dropped_once_it_is_not_true_or_a_later_one_is_asked_for() {
    let room = Room::open().await;
    let interview = room.friday().await;
    let other = room
        .books(InterviewNew {
            start: "2026-12-04T12:00:00Z".into(),
            ..by_phone()
        })
        .await;
    room.mail().jam().unwrap();
    room.it_is_before(&other, DAY).await;
    let waiting = room.dana.mail_list(MailQuery::default()).await.unwrap();
    assert_eq!(waiting.items.len(), 4);
    assert!(waiting.items.iter().all(|it| it.reason.is_some()));
    room.moves(&other, "2026-12-18T12:00:00Z", None).await;
    room.it_is_before(&interview, HOUR).await;
    room.mail().clear().unwrap();
    room.house.seconds_pass(20 * MINUTE);
    room.house.rests().await.unwrap();
    assert_eq!(room.reminded(), (1, 1));
    let past = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let past = room.dana.mail_list(past).await.unwrap().items;
    let reminders = past.iter().filter(|it| it.kind == MailKind::Reminder);
    let dropped: Vec<_> = reminders
        .filter(|it| it.state == MailState::Withdrawn)
        .map(|it| {
            (
                it.interview == Some(other.id),
                it.reason.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(dropped.len(), 4, "{dropped:?}");
    let moved = (true, "the interview was moved");
    let later = (false, "a later reminder was asked for");
    assert!(dropped.iter().all(|it| *it == moved || *it == later));
}

#[tokio::test]
async fn nobody_is_reminded_of_a_meeting_they_cannot_join() {
    let room = Room::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let friday = InterviewNew {
        start: FRIDAY.into(),
        ..by_zoom()
    };
    let interview = room.books(friday).await;
    let meeting = room.house.zoom.meetings()[0].id;
    room.house.zoom.delete_meeting(meeting).unwrap();
    // The nightly check finds it.
    room.it_is_before(&interview, 0).await;
    assert!(room.show(&interview).await.drift.is_some());
    assert_eq!(room.reminded(), (0, 0));
}
