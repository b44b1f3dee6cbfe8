//! Going to another workspace.
//!
//! Owns what stays behind and what comes along. Invariant: nothing of one workspace is shown or
//! sent in another; what was typed waits where it was typed.

use greenroom_protocol::workspace::Workspace;
use greenroom_protocol::{Error, ErrorKind};

use crate::panes::Layer;
use crate::panes::candidates::CandidatesView;
use crate::panes::interviews::InterviewsView;
use crate::panes::pipeline::PipelineView;
use crate::panes::settings::SettingsView;
use crate::state::event::Action;
use crate::state::queries::Mirror;
use crate::state::undo::Undos;
use crate::state::{Link, State};
use crate::widgets::times;

/// Leaves the workspace behind and says hello in the other one.
pub(crate) fn go(state: &mut State, to: &Workspace) -> Vec<Action> {
    let from = state.link.hello().and_then(|hello| hello.workspace.clone());
    let open = put_forms_aside(state);
    let drafts = std::mem::take(&mut state.drafts);
    let mut words = format!("this is {} now", to.name);
    if let Some(from) = from {
        if open > 0 {
            let forms = if open == 1 {
                "form waits"
            } else {
                "forms wait"
            };
            words.push_str(&format!(" · {open} {forms} in {}", from.name));
        }
        state.elsewhere.insert(from.id, drafts);
        state.came_from = Some(from.id);
    }
    state.drafts = state.elsewhere.remove(&to.id).unwrap_or_default();
    if !state.drafts.is_empty() {
        words.push_str(" · what you typed here is in its form again");
    }
    forget(state);
    // Until the daemon answers from there, nothing more is asked of it.
    state.link = Link::Connecting;
    state.work.say(words, true, state.now);
    vec![Action::Rebind(Some(to.id.to_string()))]
}

/// Everything open is closed; forms become drafts. Returns how many forms there were.
fn put_forms_aside(state: &mut State) -> usize {
    let mut forms = 0;
    for layer in std::mem::take(&mut state.layers) {
        if let Layer::Form(form) = layer {
            state.drafts.insert(form.key(), form);
            forms += 1;
        }
    }
    forms
}

/// Records, selections, searches and what could be taken back are of the other workspace.
fn forget(state: &mut State) {
    let today = times::at(state.now, &state.zone()).date();
    state.mirror = Mirror::default();
    state.candidates = CandidatesView::default();
    state.pipeline = PipelineView::default();
    state.interviews = InterviewsView::new(today);
    state.settings = SettingsView::default();
    state.undo = Undos::default();
    state.work.failure = None;
}

/// The conversation stands: there is no way back to think of any more.
pub(crate) fn arrived(state: &mut State) {
    state.came_from = None;
}

/// The daemon does not let the person in there: back to where they came from.
pub(crate) fn refused(state: &mut State, error: &Error) -> Option<Action> {
    let closed = matches!(error.kind, ErrorKind::Denied | ErrorKind::NotFound);
    let back = state.came_from.take().filter(|_| closed)?;
    state.layers.push(Layer::Failure(error.clone()));
    state.drafts = state.elsewhere.remove(&back).unwrap_or_default();
    Some(Action::Rebind(Some(back.to_string())))
}
