//! Who is emailed that a candidate waits for a person: the organizer, then everybody who recruits.
//!
//! Invariant: each step is taken once while it stands so, in the commit that notes it (`step` says
//! when). Writes no email: `letter` does, as it leaves.

use greenroom_protocol::id::{MemberId, OutreachId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;

use super::letter;
use crate::records::outreach::{Handed, OutreachRecord};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Colleagues who are emailed, at most.
const MOST: usize = 20;

/// Asks for the emails, where somebody else is to know than before.
pub(super) fn hand_over(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    (id, before, record): (OutreachId, &OutreachRecord, &OutreachRecord),
    now: Instant,
) -> Result<(), StoreError> {
    if record.handed <= before.handed {
        return Ok(());
    }
    let space = workspace.to_string();
    for member in to(services, workspace, record) {
        letter::ask_waiting(tx, &space, (id, record), member, now)?;
    }
    Ok(())
}

fn to(services: &Services, workspace: WorkspaceId, record: &OutreachRecord) -> Vec<MemberId> {
    let organizer = record.terms.organizer;
    let members = match record.handed {
        Handed::Nobody => return Vec::new(),
        Handed::Organizer => return vec![organizer],
        Handed::Recruiters => services.index.members(workspace),
    };
    let recruits = members.into_iter().filter(|row| {
        let of_the_job = row.record.hiring_jobs.contains(&record.job);
        let manages = row.record.roles.contains(&Role::HiringManager) && of_the_job;
        row.record.roles.contains(&Role::Recruiter) || manages
    });
    let others = recruits.map(|row| row.id).filter(|id| *id != organizer);
    others.take(MOST).collect()
}
