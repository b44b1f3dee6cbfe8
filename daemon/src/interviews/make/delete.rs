//! Deleting a meeting that is wanted no more, or saying that it stays.

use greenroom_protocol::schedule::FindingCode;

use super::words::{NOT_FOUND_YET, possible_orphan, refused};
use super::{After, Try};
use crate::failpoint::{Point, failpoint};
use crate::records::interview::{MadeMeeting, ZoomMeeting};
use crate::store::StoreError;
use crate::zoom::{ConnectionId, Outcome, RefusalReason, Unavailable, WORDS};

impl Try<'_> {
    pub(super) async fn delete(
        &self,
        who: ConnectionId,
        meeting: MadeMeeting,
    ) -> Result<After, StoreError> {
        let wait = self.wait();
        let later =
            |until, why: String| self.record(move |_| After::Later(until, Some(why.clone())));
        let why = match self.services.zoom.delete_meeting(who, meeting.id).await {
            Outcome::Done(()) => {
                failpoint(Point::MeetingDeleted);
                return self.gone().await;
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                // Made a moment ago, it may yet be found: then it would be left behind.
                return match meeting.settles_at(self.services.clock.now()) {
                    Some(until) => later(wait.min(until), NOT_FOUND_YET.into()).await,
                    None => self.gone().await,
                };
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::InProgress => {
                let why = "the meeting is in progress at Zoom; it is deleted when it is over";
                return later(wait, why.into()).await;
            }
            Outcome::Limited { until } => {
                let why = "Zoom limits how often it may be asked";
                return later(self.after_limit(until), why.into()).await;
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                return later(wait, format!("Couldn't delete the Zoom meeting: {why}")).await;
            }
            Outcome::Disconnected(retrying @ Unavailable::Retrying { .. }) => {
                return later(self.without_keys(&retrying), retrying.text(&WORDS)).await;
            }
            Outcome::Disconnected(Unavailable::Stopping) => {
                return later(wait, "the daemon is stopping".into()).await;
            }
            Outcome::Disconnected(unavailable) => unavailable.text(&WORDS),
            Outcome::Refused(refusal) => refused(&refusal),
        };
        let why = format!("the meeting stays at Zoom, because {why}; delete it there");
        self.record(move |open| {
            if open.slot.wanted {
                return After::GoOn;
            }
            *open.slot.zoom = ZoomMeeting::Stays {
                meeting: meeting.clone(),
            };
            *open.slot.reason = Some(why.clone());
            open.warn(FindingCode::MeetingStays, &why);
            After::GoOn
        })
        .await
    }

    pub(super) async fn gone(&self) -> Result<After, StoreError> {
        self.record(|open| {
            // Wanted again meanwhile: it is gone all the same, and another is made.
            *open.slot.zoom = ZoomMeeting::Gone;
            *open.slot.reason = None;
            if open.slot.wanted {
                *open.slot.zoom = ZoomMeeting::Wanted;
            }
            After::GoOn
        })
        .await
    }

    pub(super) async fn give_up(&self) -> Result<After, StoreError> {
        self.record(|open| {
            if !open.slot.wanted {
                possible_orphan(open);
                *open.slot.zoom = ZoomMeeting::Gone;
            }
            After::GoOn
        })
        .await
    }
}
