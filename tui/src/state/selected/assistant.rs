//! Which row of the assistant's screen is selected: an outreach, or a conversation.

use std::ops::Range;

use greenroom_protocol::conversation::Conversation;
use greenroom_protocol::id::{CandidateId, ConversationId, OutreachId};
use greenroom_protocol::outreach::{Outreach, OutreachState};

use crate::keys::Command;
use crate::state::State;
use crate::widgets::List;

/// Conversations that are shown before somebody asks for the older ones.
const NEWEST: usize = 6;

/// Under which heading a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    NeedsYou,
    Conversations,
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

/// A row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AssistantRow<'a> {
    Outreach(&'a Outreach),
    Conversation(&'a Conversation),
    /// Behind which so many older conversations are.
    Older(usize),
}

/// What a row is known by while others come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowId {
    Outreach(OutreachId),
    Conversation(ConversationId),
    Older,
}

impl AssistantRow<'_> {
    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Outreach(outreach) => standing(outreach),
            Self::Conversation(_) | Self::Older(_) => Standing::Conversations,
        }
    }

    fn id(self) -> RowId {
        match self {
            Self::Outreach(outreach) => RowId::Outreach(outreach.id),
            Self::Conversation(conversation) => RowId::Conversation(conversation.id),
            Self::Older(_) => RowId::Older,
        }
    }
}

/// Every row, in the order they are shown.
pub(crate) fn assistant_rows(state: &State) -> Vec<AssistantRow<'_>> {
    let page = state.cache.outreaches.latest();
    let outreaches = page.into_iter().flat_map(|page| &page.items);
    let mut all: Vec<_> = outreaches.map(AssistantRow::Outreach).collect();
    let conversations = state.cache.conversations.latest();
    let conversations = conversations.map_or(&[][..], |page| page.items.as_slice());
    let shown = match state.assistant.older {
        true => conversations.len(),
        false => NEWEST,
    };
    all.extend(
        conversations
            .iter()
            .take(shown)
            .map(AssistantRow::Conversation),
    );
    let older = conversations.len().saturating_sub(shown);
    all.extend((older > 0).then_some(AssistantRow::Older(older)));
    // As the daemon has them, under the headings.
    all.sort_by_key(|row| row.standing());
    all
}

/// Where a person is among them.
#[derive(Debug, Default)]
pub(crate) struct AssistantView {
    list: List,
    chosen: Option<RowId>,
    /// Whether the older conversations are shown too.
    older: bool,
}

impl AssistantView {
    /// The place of the selected one; where it is gone, of the one that came into its place.
    pub(crate) fn place(&self, all: &[AssistantRow<'_>]) -> Option<usize> {
        let chosen = |it: &AssistantRow<'_>| Some(it.id()) == self.chosen;
        let there = all.iter().position(chosen);
        there.or_else(|| self.list.selected(all.len()))
    }

    /// The selected row.
    pub(crate) fn row<'a>(&self, state: &'a State) -> Option<AssistantRow<'a>> {
        let all = assistant_rows(state);
        all.get(self.place(&all)?).copied()
    }

    /// The selected outreach.
    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<&'a Outreach> {
        match self.row(state)? {
            AssistantRow::Outreach(outreach) => Some(outreach),
            _ => None,
        }
    }

    /// The candidate of the selected outreach.
    pub(crate) fn candidate<'a>(&self, state: &'a State) -> Option<(CandidateId, &'a str)> {
        let candidate = &self.selected(state)?.candidate;
        Some((candidate.id, &candidate.name))
    }

    /// Where a move leads; `None` where the command moves nothing.
    pub(crate) fn after(&self, state: &State, command: Command) -> Option<(usize, RowId)> {
        let all = assistant_rows(state);
        let mut list = self.list.clone();
        list.select(self.place(&all)?);
        if !list.go(command, all.len()) {
            return None;
        }
        let place = list.selected(all.len())?;
        Some((place, all.get(place)?.id()))
    }

    /// What stays selected from now on: the one the keys act on. None does before all that stands
    /// here is known: the first of it is, whichever answer comes first.
    pub(crate) fn settled(&self, state: &State) -> Option<(usize, RowId)> {
        let conversations = &state.cache.conversations;
        let known = conversations.latest().is_some() || conversations.failure().is_some();
        if !known || state.cache.outreaches.latest().is_none() {
            return None;
        }
        let all = assistant_rows(state);
        let place = self.place(&all)?;
        Some((place, all.get(place)?.id()))
    }

    pub(crate) fn select(&mut self, (place, id): (usize, RowId)) {
        self.list.select(place);
        self.chosen = Some(id);
    }

    /// Selects this one, wherever it stands.
    pub(crate) fn show(&mut self, id: RowId) {
        self.chosen = Some(id);
    }

    /// Shows the older conversations too, the first of them selected.
    pub(crate) fn show_older(&mut self) {
        self.older = true;
        self.chosen = None;
    }

    /// Which of so many lines are drawn where `marked` is one of them.
    pub(crate) fn visible(&self, lines: usize, marked: usize, height: u16) -> Range<usize> {
        let mut list = self.list.clone();
        list.select(marked);
        list.visible(lines, height)
    }
}
