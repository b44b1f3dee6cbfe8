//! What is left of interviews when their candidate is erased: that somebody's time was taken, and
//! nothing about whom.
//!
//! An interview to come, or a meeting that Zoom is still to make or delete, stands in the way:
//! cancelling tells others and deletes the meeting, which carries the name, and both can fail;
//! after the erasure nothing would be left to try again with. Where Zoom is no longer connected
//! nothing more can be done about a meeting, and it is named instead.

use std::collections::HashSet;

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::insight::{INSIGHT_WORK, InsightRecord};
use super::judge;
use super::make::{self, KIND};
use super::meeting_state::Slot;
use super::remind::REMIND_WORK;
use crate::access::RequestContext;
use crate::outbox;
use crate::outbox::record::{About, MessageRecord, PastMessage, Recipient};
use crate::records::calendar::{self, CalendarRecord, Owner};
use crate::records::insight::NewInsightRecord;
use crate::records::interview::{IdempotencyRecord, InterviewRecord, MeetingRecord, ZoomMeeting};
use crate::records::invitation::Invitation;
use crate::records::outreach::OutreachKeyRecord;
use crate::records::terms::Absent;
use crate::schedule::busy::Holder;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;
use crate::zoom::{ConnectionRecord, Link};

/// Rows read at a time.
const PAGE: usize = 500;

/// An interview, as far as erasing is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// It is to be cancelled first; how it stands.
    ToCome(String),
    /// Zoom is still to make or delete its meeting.
    Unsettled(String),
    /// It can be emptied. What stays at Zoom, if anything.
    Over(Option<String>),
}

/// How an interview stands; nothing where it is gone.
pub async fn stands(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
) -> Result<Option<Stands>, StoreError> {
    let space = context.space();
    let Some(interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await? else {
        return Ok(None);
    };
    let now = services.clock.now();
    let start = interview.start.in_zone(&interview.zone);
    if interview.takes_time() && interview.end() > now {
        return Ok(Some(Stands::ToCome(format!("{id}, to begin {start}"))));
    }
    let connected = connected(tx, &space, &interview).await?;
    if connected && !interview.left.is_empty() {
        let why = format!("{id}, whose former meeting Zoom is still to delete");
        return Ok(Some(Stands::Unsettled(why)));
    }
    Ok(Some(match &interview.meeting.zoom {
        ZoomMeeting::Wanted
        | ZoomMeeting::Asked { .. }
        | ZoomMeeting::Outdated { .. }
        | ZoomMeeting::Unwanted { .. }
            if connected =>
        {
            Stands::Unsettled(format!("{id}, whose meeting Zoom is still to settle"))
        }
        ZoomMeeting::Asked { .. } => Stands::Over(Some(format!(
            "a meeting of {start} may be at Zoom, with the name in its topic: its host is not connected"
        ))),
        zoom => Stands::Over(zoom.meeting().map(|meeting| {
            format!(
                "Zoom keeps meeting {} of {start}, with the name in its topic, as long as it keeps any",
                meeting.id
            )
        })),
    }))
}

async fn connected(tx: &Tx, space: &str, interview: &InterviewRecord) -> Result<bool, StoreError> {
    let Some(host) = interview.host else {
        return Ok(false);
    };
    let connection = tx
        .peek::<ConnectionRecord>(space, &host.to_string())
        .await?;
    let link = connection.map(|connection| connection.link);
    Ok(matches!(
        link,
        Some(Link::Connected { .. } | Link::Retrying { .. })
    ))
}

/// Takes everything about the candidate out of an interview. One that still takes time, which only
/// a booking in the very moment of the erasure can leave, gives it back, and Zoom is asked to
/// delete a meeting it made by then.
pub async fn empty(tx: &Tx, space: &str, id: InterviewId, now: Instant) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    let late = interview.takes_time() && interview.end() > now;
    if late {
        for owner in judge::owners(&interview) {
            let holder = Holder::Interview(id);
            let (start, end) = (interview.start, interview.end());
            calendar::free(tx, space, &owner, holder, start, end).await?;
        }
        interview.status = InterviewStatus::Cancelled;
        let mut slot = Slot {
            wanted: false,
            zoom: &mut interview.meeting.zoom,
            reason: &mut interview.meeting.reason,
        };
        slot.drop(Ok(()));
    }
    interview.candidate = CandidateId::NOBODY;
    interview.application = ApplicationId::NOBODY;
    interview.warnings.clear();
    interview.meeting = MeetingRecord {
        kind: interview.meeting.kind,
        manual: None,
        zoom: match late {
            true => interview.meeting.zoom,
            false => ZoomMeeting::None,
        },
        reason: None,
        restored: None,
    };
    interview.absent = Absent::default();
    interview.changes.clear();
    interview.drift = None;
    interview.uuids.clear();
    if !late {
        interview.left.clear();
    }
    interview.invitation = Invitation::default();
    tx.put(space, &key, &interview)?;
    tx.delete::<InsightRecord>(space, &key)?;
    tx.delete::<NewInsightRecord>(space, &key)?;
    WorkRecord::done(tx, space, INSIGHT_WORK, &key)?;
    WorkRecord::done(tx, space, REMIND_WORK, &key)?;
    match make::is_settled(&interview, now) {
        true => WorkRecord::done(tx, space, KIND, &key),
        false => WorkRecord::ask(tx, space, KIND, &key, now),
    }
}

/// What else mentions a candidate or their interviews, by its id.
pub enum Trace {
    /// A calendar of theirs.
    Calendar(String),
    /// What an idempotency key was used for.
    Key(String),
    /// The same of one that proposed times.
    OutreachKey(String),
    /// An email that left or is to leave.
    Letter(String),
}

/// Finds all of it.
pub async fn traces(
    services: &Services,
    space: &str,
    candidate: CandidateId,
    interviews: &[InterviewId],
) -> Result<Vec<Trace>, StoreError> {
    let start = Owner::Candidate(candidate).start();
    let (mut calendars, mut after) = (Vec::new(), Some(start.clone()));
    loop {
        let page = services
            .store
            .scan::<CalendarRecord>(space, after.as_deref(), PAGE)
            .await?;
        let (read, known) = (page.rows.len(), calendars.len());
        let ids = page.rows.into_iter().map(|(id, _)| id);
        calendars.extend(ids.take_while(|id| id.starts_with(&start)));
        if !page.more || calendars.len() - known < read {
            break;
        }
        after = calendars.last().cloned();
    }
    let interviews: HashSet<_> = interviews.iter().copied().collect();
    let (mut keys, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = services
            .store
            .scan::<IdempotencyRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let of_theirs = page
            .rows
            .into_iter()
            .filter(|(_, stored)| interviews.contains(&stored.record.interview));
        keys.extend(of_theirs.map(|(id, _)| id));
        if !page.more {
            let letters = letters(services, space, candidate, &interviews).await?;
            let calendars = calendars.into_iter().map(Trace::Calendar);
            let keys = keys.into_iter().map(Trace::Key);
            let proposed = outreach_keys(services, space, candidate).await?;
            return Ok(calendars
                .chain(keys)
                .chain(proposed.into_iter().map(Trace::OutreachKey))
                .chain(letters.into_iter().map(Trace::Letter))
                .collect());
        }
    }
}

/// The idempotency keys by which times were proposed to a candidate.
async fn outreach_keys(
    services: &Services,
    space: &str,
    candidate: CandidateId,
) -> Result<Vec<String>, StoreError> {
    let outreaches: HashSet<_> = match space.parse() {
        Ok(workspace) => services.index.outreaches_to(workspace, candidate),
        Err(_) => Vec::new(),
    }
    .into_iter()
    .collect();
    let (mut keys, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = services
            .store
            .scan::<OutreachKeyRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let of_theirs = page
            .rows
            .into_iter()
            .filter(|(_, stored)| outreaches.contains(&stored.record.outreach));
        keys.extend(of_theirs.map(|(id, _)| id));
        if !page.more {
            return Ok(keys);
        }
    }
}

/// The emails to a candidate or about their interviews, left or yet to leave.
async fn letters(
    services: &Services,
    space: &str,
    candidate: CandidateId,
    interviews: &HashSet<InterviewId>,
) -> Result<Vec<String>, StoreError> {
    let concerns = |mail: &MessageRecord| {
        mail.to == Recipient::Candidate(candidate)
            || matches!(mail.about, About::Interview(id) if interviews.contains(&id))
    };
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = services
            .store
            .scan::<MessageRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let theirs = page.rows.into_iter().filter(|(_, it)| concerns(&it.record));
        found.extend(theirs.map(|(id, _)| id));
        if !page.more {
            break;
        }
    }
    after = None;
    loop {
        let page = services
            .store
            .scan::<PastMessage>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let theirs = page
            .rows
            .into_iter()
            .filter(|(_, it)| concerns(&it.record.0));
        found.extend(theirs.map(|(id, _)| id));
        if !page.more {
            return Ok(found);
        }
    }
}

impl Trace {
    /// Removes it, in this commit.
    pub fn remove(&self, tx: &Tx, space: &str) -> Result<(), StoreError> {
        match self {
            Self::Calendar(id) => tx.delete::<CalendarRecord>(space, id),
            Self::Key(id) => tx.delete::<IdempotencyRecord>(space, id),
            Self::OutreachKey(id) => tx.delete::<OutreachKeyRecord>(space, id),
            Self::Letter(id) => {
                tx.delete::<MessageRecord>(space, id)?;
                tx.delete::<PastMessage>(space, id)?;
                WorkRecord::done(tx, space, outbox::KIND, id)
            }
        }
    }
}
