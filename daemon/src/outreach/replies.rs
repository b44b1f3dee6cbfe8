//! What candidates answer to proposed times: kept whole, and handed to a person.
//!
//! Invariants: an email is an answer by the Message-ID it names, or by the token in its subject
//! where it comes from the candidate's own address; what it says changes nothing but that somebody
//! has to read it; a machine's answer is kept and counts for nothing.

use greenroom_protocol::id::OutreachId;
use greenroom_protocol::pipeline::Approval;

use super::apply::note;
use super::clock;
use super::look::acts;
use super::step::Event;
use crate::clock::Clock;
use crate::input::folded;
use crate::mail::bounce::BounceRecord;
use crate::mail::inbound::read::Incoming;
use crate::mail::inbound::{Owner, Says, Speaker, Thread, TurnRecord, keep};
use crate::outbox::record::Recipient;
use crate::records::outreach::OutreachRecord;
use crate::records::pipeline::CandidateRecord;
use crate::store::{StoreError, Tx};

/// Emails of one outreach that the assistant reads, machines' too; more of them are a person's.
const MOST_HEARD: u32 = 64;

/// Minutes in which no more emails are read than `Lately` keeps.
const AN_HOUR: i64 = 60;

/// Hears answers to proposed times.
pub struct OutreachReplies {
    /// What time it is.
    pub clock: Clock,
    /// Seconds after which the assistant reads an answer, with all that came till then.
    pub read_after: u32,
}

impl OutreachReplies {
    /// An email that answers one of this outreach. Whether it found its place.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn hear(
        &self,
        tx: &Tx,
        space: &str,
        id: OutreachId,
        incoming: &Incoming,
    ) -> Result<bool, StoreError> {
        let Some((record, candidate)) = find(tx, space, id).await? else {
            return Ok(false);
        };
        let theirs = is_theirs(tx, space, &record, &candidate, incoming).await?;
        self.keep(tx, space, (id, &record), &candidate, incoming, theirs)
            .await?;
        Ok(true)
    }

    /// The same where only the subject names it: it counts from the candidate's own address alone.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn hear_by_token(
        &self,
        tx: &Tx,
        space: &str,
        id: OutreachId,
        incoming: &Incoming,
    ) -> Result<bool, StoreError> {
        let Some((record, candidate)) = find(tx, space, id).await? else {
            return Ok(false);
        };
        if !is_theirs(tx, space, &record, &candidate, incoming).await? {
            return Ok(false);
        }
        self.keep(tx, space, (id, &record), &candidate, incoming, true)
            .await?;
        Ok(true)
    }

    /// The email with the times did not arrive.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn bounced(
        &self,
        tx: &Tx,
        space: &str,
        id: OutreachId,
        address: bool,
    ) -> Result<(), StoreError> {
        let Some(record) = tx.get::<OutreachRecord>(space, &id.to_string()).await? else {
            return Ok(());
        };
        let (event, now) = (Event::Returned { address }, self.clock.now());
        note(tx, space, (id, &record), event, now, "mail").await?;
        Ok(())
    }

    async fn keep(
        &self,
        tx: &Tx,
        space: &str,
        (id, record): (OutreachId, &OutreachRecord),
        candidate: &CandidateRecord,
        incoming: &Incoming,
        theirs: bool,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let turn = TurnRecord {
            thread: Thread::Outreach(id),
            at: now,
            who: match theirs {
                true => Speaker::Candidate,
                false => Speaker::Other,
            },
            says: Says::Heard(incoming.heard.clone()),
            read_at: None,
            aside: None,
            understood: None,
        };
        let owner = Owner::Candidate(record.candidate);
        let Some(kept) = keep::keep(tx, space, owner, &turn).await? else {
            return Ok(());
        };
        let automatic = incoming.heard.automatic;
        if theirs && !automatic {
            BounceRecord::clear(tx, space, &candidate.email)?;
        }
        let zone = candidate.zone.as_deref().unwrap_or(&record.terms.zone);
        let lately = record.assisted.map(|it| it.lately).unwrap_or_default();
        let too_many =
            record.is_assisted() && (record.heard >= MOST_HEARD || lately.is_full(AN_HOUR, now));
        // A machine that answers for somebody else says nothing of the candidate.
        let may_be_read = !too_many && (theirs || !automatic);
        let reads = match may_be_read && self.is_read_by_assistant(tx, space, record).await? {
            true => Some(now.plus_seconds(self.read_after.into())),
            false => None,
        };
        let event = Event::Heard {
            answer: (!automatic).then_some(kept),
            until: clock::after(now, clock::ANSWERED_HOURS, zone),
            reads,
            too_many,
        };
        note(tx, space, (id, record), event, now, "mail").await?;
        Ok(())
    }
}

impl OutreachReplies {
    /// Whether the assistant reads what is answered: it proposed the times itself, and either nobody
    /// approves its emails and it may act, or it only watches.
    async fn is_read_by_assistant(
        &self,
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
    ) -> Result<bool, StoreError> {
        let reads = record
            .assisted
            .is_some_and(|it| it.approval != Approval::Draft);
        Ok(reads && acts(tx, space, record).await?)
    }
}

/// The outreach and its candidate. Both are expected to stay: one who is erased at the same moment
/// is written about no more.
async fn find(
    tx: &Tx,
    space: &str,
    id: OutreachId,
) -> Result<Option<(OutreachRecord, CandidateRecord)>, StoreError> {
    let Some(record) = tx.get::<OutreachRecord>(space, &id.to_string()).await? else {
        return Ok(None);
    };
    let candidate = record.candidate.to_string();
    let candidate = tx.get::<CandidateRecord>(space, &candidate).await?;
    Ok(candidate.map(|candidate| (record, candidate)))
}

/// Whether it comes from an address of the candidate's.
async fn is_theirs(
    tx: &Tx,
    space: &str,
    record: &OutreachRecord,
    candidate: &CandidateRecord,
    incoming: &Incoming,
) -> Result<bool, StoreError> {
    // Two who write are nobody, and who passes on what they wrote is another. Where answers are
    // to go, and who has sent it for them, says nothing: only From does.
    if incoming.heard.marks.authors.is_some() || incoming.passed_on {
        return Ok(false);
    }
    if folded(&candidate.email) == folded(&incoming.from) {
        return Ok(true);
    }
    let remembered = keep::remembered(tx, space, &incoming.from).await?;
    Ok(remembered == Some(Recipient::Candidate(record.candidate)))
}
