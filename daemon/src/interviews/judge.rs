//! Puts an interview's time to the predicate, and names what is in the way to those who may know.
//! The same for a dry run and for the commit: only where the facts come from differs.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId, OutreachId};
use greenroom_protocol::schedule::{Finding, FindingClass, Verdict};
use greenroom_protocol::time::Instant;

use super::facts::{Expect, Facts, HostFacts};
use super::list::may_see;
use super::plan::stage_plan;
use crate::access::RequestContext;
use crate::records::calendar::Owner;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{OPEN, OutreachRecord};
use crate::records::pipeline::CandidateRecord;
use crate::schedule::busy::Own;
use crate::schedule::predicate::judge;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// A judged interview: the verdict, and Zoom's id of the host, whose time it would take too.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub host_zoom_id: Option<String>,
}

/// What a judgement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To book: the commit expects everything that blocks rest on.
    Book,
    /// To book only where nothing speaks against the time: the commit also expects what limits of a
    /// day and a week are counted over.
    BookUnadvised,
    /// To hold a slot that one other proposal may have too: else as [`Self::BookUnadvised`].
    Share,
    /// To show: people's time is taken from the index, and nothing is expected to stay so.
    Show,
    /// To read the emails before booking: as to show, and a host without a connection is advice,
    /// since no meeting is made.
    Preview,
}

impl Purpose {
    /// What a request is judged for.
    pub fn of(dry_run: bool, refuse_advice: bool) -> Self {
        match (dry_run, refuse_advice) {
            (true, _) => Self::Show,
            (false, false) => Self::Book,
            (false, true) => Self::BookUnadvised,
        }
    }

    /// Whether what is judged is written.
    pub fn writes(self) -> bool {
        match self {
            Self::Book | Self::BookUnadvised | Self::Share => true,
            Self::Show | Self::Preview => false,
        }
    }
}

/// Judges an interview's time.
pub(super) async fn judged(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    interview: &InterviewRecord,
    purpose: Purpose,
) -> Result<Judged, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let plan = stage_plan(services, context, interview.stage);
    let (host, connection) = match purpose {
        Purpose::Preview => HostFacts::reach(tx, &space, interview, now).await?.advice(),
        _ => {
            let host = HostFacts::gather(tx, &space, interview, now).await?;
            (host.map(Box::new), None)
        }
    };
    let (index, workspace) = (&services.index, context.workspace);
    let facts = match purpose {
        Purpose::Book | Purpose::BookUnadvised | Purpose::Share => {
            let expect = match purpose {
                Purpose::BookUnadvised | Purpose::Share => Expect::Around,
                _ => Expect::Itself,
            };
            let host = host.as_deref();
            Facts::gather(tx, (index, workspace), interview, &plan, host, expect).await?
        }
        Purpose::Show | Purpose::Preview => {
            Facts::of(index, workspace, interview, &plan, host.as_deref())?
        }
    };
    let (index, while_) = (&services.index, (interview.start, interview.end()));
    let stored = tx.get::<InterviewRecord>(&space, &id.to_string()).await?;
    let times = stored.map(|it| it.recent_times(now)).unwrap_or_default();
    let facts = facts.with_elsewhere(index, context.workspace, while_, &times);
    let outreach = kept_for(tx, &space, interview.application).await?;
    let own = Own {
        interview: Some(id),
        outreach,
        shares: purpose == Purpose::Share
            || has_shared(tx, &space, outreach, interview.start).await?,
    };
    let mut verdict = judge(&facts.question(now, own, interview));
    verdict.advises.extend(connection);
    let findings = verdict.blocks.iter_mut().chain(&mut verdict.advises);
    name_holders(services, context, tx, findings).await?;
    if matches!(purpose, Purpose::Show | Purpose::Preview) {
        // What is booked over is kept as a warning, which names nobody.
        for finding in &mut verdict.advises {
            name_candidate(services, context, tx, finding).await?;
        }
    }
    Ok(Judged {
        verdict,
        host_zoom_id: host.map(|host| host.zoom_id),
    })
}

/// The outreach whose slots are held for an application's interviews, which are not in their way:
/// its open one.
pub(super) async fn kept_for(
    tx: &Tx,
    space: &str,
    application: ApplicationId,
) -> Result<Option<OutreachId>, StoreError> {
    let open = tx.holder(space, OPEN, &application.to_string()).await?;
    Ok(open.and_then(|it| it.parse().ok()))
}

/// Whether an outreach has proposed that time as one which the first answer gets: then the slot of
/// the other who has it too is not in its way.
async fn has_shared(
    tx: &Tx,
    space: &str,
    outreach: Option<OutreachId>,
    start: Instant,
) -> Result<bool, StoreError> {
    let Some(id) = outreach else {
        return Ok(false);
    };
    let record = tx.peek::<OutreachRecord>(space, &id.to_string()).await?;
    Ok(record.is_some_and(|it| {
        let mut slots = it.slots.iter();
        slots.any(|slot| slot.shared && slot.start == start)
    }))
}

/// The codes of what somebody books over, for the audit: each once, in the order of the verdict.
/// `None`: nothing.
pub(super) fn booked_over(verdict: &Verdict) -> Option<(&'static str, String)> {
    let mut codes: Vec<String> = Vec::new();
    for finding in &verdict.advises {
        let code = serde_json::to_value(finding.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default().to_owned();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    (!codes.is_empty()).then(|| ("over", codes.join(" ")))
}

/// Says with whom the interviews in the way are, to a caller who may know. Advice becomes a warning
/// that outlasts the other interview and its candidate, so it names neither.
pub(super) async fn name_holders(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    findings: impl Iterator<Item = &mut Finding>,
) -> Result<(), Error> {
    for finding in findings {
        let Some(other) = known_holder(context, tx, finding).await? else {
            continue;
        };
        if finding.class != Some(FindingClass::Block) {
            continue;
        }
        let candidate = other.candidate.to_string();
        let candidate = tx
            .peek::<CandidateRecord>(&context.space(), &candidate)
            .await?;
        let job = services.index.job(context.workspace, other.job);
        if let (Some(candidate), Some(job)) = (candidate, job) {
            let with = format!(" ({}, {})", candidate.name, job.record.title);
            finding.message.push_str(&with);
        }
    }
    Ok(())
}

/// Says for whom a time is held, and until when, to a caller who may see them.
pub(super) async fn name_candidate(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    finding: &mut Finding,
) -> Result<(), Error> {
    let Some(id) = finding.outreach.take() else {
        return Ok(());
    };
    let outreach = tx
        .peek::<OutreachRecord>(&context.space(), &id.to_string())
        .await?;
    let Some(outreach) = outreach else {
        return Ok(());
    };
    if !services.index.sees_candidate(context, outreach.candidate) {
        return Ok(());
    }
    finding.outreach = Some(id);
    let entry = services
        .index
        .candidate(context.workspace, outreach.candidate);
    if let (Some(entry), Some(until)) = (entry, outreach.until) {
        let until = until.in_zone(&outreach.terms.zone);
        let held = format!(": held for {} until {until}", entry.name);
        finding.message.push_str(&held);
    }
    Ok(())
}

/// The interview a finding names; where the caller may not see it, the finding names none any more.
async fn known_holder(
    context: &RequestContext,
    tx: &Tx,
    finding: &mut Finding,
) -> Result<Option<InterviewRecord>, Error> {
    let Some(id) = finding.interview.take() else {
        return Ok(None);
    };
    let other = tx
        .peek::<InterviewRecord>(&context.space(), &id.to_string())
        .await?;
    let other = other.filter(|it| may_see(&context.scope(), it));
    finding.interview = other.as_ref().map(|_| id);
    Ok(other)
}

/// The calendars an interview stands in.
pub(super) fn owners(interview: &InterviewRecord) -> Vec<Owner> {
    let mut owners: Vec<_> = interview
        .interviewers
        .iter()
        .copied()
        .map(Owner::Member)
        .collect();
    owners.push(Owner::Candidate(interview.candidate));
    owners.extend(interview.host_zoom_id.clone().map(Owner::Zoom));
    owners
}
