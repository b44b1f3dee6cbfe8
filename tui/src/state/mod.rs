//! Everything the client knows and shows: one value.
//!
//! Owns no rule of its own; it is changed by `update` and read by `draw`, nowhere else.

mod cache;
pub(crate) mod event;
pub(crate) mod queries;
mod typing;
pub(crate) mod undo;
pub(crate) mod work;

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{Interview, InterviewStatus};
use greenroom_protocol::pipeline::Job;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::queries::Mirror;
use self::typing::Typing;
pub(crate) use self::undo::{Undos, undo_key};
use self::work::Work;
use crate::forms::Drafts;
use crate::keys::{Characters, Context, Keymap, Places};
use crate::panes::candidates::CandidatesView;
use crate::panes::interviews::InterviewsView;
use crate::panes::pipeline::PipelineView;
use crate::panes::settings::SettingsView;
use crate::panes::{self, Layer};
use crate::theme::Look;
use crate::widgets::Scroll;

/// The screens of the top line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
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
    pub(crate) look: Look,
    pub(crate) keymap: Keymap,
    pub(crate) link: Link,
    pub(crate) mirror: Mirror,
    pub(crate) work: Work,
    pub(crate) screen: Screen,
    pub(crate) candidates: CandidatesView,
    pub(crate) pipeline: PipelineView,
    pub(crate) interviews: InterviewsView,
    pub(crate) settings: SettingsView,
    pub(crate) layers: Vec<Layer>,
    pub(crate) drafts: Drafts,
    /// Drafts of other workspaces, until one comes back there.
    pub(crate) elsewhere: HashMap<WorkspaceId, Drafts>,
    /// The workspace that was left, until the daemon answers from the next.
    pub(crate) came_from: Option<WorkspaceId>,
    pub(crate) undo: Undos,
    pub(crate) typing: Typing,
}

impl State {
    pub(crate) fn new(
        size: (u16, u16),
        now: Timestamp,
        zone: TimeZone,
        look: Look,
        keymap: Keymap,
    ) -> Self {
        Self {
            size,
            now,
            interviews: InterviewsView::new(now.to_zoned(zone.clone()).date()),
            machine_zone: zone,
            look,
            keymap,
            link: Link::Connecting,
            mirror: Mirror::default(),
            work: Work::default(),
            screen: Screen::Candidates,
            candidates: CandidatesView::default(),
            pipeline: PipelineView::default(),
            settings: SettingsView::default(),
            layers: Vec::new(),
            drafts: Drafts::default(),
            elsewhere: HashMap::new(),
            came_from: None,
            undo: Undos::default(),
            typing: Typing::default(),
        }
    }

    /// The zone times are shown in: the person's own, as the daemon knows it.
    pub(crate) fn zone(&self) -> TimeZone {
        let mine = self.mirror.me().and_then(|me| TimeZone::get(&me.zone).ok());
        mine.unwrap_or_else(|| self.machine_zone.clone())
    }

    /// Whether list and preview fit side by side.
    pub(crate) fn is_wide(&self) -> bool {
        self.size.0 >= 100
    }

    /// Where a key may mean something now, the narrowest place first.
    pub(crate) fn places(&self) -> Places {
        self.places_of(self.layers.last())
    }

    fn places_of(&self, layer: Option<&Layer>) -> Places {
        match layer {
            Some(layer) => Places::new(
                vec![panes::context(layer), Context::Everywhere],
                panes::characters(layer),
            ),
            None => self.screen_places(),
        }
    }

    fn screen_places(&self) -> Places {
        let screen = match self.screen {
            Screen::Candidates if self.candidates.is_typing() => {
                let contexts = vec![Context::SearchBar, Context::Everywhere];
                return Places::new(contexts, Characters::Text);
            }
            Screen::Candidates => Context::Candidates,
            Screen::Pipeline => Context::Pipeline,
            Screen::Interviews => Context::Interviews,
            Screen::Settings => Context::Settings,
            Screen::Assistant => {
                return Places::new(vec![Context::Everywhere], Characters::Commands);
            }
        };
        let contexts = vec![screen, Context::Moving, Context::Everywhere];
        Places::new(contexts, Characters::Commands)
    }

    /// The top layer below help and palette, which speak of what they lie over.
    pub(crate) fn layer(&self) -> Option<&Layer> {
        let over = |layer: &Layer| matches!(layer, Layer::Help(_) | Layer::Palette(_));
        self.layers.iter().rev().find(|layer| !over(layer))
    }

    /// The places of that layer, or of the screen.
    pub(crate) fn places_below_help(&self) -> Places {
        self.places_of(self.layer())
    }

    /// Whether the search of the candidates takes what is typed.
    pub(crate) fn is_searching(&self) -> bool {
        let seen = self.layers.is_empty() && self.screen == Screen::Candidates;
        seen && self.candidates.is_typing()
    }

    /// The job whose board is shown.
    pub(crate) fn job_shown(&self) -> Option<&Job> {
        let jobs = self.mirror.jobs.latest()?;
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
        if let Some(Layer::Candidate(id)) = self.layer() {
            let open = self.mirror.candidate.get(id)?;
            return Some((open.id, &open.name));
        }
        match self.screen {
            Screen::Candidates => {
                let row = self.candidates.selected(self.mirror.candidates.latest()?)?;
                Some((row.id, &row.name))
            }
            Screen::Pipeline => {
                let row = self
                    .pipeline
                    .selected(self.job_shown()?, self.mirror.board.latest()?)?;
                Some((row.id, &row.name))
            }
            _ => None,
        }
    }

    /// The candidate whose whole record is shown, or would be by the next key.
    pub(crate) fn candidate_shown(&self) -> Option<CandidateId> {
        self.candidate_selected().map(|(id, _)| id)
    }

    /// The interview the keys act on.
    pub(crate) fn interview_selected(&self) -> Option<&Interview> {
        if let Some(Layer::Interview(id, _)) = self.layer() {
            return self.mirror.interview(*id);
        }
        match self.screen {
            Screen::Interviews => self.interviews.selected(self),
            Screen::Candidates | Screen::Pipeline => {
                self.next_interview(self.candidate_selected()?.0)
            }
            _ => None,
        }
    }

    /// Whether this is the person in front of the screen.
    pub(crate) fn is_me(&self, member: MemberId) -> bool {
        let caller = self.link.hello().and_then(|hello| hello.caller.as_ref());
        caller.is_some_and(|caller| caller.member.id == member)
    }

    /// The member whose Zoom hosts what is shown: an interview, a form's plan, a stage in trouble.
    pub(crate) fn host_shown(&self) -> Option<MemberId> {
        match self.layer() {
            Some(Layer::Form(form)) => form.about().host,
            Some(Layer::Trouble(stage)) => self.mirror.stage(*stage)?.interview.zoom_user,
            Some(Layer::Interview(..) | Layer::Candidate(_)) | None => {
                Some(self.interview_selected()?.host.as_ref()?.id)
            }
            Some(_) => None,
        }
    }

    /// A candidate's next interview that is not over or cancelled.
    pub(crate) fn next_interview(&self, candidate: CandidateId) -> Option<&Interview> {
        let coming = self.mirror.coming.latest().into_iter().flatten();
        let known = self
            .mirror
            .candidate
            .get(&candidate)
            .into_iter()
            .flat_map(|c| &c.interviews);
        coming
            .chain(known)
            .filter(|interview| interview.candidate.id == candidate && self.is_to_come(interview))
            .min_by_key(|interview| interview.start)
    }

    /// Whether an interview is still to take place.
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

    /// Opens the layer of an interview.
    pub(crate) fn show_interview(&mut self, id: InterviewId) {
        self.layers.push(Layer::Interview(id, Scroll::default()));
    }
}
