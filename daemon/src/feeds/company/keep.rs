//! What becomes of a member's calendar after a reading, in one commit each.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::words;
use crate::calendars::panel::{Told, Working};
use crate::feeds::remove::remove_in;
use crate::input;
use crate::records::availability::CalendarHoursRecord;
use crate::records::company::place;
use crate::records::feed::{
    self, Fault, FeedFrom, FeedPlace, FeedRecord, FeedState, OwnFeeds, ReadRecord,
};
use crate::records::workspace::MemberRecord;
use crate::schedule::ranges::Seconds;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// When Exchange says that somebody works who has never said so: Monday to Friday, 08:00 to 17:00
/// on the Pacific coast.
const OF_NEW_MAILBOX: (u16, u16, &str) = (8 * 60, 17 * 60, "America/Los_Angeles");

/// A reading.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub services: &'a Services,
    pub space: &'a str,
    pub provider: AccountProvider,
    pub now: Instant,
    /// Of which weeks.
    pub window: (Instant, Instant),
}

/// Why a calendar was not told, and whether that passes.
#[derive(Debug, Clone)]
pub(super) struct NotTold {
    pub fault: Fault,
    pub lasting: bool,
}

impl Reading<'_> {
    /// Keeps what was heard of a member.
    pub(super) async fn told(
        &self,
        tx: &Tx,
        member: MemberId,
        told: &Told,
    ) -> Result<(), StoreError> {
        let Some(record) = self.member(tx, member).await? else {
            return Ok(());
        };
        let place = place(member, self.provider);
        self.feed(tx, place, FeedState::Ok).await?;
        let key = place.to_string();
        let before = tx.get::<ReadRecord>(self.space, &key).await?;
        let (known_from, known_to) = self.window;
        let read = ReadRecord {
            read_at: self.now,
            known_from,
            known_to,
            entries: 0,
            warnings: Vec::new(),
            frame: String::new(),
            version: Some(digest(&told.busy)),
            merges: true,
            unread: Vec::new(),
        };
        let same = before.is_some_and(|it| {
            it.version == read.version && (it.known_from, it.known_to) == self.window
        });
        match same {
            true => tx.put(self.space, &key, &read)?,
            false => feed::put(tx, self.space, place, &read, &told.busy).await?,
        }
        let working = told.working.as_ref();
        let working = working.filter(|it| !is_of_new_mailbox(it, &record.zone, self.now));
        self.hours(tx, member, working).await
    }

    /// Keeps that a member's calendar was not told. What was said last stands.
    pub(super) async fn not_told(
        &self,
        tx: &Tx,
        member: MemberId,
        why: &NotTold,
    ) -> Result<(), StoreError> {
        if self.member(tx, member).await?.is_none() {
            return Ok(());
        }
        let (since, fault) = (self.now, why.fault.clone());
        let state = match why.lasting {
            true => FeedState::Broken { since, fault },
            false => FeedState::Retrying { since, fault },
        };
        self.feed(tx, place(member, self.provider), state).await
    }

    /// Removes all that was read of a member.
    pub(super) async fn forget(&self, tx: &Tx, member: MemberId) -> Result<(), StoreError> {
        remove_in(self.services, tx, self.space, place(member, self.provider)).await?;
        self.hours(tx, member, None).await
    }

    /// Who left meanwhile has no calendars any more.
    async fn member(&self, tx: &Tx, member: MemberId) -> Result<Option<MemberRecord>, StoreError> {
        tx.get(self.space, &member.to_string()).await
    }

    async fn feed(&self, tx: &Tx, place: FeedPlace, state: FeedState) -> Result<(), StoreError> {
        let key = place.to_string();
        let Some(before) = tx.get::<FeedRecord>(self.space, &key).await? else {
            let name = self.name(tx, place).await?;
            let from = match self.provider {
                AccountProvider::Google => FeedFrom::Google,
                AccountProvider::Microsoft => FeedFrom::Microsoft,
            };
            let record = FeedRecord {
                name,
                from,
                added_at: self.now,
                state,
            };
            return tx.put(self.space, &key, &record);
        };
        match is_same(&before.state, &state) {
            true => Ok(()),
            false => tx.put(self.space, &key, &FeedRecord { state, ..before }),
        }
    }

    /// A name that no other calendar of theirs has. They may have more calendars than one may add:
    /// these were added for everybody.
    async fn name(&self, tx: &Tx, place: FeedPlace) -> Result<String, StoreError> {
        let key = place.member.to_string();
        let mut own = tx
            .get::<OwnFeeds>(self.space, &key)
            .await?
            .unwrap_or_default();
        let usual = words::name(self.provider);
        let mut name = usual.to_owned();
        let mut number = 2;
        while own.names.contains_key(&input::folded(&name)) {
            name = format!("{usual} {number}");
            number += 1;
        }
        own.names.insert(input::folded(&name), place.feed);
        tx.put(self.space, &key, &own)?;
        Ok(name)
    }

    /// Keeps when a member works by their calendar there; `None`: it does not say.
    async fn hours(
        &self,
        tx: &Tx,
        member: MemberId,
        working: Option<&Working>,
    ) -> Result<(), StoreError> {
        let key = member.to_string();
        let before = tx.get::<CalendarHoursRecord>(self.space, &key).await?;
        let own = before
            .as_ref()
            .is_some_and(|it| it.provider == self.provider);
        let Some(working) = working else {
            return match own {
                true => tx.delete::<CalendarHoursRecord>(self.space, &key),
                false => Ok(()),
            };
        };
        let after = CalendarHoursRecord {
            provider: self.provider,
            working: working.clone(),
        };
        match before.as_ref() == Some(&after) {
            true => Ok(()),
            false => tx.put(self.space, &key, &after),
        }
    }
}

/// Whether one says what the other says, whenever each began.
fn is_same(one: &FeedState, other: &FeedState) -> bool {
    match (one, other) {
        (FeedState::Ok, FeedState::Ok) => true,
        (FeedState::Retrying { fault, .. }, FeedState::Retrying { fault: other, .. })
        | (FeedState::Broken { fault, .. }, FeedState::Broken { fault: other, .. }) => {
            fault == other
        }
        _ => false,
    }
}

/// What tells these spans from others.
fn digest(spans: &[Seconds]) -> String {
    let mut sum = Sha256::new();
    for span in spans {
        sum.update(span.start.to_be_bytes());
        sum.update(span.end.to_be_bytes());
    }
    let sum = sum.finalize();
    sum.iter().take(16).map(|it| format!("{it:02x}")).collect()
}

/// Whether these are the hours of a mailbox in which nobody has set any. Where the clocks of the
/// member and of that coast agree they may be meant.
fn is_of_new_mailbox(working: &Working, zone: &str, now: Instant) -> bool {
    let (from_minute, to_minute, usual) = OF_NEW_MAILBOX;
    let window = Window {
        days: vec![1, 2, 3, 4, 5],
        from_minute,
        to_minute,
    };
    if working.zone != usual || working.hours != [window] {
        return false;
    }
    let offset = |zone: &str| {
        let zone = TimeZone::get(zone).ok()?;
        Some(zone.to_offset(now.timestamp()))
    };
    offset(zone) != offset(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacific(from_minute: u16) -> Working {
        Working {
            hours: vec![Window {
                days: vec![1, 2, 3, 4, 5],
                from_minute,
                to_minute: 1020,
            }],
            zone: "America/Los_Angeles".into(),
        }
    }

    #[test]
    fn the_hours_of_a_new_mailbox_are_nobody_s() {
        let now = Instant::from_second(1_796_029_200);
        let is = |working: &Working, zone: &str| is_of_new_mailbox(working, zone, now);
        assert!(is(&pacific(480), "Europe/Berlin"));
        assert!(!is(&pacific(480), "America/Vancouver"));
        assert!(!is(&pacific(540), "Europe/Berlin"));
        let berlin = Working {
            zone: "Europe/Berlin".into(),
            ..pacific(480)
        };
        assert!(!is(&berlin, "Europe/Berlin"));
    }

    #[test]
    fn a_fault_that_goes_on_is_not_written_again() {
        let broken = |second, why: &str| FeedState::Broken {
            since: Instant::from_second(second),
            fault: Fault::bare(why),
        };
        assert!(is_same(&broken(1, "x"), &broken(2, "x")));
        assert!(!is_same(&broken(1, "x"), &broken(1, "y")));
        assert!(!is_same(&broken(1, "x"), &FeedState::Ok));
        assert!(is_same(&FeedState::Ok, &FeedState::Ok));
    }

    #[test]
    fn other_spans_have_another_digest() {
        assert_eq!(digest(&[1..2, 3..4]), digest(&[1..2, 3..4]));
        assert_ne!(digest(&[1..2, 3..4]), digest(std::slice::from_ref(&(1..2))));
        assert_ne!(digest(&[]), digest(std::slice::from_ref(&(0..1))));
        assert_eq!(digest(&[]).len(), 32);
    }
}
