//! RequestContext Zoom to make a meeting, noted before it is asked.

use greenroom_protocol::time::Instant;

use super::update::USED_UP;
use super::words::{is_as_planned, kept, possible_orphan, refused, way_out};
use super::{After, Try};
use crate::failpoint::{Point, failpoint};
use crate::interviews::meeting_state::{self, Slot, Step};
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::store::StoreError;
use crate::zoom::{self, ConnectionId, Outcome, WORDS, passcode, plan};

impl Try<'_> {
    pub(super) async fn ask(
        &mut self,
        who: ConnectionId,
        interview: &InterviewRecord,
    ) -> Result<After, StoreError> {
        if let Err(unavailable) = self.services.zoom.grants().ready(who).await {
            let until = self.without_keys(&unavailable);
            let why = unavailable.text(&WORDS);
            return self
                .record(move |_| After::Later(until, Some(why.clone())))
                .await;
        }
        let rules = self.services.zoom.passcode_rules(who);
        let Ok(passcode) = passcode::fresh(rules) else {
            let until = self.wait();
            return self
                .record(move |_| After::Later(until, Some("no randomness from the system".into())))
                .await;
        };
        let plan = self.plan(interview, passcode.clone()).await?;
        self.passcode = Some(passcode);
        let (at, can_list) = (self.services.clock.now(), self.can_list(who).await?);
        let noted = self
            .commit_counted(interview, move |open| {
                let Slot { zoom, wanted, .. } = &mut open.slot;
                if meeting_state::next(zoom, *wanted, at, can_list) != Step::Ask {
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
                return self
                    .record(move |_| After::Later(tomorrow, Some(USED_UP.into())))
                    .await;
            }
        }
        failpoint(Point::MeetingNoted);
        let outcome = self.services.zoom.create_meeting(who, &plan).await;
        let (wait, answer_by) = (
            self.wait(),
            at.plus_seconds(meeting_state::ANSWER_DEADLINE_SECONDS),
        );
        match outcome {
            Outcome::Done(meeting) => {
                failpoint(Point::MeetingMade);
                self.made(meeting).await
            }
            Outcome::Refused(refusal) => {
                // Once: rules that a second passcode breaks too are none that are understood here.
                if !self.passcode_refused
                    && let Some(other) = rules.instead(&refusal.fields)
                {
                    self.passcode_refused = true;
                    self.services.zoom.set_passcode_rules(who, other);
                    return self
                        .record_uncounted(interview, at, |open| {
                            open.slot.not_made();
                            After::GoOn
                        })
                        .await;
                }
                let (why, way_out) = (refused(&refusal), way_out(&refusal));
                self.record_uncounted(interview, at, move |open| {
                    open.slot.not_made();
                    if *open.slot.zoom == ZoomMeeting::Wanted {
                        *open.slot.zoom = ZoomMeeting::Failed { way_out };
                        *open.slot.reason = Some(why.clone());
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Limited { until } => {
                let why = "Zoom limits how often it may be asked".to_owned();
                self.again(interview, at, self.after_limit(until), why)
                    .await
            }
            Outcome::NotSent(why) => {
                let why = format!("Zoom could not be reached: {why}");
                self.again(interview, at, wait, why).await
            }
            Outcome::Disconnected(unavailable) => {
                let until = self.without_keys(&unavailable);
                self.again(interview, at, until, unavailable.text(&WORDS))
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
        let (which, told_at) = (self.which, Some(self.services.clock.now()));
        self.commit(move |interview| {
            let as_planned = is_as_planned(&meeting, interview);
            if let Some(mut open) = which.open(interview) {
                open.slot.made(kept(&meeting, told_at), as_planned);
            }
            After::GoOn
        })
        .await
    }

    /// Zoom was asked at `at` and did not make it; ask again then.
    async fn again(
        &self,
        interview: &InterviewRecord,
        at: Instant,
        until: Instant,
        why: String,
    ) -> Result<After, StoreError> {
        self.record_uncounted(interview, at, move |open| {
            open.slot.not_made();
            match open.slot.zoom {
                ZoomMeeting::Wanted => After::Later(until, Some(why.clone())),
                _ => After::GoOn,
            }
        })
        .await
    }
}
