//! Everything that is known and selected: one value.
//!
//! The ground of the application. Owns what came from the daemon ([`queries`]), what is under way
//! ([`work`]), what is selected ([`selected`]), what lies on the screen ([`pane`]) and what can be
//! undone. Changed by the loop's events and by panes, read by drawing. Must not know any pane or form
//! by name: what it asks of those above it goes through [`Pane`] and [`Above`].

pub(crate) mod event;
pub(crate) mod pane;
pub(crate) mod queries;
mod query;
pub(crate) mod selected;
pub(crate) mod subject;
pub(crate) mod talks;
pub(crate) mod turns;
mod typing;
pub(crate) mod undo;
pub(crate) mod work;

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::id::{CandidateId, ConversationId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{Interview, InterviewStatus};
use greenroom_protocol::pipeline::Job;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Role;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::event::{Action, Done, Task};
use self::pane::{Aside, Pane, Panes};
use self::queries::{Listing, Queries};
use self::selected::{
    AssistantView, CandidatesView, InterviewsView, PipelineView, SettingsView, TodayView,
};
use self::subject::Above;
use self::talks::{TalkId, Talks};
use self::turns::Turns;
use self::typing::Typing;
use self::undo::Undos;
use self::work::{Errand, OUTCOME_STAYS, Outcome, Ticket, Work};
use crate::keys::{Chord, Command, Keymap, Places};
use crate::theme::Look;

/// The first protocol in which lists are sorted and searched fuzzily, and applications have states.
pub(crate) const LISTING_SINCE: u32 = 3;

/// The screens of the top line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    Today,
    Candidates,
    Pipeline,
    Interviews,
    Assistant,
    Settings,
}

/// How we stand with the daemon.
#[derive(Debug)]
pub(crate) enum Link {
    /// Not yet spoken to.
    Connecting,
    /// In conversation.
    Up(Box<ServerHello>),
    /// Gone; what it said last is still shown.
    Down {
        error: Error,
        retry_at: Timestamp,
        last: Option<Box<ServerHello>>,
    },
}

impl Link {
    pub(crate) fn is_up(&self) -> bool {
        matches!(self, Self::Up(_))
    }

    /// The conversation that stands, or stood last.
    pub(crate) fn hello(&self) -> Option<&ServerHello> {
        match self {
            Self::Connecting => None,
            Self::Up(hello) => Some(hello),
            Self::Down { last, .. } => last.as_deref(),
        }
    }
}

/// The client's state.
pub(crate) struct State {
    /// Columns and rows of the terminal.
    pub(crate) size: (u16, u16),
    /// The time now; only the loop reads a clock.
    pub(crate) now: Timestamp,
    /// This machine's zone, until the daemon says which one the person is in.
    pub(crate) machine_zone: TimeZone,
    /// How the person's country writes dates, as the environment names it.
    pub(crate) locale: Option<String>,
    pub(crate) look: Look,
    pub(crate) keymap: Keymap,
    pub(crate) link: Link,
    /// What is known of the daemon's records.
    pub(crate) cache: Queries,
    pub(crate) work: Work,
    pub(crate) screen: Screen,
    pub(crate) today: TodayView,
    pub(crate) candidates: CandidatesView,
    pub(crate) pipeline: PipelineView,
    pub(crate) interviews: InterviewsView,
    pub(crate) assistant: AssistantView,
    pub(crate) settings: SettingsView,
    /// What was said to the assistant from here.
    pub(crate) talks: Talks,
    /// What lies over the screen, and what was put aside.
    pub(crate) panes: Panes,
    /// What was put aside in other workspaces, until one comes back there.
    pub(crate) elsewhere: HashMap<WorkspaceId, Aside>,
    /// The workspace that was left, until the daemon answers from the next.
    pub(crate) came_from: Option<WorkspaceId>,
    pub(crate) undo: Undos,
    /// Several who are scheduled one after the other.
    pub(crate) turns: Option<Turns>,
    pub(crate) typing: Typing,
    /// Whether it was looked at if this workspace has just begun.
    pub(crate) welcomed: bool,
    above: &'static Above,
}

impl State {
    pub(crate) fn new(
        size: (u16, u16),
        now: Timestamp,
        zone: TimeZone,
        look: Look,
        keymap: Keymap,
        above: &'static Above,
    ) -> Self {
        Self {
            size,
            now,
            interviews: InterviewsView::new(now.to_zoned(zone.clone()).date()),
            machine_zone: zone,
            locale: None,
            look,
            keymap,
            link: Link::Connecting,
            cache: Queries::default(),
            work: Work::default(),
            screen: Screen::Today,
            today: TodayView::default(),
            candidates: CandidatesView::default(),
            pipeline: PipelineView::default(),
            assistant: AssistantView::default(),
            settings: SettingsView::default(),
            talks: Talks::default(),
            panes: Panes::default(),
            elsewhere: HashMap::new(),
            came_from: None,
            undo: Undos::default(),
            turns: None,
            typing: Typing::default(),
            welcomed: false,
            above,
        }
    }

    /// The zone times are shown in: the person's own, as the daemon knows it.
    pub(crate) fn zone(&self) -> TimeZone {
        let mine = self.cache.me().and_then(|me| TimeZone::get(&me.zone).ok());
        mine.unwrap_or_else(|| self.machine_zone.clone())
    }

    /// Whether list and preview fit side by side.
    pub(crate) fn is_wide(&self) -> bool {
        self.size.0 >= 100
    }

    /// The pane that has the keys: the top one, or the screen.
    pub(crate) fn pane(&self) -> &dyn Pane {
        self.panes.top().unwrap_or_else(|| self.screen_pane())
    }

    /// The same below help and palette, which speak of what they lie over.
    pub(crate) fn pane_below_help(&self) -> &dyn Pane {
        let below = self.panes.below_help();
        below.unwrap_or_else(|| self.screen_pane())
    }

    /// The screen, whatever lies over it.
    pub(crate) fn screen_pane(&self) -> &'static dyn Pane {
        (self.above.screen)(self.screen)
    }

    /// Where a key may mean something now, the narrowest place first.
    pub(crate) fn places(&self) -> Places {
        self.pane().places(self)
    }

    /// The same below help and palette.
    pub(crate) fn places_below_help(&self) -> Places {
        self.pane_below_help().places(self)
    }

    /// Whether the search of the candidates takes what is typed.
    pub(crate) fn is_searching(&self) -> bool {
        let seen = self.panes.is_empty() && self.screen == Screen::Candidates;
        seen && self.candidates.is_typing()
    }

    /// Why a command does nothing now; `None` when it can be carried out.
    pub(crate) fn disabled_reason(&self, command: Command) -> Option<&'static str> {
        (self.above.disabled_reason)(self, command)
    }

    /// Carries a command out, or says why not.
    pub(crate) fn dispatch(&mut self, command: Command) -> Vec<Action> {
        (self.above.dispatch)(self, command)
    }

    /// The job whose board is shown.
    pub(crate) fn job_shown(&self) -> Option<&Job> {
        let jobs = self.cache.jobs.latest()?;
        let chosen = self
            .pipeline
            .job
            .and_then(|id| jobs.iter().find(|job| job.id == id));
        chosen
            .or_else(|| jobs.iter().find(|job| job.open))
            .or_else(|| jobs.first())
    }

    /// The candidate the keys act on.
    pub(crate) fn candidate_selected(&self) -> Option<(CandidateId, &str)> {
        // The one that is open, wherever the list under it has gone meanwhile.
        if let Some(id) = self.pane_below_help().candidate() {
            let open = self.cache.candidate.get(&id)?;
            return Some((open.id, &open.name));
        }
        match self.screen {
            Screen::Today => self.today.candidate(self),
            Screen::Assistant => self.assistant.candidate(self),
            Screen::Candidates => {
                let row = self.candidates.selected(self.cache.candidates.latest()?)?;
                Some((row.id, &row.name))
            }
            Screen::Pipeline => {
                let row = self
                    .pipeline
                    .selected(self.job_shown()?, self.cache.board.latest()?)?;
                Some((row.id, &row.name))
            }
            _ => None,
        }
    }

    /// What the list of candidates asks for.
    pub(crate) fn listing(&self) -> Listing {
        let protocol = self.link.hello().map_or(0, |hello| hello.protocol);
        Listing {
            text: self.candidates.search().to_owned(),
            filters: self.candidates.filters.clone(),
            sort: self.candidates.sort,
            archived: self.candidates.archived,
            fuzzy: protocol >= LISTING_SINCE,
        }
    }

    /// The candidate whose whole record is shown, or would be by the next key.
    pub(crate) fn candidate_shown(&self) -> Option<CandidateId> {
        self.candidate_selected().map(|(id, _)| id)
    }

    /// The interview the keys act on.
    pub(crate) fn interview_selected(&self) -> Option<&Interview> {
        if let Some(id) = self.pane_below_help().interview() {
            return self.cache.interview(id);
        }
        match self.screen {
            Screen::Today => self.today.interview(self),
            Screen::Interviews => self.interviews.selected(self),
            Screen::Candidates | Screen::Pipeline => {
                self.next_interview(self.candidate_selected()?.0)
            }
            _ => None,
        }
    }

    /// The member whose Zoom hosts what is shown: an interview, a form's time, a stage with a
    /// problem.
    pub(crate) fn host_shown(&self) -> Option<MemberId> {
        self.pane_below_help().host(self)
    }

    /// The member whose Zoom hosts the interview the keys act on.
    pub(crate) fn host_of_selected(&self) -> Option<MemberId> {
        Some(self.interview_selected()?.host.as_ref()?.id)
    }

    /// A conversation of this workspace; `None`: the one that begins with the next words.
    pub(crate) fn talk(&self, conversation: Option<ConversationId>) -> TalkId {
        let hello = self.link.hello();
        let workspace = hello.and_then(|hello| hello.workspace.as_ref());
        TalkId {
            workspace: workspace.map(|it| it.id),
            conversation,
        }
    }

    /// Whether this is the person in front of the screen.
    pub(crate) fn is_me(&self, member: MemberId) -> bool {
        let caller = self.link.hello().and_then(|hello| hello.caller.as_ref());
        caller.is_some_and(|caller| caller.member.id == member)
    }

    /// Whether the person in front of the screen takes part in an interview.
    pub(crate) fn is_mine(&self, interview: &Interview) -> bool {
        let mut people = interview.interviewers.iter();
        people.any(|member| self.is_me(member.id))
    }

    /// Whether the person looks after every interview of the workspace.
    pub(crate) fn is_staff(&self) -> bool {
        self.has_role(&[Role::Admin, Role::Recruiter])
    }

    /// Whether the person may change interviews at all; of which jobs is for the daemon to say.
    pub(crate) fn hires(&self) -> bool {
        self.has_role(&[Role::Admin, Role::Recruiter, Role::HiringManager])
    }

    /// Whether the person has one of these roles.
    pub(crate) fn has_role(&self, wanted: &[Role]) -> bool {
        let caller = self.link.hello().and_then(|hello| hello.caller.as_ref());
        caller.is_some_and(|caller| caller.roles.iter().any(|role| wanted.contains(role)))
    }

    /// Whether the person may add workspaces.
    pub(crate) fn is_operator(&self) -> bool {
        self.link.hello().is_some_and(|hello| hello.operator)
    }

    /// Whether the person may set the workspace up.
    pub(crate) fn sets_up(&self) -> bool {
        self.is_operator() || self.has_role(&[Role::Admin])
    }

    /// The sandbox's address, where Zoom is one.
    pub(crate) fn sandbox(&self) -> Option<&str> {
        self.cache.status.latest()?.sandbox.as_deref()
    }

    /// A candidate's next interview that is not over or cancelled.
    pub(crate) fn next_interview(&self, candidate: CandidateId) -> Option<&Interview> {
        let coming = self.cache.coming.latest().into_iter().flatten();
        let known = self
            .cache
            .candidate
            .get(&candidate)
            .into_iter()
            .flat_map(|c| &c.interviews);
        coming
            .chain(known)
            .filter(|interview| interview.candidate.id == candidate && self.is_to_come(interview))
            .min_by_key(|interview| interview.start)
    }

    /// Whether an interview is scheduled and not over.
    pub(crate) fn is_to_come(&self, interview: &Interview) -> bool {
        let planned = matches!(
            interview.status,
            InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
        );
        let end = interview
            .start
            .plus_minutes(interview.duration_minutes.into());
        planned && end.timestamp() > self.now
    }

    /// Says in the bottom line how something ended.
    pub(crate) fn toast(&mut self, words: impl Into<String>, good: bool) {
        let until = self.now.checked_add(OUTCOME_STAYS).unwrap_or(self.now);
        self.work.outcome = Some(Outcome {
            words: words.into(),
            good,
            until,
        });
    }

    /// Asks the daemon for something.
    pub(crate) fn call(&mut self, errand: Errand, request: Q) -> Action {
        self.begin(errand, Task::Call(Box::new(request)))
    }

    /// Has something done outside the state.
    pub(crate) fn begin(&mut self, errand: Errand, task: Task) -> Action {
        Action::Do(self.ticket(errand), task)
    }

    /// The ticket of an errand that begins now.
    pub(crate) fn ticket(&mut self, errand: Errand) -> Ticket {
        self.work.begin(errand, self.now)
    }

    /// An action ended: what its errand is for happens now.
    pub(crate) fn finish(&mut self, ticket: Ticket, done: Result<Done, Error>) -> Vec<Action> {
        match self.work.finish(ticket) {
            Some(on_end) => on_end(self, ticket, done),
            None => Vec::new(),
        }
    }
}

/// The key for a command below help and palette, where it can be carried out.
pub(crate) fn key_of(state: &State, command: Command) -> Option<Chord> {
    let possible = state.disabled_reason(command).is_none();
    let key = state.keymap.key(command, &state.places_below_help());
    key.filter(|_| possible)
}
