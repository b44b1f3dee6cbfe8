//! ★ What becomes of an outreach when something happens to it.
//!
//! Invariants: an outreach that ended or is booked holds nothing and is changed by nothing that
//! comes later, but that its booking is undone; one that waits, settles or is a draft holds nothing either; what a later version
//! wrote is left alone; every time that is no longer held is let go exactly once; what the assistant
//! does itself happens to an outreach of the assistant's alone. Decides nothing about interviews,
//! and chooses no times: `plan` finds those, and says here what came of it.

mod looked;
mod shadow;
#[cfg(test)]
mod tests;

use greenroom_protocol::id::{InterviewId, MailId, MemberId, TurnId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;

pub(super) use self::looked::Looked;
use self::shadow::Did;
use super::{begins, clock};
use crate::records::outreach::{
    Assisted, DraftEdits, Ended, NeedsPerson, OutreachRecord, OutreachState, OutreachTerms,
    Prepared, PreparedWhy, Round, SlotRecord, SlotStanding, WaitsFor, Wanted, Would,
};

/// How often other times are looked for because of what was answered, before a person sees to it.
const MOST_WISHED: u8 = 3;

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
        /// When the candidate is reminded, where the assistant arranges it.
        nudge: Instant,
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
        /// When the assistant reads it; `None`: a person does.
        reads: Option<Instant>,
    },
    /// The assistant read what was answered.
    Read {
        /// The newest email it read.
        to: Option<TurnId>,
        /// What follows.
        follows: Follows,
    },
    /// The assistant, which only watches, read what was answered.
    Watched {
        /// The newest email it read.
        to: Option<TurnId>,
        /// What it would have done.
        would: Would,
    },
    /// It was looked at how things stand.
    Looked(Looked),
    /// The question did not leave: somebody undid it, or no server takes it.
    Unasked,
    /// Times were chosen, and are held where the email is asked for.
    Chosen(Box<Chosen>),
    /// No times can be chosen, or the email must not leave.
    Waits(WaitsFor),
    /// A person chose a time.
    Booked {
        /// Its number.
        n: u8,
        /// The interview.
        interview: InterviewId,
    },
    /// A person stopped it.
    Stopped,
    /// A person proposes times themselves in its place.
    GaveWay,
    /// A person takes over.
    TakenOver {
        /// Who.
        by: Option<MemberId>,
    },
    /// A person hands it to the assistant again.
    HandedBack,
    /// A person moves it to the front of its line.
    MovedUp,
    /// The store was restored from a backup.
    Restored,
}

/// What follows from an answer that was read, where no time is booked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Follows {
    /// Nothing.
    Stays,
    /// They are asked by this email which time they mean.
    Asked(MailId),
    /// Other times are looked for.
    Others(Wanted),
    /// Another candidate answered first: they get other times, ahead of everybody else in line.
    Lost,
    /// A person has to see to it.
    Person(Prepared),
}

/// Times that were chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    /// What would be booked.
    pub terms: OutreachTerms,
    /// The times: held, or of a draft.
    pub slots: Vec<SlotRecord>,
    /// How the stage has emails sent.
    pub approval: Approval,
    /// The email, and until when the times are held; `None`: a draft.
    pub email: Option<(MailId, Instant)>,
}

/// What has to be done with it, in the same commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The time of this number is freed in everybody's calendar.
    LetGo(u8),
    /// The email is called back, where it has not left.
    Recall,
    /// The candidate is reminded of the times.
    Nudge,
    /// The candidate, who has the times, reads that they are no longer available.
    Withdraw,
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
        Event::Looked(looked) if looked.undone => next.reopen(&looked),
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
            held().map(|last| record.until.unwrap_or(last).min(last))
        }
        // Where an interview is to be moved, time is up before it is too close.
        OutreachState::Waiting { .. } => record.purpose.moving().map(|it| it.by),
        OutreachState::Booked | OutreachState::Over { .. } | OutreachState::Unknown => None,
    }
}

/// Whether times may be chosen for it now.
pub(super) fn may_choose(record: &OutreachRecord) -> bool {
    let state = record.state;
    let waits = matches!(state, OutreachState::Waiting { .. } | OutreachState::Draft);
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
        if let Some(did) = Did::of(&event) {
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
            } => self.heard(answer, until, reads),
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

    fn heard(&mut self, answer: Option<TurnId>, until: Instant, reads: Option<Instant>) {
        self.record.heard = self.record.heard.saturating_add(1);
        if answer.is_none() {
            return;
        }
        self.record.prepared = None;
        self.record.answer = answer;
        let now = self.now;
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.answered_at = Some(now);
        }
        if self.record.held().next().is_some() {
            let longer = self.record.until.map_or(until, |it| it.max(until));
            self.record.until = Some(longer);
        }
        let watches = self.record.watches();
        if let (OutreachState::Proposed, Some(reads), Some(assisted)) =
            (self.record.state, reads, self.record.assisted.as_mut())
            && !watches
        {
            assisted.reading = Some(reads);
            return;
        }
        // The person who has taken over has it before them.
        if !matches!(self.record.state, OutreachState::Taken { .. }) {
            self.discard_draft();
            self.person(NeedsPerson::Answered);
        }
        if let Some(assisted) = self.record.assisted.as_mut().filter(|_| watches) {
            assisted.would = None;
            assisted.reading = reads;
        }
    }

    fn read(&mut self, to: Option<TurnId>, follows: Follows) {
        let Some(assisted) = self.record.assisted.as_mut() else {
            return;
        };
        if assisted.reading.take().is_none() {
            return;
        }
        assisted.read_to = to;
        match follows {
            Follows::Stays => {}
            Follows::Asked(email) => assisted.asked = Some(email),
            Follows::Others(_) if assisted.wished >= MOST_WISHED => {
                self.prepared(Prepared {
                    n: None,
                    why: PreparedWhy::TooOften,
                });
            }
            Follows::Others(wanted) => {
                self.record.wanted = Some(wanted);
                self.again(|assisted| {
                    assisted.round = Round::Wished;
                    assisted.wished += 1;
                    assisted.silent = 0;
                });
            }
            Follows::Lost => self.again(|assisted| assisted.round = Round::Gone),
            Follows::Person(prepared) => self.prepared(prepared),
        }
    }

    fn unasked(&mut self) {
        let asked = self.record.assisted.is_some_and(|it| it.asked.is_some());
        if asked && self.record.state == OutreachState::Proposed {
            self.prepared(Prepared {
                n: None,
                why: PreparedWhy::Unclear,
            });
        }
    }

    fn prepared(&mut self, prepared: Prepared) {
        self.record.prepared = Some(prepared);
        self.person(NeedsPerson::Answered);
    }

    fn chosen(&mut self, chosen: Chosen) {
        let from = self.record.state;
        let Some(assisted) = self.record.assisted.as_mut() else {
            return;
        };
        if !matches!(from, OutreachState::Waiting { .. } | OutreachState::Draft) {
            return;
        }
        assisted.moved_up = None;
        if from != OutreachState::Draft {
            assisted.rounds = assisted.rounds.saturating_add(1);
        }
        assisted.approval = chosen.approval;
        assisted.nudge_at = None;
        assisted.nudged = None;
        assisted.reminder = None;
        assisted.asked = None;
        self.record.terms = chosen.terms;
        self.record.slots = chosen.slots;
        match chosen.email {
            Some((email, until)) => {
                self.record.email = Some(email);
                self.record.sent_at = None;
                self.record.until = Some(until);
                self.enter(OutreachState::Sending);
            }
            None => self.enter(OutreachState::Draft),
        }
    }

    /// What it waits for; an email that is about to leave does not.
    fn waits(&mut self, what: WaitsFor) {
        let from = self.record.state;
        if !self.record.is_assisted() {
            return;
        }
        match from {
            OutreachState::Sending => {
                self.effects.push(Effect::Recall);
                self.release();
            }
            OutreachState::Settling { .. } | OutreachState::Waiting { .. } => {}
            OutreachState::Draft => self.discard_draft(),
            _ => return,
        }
        self.enter(OutreachState::Waiting { what });
    }

    fn taken_over(&mut self, by: Option<MemberId>) {
        if !self.record.is_assisted() {
            return;
        }
        if self.record.state == OutreachState::Sending {
            self.effects.push(Effect::Recall);
        }
        self.discard_draft();
        self.enter(OutreachState::Taken { by });
    }

    fn handed_back(&mut self) {
        let theirs = matches!(
            self.record.state,
            OutreachState::Taken { .. } | OutreachState::Person { .. }
        );
        if !theirs || !self.record.is_assisted() {
            return;
        }
        let round = match self.record.sent_at {
            Some(_) => Round::Fresh,
            None => Round::First,
        };
        self.record.answer = None;
        self.record.readdressed = false;
        let now = self.now;
        self.again(|assisted| {
            assisted.round = round;
            assisted.silent = 0;
            assisted.handed_back = Some(now);
        });
    }

    fn moved_up(&mut self) {
        let now = self.now;
        if let (OutreachState::Waiting { .. }, Some(assisted)) =
            (self.record.state, self.record.assisted.as_mut())
        {
            assisted.moved_up = Some(now);
        }
    }

    /// It goes into the line of its stage, for other times.
    fn again(&mut self, change: impl FnOnce(&mut Assisted)) {
        // What a person changed of an email that did not leave stays for the next.
        if self.record.sent_at.is_some() && self.record.state != OutreachState::Draft {
            self.record.edits = DraftEdits::default();
        }
        self.release();
        self.discard_draft();
        self.record.prepared = None;
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.nudge_at = None;
            assisted.nudged = None;
            change(assisted);
        }
        self.enter(OutreachState::Waiting {
            what: WaitsFor::Time,
        });
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
        let waits = |it| matches!(it, OutreachState::Waiting { .. });
        let still = waits(self.record.state) && waits(state);
        self.record.state = state;
        if !still {
            self.record.since = self.now;
        }
        if let Some(assisted) = self.record.assisted.as_mut() {
            // Only while they have times to choose from anything is read.
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
