//! Calendars of others that can't be relied on any more: the member's own, and for admins
//! everybody's. What they said before stands, so nobody would notice.

use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};
use greenroom_protocol::workspace::MemberBrief;

use super::interview::word;
use crate::access::RequestContext;
use crate::feeds;
use crate::index::FeedRow;
use crate::records::feed::{FeedFrom, FeedState};
use crate::services::Services;

/// Those that cannot be read before somebody does something, and those that are too old.
pub(super) fn needs(
    services: &Services,
    context: &RequestContext,
    me: &MemberBrief,
    now: Instant,
) -> Vec<NeedsMe> {
    let (index, ws) = (&services.index, context.workspace);
    let rows = match context.is_admin() {
        true => index.all_feeds(ws),
        false => index.feeds(ws, me.id),
    };
    let wrong = rows.iter().filter_map(|row| {
        let wrong = wrong(row, now)?;
        index.member(ws, row.place.member)?;
        Some((row, wrong))
    });
    let causes = feeds::by_cause(wrong).into_iter();
    let needs = causes.filter_map(|alike| {
        let count = alike.len();
        let (row, wrong) = alike.into_iter().min_by_key(|(_, it)| it.since)?;
        let kind = NeedKind::Calendar;
        let provider = feeds::company_of(&row.feed.from).filter(|_| count > 1);
        let need = NeedsMe {
            key: format!("{}:{}", word(kind), row.place.feed),
            kind,
            action: NeedAction::Open,
            urgent: false,
            since: wrong.since,
            due: None,
            who: index.member(ws, row.place.member)?.record.name.clone(),
            message: format!("calendar “{}” {}", row.feed.name, wrong.what),
            candidate: None,
            application: None,
            interview: None,
            email: None,
            member: Some(row.place.member),
            account: None,
            outreach: None,
            proposed: None,
            interviews: None,
        };
        let Some(provider) = provider else {
            return Some(need);
        };
        // One account reads them: there is one thing to do.
        Some(NeedsMe {
            key: format!(
                "{}:{}:{}",
                word(kind),
                provider.word(),
                wrong.since.second()
            ),
            who: provider.name().to_owned(),
            message: format!("calendars of {count} members {}", wrong.of_many),
            member: None,
            ..need
        })
    });
    needs.collect()
}

/// What is wrong with a calendar.
struct Wrong {
    since: Instant,
    /// Continues its name.
    what: String,
    /// Continues what names it and others.
    of_many: String,
}

/// What is wrong with a calendar, and since when; `None`: it is known, or was only just added.
fn wrong(row: &FeedRow, now: Instant) -> Option<Wrong> {
    if let FeedState::Broken { since, fault } = &row.feed.state {
        let verb = match (&row.feed.from, row.unread().next()) {
            (FeedFrom::File, _) => "can't be relied on",
            (_, Some(_)) => "can't be read in full",
            (_, None) => "can't be read",
        };
        let what = format!("{verb}: {}", fault.why);
        return Some(Wrong {
            since: *since,
            of_many: what.clone(),
            what,
        });
    }
    let all = std::iter::once(row.calendar()).chain(row.unread());
    let outdated = all.filter(|it| it.known_until(now).is_none());
    let (read, why) = outdated
        .filter_map(|it| Some((it.read_at?, it.fault)))
        .min_by_key(|(read, _)| *read)?;
    let age = match (now.second() - read.second()) / 3600 {
        hours @ ..48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    };
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    let in_full = match row.unread().next() {
        Some(_) => "read in full",
        None => "read",
    };
    Some(Wrong {
        since: read,
        what: format!("was last {in_full} {age} ago{why}"),
        of_many: format!("were last read {age} ago{why}"),
    })
}
