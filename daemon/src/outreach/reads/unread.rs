//! What the assistant has to read: the emails, and what they may answer.
//!
//! Invariant: an email is read against the times of the email that it answers, as far as its headers
//! say; one that may be about several rounds says so. Decides nothing.

use greenroom_protocol::id::{MailId, OutreachId, TurnId, WorkspaceId};
use greenroom_protocol::reply::{ReplyBooked, ReplyProposal, ReplyRound, ReplySlot};
use greenroom_protocol::time::Instant;

use crate::access::RequestContext;
use crate::mail::inbound::{Heard, Owner, Thread, TurnRecord, Understood, keep, shelf};
use crate::mail::token;
use crate::outreach::choose;
use crate::records::outreach::{Assisted, EarlierRound, OutreachRecord, SlotRecord, SlotStanding};
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Emails that are read as one answer, at most; more are for a person.
const MOST_TOGETHER: usize = 8;

/// What the assistant has to read.
pub struct Unread {
    /// As whom it acts.
    pub context: RequestContext,
    /// The outreach.
    pub id: OutreachId,
    /// The candidate's IANA zone, or the one that was printed.
    pub zone: String,
    /// The times that are held, as they were sent.
    pub proposal: ReplyProposal,
    /// The same with those that another candidate, who had them too, was faster to choose.
    pub sent: ReplyProposal,
    /// When they were sent.
    pub sent_at: Option<Instant>,
    /// The interview that is to be moved.
    pub booked: Option<ReplyBooked>,
    /// The emails, the oldest first; none of them was read before.
    pub emails: Vec<(TurnId, TurnRecord)>,
    /// What the emails answer, as far as their headers say.
    pub answers: Answers,
    /// How the email with the times that were sent last is named, as those of earlier rounds are.
    pub message_id: Option<String>,
    /// Times of earlier rounds, with the Message-ID of each email that had them, the oldest first.
    pub earlier: Vec<ReplyRound>,
    pub(super) newest: Option<TurnId>,
    /// Emails that had come in about it, so that one more is noticed.
    pub(super) heard: u32,
}

impl Unread {
    /// Whether a person wrote any of them.
    #[must_use]
    pub fn is_of_people(&self) -> bool {
        self.emails
            .iter()
            .any(|(_, email)| !email.heard().automatic)
    }

    /// Whether these are all the emails there are to read together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.emails.len() <= MOST_TOGETHER
    }

    /// Notes what was made of the emails. Those that something follows from need nobody to read them.
    pub(super) fn note(
        &self,
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
        understood: &Understood,
        is_done: bool,
        now: Instant,
    ) -> Result<(), StoreError> {
        let last = self.emails.len().saturating_sub(1);
        for (place, (id, email)) in self.emails.iter().enumerate() {
            let noted = TurnRecord {
                read_at: email.read_at.or(is_done.then_some(now)),
                understood: (place == last).then(|| understood.clone()),
                ..email.clone()
            };
            keep::put(tx, space, Owner::Candidate(record.candidate), *id, &noted)?;
        }
        Ok(())
    }
}

/// What there is to read; `None`: nothing, or not for the assistant.
///
/// # Errors
/// The store can't be read.
pub async fn unread(
    services: &Services,
    workspace: WorkspaceId,
    id: OutreachId,
) -> Result<Option<Unread>, StoreError> {
    let (space, key, store) = (&workspace.to_string(), id.to_string(), &services.store);
    let Some(stored) = store.get::<OutreachRecord>(space, &key).await? else {
        return Ok(None);
    };
    let record = stored.record;
    let Some(assisted) = record.assisted.as_ref().filter(|it| it.reading.is_some()) else {
        return Ok(None);
    };
    let candidate = record.candidate.to_string();
    let candidate = store.get::<CandidateRecord>(space, &candidate).await?;
    let Some(candidate) = candidate.map(|it| it.record) else {
        return Ok(None);
    };
    let owner = Owner::Candidate(record.candidate);
    let mut emails = Vec::new();
    for (turn, place) in shelf::of_owner(store, space, owner).await? {
        if assisted.read_to.is_some_and(|read| turn <= read) || emails.len() > MOST_TOGETHER {
            break;
        }
        if place.thread != Thread::Outreach(id) {
            continue;
        }
        let found = shelf::find(store, space, turn).await?;
        emails.extend(found.map(|(_, email)| (turn, email)));
    }
    emails.reverse();
    let zone = candidate.zone.unwrap_or_else(|| record.terms.zone.clone());
    let booked = record.purpose.moving().map(|it| ReplyBooked {
        start: it.start,
        end: it.start.plus_minutes(record.terms.minutes.into()),
        sequence: 0,
        moving: true,
        asked: false,
    });
    let of_people = emails.iter().map(|(_, email)| email.heard());
    let of_people = of_people.filter(|heard| !heard.automatic);
    let answers = Answers::of(&record, assisted, of_people);
    let (proposal, sent) = proposals(&record, assisted, &zone);
    Ok(Some(Unread {
        context: choose::assistant(workspace, id, &record),
        id,
        proposal,
        sent,
        message_id: record.email.map(|email| name_of(workspace, email)),
        earlier: earlier(workspace, &record, &zone),
        zone,
        sent_at: record.sent_at,
        booked,
        newest: emails.last().map(|(turn, _)| *turn),
        heard: record.heard,
        emails,
        answers,
    }))
}

/// The times there are to choose from, and the same with those that another candidate, who had them
/// too, was faster to choose.
fn proposals(
    record: &OutreachRecord,
    assisted: &Assisted,
    zone: &str,
) -> (ReplyProposal, ReplyProposal) {
    let round = assisted.acted.map(|it| it.round);
    if round.is_some_and(|round| assisted.rounds > round)
        && let Some(answered) = record.earlier.last()
    {
        // A person had other times chosen before the answer was read.
        let answered = proposal_of(record, answered, zone);
        return (answered.clone(), answered);
    }
    let is_over = record.held().next().is_none();
    // Where a person was faster, or the times ended, they had all that were let go since.
    let had_all = round.is_some() || is_over;
    let had = |slot: &SlotRecord| match slot.state {
        SlotStanding::Held => true,
        SlotStanding::Released | SlotStanding::Booked => had_all,
        _ => false,
    };
    let lost = |slot: &SlotRecord| slot.shared && slot.state == SlotStanding::Taken;
    let slots = |wanted: &dyn Fn(&SlotRecord) -> bool| -> ReplyProposal {
        let numbered = (1_u32..).zip(&record.slots);
        let numbered = numbered.filter(|(_, it)| wanted(it));
        let slot = |(n, slot): (u32, &SlotRecord)| ReplySlot {
            n,
            start: slot.start,
            end: record.end(slot),
        };
        ReplyProposal {
            slots: numbered.map(slot).collect(),
            zone: zone.to_owned(),
        }
    };
    (slots(&had), slots(&|slot| had(slot) || lost(slot)))
}

fn proposal_of(record: &OutreachRecord, round: &EarlierRound, zone: &str) -> ReplyProposal {
    let slot = |(n, start): (u32, &Instant)| ReplySlot {
        n,
        start: *start,
        end: start.plus_minutes(record.terms.minutes.into()),
    };
    ReplyProposal {
        slots: (1..).zip(&round.starts).map(slot).collect(),
        zone: zone.to_owned(),
    }
}

/// The rounds before the newest, once for each email of theirs.
fn earlier(workspace: WorkspaceId, record: &OutreachRecord, zone: &str) -> Vec<ReplyRound> {
    let rounds = record.earlier.iter().flat_map(|round| {
        let proposal = proposal_of(record, round, zone);
        let of = move |email: &MailId| ReplyRound {
            message_id: name_of(workspace, *email),
            proposal: proposal.clone(),
        };
        round.emails.iter().map(of)
    });
    rounds.collect()
}

/// How emails are named where they are only compared: by what stands before the `@`.
fn name_of(workspace: WorkspaceId, email: MailId) -> String {
    token::local_part(email, workspace)
}

/// What emails answer, as far as the Message-IDs they name say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// The times that were sent last.
    Newest,
    /// All of them times that were sent before.
    Earlier,
    /// They do not say, and there are several rounds.
    Unsaid,
    /// Some of them these, some of them others.
    Several,
}

impl Answers {
    fn of<'a>(
        record: &OutreachRecord,
        assisted: &Assisted,
        emails: impl Iterator<Item = &'a Heard>,
    ) -> Self {
        let mut found = None;
        for heard in emails {
            let one = Self::one(record, assisted, heard);
            match found {
                None => found = Some(one),
                Some((known, round)) if (known, round) != one => return Self::Several,
                Some(_) => {}
            }
        }
        found.map_or(Self::Newest, |(one, _)| one)
    }

    /// What one email answers, and which of the earlier rounds. Where others were sent before, one
    /// that names no email may be about any of them.
    fn one(record: &OutreachRecord, assisted: &Assisted, heard: &Heard) -> (Self, Option<usize>) {
        let newest = [record.email, assisted.asked, assisted.reminder];
        let named = heard.marks.answers.iter();
        for (_, email) in named.filter_map(|it| token::read_message_id(it)) {
            if newest.contains(&Some(email)) {
                return (Self::Newest, None);
            }
            let mut rounds = record.earlier.iter();
            if let Some(round) = rounds.position(|it| it.emails.contains(&email)) {
                return (Self::Earlier, Some(round));
            }
        }
        match assisted.rounds <= 1 {
            true => (Self::Newest, None),
            false => (Self::Unsaid, None),
        }
    }
}
