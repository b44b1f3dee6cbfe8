//! Looking for Zoom's summary of a meeting that is over.
//!
//! A meeting gets another uuid with every instance, and which one has the summary is not said: every uuid that was ever seen is
//! tried, the latest first.

use futures::future::BoxFuture;
use greenroom_protocol::insight::SummaryState;
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::record::InsightRecord;
use super::{INSIGHT_WORK, timing};
use crate::interviews::record::InterviewRecord;
use crate::rooms::Rooms;
use crate::store::{AuditEntry, StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{Outcome, Refusal, RefusalReason, Who};

/// The scope without which no summary may be read.
const SUMMARY_SCOPE: &str = "meeting:read:summary";

/// More of a summary is not kept, in bytes: a record of the store is small.
const LONGEST_SUMMARY: usize = 40_000;

/// The worker that looks for summaries.
pub struct Summaries(pub Rooms);

/// What a try came to.
enum Found {
    Summary(String),
    /// There is none, and asking again cannot help.
    Never(SummaryState, String),
    /// There is none yet; what it is told as if it stays so.
    NotYet(SummaryState, String),
}

impl Worker for Summaries {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = &work.record;
            let stored = self.0.store.get::<InterviewRecord>(space, key).await?;
            let interview = stored.map(|stored| stored.record).filter(has_one);
            let Some(interview) = interview else {
                let done = self
                    .0
                    .store
                    .transact(|tx| async move { WorkRecord::done(&tx, space, INSIGHT_WORK, key) });
                return done.await.map(drop);
            };
            let now = self.0.clock.now();
            let first = timing::first_try(interview.end());
            if first > now {
                let later = self.0.store.transact(|tx| async move {
                    WorkRecord::timer(&tx, space, INSIGHT_WORK, key, first)
                });
                return later.await.map(drop);
            }
            let found = self.look(space, &interview).await;
            self.record(space, key, found, now).await
        })
    }
}

/// Whether a summary can come of it: a meeting of ours that took place, as far as is known.
fn has_one(interview: &InterviewRecord) -> bool {
    let took_place = matches!(
        interview.status,
        InterviewStatus::Confirmed | InterviewStatus::Completed
    );
    took_place && interview.host.is_some() && !interview.uuids.is_empty()
}

impl Summaries {
    async fn look(&self, space: &str, interview: &InterviewRecord) -> Found {
        use SummaryState as S;
        let (Ok(workspace), Some(member)) = (space.parse(), interview.host) else {
            return Found::Never(S::None, "it has no host".into());
        };
        let who = Who { workspace, member };
        let connection = self.0.zoom.status(who).await;
        let granted = connection.ok().and_then(|(record, _)| {
            let grant = record.grant()?;
            Some(grant.allows(SUMMARY_SCOPE))
        });
        if granted == Some(false) {
            let why = "the permission to view a meeting's summary was not granted";
            return Found::Never(S::NotGranted, why.into());
        }
        for uuid in interview.uuids.iter().rev() {
            match self.0.zoom.meeting_summary(who, uuid).await {
                Outcome::Done(text) => return Found::Summary(text),
                Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {}
                Outcome::Refused(refusal) => return refused(&refusal),
                Outcome::Disconnected(unavailable) => {
                    return Found::NotYet(S::NotConnected, unavailable.to_string());
                }
                Outcome::Limited { .. } => {
                    let why = "Zoom limits how often it may be asked";
                    return Found::NotYet(S::Absent, why.into());
                }
                Outcome::NotSent(why) | Outcome::Lost(why) => {
                    return Found::NotYet(S::Absent, why);
                }
            }
        }
        Found::NotYet(S::Absent, "Zoom has no summary of it".into())
    }

    async fn record(
        &self,
        space: &str,
        key: &str,
        found: Found,
        now: Instant,
    ) -> Result<(), StoreError> {
        let found = &found;
        let recorded = self.0.store.transact(|tx| async move {
            let Some(interview) = tx.get::<InterviewRecord>(space, key).await? else {
                return WorkRecord::done(&tx, space, INSIGHT_WORK, key);
            };
            let before = tx.get::<InsightRecord>(space, key).await?;
            let mut insight = before
                .clone()
                .unwrap_or_else(|| InsightRecord::of(interview.application));
            let next = timing::next_try(interview.end(), now);
            let next = match found {
                Found::Summary(text) => {
                    insight.state = SummaryState::Ready;
                    insight.reason = None;
                    insight.summary = Some(kept(text));
                    None
                }
                Found::Never(state, why) => {
                    insight.state = *state;
                    insight.reason = Some(why.clone());
                    None
                }
                Found::NotYet(state, why) => {
                    insight.state = match next {
                        Some(_) => SummaryState::Waiting,
                        None => *state,
                    };
                    insight.reason = Some(why.clone());
                    next
                }
            };
            if before.as_ref() != Some(&insight) {
                tx.put(space, key, &insight)?;
                audit(&tx, space, key, insight.state, now)?;
            }
            match next {
                Some(next) => WorkRecord::timer(&tx, space, INSIGHT_WORK, key, next),
                None => WorkRecord::done(&tx, space, INSIGHT_WORK, key),
            }
        });
        recorded.await.map(drop)
    }
}

/// What Zoom says where a summary cannot be had. Sources: zoom-api §3.7.
fn refused(refusal: &Refusal) -> Found {
    use SummaryState as S;
    match (&refusal.reason, refusal.code) {
        (RefusalReason::MissingScope(_), _) => Found::Never(
            S::NotGranted,
            "the permission to view a meeting's summary was not granted".into(),
        ),
        (_, Some(200)) => Found::Never(
            S::PaidOnly,
            "Zoom makes summaries only for paid plans".into(),
        ),
        (RefusalReason::Forbidden, _) | (_, Some(2305)) => Found::Never(
            S::NotPermitted,
            format!("Zoom does not let it be read: {}", refusal.text),
        ),
        _ => Found::NotYet(S::Absent, format!("Zoom refused: {}", refusal.text)),
    }
}

/// A summary as it is kept: lines without anything that steers a terminal, and no longer than a record may be.
fn kept(text: &str) -> String {
    let mut text: String = crate::input::outside(text);
    if text.len() > LONGEST_SUMMARY {
        let end = (0..=LONGEST_SUMMARY)
            .rev()
            .find(|place| text.is_char_boundary(*place));
        text.truncate(end.unwrap_or(0));
        text.push_str("\n\n(cut here; Zoom has the rest)");
    }
    text
}

fn audit(
    tx: &Tx,
    space: &str,
    key: &str,
    state: SummaryState,
    now: Instant,
) -> Result<(), StoreError> {
    let state = format!("{state:?}").to_lowercase();
    let entry = AuditEntry {
        at: now.timestamp(),
        actor: None,
        acting_as: None,
        source: "worker".to_owned(),
        call: INSIGHT_WORK.to_owned(),
        record: key.to_owned(),
        fields: vec!["summary".to_owned()],
        values: [("state".to_owned(), state)].into(),
    };
    tx.audit(space, &entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_neither_steers_a_terminal_nor_fills_the_store() {
        assert_eq!(
            kept("# Talk\r\n\u{1b}[2J- good\u{202e}\n"),
            "# Talk\n[2J- good\n"
        );
        let long = kept(&"é".repeat(LONGEST_SUMMARY));
        assert!(long.len() < LONGEST_SUMMARY + 100);
        assert!(long.ends_with("(cut here; Zoom has the rest)"));
    }
}
