//! What to do about a failure, in words of the client.
//!
//! The daemon names the command line's verbs and options, since it knows nothing of keys. Owns which
//! of those have a key here; what has none stays as the daemon says it.

use greenroom_protocol::Error;

use crate::keys::{Command, Context, Places};
use crate::state::State;

/// What a hint for the command line names, and what to do here; `{}` is the command's key.
type Way = (&'static str, Command, &'static str);

/// The first that a hint names counts.
const WAYS: &[Way] = &[
    (
        "greenroom zoom connect",
        Command::Connect,
        "Press {} to connect, choose another host, or enter the link manually.",
    ),
    (
        "greenroom candidate reopen",
        Command::ChangeState,
        "Reopen the application first: {} on the candidate.",
    ),
    (
        "greenroom interview cancel",
        Command::CancelInterview,
        "Cancel the interview instead, so that everyone is emailed: {} on the interview.",
    ),
    (
        "greenroom interview undo",
        Command::Undo,
        "Schedule a new one, or press {} to undo the last change.",
    ),
    (
        "greenroom interview check",
        Command::CheckMeetings,
        "Press {} on Interviews to compare with Zoom again.",
    ),
    (
        "greenroom interview edit ID --zoom-user",
        Command::EditInterview,
        "Choose another host, or enter a link manually: {} on the interview.",
    ),
    (
        "greenroom interview edit ID --url",
        Command::EditInterview,
        "Ask your Zoom admin about what Zoom names, or enter a link manually: {} on the interview.",
    ),
    (
        "greenroom interview list",
        Command::Interviews,
        "Cancel those first: {} shows the interviews.",
    ),
    (
        "greenroom zoom disconnect",
        Command::Disconnect,
        "Disconnect their Zoom first: {} on the member in Settings.",
    ),
    (
        "--cancel-interviews",
        Command::ChangeState,
        "Cancel them in the same form: {} on the candidate.",
    ),
    (
        "name somebody with --to",
        Command::Replace,
        "Choose somebody: {} on the interview.",
    ),
];

/// What to do about a failure; `None` where nothing is known.
pub(crate) fn remedy(state: &State, error: &Error) -> Option<String> {
    let hint = error.hint.as_deref()?;
    let way = WAYS.iter().find(|(named, ..)| hint.contains(named));
    let own = way.and_then(|(_, command, words)| Some(words.replace("{}", &key(state, *command)?)));
    Some(own.unwrap_or_else(|| hint.to_owned()))
}

/// The key of a command where it is meant to be pressed: in a form, where it has one there, since
/// the failure may lie over one.
fn key(state: &State, command: Command) -> Option<String> {
    let in_form = Places::typing(Context::Form);
    let contexts = command.spec()?.contexts.iter();
    let mut places = contexts.map(|context| Places::over_screen(*context));
    let key = state.keymap.key(command, &in_form);
    let key = key.or_else(|| places.find_map(|places| state.keymap.key(command, &places)));
    key.map(|key| key.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::stage::Stage;

    fn said(hint: &str) -> String {
        let error = Error::usage("no").hint(hint);
        remedy(&Stage::open(80, 24).state, &error).unwrap()
    }

    #[test]
    fn a_verb_of_the_command_line_is_said_as_a_key_and_the_rest_as_it_is() {
        let hint = "connect with `greenroom zoom connect`, or give the link yourself with --url";
        let words = "Press ctrl-o to connect, choose another host, or enter the link manually.";
        assert_eq!(said(hint), words);
        let hint = "reopen it first: `greenroom candidate reopen`";
        let words = "Reopen the application first: R on the candidate.";
        assert_eq!(said(hint), words);
        let hint = "run `greenroom doctor`";
        assert_eq!(said(hint), hint);
    }

    #[test]
    fn every_way_names_a_key() {
        for (named, _, words) in WAYS {
            let said = said(named);
            assert!(words.contains("{}") && !said.contains("{}"), "{said}");
        }
    }
}
