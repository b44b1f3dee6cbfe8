//! Texts and addresses that are handed to the person's desktop.

use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::work::Errand;

/// Puts a text on the clipboard; `what` names it.
pub(crate) fn copy(state: &mut State, what: impl Into<String>, text: String) -> Action {
    let what = what.into();
    let errand = Errand::task("copy", move |state, done| match done {
        Ok(_) => {
            state.toast(format!("{what} copied"), true);
            Vec::new()
        }
        Err(error) => fail(state, error),
    });
    state.begin(errand, Task::Copy(text))
}

/// Opens an address in the browser. It stands on the screen in any case.
pub(crate) fn browse(state: &mut State, address: String) -> Action {
    let errand = Errand::task("browse", |state, done| {
        match done {
            Ok(_) => state.toast("Opened in the browser", true),
            Err(error) => {
                let words = format!("{}. Copy the address instead", error.message);
                state.toast(words, false);
            }
        }
        Vec::new()
    });
    state.begin(errand, Task::Browse(address))
}
