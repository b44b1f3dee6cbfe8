//! What the daemon of values knows of Zoom: checks, differences and strays.

use greenroom_protocol::Error;
use greenroom_protocol::drift::{Drift, DriftReport, Repair};
use greenroom_protocol::interview::{ChangeKind, Interview, Side};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::Daemon;

impl Daemon {
    /// A check finds that an interview differs from Zoom.
    pub(crate) fn differs(&mut self, number: usize, drift: Drift) {
        let interview = &mut self.interviews[number];
        interview.drift = Some(drift);
        interview.revision += 1;
    }

    /// What is known to differ.
    pub(crate) fn drift(&self) -> DriftReport {
        let mut report = self.report.clone();
        let differ = self.interviews.iter().filter(|it| it.drift.is_some());
        report.interviews = differ.cloned().collect();
        report
    }

    /// Answers what is asked about differences; another call comes back.
    pub(crate) fn mend(&mut self, request: Q) -> Result<R, Box<Q>> {
        let answer = match &request {
            Q::InterviewCheck { .. } => {
                self.report
                    .hosts
                    .iter_mut()
                    .for_each(|host| host.running = true);
                R::InterviewCheck(Ok(self.drift()))
            }
            Q::OrphanDelete { orphan } => {
                let mut all = self.report.orphans.iter_mut();
                let found = all.find(|it| it.id == orphan.orphan);
                R::OrphanDelete(match found {
                    Some(stray) => {
                        stray.deleting = true;
                        Ok(stray.clone())
                    }
                    None => Err(Error::not_found("there is no such stray meeting")),
                })
            }
            Q::InterviewRepair { interview: it } => {
                let repair = it.repair;
                let act = move |interview: &mut Interview| {
                    let drift = interview.drift.take().expect("a difference");
                    if repair == Repair::Adopt {
                        interview.start = drift.start.unwrap_or(interview.start);
                    }
                };
                let outcome = self.made(&it.interview, ChangeKind::Repaired, Side::Us, None, &act);
                R::InterviewRepair(outcome)
            }
            _ => return Err(request.into()),
        };
        self.asked.push(request);
        Ok(answer)
    }
}
