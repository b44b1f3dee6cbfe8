//! ★ How an outreach joins the line of its stage, and leaves it with the times that are chosen.
//!
//! Invariants: what a candidate was sent is remembered when others are chosen; who is away is in no
//! line.

use greenroom_protocol::id::MemberId;

use super::{Chosen, Effect, Next};
use crate::records::outreach::{
    Assisted, DraftEdits, EarlierRound, OutreachState, Round, WaitsFor,
};

impl Next {
    pub(super) fn chosen(&mut self, chosen: Chosen) {
        let from = self.record.state;
        let Some(assisted) = self.record.assisted.as_mut() else {
            return;
        };
        if !from.is_in_line() && from != OutreachState::Draft {
            return;
        }
        if from != OutreachState::Draft {
            assisted.rounds = assisted.rounds.saturating_add(1);
            let sent = self.record.sent_at.and(self.record.email);
            let known = |it: &EarlierRound| it.emails.first().copied() == sent;
            if let Some(email) = sent
                && !self.record.earlier.iter().any(known)
            {
                let others = assisted.reminder.into_iter().chain(assisted.asked);
                self.record.earlier.push(EarlierRound {
                    emails: std::iter::once(email).chain(others).collect(),
                    starts: self.record.slots.iter().map(|it| it.start).collect(),
                });
            }
            let more = self.record.earlier.len().saturating_sub(EarlierRound::MOST);
            self.record.earlier.drain(..more);
        }
        assisted.moved_up = None;
        assisted.away = None;
        if assisted.acted.is_none() {
            // What was answered is about the former times.
            assisted.reading = None;
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
    pub(super) fn waits(&mut self, what: WaitsFor) {
        let from = self.record.state;
        if !self.record.is_assisted() {
            return;
        }
        match from {
            OutreachState::Sending => {
                self.effects.push(Effect::Recall);
                self.release();
            }
            OutreachState::Settling { .. } => {}
            // Who is away is written to when they are back, whatever else there is to wait for.
            OutreachState::Waiting { .. } if from.is_in_line() => {}
            OutreachState::Draft => self.discard_draft(),
            _ => return,
        }
        self.enter(OutreachState::Waiting { what });
    }

    pub(super) fn taken_over(&mut self, by: Option<MemberId>) {
        if !self.record.is_assisted() {
            return;
        }
        if self.record.state == OutreachState::Sending {
            self.effects.push(Effect::Recall);
        }
        self.discard_draft();
        self.enter(OutreachState::Taken { by });
    }

    pub(super) fn handed_back(&mut self) {
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

    pub(super) fn moved_up(&mut self) {
        let now = self.now;
        let (OutreachState::Waiting { what }, Some(assisted)) =
            (self.record.state, self.record.assisted.as_mut())
        else {
            return;
        };
        assisted.moved_up = Some(now);
        if what == WaitsFor::Away {
            self.is_back();
        }
    }

    /// Who was away is written to now.
    pub(super) fn is_back(&mut self) {
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.away = None;
        }
        self.enter(OutreachState::Waiting {
            what: WaitsFor::Time,
        });
    }

    /// It goes into the line of its stage, for other times.
    pub(super) fn again(&mut self, change: impl FnOnce(&mut Assisted)) {
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
}
