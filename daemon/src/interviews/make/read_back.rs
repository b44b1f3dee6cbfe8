//! Reading a meeting back: Zoom may have changed what was asked for.

use greenroom_protocol::schedule::FindingCode;

use super::words::{NOT_FOUND_YET, kept, refused};
use super::{After, Try};
use crate::records::interview::{InterviewRecord, MadeMeeting, WayOut, ZoomMeeting};
use crate::store::StoreError;
use crate::zoom::{
    ConnectionId, HostNotes, NoNotes, Outcome, RefusalReason, WORDS, differences, refuses_notes,
};

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
                let without_notes = refuses_notes(&plan, &meeting);
                let meeting = kept(&meeting, made.told_at);
                if plan.notes && meeting.writes_notes.is_some() {
                    self.learn_of_notes(interview, !without_notes).await?;
                }
                let notes = match without_notes {
                    true => Some(NoNotes::NotTaken.text(&self.host_name(who))),
                    false => None,
                };
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
                    // Zoom's own word, in the place of what was expected.
                    let code = FindingCode::NoZoomNotes;
                    open.warnings.retain(|it| it.code != code || without_notes);
                    let is_said = open.warnings.iter().any(|it| it.code == code);
                    if let Some(why) = notes.as_ref().filter(|_| !is_said) {
                        open.warn(code, why);
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

    /// Keeps for the next booking whether this host's Zoom turned notes on.
    async fn learn_of_notes(
        &self,
        interview: &InterviewRecord,
        taken: bool,
    ) -> Result<(), StoreError> {
        let Some(host) = &interview.host_zoom_id else {
            return Ok(());
        };
        let (store, now) = (&self.services.store, self.services.clock.now());
        HostNotes::learn(store, self.space, host, taken, now).await
    }

    fn host_name(&self, who: ConnectionId) -> String {
        let member = who.member();
        let row = member.and_then(|member| self.services.index.member(who.workspace, member));
        row.map_or_else(|| "The host".to_owned(), |row| row.record.name.clone())
    }
}
