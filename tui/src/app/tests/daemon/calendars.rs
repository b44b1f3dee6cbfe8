//! Calendars that others keep of members.

use greenroom_protocol::calendar::{
    CalendarUpload, CalendarUploaded, CalendarWarning, Feed, FeedAdd, FeedKind, FeedQuery,
    FeedRefresh, FeedRemove, FeedStanding, WarningCode,
};

use super::Daemon;
use crate::app::tests::records::{self, at, brief, id};

/// Texts that came in parts, all of them one.
#[derive(Default)]
pub(crate) struct Uploads(String);

impl Uploads {
    pub(super) fn take(&mut self, part: &CalendarUpload) -> CalendarUploaded {
        self.0.push_str(&part.text);
        CalendarUploaded {
            upload: "up-1".into(),
            bytes: self.0.len() as u64,
        }
    }
}

/// A calendar of the member of this number, as it was read that many minutes ago.
fn feed(number: usize, member: usize, name: &str, minutes: i64) -> Feed {
    Feed {
        id: id("fed", number),
        member: brief(member),
        name: name.into(),
        kind: FeedKind::File,
        address: None,
        state: FeedStanding::Ok,
        reason: None,
        hint: None,
        next: None,
        read_at: Some(at(records::NOW).plus_minutes(-minutes)),
        known_to: Some(at("2027-06-01T00:00:00Z")),
        entries: 212,
        warnings: Vec::new(),
    }
}

/// Two of the person's own and two of Esi's.
pub(crate) fn feeds() -> Vec<Feed> {
    let warning = CalendarWarning {
        code: WarningCode::Unknown,
        message: "“Standup” repeats too often: the first 10 000 times were read".into(),
    };
    vec![
        Feed {
            warnings: vec![warning],
            ..feed(1, 0, "Work", 4)
        },
        Feed {
            kind: FeedKind::Url,
            address: Some("calendar.example.com …9f3a".into()),
            state: FeedStanding::Broken,
            reason: Some("The address answers with a page to log in at".into()),
            hint: Some("Copy the secret address again, and add the calendar with it".into()),
            entries: 1,
            ..feed(2, 0, "Family", 3 * 24 * 60)
        },
        feed(3, 1, "Work", 0),
        Feed {
            kind: FeedKind::Url,
            address: Some("band.example …k2k2".into()),
            state: FeedStanding::New,
            read_at: None,
            known_to: None,
            entries: 0,
            next: Some(at(records::NOW).plus_minutes(1)),
            ..feed(4, 1, "Band", 0)
        },
    ]
}

impl Daemon {
    pub(super) fn feeds_of(&self, query: &FeedQuery) -> Vec<Feed> {
        let is_theirs =
            |feed: &&Feed| query.member.as_deref() == Some(&*feed.member.id.to_string());
        self.feeds.iter().filter(is_theirs).cloned().collect()
    }

    pub(super) fn add_feed(&mut self, add: &FeedAdd) -> Feed {
        let members = records::members();
        let is_theirs = |at: &usize| add.member == Some(members[*at].id.to_string());
        let member = (0..members.len()).find(is_theirs).unwrap_or(0);
        let mut feed = feed(9, member, &add.name, 0);
        if add.url.is_some() {
            feed.kind = FeedKind::Url;
            feed.state = FeedStanding::New;
            feed.read_at = None;
        }
        self.feeds
            .retain(|it| it.name != add.name || it.member.id != feed.member.id);
        self.feeds.push(feed.clone());
        feed
    }

    /// All but what is broken is read.
    pub(super) fn refresh_feeds(&mut self, refresh: &FeedRefresh) -> Vec<Feed> {
        let named = |it: &&mut Feed| refresh.feed == Some(it.id.to_string());
        for feed in self.feeds.iter_mut().filter(named) {
            if feed.state == FeedStanding::New {
                feed.state = FeedStanding::Ok;
                feed.entries = 7;
                feed.read_at = Some(at(records::NOW));
            }
        }
        let named = |it: &&Feed| refresh.feed == Some(it.id.to_string());
        self.feeds.iter().filter(named).cloned().collect()
    }

    pub(super) fn remove_feed(&mut self, remove: &FeedRemove) -> Feed {
        let is_it = |it: &Feed| it.id.to_string() == remove.feed;
        let at = self.feeds.iter().position(is_it);
        self.feeds.remove(at.unwrap())
    }
}
