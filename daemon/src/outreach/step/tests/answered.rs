//! What is answered, by people and by machines, and what a person does about it.

use greenroom_protocol::id::{InterviewId, MailId, TurnId};

use super::*;
use crate::records::outreach::{Acted, Did, EarlierRound, PreparedWhy, Round, Would};

/// It has the times, and what a machine answered is to be read.
fn being_read() -> OutreachRecord {
    let proposed = assisted(OutreachState::Proposed);
    let machine = Event::Heard {
        answer: None,
        until: at(60),
        reads: Some(at(1)),
        too_many: false,
    };
    let (record, _) = step(&proposed, machine, at(1));
    let reading = record.assisted.and_then(|it| it.reading);
    assert_eq!(
        (record.state, reading),
        (OutreachState::Proposed, Some(at(1)))
    );
    assert_eq!(record.answer, None);
    record
}

fn away(hour: i64) -> Event {
    Event::Read {
        to: None,
        follows: Follows::Away {
            back: at(hour),
            until: at(hour + 24),
        },
    }
}

#[test]
fn who_is_away_when_every_time_is_has_others_once_they_are_back() {
    let mut reading = being_read();
    let nudge = |record: &mut OutreachRecord| {
        if let Some(assisted) = record.assisted.as_mut() {
            assisted.nudge_at = Some(at(24));
        }
    };
    nudge(&mut reading);
    // Back after the last of them, on the fifth day.
    let (gone, effects) = step(&reading, away(130), at(1));
    assert_eq!((gone.state, effects.len()), (waiting(WaitsFor::Away), 3));
    assert_eq!(due(&gone), Some(at(130)));
    assert!(!may_choose(&gone) && !gone.state.is_in_line());
    assert_eq!(gone.assisted.and_then(|it| it.nudge_at), None);
    // Nothing but the day ends that, or a person who moves them up, or their own word.
    let (still, _) = step(&gone, looked(|it| it.paused = true), at(129));
    assert_eq!(still.state, waiting(WaitsFor::Away));
    let (still, _) = step(&gone, Event::Waits(WaitsFor::Zoom), at(2));
    assert_eq!(still.state, waiting(WaitsFor::Away));
    let (back, _) = step(&gone, looked(|_| {}), at(130));
    assert_eq!((back.state, back.since), (waiting(WaitsFor::Time), at(130)));
    assert_eq!(
        back.assisted.map(|it| (it.away, it.round)),
        Some((None, Round::Fresh))
    );
    let (up, _) = step(&gone, Event::MovedUp, at(2));
    assert_eq!(up.state, waiting(WaitsFor::Time));
    let (wrote, _) = step(&gone, answered(), at(2));
    assert_eq!(wrote.state, person(NeedsPerson::Answered));

    // Back before the last two: these stay, and nobody is reminded meanwhile.
    let (left, effects) = step(&reading, away(80), at(1));
    assert_eq!(left.state, OutreachState::Proposed);
    assert_eq!(effects, [Effect::LetGo(1)]);
    assert_eq!(left.until, Some(at(104)));
    assert_eq!(left.assisted.and_then(|it| it.nudge_at), Some(at(80)));
}

#[test]
fn who_is_away_again_and_again_is_a_persons() {
    let mut record = being_read();
    if let Some(assisted) = record.assisted.as_mut() {
        assisted.aways = 3;
    }
    let (next, effects) = step(&record, away(130), at(1));
    assert_eq!(
        (next.state, effects.len()),
        (person(NeedsPerson::Answered), 0)
    );
    assert_eq!(next.prepared.map(|it| it.why), Some(PreparedWhy::Away));
    let gone = Event::Read {
        to: None,
        follows: Follows::Gone,
    };
    let (next, effects) = step(&being_read(), gone, at(1));
    assert_eq!(
        (next.state, effects.len()),
        (person(NeedsPerson::Address), 3)
    );
}

#[test]
fn more_emails_than_are_read_are_a_persons() {
    let mut record = being_read();
    for n in 0..9 {
        (record, _) = step(&record, answered(), at(1).plus_seconds(n));
    }
    let full = record
        .assisted
        .is_some_and(|it| it.lately.is_full(60, at(1).plus_minutes(59)));
    assert!(full);
    let flood = Event::Heard {
        answer: Some(TurnId::new()),
        until: at(60),
        reads: None,
        too_many: true,
    };
    let (next, _) = step(&being_read(), flood, at(2));
    assert_eq!(next.state, person(NeedsPerson::Answered));
    assert_eq!(next.prepared.map(|it| it.why), Some(PreparedWhy::TooMany));
}

#[test]
fn times_that_were_sent_are_remembered_when_others_are_chosen() {
    let mut record = assisted(OutreachState::Proposed);
    let email = MailId::new();
    (record.email, record.sent_at) = (Some(email), Some(at(0)));
    let starts: Vec<_> = record.slots.iter().map(|it| it.start).collect();
    for round in 1..=7 {
        let again = Event::Read {
            to: None,
            follows: Follows::Lost,
        };
        if let Some(assisted) = record.assisted.as_mut() {
            assisted.reading = Some(at(1));
        }
        (record, _) = step(&record, again, at(1));
        (record, _) = step(&record, chosen(true), at(2));
        assert_eq!(record.earlier.len(), round.min(EarlierRound::MOST));
        let left = Event::Left {
            at: at(3),
            until: at(60),
            nudge: at(27),
        };
        (record, _) = step(&record, left, at(3));
        if round == 1 {
            assert_eq!(record.earlier[0].emails, [email]);
            assert_eq!(record.earlier[0].starts, starts);
        }
    }
    // Of an email that did not leave nobody has the times.
    let mut unsent = assisted(OutreachState::Draft);
    unsent.sent_at = None;
    (unsent, _) = step(&unsent, looked(|_| {}), at(24));
    (unsent, _) = step(&unsent, chosen(true), at(25));
    assert_eq!(unsent.earlier, []);
}

#[test]
fn nobody_hears_twice_that_a_person_has_to_see_to_it() {
    // Monday, 00:53 UTC: a working day ends at 17:00, and the third on Wednesday.
    let record = assisted(person(NeedsPerson::Answered));
    let monday = clock::worked(at(0), 8, "UTC");
    let wednesday = clock::worked(at(0), 24, "UTC");
    assert!(due(&record).is_some_and(|at| at <= monday));
    let look = |record: &OutreachRecord, at: Instant| step(record, looked(|_| {}), at).0;
    assert_eq!(
        look(&record, monday.plus_seconds(-1)).handed,
        Handed::Nobody
    );
    let told = look(&record, monday);
    assert_eq!(told.handed, Handed::Organizer);
    assert_eq!(
        look(&told, monday.plus_seconds(60)).handed,
        Handed::Organizer
    );
    let all = look(&told, wednesday);
    assert_eq!(all.handed, Handed::Recruiters);
    assert_eq!(
        look(&all, wednesday.plus_minutes(9000)).handed,
        Handed::Recruiters
    );
    // Handed back and a person's again, it is counted anew.
    let (back, _) = step(&all, Event::HandedBack, wednesday);
    assert_eq!(back.handed, Handed::Nobody);
    let (mine, _) = step(&all, Event::TakenOver { by: None }, wednesday);
    assert_eq!(mine.handed, Handed::Nobody);
    let proposed = assisted(OutreachState::Proposed);
    assert_eq!(look(&proposed, monday).handed, Handed::Nobody);
}

#[test]
fn what_a_person_does_before_the_answer_is_read_is_compared_once_it_is() {
    let mut record = assisted(OutreachState::Proposed);
    if let Some(assisted) = record.assisted.as_mut() {
        assisted.approval = Approval::Shadow;
    }
    let heard = Event::Heard {
        answer: Some(TurnId::new()),
        until: at(60),
        reads: Some(at(1)),
        too_many: false,
    };
    let (record, _) = step(&record, heard, at(1));
    let booked = Event::Booked {
        n: 2,
        interview: InterviewId::new(),
    };
    let (booked, _) = step(&record, booked, at(1));
    let acted = booked.assisted.and_then(|it| it.acted);
    let did = Did::Chose { n: 2 };
    assert_eq!(acted, Some(Acted { did, round: 1 }));
    let watched = |would| Event::Watched { to: None, would };
    for (would, same, wrong) in [(2, 1, 0), (3, 0, 1)] {
        let (next, effects) = step(&booked, watched(Would::Book { n: would }), at(2));
        let assisted = next.assisted.unwrap();
        assert_eq!((assisted.shadow.same, assisted.shadow.wrong), (same, wrong));
        assert_eq!(
            (assisted.reading, assisted.acted, assisted.would),
            (None, None, None)
        );
        assert_eq!((next.state, effects.len()), (OutreachState::Booked, 0));
    }
    // Taken over first, it is compared with what they do then.
    let (mine, _) = step(&record, Event::TakenOver { by: None }, at(1));
    let (mine, _) = step(&mine, watched(Would::Others), at(2));
    let (over, _) = step(&mine, Event::Stopped, at(3));
    assert_eq!(over.assisted.map(|it| it.shadow.wrong), Some(1));
}
