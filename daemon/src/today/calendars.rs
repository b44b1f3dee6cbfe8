//! Calendars of others that can't be relied on any more: the member's own, and for admins
//! everybody's. What they said before stands, so nobody would notice.

use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};
use greenroom_protocol::workspace::MemberBrief;

use super::interview::word;
use crate::access::RequestContext;
use crate::index::FeedRow;
use crate::records::feed::FeedState;
use crate::services::Services;

/// Those that cannot be read before somebody does something, and those that are too old.
pub(super) fn needs(
    services: &Services,
    context: &RequestContext,
    me: &MemberBrief,
    now: Instant,
) -> Vec<NeedsMe> {
    let (index, ws) = (&services.index, context.workspace);
    let feeds = match context.is_admin() {
        true => index.all_feeds(ws),
        false => index.feeds(ws, me.id),
    };
    let need = |row: &FeedRow| {
        let (since, what) = wrong(row, now)?;
        let member = index.member(ws, row.place.member)?;
        let kind = NeedKind::Calendar;
        Some(NeedsMe {
            key: format!("{}:{}", word(kind), row.place.feed),
            kind,
            action: NeedAction::Open,
            urgent: false,
            since,
            due: None,
            who: member.record.name.clone(),
            message: format!("calendar “{}” {what}", row.feed.name),
            candidate: None,
            application: None,
            interview: None,
            email: None,
            member: Some(row.place.member),
            account: None,
            outreach: None,
            proposed: None,
            interviews: None,
        })
    };
    feeds.iter().filter_map(need).collect()
}

/// What is wrong with a calendar, and since when; `None`: it is known, or was only just added.
fn wrong(row: &FeedRow, now: Instant) -> Option<(Instant, String)> {
    if let FeedState::Broken { since, fault } = &row.feed.state {
        return Some((*since, format!("can't be read: {}", fault.why)));
    }
    let calendar = row.calendar();
    let read = calendar.read_at?;
    if calendar.known_until(now).is_some() {
        return None;
    }
    let age = match (now.second() - read.second()) / 3600 {
        hours @ ..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    };
    let why = calendar.fault.map(|why| format!(": {why}"));
    let why = why.unwrap_or_default();
    Some((read, format!("was last read {age} ago{why}")))
}
