//! What decides about an interview's time, gathered into one question for the predicate.
//!
//! Owns who is asked about and in which order, and what Zoom allows the host. Invariant: both ways
//! to gather build the same question of the same records; [`Facts::gather`] reads them in a
//! transaction, whose commit then expects them, and [`Facts::of`] takes them from the index without
//! a copy, for what is only shown or offered. Judges nothing.

#[cfg(test)]
mod tests;

use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::schedule::{FindingWho, LaneKind};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::{CallsToday, ZoomPlan};
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;

use crate::index::Index;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::CandidateRecord;
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::schedule::busy::{Busy, Holder};
use crate::schedule::predicate::{HostRules, Party, Question};
use crate::schedule::time;
use crate::store::{GLOBAL, Tx};
use crate::zoom::{ConnectionRecord, HostCalls, HostNotes, Link, NoNotes, plan};

/// Everybody an interview's time concerns, and the rules of its host.
pub(super) struct Facts {
    parties: Vec<Party>,
    host: Option<HostRules>,
}

/// Somebody who is asked about.
enum Seat<'a> {
    Member(MemberId),
    Candidate,
    Host(&'a HostFacts),
}

impl Facts {
    /// From the records themselves; the commit expects every one of them.
    pub(super) async fn gather(
        tx: &Tx,
        space: &str,
        interview: &InterviewRecord,
        host: Option<&HostFacts>,
    ) -> Result<Self, Error> {
        let (start, end) = (interview.start, interview.end());
        let mut parties = Vec::new();
        for seat in seats(interview, host) {
            let name = match &seat {
                Seat::Member(id) => {
                    let record = tx.get::<MemberRecord>(space, &id.to_string()).await?;
                    record.map(|it| it.name)
                }
                Seat::Candidate => {
                    let id = interview.candidate.to_string();
                    let record = tx.get::<CandidateRecord>(space, &id).await?;
                    record.map(|it| it.name)
                }
                Seat::Host(host) => Some(host.name.clone()),
            };
            let name = name.ok_or_else(|| seat.is_gone())?;
            let busy = calendar::read(tx, space, &seat.owner(interview), start, end).await?;
            parties.push(seat.party(interview, name, busy));
        }
        Ok(Self::new(parties, host))
    }

    /// From the index: as of the last commit that was acknowledged, and not expected to stay so.
    pub(super) fn of(
        index: &Index,
        workspace: WorkspaceId,
        interview: &InterviewRecord,
        host: Option<&HostFacts>,
    ) -> Result<Self, Error> {
        let (start, end) = (interview.start, interview.end());
        let mut parties = Vec::new();
        for seat in seats(interview, host) {
            let name = match &seat {
                Seat::Member(id) => {
                    let row = index.member(workspace, *id);
                    row.map(|row| row.record.name.clone())
                }
                Seat::Candidate => {
                    let entry = index.candidate(workspace, interview.candidate);
                    entry.map(|it| it.name)
                }
                Seat::Host(host) => Some(host.name.clone()),
            };
            let name = name.ok_or_else(|| seat.is_gone())?;
            let busy = index.busy(workspace, &seat.owner(interview), start, end);
            parties.push(seat.party(interview, name, busy));
        }
        Ok(Self::new(parties, host))
    }

    fn new(parties: Vec<Party>, host: Option<&HostFacts>) -> Self {
        Self {
            parties,
            host: host.map(HostFacts::rules),
        }
    }

    /// Whether the interview `id` could be at its time.
    pub(super) fn question(
        self,
        now: Instant,
        id: InterviewId,
        interview: &InterviewRecord,
    ) -> Question {
        Question {
            now,
            start: interview.start,
            duration_minutes: interview.duration_minutes,
            zone: time::zone(&interview.zone).unwrap_or(TimeZone::UTC),
            parties: self.parties,
            host: self.host,
            except: Some(Holder::Interview(id)),
        }
    }
}

/// Everybody who is asked about: interviewers in their order, the candidate, the host.
fn seats<'a>(
    interview: &InterviewRecord,
    host: Option<&'a HostFacts>,
) -> impl Iterator<Item = Seat<'a>> {
    let members = interview.interviewers.iter().copied().map(Seat::Member);
    let members = members.collect::<Vec<_>>().into_iter();
    members.chain([Seat::Candidate]).chain(host.map(Seat::Host))
}

impl Seat<'_> {
    fn owner(&self, interview: &InterviewRecord) -> Owner {
        match self {
            Self::Member(id) => Owner::Member(*id),
            Self::Candidate => Owner::Candidate(interview.candidate),
            Self::Host(host) => Owner::Zoom(host.zoom_id.clone()),
        }
    }

    fn party(&self, interview: &InterviewRecord, name: String, busy: Busy) -> Party {
        let (kind, id, capacity) = match self {
            Self::Member(id) => (LaneKind::Member, id.to_string(), 1),
            Self::Candidate => (LaneKind::Candidate, interview.candidate.to_string(), 1),
            Self::Host(host) => (LaneKind::Host, host.member.to_string(), host.capacity),
        };
        Party {
            kind,
            id,
            name,
            capacity,
            busy,
        }
    }

    fn is_gone(&self) -> Error {
        match self {
            Self::Member(_) => Error::not_found("An interviewer was removed").field("with"),
            Self::Candidate => Error::not_found("The candidate was removed"),
            Self::Host(_) => host_is_gone(),
        }
    }
}

fn host_is_gone() -> Error {
    Error::not_found("The host was removed").field("zoom_user")
}

/// What a host's connection says. It is read from the records always: the index keeps none of it.
pub(super) struct HostFacts {
    member: MemberId,
    /// Zoom's id of the host, whose calendar the interview stands in.
    pub zoom_id: String,
    name: String,
    /// Minutes after which Zoom ends the meeting; `None`: it does not, or the plan is not known.
    longest_minutes: Option<u32>,
    capacity: usize,
    calls_today: CallsToday,
    /// Why Zoom would write no summary, where one is wanted.
    no_notes: Option<NoNotes>,
}

impl HostFacts {
    /// What the host's connection allows; refused where Zoom is not connected and a meeting is
    /// still to be made. One that was made keeps its link, and its host's time, without a
    /// connection.
    pub(super) async fn gather(
        tx: &Tx,
        space: &str,
        interview: &InterviewRecord,
        now: Instant,
    ) -> Result<Option<Self>, Error> {
        let Some(host) = interview.host else {
            return Ok(None);
        };
        let member = tx.get::<MemberRecord>(space, &host.to_string()).await?;
        let name = member.ok_or_else(host_is_gone)?.name;
        let connection = tx
            .get::<ConnectionRecord>(space, &host.to_string())
            .await?
            .unwrap_or_default();
        let is_made = interview.meeting.zoom.meeting().is_some();
        let stays = interview.host_zoom_id.clone().filter(|_| is_made);
        let is_usable = matches!(
            connection.link,
            Link::Connected { .. } | Link::Retrying { .. }
        );
        let grant = connection.grant();
        let zoom_id = match (grant, stays) {
            (Some(grant), _) if is_usable => Some(grant.user.id.clone()),
            (_, stays) => stays,
        };
        let zoom_id = zoom_id.ok_or_else(|| not_connected(&name, &connection.link))?;
        let workspace = tx.get::<WorkspaceRecord>(GLOBAL, space).await?;
        let account = workspace.map(|it| it.plan).unwrap_or_default();
        let plan = grant.map(|grant| plan::of(&grant.user));
        let capacity = plan::concurrent_meetings(plan.unwrap_or(ZoomPlan::Basic), account);
        let calls_today = HostCalls::today(tx, space, &zoom_id, now).await?;
        let no_notes = match grant.filter(|_| interview.zoom_notes) {
            Some(grant) => HostNotes::why_none(tx, space, &grant.user).await?,
            None => None,
        };
        Ok(Some(Self {
            member: host,
            zoom_id,
            name,
            longest_minutes: plan.and_then(|it| plan::longest_minutes(it, interview.start)),
            capacity: capacity as usize,
            calls_today,
            no_notes,
        }))
    }

    fn rules(&self) -> HostRules {
        HostRules {
            host: FindingWho {
                kind: LaneKind::Host,
                id: self.member.to_string(),
                name: Some(self.name.clone()),
            },
            ends_after: self.longest_minutes,
            calls_today: self.calls_today,
            no_notes: self.no_notes.map(|why| why.text(&self.name)),
        }
    }
}

fn not_connected(name: &str, link: &Link) -> Error {
    let what = match link {
        Link::ReconnectRequired { .. } => "must be reconnected",
        _ => "is not connected",
    };
    let why = format!("{name}'s Zoom {what}; nothing was booked");
    Error::new(ErrorKind::Zoom, why)
        .field("zoom_user")
        .hint("connect with `greenroom zoom connect`, or give the link yourself with --url")
}
