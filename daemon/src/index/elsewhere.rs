//! Owns what calendars of others say of members, by member, feed and UTC week. Invariant: as of the
//! last commit that was acknowledged; a week is never changed in place. Must not decide whether a
//! feed is too old.

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::id::{FeedId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::Index;
use crate::records::feed::{FeedFrom, FeedPlace, FeedRecord, FeedWeek, ReadRecord};
use crate::schedule::busy::{Busy, Interval, OtherCalendar, weeks};

/// How long a file that was given once is good for, in seconds: two weeks, within which most
/// interviews are held that are being scheduled.
const FILE_IS_GOOD_FOR: i64 = 14 * 24 * 3600;

/// How long what is read every quarter of an hour is good for, in seconds: a server may be away for
/// a while.
const READING_IS_GOOD_FOR: i64 = 2 * 3600;

/// The feeds of a workspace.
#[derive(Default)]
pub(super) struct Elsewhere {
    feeds: BTreeMap<MemberId, BTreeMap<FeedId, Kept>>,
    weeks: BTreeMap<FeedWeek, Arc<[Interval]>>,
}

/// The two records of a feed; of one being removed there may be only the second.
#[derive(Default)]
struct Kept {
    feed: Option<Arc<FeedRecord>>,
    read: Option<Arc<ReadRecord>>,
}

/// A feed as it is shown and judged.
#[derive(Debug, Clone)]
pub struct FeedRow {
    /// Whose and which.
    pub place: FeedPlace,
    /// What was decided about it.
    pub feed: Arc<FeedRecord>,
    /// What came of the last time it was read; `None`: it never was.
    pub read: Option<Arc<ReadRecord>>,
}

impl FeedRow {
    /// As the predicate takes it.
    #[must_use]
    pub fn calendar(&self) -> OtherCalendar {
        let good_for = match &self.feed.from {
            FeedFrom::File | FeedFrom::Unknown => FILE_IS_GOOD_FOR,
            FeedFrom::Url { .. } | FeedFrom::CalDav { .. } => READING_IS_GOOD_FOR,
        };
        let read = self.read.as_deref();
        OtherCalendar {
            name: self.feed.name.clone(),
            read_at: read.map(|it| it.read_at),
            known_to: read.map_or(self.feed.added_at, |it| it.known_to),
            good_for,
            fault: self.feed.state.fault().map(|it| it.why.clone()),
        }
    }
}

impl Elsewhere {
    pub(super) fn set_feed(&mut self, place: FeedPlace, feed: Option<FeedRecord>) {
        self.kept(place, |kept| kept.feed = feed.map(Arc::new));
    }

    pub(super) fn set_read(&mut self, place: FeedPlace, read: Option<ReadRecord>) {
        self.kept(place, |kept| kept.read = read.map(Arc::new));
    }

    fn kept(&mut self, place: FeedPlace, change: impl FnOnce(&mut Kept)) {
        let of_member = self.feeds.entry(place.member).or_default();
        let kept = of_member.entry(place.feed).or_default();
        change(kept);
        if kept.feed.is_none() && kept.read.is_none() {
            of_member.remove(&place.feed);
        }
        if of_member.is_empty() {
            self.feeds.remove(&place.member);
        }
    }

    pub(super) fn set_week(&mut self, week: FeedWeek, spans: Option<Arc<[Interval]>>) {
        match spans {
            Some(spans) => self.weeks.insert(week, spans),
            None => self.weeks.remove(&week),
        };
    }

    fn of(&self, member: MemberId) -> impl Iterator<Item = FeedRow> {
        let feeds = self.feeds.get(&member).into_iter().flatten();
        feeds.filter_map(move |(feed, kept)| {
            let feed = *feed;
            Some(FeedRow {
                place: FeedPlace { member, feed },
                feed: kept.feed.clone()?,
                read: kept.read.clone(),
            })
        })
    }

    /// What all feeds of a member say between two moments, beside what is taken here.
    fn beside(&self, member: MemberId, busy: Busy, (start, end): (Instant, Instant)) -> Busy {
        let (first, last) = weeks(start, end).into_inner();
        let of_feed = |busy: Busy, row: FeedRow| {
            let place = row.place;
            let week = |week| FeedWeek { place, week };
            let found = self.weeks.range(week(first)..=week(last));
            let found = found.map(|(of, spans)| (of.week, spans.clone()));
            busy.beside(row.calendar(), found)
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
    pub fn feeds(&self, ws: WorkspaceId, member: MemberId) -> Vec<FeedRow> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        space.elsewhere.of(member).collect()
    }

    /// One of them.
    #[must_use]
    pub fn feed(&self, ws: WorkspaceId, place: FeedPlace) -> Option<FeedRow> {
        let mut feeds = self.feeds(ws, place.member).into_iter();
        feeds.find(|it| it.place == place)
    }

    /// Every calendar elsewhere of a workspace, by member.
    #[must_use]
    pub fn all_feeds(&self, ws: WorkspaceId) -> Vec<FeedRow> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let members = space.elsewhere.feeds.keys();
        let rows = members.flat_map(|member| space.elsewhere.of(*member));
        rows.collect()
    }
}
