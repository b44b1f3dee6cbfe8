//! How a calendar that others keep of somebody reads in a line.

use greenroom_protocol::calendar::{Feed, FeedKind, FeedStanding};
use jiff::Timestamp;
use ratatui::style::Style;

use crate::theme;
use crate::widgets::times;

/// Where it is read from.
pub(crate) fn kind(feed: &Feed) -> &'static str {
    match feed.kind {
        FeedKind::File => "file",
        FeedKind::Url => "web",
        FeedKind::CalDav => "CalDAV",
        FeedKind::Google => "Google",
        FeedKind::Microsoft => "Microsoft",
        FeedKind::Unknown => "other",
    }
}

/// How reading it goes.
pub(crate) fn stands(feed: &Feed) -> (&'static str, Style) {
    match feed.state {
        FeedStanding::New => ("not read yet", theme::WAIT),
        FeedStanding::Ok => ("ok", theme::GOOD),
        FeedStanding::Retrying => ("retrying", theme::WAIT),
        FeedStanding::Broken => ("broken", theme::BAD),
        FeedStanding::Unknown => ("unknown", theme::WAIT),
    }
}

/// Whether somebody should see to it.
pub(crate) fn needs_somebody(feed: &Feed) -> bool {
    matches!(feed.state, FeedStanding::Retrying | FeedStanding::Broken)
}

/// How old what it says is.
pub(crate) fn age(feed: &Feed, now: Timestamp) -> String {
    match feed.read_at {
        None => "never read".to_owned(),
        Some(then) => ago("read", then.timestamp(), now),
    }
}

/// Something that was done at a time, coarse: `read 4 min ago`, `read just now`.
fn ago(done: &str, then: Timestamp, now: Timestamp) -> String {
    match &*times::age(then, now) {
        "now" => format!("{done} just now"),
        age => format!("{done} {age} ago"),
    }
}

/// How many entries it had.
pub(crate) fn entries(feed: &Feed) -> String {
    match feed.entries {
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    }
}
