//! A booking in one line: `book wen thu 2pm sam lena`.
//!
//! Asks the daemon which words name a time and which candidates match, then opens the filled form.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::schedule::TimeRead;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::line::{self, Line};
use crate::keys::Command;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::{Errand, answer};

/// Words that begin such a line.
const WORDS: [&str; 2] = ["book", "schedule"];

/// Candidates that are looked at for the one who is meant.
const CANDIDATES: u32 = 20;

/// What stands behind the word that books; `None` where the line begins with another word.
pub(super) fn behind_the_word(typed: &str) -> Option<&str> {
    let (first, rest) = typed.split_once(' ').unwrap_or((typed, ""));
    let first = first.to_lowercase();
    WORDS.contains(&first.as_str()).then(|| rest.trim())
}

/// Opens the form that a line fills in; without one, that of the selected person.
pub(super) fn open(state: &mut State, line: String) -> Vec<Action> {
    if line.is_empty() || state.disabled_reason(Command::NewInterview).is_some() {
        return state.dispatch(Command::NewInterview);
    }
    let read = TimeRead {
        text: line.clone(),
        zone: state.zone().iana_name().map(str::to_owned),
        locale: state.locale.clone(),
        ..TimeRead::default()
    };
    let errand = Errand::call("book", move |state, reply| find(state, &line, reply));
    let errand = errand.says("waiting for the daemon…");
    vec![state.call(errand, Q::TimeRead { read })]
}

fn find(state: &mut State, line: &str, reply: Result<R, Error>) -> Vec<Action> {
    let read = match answer!(reply, TimeRead) {
        Ok(read) => read,
        Err(error) => return fail(state, error),
    };
    let members = state.cache.members.latest().cloned().unwrap_or_default();
    let line = Line::of(line, &read, &members);
    let query = CandidateQuery {
        text: line.candidate.clone(),
        limit: Some(CANDIDATES),
        ..CandidateQuery::default()
    };
    let errand = Errand::call("book", move |state, reply| {
        match answer!(reply, CandidateList) {
            Ok(page) => line::open(state, &line, &page.items),
            Err(error) => return fail(state, error),
        }
        Vec::new()
    });
    let errand = errand.says("waiting for the daemon…");
    vec![state.call(errand, Q::CandidateList { query })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_the_word_that_books() {
        assert_eq!(behind_the_word("book wen thu 2pm"), Some("wen thu 2pm"));
        assert_eq!(behind_the_word("Schedule wen "), Some("wen"));
        assert_eq!(behind_the_word("book"), Some(""));
        assert_eq!(behind_the_word("bookings"), None);
        assert_eq!(behind_the_word("wen book"), None);
        assert_eq!(behind_the_word(""), None);
    }
}
