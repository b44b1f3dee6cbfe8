//! Owns what calendars of others say of members, by member, feed and UTC week. Invariant: as of the
//! last commit that was acknowledged; a week is never changed in place. Must not decide whether a
//! feed is too old.

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::id::{FeedId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::Index;
use crate::records::feed::{FeedPlace, FeedRecord, FeedWeek};
use crate::schedule::busy::{Busy, Interval, OtherCalendar, weeks};

/// The feeds of a workspace.
#[derive(Default)]
pub(super) struct Elsewhere {
    feeds: BTreeMap<MemberId, BTreeMap<FeedId, Arc<FeedRecord>>>,
    weeks: BTreeMap<FeedWeek, Arc<[Interval]>>,
}

impl Elsewhere {
    pub(super) fn set_feed(&mut self, place: FeedPlace, feed: Option<FeedRecord>) {
        let of_member = self.feeds.entry(place.member).or_default();
        match feed {
            Some(feed) => of_member.insert(place.feed, Arc::new(feed)),
            None => of_member.remove(&place.feed),
        };
    }

    pub(super) fn set_week(&mut self, week: FeedWeek, spans: Option<Arc<[Interval]>>) {
        match spans {
            Some(spans) => self.weeks.insert(week, spans),
            None => self.weeks.remove(&week),
        };
    }

    fn of(&self, member: MemberId) -> impl Iterator<Item = (FeedPlace, &Arc<FeedRecord>)> {
        let feeds = self.feeds.get(&member).into_iter().flatten();
        feeds.map(move |(feed, record)| {
            let feed = *feed;
            (FeedPlace { member, feed }, record)
        })
    }

    /// What all feeds of a member say between two moments, beside what is taken here.
    fn beside(&self, member: MemberId, busy: Busy, (start, end): (Instant, Instant)) -> Busy {
        let (first, last) = weeks(start, end).into_inner();
        let of_feed = |busy: Busy, (place, feed): (FeedPlace, &Arc<FeedRecord>)| {
            let week = |week| FeedWeek { place, week };
            let found = self.weeks.range(week(first)..=week(last));
            let found = found.map(|(of, spans)| (of.week, spans.clone()));
            let calendar = OtherCalendar {
                name: feed.name.clone(),
                read_at: feed.read_at,
                known_to: feed.known_to,
            };
            busy.beside(calendar, found)
        };
        self.of(member).fold(busy, of_feed)
    }
}

impl Index {
    /// What is taken of a member here, and what their calendars elsewhere say, between two moments.
    #[must_use]
    pub fn with_elsewhere(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        busy: Busy,
        while_: (Instant, Instant),
    ) -> Busy {
        let state = self.read();
        match state.space(ws) {
            Some(space) => space.elsewhere.beside(member, busy, while_),
            None => busy,
        }
    }

    /// A member's calendars elsewhere, the oldest first.
    #[must_use]
    pub fn feeds(&self, ws: WorkspaceId, member: MemberId) -> Vec<(FeedPlace, Arc<FeedRecord>)> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let feeds = space.elsewhere.of(member);
        feeds.map(|(place, feed)| (place, feed.clone())).collect()
    }
}
