//! Tells Zoom how a meeting is to be now. Its link stays. May be repeated without harm, so a lost
//! answer is no doubt.

use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::words::{NOT_FOUND_YET, refused};
use super::{After, Try};
use crate::failpoint::{Point, failpoint};
use crate::records::interview::{InterviewRecord, MadeMeeting, ZoomMeeting};
use crate::store::StoreError;
use crate::zoom::{ConnectionId, Outcome, RefusalReason, Unavailable, WORDS};

/// How long people wait for Zoom to have a change, in minutes, before they read that it does not.
const PATIENCE: i64 = 10;

pub(super) const USED_UP: &str = "Zoom takes no more changes of this host's meetings today";

impl Try<'_> {
    pub(super) async fn update(
        &mut self,
        who: ConnectionId,
        interview: &InterviewRecord,
        meeting: MadeMeeting,
        settings: bool,
    ) -> Result<After, StoreError> {
        if let Err(unavailable) = self.services.zoom.grants().ready(who).await {
            return self.without_zoom(meeting, unavailable).await;
        }
        let counted = self.commit_counted(interview, |_| After::GoOn).await?;
        if counted.is_none() {
            return self.untold(meeting, USED_UP).await;
        }
        // Zoom keeps the passcode of a meeting that is changed; only what differs is said.
        let plan = self.plan(interview, String::new()).await?;
        let (wait, now) = (self.wait(), self.services.clock.now());
        // Zoom took nothing, so nothing is counted.
        let later = |until, why: String| {
            self.record_uncounted(interview, now, move |_| {
                After::Later(until, Some(why.clone()))
            })
        };
        match self
            .services
            .zoom
            .update_meeting(who, meeting.id, &plan, settings)
            .await
        {
            Outcome::Done(()) => {
                failpoint(Point::MeetingChanged);
                // A change made meanwhile is sent next.
                let told = (plan.start, plan.minutes, plan.notes);
                let told_at = Some(self.services.clock.now());
                self.commit(move |interview| {
                    let now = (
                        interview.start,
                        interview.duration_minutes,
                        interview.zoom_notes,
                    );
                    if now == told && matches!(interview.meeting.zoom, ZoomMeeting::Outdated { .. })
                    {
                        let meeting = MadeMeeting {
                            told_at,
                            ..meeting.clone()
                        };
                        interview.meeting.zoom = ZoomMeeting::Made { meeting };
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                // Another meeting would have another link, and this one may be there in a moment.
                if let Some(until) = meeting.settles_at(self.services.clock.now()) {
                    return later(wait.min(until), NOT_FOUND_YET.into()).await;
                }
                self.record_uncounted(interview, now, |open| {
                    if matches!(open.slot.zoom, ZoomMeeting::Outdated { .. }) {
                        open.slot.not_made();
                        let why =
                            "the meeting was gone at Zoom: another is made, with another link";
                        open.warn(FindingCode::ZoomChanged, why);
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) => {
                self.uncounted(interview, now).await?;
                self.untold(meeting, &refused(&refusal)).await
            }
            Outcome::Disconnected(unavailable) => {
                self.uncounted(interview, now).await?;
                self.without_zoom(meeting, unavailable).await
            }
            Outcome::Limited { until }
                if until > self.services.clock.now().plus_minutes(PATIENCE) =>
            {
                self.uncounted(interview, now).await?;
                self.untold(meeting, USED_UP).await
            }
            Outcome::Limited { until } => {
                let why = "Zoom limits how often it may be asked";
                later(self.after_limit(until), why.into()).await
            }
            Outcome::NotSent(why) => later(wait, format!("Couldn't update Zoom: {why}")).await,
            Outcome::Lost(why) => {
                let why = format!("Couldn't update Zoom: {why}");
                self.record(move |_| After::Later(wait, Some(why.clone())))
                    .await
            }
        }
    }

    /// Zoom did not take what was counted at `at`.
    async fn uncounted(
        &self,
        interview: &InterviewRecord,
        at: Instant,
    ) -> Result<After, StoreError> {
        self.record_uncounted(interview, at, |_| After::GoOn).await
    }

    async fn without_zoom(
        &self,
        meeting: MadeMeeting,
        unavailable: Unavailable,
    ) -> Result<After, StoreError> {
        if let Unavailable::Retrying { .. } | Unavailable::Stopping = unavailable {
            let (until, why) = (self.without_keys(&unavailable), unavailable.text(&WORDS));
            return self
                .record(move |_| After::Later(until, Some(why.clone())))
                .await;
        }
        self.untold(meeting, &unavailable.text(&WORDS)).await
    }

    /// Zoom goes on showing the former plan. The link works at any time, so nobody has to wait for
    /// that.
    async fn untold(&self, meeting: MadeMeeting, why: &str) -> Result<After, StoreError> {
        let why = outdated(why);
        self.record(move |open| {
            if matches!(open.slot.zoom, ZoomMeeting::Outdated { .. }) {
                *open.slot.zoom = ZoomMeeting::Ready {
                    meeting: meeting.clone(),
                };
                open.warn(FindingCode::MeetingOutdated, &why);
            }
            After::GoOn
        })
        .await
    }
}

/// What people read where Zoom cannot be given a change.
pub(in crate::interviews) fn outdated(why: &str) -> String {
    format!("Zoom still shows it as it was before, because {why}; the link works all the same")
}
