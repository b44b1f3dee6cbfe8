//! Asking Zoom to make a meeting, noted before it is asked.

use greenroom_protocol::time::Instant;

use super::update::USED_UP;
use super::words::{is_as_planned, kept, possible_orphan, refused};
use super::{After, Try};
use crate::failpoint::{Point, failpoint};
use crate::interviews::record::{InterviewRecord, ZoomMeeting};
use crate::interviews::settle::{self, Slot, Step};
use crate::store::StoreError;
use crate::zoom::{self, Outcome, Who, passcode, plan};

impl Try<'_> {
    pub(super) async fn ask(
        &mut self,
        who: Who,
        interview: &InterviewRecord,
    ) -> Result<After, StoreError> {
        if let Err(unavailable) = self.rooms.zoom.ready(who).await {
            let until = self.without_keys(&unavailable);
            let why = unavailable.to_string();
            return self
                .record(move |_| After::Later(until, Some(why.clone())))
                .await;
        }
        let Ok(passcode) = passcode::strong() else {
            let until = self.wait();
            return self
                .record(move |_| After::Later(until, Some("no randomness from the system".into())))
                .await;
        };
        let plan = self.plan(interview, passcode.clone()).await?;
        self.passcode = Some(passcode);
        let (at, can_list) = (self.rooms.clock.now(), self.can_list(who).await?);
        let noted = self
            .commit_counted(interview, move |open| {
                let Slot { zoom, wanted, .. } = &mut open.slot;
                if settle::next(zoom, *wanted, at, can_list) != Step::Ask {
                    return After::Later(at, None);
                }
                let unanswered = matches!(zoom, ZoomMeeting::Asked { .. });
                **zoom = ZoomMeeting::Asked { at };
                if unanswered {
                    possible_orphan(open);
                }
                After::GoOn
            })
            .await?;
        match noted {
            Some(After::GoOn) => {}
            Some(other) => return Ok(other),
            None => {
                let tomorrow = plan::next_utc_day(at);
                return self.again(tomorrow, USED_UP.into()).await;
            }
        }
        failpoint(Point::MeetingNoted);
        let outcome = self.rooms.zoom.create_meeting(who, &plan).await;
        let (wait, answer_by) = (
            self.wait(),
            at.plus_seconds(settle::ANSWER_DEADLINE_SECONDS),
        );
        match outcome {
            Outcome::Done(meeting) => {
                failpoint(Point::MeetingMade);
                self.made(meeting).await
            }
            Outcome::Refused(refusal) => {
                let why = refused(&refusal);
                self.record(move |open| {
                    open.slot.not_made();
                    if *open.slot.zoom == ZoomMeeting::Wanted {
                        *open.slot.zoom = ZoomMeeting::Failed;
                        *open.slot.reason = Some(why.clone());
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Limited { until } => {
                self.again(until, "Zoom limits how often it may be asked".to_owned())
                    .await
            }
            Outcome::NotSent(why) => {
                self.again(wait, format!("Zoom could not be reached: {why}"))
                    .await
            }
            Outcome::Disconnected(unavailable) => {
                self.again(self.without_keys(&unavailable), unavailable.to_string())
                    .await
            }
            Outcome::Lost(why) => {
                let why =
                    format!("Zoom's answer was lost ({why}); it is looked for at {answer_by}");
                self.record(move |_| After::Later(answer_by, Some(why.clone())))
                    .await
            }
        }
    }

    /// Zoom has it: read back next, unless the plan was changed since Zoom was asked.
    pub(super) async fn made(&self, meeting: zoom::ZoomMeeting) -> Result<After, StoreError> {
        let which = self.which;
        self.commit(move |interview| {
            let as_planned = is_as_planned(&meeting, interview);
            if let Some(mut open) = which.open(interview) {
                open.slot.made(kept(&meeting), as_planned);
            }
            After::GoOn
        })
        .await
    }

    /// Zoom did not make it; ask again then.
    pub(super) async fn again(&self, until: Instant, why: String) -> Result<After, StoreError> {
        self.record(move |open| {
            open.slot.not_made();
            match open.slot.zoom {
                ZoomMeeting::Wanted => After::Later(until, Some(why.clone())),
                _ => After::GoOn,
            }
        })
        .await
    }
}
