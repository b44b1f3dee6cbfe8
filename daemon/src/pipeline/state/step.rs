//! Which change of state may follow which. Pure.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{ApplicationState, StateAction};

use ApplicationState::{Active, Hired, OnHold, Rejected, Withdrawn};

/// What an action makes of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It enters this state.
    Enter(ApplicationState),
    /// It is so already.
    Nothing,
    /// The latest change is undone.
    Back,
}

/// What `action` makes of an application in the state `from`.
///
/// # Errors
/// `conflict`: it would have to be reopened first.
pub(super) fn step(from: ApplicationState, action: StateAction) -> Result<Step, Error> {
    let Some(to) = action.leads_to() else {
        return Ok(Step::Back);
    };
    if to == from {
        return Ok(Step::Nothing);
    }
    match (from, to) {
        (_, Active) => Ok(Step::Enter(to)),
        (Active | OnHold, _) => Ok(Step::Enter(to)),
        // Who turned whom down is easily mistaken, and corrected so.
        (Rejected, Withdrawn) | (Withdrawn, Rejected) => Ok(Step::Enter(to)),
        (Rejected | Withdrawn | Hired, _) => Err(closed(from)),
    }
}

/// Why nothing but reopening can be done to a closed application.
pub(in crate::pipeline) fn closed(state: ApplicationState) -> Error {
    Error::conflict(format!("The application is {}", state.words()))
        .hint("reopen it first: `greenroom candidate reopen`")
}

#[cfg(test)]
mod tests {
    use StateAction::{Hire, Hold, Reject, Reopen, Undo, Withdraw};
    use greenroom_protocol::ErrorKind;

    use super::*;

    #[test]
    fn every_action_in_every_state() {
        const ENTERED: fn(ApplicationState) -> Option<Step> = |state| Some(Step::Enter(state));
        const NOTHING: Option<Step> = Some(Step::Nothing);
        const BACK: Option<Step> = Some(Step::Back);
        // For each state what becomes of it by: reject, withdraw, hold, hire, reopen, undo.
        let (rejected, withdrawn) = (ENTERED(Rejected), ENTERED(Withdrawn));
        let (on_hold, hired, active) = (ENTERED(OnHold), ENTERED(Hired), ENTERED(Active));
        for (from, expected) in [
            (Active, [rejected, withdrawn, on_hold, hired, NOTHING, BACK]),
            (OnHold, [rejected, withdrawn, NOTHING, hired, active, BACK]),
            (Rejected, [NOTHING, withdrawn, None, None, active, BACK]),
            (Withdrawn, [rejected, NOTHING, None, None, active, BACK]),
            (Hired, [None, None, None, NOTHING, active, BACK]),
        ] {
            let actions = [Reject, Withdraw, Hold, Hire, Reopen, Undo];
            for (action, expected) in actions.into_iter().zip(expected) {
                let found = step(from, action);
                let refusal = found.as_ref().err().map(|error| error.kind);
                assert_eq!(found.ok(), expected, "{from:?} {action:?}");
                let conflict = expected.is_none().then_some(ErrorKind::Conflict);
                assert_eq!(refusal, conflict, "{from:?} {action:?}");
            }
        }
    }
}
