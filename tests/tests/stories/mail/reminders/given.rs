//! Who is reminded of what, and what they read.

use super::*;

/// The text in two zones, and who may read what.
#[tokio::test]
async fn a_reminder_says_when_in_the_readers_zone_with_whom_and_how() {
    let room = Fixture::open().await;
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
    Subject: Reminder: Interview for Designer at Acme, Fri 4 Dec at 07:00

    Hello Ana,

    This is a reminder of your interview for Designer at Acme.

    When       07:00–07:30, Sao Paulo time, Friday 4 December
               05:00–05:30, New York time, Friday 4 December
    With       Sam Ito
    Zoom       LINK
    Meeting ID NUMBER
    Passcode   PASSCODE

    To reschedule or cancel, reply to this email or propose a new time in your
    calendar. The join link stays the same if the time changes.

    Best regards,
    Dana Reyes
    Acme
    ");
    insta::assert_snapshot!(shown(&room.reminders(SAM)[1]), @r"
    Subject: Reminder: Interview with Ana Lima for Designer, Fri 4 Dec at 19:00

    Hello Sam,

    This is a reminder that you're scheduled to interview Ana Lima for Designer
    (Applied).

    When       19:00–19:30, Tokyo time, Friday 4 December
               05:00–05:30, New York time, Friday 4 December
    Candidate  Ana Lima <ana.lima@mail.example>
    Zoom       LINK
    Meeting ID NUMBER
    Passcode   PASSCODE
    Organizer  Dana Reyes <dana.reyes@acme.example>

    To reschedule, propose a new time in your calendar or contact the organizer.
    The join link stays the same if the time changes.

    Best regards,
    Dana Reyes
    ");
}

#[tokio::test]
async fn what_was_moved_is_reminded_of_at_its_new_time() {
    let room = Fixture::open().await;
    let interview = room.friday().await;
    let moved = room.moves(&interview, "2026-12-08T10:00:00Z", None).await;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    room.it_is_before(&interview, DAY).await;
    room.it_is_before(&interview, 0).await;
    assert_eq!(room.reminded(), (0, 0));
    room.it_is_before(&moved, DAY).await;
    assert_eq!(room.reminded(), (1, 1));
    let text = &room.reminders(ANA)[0].text;
    assert!(text.contains("on Tuesday, December 8"), "{text}");

    // After the first reminder it is moved again: both come again, for it is another time.
    let again = room.moves(&moved, "2026-12-15T10:00:00Z", None).await;
    room.daemon.seconds_pass(UNDO);
    room.it_is_before(&again, HOUR).await;
    assert_eq!(room.reminded(), (3, 3));
    room.it_is_before(&again, 0).await;
    assert_eq!(room.reminded(), (3, 3));
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_off_or_was_never_confirmed() {
    let room = Fixture::open().await;
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
    let room = Fixture::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, DAY).await;
    let off = room.cancels(&interview).await;
    room.takes_back(&off).await;
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (2, 2));
}

#[tokio::test]
async fn who_declined_or_takes_no_part_any_more_or_is_not_reached_is_left_alone() {
    let room = Fixture::open().await;
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
    let room = Fixture::open().await;
    // Booked so long before the start, they are reminded so often.
    let mut reminders = 0;
    for (start, before, often) in [
        ("2026-12-01T09:10:00Z", DAY + 10 * MINUTE, 1),
        ("2026-12-02T09:00:00Z", 10 * HOUR, 1),
        ("2026-12-02T19:00:00Z", 61 * MINUTE, 0),
        ("2026-12-04T19:00:00Z", DAY + 20 * MINUTE, 2),
    ] {
        let start: jiff::Timestamp = start.parse().unwrap();
        let begin = Instant::from(start);
        let then = begin.plus_seconds(-before);
        room.daemon.time_passes_until(then).await.unwrap();
        let interview = room
            .books(InterviewNew {
                start: start.to_string(),
                ..by_phone()
            })
            .await;
        room.it_is_before(&interview, 0).await;
        reminders += often;
        assert_eq!(room.reminded(), (reminders, reminders), "{start}");
    }
    // Dana joins within the day: she is invited, and reminded with the others an hour before.
    let interview = room
        .books(InterviewNew {
            start: "2026-12-06T10:00:00Z".into(),
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
    assert_eq!(room.reminded(), (reminders + 2, reminders + 2));
}

/// In New York clocks are set forward on 14 March 2027 at two in the morning.
#[tokio::test]
async fn a_day_before_is_24_hours_of_time_also_where_clocks_change() {
    let room = Fixture::open().await;
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
    assert_eq!(room.daemon.now().to_string(), "2027-03-13T14:00:00Z");
    let reminder = &room.reminders(SAM)[0];
    let here = "10:00–10:30, New York time, Sunday 14 March";
    assert!(reminder.text.contains(here), "{}", reminder.text);
}

#[tokio::test]
async fn nobody_is_reminded_of_a_meeting_they_cannot_join() {
    let room = Fixture::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let friday = InterviewNew {
        start: FRIDAY.into(),
        ..by_zoom()
    };
    let interview = room.books(friday).await;
    let meeting = room.daemon.zoom.meetings()[0].id;
    room.daemon.zoom.delete_meeting(meeting).unwrap();
    // The nightly check finds it.
    room.it_is_before(&interview, 0).await;
    assert!(room.show(&interview).await.drift.is_some());
    assert_eq!(room.reminded(), (0, 0));
}
