//! ★ What becomes of an outreach by how things stand around it, and by the time.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;

use super::{Effect, Next, PATIENCE, handed_at, stale};
use crate::records::outreach::{Ended, NeedsPerson, OutreachState, Round, SlotStanding, WaitsFor};

/// Rounds that nobody answers before a person sees to it, the first aside.
const MOST_SILENT: u8 = 1;

/// Minutes before the times end from which on nobody is reminded of them any more.
const TOO_LATE: i64 = 4 * 60;

/// How things stand around an outreach.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::outreach) struct Looked {
    /// It has no place any more.
    pub ended: Option<Ended>,
    /// Somebody booked the application otherwise.
    pub booked: Option<InterviewId>,
    /// Times that something else was booked over, or whose interviewer is gone.
    pub taken: Vec<u8>,
    /// The application was moved on, and is as active as before.
    pub moved: bool,
    /// The email may have left; then the times are held until then, and the candidate is reminded.
    pub may_have_left: Option<(Instant, Instant)>,
    /// The candidate has another address than the times went to, and nobody has heard of it yet.
    pub readdressed: bool,
    /// The booking of a time was undone before anybody was emailed about it.
    pub undone: bool,
    /// The assistant does not act here at present: it is paused, or the stage does not have it.
    pub paused: bool,
    /// The candidate is not to be reminded before, though it is time; `None`: they may be now.
    pub nudge_later: Option<Instant>,
}

impl Next {
    pub(super) fn looked(&mut self, looked: Looked) {
        if let Some(how) = looked.ended {
            // Those who go on have times of a stage that they are not in any more, or may have them:
            // the answer of the server that took the email was lost.
            let have_times =
                self.record.state == OutreachState::Proposed || looked.may_have_left.is_some();
            if looked.moved && have_times && self.record.is_assisted() {
                self.effects.push(Effect::Withdraw);
            }
            return self.end(OutreachState::Over { how });
        }
        if let Some(interview) = looked.booked {
            self.record.interview = Some(interview);
            self.record.effort.touched = true;
            return self.end(OutreachState::Booked);
        }
        if looked.readdressed {
            self.readdressed();
        }
        for n in &looked.taken {
            self.let_go(*n, SlotStanding::Taken);
        }
        let now = self.now;
        let past = self.record.held().filter(|(_, slot)| slot.start <= now);
        let past: Vec<u8> = past.map(|(n, _)| n).collect();
        for n in past {
            self.let_go(n, SlotStanding::Past);
        }
        match self.record.is_assisted() {
            true => self.looked_at_assisted(&looked),
            false => self.looked_at_proposed(&looked),
        }
        self.hand_over();
    }

    /// Who has seen to nothing for long is not the only one who knows.
    fn hand_over(&mut self) {
        let waits = matches!(
            self.record.state,
            OutreachState::Person { .. } | OutreachState::Taken { .. }
        );
        let is_due = handed_at(&self.record).is_some_and(|at| at <= self.now);
        if let (true, Some(next)) = (waits && is_due, self.record.handed.next()) {
            self.record.handed = next;
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
            return;
        }
        let is_theirs_to_see = matches!(
            self.record.state,
            OutreachState::Proposed
                | OutreachState::Settling { .. }
                | OutreachState::Waiting { .. }
                | OutreachState::Draft
        );
        if is_theirs_to_see {
            self.discard_draft();
            self.person(NeedsPerson::Address);
        }
    }

    /// What was chosen is not booked any more: somebody has to choose again.
    pub(super) fn reopen(&mut self, looked: &Looked) {
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
        let undone = &mut self.record.effort.undone;
        *undone = undone.saturating_add(1);
        match looked.ended {
            Some(how) => self.end(OutreachState::Over { how }),
            None => self.person(NeedsPerson::Answered),
        }
    }

    /// An outreach that a person began.
    fn looked_at_proposed(&mut self, looked: &Looked) {
        match self.record.state {
            OutreachState::Sending if self.none_left() => {
                self.effects.push(Effect::Recall);
                self.person(NeedsPerson::Gone);
            }
            OutreachState::Sending if self.is_impatient() => match looked.may_have_left {
                Some((until, nudge)) => self.left(self.now, until, nudge),
                None => {
                    self.effects.push(Effect::Recall);
                    self.release();
                    self.person(NeedsPerson::Email);
                }
            },
            OutreachState::Proposed if self.none_left() => self.person(NeedsPerson::Gone),
            OutreachState::Proposed if self.is_over() => {
                self.release();
                self.person(NeedsPerson::Expired);
            }
            OutreachState::Person { .. } if self.is_over() => self.release(),
            _ => {}
        }
    }

    /// An outreach of the assistant's.
    fn looked_at_assisted(&mut self, looked: &Looked) {
        let switch = WaitsFor::Switch;
        match self.record.state {
            OutreachState::Settling { until } if self.now >= until => {
                self.enter(OutreachState::Waiting {
                    what: match looked.paused {
                        true => switch,
                        false => WaitsFor::Time,
                    },
                });
            }
            OutreachState::Waiting { .. } | OutreachState::Draft if self.is_too_close() => {
                self.discard_draft();
                self.person(NeedsPerson::Expired);
            }
            OutreachState::Waiting {
                what: WaitsFor::Away,
            } => {
                let back = self.record.assisted.and_then(|it| it.away);
                if back.is_none_or(|at| at <= self.now) {
                    self.is_back();
                }
            }
            OutreachState::Draft if self.now >= stale(&self.record) => self.again(|_| {}),
            OutreachState::Sending if self.none_left() => {
                self.effects.push(Effect::Recall);
                self.again(|_| {});
            }
            OutreachState::Sending if looked.may_have_left.is_none() && looked.paused => {
                self.waits(switch);
            }
            OutreachState::Sending if self.is_impatient() => match looked.may_have_left {
                Some((until, nudge)) => self.left(self.now, until, nudge),
                None => self.waits(WaitsFor::Email),
            },
            OutreachState::Proposed if looked.paused => self.person(NeedsPerson::Paused),
            OutreachState::Proposed if self.none_left() => {
                self.again(|it| it.round = Round::Gone);
            }
            // What came in is read before anybody says that nothing did.
            OutreachState::Proposed if self.is_over() && !self.is_reading() => self.unanswered(),
            OutreachState::Proposed if self.is_to_be_nudged() => self.nudge(looked.nudge_later),
            OutreachState::Person { .. } | OutreachState::Taken { .. } if self.is_over() => {
                self.release();
            }
            _ => {}
        }
    }

    fn is_to_be_nudged(&self) -> bool {
        let at = self.record.assisted.and_then(|it| it.nudge_at);
        at.is_some_and(|at| at <= self.now)
    }

    /// Reminds the candidate, unless that has to wait, or the times end so soon that others are sent
    /// instead.
    fn nudge(&mut self, later: Option<Instant>) {
        let now = self.now;
        if let (Some(later), Some(assisted)) = (later, self.record.assisted.as_mut()) {
            assisted.nudge_at = Some(later);
            return;
        }
        let soon = now.plus_minutes(TOO_LATE);
        let in_time = self.record.until.is_some_and(|until| until > soon);
        let Some(assisted) = self.record.assisted.as_mut() else {
            return;
        };
        assisted.nudge_at = None;
        assisted.away = None;
        if in_time {
            assisted.nudged = Some(now);
            assisted.begun = assisted.begun.and(now);
            self.effects.push(Effect::Nudge);
        }
    }

    /// Nobody answered as long as the times were held.
    fn unanswered(&mut self) {
        let (silent, asked) = self
            .record
            .assisted
            .map_or((0, false), |it| (it.silent, it.asked.is_some()));
        // Who is to move an interview was asked for other times by them, not the other way round.
        if silent < MOST_SILENT && !asked && self.record.purpose.is_book() {
            return self.again(|it| {
                it.round = Round::Fresh;
                it.silent += 1;
            });
        }
        self.release();
        self.person(NeedsPerson::Expired);
    }

    /// Whether the interview that is to be moved is too close to move it without a person.
    fn is_too_close(&self) -> bool {
        let moving = self.record.purpose.moving();
        moving.is_some_and(|it| it.by <= self.now)
    }

    fn is_reading(&self) -> bool {
        self.record.assisted.is_some_and(|it| it.reading.is_some())
    }

    fn none_left(&self) -> bool {
        self.record.held().next().is_none()
    }

    fn is_over(&self) -> bool {
        self.record.until.is_some_and(|until| until <= self.now)
    }

    /// Whether the email has waited too long to leave.
    fn is_impatient(&self) -> bool {
        self.now >= self.record.since.plus_minutes(PATIENCE)
    }
}
