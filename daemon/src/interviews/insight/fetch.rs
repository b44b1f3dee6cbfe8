//! Looking for Zoom's summary of a meeting that is over.
//!
//! A meeting gets another uuid each time its room is opened, and each of these instances has a
//! summary of its own. They are listed where that is permitted, and tried from the one that began
//! nearest to the booked time: a room that somebody opened beforehand is not the talk. Otherwise
//! every uuid that was ever seen is tried, the latest first.

use futures::future::BoxFuture;
use greenroom_protocol::insight::SummaryState;
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::record::InsightRecord;
use super::{INSIGHT_WORK, news, timing};
use crate::records::interview::InterviewRecord;
use crate::services::Services;
use crate::store::{AuditEntry, StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{ConnectionId, Outcome, Refusal, RefusalReason, WORDS};

/// The scope without which no summary may be read.
const SUMMARY_SCOPE: &str = "meeting:read:summary";

/// The scope without which past instances are not known.
const INSTANCES_SCOPE: &str = "meeting:read:list_past_instances";

/// How long the talk's own summary is waited for before that of another instance is taken, in
/// minutes after the end.
const OWN_SUMMARY_MINUTES: i64 = 60;

/// More of a summary is not kept, in bytes: a record of the store is small.
const LONGEST_SUMMARY: usize = 40_000;

/// The worker that looks for summaries.
pub struct Summaries(pub Services);

/// What a try came to.
enum Found {
    Summary(String),
    /// There is none, and asking again cannot help.
    Never(SummaryState, String),
    /// There is none yet; and what to report if it stays so.
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

/// Whether a summary can come of it: a meeting of ours that was held, as far as is known.
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
        let who = ConnectionId::of_member(workspace, member);
        let connection = self.0.zoom.grants().status(who).await;
        let granted = connection.ok().and_then(|(record, _)| {
            let grant = record.grant()?;
            Some((grant.allows(SUMMARY_SCOPE), grant.allows(INSTANCES_SCOPE)))
        });
        if let Some((false, _)) = granted {
            let why = "the permission to view a meeting's summary was not granted";
            return Found::Never(S::NotGranted, why.into());
        }
        let may_list = granted.is_some_and(|(_, may_list)| may_list);
        let listed = match may_list {
            true => self.instances(who, interview).await,
            false => Ok(Vec::new()),
        };
        let listed = match listed {
            Ok(listed) => listed,
            Err(not_yet) => return not_yet,
        };
        let late = self.0.clock.now() >= interview.end().plus_minutes(OWN_SUMMARY_MINUTES);
        let nearest = listed.first().cloned();
        let mut open = Vec::new();
        let mut never = None;
        for uuid in in_order(listed, &interview.uuids) {
            match self.0.zoom.meeting_summary(who, &uuid).await {
                // Zoom sends a summary that it still writes as an empty one.
                Outcome::Done(text) if text.trim().is_empty() => {
                    open.push("Zoom's summary is still empty");
                }
                Outcome::Done(text) if late || nearest.as_ref().is_none_or(|it| *it == uuid) => {
                    return Found::Summary(text);
                }
                Outcome::Done(_) => open.push("only the summary of another instance is there yet"),
                Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                    open.push("Zoom has no summary of it");
                }
                // One instance may be out of reach while another is not.
                Outcome::Refused(refusal) => match refused(&refusal) {
                    found @ Found::Never(S::NotPermitted, _) => {
                        never.get_or_insert(found);
                    }
                    found => return found,
                },
                Outcome::Disconnected(unavailable) => {
                    return Found::NotYet(S::NotConnected, unavailable.text(&WORDS));
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
        match (open.first(), never) {
            (None, Some(never)) => never,
            (why, _) => {
                let why = why.copied().unwrap_or("Zoom has no summary of it");
                Found::NotYet(S::Absent, missed(why, may_list))
            }
        }
    }

    /// The instances of the interview's meetings, the one that began nearest to the booked time
    /// first.
    async fn instances(
        &self,
        who: ConnectionId,
        interview: &InterviewRecord,
    ) -> Result<Vec<String>, Found> {
        let mut found = Vec::new();
        for meeting in interview.known_meetings() {
            match self.0.zoom.past_instances(who, meeting).await {
                Outcome::Done(instances) => found.extend(instances),
                // Nobody has opened the room, or the grant says more than Zoom lets: what was seen
                // is tried all the same.
                Outcome::Refused(_) => {}
                Outcome::Disconnected(unavailable) => {
                    let why = unavailable.text(&WORDS);
                    return Err(Found::NotYet(SummaryState::NotConnected, why));
                }
                Outcome::Limited { .. } => {
                    let why = "Zoom limits how often it may be asked";
                    return Err(Found::NotYet(SummaryState::Absent, why.into()));
                }
                Outcome::NotSent(why) | Outcome::Lost(why) => {
                    return Err(Found::NotYet(SummaryState::Absent, why));
                }
            }
        }
        found.sort_by_key(|instance| match instance.start_time {
            Some(start) => start.since(interview.start).as_secs().abs(),
            None => i64::MAX,
        });
        Ok(found.into_iter().map(|instance| instance.uuid).collect())
    }

    async fn record(
        &self,
        space: &str,
        key: &str,
        found: Found,
        now: Instant,
    ) -> Result<(), StoreError> {
        let (found, index) = (&found, &self.0.index);
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
                if matches!(found, Found::Summary(_)) {
                    let concerned = news::concerned(index, space, &interview);
                    news::announce(&tx, space, key, &concerned, None, now).await?;
                }
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

/// What is tried, each once: the instances that Zoom lists, then what was seen, the latest first.
fn in_order(listed: Vec<String>, seen: &[String]) -> Vec<String> {
    let mut order = listed;
    for uuid in seen.iter().rev() {
        if !order.contains(uuid) {
            order.push(uuid.clone());
        }
    }
    order
}

/// Why there is none, and what may have been missed.
fn missed(why: &str, may_list: bool) -> String {
    match may_list {
        true => why.to_owned(),
        false => format!(
            "{why}; if the room was opened more than once, it is only found with the permission {INSTANCES_SCOPE}"
        ),
    }
}

/// What Zoom says where a summary cannot be had. Source: `zoom/README.md`, "Meetings".
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
        _ => Found::NotYet(S::Absent, refusal.sentence()),
    }
}

/// A summary as it is kept: lines without anything that steers a terminal, and no longer than a
/// record may be.
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
