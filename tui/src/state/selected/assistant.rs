//! Which of the outreaches is selected.

use std::ops::Range;

use greenroom_protocol::id::{CandidateId, OutreachId};
use greenroom_protocol::outreach::{Outreach, OutreachState};

use crate::keys::Command;
use crate::state::State;
use crate::widgets::List;

/// Under which heading an outreach stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    NeedsYou,
    Open,
    Done,
}

/// What an outreach needs of a person; of one in a state of a later version only that it is open.
pub(crate) fn standing(outreach: &Outreach) -> Standing {
    match outreach.state {
        OutreachState::Person | OutreachState::Draft => Standing::NeedsYou,
        OutreachState::Booked | OutreachState::Over => Standing::Done,
        _ => Standing::Open,
    }
}

/// Every outreach that is known, in the order they are shown.
pub(crate) fn outreaches(state: &State) -> Vec<&Outreach> {
    let page = state.cache.outreaches.latest();
    let mut all: Vec<_> = page.into_iter().flat_map(|page| &page.items).collect();
    // As the daemon has them, under the headings.
    all.sort_by_key(|outreach| standing(outreach));
    all
}

/// Where a person is among them.
#[derive(Debug, Default)]
pub(crate) struct AssistantView {
    list: List,
    chosen: Option<OutreachId>,
}

impl AssistantView {
    /// The place of the selected one; where it is gone, of the one that came into its place.
    pub(crate) fn place(&self, all: &[&Outreach]) -> Option<usize> {
        let chosen = |it: &&Outreach| Some(it.id) == self.chosen;
        let there = all.iter().position(chosen);
        there.or_else(|| self.list.selected(all.len()))
    }

    /// The selected one.
    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<&'a Outreach> {
        let all = outreaches(state);
        all.get(self.place(&all)?).copied()
    }

    /// The candidate of the selected one.
    pub(crate) fn candidate<'a>(&self, state: &'a State) -> Option<(CandidateId, &'a str)> {
        let candidate = &self.selected(state)?.candidate;
        Some((candidate.id, &candidate.name))
    }

    /// Where a move leads; `None` where the command moves nothing.
    pub(crate) fn after(&self, state: &State, command: Command) -> Option<(usize, OutreachId)> {
        let all = outreaches(state);
        let mut list = self.list.clone();
        list.select(self.place(&all)?);
        if !list.go(command, all.len()) {
            return None;
        }
        let place = list.selected(all.len())?;
        Some((place, all.get(place)?.id))
    }

    /// What stays selected from now on: the one the keys act on.
    pub(crate) fn settled(&self, state: &State) -> Option<(usize, OutreachId)> {
        let all = outreaches(state);
        let place = self.place(&all)?;
        Some((place, all.get(place)?.id))
    }

    pub(crate) fn select(&mut self, (place, id): (usize, OutreachId)) {
        self.list.select(place);
        self.chosen = Some(id);
    }

    /// Selects this one, wherever it stands.
    pub(crate) fn show(&mut self, id: OutreachId) {
        self.chosen = Some(id);
    }

    /// Which of so many lines are drawn where `marked` is one of them.
    pub(crate) fn visible(&self, lines: usize, marked: usize, height: u16) -> Range<usize> {
        let mut list = self.list.clone();
        list.select(marked);
        list.visible(lines, height)
    }
}
