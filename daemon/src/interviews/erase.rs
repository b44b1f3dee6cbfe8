//! What is left of interviews when their candidate is erased: that somebody's time was taken, and nothing about whom.
//!
//! An interview to come, or a meeting that Zoom is still to make or delete, stands in the way: cancelling tells others and
//! deletes the meeting, which carries the name, and both can fail; after the erasure nothing would be left to try again with.
//! Where Zoom is no longer connected nothing more can be done about a meeting, and it is named instead.

use std::collections::HashSet;

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::calendar::{self, Owner};
use super::make::KIND;
use super::record::{
    CalendarRecord, IdempotencyRecord, InterviewRecord, MeetingRecord, ZoomMeeting,
};
use super::{judge, settle};
use crate::access::Asking;
use crate::rooms::Rooms;
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
    rooms: &Rooms,
    asking: &Asking,
    tx: &Tx,
    id: InterviewId,
) -> Result<Option<Stands>, StoreError> {
    let space = asking.space();
    let Some(interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await? else {
        return Ok(None);
    };
    let now = rooms.clock.now();
    let start = interview.start;
    if interview.takes_time() && interview.end() > now {
        return Ok(Some(Stands::ToCome(format!("{id}, to begin {start}"))));
    }
    let connected = connected(tx, &space, &interview).await?;
    Ok(Some(match &interview.meeting.zoom {
        ZoomMeeting::Wanted | ZoomMeeting::Asked { .. } | ZoomMeeting::Unwanted { .. }
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

/// Takes everything about the candidate out of an interview. One that still takes time, which only a booking in the very
/// moment of the erasure can leave, gives it back, and Zoom is asked to delete a meeting it made by then.
pub async fn empty(tx: &Tx, space: &str, id: InterviewId, now: Instant) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    let late = interview.takes_time() && interview.end() > now;
    let mut work = false;
    if late {
        for owner in judge::owners(&interview) {
            calendar::free(tx, space, &owner, id, interview.start, interview.end()).await?;
        }
        interview.status = InterviewStatus::Cancelled;
        work = settle::unwanted(&mut interview, Ok(()));
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
    tx.put(space, &key, &interview)?;
    match work {
        true => WorkRecord::ask(tx, space, KIND, &key, now),
        false => WorkRecord::done(tx, space, KIND, &key),
    }
}

/// The ids of what else mentions a candidate or their interviews: calendars, and what idempotency keys were used for.
pub struct Traces {
    calendars: Vec<String>,
    keys: Vec<String>,
}

/// Finds those traces.
pub async fn traces(
    rooms: &Rooms,
    space: &str,
    candidate: CandidateId,
    interviews: &[InterviewId],
) -> Result<Traces, StoreError> {
    let start = Owner::Candidate(candidate).start();
    let (mut calendars, mut after) = (Vec::new(), Some(start.clone()));
    loop {
        let page = rooms
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
        let page = rooms
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
            return Ok(Traces { calendars, keys });
        }
    }
}

impl Traces {
    /// Removes them, in this commit.
    pub fn remove(&self, tx: &Tx, space: &str) -> Result<(), StoreError> {
        for id in &self.calendars {
            tx.delete::<CalendarRecord>(space, id)?;
        }
        for id in &self.keys {
            tx.delete::<IdempotencyRecord>(space, id)?;
        }
        Ok(())
    }
}
