//! What becomes of an outreach, as tables and as properties.

mod answered;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MailId, MemberId, StageId, TurnId,
};
use greenroom_protocol::interview::MeetingType;
use proptest::prelude::*;

use super::*;
use crate::records::outreach::{
    Assisted, DraftEdits, Effort, OutreachTerms, Purpose, Round, SlotRecord,
};
use crate::store::Actor;

const NOW: i64 = 1_796_000_000;

fn at(hour: i64) -> Instant {
    Instant::from_second(NOW + hour * 3600)
}

fn outreach(state: OutreachState) -> OutreachRecord {
    let slot = |day: i64| SlotRecord {
        start: at(day * 24),
        interviewers: vec![MemberId::new()],
        state: match state {
            OutreachState::Booked | OutreachState::Over { .. } => SlotStanding::Released,
            _ => SlotStanding::Held,
        },
        shared: false,
    };
    OutreachRecord {
        candidate: CandidateId::new(),
        application: ApplicationId::new(),
        job: JobId::new(),
        stage: StageId::new(),
        started_by: Actor::Operator,
        created_at: at(0),
        state,
        since: at(0),
        terms: OutreachTerms {
            organizer: MemberId::new(),
            kind: MeetingType::Phone,
            host: None,
            host_zoom_id: None,
            manual: None,
            zoom_notes: false,
            zone: "UTC".into(),
            minutes: 45,
            by_panel: false,
        },
        slots: vec![slot(3), slot(4), slot(5)],
        email: None,
        sent_at: None,
        until: Some(at(48)),
        interview: None,
        answer: None,
        heard: 0,
        readdressed: false,
        wanted: None,
        prepared: None,
        edits: DraftEdits::default(),
        effort: Effort::default(),
        earlier: Vec::new(),
        handed: Handed::Nobody,
        assisted: None,
        purpose: Purpose::Book,
    }
}

/// The same of the assistant's; where nothing is held yet, the times are of a draft.
fn assisted(state: OutreachState) -> OutreachRecord {
    let mut record = outreach(state);
    let standing = match state {
        OutreachState::Settling { .. } | OutreachState::Waiting { .. } => SlotStanding::Released,
        OutreachState::Draft => SlotStanding::Drafted,
        _ => return with_assistant(record),
    };
    for slot in &mut record.slots {
        slot.state = standing;
    }
    record.until = None;
    with_assistant(record)
}

fn with_assistant(record: OutreachRecord) -> OutreachRecord {
    OutreachRecord {
        assisted: Some(Assisted {
            rounds: 1,
            ..Assisted::new(1, Approval::Auto)
        }),
        ..record
    }
}

fn waiting(what: WaitsFor) -> OutreachState {
    OutreachState::Waiting { what }
}

fn settling() -> OutreachState {
    OutreachState::Settling { until: at(2) }
}

fn taken() -> OutreachState {
    OutreachState::Taken { by: None }
}

fn chosen(email: bool) -> Event {
    let standing = match email {
        true => SlotStanding::Held,
        false => SlotStanding::Drafted,
    };
    let record = outreach(OutreachState::Sending);
    let slots = record.slots.into_iter().map(|slot| SlotRecord {
        state: standing,
        ..slot
    });
    Event::Chosen(Box::new(Chosen {
        terms: record.terms,
        slots: slots.collect(),
        approval: match email {
            true => Approval::Auto,
            false => Approval::Draft,
        },
        email: email.then(|| (MailId::new(), at(60))),
    }))
}

fn person(why: NeedsPerson) -> OutreachState {
    OutreachState::Person { why }
}

fn over(how: Ended) -> OutreachState {
    OutreachState::Over { how }
}

fn looked(change: impl FnOnce(&mut Looked)) -> Event {
    let mut looked = Looked::default();
    change(&mut looked);
    Event::Looked(looked)
}

fn answered() -> Event {
    Event::Heard {
        reads: None,
        answer: Some(TurnId::new()),
        until: at(60),
        too_many: false,
    }
}

/// How many times are let go, whether the email is called back, and the state then.
fn came_to(from: &OutreachRecord, event: Event, hour: i64) -> (OutreachState, usize, bool) {
    let is_new = matches!(event, Event::Chosen(_));
    let (next, effects) = step(from, event, at(hour));
    let recalled = effects.contains(&Effect::Recall);
    let is_let_go = |it: &&Effect| matches!(it, Effect::LetGo(_));
    let let_go = effects.iter().filter(is_let_go).count();
    if !is_new {
        assert_eq!(next.held().count() + let_go, from.held().count());
    }
    (next.state, let_go, recalled)
}

#[test]
fn every_event_leads_from_every_state_where_the_table_says() {
    use OutreachState::{Booked, Proposed, Sending};
    let left = || Event::Left {
        at: at(1),
        until: at(49),
        nudge: at(25),
    };
    let restored = person(NeedsPerson::Restored);
    let waits = person(NeedsPerson::Answered);
    for (from, event, hour, to, let_go, recalled) in [
        (Sending, left(), 1, Proposed, 0, false),
        (restored, left(), 1, Proposed, 0, false),
        (Proposed, left(), 1, Proposed, 0, false),
        (waits, left(), 1, waits, 0, false),
        (
            Sending,
            Event::Returned { address: true },
            1,
            person(NeedsPerson::Address),
            3,
            false,
        ),
        (
            Sending,
            Event::Returned { address: false },
            1,
            person(NeedsPerson::Email),
            3,
            false,
        ),
        (
            Proposed,
            Event::Returned { address: true },
            1,
            person(NeedsPerson::Address),
            3,
            false,
        ),
        (waits, Event::Returned { address: true }, 1, waits, 0, false),
        (Sending, Event::Dropped, 0, over(Ended::Stopped), 3, true),
        (Proposed, Event::Dropped, 1, Proposed, 0, false),
        (Sending, answered(), 1, waits, 0, false),
        (Proposed, answered(), 1, waits, 0, false),
        (person(NeedsPerson::Expired), answered(), 1, waits, 0, false),
        (
            Proposed,
            Event::Heard {
                reads: None,
                answer: None,
                until: at(60),
                too_many: false,
            },
            1,
            Proposed,
            0,
            false,
        ),
        (Proposed, looked(|_| {}), 47, Proposed, 0, false),
        (
            Proposed,
            looked(|_| {}),
            48,
            person(NeedsPerson::Expired),
            3,
            false,
        ),
        (waits, looked(|_| {}), 48, waits, 3, false),
        (
            Proposed,
            looked(|it| it.taken = vec![2]),
            1,
            Proposed,
            1,
            false,
        ),
        (
            Proposed,
            looked(|it| it.taken = vec![1, 2, 3]),
            1,
            person(NeedsPerson::Gone),
            3,
            false,
        ),
        (
            Sending,
            looked(|it| it.taken = vec![1, 2, 3]),
            1,
            person(NeedsPerson::Gone),
            3,
            true,
        ),
        (
            Proposed,
            looked(|it| it.taken = vec![3, 3, 9, 0]),
            1,
            Proposed,
            1,
            false,
        ),
        (Sending, looked(|_| {}), 3, Sending, 0, false),
        (
            Sending,
            looked(|_| {}),
            4,
            person(NeedsPerson::Email),
            3,
            true,
        ),
        (
            Sending,
            looked(|it| it.may_have_left = Some((at(50), at(26)))),
            4,
            Proposed,
            0,
            false,
        ),
        (
            Proposed,
            looked(|it| it.ended = Some(Ended::Left)),
            1,
            over(Ended::Left),
            3,
            true,
        ),
        (
            Sending,
            looked(|it| it.ended = Some(Ended::Withdrew)),
            0,
            over(Ended::Withdrew),
            3,
            true,
        ),
        (
            waits,
            looked(|it| it.booked = Some(InterviewId::new())),
            1,
            Booked,
            3,
            true,
        ),
        (
            waits,
            Event::Booked {
                n: 2,
                interview: InterviewId::new(),
            },
            1,
            Booked,
            3,
            true,
        ),
        (
            Proposed,
            Event::Booked {
                n: 1,
                interview: InterviewId::new(),
            },
            1,
            Booked,
            3,
            true,
        ),
        (Proposed, Event::Stopped, 1, over(Ended::Stopped), 3, true),
        (restored, Event::Stopped, 1, over(Ended::Stopped), 3, true),
        (
            Proposed,
            looked(|it| it.readdressed = true),
            1,
            person(NeedsPerson::Address),
            0,
            false,
        ),
        (
            Sending,
            looked(|it| it.readdressed = true),
            0,
            person(NeedsPerson::Address),
            3,
            true,
        ),
        (
            waits,
            looked(|it| it.readdressed = true),
            1,
            waits,
            0,
            false,
        ),
        // Nothing of it was chosen: it was booked otherwise.
        (Booked, looked(|it| it.undone = true), 1, Booked, 0, false),
        (Sending, Event::Restored, 1, restored, 0, false),
        (Proposed, Event::Restored, 1, restored, 0, false),
        (waits, Event::Restored, 1, waits, 0, false),
    ] {
        let came = came_to(&outreach(from), event.clone(), hour);
        assert_eq!(came, (to, let_go, recalled), "{from:?} {event:?}");
    }
}

#[test]
fn every_event_leads_an_outreach_of_the_assistants_where_the_table_says() {
    use OutreachState::{Booked, Draft, Proposed, Sending};
    let time = waiting(WaitsFor::Time);
    let switch = waiting(WaitsFor::Switch);
    let answers = person(NeedsPerson::Answered);
    let paused = |it: &mut Looked| it.paused = true;
    let over_it = || looked(|it| it.ended = Some(Ended::Left));
    let returned = |address| Event::Returned { address };
    let mine = || Event::TakenOver { by: None };
    for (from, event, hour, to, let_go, recalled) in [
        // The time to undo.
        (settling(), looked(|_| {}), 1, settling(), 0, false),
        (settling(), looked(|_| {}), 2, time, 0, false),
        (settling(), looked(paused), 2, switch, 0, false),
        (settling(), over_it(), 1, over(Ended::Left), 0, true),
        (settling(), mine(), 1, taken(), 0, false),
        (settling(), Event::Restored, 1, settling(), 0, false),
        (settling(), chosen(true), 1, settling(), 0, false),
        // In line.
        (time, chosen(true), 3, Sending, 0, false),
        (time, chosen(false), 3, Draft, 0, false),
        (
            time,
            Event::Waits(WaitsFor::Zoom),
            3,
            waiting(WaitsFor::Zoom),
            0,
            false,
        ),
        (time, looked(paused), 3, time, 0, false),
        (time, over_it(), 3, over(Ended::Left), 0, true),
        (time, Event::Stopped, 3, over(Ended::Stopped), 0, true),
        (time, Event::Restored, 3, time, 0, false),
        (time, answered(), 3, answers, 0, false),
        // A draft.
        (Draft, chosen(true), 3, Sending, 0, false),
        (Draft, looked(|_| {}), 23, Draft, 0, false),
        // 30 November 2026 is a Monday, so a day later it is a weekday.
        (Draft, looked(|_| {}), 24, time, 0, false),
        (Draft, looked(paused), 3, Draft, 0, false),
        (Draft, Event::Stopped, 3, over(Ended::Stopped), 0, true),
        (Draft, over_it(), 3, over(Ended::Left), 0, true),
        (Draft, Event::Restored, 3, Draft, 0, false),
        (Draft, mine(), 3, taken(), 0, false),
        // The email is about to leave.
        (Sending, looked(paused), 0, switch, 3, true),
        (Sending, Event::Waits(WaitsFor::Switch), 0, switch, 3, true),
        (
            Sending,
            looked(|_| {}),
            4,
            waiting(WaitsFor::Email),
            3,
            true,
        ),
        (
            Sending,
            looked(|it| it.may_have_left = Some((at(50), at(26)))),
            4,
            Proposed,
            0,
            false,
        ),
        (
            Sending,
            looked(|it| it.taken = vec![1, 2, 3]),
            1,
            time,
            3,
            true,
        ),
        (
            Sending,
            returned(true),
            1,
            waiting(WaitsFor::Address),
            3,
            false,
        ),
        (
            Sending,
            returned(false),
            1,
            waiting(WaitsFor::Email),
            3,
            false,
        ),
        (Sending, Event::Dropped, 0, over(Ended::Stopped), 3, true),
        (Sending, mine(), 0, taken(), 0, true),
        (Sending, chosen(true), 0, Sending, 0, false),
        (
            Sending,
            Event::Restored,
            1,
            person(NeedsPerson::Restored),
            0,
            false,
        ),
        // The candidate has the times.
        (Proposed, looked(|_| {}), 47, Proposed, 0, false),
        (Proposed, looked(|_| {}), 48, time, 3, false),
        (
            Proposed,
            looked(|it| it.taken = vec![1, 2, 3]),
            1,
            time,
            3,
            false,
        ),
        (
            Proposed,
            looked(paused),
            1,
            person(NeedsPerson::Paused),
            0,
            false,
        ),
        (
            Proposed,
            returned(true),
            1,
            waiting(WaitsFor::Address),
            3,
            false,
        ),
        (Proposed, answered(), 1, answers, 0, false),
        (Proposed, over_it(), 1, over(Ended::Left), 3, true),
        (
            Proposed,
            looked(|it| it.booked = Some(InterviewId::new())),
            1,
            Booked,
            3,
            true,
        ),
        (Proposed, mine(), 1, taken(), 0, false),
        (Proposed, Event::HandedBack, 1, Proposed, 0, false),
        (
            Proposed,
            Event::Waits(WaitsFor::Time),
            1,
            Proposed,
            0,
            false,
        ),
        (
            Proposed,
            Event::Restored,
            1,
            person(NeedsPerson::Restored),
            0,
            false,
        ),
        // Somebody's.
        (taken(), answered(), 1, taken(), 0, false),
        (taken(), looked(|_| {}), 48, taken(), 3, false),
        (taken(), looked(paused), 1, taken(), 0, false),
        (taken(), Event::HandedBack, 1, time, 3, false),
        (taken(), Event::Stopped, 1, over(Ended::Stopped), 3, true),
        (taken(), Event::Restored, 1, taken(), 0, false),
        (answers, Event::HandedBack, 1, time, 3, false),
        (answers, mine(), 1, taken(), 0, false),
        (answers, looked(|_| {}), 48, answers, 3, false),
    ] {
        let came = came_to(&assisted(from), event.clone(), hour);
        assert_eq!(came, (to, let_go, recalled), "{from:?} {event:?}");
    }
}

#[test]
fn what_the_assistant_does_happens_to_no_outreach_of_a_person() {
    for state in [
        OutreachState::Sending,
        OutreachState::Proposed,
        person(NeedsPerson::Answered),
    ] {
        let before = outreach(state);
        for event in [
            chosen(true),
            chosen(false),
            Event::Waits(WaitsFor::Time),
            Event::TakenOver { by: None },
            Event::HandedBack,
            looked(|it| it.paused = true),
        ] {
            let (next, effects) = step(&before, event.clone(), at(1));
            assert_eq!((next, effects), (before.clone(), Vec::new()), "{event:?}");
        }
    }
}

#[test]
fn silence_is_answered_with_other_times_once_and_then_by_a_person() {
    let first = assisted(OutreachState::Proposed);
    let (next, _) = step(&first, looked(|_| {}), at(48));
    let round = next.assisted.expect("the assistant's");
    assert_eq!((round.round, round.silent), (Round::Fresh, 1));
    let (next, _) = step(&next, chosen(true), at(49));
    assert_eq!(next.assisted.expect("the assistant's").rounds, 2);
    let left = Event::Left {
        at: at(49),
        until: at(100),
        nudge: at(73),
    };
    let (next, _) = step(&next, left, at(49));
    let (next, effects) = step(&next, looked(|_| {}), at(100));
    assert_eq!(next.state, person(NeedsPerson::Expired));
    assert_eq!(effects.len(), 3);
}

#[test]
fn a_candidate_is_reminded_once_unless_the_times_end_soon() {
    let left = Event::Left {
        at: at(0),
        until: at(48),
        nudge: at(24),
    };
    let (proposed, _) = step(&assisted(OutreachState::Sending), left, at(0));
    assert_eq!(due(&proposed), Some(at(24)));
    let early = step(&proposed, looked(|_| {}), at(23));
    assert_eq!(early, (proposed.clone(), Vec::new()));
    let (nudged, effects) = step(&proposed, looked(|_| {}), at(24));
    assert_eq!(effects, [Effect::Nudge]);
    let round = nudged.assisted.expect("the assistant's");
    assert_eq!((round.nudged, round.nudge_at), (Some(at(24)), None));
    assert_eq!((nudged.state, due(&nudged)), (proposed.state, Some(at(48))));
    assert_eq!(step(&nudged, looked(|_| {}), at(25)).1, []);
    // Looked at late, four hours before the end or less.
    let (late, effects) = step(&proposed, looked(|_| {}), at(44));
    assert_eq!(effects, []);
    assert_eq!(late.assisted.expect("the assistant's").nudged, None);
}

#[test]
fn who_is_moved_on_with_times_reads_that_they_are_gone() {
    let moved = || {
        looked(|it| {
            it.ended = Some(Ended::Left);
            it.moved = true;
        })
    };
    let withdraws = |record: &OutreachRecord| step(record, moved(), at(1)).1;
    let with_times = assisted(OutreachState::Proposed);
    assert!(withdraws(&with_times).contains(&Effect::Withdraw));
    for other in [
        assisted(OutreachState::Sending),
        assisted(OutreachState::Draft),
        assisted(person(NeedsPerson::Answered)),
        outreach(OutreachState::Proposed),
    ] {
        assert!(
            !withdraws(&other).contains(&Effect::Withdraw),
            "{:?}",
            other.state
        );
    }
    // The server may have taken the email: its answer was lost.
    let perhaps = looked(|it| {
        it.ended = Some(Ended::Left);
        it.moved = true;
        it.may_have_left = Some((at(50), at(26)));
    });
    let (_, effects) = step(&assisted(OutreachState::Sending), perhaps, at(1));
    assert!(effects.contains(&Effect::Withdraw), "{effects:?}");
}

#[test]
fn times_that_others_took_are_not_counted_as_silence() {
    let first = assisted(OutreachState::Proposed);
    let (next, _) = step(&first, looked(|it| it.taken = vec![1, 2, 3]), at(1));
    let round = next.assisted.expect("the assistant's");
    assert_eq!((round.round, round.silent), (Round::Gone, 0));
}

#[test]
fn who_undoes_what_they_approved_has_the_draft_again() {
    let mut approved = assisted(OutreachState::Sending);
    if let Some(assisted) = approved.assisted.as_mut() {
        assisted.approval = Approval::Draft;
    }
    let (next, effects) = step(&approved, Event::Dropped, at(0));
    assert_eq!((next.state, effects.len()), (OutreachState::Draft, 3));
    assert_eq!(next.drafted().count(), 3);
    assert_eq!(due(&next), Some(at(24)));
}

#[test]
fn an_answer_keeps_the_times_a_working_day_longer_and_is_counted_from_the_first() {
    let (first, _) = step(&outreach(OutreachState::Proposed), answered(), at(40));
    assert_eq!(
        (first.until, first.since, first.heard),
        (Some(at(60)), at(40), 1)
    );
    let (second, _) = step(&first, answered(), at(44));
    assert_eq!((second.since, second.heard), (at(40), 2));
    assert_ne!(first.answer, second.answer);
}

#[test]
fn times_that_have_passed_are_let_go_though_the_others_are_held_on() {
    let mut late = outreach(OutreachState::Proposed);
    late.until = Some(at(200));
    assert_eq!(due(&late), Some(at(120)));
    let (next, effects) = step(&late, looked(|_| {}), at(80));
    assert_eq!(effects, [Effect::LetGo(1)]);
    assert_eq!(next.slots[0].state, SlotStanding::Past);
    let (next, _) = step(&next, looked(|_| {}), at(121));
    assert_eq!(next.state, person(NeedsPerson::Gone));
    // Nothing is left to let go; what comes is that somebody else hears of it.
    assert_eq!(due(&next), Some(clock::worked(at(121), 8, "UTC")));
}

fn chosen_one() -> OutreachRecord {
    let interview = InterviewId::new();
    let booked = Event::Booked { n: 2, interview };
    step(&outreach(person(NeedsPerson::Answered)), booked, at(1)).0
}

#[test]
fn a_choice_whose_booking_is_undone_is_a_persons_again_and_every_time_can_be_chosen_one() {
    let (next, effects) = step(&chosen_one(), looked(|it| it.undone = true), at(2));
    assert_eq!(
        (next.state, next.since),
        (person(NeedsPerson::Answered), at(2))
    );
    assert_eq!((next.interview, effects), (None, Vec::new()));
    let released = |slot: &SlotRecord| slot.state == SlotStanding::Released;
    assert!(next.slots.iter().all(released));
    assert!(next.is_open());
    // Looked at again, nothing is new.
    let again = step(&next, looked(|it| it.undone = true), at(3));
    assert_eq!(again, (next, Vec::new()));
}

#[test]
fn a_choice_that_is_undone_where_nothing_is_to_be_arranged_any_more_ends() {
    let elsewhere = looked(|it| {
        it.undone = true;
        it.ended = Some(Ended::Left);
    });
    assert_eq!(
        step(&chosen_one(), elsewhere, at(2)).0.state,
        over(Ended::Left)
    );
    let otherwise = looked(|it| {
        it.undone = true;
        it.booked = Some(InterviewId::new());
    });
    let one = chosen_one();
    assert_eq!(step(&one, otherwise, at(2)), (one, Vec::new()));
}

#[test]
fn of_a_changed_address_a_person_hears_once() {
    let readdressed = || looked(|it| it.readdressed = true);
    let (next, _) = step(&outreach(OutreachState::Proposed), readdressed(), at(1));
    assert!(next.readdressed && next.until.is_some());
    assert_eq!(next.held().count(), 3);
    let (answered, _) = step(&next, answered(), at(2));
    assert_eq!(answered.state, person(NeedsPerson::Answered));
    // A person who has it already is asked for nothing else.
    assert_eq!(
        step(&answered, readdressed(), at(3)).0.state,
        answered.state
    );
}

fn any_state() -> impl Strategy<Value = OutreachState> {
    prop::sample::select(vec![
        settling(),
        waiting(WaitsFor::Time),
        waiting(WaitsFor::Unknown),
        OutreachState::Draft,
        taken(),
        OutreachState::Sending,
        OutreachState::Proposed,
        OutreachState::Booked,
        OutreachState::Unknown,
        person(NeedsPerson::Answered),
        person(NeedsPerson::Restored),
        person(NeedsPerson::Unknown),
        over(Ended::Left),
    ])
}

fn any_event() -> impl Strategy<Value = Event> {
    let looked = (
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(0u8..6, 0..4),
        any::<[bool; 4]>(),
    );
    let looked = looked.prop_map(
        |(ended, booked, taken, [left, readdressed, undone, paused])| {
            Event::Looked(Looked {
                ended: ended.then_some(Ended::Left),
                booked: booked.then(InterviewId::new),
                taken,
                may_have_left: left.then(|| (at(70), at(46))),
                readdressed,
                undone,
                paused,
                moved: paused,
                nudge_later: (paused && left).then(|| at(60)),
            })
        },
    );
    prop_oneof![
        Just(Event::Left {
            at: at(1),
            until: at(49),
            nudge: at(25)
        }),
        any::<bool>().prop_map(|address| Event::Returned { address }),
        Just(Event::Dropped),
        Just(Event::MovedUp),
        any::<bool>().prop_map(|person| Event::Heard {
            reads: None,
            answer: person.then(TurnId::new),
            until: at(60),
            too_many: person,
        }),
        looked,
        (0u8..6).prop_map(|n| Event::Booked {
            n,
            interview: InterviewId::new()
        }),
        Just(Event::Stopped),
        Just(Event::Restored),
        Just(Event::HandedBack),
        Just(Event::TakenOver { by: None }),
        Just(Event::Waits(WaitsFor::Zoom)),
        any::<bool>().prop_map(chosen),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_each_time_is_let_go_once_and_what_ended_stays_ended(
        state in any_state(),
        is_assisted in any::<bool>(),
        events in prop::collection::vec((any_event(), 0i64..100), 0..12),
    ) {
        let mut record = match is_assisted {
            true => assisted(state),
            false => OutreachRecord { assisted: None, ..assisted(state) },
        };
        let mut held: Vec<u8> = record.held().map(|(n, _)| n).collect();
        for (event, hour) in events {
            let could_choose = may_choose(&record);
            let is_choice = matches!(event, Event::Chosen(_));
            prop_assert!(!could_choose || held.is_empty());
            let (next, effects) = step(&record, event, at(hour));
            for effect in effects {
                if let Effect::LetGo(n) = effect {
                    let place = held.iter().position(|it| *it == n);
                    prop_assert!(place.is_some(), "{n} was let go twice");
                    held.remove(place.unwrap_or_default());
                }
            }
            let still: Vec<u8> = next.held().map(|(n, _)| n).collect();
            match is_choice && could_choose {
                // The one who chose the times has held them.
                true => held = still,
                false => prop_assert_eq!(&still, &held),
            }
            prop_assert!(next.is_open() || held.is_empty());
            let again = record.state == OutreachState::Booked
                && record.interview.is_some()
                && next.interview.is_none();
            prop_assert!(record.is_open() || again || next.state == record.state);
            if record.state == OutreachState::Unknown {
                prop_assert_eq!(next.state, OutreachState::Unknown);
            }
            let drafts = next.drafted().count() > 0;
            prop_assert!(!drafts || next.state == OutreachState::Draft);
            let has_timer = match next.state {
                OutreachState::Settling { .. } | OutreachState::Draft => true,
                OutreachState::Waiting { .. } | OutreachState::Unknown => false,
                OutreachState::Person { .. } | OutreachState::Taken { .. } => {
                    !held.is_empty() || next.handed != Handed::Recruiters
                }
                _ => next.is_open() && !held.is_empty(),
            };
            prop_assert_eq!(due(&next).is_some(), has_timer);
            record = next;
        }
    }
}
