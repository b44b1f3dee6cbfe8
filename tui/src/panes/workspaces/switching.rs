//! Going to another workspace.
//!
//! Owns what stays behind and what comes along. Invariant: nothing of one workspace is shown or
//! sent in another; what was typed waits where it was typed.

use greenroom_protocol::workspace::Workspace;
use greenroom_protocol::{Error, ErrorKind};

use crate::forms::Form;
use crate::panes::conversations::Conversation;
use crate::panes::failure::Failure;
use crate::state::event::Action;
use crate::state::pane::Pane as _;
use crate::state::queries::Queries;
use crate::state::selected::{CandidatesView, InterviewsView, PipelineView, SettingsView};
use crate::state::undo::Undos;
use crate::state::{Link, State};
use crate::widgets::times;

/// Leaves the workspace behind and says hello in the other one.
pub(super) fn go(state: &mut State, to: &Workspace) -> Vec<Action> {
    let from = state.link.hello().and_then(|hello| hello.workspace.clone());
    let talking = state.panes.remove::<Conversation>(|_| true);
    if let Some(pane) = talking {
        // Its draft waits with the conversation.
        pane.close(state);
    }
    let open = state.panes.put_all_aside::<Form>();
    let aside = state.panes.take_aside();
    let mut words = format!("Switched to {}", to.name);
    if let Some(from) = from {
        if open > 0 {
            let forms = if open == 1 { "draft" } else { "drafts" };
            words.push_str(&format!(" · {open} {forms} in {}", from.name));
        }
        state.elsewhere.insert(from.id, aside);
        state.came_from = Some(from.id);
    }
    let here = state.elsewhere.remove(&to.id).unwrap_or_default();
    if !here.is_empty() {
        words.push_str(" · your drafts are restored");
    }
    state.panes.set_aside(here);
    forget(state);
    // Until the daemon answers from there, nothing more is asked of it.
    state.link = Link::Connecting;
    state.toast(words, true);
    vec![Action::Rebind(Some(to.id.to_string()))]
}

/// Records, selections, searches and what could be undone are of the other workspace.
fn forget(state: &mut State) {
    let today = times::at(state.now, &state.zone()).date();
    state.cache = Queries::default();
    state.candidates = CandidatesView::default();
    state.pipeline = PipelineView::default();
    state.interviews = InterviewsView::new(today);
    state.settings = SettingsView::default();
    state.undo = Undos::default();
    state.work.failure = None;
    state.welcomed = false;
}

/// The conversation stands: there is no way back to think of any more.
pub(crate) fn arrived(state: &mut State) {
    state.came_from = None;
}

/// The daemon does not let the person in there: back to where they came from.
pub(crate) fn refused(state: &mut State, error: &Error) -> Option<Action> {
    let closed = matches!(error.kind, ErrorKind::Denied | ErrorKind::NotFound);
    let back = state.came_from.take().filter(|_| closed)?;
    state.panes.push(Failure(error.clone()));
    let aside = state.elsewhere.remove(&back).unwrap_or_default();
    state.panes.set_aside(aside);
    Some(Action::Rebind(Some(back.to_string())))
}
