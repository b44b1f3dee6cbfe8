//! What is under way, and how the last thing ended.
//!
//! Owns tickets: each action gets one, with the [`Errand`] it is on, which carries what is to happen
//! when it ends. So a call and what its reply changes are written in one place, by the pane whose
//! errand it is. Invariant: a ticket is finished once; an answer without a ticket is dropped.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;
use jiff::Timestamp;

use super::State;
use super::event::{Action, Done};

/// How long the last outcome stays in the bottom line.
pub(crate) const OUTCOME_STAYS: Duration = Duration::from_secs(4);

/// The number of one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) u64);

/// What happens when an errand ends.
type OnEnd = Box<dyn FnOnce(&mut State, Ticket, Result<Done, Error>) -> Vec<Action>>;

/// Why something is done outside the state, and what happens when it ends.
pub(crate) struct Errand {
    name: &'static str,
    /// What it is about, where there can be several of a name at a time.
    about: String,
    /// Said in the bottom line while it takes long; `None` for what only helps, or waits for a
    /// person.
    words: Option<Cow<'static, str>>,
    changes: bool,
    on_end: OnEnd,
}

impl Errand {
    /// A call to the daemon, and what its reply changes.
    pub(crate) fn call(
        name: &'static str,
        on_reply: impl FnOnce(&mut State, Result<R, Error>) -> Vec<Action> + 'static,
    ) -> Self {
        Self::task(name, |state, done| on_reply(state, reply(done)))
    }

    /// Anything that is done outside the state, and what its end changes.
    pub(crate) fn task(
        name: &'static str,
        on_end: impl FnOnce(&mut State, Result<Done, Error>) -> Vec<Action> + 'static,
    ) -> Self {
        Self {
            name,
            about: String::new(),
            words: None,
            changes: false,
            on_end: Box::new(|state, _, done| on_end(state, done)),
        }
    }

    /// A question to the daemon whose reply is kept by its ticket.
    pub(crate) fn question(
        on_reply: impl FnOnce(&mut State, Ticket, Result<R, Error>) -> Vec<Action> + 'static,
    ) -> Self {
        Self {
            on_end: Box::new(|state, ticket, done| on_reply(state, ticket, reply(done))),
            ..Self::task("question", |_, _| Vec::new())
        }
        .says("waiting for the daemon…")
    }

    /// What it is about, where there can be several of a name at a time.
    pub(crate) fn about(self, about: impl fmt::Debug) -> Self {
        Self {
            about: key(about),
            ..self
        }
    }

    /// What is said while it takes long.
    pub(crate) fn says(self, words: impl Into<Cow<'static, str>>) -> Self {
        Self {
            words: Some(words.into()),
            ..self
        }
    }

    /// The daemon changes something for it: its reply belongs to this workspace.
    pub(crate) fn changes(self) -> Self {
        Self {
            changes: true,
            ..self
        }
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errand")
            .field("name", &self.name)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

fn key(about: impl fmt::Debug) -> String {
    format!("{about:?}")
}

fn reply(done: Result<Done, Error>) -> Result<R, Error> {
    match done? {
        Done::Reply(reply) => Ok(*reply),
        _ => Err(unexpected()),
    }
}

/// The reply is to another call.
pub(crate) fn unexpected() -> Error {
    Error::failed("The daemon sent an answer to something else.")
}

/// The result of one method in a reply: `answer!(reply, MailRetry)`.
macro_rules! answer {
    ($reply:expr, $method:ident) => {
        $reply.and_then(|reply| match reply {
            greenroom_protocol::service::GreenroomResponse::$method(answer) => answer,
            _ => Err($crate::state::work::unexpected()),
        })
    };
}
pub(crate) use answer;

/// How something ended, for the bottom line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) words: String,
    pub(crate) good: bool,
    pub(crate) until: Timestamp,
}

/// Everything under way, and the last outcome.
#[derive(Debug, Default)]
pub(crate) struct Work {
    next: u64,
    under_way: BTreeMap<Ticket, (Errand, Timestamp)>,
    pub(crate) outcome: Option<Outcome>,
    /// The last failure, to be read again.
    pub(crate) failure: Option<Error>,
}

impl Work {
    /// A ticket for something that begins now.
    pub(crate) fn begin(&mut self, errand: Errand, now: Timestamp) -> Ticket {
        self.next += 1;
        let ticket = Ticket(self.next);
        self.under_way.insert(ticket, (errand, now));
        ticket
    }

    /// Takes an errand out that ended: what is to happen now. `None` when it ended before.
    pub(super) fn finish(&mut self, ticket: Ticket) -> Option<OnEnd> {
        let (errand, _) = self.under_way.remove(&ticket)?;
        Some(errand.on_end)
    }

    /// Whether an errand of that name is under way.
    pub(crate) fn is_under_way(&self, name: &str) -> bool {
        self.under_way.values().any(|(it, _)| it.name == name)
    }

    /// The same of one that is [about](Errand::about) something.
    pub(crate) fn is_under_way_about(&self, name: &str, about: impl fmt::Debug) -> bool {
        let about = key(about);
        let mut all = self.under_way.values();
        all.any(|(it, _)| it.name == name && it.about == about)
    }

    /// Whether something that changes records is under way: its reply belongs to this workspace.
    pub(crate) fn changes_something(&self) -> bool {
        self.under_way.values().any(|(errand, _)| errand.changes)
    }

    /// The longest-running thing that somebody waits for, and how long it takes so far.
    pub(crate) fn longest(&self, now: Timestamp) -> Option<(&str, Duration)> {
        let waited = |since: Timestamp| now.duration_since(since).try_into().unwrap_or_default();
        self.under_way
            .values()
            .filter_map(|(errand, since)| Some((errand.words.as_deref()?, waited(*since))))
            .max_by_key(|(_, waited)| *waited)
    }

    /// Forgets an outcome that was shown long enough.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        self.outcome.take_if(|outcome| outcome.until <= now);
    }
}
