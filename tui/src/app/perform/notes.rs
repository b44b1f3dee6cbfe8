//! Reading what is kept after interviews, and writing notes in the person's editor.

use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::insights::Insights;
use crate::state::event::Action;
use crate::state::work::{Draft, Purpose};
use crate::state::{Screen, State};

/// Opens what is kept of the interview that is selected, or of the candidate.
pub(super) fn open(state: &mut State) {
    let on_interview =
        state.screen == Screen::Interviews || matches!(state.layer(), Some(Layer::Interview(..)));
    let interview = state.interview_selected().filter(|_| on_interview);
    let interview = interview.map(|it| (it.candidate.id, Some(it.id)));
    let candidate = state.candidate_selected().map(|(id, _)| (id, None));
    if let Some((candidate, interview)) = interview.or(candidate) {
        let layer = Insights::of(candidate, interview);
        state.layers.push(Layer::Insights(Box::new(layer)));
    }
}

/// Carries out a command in the layer; false when it is for others.
pub(super) fn turn(state: &mut State, command: Command) -> bool {
    let Some(Layer::Insights(insights)) = state.layers.last() else {
        return false;
    };
    let neighbour = insights.neighbour(state, command);
    let Some(Layer::Insights(insights)) = state.layers.last_mut() else {
        return false;
    };
    match neighbour {
        Some(interview) => insights.turn_to(interview),
        None => return insights.go(command),
    }
    true
}

/// Hands the notes to the person's editor.
pub(super) fn write(state: &mut State) -> Vec<Action> {
    let Some(Layer::Insights(insights)) = state.layer() else {
        return Vec::new();
    };
    let Some(page) = insights.page(state) else {
        return Vec::new();
    };
    let (former, revision) = page.notes();
    let draft = Draft {
        interview: page.interview,
        revision,
        former: former.clone(),
    };
    let ticket = state.work.begin(Purpose::Compose(draft), state.now);
    vec![Action::Compose(ticket, former)]
}
