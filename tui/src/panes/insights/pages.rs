//! Which of a candidate's interviews there is something to read of, and which one is shown.

use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::insight::Insight;
use greenroom_protocol::interview::{Interview, InterviewStatus};
use greenroom_protocol::time::Instant;

use crate::keys::Command;
use crate::state::State;
use crate::widgets::Scroll;

/// Where a person is among what is kept.
#[derive(Debug)]
pub(crate) struct Insights {
    pub(crate) candidate: CandidateId,
    /// The interview that is shown; `None`: the latest with something to read.
    interview: Option<InterviewId>,
    /// The interview whose page was last noted as opened.
    pub(super) seen: Option<InterviewId>,
    pub(super) scroll: Scroll,
}

/// One interview, and what is kept of it.
pub(crate) struct Page<'a> {
    pub(crate) interview: InterviewId,
    pub(super) start: Instant,
    /// As far as it is known here.
    pub(super) planned: Option<&'a Interview>,
    pub(super) insight: Option<&'a Insight>,
}

impl Page<'_> {
    /// What people wrote, and the revision of that.
    pub(crate) fn notes(&self) -> (String, u64) {
        let notes = self.insight.and_then(|it| it.notes.clone());
        let revision = self.insight.map_or(0, |it| it.revision);
        (notes.unwrap_or_default(), revision)
    }

    fn has_something(&self) -> bool {
        let has = |it: &Insight| it.summary.is_some() || it.notes.is_some();
        self.insight.is_some_and(has)
    }
}

impl Insights {
    pub(crate) fn of(candidate: CandidateId, interview: Option<InterviewId>) -> Self {
        Self {
            candidate,
            interview,
            seen: None,
            scroll: Scroll::default(),
        }
    }

    /// The candidate's interviews with something to read or to write about, the latest first.
    pub(super) fn pages<'a>(&self, state: &'a State) -> Vec<Page<'a>> {
        let insights = state.cache.insights.get(&self.candidate);
        let insights = || insights.into_iter().flatten();
        let known = state.cache.candidate.get(&self.candidate);
        let known = known.into_iter().flat_map(|it| &it.interviews);
        let opened = self.interview.and_then(|id| state.cache.interview(id));
        let takes_place = |it: &&Interview| it.status != InterviewStatus::Cancelled;
        let mut pages: Vec<Page<'a>> = Vec::new();
        for interview in known.filter(takes_place).chain(opened) {
            if !pages.iter().any(|page| page.interview == interview.id) {
                pages.push(Page {
                    interview: interview.id,
                    start: interview.start,
                    planned: Some(interview),
                    insight: insights().find(|it| it.interview == interview.id),
                });
            }
        }
        for insight in insights() {
            if !pages.iter().any(|page| page.interview == insight.interview) {
                pages.push(Page {
                    interview: insight.interview,
                    start: insight.start,
                    planned: None,
                    insight: Some(insight),
                });
            }
        }
        pages.sort_by_key(|page| std::cmp::Reverse((page.start, page.interview)));
        pages
    }

    pub(super) fn place(&self, pages: &[Page<'_>], state: &State) -> Option<usize> {
        let last = pages.len().checked_sub(1)?;
        if let Some(id) = self.interview {
            return pages.iter().position(|page| page.interview == id);
        }
        let kept = pages.iter().position(Page::has_something);
        let has_begun = |page: &Page<'_>| page.start.timestamp() <= state.now;
        let begun = || pages.iter().position(has_begun);
        Some(kept.or_else(begun).unwrap_or(last))
    }

    /// The interview that is shown.
    pub(crate) fn page<'a>(&self, state: &'a State) -> Option<Page<'a>> {
        let mut pages = self.pages(state);
        let place = self.place(&pages, state)?;
        Some(pages.swap_remove(place))
    }

    /// The interview to the left is an earlier one, to the right a later one; nothing where the
    /// command does not turn.
    pub(crate) fn neighbour(&self, state: &State, command: Command) -> Option<InterviewId> {
        let pages = self.pages(state);
        let place = self.place(&pages, state)?;
        let next = match command {
            Command::Left => (place + 1).min(pages.len() - 1),
            Command::Right => place.saturating_sub(1),
            _ => return None,
        };
        Some(pages[next].interview)
    }

    pub(crate) fn turn_to(&mut self, interview: InterviewId) {
        self.interview = Some(interview);
        self.scroll = Scroll::default();
    }

    /// Scrolls; false when the command does not.
    pub(crate) fn go(&mut self, command: Command) -> bool {
        self.scroll.go(command)
    }
}
