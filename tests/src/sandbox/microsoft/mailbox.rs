//! Owns mailboxes: what is in their folders, and what changed in them since when. Pure.
//!
//! A delta is a round of pages. Its first request says what it wants, its pages are fixed when it
//! begins, and its last page has the link with which the next round begins
//! (<https://learn.microsoft.com/graph/api/message-delta>).

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use crate::sandbox::dice::Dice;

/// A folder of every mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Folder {
    Inbox,
    SentItems,
}

impl Folder {
    /// By its well-known name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "inbox" => Some(Self::Inbox),
            "sentitems" => Some(Self::SentItems),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::SentItems => "sentitems",
        }
    }
}

/// A message in a folder.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) folder: Folder,
    pub(super) received: Timestamp,
    pub(super) message: Vec<u8>,
    pub(super) read: bool,
    pub(super) deleted: bool,
    /// Which change of the mailbox made it, and which was its last.
    made: u64,
    pub(super) changed: u64,
}

/// Which changes a delta tells of, after its first round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Created,
    Updated,
    Deleted,
}

/// What the first request of a delta asked for; it goes with every link of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) folder: Folder,
    /// The properties by name; `None` is the usual ones.
    pub(super) select: Option<Vec<String>>,
    /// Nothing that was received before.
    pub(super) since: Option<Timestamp>,
    pub(super) newest_first: bool,
    pub(super) kind: Option<Kind>,
}

/// One line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Item(String),
    Removed(String),
}

/// What a link stands for.
#[derive(Debug, Clone)]
pub(super) enum Link {
    /// The round goes on with these; it began at this change.
    Next(Wanted, Vec<Row>, u64),
    /// The next round tells what changed since this change.
    Delta(Wanted, u64),
}

/// A page and where it leads.
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    pub(super) select: Option<Vec<String>>,
    /// The token, and whether the round is over.
    pub(super) link: (String, bool),
}

/// One mailbox.
#[derive(Default)]
pub(super) struct Mailbox {
    items: BTreeMap<String, Item>,
    changes: u64,
    links: HashMap<String, Link>,
}

impl Mailbox {
    /// A message arrives, or was sent; returns its id.
    pub(super) fn add(
        &mut self,
        folder: Folder,
        message: Vec<u8>,
        received: Timestamp,
        dice: &mut Dice,
    ) -> String {
        self.changes += 1;
        let id = format!("AAMkAG{}=", dice.opaque(87));
        let item = Item {
            id: id.clone(),
            folder,
            received,
            message,
            read: folder == Folder::SentItems,
            deleted: false,
            made: self.changes,
            changed: self.changes,
        };
        self.items.insert(id.clone(), item);
        id
    }

    /// A message that is there.
    pub(super) fn item(&self, id: &str) -> Option<&Item> {
        self.items.get(id).filter(|item| !item.deleted)
    }

    /// Every message that is there, oldest first.
    pub(super) fn items(&self, folder: Folder) -> Vec<&Item> {
        let there = self.items.values();
        let there = there.filter(|item| item.folder == folder && !item.deleted);
        let mut there: Vec<_> = there.collect();
        there.sort_by_key(|item| (item.received, item.made));
        there
    }

    /// Somebody reads a message, or deletes it; false where it is not there.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Item)) -> bool {
        let item = self.items.get_mut(id).filter(|item| !item.deleted);
        let Some(item) = item else { return false };
        self.changes += 1;
        change(item);
        item.changed = self.changes;
        true
    }

    /// No link leads anywhere any more.
    pub(super) fn forget_links(&mut self) {
        self.links.clear();
    }

    /// What this link stands for.
    pub(super) fn link(&self, token: &str) -> Option<Link> {
        self.links.get(token).cloned()
    }

    /// The first page of a first round.
    pub(super) fn begin(&mut self, wanted: Wanted, size: usize, dice: &mut Dice) -> Page {
        let mut rows = self.items(wanted.folder);
        rows.retain(|item| wanted.since.is_none_or(|since| item.received >= since));
        if wanted.newest_first {
            rows.reverse();
        }
        let rows = rows.into_iter().map(|item| Row::Item(item.id.clone()));
        let rows = rows.collect();
        self.page(wanted, rows, self.changes, size, dice)
    }

    /// The page a link leads to.
    pub(super) fn follow(&mut self, link: Link, size: usize, dice: &mut Dice) -> Page {
        match link {
            Link::Next(wanted, rows, began) => self.page(wanted, rows, began, size, dice),
            Link::Delta(wanted, since) => {
                let rows = self.changed(&wanted, since);
                self.page(wanted, rows, self.changes, size, dice)
            }
        }
    }

    fn changed(&self, wanted: &Wanted, since: u64) -> Vec<Row> {
        let mut changed: Vec<&Item> = self.items.values().collect();
        changed.retain(|item| item.folder == wanted.folder && item.changed > since);
        changed.retain(|item| wanted.since.is_none_or(|since| item.received >= since));
        changed.sort_by_key(|item| item.changed);
        let row = |item: &Item| {
            let kind = match (item.deleted, item.made > since) {
                // It came and went in between.
                (true, true) => return None,
                (true, false) => Kind::Deleted,
                (false, true) => Kind::Created,
                (false, false) => Kind::Updated,
            };
            let told = wanted.kind.is_none_or(|only| only == kind);
            told.then(|| match kind {
                Kind::Deleted => Row::Removed(item.id.clone()),
                Kind::Created | Kind::Updated => Row::Item(item.id.clone()),
            })
        };
        changed.into_iter().filter_map(row).collect()
    }

    fn page(
        &mut self,
        wanted: Wanted,
        mut rows: Vec<Row>,
        began: u64,
        size: usize,
        dice: &mut Dice,
    ) -> Page {
        let rest = rows.split_off(rows.len().min(size));
        let select = wanted.select.clone();
        let over = rest.is_empty();
        let link = match over {
            true => Link::Delta(wanted, began),
            false => Link::Next(wanted, rest, began),
        };
        let token = dice.opaque(90);
        self.links.insert(token.clone(), link);
        Page {
            rows,
            select,
            link: (token, over),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            folder: Folder::Inbox,
            select: None,
            since: None,
            newest_first: false,
            kind: None,
        }
    }

    struct Story {
        mailbox: Mailbox,
        dice: Dice,
    }

    impl Story {
        fn new() -> Self {
            Self {
                mailbox: Mailbox::default(),
                dice: Dice::seeded(1),
            }
        }

        fn arrives(&mut self) -> String {
            let now = Timestamp::UNIX_EPOCH;
            self.mailbox
                .add(Folder::Inbox, Vec::new(), now, &mut self.dice)
        }

        fn follow(&mut self, page: &Page) -> Page {
            let link = self.mailbox.link(&page.link.0).unwrap();
            self.mailbox.follow(link, 2, &mut self.dice)
        }
    }

    #[test]
    fn a_round_has_its_pages_and_the_next_one_tells_what_changed() {
        let mut story = Story::new();
        let ids: Vec<String> = (0..3).map(|_| story.arrives()).collect();
        let first = story.mailbox.begin(wanted(), 2, &mut story.dice);
        assert_eq!(first.rows.len(), 2);
        assert!(!first.link.1);
        // What changes within a round belongs to the next one.
        let late = story.arrives();
        let second = story.follow(&first);
        assert_eq!(second.rows, [Row::Item(ids[2].clone())]);
        assert!(second.link.1);

        assert!(story.mailbox.change(&ids[0], |item| item.deleted = true));
        assert!(story.mailbox.change(&ids[1], |item| item.read = true));
        let gone = story.arrives();
        assert!(story.mailbox.change(&gone, |item| item.deleted = true));
        let next = story.follow(&second);
        assert_eq!(next.rows, [Row::Item(late), Row::Removed(ids[0].clone())]);
        let last = story.follow(&next);
        assert_eq!(last.rows, [Row::Item(ids[1].clone())]);
        assert!(last.link.1);
        let quiet = story.follow(&last);
        assert!(quiet.rows.is_empty() && quiet.link.1);
    }

    #[test]
    fn only_what_is_created_is_told_where_that_is_wanted() {
        let mut story = Story::new();
        let old = story.arrives();
        let created = Wanted {
            kind: Some(Kind::Created),
            ..wanted()
        };
        let first = story.mailbox.begin(created, 2, &mut story.dice);
        assert_eq!(first.rows, [Row::Item(old.clone())]);
        story.mailbox.change(&old, |item| item.read = true);
        let new = story.arrives();
        assert_eq!(story.follow(&first).rows, [Row::Item(new)]);
    }
}
