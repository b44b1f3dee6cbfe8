//! ★ What becomes of an outreach when something happens to it.
//!
//! Invariants: an outreach that ended or is booked holds nothing and is changed by nothing that
//! comes later; what a later version wrote is left alone; every time that is no longer held is let
//! go exactly once. Decides nothing about interviews.

use greenroom_protocol::id::{InterviewId, TurnId};
use greenroom_protocol::time::Instant;

use crate::records::outreach::{Ended, NeedsPerson, OutreachRecord, OutreachState, SlotStanding};

/// How long the email may take to leave, in minutes; then nobody waits for it any more.
const PATIENCE: i64 = 4 * 60;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Event {
    /// The email left, and says that the times are held until then.
    Left {
        /// When.
        at: Instant,
        /// What it says.
        until: Instant,
    },
    /// The email was refused for good or came back.
    Returned {
        /// Whether the address is at fault.
        address: bool,
    },
    /// The email was undone before it left.
    Dropped,
    /// An email came in.
    Heard {
        /// The email; `None`: a machine wrote it.
        answer: Option<TurnId>,
        /// Until when the times are held at least, now that somebody answered.
        until: Instant,
    },
    /// It was looked at how things stand.
    Looked(Looked),
    /// A person chose a time.
    Booked {
        /// Its number.
        n: u8,
        /// The interview.
        interview: InterviewId,
    },
    /// A person stopped it.
    Stopped,
    /// The store was restored from a backup.
    Restored,
}

/// How things stand around an outreach.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Looked {
    /// It has no place any more.
    pub ended: Option<Ended>,
    /// Somebody booked the application otherwise.
    pub booked: Option<InterviewId>,
    /// Times that something else was booked over, or whose interviewer is gone.
    pub taken: Vec<u8>,
    /// The email may have left; then the times are held until then.
    pub may_have_left: Option<Instant>,
    /// The candidate has another address than the times went to, and nobody has heard of it yet.
    pub readdressed: bool,
    /// The booking of a time was undone before anybody was emailed about it.
    pub undone: bool,
}

/// What has to be done with it, in the same commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The time of this number is freed in everybody's calendar.
    LetGo(u8),
    /// The email is called back, where it has not left.
    Recall,
}

/// The outreach after an event, and what has to be done.
pub(super) fn step(
    record: &OutreachRecord,
    event: Event,
    now: Instant,
) -> (OutreachRecord, Vec<Effect>) {
    let mut next = Next {
        record: record.clone(),
        effects: Vec::new(),
        now,
    };
    if record.is_open() && record.state != OutreachState::Unknown {
        next.take(event);
        return (next.record, next.effects);
    }
    match event {
        Event::Heard { .. } => next.record.heard = next.record.heard.saturating_add(1),
        Event::Looked(looked) if looked.undone => next.reopen(looked),
        _ => {}
    }
    (next.record, next.effects)
}

/// When it has to be looked at again, whatever happens; `None`: only when something does.
pub(super) fn due(record: &OutreachRecord) -> Option<Instant> {
    let last = record.held().map(|(_, slot)| slot.start).max()?;
    let ends = match record.state {
        OutreachState::Sending => record.since.plus_minutes(PATIENCE),
        OutreachState::Proposed | OutreachState::Person { .. } => record.until.unwrap_or(last),
        OutreachState::Booked | OutreachState::Over { .. } | OutreachState::Unknown => return None,
    };
    Some(ends.min(last))
}

struct Next {
    record: OutreachRecord,
    effects: Vec<Effect>,
    now: Instant,
}

impl Next {
    fn take(&mut self, event: Event) {
        match event {
            Event::Left { at, until } => self.left(at, until),
            Event::Returned { address } => self.returned(address),
            Event::Dropped => self.dropped(),
            Event::Heard { answer, until } => self.heard(answer, until),
            Event::Looked(looked) => self.looked(looked),
            Event::Booked { n, interview } => {
                self.release();
                if let Some(slot) = self.slot_mut(n) {
                    slot.state = SlotStanding::Booked;
                }
                self.record.interview = Some(interview);
                self.end(OutreachState::Booked);
            }
            Event::Stopped => self.end(OutreachState::Over {
                how: Ended::Stopped,
            }),
            Event::Restored => match self.record.state {
                OutreachState::Sending | OutreachState::Proposed => {
                    self.person(NeedsPerson::Restored);
                }
                _ => {}
            },
        }
    }

    /// Whether the email may be on its way.
    fn is_sending(&self) -> bool {
        let restored = OutreachState::Person {
            why: NeedsPerson::Restored,
        };
        self.record.state == OutreachState::Sending || self.record.state == restored
    }

    fn left(&mut self, at: Instant, until: Instant) {
        self.record.sent_at = self.record.sent_at.or(Some(at));
        if self.is_sending() {
            self.record.until = Some(until);
            self.enter(OutreachState::Proposed);
        }
    }

    fn returned(&mut self, address: bool) {
        // What somebody answered says more than what a mail server does.
        if !self.is_sending() && self.record.state != OutreachState::Proposed {
            return;
        }
        self.release();
        self.person(match address {
            true => NeedsPerson::Address,
            false => NeedsPerson::Email,
        });
    }

    fn dropped(&mut self) {
        if self.is_sending() {
            self.end(OutreachState::Over {
                how: Ended::Stopped,
            });
        }
    }

    fn heard(&mut self, answer: Option<TurnId>, until: Instant) {
        self.record.heard = self.record.heard.saturating_add(1);
        if answer.is_none() {
            return;
        }
        self.record.answer = answer;
        if self.record.held().next().is_some() {
            let longer = self.record.until.map_or(until, |it| it.max(until));
            self.record.until = Some(longer);
        }
        self.person(NeedsPerson::Answered);
    }

    fn looked(&mut self, looked: Looked) {
        if let Some(how) = looked.ended {
            return self.end(OutreachState::Over { how });
        }
        if let Some(interview) = looked.booked {
            self.record.interview = Some(interview);
            return self.end(OutreachState::Booked);
        }
        if looked.readdressed {
            self.readdressed();
        }
        for n in looked.taken {
            self.let_go(n, SlotStanding::Taken);
        }
        let now = self.now;
        let past = self.record.held().filter(|(_, slot)| slot.start <= now);
        let past: Vec<u8> = past.map(|(n, _)| n).collect();
        for n in past {
            self.let_go(n, SlotStanding::Past);
        }
        let none_left = self.record.held().next().is_none();
        let over = |until: Option<Instant>| until.is_some_and(|until| until <= now);
        match self.record.state {
            OutreachState::Sending if none_left => {
                self.effects.push(Effect::Recall);
                self.person(NeedsPerson::Gone);
            }
            OutreachState::Sending if now >= self.record.since.plus_minutes(PATIENCE) => {
                match looked.may_have_left {
                    Some(until) => self.left(now, until),
                    None => {
                        self.effects.push(Effect::Recall);
                        self.release();
                        self.person(NeedsPerson::Email);
                    }
                }
            }
            OutreachState::Proposed if none_left => self.person(NeedsPerson::Gone),
            OutreachState::Proposed if over(self.record.until) => {
                self.release();
                self.person(NeedsPerson::Expired);
            }
            OutreachState::Person { .. } if over(self.record.until) => self.release(),
            _ => {}
        }
    }

    /// The candidate may still answer from the address that has the times; to the new one nothing
    /// goes that a person did not ask for.
    fn readdressed(&mut self) {
        self.record.readdressed = true;
        if self.is_sending() {
            self.effects.push(Effect::Recall);
            self.release();
            self.person(NeedsPerson::Address);
        } else if self.record.state == OutreachState::Proposed {
            self.person(NeedsPerson::Address);
        }
    }

    /// What was chosen is not booked any more: somebody has to choose again.
    fn reopen(&mut self, looked: Looked) {
        let slots = self.record.slots.iter_mut();
        let Some(chosen) = slots
            .filter(|slot| slot.state == SlotStanding::Booked)
            .last()
        else {
            return;
        };
        if self.record.state != OutreachState::Booked || looked.booked.is_some() {
            return;
        }
        chosen.state = SlotStanding::Released;
        self.record.interview = None;
        match looked.ended {
            Some(how) => self.end(OutreachState::Over { how }),
            None => self.person(NeedsPerson::Answered),
        }
    }

    /// It ends: nothing is held, and an email that has not left never does.
    fn end(&mut self, state: OutreachState) {
        self.release();
        self.effects.push(Effect::Recall);
        self.enter(state);
    }

    fn person(&mut self, why: NeedsPerson) {
        self.enter(OutreachState::Person { why });
    }

    /// It stays in a state since it came to it.
    fn enter(&mut self, state: OutreachState) {
        if self.record.state != state {
            self.record.state = state;
            self.record.since = self.now;
        }
    }

    fn release(&mut self) {
        let held: Vec<u8> = self.record.held().map(|(n, _)| n).collect();
        for n in held {
            self.let_go(n, SlotStanding::Released);
        }
        self.record.until = None;
    }

    fn let_go(&mut self, n: u8, standing: SlotStanding) {
        if let Some(slot) = self.slot_mut(n)
            && slot.state == SlotStanding::Held
        {
            slot.state = standing;
            self.effects.push(Effect::LetGo(n));
        }
    }

    fn slot_mut(&mut self, n: u8) -> Option<&mut crate::records::outreach::SlotRecord> {
        self.record.slots.get_mut(usize::from(n).checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, MemberId, StageId};
    use greenroom_protocol::interview::MeetingType;
    use proptest::prelude::*;

    use super::*;
    use crate::records::outreach::{OutreachTerms, SlotRecord};
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
        }
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
            answer: Some(TurnId::new()),
            until: at(60),
        }
    }

    /// How many times are let go, whether the email is called back, and the state then.
    fn came_to(state: OutreachState, event: Event, hour: i64) -> (OutreachState, usize, bool) {
        let (next, effects) = step(&outreach(state), event, at(hour));
        let recalled = effects.contains(&Effect::Recall);
        let let_go = effects.iter().filter(|it| **it != Effect::Recall).count();
        assert_eq!(next.held().count() + let_go, outreach(state).held().count());
        (next.state, let_go, recalled)
    }

    #[test]
    fn every_event_leads_from_every_state_where_the_table_says() {
        use OutreachState::{Booked, Proposed, Sending};
        let left = || Event::Left {
            at: at(1),
            until: at(49),
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
                    answer: None,
                    until: at(60),
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
                looked(|it| it.may_have_left = Some(at(50))),
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
            let came = came_to(from, event.clone(), hour);
            assert_eq!(came, (to, let_go, recalled), "{from:?} {event:?}");
        }
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
        assert_eq!(due(&next), None);
    }

    fn chosen() -> OutreachRecord {
        let interview = InterviewId::new();
        let booked = Event::Booked { n: 2, interview };
        step(&outreach(person(NeedsPerson::Answered)), booked, at(1)).0
    }

    #[test]
    fn a_choice_whose_booking_is_undone_is_a_persons_again_and_every_time_can_be_chosen() {
        let (next, effects) = step(&chosen(), looked(|it| it.undone = true), at(2));
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
        assert_eq!(step(&chosen(), elsewhere, at(2)).0.state, over(Ended::Left));
        let otherwise = looked(|it| {
            it.undone = true;
            it.booked = Some(InterviewId::new());
        });
        let chosen = chosen();
        assert_eq!(step(&chosen, otherwise, at(2)), (chosen, Vec::new()));
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
            any::<[bool; 3]>(),
        );
        let looked = looked.prop_map(|(ended, booked, taken, [left, readdressed, undone])| {
            Event::Looked(Looked {
                ended: ended.then_some(Ended::Left),
                booked: booked.then(InterviewId::new),
                taken,
                may_have_left: left.then(|| at(70)),
                readdressed,
                undone,
            })
        });
        prop_oneof![
            Just(Event::Left {
                at: at(1),
                until: at(49)
            }),
            any::<bool>().prop_map(|address| Event::Returned { address }),
            Just(Event::Dropped),
            any::<bool>().prop_map(|person| Event::Heard {
                answer: person.then(TurnId::new),
                until: at(60)
            }),
            looked,
            (0u8..6).prop_map(|n| Event::Booked {
                n,
                interview: InterviewId::new()
            }),
            Just(Event::Stopped),
            Just(Event::Restored),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_each_time_is_let_go_once_and_what_ended_stays_ended(
            state in any_state(),
            events in prop::collection::vec((any_event(), 0i64..100), 0..12),
        ) {
            let mut record = outreach(state);
            let mut held: Vec<u8> = record.held().map(|(n, _)| n).collect();
            for (event, hour) in events {
                let (next, effects) = step(&record, event, at(hour));
                for effect in effects {
                    if let Effect::LetGo(n) = effect {
                        let place = held.iter().position(|it| *it == n);
                        prop_assert!(place.is_some(), "{n} was let go twice");
                        held.remove(place.unwrap_or_default());
                    }
                }
                let still: Vec<u8> = next.held().map(|(n, _)| n).collect();
                prop_assert_eq!(&still, &held);
                prop_assert!(next.is_open() || held.is_empty());
                let again = record.state == OutreachState::Booked
                    && record.interview.is_some()
                    && next.interview.is_none();
                prop_assert!(record.is_open() || again || next.state == record.state);
                if record.state == OutreachState::Unknown {
                    prop_assert_eq!(next.state, OutreachState::Unknown);
                }
                let waits = next.is_open() && next.state != OutreachState::Unknown;
                prop_assert_eq!(due(&next).is_some(), waits && !held.is_empty());
                record = next;
            }
        }
    }
}
