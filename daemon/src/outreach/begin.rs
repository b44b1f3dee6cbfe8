//! Beginning an outreach of the assistant's: at most once with each entry into a stage.
//!
//! Invariant: the record, the claim of the entry and the claim of the application are written
//! together, so that who comes second finds them. Nothing is chosen, held or sent here.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, MemberId, OutreachId, WorkspaceId};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::ApplicationState;

use super::apply::write;
use crate::interviews;
use crate::records::outreach::{
    About, Assisted, ENTRY, OPEN, OutreachRecord, OutreachState, OutreachTerms, entry_of,
};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord, StageRecord};
use crate::services::Services;
use crate::store::{Actor, StoreError, Tx};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Begun {
    /// It began.
    New(OutreachId),
    /// Somebody is in touch with the candidate about it already.
    Open(OutreachId),
    /// The assistant began with this entry before.
    Before,
    /// It can't: why.
    No(Why),
}

/// Why the assistant does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The application or its candidate is gone.
    Gone,
    /// The application is not active, or the job is closed.
    Closed,
    /// The stage has no AI scheduling.
    NotAssisted,
    /// An interview is scheduled already.
    Scheduled,
}

impl Why {
    /// The same as a refusal.
    pub(super) fn refusal(self) -> Error {
        match self {
            Self::Gone => Error::not_found("The application is gone").field("candidate"),
            Self::Closed => {
                Error::conflict("The application or its job is not open").field("candidate")
            }
            Self::NotAssisted => Error::conflict("The stage has no AI scheduling")
                .field("stage")
                .hint("turn it on with `greenroom stage edit STAGE --ai on`, or propose times yourself"),
            Self::Scheduled => {
                Error::conflict("An interview is scheduled already").field("candidate")
            }
        }
    }
}

/// How the assistant comes to begin.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// The candidate was moved into the stage, which can be undone for as long.
    Entry {
        /// Seconds.
        undo: u32,
    },
    /// A person has it begin, also where it began with this entry before.
    Person(Actor),
}

/// Begins with an application in the stage it is in.
pub(super) async fn begin(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    id: ApplicationId,
    by: &By,
) -> Result<Begun, StoreError> {
    let (space, key, now) = (workspace.to_string(), id.to_string(), services.clock.now());
    let Some(application) = tx.get::<ApplicationRecord>(&space, &key).await? else {
        return Ok(Begun::No(Why::Gone));
    };
    if let Some(why) = refused(services, tx, workspace, (id, &application)).await? {
        return Ok(Begun::No(why));
    }
    let open = tx.holder(&space, OPEN, &key).await?;
    if let Some(open) = open.and_then(|it| it.parse().ok()) {
        return Ok(Begun::Open(open));
    }
    let stage = application.stage.to_string();
    let Some(stage) = tx.get::<StageRecord>(&space, &stage).await? else {
        return Ok(Begun::No(Why::NotAssisted));
    };
    let outreach = OutreachId::new();
    let entry = entry_of(id, application.entry);
    let holder = outreach.to_string();
    if tx.claim(&space, ENTRY, &entry, &holder).await?.is_err() {
        match by {
            By::Entry { .. } => return Ok(Begun::Before),
            By::Person(_) => {
                tx.release(&space, ENTRY, &entry)?;
                let _ = tx.claim(&space, ENTRY, &entry, &holder).await?;
            }
        }
    }
    let _ = tx.claim(&space, OPEN, &key, &holder).await?;
    let started_by = match by {
        By::Entry { .. } => Actor::Assistant {
            job: application.job,
            thread: holder,
        },
        By::Person(actor) => actor.clone(),
    };
    let until = match by {
        By::Entry { undo } => application.since.plus_seconds(i64::from(*undo)),
        By::Person(_) => now,
    };
    let about = About {
        candidate: application.candidate,
        application: id,
        job: application.job,
        stage: application.stage,
    };
    let terms = terms(services, workspace, &stage, &started_by);
    let state = OutreachState::Settling { until };
    let record = OutreachRecord {
        assisted: Some(Assisted::new(application.entry, stage.interview.approval)),
        ..OutreachRecord::new(about, started_by, state, terms, now)
    };
    write(tx, &space, outreach, &record).await?;
    Ok(Begun::New(outreach))
}

async fn refused(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    (id, application): (ApplicationId, &ApplicationRecord),
) -> Result<Option<Why>, StoreError> {
    let (space, now) = (workspace.to_string(), services.clock.now());
    let candidate = application.candidate.to_string();
    if tx
        .get::<CandidateRecord>(&space, &candidate)
        .await?
        .is_none()
    {
        return Ok(Some(Why::Gone));
    }
    let job = tx
        .get::<JobRecord>(&space, &application.job.to_string())
        .await?;
    if application.state() != ApplicationState::Active || job.is_none_or(|job| !job.open) {
        return Ok(Some(Why::Closed));
    }
    let stage = application.stage.to_string();
    let stage = tx.get::<StageRecord>(&space, &stage).await?;
    if stage.is_none_or(|stage| !stage.interview.ai) {
        return Ok(Some(Why::NotAssisted));
    }
    let to_come = interviews::to_come(&services.index, workspace, id, now);
    Ok((!to_come.is_empty()).then_some(Why::Scheduled))
}

/// What would be booked, as far as it is known before times are chosen, which says it anew.
fn terms(
    services: &Services,
    workspace: WorkspaceId,
    stage: &StageRecord,
    started_by: &Actor,
) -> OutreachTerms {
    let plan = &stage.interview;
    let first = plan.panel.iter().flat_map(|it| &it.members).next().copied();
    let organizer = plan.organizes().or(started_by.person()).or(first);
    OutreachTerms {
        organizer: organizer.unwrap_or(MemberId::NOBODY),
        kind: MeetingType::Zoom,
        host: plan.zoom_user,
        host_zoom_id: None,
        manual: None,
        zoom_notes: plan.zoom_notes,
        zone: services.index.zone_of(workspace),
        minutes: plan.duration_minutes,
        by_panel: true,
    }
}
