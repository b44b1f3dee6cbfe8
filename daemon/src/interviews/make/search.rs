//! Looking for a meeting whose answer was lost, and deleting what was made twice.

use super::words::{mark, possible_orphan, refused};
use super::{After, Try};
use crate::records::interview::InterviewRecord;
use crate::store::StoreError;
use crate::zoom::{ConnectionId, Outcome, RefusalReason, WORDS};

impl Try<'_> {
    pub(super) async fn search(
        &mut self,
        who: ConnectionId,
        interview: &InterviewRecord,
    ) -> Result<After, StoreError> {
        let (mark, wait) = (mark(self.id), self.wait());
        let later =
            |until, why: String| self.record(move |_| After::Later(until, Some(why.clone())));
        let found = match self.services.zoom.find_meetings(who, &mark).await {
            Outcome::Done(found) => found,
            Outcome::Refused(refusal)
                if matches!(refusal.reason, RefusalReason::MissingScope(_)) =>
            {
                self.cannot_list.push(who);
                return Ok(After::GoOn);
            }
            Outcome::Refused(refusal) => return later(wait, refused(&refusal)).await,
            Outcome::Limited { until } => {
                let why = "Zoom limits how often it may be asked";
                return later(self.after_limit(until), why.into()).await;
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                return later(wait, format!("Couldn't look for the Zoom meeting: {why}")).await;
            }
            Outcome::Disconnected(unavailable) => {
                return later(self.without_keys(&unavailable), unavailable.text(&WORDS)).await;
            }
        };
        // The mark is the interview's: one that stands at this host under the same mark and is
        // known is another one.
        let known: Vec<_> = interview.known_meetings().collect();
        let found: Vec<_> = found
            .into_iter()
            .filter(|meeting| !known.contains(&meeting.id))
            .collect();
        let Some((first, twins)) = found.split_first() else {
            let which = self.which;
            return self
                .commit(move |interview| {
                    // Nobody was invited to what was never made.
                    interview.invitation.in_doubt = false;
                    if let Some(open) = which.open(interview) {
                        let mut slot = open.slot;
                        slot.not_made();
                    }
                    After::GoOn
                })
                .await;
        };
        let mut left_over = false;
        for twin in twins {
            match self.services.zoom.delete_meeting(who, twin.id).await {
                Outcome::Done(()) => {}
                Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {}
                Outcome::Refused(_) => left_over = true,
                _ => {
                    return later(
                        wait,
                        "a second meeting of this interview is to be deleted at Zoom".into(),
                    )
                    .await;
                }
            }
        }
        if left_over {
            self.record(|open| {
                possible_orphan(open);
                After::GoOn
            })
            .await?;
        }
        self.made(first.clone()).await
    }
}
