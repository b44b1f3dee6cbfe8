//! What the daemon of values knows of proposed times.

use greenroom_protocol::Error;
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::outreach::{
    Outreach, OutreachAnswered, OutreachApproved, OutreachEdited, OutreachPropose, OutreachStarted,
    OutreachState, OutreachThread, Proposed, Replaced, SlotState, SlotWarning,
};
use greenroom_protocol::page::Page;
use greenroom_protocol::received::Received;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode, Verdict};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use super::super::records::{self, at, id};

/// Outreaches, and what the times of new ones are judged as.
#[derive(Default)]
pub(crate) struct Outreaches {
    pub(crate) all: Vec<Outreach>,
    /// What came in about each.
    pub(crate) received: Vec<Received>,
    /// Times that may not be held, and why.
    pub(crate) taken: Vec<(Instant, &'static str)>,
    /// Times that something speaks against, and what.
    pub(crate) warned: Vec<(Instant, &'static str)>,
    /// Pages of those with whom the assistant began.
    pages: u32,
}

impl Outreaches {
    /// Answers what changes nothing.
    pub(super) fn look(&self, request: &Q) -> Option<R> {
        Some(match request {
            Q::OutreachList { .. } => R::OutreachList(Ok(Page::whole(self.all.clone()))),
            Q::OutreachGet { outreach } => R::OutreachGet(self.thread(&outreach.reference)),
            Q::OutreachPropose { outreach } if outreach.dry_run => {
                R::OutreachPropose(self.proposed(outreach))
            }
            Q::OutreachApprove { approve } if approve.outreach.dry_run => {
                R::OutreachApprove(self.approved(&approve.outreach.reference, true))
            }
            Q::OutreachAnswer { answer } if answer.outreach.dry_run => {
                R::OutreachAnswer(self.answered(&answer.outreach.reference, answer.n))
            }
            Q::SchedulingReport { .. } => R::SchedulingReport(Ok(records::scheduling())),
            _ => return None,
        })
    }

    /// Answers what changes something.
    pub(super) fn act(&mut self, request: &Q) -> Option<R> {
        Some(match request {
            Q::OutreachPropose { outreach } => {
                let proposed = self.proposed(outreach);
                if let Ok(proposed) = &proposed {
                    self.all.push(proposed.outreach.clone());
                }
                R::OutreachPropose(proposed)
            }
            Q::OutreachAnswer { answer } => {
                let answered = self.answered(&answer.outreach.reference, answer.n);
                if let Ok(answered) = &answered {
                    let id = answered.outreach.id;
                    self.all.retain(|it| it.id != id);
                    self.all.push(answered.outreach.clone());
                }
                R::OutreachAnswer(answered)
            }
            Q::OutreachApprove { approve } => {
                let id = &approve.outreach.reference;
                self.becomes(id, OutreachState::Sending);
                R::OutreachApprove(self.approved(id, false))
            }
            Q::OutreachEdit { edit } => {
                let of = self.all.iter_mut();
                let mut of = of.filter(|it| it.id.to_string() == edit.outreach.reference);
                let outreach = of.next().unwrap();
                outreach
                    .slots
                    .retain(|it| !edit.edit.without.contains(&it.n));
                R::OutreachEdit(Ok(OutreachEdited {
                    outreach: outreach.clone(),
                    letter: None,
                    dry_run: false,
                }))
            }
            Q::OutreachStart { .. } => {
                self.pages += 1;
                R::OutreachStart(Ok(OutreachStarted {
                    started: if self.pages == 1 { 2 } else { 1 },
                    left: u64::from(self.pages == 1),
                    ..OutreachStarted::default()
                }))
            }
            Q::OutreachTakeOver { outreach } => {
                R::OutreachTakeOver(Ok(self.becomes(&outreach.reference, OutreachState::Taken)))
            }
            Q::OutreachMoveUp { outreach } => {
                R::OutreachMoveUp(Ok(self.becomes(&outreach.reference, OutreachState::Waiting)))
            }
            Q::OutreachHandBack { outreach } => {
                R::OutreachHandBack(Ok(self.becomes(&outreach.reference, OutreachState::Waiting)))
            }
            Q::OutreachStop { stop } => {
                let mut all = self.all.iter_mut();
                let of = all.find(|it| it.id.to_string() == stop.outreach.reference);
                let of = of.unwrap();
                of.state = OutreachState::Over;
                of.message = "stopped".into();
                R::OutreachStop(Ok(of.clone()))
            }
            _ => return None,
        })
    }

    fn becomes(&mut self, reference: &str, state: OutreachState) -> Outreach {
        let mut all = self.all.iter_mut();
        let of = all.find(|it| it.id.to_string() == reference).unwrap();
        of.state = state;
        of.clone()
    }

    fn approved(&self, reference: &str, dry_run: bool) -> Result<OutreachApproved, Error> {
        let mut outreach = self.find(reference)?.clone();
        outreach.state = OutreachState::Sending;
        let replaced = self.taken.iter().map(|(start, _)| Replaced {
            start: *start,
            by: None,
        });
        Ok(OutreachApproved {
            outreach,
            replaced: replaced.collect(),
            dry_run,
        })
    }

    /// How many need a person.
    pub(super) fn needs(&self) -> u64 {
        let all = self.all.iter();
        let needs = all.filter(|it| it.state == OutreachState::Person);
        needs.count() as u64
    }

    fn find(&self, reference: &str) -> Result<&Outreach, Error> {
        let mut all = self.all.iter();
        let found = all.find(|it| it.id.to_string() == reference);
        found.ok_or_else(|| Error::not_found("no such outreach"))
    }

    fn thread(&self, reference: &str) -> Result<OutreachThread, Error> {
        let outreach = self.find(reference)?.clone();
        let about = |it: &&Received| it.mail.outreach == Some(outreach.id);
        let received = self.received.iter().filter(about).cloned().collect();
        Ok(OutreachThread {
            outreach,
            received,
            letter: None,
        })
    }

    /// A proposal to a candidate of the list, judged time by time.
    fn proposed(&self, asked: &OutreachPropose) -> Result<Proposed, Error> {
        let person: CandidateId = match &asked.interview {
            None => asked.candidate.parse().unwrap(),
            Some(moved) => {
                let mut all = records::interviews().into_iter();
                let moved = all.find(|it| it.id.to_string() == *moved);
                moved.unwrap().candidate.id
            }
        };
        let mut rows = records::rows().into_iter();
        let person = rows.position(|it| it.id == person).unwrap();
        let mut outreach = records::outreach(9, person, OutreachState::Sending);
        let like = outreach.slots[0].clone();
        outreach.slots.clear();
        let mut warnings = Vec::new();
        for (n, start) in (1..).zip(&asked.slots) {
            let start = at(start);
            if let Some((_, why)) = self.taken.iter().find(|(at, _)| *at == start) {
                let why = match asked.slots.len() {
                    1 => (*why).to_owned(),
                    _ => format!("Time {n}: {why}"),
                };
                return Err(Error::conflict(why).field("slots"));
            }
            if let Some((_, why)) = self.warned.iter().find(|(at, _)| *at == start) {
                warnings.push(SlotWarning {
                    n: Some(n),
                    finding: Finding {
                        class: Some(FindingClass::Slot),
                        ..Finding::new(FindingCode::OutsideHours, *why)
                    },
                });
            }
            let mut slot = like.clone();
            (slot.n, slot.start) = (n, start);
            slot.end = start.plus_minutes(45);
            outreach.slots.push(slot);
        }
        outreach.email = Some(id("mal", 79));
        outreach.sent_at = None;
        outreach.not_before = Some(at(records::NOW).plus_seconds(10));
        Ok(Proposed {
            outreach,
            warnings,
            repeated: false,
            dry_run: asked.dry_run,
            letter: asked.dry_run.then(records::written),
        })
    }

    fn answered(&self, reference: &str, n: u8) -> Result<OutreachAnswered, Error> {
        let mut outreach = self.find(reference)?.clone();
        let start = outreach.slots[usize::from(n) - 1].start;
        if let Some((_, why)) = self.taken.iter().find(|(at, _)| *at == start) {
            return Err(Error::conflict(*why).field("start"));
        }
        let mut interview = records::interviews()[3].clone();
        interview.start = start;
        interview.candidate = outreach.candidate.clone();
        (interview.change, interview.changes) = (0, Vec::new());
        outreach.state = OutreachState::Booked;
        outreach.why = None;
        outreach.message = "booked".into();
        for slot in &mut outreach.slots {
            slot.state = match slot.n == n {
                true => SlotState::Booked,
                false => SlotState::Released,
            };
        }
        Ok(OutreachAnswered {
            outreach,
            interview,
            verdict: Verdict::default(),
            dry_run: false,
            repeated: false,
        })
    }
}
