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
use crate::schedule::ranges::{Seconds, without};

/// How long a file that was given once is good for, in seconds: two weeks, within which most
/// interviews are held that are being scheduled.
const FILE_IS_GOOD_FOR: i64 = 14 * 24 * 3600;

/// How long what is read every quarter of an hour is good for, in seconds: a server may be away for
/// a while.
const READING_IS_GOOD_FOR: i64 = 2 * 3600;

/// What cannot be relied on however new it is.
const NOT_AT_ALL: i64 = -1;

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
            // It is read by nobody again, so what is wrong with it is wrong now.
            FeedFrom::File if self.feed.state.fault().is_some() => NOT_AT_ALL,
            FeedFrom::File | FeedFrom::Unknown => FILE_IS_GOOD_FOR,
            FeedFrom::Url { .. }
            | FeedFrom::CalDav { .. }
            | FeedFrom::Colleague { .. }
            | FeedFrom::Google
            | FeedFrom::Microsoft => READING_IS_GOOD_FOR,
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

impl FeedRow {
    /// Those of its calendars that could not be read when the others were: what they said stands
    /// among the feed's spans, and is as old as they are.
    pub fn unread(&self) -> impl Iterator<Item = OtherCalendar> {
        let parts = self.read.iter().flat_map(|it| &it.unread);
        parts.map(|part| OtherCalendar {
            name: format!("{}: {}", self.feed.name, part.name),
            read_at: part.read_at,
            known_to: part.known_to,
            good_for: READING_IS_GOOD_FOR,
            fault: Some(part.fault.why.clone()),
        })
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

    /// What all feeds of a member say between two moments, beside what is taken here. Those that
    /// merge what they say are not believed about `own`, the times of the interview that is judged:
    /// what they say there is that interview itself.
    fn beside(
        &self,
        member: MemberId,
        busy: Busy,
        (start, end): (Instant, Instant),
        own: &[Seconds],
    ) -> Busy {
        let (first, last) = weeks(start, end).into_inner();
        let of_feed = |busy: Busy, row: FeedRow| {
            let place = row.place;
            let week = |week| FeedWeek { place, week };
            let found = self.weeks.range(week(first)..=week(last));
            let own = match row.read.as_ref().is_some_and(|it| it.merges) {
                true => own,
                false => &[],
            };
            let found = found.map(|(of, spans)| (of.week, cut(spans, own)));
            let busy = busy.beside(row.calendar(), found);
            row.unread()
                .fold(busy, |busy, part| busy.beside(part, std::iter::empty()))
        };
        self.of(member).fold(busy, of_feed)
    }
}

/// The spans without what of them is in `own`, which is in order and apart.
fn cut(spans: &Arc<[Interval]>, own: &[Seconds]) -> Arc<[Interval]> {
    let whole = |it: &Interval| it.start.second()..it.end.second();
    let touches = |it: &Interval| {
        let it = whole(it);
        own.iter()
            .any(|own| own.start < it.end && it.start < own.end)
    };
    if !spans.iter().any(touches) {
        return spans.clone();
    }
    let left = |it: &Interval| {
        let (it, parts) = (*it, without(&[whole(it)], own));
        parts.into_iter().map(move |part| Interval {
            start: Instant::from_second(part.start),
            end: Instant::from_second(part.end),
            ..it
        })
    };
    spans.iter().flat_map(left).collect()
}

impl Index {
    /// What is taken of a member here, and what their calendars elsewhere say, between two moments;
    /// `own` are the times of the interview that is judged, in order and apart.
    #[must_use]
    pub fn with_elsewhere(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        busy: Busy,
        while_: (Instant, Instant),
        own: &[Seconds],
    ) -> Busy {
        let state = self.read();
        match state.space(ws) {
            Some(space) => space.elsewhere.beside(member, busy, while_, own),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::busy::{Buffer, TakenBy};

    #[test]
    fn of_merged_spans_the_interview_itself_is_cut_out_and_nothing_else() {
        let span = |start: i64, end: i64| Interval {
            start: Instant::from_second(start),
            end: Instant::from_second(end),
            taken_by: TakenBy::Elsewhere,
            kept_free: Buffer::default(),
        };
        let spans: Arc<[Interval]> = [span(0, 100), span(200, 300)].into();
        let left = |own: &[Seconds]| cut(&spans, own).to_vec();
        assert_eq!(left(&[]), [span(0, 100), span(200, 300)]);
        assert_eq!(
            left(std::slice::from_ref(&(100..200))),
            [span(0, 100), span(200, 300)]
        );
        assert_eq!(
            left(std::slice::from_ref(&(20..40))),
            [span(0, 20), span(40, 100), span(200, 300)]
        );
        assert_eq!(left(&[0..100, 250..400]), [span(200, 250)]);
        assert_eq!(left(std::slice::from_ref(&(0..1000))), []);
    }
}
