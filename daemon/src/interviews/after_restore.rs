//! What a restored store may not know of its meetings. Between the backup and the restore meetings
//! may have been made, moved and deleted; carrying out what waits, or asking again what was
//! refused, could make one twice.
//!
//! So before a restored store is used: what was to be made is *looked for* (its mark stands in the
//! agenda), what a person may have had made since is looked for before it is made, and a meeting of
//! an interview to come is read back, so that one that is gone at Zoom is loud. What was planned
//! after the backup is not known here; its meeting, if any, stands at Zoom as a stray.
//!
//! Which emails people had since the backup is not known either. Those they get from now on are
//! newer for their calendars than any they may have had, and reminders whose moment has come were
//! given, as far as is known.

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::time::Instant;

use super::make::KIND;
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::records::invitation::Reminded;
use crate::store::{Store, StoreError};
use crate::work::WorkRecord;

/// More changes than anybody makes to one interview between a backup and its restore.
const UNKNOWN_CHANGES: u32 = 1_000;

/// Interviews looked at at a time.
const PAGE: usize = 200;

/// Casts that doubt over the interviews of a workspace. How many meetings are looked for or read
/// back at once.
pub async fn mark_uncertain(store: &Store, space: &str, now: Instant) -> Result<u64, StoreError> {
    let (mut asked, mut after) = (0, None::<String>);
    loop {
        let page = store
            .scan::<InterviewRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let doubtful = page.rows.into_iter().filter_map(|(id, stored)| {
            let (record, ask) = doubted(stored.record, now)?;
            Some((id, record, ask))
        });
        let doubtful: Vec<_> = doubtful.collect();
        asked += doubtful.iter().filter(|(_, _, ask)| *ask).count() as u64;
        let written = store.transact_each(&doubtful, |tx, (id, record, ask)| async move {
            tx.put(space, id, record)?;
            match ask {
                true => WorkRecord::ask(&tx, space, KIND, id, now),
                false => Ok(()),
            }
        });
        written.await?;
        if !page.more {
            return Ok(asked);
        }
    }
}

/// The interview in doubt, and whether Zoom is asked about it at once; nothing where there is no
/// doubt.
fn doubted(mut interview: InterviewRecord, now: Instant) -> Option<(InterviewRecord, bool)> {
    let told = distrust_told(&mut interview, now);
    let asked = distrust_zoom(&mut interview, now);
    (told || asked.is_some()).then(|| (interview, asked.unwrap_or(false)))
}

/// Makes the emails people get from now on newer than those they may have had, and says whether
/// anything of it was to come.
fn distrust_told(interview: &mut InterviewRecord, now: Instant) -> bool {
    if interview.end() <= now {
        return false;
    }
    interview.invitation.sequence += UNKNOWN_CHANGES;
    interview.invitation.restored = interview.invitation.sequence;
    let seconds = interview.start.since(now).as_secs();
    if let Ok(minutes) = u32::try_from((seconds + 59).div_euclid(60)) {
        interview.invitation.reminded = Some(Reminded {
            start: interview.start,
            minutes,
        });
    }
    true
}

/// Has the meeting looked for or read back, and says whether at once; nothing where it is in no
/// doubt.
fn distrust_zoom(interview: &mut InterviewRecord, now: Instant) -> Option<bool> {
    if interview.meeting.kind != MeetingType::Zoom || interview.host.is_none() {
        return None;
    }
    let to_come = interview.takes_time() && interview.end() > now;
    match interview.meeting.zoom.clone() {
        ZoomMeeting::Wanted => {
            interview.meeting.zoom = ZoomMeeting::Asked { at: now };
            // If it is found, people were invited as well, in all likelihood.
            interview.invitation.in_doubt = to_come;
            Some(true)
        }
        ZoomMeeting::Ready { meeting } if to_come => {
            interview.meeting.zoom = ZoomMeeting::Made { meeting };
            Some(true)
        }
        ZoomMeeting::None | ZoomMeeting::Failed { .. } if to_come => {
            interview.meeting.restored = Some(now);
            Some(false)
        }
        _ => None,
    }
}
