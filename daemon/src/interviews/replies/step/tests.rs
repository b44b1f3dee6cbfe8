//! Who does not reply, or declined, and what is to be done: a table.

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, MailId, StageId};
use greenroom_protocol::interview::Side;

use super::*;
use crate::records::invitation::{Asked, Decline, Invitee};
use crate::records::terms::ChangeRecord;

const HOUR: i64 = 60;

/// A Monday, at nine.
const MONDAY: i64 = 1_796_029_200;

fn at(minutes: i64) -> Instant {
    Instant::from_second(MONDAY).plus_minutes(minutes)
}

/// An interview ten days after Monday, organized by the first, with the others.
fn interview(organizer: MemberId, with: &[MemberId]) -> InterviewRecord {
    let stored = serde_json::json!({
        "candidate": CandidateId::new().to_string(),
        "application": ApplicationId::new().to_string(),
        "job": JobId::new().to_string(),
        "stage": StageId::new().to_string(),
        "organizer": organizer.to_string(),
        "interviewers": with.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "start": at(10 * 24 * HOUR).to_string(),
        "zone": "UTC",
        "offset": "+00:00",
        "duration_minutes": 45,
        "status": "confirmed",
        "meeting": {"kind": "phone", "manual": {"details": "1"}, "zoom": {"phase": "none"}},
        "warnings": [],
        "created_at": at(0).to_string(),
    });
    serde_json::from_value(stored).expect("an interview")
}

/// They were asked at nine on Monday, and answered so.
fn asked(interview: &mut InterviewRecord, member: MemberId, answer: Answer) {
    let mut invitee = Invitee::new(Peer::Member(member), MailId::new());
    invitee.told = Some(Told::by(interview));
    invitee.answer = answer;
    interview.invitation.keep(invitee);
    let (start, minutes) = (interview.start, interview.duration_minutes);
    interview
        .invitation
        .ask(Asked::new(member, start, minutes, at(0)));
}

fn now(interview: &InterviewRecord, minutes: i64) -> Vec<Step> {
    steps(interview, 24, |_| "UTC".to_owned(), at(minutes)).now
}

#[test]
fn who_is_silent_is_reminded_then_told_and_an_answer_or_a_change_ends_that() {
    let (dana, sam) = (MemberId::new(), MemberId::new());
    let mut silent = interview(dana, &[sam]);
    asked(&mut silent, sam, Answer::None);
    let first = steps(&silent, 24, |_| "UTC".to_owned(), at(0));
    assert_eq!((first.now, first.next), (Vec::new(), Some(at(24 * HOUR))));
    assert_eq!(now(&silent, 24 * HOUR), [Step::Remind(sam)]);
    assert_eq!(
        steps(&silent, 0, |_| String::new(), at(24 * HOUR)),
        Steps::default()
    );

    type Change = fn(&mut InterviewRecord, MemberId);
    let table: [(&str, Change); 9] = [
        ("answered in words", |it, sam| {
            it.invitation.open_mut(sam).unwrap().answered_at = Some(at(1));
        }),
        ("accepted", |it, sam| {
            it.invitation.of_mut(Peer::Member(sam)).unwrap().answer = Answer::Accepted;
        }),
        ("tentative", |it, sam| {
            it.invitation.of_mut(Peer::Member(sam)).unwrap().answer = Answer::Tentative;
        }),
        ("takes no part", |it, _| {
            it.interviewers = vec![MemberId::new()]
        }),
        ("cancelled", |it, _| it.status = InterviewStatus::Cancelled),
        ("not confirmed", |it, _| {
            it.status = InterviewStatus::ToBeConfirmed
        }),
        ("moved", |it, _| it.start = it.start.plus_minutes(60)),
        ("bounced", |it, sam| {
            let invitee = it.invitation.of_mut(Peer::Member(sam)).unwrap();
            invitee.unreached = Some("no such user".into());
        }),
        ("never asked", |it, _| it.invitation.asked.clear()),
    ];
    for (what, change) in table {
        let mut changed = silent.clone();
        change(&mut changed, sam);
        assert_eq!(now(&changed, 24 * HOUR), [], "{what}");
    }
    // The organizer made it.
    silent.organizer = sam;
    assert_eq!(now(&silent, 24 * HOUR), []);
    silent.organizer = dana;

    silent.invitation.open_mut(sam).unwrap().reminded_at = Some(at(24 * HOUR));
    assert_eq!(now(&silent, 24 * HOUR), []);
    assert_eq!(now(&silent, 48 * HOUR), [Step::Notify(sam)]);
    assert!(!is_with_the_organizer(&silent, sam));
    silent.invitation.open_mut(sam).unwrap().notified_at = Some(at(48 * HOUR));
    assert_eq!(now(&silent, 96 * HOUR), []);
    assert!(is_with_the_organizer(&silent, sam));
    silent.invitation.of_mut(Peer::Member(sam)).unwrap().answer = Answer::Accepted;
    assert!(!is_with_the_organizer(&silent, sam));
}

#[test]
fn a_decline_is_seen_to_once_and_again_after_they_accepted_in_between() {
    let (dana, sam, mina) = (MemberId::new(), MemberId::new(), MemberId::new());
    let mut declined = interview(dana, &[sam, mina]);
    asked(&mut declined, sam, Answer::Declined);
    asked(&mut declined, mina, Answer::Accepted);
    assert_eq!(now(&declined, 5), [Step::Decline(sam)]);
    assert_eq!(decliners(&declined), [sam]);
    // Even where nobody is reminded.
    let never = steps(&declined, 0, |_| String::new(), at(5));
    assert_eq!(never.now, [Step::Decline(sam)]);

    let by = MemberId::new();
    for decline in [Decline::ToOrganizer, Decline::Replaced { by }] {
        declined.invitation.open_mut(sam).unwrap().decline = Some(decline);
        assert_eq!(now(&declined, 5), [], "{decline:?}");
        assert!(is_with_the_organizer(&declined, sam));
    }
    // They come after all, then they do not.
    declined
        .invitation
        .of_mut(Peer::Member(sam))
        .unwrap()
        .answer = Answer::Accepted;
    super::super::heard(&mut declined.invitation, Peer::Member(sam), at(6));
    assert!(!is_with_the_organizer(&declined, sam));
    declined
        .invitation
        .of_mut(Peer::Member(sam))
        .unwrap()
        .answer = Answer::Declined;
    super::super::heard(&mut declined.invitation, Peer::Member(sam), at(7));
    assert_eq!(now(&declined, 8), [Step::Decline(sam)]);

    // To a time that is over, or another one, it says nothing.
    assert_eq!(now(&declined, 10 * 24 * HOUR), []);
    declined.start = declined.start.plus_minutes(60);
    assert_eq!(now(&declined, 8), []);
    assert!(!is_with_the_organizer(&declined, sam));
}

#[test]
fn a_place_is_taken_automatically_early_and_at_most_three_times() {
    let (dana, sam) = (MemberId::new(), MemberId::new());
    let mut one = interview(dana, &[sam]);
    let before = |minutes: i64| one.start.plus_minutes(-minutes);
    let (early, late) = (before(48 * HOUR + 1), before(48 * HOUR));
    assert!(may_be_automatic(&one, early) && !may_be_automatic(&one, late));
    let change = |by: Actor, kind: ChangeKind| ChangeRecord {
        number: 1,
        at: at(0),
        by,
        kind,
        side: Side::Us,
        reason: None,
        before: one.terms(),
    };
    let automatic = change(Actor::Daemon, ChangeKind::Edited);
    let by_dana = change(Actor::Person(dana), ChangeKind::Edited);
    one.changes = vec![automatic.clone(), by_dana, automatic.clone()];
    assert!(may_be_automatic(&one, early));
    one.changes.push(automatic);
    assert!(!may_be_automatic(&one, early));
}
