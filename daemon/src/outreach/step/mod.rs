//! ★ What becomes of an outreach when something happens to it.
//!
//! Invariants: an outreach that ended or is booked holds nothing and is changed by nothing that
//! comes later, but that its booking is undone; one that waits, settles or is a draft holds nothing either; what a later version
//! wrote is left alone; every time that is no longer held is let go exactly once; what the assistant
//! does itself happens to an outreach of the assistant's alone. Decides nothing about interviews,
//! and chooses no times: `plan` finds those, and says here what came of it.

mod answered;
mod event;
mod line;
mod looked;
mod shadow;
#[cfg(test)]
mod tests;

use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;

pub(super) use self::event::{Chosen, Effect, Event, Follows};
pub(super) use self::looked::Looked;
use super::{begins, clock};
use crate::records::outreach::{
    Ended, Handed, NeedsPerson, OutreachRecord, OutreachState, SlotRecord, SlotStanding, WaitsFor,
};

/// How long the email may take to leave, in minutes; then nobody waits for it any more.
const PATIENCE: i64 = 4 * 60;

/// Working hours after which the organizer is emailed that a person has to see to it: one day.
const ORGANIZER_AFTER: i64 = 8;

/// The same of everybody who recruits: three days.
const RECRUITERS_AFTER: i64 = 3 * 8;

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
        Event::Looked(looked) if looked.undone => next.reopen(&looked),
        // A person was faster than the assistant, which only watches.
        Event::Watched { to, would } => next.watched(to, would),
        _ => {}
    }
    (next.record, next.effects)
}

/// When it has to be looked at again, whatever happens; `None`: only when something does. Who waits
/// is looked at by the line of the stage.
pub(super) fn due(record: &OutreachRecord) -> Option<Instant> {
    let held = || record.held().map(|(_, slot)| slot.start).max();
    match record.state {
        OutreachState::Settling { until } => Some(until),
        OutreachState::Draft => Some(stale(record)),
        OutreachState::Sending => {
            let ends = record.since.plus_minutes(PATIENCE);
            held().map(|last| ends.min(last))
        }
        OutreachState::Proposed => {
            let ends = held().map(|last| record.until.unwrap_or(last).min(last));
            let nudge = record.assisted.and_then(|it| it.nudge_at);
            ends.map(|ends| nudge.map_or(ends, |nudge| nudge.min(ends)))
        }
        OutreachState::Person { .. } | OutreachState::Taken { .. } => {
            let ends = held().map(|last| record.until.unwrap_or(last).min(last));
            ends.into_iter().chain(handed_at(record)).min()
        }
        // Where an interview is to be moved, time is up before it is too close.
        OutreachState::Waiting { what } => {
            let away = record.assisted.and_then(|it| it.away);
            let back = away.filter(|_| what == WaitsFor::Away);
            let close = record.purpose.moving().map(|it| it.by);
            back.into_iter().chain(close).min()
        }
        OutreachState::Booked | OutreachState::Over { .. } | OutreachState::Unknown => None,
    }
}

/// When somebody else is emailed that a person has to see to it; `None`: everybody was.
fn handed_at(record: &OutreachRecord) -> Option<Instant> {
    let hours = match record.handed.next()? {
        Handed::Organizer => ORGANIZER_AFTER,
        Handed::Nobody | Handed::Recruiters => RECRUITERS_AFTER,
    };
    Some(clock::worked(record.since, hours, &record.terms.zone))
}

/// Whether times may be chosen for it now.
pub(super) fn may_choose(record: &OutreachRecord) -> bool {
    let state = record.state;
    let waits = state.is_in_line() || state == OutreachState::Draft;
    waits && record.is_assisted()
}

/// When the times of a draft are too old.
fn stale(record: &OutreachRecord) -> Instant {
    clock::after(record.since, clock::DRAFT_HOURS, &record.terms.zone)
}

struct Next {
    record: OutreachRecord,
    effects: Vec<Effect>,
    now: Instant,
}

impl Next {
    fn take(&mut self, event: Event) {
        if let Some(did) = shadow::did(&event) {
            self.compare(did);
        }
        match event {
            Event::Left { at, until, nudge } => self.left(at, until, nudge),
            Event::Returned { address } => self.returned(address),
            Event::Dropped => self.dropped(),
            Event::Heard {
                answer,
                until,
                reads,
                too_many,
            } => {
                self.heard(answer, until, reads);
                if too_many && answer.is_some() {
                    self.too_many();
                }
            }
            Event::Read { to, follows } => self.read(to, follows),
            Event::Watched { to, would } => self.watched(to, would),
            Event::Unasked => self.unasked(),
            Event::Looked(looked) => self.looked(looked),
            Event::Chosen(chosen) => self.chosen(*chosen),
            Event::Waits(what) => self.waits(what),
            Event::Booked { n, interview } => {
                self.release();
                if let Some(slot) = self.slot_mut(n) {
                    slot.state = SlotStanding::Booked;
                }
                self.record.interview = Some(interview);
                self.end(OutreachState::Booked);
            }
            Event::Stopped | Event::GaveWay => self.end(OutreachState::Over {
                how: Ended::Stopped,
            }),
            Event::TakenOver { by } => self.taken_over(by),
            Event::HandedBack => self.handed_back(),
            Event::MovedUp => self.moved_up(),
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

    fn left(&mut self, at: Instant, until: Instant, nudge: Instant) {
        let begins = self.record.sent_at.is_none() && !begins::answers(&self.record, at);
        if let Some(assisted) = self.record.assisted.as_mut()
            && begins
            && assisted.approval == Approval::Auto
        {
            assisted.begun = assisted.begun.and(at);
        }
        self.record.sent_at = self.record.sent_at.or(Some(at));
        if self.is_sending() {
            self.record.until = Some(until);
            if let Some(assisted) = self.record.assisted.as_mut() {
                assisted.nudge_at = Some(nudge);
            }
            self.enter(OutreachState::Proposed);
        }
    }

    fn returned(&mut self, address: bool) {
        // What somebody answered says more than what a mail server does.
        if !self.is_sending() && self.record.state != OutreachState::Proposed {
            return;
        }
        self.release();
        match (self.record.is_assisted(), address) {
            (true, true) => self.enter(OutreachState::Waiting {
                what: WaitsFor::Address,
            }),
            (true, false) => self.enter(OutreachState::Waiting {
                what: WaitsFor::Email,
            }),
            (false, true) => self.person(NeedsPerson::Address),
            (false, false) => self.person(NeedsPerson::Email),
        }
    }

    fn dropped(&mut self) {
        if !self.is_sending() {
            return;
        }
        let approval = self.record.assisted.map(|it| it.approval);
        match approval {
            // Who undoes what they approved has the draft again.
            Some(approval) if approval != Approval::Auto => {
                let held: Vec<u8> = self.record.held().map(|(n, _)| n).collect();
                for n in held {
                    self.let_go(n, SlotStanding::Drafted);
                }
                self.record.until = None;
                self.enter(OutreachState::Draft);
            }
            _ => self.end(OutreachState::Over {
                how: Ended::Stopped,
            }),
        }
    }

    /// It ends: nothing is held, and an email that has not left never does.
    fn end(&mut self, state: OutreachState) {
        self.release();
        self.discard_draft();
        self.effects.push(Effect::Recall);
        self.enter(state);
    }

    fn person(&mut self, why: NeedsPerson) {
        self.record.effort.touched = true;
        self.enter(OutreachState::Person { why });
    }

    /// It stays in a state since it came to it, and in line since it joined it, whatever it waits for.
    fn enter(&mut self, state: OutreachState) {
        if self.record.state == state {
            return;
        }
        let still = self.record.state.is_in_line() && state.is_in_line();
        self.record.state = state;
        if !still {
            self.record.since = self.now;
            self.record.handed = Handed::Nobody;
        }
        let watches = self.record.watches();
        if let Some(assisted) = self.record.assisted.as_mut().filter(|_| !watches) {
            // Only while they have times to choose from anything is read, but what is compared.
            assisted.reading = None;
        }
    }

    fn release(&mut self) {
        let held: Vec<u8> = self.record.held().map(|(n, _)| n).collect();
        for n in held {
            self.let_go(n, SlotStanding::Released);
        }
        self.record.until = None;
    }

    /// Times of an email that nobody will approve. They were held by nobody.
    fn discard_draft(&mut self) {
        for slot in &mut self.record.slots {
            if slot.state == SlotStanding::Drafted {
                slot.state = SlotStanding::Released;
            }
        }
    }

    fn let_go(&mut self, n: u8, standing: SlotStanding) {
        if let Some(slot) = self.slot_mut(n)
            && slot.state == SlotStanding::Held
        {
            slot.state = standing;
            self.effects.push(Effect::LetGo(n));
        }
    }

    fn slot_mut(&mut self, n: u8) -> Option<&mut SlotRecord> {
        self.record.slots.get_mut(usize::from(n).checked_sub(1)?)
    }
}
