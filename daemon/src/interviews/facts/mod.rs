//! What decides about an interview's time, gathered into one question for the predicate.
//!
//! Owns who is asked about and in which order, and what Zoom allows the host. Invariant: both ways
//! to gather build the same question of the same records; [`Facts::gather`] reads them in a
//! transaction, whose commit then expects them, and [`Facts::of`] takes them from the index without
//! a copy, for what is only shown or offered. Judges nothing.

mod clocks;
mod host;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::schedule::LaneKind;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use self::clocks::WHOLE_DAYS;
pub(super) use self::clocks::{Clocks, buffer, grid, grid_zone, working_hours};
pub(super) use self::host::HostFacts;
use self::host::host_is_gone;
use crate::index::Index;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::{CandidateRecord, StagePlan};
use crate::records::workspace::MemberRecord;
use crate::schedule::busy::{Busy, Own};
use crate::schedule::predicate::{HostRules, Limits, Party, Question, Rules};
use crate::schedule::ranges::Seconds;
use crate::schedule::time;
use crate::schedule::wishes::Wishes;
use crate::store::Tx;

/// Everybody an interview's time concerns, the rules of its host and those of its stage.
pub(super) struct Facts {
    parties: Vec<Party>,
    host: Option<HostRules>,
    rules: Rules,
    grid: TimeZone,
}

/// What a commit expects of somebody's taken time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// The weeks of the interview itself, on which blocks rest.
    Itself,
    /// Those around it too, on which limits of a day and a week rest.
    Around,
}

/// The people of a search for times, apart.
pub(super) struct People {
    /// Interviewers, in their order.
    pub interviewers: Vec<Party>,
    /// `None`: the times are for anybody.
    pub candidate: Option<Party>,
    pub host: Option<Party>,
    pub host_rules: Option<HostRules>,
    pub rules: Rules,
    /// The zone of the grid of starts.
    pub grid: TimeZone,
}

/// Somebody who is asked about.
enum Seat<'a> {
    Member(MemberId),
    Candidate,
    Host(&'a HostFacts),
}

/// What the records say of somebody.
struct Known {
    name: String,
    /// Their IANA zone, if it is known.
    zone: Option<String>,
}

impl Facts {
    /// From the records themselves; the commit expects every one of them, except the stage's plan,
    /// people's hours and, unless told otherwise, what is around the interview.
    pub(super) async fn gather(
        tx: &Tx,
        (index, workspace): (&Index, WorkspaceId),
        interview: &InterviewRecord,
        plan: &StagePlan,
        host: Option<&HostFacts>,
        expect: Expect,
    ) -> Result<Self, Error> {
        let space = &workspace.to_string();
        let (start, end) = (interview.start, interview.end());
        let mut clocks = Clocks::new(index, workspace, plan, (start, end));
        let mut parties = Vec::new();
        for seat in seats(interview, host) {
            let known = match &seat {
                Seat::Member(id) => {
                    let record = tx.get::<MemberRecord>(space, &id.to_string()).await?;
                    record.map(Known::member)
                }
                Seat::Candidate => {
                    let id = interview.candidate.to_string();
                    let record = tx.get::<CandidateRecord>(space, &id).await?;
                    record.map(|it| Known {
                        name: it.name,
                        zone: it.zone,
                    })
                }
                Seat::Host(host) => Some(host.known()),
            };
            let known = known.ok_or_else(|| seat.is_gone())?;
            let (owner, around) = (seat.owner(interview), seat.looked_around(&clocks));
            let busy = match expect {
                Expect::Itself => {
                    calendar::read_around(tx, space, &owner, (start, end), around).await?
                }
                Expect::Around => {
                    let (from, to) = (start.plus_minutes(-around), end.plus_minutes(around));
                    calendar::read(tx, space, &owner, from, to).await?
                }
            };
            parties.push(seat.party(interview, known, busy, &mut clocks));
        }
        Ok(Self::new(parties, plan, host, grid(index, workspace, plan)))
    }

    /// From the index: as of the last commit that was acknowledged, and not expected to stay so.
    pub(super) fn of(
        index: &Index,
        workspace: WorkspaceId,
        interview: &InterviewRecord,
        plan: &StagePlan,
        host: Option<&HostFacts>,
    ) -> Result<Self, Error> {
        let span = (interview.start, interview.end());
        let seats = seats(interview, host);
        Self::over(index, workspace, interview, plan, (host, seats), span, 0)
    }

    /// The same over a while, and at least `minutes` around it.
    fn over<'a>(
        index: &Index,
        workspace: WorkspaceId,
        interview: &InterviewRecord,
        plan: &StagePlan,
        (host, seats): (Option<&HostFacts>, impl Iterator<Item = Seat<'a>>),
        (start, end): (Instant, Instant),
        minutes: i64,
    ) -> Result<Self, Error> {
        let mut clocks = Clocks::new(index, workspace, plan, (start, end));
        let mut parties = Vec::new();
        for seat in seats {
            let known = match &seat {
                Seat::Member(id) => {
                    let row = index.member(workspace, *id);
                    row.map(|row| Known::member((*row.record).clone()))
                }
                Seat::Candidate => {
                    let entry = index.candidate(workspace, interview.candidate);
                    entry.map(|it| Known {
                        name: it.name,
                        zone: it.zone,
                    })
                }
                Seat::Host(host) => Some(host.known()),
            };
            let known = known.ok_or_else(|| seat.is_gone())?;
            let around = seat.looked_around(&clocks).max(minutes);
            let (from, to) = (start.plus_minutes(-around), end.plus_minutes(around));
            let busy = index.busy(workspace, &seat.owner(interview), from, to);
            parties.push(seat.party(interview, known, busy, &mut clocks));
        }
        Ok(Self::new(parties, plan, host, grid(index, workspace, plan)))
    }

    fn new(
        parties: Vec<Party>,
        plan: &StagePlan,
        host: Option<&HostFacts>,
        grid: TimeZone,
    ) -> Self {
        Self {
            parties,
            grid,
            host: host.map(HostFacts::rules),
            rules: Rules {
                notice_minutes: plan.notice_minutes,
                horizon_days: Some(plan.horizon_days),
                offer: None,
            },
        }
    }

    /// With what calendars say that others keep of the members; `own` are the times of the interview
    /// that is judged, if it is there already. They are taken from the index by a booking too: what
    /// others keep may change at any time, so no commit expects it.
    pub(super) fn with_elsewhere(
        mut self,
        index: &Index,
        workspace: WorkspaceId,
        while_: (Instant, Instant),
        own: &[Seconds],
    ) -> Self {
        for party in &mut self.parties {
            if party.kind == LaneKind::Member
                && let Ok(member) = party.id.parse()
            {
                let busy = std::mem::take(&mut party.busy);
                party.busy = index.with_elsewhere(workspace, member, busy, while_, own);
            }
        }
        self
    }

    /// Whether an interview could be at its time; `own` is itself and what is kept for it.
    pub(super) fn question(self, now: Instant, own: Own, interview: &InterviewRecord) -> Question {
        Question {
            now,
            start: interview.start,
            duration_minutes: interview.duration_minutes,
            zone: time::zone(&interview.zone).unwrap_or(TimeZone::UTC),
            grid: self.grid,
            parties: self.parties,
            host: self.host,
            own,
            rules: self.rules,
            wishes: Wishes::default(),
        }
    }
}

impl People {
    /// From the index, over a while; without the interview's candidate where it is `for_anybody`.
    pub(super) fn of(
        index: &Index,
        workspace: WorkspaceId,
        (interview, own, for_anybody): (&InterviewRecord, &[Seconds], bool),
        plan: &StagePlan,
        host: Option<&HostFacts>,
        while_: (Instant, Instant),
    ) -> Result<Self, Error> {
        let around = WHOLE_DAYS;
        let seats = seats(interview, host);
        let seats = seats.filter(|it| !(for_anybody && matches!(it, Seat::Candidate)));
        let facts = Facts::over(
            index,
            workspace,
            interview,
            plan,
            (host, seats),
            while_,
            around,
        )?;
        let facts = facts.with_elsewhere(index, workspace, while_, own);
        let mut parties = facts.parties;
        let host = host.and_then(|_| parties.pop());
        let candidate = match for_anybody {
            true => None,
            false => parties.pop(),
        };
        Ok(Self {
            interviewers: parties,
            candidate,
            host,
            host_rules: facts.host,
            rules: facts.rules,
            grid: facts.grid,
        })
    }
}

impl Known {
    fn member(record: MemberRecord) -> Self {
        Self {
            name: record.name,
            zone: Some(record.zone),
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

    /// The minutes around the interview in which their taken time decides about it.
    fn looked_around(&self, clocks: &Clocks<'_>) -> i64 {
        match self {
            Self::Member(id) => clocks.looked_around(*id),
            Self::Candidate | Self::Host(_) => 0,
        }
    }

    fn party(
        &self,
        interview: &InterviewRecord,
        known: Known,
        busy: Busy,
        clocks: &mut Clocks<'_>,
    ) -> Party {
        let limits = match self {
            Self::Member(id) => {
                let zone = known.zone.as_deref().unwrap_or_default();
                Limits::WorkDays(clocks.work_days(*id, zone))
            }
            Self::Candidate => clocks.nights(known.zone.as_deref()),
            Self::Host(_) => Limits::None,
        };
        let (kind, id, capacity) = match self {
            Self::Member(id) => (LaneKind::Member, id.to_string(), 1),
            Self::Candidate => (LaneKind::Candidate, interview.candidate.to_string(), 1),
            Self::Host(host) => (LaneKind::Host, host.member.to_string(), host.capacity),
        };
        Party {
            kind,
            id,
            name: known.name,
            capacity,
            busy,
            limits,
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
