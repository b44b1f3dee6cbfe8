//! How interviewers reply, in figures.

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, MemberId};
use greenroom_protocol::interview::{ReplyFigures, ReplyQuery, ReplyReport};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use crate::access::{RequestContext, Scope};
use crate::index::InterviewFilter;
use crate::interviews::list::visible;
use crate::interviews::view;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Asked;
use crate::services::Services;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Days that are looked back where nobody says.
const USUAL_DAYS: i64 = 90;

/// Interviews read at a time.
const PAGE: usize = 200;

/// How interviewers replied to the invitations that left in a time. A hiring manager reads of the
/// interviews of their own jobs.
pub async fn report(
    services: &Services,
    context: &RequestContext,
    query: ReplyQuery,
) -> Result<ReplyReport, Error> {
    let now = services.clock.now();
    let until = query.until.unwrap_or(now);
    let since = query.since;
    let since = since.unwrap_or(until.plus_minutes(-USUAL_DAYS * 24 * 60));
    if since >= until {
        return Err(Error::usage("The beginning must be before the end").field("since"));
    }
    let counts = |job: &JobId| match context.scope() {
        Scope::All => true,
        Scope::Jobs(jobs, _) => jobs.contains(job),
        Scope::Own(_) | Scope::Nothing => false,
    };
    // Nobody is asked about a time that has passed.
    let filter = InterviewFilter {
        from: Some(since),
        visible: visible(context.scope()),
        ..InterviewFilter::default()
    };
    let mut figures: HashMap<MemberId, Tally> = HashMap::new();
    let mut cursor = None::<String>;
    loop {
        let index = &services.index;
        let page = index.interviews(context.workspace, &filter, cursor.as_deref(), PAGE);
        let page = page.map_err(|error| Error::failed(error.to_string()))?;
        for id in &page.ids {
            let (store, key) = (&services.store, id.to_string());
            let stored = store.get::<InterviewRecord>(&context.space(), &key).await?;
            let Some(interview) = stored.map(|it| it.record).filter(|it| counts(&it.job)) else {
                continue;
            };
            let asked = interview.invitation.asked.iter();
            for asked in asked.filter(|it| since <= it.at && it.at < until) {
                let tally = figures.entry(asked.member).or_default();
                tally.add(asked, &interview, now);
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let named = |member| view::member(services, context.workspace, member);
    let shown = figures.into_iter();
    let shown = shown.map(|(member, tally)| tally.shown(named(member)));
    let mut interviewers: Vec<_> = shown.collect();
    interviewers.sort_by(|one, other| {
        let name = |it: &ReplyFigures| (it.member.name.to_lowercase(), it.member.id);
        name(one).cmp(&name(other))
    });
    Ok(ReplyReport {
        since,
        until,
        interviewers,
    })
}

/// What is counted of one interviewer.
#[derive(Debug, Default)]
struct Tally {
    invitations: u32,
    /// Seconds until each answer.
    answers: Vec<i64>,
    unanswered_seconds: i64,
}

impl Tally {
    fn add(&mut self, asked: &Asked, interview: &InterviewRecord, now: Instant) {
        self.invitations += 1;
        if let Some(answered) = asked.answered_at {
            self.answers.push(answered.since(asked.at).as_secs().max(0));
            return;
        }
        // What is cancelled keeps nobody's time, even where no email about that has left yet.
        let stands = interview.takes_time() || interview.start <= now;
        let ended = asked.ended_at.or((!stands).then_some(asked.at));
        let end = ended.unwrap_or(now).min(asked.start).min(now);
        self.unanswered_seconds += end.since(asked.at).as_secs().max(0);
    }

    fn shown(mut self, member: MemberBrief) -> ReplyFigures {
        self.answers.sort_unstable();
        let within_a_day = self.answers.iter().filter(|it| **it <= DAY_SECONDS);
        ReplyFigures {
            member,
            invitations: self.invitations,
            answered: u32::try_from(self.answers.len()).unwrap_or(u32::MAX),
            within_a_day: u32::try_from(within_a_day.count()).unwrap_or(u32::MAX),
            median_hours: median(&self.answers).map(hours),
            unanswered_hours: hours(self.unanswered_seconds as f64),
        }
    }
}

/// The one in the middle, or between the two there; of sorted seconds.
fn median(sorted: &[i64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)? as f64;
    match sorted.len() % 2 {
        1 => Some(upper),
        _ => Some((*sorted.get(middle - 1)? as f64 + upper) / 2.0),
    }
}

/// Hours with one decimal.
fn hours(seconds: f64) -> f64 {
    (seconds / 360.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        for (sorted, expected) in [
            (&[][..], None),
            (&[5][..], Some(5.0)),
            (&[1, 9][..], Some(5.0)),
            (&[1, 2, 9][..], Some(2.0)),
            (&[1, 2, 4, 90][..], Some(3.0)),
        ] {
            assert_eq!(median(sorted), expected, "{sorted:?}");
        }
        assert_eq!(hours(5400.0), 1.5);
        assert_eq!(hours(100.0), 0.0);
    }
}
