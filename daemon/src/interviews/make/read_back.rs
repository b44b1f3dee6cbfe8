//! Reading a meeting back: Zoom may have changed what was asked for.

use greenroom_protocol::schedule::FindingCode;

use super::words::{NOT_FOUND_YET, kept, refused};
use super::{After, Try};
use crate::records::interview::{InterviewRecord, MadeMeeting, WayOut, ZoomMeeting};
use crate::store::StoreError;
use crate::zoom::{ConnectionId, Outcome, RefusalReason, WORDS, differences};

impl Try<'_> {
    pub(super) async fn read_back(
        &self,
        who: ConnectionId,
        interview: &InterviewRecord,
        made: MadeMeeting,
    ) -> Result<After, StoreError> {
        let wait = self.wait();
        match self.services.zoom.get_meeting(who, made.id).await {
            Outcome::Done(meeting) => {
                // Where this try did not ask, what Zoom has is taken for what was asked for.
                let asked = self
                    .passcode
                    .clone()
                    .or_else(|| meeting.password.clone())
                    .unwrap_or_default();
                let plan = self.plan(interview, asked).await?;
                let changed = differences(&plan, &meeting);
                let meeting = kept(&meeting, made.told_at);
                self.record(move |open| {
                    if !matches!(open.slot.zoom, ZoomMeeting::Made { .. }) {
                        return After::GoOn;
                    }
                    *open.slot.zoom = ZoomMeeting::Ready {
                        meeting: meeting.clone(),
                    };
                    *open.slot.reason = None;
                    for message in &changed {
                        open.warn(FindingCode::ZoomChanged, message);
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                if let Some(settled) = made.settles_at(self.services.clock.now()) {
                    return self
                        .record(move |_| {
                            After::Later(wait.min(settled), Some(NOT_FOUND_YET.into()))
                        })
                        .await;
                }
                self.record(|open| {
                    if !matches!(open.slot.zoom, ZoomMeeting::Made { .. }) {
                        return After::GoOn;
                    }
                    *open.slot.zoom = ZoomMeeting::Failed {
                        way_out: WayOut::Again,
                    };
                    *open.slot.reason = Some(
                        "the meeting was made, and is gone at Zoom; confirm again to make another"
                            .into(),
                    );
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) => {
                let why = format!("the meeting could not be read back: {}", refused(&refusal));
                self.record(move |open| {
                    if !matches!(open.slot.zoom, ZoomMeeting::Made { .. }) {
                        return After::GoOn;
                    }
                    *open.slot.zoom = ZoomMeeting::Ready {
                        meeting: made.clone(),
                    };
                    open.warn(FindingCode::ZoomChanged, &why);
                    After::GoOn
                })
                .await
            }
            Outcome::Limited { until } => {
                let why = "the meeting is made and yet to be read back: Zoom limits how often it may be asked";
                let until = self.after_limit(until);
                self.record(move |_| After::Later(until, Some(why.into())))
                    .await
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                let why = format!("the meeting is made and yet to be read back: {why}");
                self.record(move |_| After::Later(wait, Some(why.clone())))
                    .await
            }
            Outcome::Disconnected(unavailable) => {
                let until = self.without_keys(&unavailable);
                let why = unavailable.text(&WORDS);
                let why = format!("the meeting is made and yet to be read back: {why}");
                self.record(move |_| After::Later(until, Some(why.clone())))
                    .await
            }
        }
    }
}
