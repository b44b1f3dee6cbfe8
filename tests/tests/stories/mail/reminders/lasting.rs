//! Each reminder once, however often the daemon ends and however late it or the mail is.

use super::*;

#[tokio::test]
async fn everybody_is_reminded_a_day_and_an_hour_before_and_once() {
    let mut room = Fixture::open().await;
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

/// Killed with letters on the outbox, which the mail server does not take, the daemon sends each of
/// them once.
#[tokio::test]
async fn what_was_asked_for_before_the_daemon_ended_leaves_once() {
    let mut room = Fixture::open().await;
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
    room.daemon.seconds_pass(HOUR);
    room.daemon.rests().await.unwrap();
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
    let mut room = Fixture::open().await;
    let interview = room.friday().await;
    room.it_is_before(&interview, 10 * HOUR).await;
    let sent = room.reminded();
    room.daemon.loses_work("remind").await.unwrap();
    room.it_is_before(&interview, 2 * HOUR).await;
    room.begins_again().await;
    // What has passed is not made up for.
    assert_eq!(room.reminded(), sent);
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(room.reminded(), (2, 2));
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
        let mut room = Fixture::open().await;
        let interview = room.friday().await;
        room.it_is_before(&interview, DAY + HOUR).await;
        room.daemon.close().await.unwrap();
        let left = interview.start.since(room.daemon.now()).as_secs();
        room.daemon.seconds_pass(left - up);
        room.daemon.open_again().await.unwrap();
        room.dana = room.daemon.client(OWNER).await.unwrap();
        room.daemon.rests().await.unwrap();
        assert_eq!(room.reminded(), (late, late), "{up}");
        room.it_is_before(&interview, -HOUR).await;
        assert_eq!(room.reminded(), (all, all), "{up}");
    }
}

/// Reminders that could not leave in time: the folder is in the way, as a mail server may be.
#[tokio::test]
async fn a_reminder_that_waits_is_dropped_once_it_is_not_true_or_a_later_one_is_asked_for() {
    let room = Fixture::open().await;
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
    let reminders = waiting.items.iter();
    let reminders = reminders.filter(|it| it.kind == MailKind::Reminder);
    assert_eq!(reminders.count(), 4);
    assert!(waiting.items.iter().all(|it| it.reason.is_some()));
    room.moves(&other, "2026-12-18T12:00:00Z", None).await;
    room.it_is_before(&interview, HOUR).await;
    room.mail().clear().unwrap();
    room.daemon.seconds_pass(20 * MINUTE);
    room.daemon.rests().await.unwrap();
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
