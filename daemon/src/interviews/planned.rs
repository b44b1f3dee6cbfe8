//! What a search for times asks about: names resolved, and everything that decides about a time
//! gathered from memory.
//!
//! Invariants: what is not named is as a booking would take it; nothing is written, and nothing is
//! expected to stay as it is, for what is offered is judged again when it is booked.

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::{GuidanceRead, PanelGroup, PanelRule};
use greenroom_protocol::schedule::{Finding, Planned, Wish};
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;

use super::facts::{HostFacts, People, grid_zone};
use super::judge;
use super::list::visible;
use super::panel;
use super::plan::{self, Named};
use super::stage_plan;
use crate::access::RequestContext;
use crate::feeds;
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::StagePlan;
use crate::schedule::busy::Own;
use crate::schedule::guidance::guided;
use crate::schedule::hours::is_window;
use crate::schedule::ranges::Seconds;
use crate::schedule::slots::World;
use crate::schedule::time::{self, Start};
use crate::schedule::wishes::Wishes;
use crate::services::Services;
use crate::store::Actor;

/// Wishes that one question may have.
const MOST_WISHES: usize = 20;

/// What is asked about.
pub(super) struct Asked {
    /// The interview that is judged again, else one that is not there yet.
    id: InterviewId,
    /// With everybody of the panel as interviewers; its start means nothing.
    pub interview: InterviewRecord,
    /// When the interview is by now, and was a while ago.
    own: Vec<Seconds>,
    /// The interview's candidate is nobody: the times are to suit the others.
    for_anybody: bool,
    groups: Vec<PanelGroup>,
    wishes: Vec<Wish>,
    pub plan: StagePlan,
    /// The zone that times are named in, which is the interview's.
    pub zone: TimeZone,
    /// The candidate's IANA zone, if it is known.
    pub candidate_zone: Option<String>,
    /// The stage's guidance counts, as it does where the assistant chooses.
    guided: bool,
}

/// A world to search, and what holds at any of its times.
pub(super) struct Searched {
    pub world: World,
    /// What the host's connection has to do with it.
    pub connection: Option<Finding>,
}

/// Resolves what is asked about.
pub(super) async fn read(
    services: &Services,
    context: &RequestContext,
    planned: &Planned,
) -> Result<Asked, Error> {
    let mut asked = match &planned.interview {
        Some(text) => booked(services, context, planned, text).await?,
        None => new(services, context, planned)?,
    };
    asked.wishes = wishes(&planned.wishes)?;
    asked.guided =
        planned.guided || asked.for_anybody || matches!(context.actor(), Actor::Assistant { .. });
    let mut everybody: Vec<MemberId> = Vec::new();
    for member in asked.groups.iter().flat_map(|group| &group.members) {
        if !everybody.contains(member) {
            everybody.push(*member);
        }
    }
    asked.interview.interviewers = everybody;
    let candidate = services
        .index
        .candidate(context.workspace, asked.interview.candidate);
    asked.candidate_zone = candidate.and_then(|it| it.zone);
    Ok(asked)
}

/// An interview that is to be booked.
fn new(services: &Services, context: &RequestContext, planned: &Planned) -> Result<Asked, Error> {
    let named = Named {
        candidate: planned.candidate.as_deref().unwrap_or_default(),
        job: planned.job.as_deref(),
        stage: planned.stage.as_deref(),
        organizer: None,
        zone: planned.zone.as_deref(),
        duration_minutes: planned.duration_minutes,
        with: &planned.with,
        is_searched: true,
    };
    let for_anybody = planned.candidate.is_none();
    let mut basis = match (for_anybody, named.stage) {
        (false, _) => plan::basis(services, context, &named)?,
        (true, Some(stage)) => plan::basis_for_anybody(services, context, &named, stage)?,
        (true, None) => {
            let why = "Name a candidate, a stage, or an interview to move";
            return Err(Error::usage(why).field("candidate"));
        }
    };
    if let Some(change) = &planned.change {
        let change = change.as_ref().clone();
        basis.plan = stage_plan::changed(services, context, basis.plan, change)?;
        let minutes = planned.duration_minutes;
        basis.duration_minutes = plan::duration(minutes.unwrap_or(basis.plan.duration_minutes))?;
    }
    let zone = time::zone(&basis.zone)?;
    let host = match planned.kind.unwrap_or_default() {
        MeetingType::Zoom => {
            let named = planned.zoom_user.as_deref();
            Some(plan::host(services, context, named, basis.plan.zoom_user)?)
        }
        MeetingType::Link | MeetingType::Phone | MeetingType::Place => None,
    };
    let panel = panel::present(services, context.workspace, basis.plan.panel.clone());
    let takes_part = |group: &PanelGroup| group.rule != PanelRule::Optional;
    let groups = match planned.with.is_empty() && panel.iter().any(takes_part) {
        true => panel,
        false => vec![all_of(basis.interviewers.clone())],
    };
    let (plan, now) = (basis.plan.clone(), services.clock.now());
    let start = Start {
        instant: now,
        zone: basis.zone.clone(),
        offset: time::offset(&zone, now),
    };
    Ok(Asked {
        id: InterviewId::new(),
        interview: basis.at(start, host, now, context.actor()),
        own: Vec::new(),
        for_anybody,
        groups,
        wishes: Vec::new(),
        guided: false,
        plan,
        zone,
        candidate_zone: None,
    })
}

/// One that is booked, and is to be at another time.
async fn booked(
    services: &Services,
    context: &RequestContext,
    planned: &Planned,
    text: &str,
) -> Result<Asked, Error> {
    if planned.stage.is_some() {
        let why = "An interview has its stage already";
        return Err(Error::usage(why).field("stage"));
    }
    if planned.change.is_some() {
        let why = "An interview is planned already";
        return Err(Error::usage(why).field("change"));
    }
    let (index, seen) = (&services.index, visible(context.scope()));
    let id = index.find_interview(context.workspace, text, &seen);
    let id = id.map_err(|error| Error::from(error).field("interview"))?;
    let stored = services
        .store
        .get::<InterviewRecord>(&context.space(), &id.to_string())
        .await?;
    let gone = || Error::not_found("the interview is gone").field("interview");
    let mut interview = stored.ok_or_else(gone)?.record;
    let own = interview.recent_times(services.clock.now());
    context.hires_for(interview.job)?;
    let plan = plan::stage_plan(services, context, interview.stage);
    if let Some(minutes) = planned.duration_minutes {
        interview.duration_minutes = plan::duration(minutes)?;
    }
    if !planned.with.is_empty() {
        interview.interviewers = plan::interviewers(services, context, &planned.with)?;
    }
    let host = match (planned.kind, planned.zoom_user.as_deref()) {
        (None, None) => interview.host,
        (None | Some(MeetingType::Zoom), named) => {
            let usual = interview.host.or(plan.zoom_user);
            Some(plan::host(services, context, named, usual)?)
        }
        (Some(_), _) => None,
    };
    if host != interview.host {
        interview.host = host;
        interview.host_zoom_id = None;
    }
    if let Some(zone) = &planned.zone {
        interview.zone.clone_from(zone);
    }
    Ok(Asked {
        id,
        own,
        for_anybody: false,
        groups: vec![all_of(interview.interviewers.clone())],
        wishes: Vec::new(),
        guided: false,
        plan,
        zone: time::zone(&interview.zone)?,
        candidate_zone: None,
        interview,
    })
}

fn all_of(members: Vec<MemberId>) -> PanelGroup {
    PanelGroup {
        rule: PanelRule::AllOf,
        members,
    }
}

/// The wishes, if each is a stretch of the week.
fn wishes(wishes: &[Wish]) -> Result<Vec<Wish>, Error> {
    let refused = |why: String| Err(Error::usage(why).field("wishes"));
    if wishes.len() > MOST_WISHES {
        return refused(format!("At most {MOST_WISHES} wishes"));
    }
    if !wishes.iter().all(|it| is_window(&it.window)) {
        return refused("A wish needs days 1 to 7 and must end after it begins".to_owned());
    }
    Ok(wishes.to_vec())
}

impl Asked {
    /// What the stage's guidance was read as, where it counts.
    pub fn guidance(&self) -> Option<GuidanceRead> {
        self.guided.then(|| self.plan.guidance_read()).flatten()
    }

    /// The IANA zone of the grid of starts.
    pub(super) fn grid_zone(&self, services: &Services, context: &RequestContext) -> String {
        grid_zone(&services.index, context.workspace, &self.plan)
    }

    /// The IANA zone that is taken for the candidate's, where there is one whose zone is not known.
    pub(super) fn assumed_zone(
        &self,
        services: &Services,
        context: &RequestContext,
    ) -> Option<String> {
        let is_unknown = !self.for_anybody && self.candidate_zone.is_none();
        is_unknown.then(|| services.index.zone_of(context.workspace))
    }

    /// Gathers all that decides about times that begin between two moments.
    pub(super) async fn world(
        self,
        services: &Services,
        context: &RequestContext,
        (from, to): (Instant, Instant),
    ) -> Result<Searched, Error> {
        let now = services.clock.now();
        let (space, interview) = (context.space(), &self.interview);
        let ((reach, own), _) = services
            .store
            .transact(|tx| {
                let (space, id) = (&space, self.id);
                async move {
                    let own = Own {
                        interview: Some(id),
                        outreach: judge::kept_for(&tx, space, interview.application).await?,
                        shares: false,
                    };
                    let reach = HostFacts::reach(&tx, space, interview, now).await?;
                    Ok::<_, Error>((reach, own))
                }
            })
            .await?;
        let (host, connection) = reach.advice();
        feeds::freshen(services, context.workspace, &interview.interviewers).await;
        let whole = (from, to.plus_minutes(interview.duration_minutes.into()));
        let people = People::of(
            &services.index,
            context.workspace,
            (interview, &self.own, self.for_anybody),
            &self.plan,
            host.as_deref(),
            whole,
        )?;
        let ids = interview.interviewers.iter().copied();
        let theirs = self.candidate_zone.as_deref();
        let theirs = theirs.and_then(|zone| TimeZone::get(zone).ok());
        let workspaces = || {
            let zone = services.index.zone_of(context.workspace);
            time::zone(&zone).unwrap_or(TimeZone::UTC)
        };
        let candidate_zone = theirs.unwrap_or_else(workspaces);
        let span = from.second()..whole.1.second();
        let mut wishes = Wishes::of(&self.wishes, &candidate_zone, &span);
        if self.guided {
            let theirs = (self.candidate_zone.as_deref(), &people.grid);
            wishes = guided(wishes, &self.plan.preferences, theirs, &span);
        }
        let talks = panel::talks(services, context, interview.job, &people.grid, (from, to));
        let world = World {
            now,
            minutes: interview.duration_minutes,
            zone: self.zone,
            grid: people.grid,
            candidate_zone,
            step: self.plan.step_minutes,
            rules: people.rules,
            people: ids.zip(people.interviewers).collect(),
            candidate: people.candidate,
            host: people.host,
            host_rules: people.host_rules,
            own,
            groups: self.groups,
            talks,
            wishes,
        };
        Ok(Searched { world, connection })
    }
}

/// Runs a search beside the runtime: a long one takes as long as some calls together.
pub(super) async fn search<T: Send + 'static>(
    find: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let found = tokio::task::spawn_blocking(find).await;
    found.map_err(|error| Error::new(ErrorKind::Failed, format!("Couldn't search: {error}")))
}
