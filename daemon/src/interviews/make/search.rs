//! Looking for a meeting whose answer was lost, and deleting what was made twice.

use super::words::{kept, mark, possible_orphan, refused};
use super::{After, Try};
use crate::interviews::settle;
use crate::store::StoreError;
use crate::zoom::{Outcome, RefusalReason, Who};

impl Try<'_> {
    pub(super) async fn search(&mut self, who: Who) -> Result<After, StoreError> {
        let (mark, wait) = (mark(self.id), self.wait());
        let later =
            |until, why: String| self.record(move |_| After::Later(until, Some(why.clone())));
        let found = match self.rooms.zoom.find_meetings(who, &mark).await {
            Outcome::Done(found) => found,
            Outcome::Refused(refusal)
                if matches!(refusal.reason, RefusalReason::MissingScope(_)) =>
            {
                self.cannot_list = true;
                return Ok(After::GoOn);
            }
            Outcome::Refused(refusal) => return later(wait, refused(&refusal)).await,
            Outcome::Limited { until } => {
                return later(until, "Zoom limits how often it may be asked".into()).await;
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                return later(wait, format!("look for the meeting at Zoom: {why}")).await;
            }
            Outcome::Disconnected(unavailable) => {
                return later(self.without_keys(&unavailable), unavailable.to_string()).await;
            }
        };
        let Some((first, twins)) = found.split_first() else {
            return self
                .record(|interview| {
                    settle::not_made(interview);
                    After::GoOn
                })
                .await;
        };
        let mut left_over = false;
        for twin in twins {
            match self.rooms.zoom.delete_meeting(who, twin.id).await {
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
        let first = kept(first);
        self.record(move |interview| {
            settle::made(interview, first.clone());
            if left_over {
                possible_orphan(interview);
            }
            After::GoOn
        })
        .await
    }
}
