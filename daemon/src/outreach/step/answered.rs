//! ★ What becomes of an outreach by what is answered.
//!
//! Invariants: what a machine answers is no answer, and changes nothing but when the assistant writes
//! next; while the candidate is away nothing before their return is held for them and nobody reminds
//! them; who is away again and again is a person's.

use greenroom_protocol::id::TurnId;
use greenroom_protocol::time::Instant;

use super::{Follows, Next};
use crate::records::outreach::{
    NeedsPerson, OutreachState, Prepared, PreparedWhy, Round, SlotStanding, WaitsFor,
};

/// How often other times are looked for because of what was answered, before a person sees to it.
const MOST_WISHED: u8 = 3;

/// How often the assistant waits for somebody who is away, before a person sees to it: a machine
/// may say so forever.
const MOST_AWAY: u8 = 3;

impl Next {
    pub(super) fn heard(&mut self, answer: Option<TurnId>, until: Instant, reads: Option<Instant>) {
        let now = self.now;
        self.record.heard = self.record.heard.saturating_add(1);
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.lately = assisted.lately.and(now);
        }
        if answer.is_none() {
            return self.heard_machine(reads);
        }
        self.record.prepared = None;
        self.record.answer = answer;
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.answered_at = Some(now);
            assisted.away = None;
        }
        if self.record.held().next().is_some() {
            let longer = self.record.until.map_or(until, |it| it.max(until));
            self.record.until = Some(longer);
        }
        let watches = self.record.watches();
        // What they choose after the times ended may still be free.
        let may_choose = matches!(
            self.record.state,
            OutreachState::Proposed
                | OutreachState::Person {
                    why: NeedsPerson::Expired
                }
        );
        if let (true, Some(reads), Some(assisted)) =
            (may_choose, reads, self.record.assisted.as_mut())
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
            assisted.acted = None;
            assisted.reading = reads;
        }
    }

    /// A machine may say until when they are away.
    fn heard_machine(&mut self, reads: Option<Instant>) {
        let watches = self.record.watches();
        if let (OutreachState::Proposed, Some(reads), Some(assisted)) =
            (self.record.state, reads, self.record.assisted.as_mut())
            && !watches
        {
            assisted.reading = assisted.reading.or(Some(reads));
        }
    }

    /// More came in than is read: a person has it all before them.
    pub(super) fn too_many(&mut self) {
        if matches!(self.record.state, OutreachState::Person { .. }) {
            self.record.prepared = Some(Prepared {
                n: None,
                why: PreparedWhy::TooMany,
            });
        }
    }

    pub(super) fn read(&mut self, to: Option<TurnId>, follows: Follows) {
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
            Follows::Away { .. } if assisted.aways >= MOST_AWAY => self.prepared(Prepared {
                n: None,
                why: PreparedWhy::Away,
            }),
            Follows::Away { back, until } => self.away(back, until),
            Follows::Gone => {
                self.release();
                self.person(NeedsPerson::Address);
            }
            Follows::Person(prepared) => self.prepared(prepared),
        }
    }

    /// Times after their return stay; where there are none, others are sent then.
    fn away(&mut self, back: Instant, until: Instant) {
        let before = self.record.held().filter(|(_, slot)| slot.start < back);
        let before: Vec<u8> = before.map(|(n, _)| n).collect();
        let some_left = self.record.held().count() > before.len();
        if some_left {
            for n in before {
                self.let_go(n, SlotStanding::Released);
            }
            self.record.until = self.record.until.map(|it| it.max(until));
        } else {
            self.again(|assisted| assisted.round = Round::Fresh);
            self.enter(OutreachState::Waiting {
                what: WaitsFor::Away,
            });
            self.record.since = self.now;
        }
        if let Some(assisted) = self.record.assisted.as_mut() {
            assisted.away = Some(back);
            assisted.aways = assisted.aways.saturating_add(1);
            assisted.nudge_at = assisted.nudge_at.map(|at| at.max(back));
        }
    }

    pub(super) fn unasked(&mut self) {
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
}
