//! Summaries and notes that somebody has not opened.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use super::interview::word;
use super::words::Clock;
use crate::access::RequestContext;
use crate::interviews;
use crate::services::Services;

/// How long something is new, in minutes.
const NEW_FOR: i64 = 30 * 24 * 60;

/// Insights that are read, the newest.
const MOST_READ: usize = 100;

/// What is new to the member, of interviews they may see.
pub(super) async fn needs(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    clock: &Clock,
) -> Result<Vec<NeedsMe>, Error> {
    let (index, ws) = (&services.index, context.workspace);
    let new = index.new_insights(ws, me, clock.now.plus_minutes(-NEW_FOR));
    let new = new.into_iter();
    let seen = new.filter(|(id, _)| interviews::sees(services, context, *id));
    let seen: Vec<_> = seen.take(MOST_READ).collect();
    let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
    let interviews = interviews::of_ids(services, ws, &ids).await?;
    let name = |id: MemberId| index.member(ws, id).map(|row| row.record.name.clone());
    let needs = interviews.into_iter().filter_map(|interview| {
        let (_, news) = seen.iter().find(|(id, _)| *id == interview.id)?;
        let day = clock.past_day(interview.start);
        let stage = &interview.stage_name;
        let message = match news.notes_by.and_then(name) {
            Some(by) => format!("{by} wrote notes on {stage}, {day}"),
            None => format!("Zoom's summary of {stage}, {day} is here"),
        };
        Some(NeedsMe {
            key: format!("{}:{}", word(NeedKind::NewInsight), interview.id),
            kind: NeedKind::NewInsight,
            action: NeedAction::ReadInsight,
            urgent: false,
            since: news.at,
            due: None,
            who: interview.candidate.name,
            message,
            candidate: Some(interview.candidate.id),
            application: Some(interview.application),
            interview: Some(interview.id),
            email: None,
            member: news.notes_by,
            account: None,
            outreach: None,
            proposed: None,
            interviews: None,
        })
    });
    Ok(needs.collect())
}
