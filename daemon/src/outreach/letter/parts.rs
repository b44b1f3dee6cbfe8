//! What every email about proposed times is written with: names as the records have them, and the
//! candidate's own zone.

use greenroom_protocol::id::MemberId;

use crate::mail::message::{Letter, Person, Says};
use crate::records::outreach::OutreachRecord;
use crate::records::pipeline::{CandidateRecord, JobRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// What stands in the place of a name that is gone.
const GONE: &str = "(removed)";

/// What every such email is written with.
pub(super) struct Parts {
    pub(super) candidate: CandidateRecord,
    pub(super) job: String,
    pub(super) workspace: String,
    pub(super) organizer: String,
    pub(super) sender: String,
}

impl Parts {
    /// `None`: the candidate is gone.
    pub(super) async fn read(
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
        by: Option<MemberId>,
    ) -> Result<Option<Self>, StoreError> {
        let candidate = record.candidate.to_string();
        let Some(candidate) = tx.peek::<CandidateRecord>(space, &candidate).await? else {
            return Ok(None);
        };
        let job = record.job.to_string();
        let job = tx.peek::<JobRecord>(space, &job).await?;
        let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let organizer = name(tx, space, record.terms.organizer).await?;
        let sender = match by {
            Some(member) => name(tx, space, member).await?,
            None => organizer.clone(),
        };
        Ok(Some(Self {
            candidate,
            job: job.map_or_else(|| GONE.to_owned(), |it| it.title),
            workspace: workspace.map_or_else(|| GONE.to_owned(), |it| it.name),
            organizer,
            sender,
        }))
    }

    pub(super) fn letter(self, from_name: String, says: Says) -> Letter {
        Letter {
            to: Person {
                name: self.candidate.name,
                address: self.candidate.email,
            },
            from_name,
            says,
        }
    }

    /// The zone the candidate reads times in: theirs, else the one they were scheduled in, which
    /// every time names.
    pub(super) fn zone<'a>(&'a self, record: &'a OutreachRecord) -> &'a str {
        let theirs = self.candidate.zone.as_deref();
        theirs.unwrap_or(&record.terms.zone)
    }
}

/// Whether the candidate's address was changed after somebody asked for the times to be sent.
pub(in crate::outreach) fn went_elsewhere(
    record: &OutreachRecord,
    candidate: &CandidateRecord,
) -> bool {
    let since = candidate.email_since;
    let asked = record.assisted.and_then(|it| it.handed_back);
    let asked = asked.unwrap_or(record.created_at);
    since.is_some_and(|since| since > asked)
}

async fn name(tx: &Tx, space: &str, member: MemberId) -> Result<String, StoreError> {
    let member = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
    Ok(member.map_or_else(|| GONE.to_owned(), |it| it.name))
}
