//! A member's day: what is next, what needs them, and which candidates wait too long.
//!
//! Owns who is responsible for what is open (`mine`), what of an interview needs somebody
//! (`interview` ★), what else does (`emails`, `connections`, `accounts`, `calendars`, `insights`,
//! `outreaches`), who waits (`waiting`), and the order of all that (`order` ★). Invariants: everything here is worked out from the records as
//! they are, so nothing has to be ticked off; nobody hears of what they may not see; a call costs as
//! much as the caller's own upcoming interviews, the unread emails and the stages of the workspace,
//! never as much as is stored. Must not change anything.
//!
//! ★ pure

mod accounts;
mod calendars;
mod connections;
mod emails;
mod insights;
mod interview;
mod mine;
mod order;
mod outreaches;
mod waiting;
mod words;

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{
    Badges, NeedKind, NeedsMe, Today, TodayQuery, Upcoming, WAITING_DAYS,
};
use jiff::tz::TimeZone;

use self::words::Clock;
use crate::access::RequestContext;
use crate::index::Mine;
use crate::input;
use crate::interviews;
use crate::services::Services;

/// Upcoming interviews that are shown: their records are large, and nobody has more in two days.
const MOST_NEXT: usize = 50;

/// Interviews whose records are read to see what is open, the soonest first. Only those that may be
/// are counted.
const MOST_OPEN: usize = 300;

/// The caller's day.
///
/// # Errors
/// `usage` where the zone is unknown or the days are out of range.
pub async fn today(
    services: &Services,
    context: &RequestContext,
    query: TodayQuery,
) -> Result<Today, Error> {
    let me = context.member()?;
    let zone = match query.zone.as_deref() {
        Some(zone) => input::zone("zone", zone)?,
        None => me.zone.clone(),
    };
    let waiting_days = query.waiting_days.unwrap_or(WAITING_DAYS);
    if !(1..=365).contains(&waiting_days) {
        return Err(Error::usage("Enter 1 to 365 days").field("waiting_days"));
    }
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let clock = Clock::new(services.clock.now(), zone);
    let plans = mine::plans(services, context, me.brief.id, clock.now);

    let next: Vec<&Mine> = plans.next(clock.until()).collect();
    let open = plans.open().take(MOST_OPEN);
    let read = read(services, context, &next, open).await?;
    let mut needs = Vec::new();
    for plan in plans.open() {
        let Some(interview) = read.get(&plan.id) else {
            continue;
        };
        // What the candidate is sent times for needs nobody else.
        let is_moved = outreaches::moves(services, context, interview);
        let asked = |need: &NeedsMe| need.kind == NeedKind::ProposedTime;
        let open = interview::needs(interview, &clock).into_iter();
        needs.extend(open.filter(|need| !(is_moved && asked(need))));
    }
    let connections = connections::depended_on(services, context, &plans).await?;
    needs.extend(connections::needs(
        context,
        me.brief.id,
        &connections,
        &clock,
    ));
    needs.extend(connections::approved(services, context, &me.brief).await?);
    needs.extend(accounts::needs(services, context, &me.brief, &clock).await?);
    needs.extend(calendars::needs(services, context, &me.brief, clock.now));
    let (emails, more) = emails::needs(services, context, me.brief.id, &clock).await?;
    needs.extend(emails);
    needs.extend(insights::needs(services, context, me.brief.id, &clock).await?);
    let outreaches = outreaches::needs(services, context, me.brief.id).await?;
    let assistant = outreaches.len() as u64;
    needs.extend(outreaches);
    let emails = needs.iter().filter(|need| need.email.is_some());
    let oldest_email = emails.map(|need| need.since).min();
    let (needs_me, needs_me_total) = order::ordered(needs);
    let needs_me_total = needs_me_total + more;

    let shown = next.iter().take(MOST_NEXT);
    let shown = shown.filter_map(|plan| {
        let interview = read.get(&plan.id)?.clone();
        let note = interview::note(&interview, &clock);
        Some(Upcoming { interview, note })
    });
    let (waiting, waiting_total) = waiting::waiting(services, context, waiting_days, clock.now);
    Ok(Today {
        at: clock.now,
        until: clock.until(),
        next: shown.collect(),
        next_total: next.len() as u64,
        needs_me,
        needs_me_total,
        waiting,
        waiting_days,
        waiting_total,
        connections,
        badges: Badges {
            today: needs_me_total,
            assistant,
        },
        oldest_email,
    })
}

/// The records that are shown or looked through, each once.
async fn read(
    services: &Services,
    context: &RequestContext,
    next: &[&Mine],
    open: impl Iterator<Item = &Mine>,
) -> Result<HashMap<InterviewId, Interview>, Error> {
    let shown = next.iter().take(MOST_NEXT).map(|plan| plan.id);
    let mut ids: Vec<InterviewId> = shown.chain(open.map(|plan| plan.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let read = interviews::of_ids(services, context.workspace, &ids).await?;
    Ok(read.into_iter().map(|it| (it.id, it)).collect())
}

/// Whether a moment is within a day.
fn is_urgent(due: Instant, now: Instant) -> bool {
    due <= now.plus_minutes(24 * 60)
}
