//! What stands around an answer, and what it changes.

use greenroom_protocol::reply::{Act, ActKind, ReplyBooked};

use super::*;
use crate::replies::{Author, Calendar, Method};

/// Wednesday 9 December 14:00 in Berlin, which is slot 2.
fn booked() -> ReplyBooked {
    ReplyBooked {
        start: instant("2026-12-09T13:00:00Z"),
        end: instant("2026-12-09T13:45:00Z"),
        sequence: 1,
        moving: false,
        asked: false,
    }
}

fn around(booked: Option<ReplyBooked>) -> Around {
    Around {
        booked,
        ..Around::of(Some(&proposal()))
    }
}

fn decided_at(text: &str, around: &Around, now: &str) -> Act {
    let now = instant(now);
    let frame = Frame {
        written: Written::At(now, Some(3600)),
        now,
        zone: "Europe/Berlin",
        locale: None,
        proposal: around.proposal.as_ref(),
        booked: around.settled(),
    };
    let reading = read(&own(text), Hearing::default(), &frame).expect("a reading");
    decide(&reading, around, now)
}

fn decided(text: &str, around: &Around) -> ActKind {
    decided_at(text, around, "2026-12-04T09:00:00Z").kind
}

#[test]
fn what_is_booked_moves_only_while_somebody_asked_to_move_it() {
    let settled = around(Some(booked()));
    for text in ["Option 1 is also fine", "4 please", "Any of them works"] {
        assert_ne!(decided(text, &settled), ActKind::Book, "{text}");
    }
    let moving = around(Some(ReplyBooked {
        moving: true,
        ..booked()
    }));
    assert_eq!(decided("4 please", &moving), ActKind::Book);
}

#[test]
fn a_confirmation_of_another_time_is_asked_about_once() {
    let first = around(Some(booked()));
    assert_eq!(
        decided("Great, see you Wednesday at 2", &first),
        ActKind::None
    );
    assert_eq!(
        decided("Great, see you Wednesday at 3", &first),
        ActKind::Ask
    );
    let again = around(Some(ReplyBooked {
        asked: true,
        ..booked()
    }));
    assert_eq!(
        decided("Great, see you Wednesday at 3", &again),
        ActKind::Person
    );
}

#[test]
fn close_to_its_start_everything_but_a_confirmation_is_urgent() {
    let settled = around(Some(booked()));
    let close = "2026-12-09T12:40:00Z";
    for text in ["Running 10 minutes late", "Can we do Thursday?", "Hm"] {
        let act = decided_at(text, &settled, close);
        assert_eq!((act.kind, act.urgent), (ActKind::Person, true), "{text}");
    }
    let act = decided_at("Thanks, see you then!", &settled, close);
    assert_eq!((act.kind, act.urgent), (ActKind::None, false));
    let far = decided_at("Running 10 minutes late", &settled, "2026-12-04T09:00:00Z");
    assert_eq!((far.kind, far.urgent), (ActKind::Person, false));
    assert_eq!(
        decided("Can we do Thursday instead?", &settled),
        ActKind::Propose
    );
}

#[test]
fn a_calendar_counts_for_the_change_that_it_names() {
    let act = |method, sequence, start: Option<&str>, text: &str| {
        let around = Around {
            calendar: Some(Calendar {
                method,
                sequence,
                start: start.map(instant),
            }),
            ..around(Some(booked()))
        };
        decided(text, &around)
    };
    let same = Some("2026-12-09T13:00:00Z");
    let other = Some("2026-12-11T10:00:00Z");
    for (method, sequence, start, text, kind) in [
        (Method::Accepted, 1, same, "", ActKind::None),
        (Method::Accepted, 0, same, "", ActKind::None),
        (Method::Tentative, 1, same, "", ActKind::Wait),
        (Method::Declined, 1, same, "", ActKind::Person),
        (Method::Counter, 1, other, "", ActKind::Propose),
        (Method::Counter, 1, other, "Thanks", ActKind::Propose),
        (Method::Counter, 0, other, "", ActKind::Person),
        (Method::Counter, 1, same, "", ActKind::Person),
        (Method::Theirs, 0, same, "", ActKind::Person),
        (Method::Other, 0, None, "", ActKind::Person),
        (
            Method::Counter,
            1,
            other,
            "How about 10 December at 15:00?",
            ActKind::Person,
        ),
        (
            Method::Accepted,
            1,
            same,
            "I can't come on Wednesday",
            ActKind::Person,
        ),
    ] {
        let found = act(method, sequence, start, text);
        assert_eq!(found, kind, "{method:?} {sequence} {start:?} {text}");
    }
    // Their own invitation is never answered, and the slot it is in is prepared.
    let unbooked = Around {
        calendar: Some(Calendar {
            method: Method::Theirs,
            sequence: 0,
            start: same.map(instant),
        }),
        ..around(None)
    };
    let act = decided_at("", &unbooked, "2026-12-04T09:00:00Z");
    assert_eq!((act.kind, act.option), (ActKind::Person, Some(2)));
}

#[test]
fn who_is_not_surely_the_candidate_has_the_act_prepared() {
    for (author, kind, option) in [
        (Author::Candidate, ActKind::Book, Some(2)),
        (Author::Shared, ActKind::Person, Some(2)),
        (Author::Other, ActKind::Person, Some(2)),
        (Author::Doubtful, ActKind::Person, Some(2)),
        (Author::Member, ActKind::None, None),
    ] {
        let around = Around {
            author,
            ..around(None)
        };
        let act = decided_at("2 please", &around, "2026-12-04T09:00:00Z");
        assert_eq!((act.kind, act.option), (kind, option), "{author:?}");
    }
}

#[test]
fn of_several_that_suit_the_best_is_taken() {
    let any = |best: &[u32]| {
        let around = Around {
            best: best.to_vec(),
            ..around(None)
        };
        decided_at("Any of them works", &around, "2026-12-04T09:00:00Z").option
    };
    assert_eq!(any(&[3, 1, 2]), Some(3));
    assert_eq!(any(&[]), Some(1));
    // The earliest one that is not before or after usual hours.
    let mut early = around(None);
    if let Some(proposal) = &mut early.proposal {
        proposal.slots[0].start = instant("2026-12-08T05:00:00Z");
        proposal.slots[0].end = instant("2026-12-08T05:45:00Z");
    }
    let act = decided_at("Any of them works", &early, "2026-12-04T09:00:00Z");
    assert_eq!(act.option, Some(2));
}
