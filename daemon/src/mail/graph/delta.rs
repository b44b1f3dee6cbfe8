//! ★ The changes of a folder, as Graph lists them, and how far they were read. Pure.
//!
//! Graph tells of changes in rounds of pages; an address it gives leads to the next page, and at
//! the end of a round to the next round. Invariants: such an address is used only where it is
//! Graph's own, for a token travels with it; an email is handled once, even where Graph forgets how
//! far was read and lists everything again, for what was handled lately is remembered, and only a
//! round that was read to its end moves the time from which a new first round begins. Sources:
//! <https://learn.microsoft.com/graph/delta-query-messages>,
//! <https://learn.microsoft.com/graph/delta-query-overview>.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::store::Record;

/// Messages of a page.
pub const PAGE: usize = 50;

/// How old the mail is that a folder seen for the first time is read back to, in days.
const FIRST_LOOK_DAYS: i64 = 14;

/// A new first round begins so long before what was read last, in minutes: messages do not come in
/// the order of their times.
const OVERLAP_MINUTES: i64 = 60;

/// What was handled lately is remembered: several pages, and what an hour brings.
const MOST_HANDLED: usize = 300;

/// The longest address that is followed, in bytes.
const LONGEST_LINK: usize = 8 << 10;

/// The longest name of a message, in bytes. Those of today have some 150.
const LONGEST_ID: usize = 1 << 10;

/// How far a folder was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadTo {
    /// Where it goes on; `None`: with a first round.
    #[serde(default)]
    pub link: Option<String>,
    /// What was received before was handled, in rounds that were read to their end.
    #[serde(default)]
    pub since: Option<Instant>,
    /// The newest of the round that is being read.
    #[serde(default)]
    pub newest: Option<Instant>,
    /// What was handled lately, by digests of its names, oldest first.
    #[serde(default)]
    pub handled: Vec<String>,
}

impl Record for ReadTo {
    const TABLE: &'static str = "graph-folder";
    const SCHEMA: u32 = 1;
}

/// A message of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name there.
    pub id: String,
    /// When it was received.
    pub received: Option<Instant>,
}

/// Where it goes on behind a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// With the next page.
    More(String),
    /// With the next round, which tells what changed since.
    UpToDate(String),
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// New messages. Graph may list one several times.
    pub messages: Vec<Listed>,
    /// Where it goes on.
    pub link: Link,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    value: Vec<Item>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    #[serde(default)]
    received_date_time: Option<String>,
    #[serde(default, rename = "@removed")]
    removed: Option<serde_json::Value>,
}

/// Reads a page; `None`: it is none, or leads elsewhere than to Graph.
pub fn page(base: &Url, body: &[u8]) -> Option<Page> {
    let body = serde_json::from_slice::<Body>(body).ok()?;
    let link = match (body.next, body.delta) {
        (Some(next), _) => Link::More(next),
        (None, Some(delta)) => Link::UpToDate(delta),
        (None, None) => return None,
    };
    let (Link::More(address) | Link::UpToDate(address)) = &link;
    address_below(base, address)?;
    let new = body.value.into_iter();
    let new = new.filter(|item| item.removed.is_none() && is_id(&item.id));
    let messages = new.map(|item| Listed {
        received: item.received_date_time.as_deref().and_then(moment),
        id: item.id,
    });
    Some(Page {
        messages: messages.collect(),
        link,
    })
}

/// An address that Graph gave, where it is one of its own.
pub fn address_below(base: &Url, text: &str) -> Option<Url> {
    let url = Url::parse(text)
        .ok()
        .filter(|_| text.len() <= LONGEST_LINK)?;
    let plain = url.username().is_empty() && url.password().is_none();
    let there = url.origin() == base.origin();
    let mut own = base.path().trim_end_matches('/').to_owned();
    own.push('/');
    (plain && there && url.path().starts_with(&own)).then_some(url)
}

fn moment(text: &str) -> Option<Instant> {
    text.parse::<jiff::Timestamp>().ok().map(Instant::from)
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|it| it.is_ascii_graphic())
}

impl ReadTo {
    /// From when a first round lists messages.
    pub fn first_since(&self, now: Instant) -> Instant {
        match self.since {
            Some(since) => since.plus_minutes(-OVERLAP_MINUTES),
            None => now.plus_minutes(-FIRST_LOOK_DAYS * 24 * 60),
        }
    }

    /// Whether a message was handled lately.
    pub fn has_handled(&self, message: &Listed) -> bool {
        let digest = digest(&message.id);
        self.handled.contains(&digest)
    }

    /// A message was handled, or is skipped.
    pub fn handled(&mut self, message: &Listed) {
        self.handled.push(digest(&message.id));
        let more = self.handled.len().saturating_sub(MOST_HANDLED);
        self.handled.drain(..more);
        self.newest = self.newest.max(message.received);
    }

    /// A page was read to its end.
    pub fn page_read(&mut self, link: Link) {
        match link {
            Link::More(next) => self.link = Some(next),
            Link::UpToDate(delta) => {
                self.link = Some(delta);
                self.since = self.since.max(self.newest.take());
            }
        }
    }

    /// Graph does not know the address any more: it begins with a first round again.
    pub fn begin_again(&mut self) {
        self.link = None;
        self.newest = None;
    }
}

/// A name that is only compared: the first 16 hexadecimal digits of its digest.
fn digest(id: &str) -> String {
    let bytes = Sha256::digest(id.as_bytes());
    bytes[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base() -> Url {
        Url::parse("https://graph.microsoft.com/v1.0").expect("an address")
    }

    fn listed(id: &str, at: i64) -> Listed {
        Listed {
            id: id.to_owned(),
            received: Some(Instant::from_second(at)),
        }
    }

    #[test]
    fn a_page_names_new_messages_and_where_it_goes_on() {
        let body = r#"{"@odata.context":"x","@odata.nextLink":"https://graph.microsoft.com/v1.0/me/mailFolders('inbox')/messages/delta?$skiptoken=a",
            "value":[{"@odata.etag":"W","id":"AAMk1=","receivedDateTime":"2026-11-30T09:00:00Z","internetMessageId":"<a@b>"},
            {"id":"AAMk2=","@removed":{"reason":"deleted"}},{"id":"bad id"},{"id":"AAMk3="}]}"#;
        let page = page(&base(), body.as_bytes()).expect("a page");
        let ids: Vec<_> = page.messages.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["AAMk1=", "AAMk3="]);
        assert!(page.messages[0].received.is_some());
        assert!(matches!(page.link, Link::More(_)));
        let body = r#"{"@odata.deltaLink":"https://graph.microsoft.com/v1.0/x?$deltatoken=a"}"#;
        let page = super::page(&base(), body.as_bytes()).expect("a page");
        assert!(matches!(page.link, Link::UpToDate(_)));
    }

    /// A token travels with the address.
    #[test]
    fn no_address_leads_elsewhere() {
        for elsewhere in [
            "https://evil.example/v1.0/me",
            "http://graph.microsoft.com/v1.0/me",
            "https://graph.microsoft.com:444/v1.0/me",
            "https://graph.microsoft.com/beta/me",
            "https://graph.microsoft.com/v1.0x/me",
            "https://graph.microsoft.com/v1.0/../beta/me",
            "https://user@graph.microsoft.com/v1.0/me",
            "https://graph.microsoft.com.evil.example/v1.0/me",
            "/v1.0/me",
            "",
        ] {
            assert_eq!(address_below(&base(), elsewhere), None, "{elsewhere}");
            let body = format!(r#"{{"@odata.nextLink":"{elsewhere}","value":[]}}"#);
            assert_eq!(page(&base(), body.as_bytes()), None, "{elsewhere}");
        }
        let own = "https://graph.microsoft.com/v1.0/me/x?$deltatoken=a%2Bb";
        assert!(address_below(&base(), own).is_some());
        let long = format!("{own}{}", "x".repeat(LONGEST_LINK));
        assert_eq!(address_below(&base(), &long), None);
    }

    #[test]
    fn only_a_round_that_was_read_to_its_end_moves_the_beginning() {
        let now = Instant::from_second(2_000_000);
        let mut read_to = ReadTo::default();
        let first = read_to.first_since(now);
        read_to.handled(&listed("a", 1_900_000));
        read_to.page_read(Link::More("next".into()));
        read_to.begin_again();
        assert_eq!(
            (read_to.link.clone(), read_to.first_since(now)),
            (None, first)
        );
        read_to.handled(&listed("b", 1_900_500));
        read_to.page_read(Link::UpToDate("delta".into()));
        assert_eq!(read_to.since, Some(Instant::from_second(1_900_500)));
        let again = read_to.first_since(now);
        assert_eq!(again, Instant::from_second(1_900_500 - 60 * 60));
        // An old message that was moved here does not move it back.
        read_to.handled(&listed("c", 1_000));
        read_to.page_read(Link::UpToDate("delta".into()));
        assert_eq!(read_to.since, Some(Instant::from_second(1_900_500)));
        assert!(read_to.has_handled(&listed("a", 0)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut read_to = ReadTo::default();
        for number in 0..2 * MOST_HANDLED {
            read_to.handled(&listed(&number.to_string(), 0));
        }
        assert_eq!(read_to.handled.len(), MOST_HANDLED);
        assert!(!read_to.has_handled(&listed("0", 0)));
        assert!(read_to.has_handled(&listed("599", 0)));
        let stored = serde_json::to_string(&read_to).expect("json");
        assert!(stored.len() < 8 << 10, "{}", stored.len());
    }

    #[test]
    fn a_record_without_later_fields_reads_back() {
        let read: ReadTo = serde_json::from_str(r#"{"link":null}"#).expect("a record");
        assert_eq!(read, ReadTo::default());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_page_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = page(&base(), &bytes);
        }
    }
}
