//! Asking the daemon for what is shown, and keeping the answer.
//!
//! A [`Query`] says what is asked, how the answer reads and which changes make it old; a [`Cache`]
//! holds the answer as it was when it was last asked for. Owns the order of answers. Invariant: only
//! the answer to the newest question is kept, and the value shown before stays visible until it is
//! there, so nothing flickers while typing. Nothing here is ever changed by the person.

use std::fmt::Debug;

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use super::work::Ticket;

/// In the place of a query's tables: every change makes its answer old.
pub(crate) const EVERY_TABLE: &[&str] = &["*"];

/// Something that panes show, as the daemon is asked for it.
pub(crate) trait Query {
    /// Which one of its kind: an id, a search. The cache holds the answer for one key at a time.
    type Key: Clone + Debug + PartialEq;
    type Answer: Debug;

    /// The daemon's tables of which a change makes the answer old, or [`EVERY_TABLE`].
    const TABLES: &'static [&'static str];

    /// The first protocol that knows the method; an older daemon is not asked.
    const SINCE: u32 = 1;

    /// The call that asks for it.
    fn request(key: &Self::Key, now: Instant) -> Q;

    /// The answer in a reply; `None` where it is the reply to something else.
    fn read(reply: R) -> Option<Result<Self::Answer, Error>>;

    /// What is kept when an answer for the same key was there before.
    fn merge(_old: Self::Answer, new: Self::Answer) -> Self::Answer {
        new
    }
}

/// The answer to a query for one key.
#[derive(Debug)]
pub(crate) struct Cache<A: Query> {
    held: Option<(A::Key, A::Answer)>,
    fresh: bool,
    asked: Option<(A::Key, Ticket)>,
    failure: Option<(A::Key, Error)>,
}

impl<A: Query> Default for Cache<A> {
    fn default() -> Self {
        Self {
            held: None,
            fresh: false,
            asked: None,
            failure: None,
        }
    }
}

impl<A: Query> Cache<A> {
    /// The answer for that key.
    pub(crate) fn get(&self, key: &A::Key) -> Option<&A::Answer> {
        let held = self.held.as_ref().filter(|(held, _)| held == key);
        held.map(|(_, answer)| answer)
    }

    /// The newest answer there is, for whatever key.
    pub(crate) fn latest(&self) -> Option<&A::Answer> {
        self.held.as_ref().map(|(_, answer)| answer)
    }

    /// The same, to change it.
    pub(crate) fn latest_mut(&mut self) -> Option<&mut A::Answer> {
        self.held.as_mut().map(|(_, answer)| answer)
    }

    /// Why the last question was not answered.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.failure.as_ref().map(|(_, error)| error)
    }

    /// Whether the daemon should be asked for this key. What failed is not asked again until it is
    /// [old](Self::invalidate): by a change, or when the connection comes back.
    pub(crate) fn is_wanted(&self, key: &A::Key) -> bool {
        let asked = self.asked.as_ref().is_some_and(|(asked, _)| asked == key);
        let failed = self.failure.as_ref();
        if asked || failed.is_some_and(|(failed, _)| failed == key) {
            return false;
        }
        !(self.fresh && self.held.as_ref().is_some_and(|(held, _)| held == key))
    }

    /// Notes that it was asked for.
    pub(crate) fn ask(&mut self, key: A::Key, ticket: Ticket) {
        self.asked = Some((key, ticket));
    }

    /// Takes the daemon's reply to a question of this query.
    pub(crate) fn take(&mut self, ticket: Ticket, reply: Result<R, Error>) {
        let unexpected = || Err(super::work::unexpected());
        self.answer(
            ticket,
            reply.and_then(|reply| A::read(reply).unwrap_or_else(unexpected)),
        );
    }

    /// Takes an answer; one to an older question is dropped.
    fn answer(&mut self, ticket: Ticket, answer: Result<A::Answer, Error>) {
        let Some((key, _)) = self.asked.take_if(|(_, asked)| *asked == ticket) else {
            return;
        };
        match answer {
            Ok(new) => {
                let answer = match self.held.take() {
                    Some((held, old)) if held == key => A::merge(old, new),
                    _ => new,
                };
                self.held = Some((key, answer));
                self.fresh = true;
                self.failure = None;
            }
            Err(error) => self.failure = Some((key, error)),
        }
    }

    /// Takes an answer that came with another reply. Whatever was asked before is older and dropped.
    pub(crate) fn learn(&mut self, key: A::Key, answer: A::Answer) {
        self.held = Some((key, answer));
        self.invalidate();
    }

    /// Lets a question that failed be asked again.
    pub(crate) fn retry_failed(&mut self) {
        self.failure = None;
    }

    /// Marks the answer as old.
    pub(crate) fn invalidate(&mut self) {
        self.fresh = false;
        self.failure = None;
        // An answer under way may have been read before the change.
        self.asked = None;
    }

    /// Marks the answer as old where a change of this table makes it so.
    pub(crate) fn invalidate_by(&mut self, table: &str) {
        if A::TABLES == EVERY_TABLE || A::TABLES.contains(&table) {
            self.invalidate();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A query of nothing but words.
    #[derive(Debug)]
    struct Words;

    impl Query for Words {
        type Key = &'static str;
        type Answer = &'static str;
        const TABLES: &'static [&'static str] = &["word"];

        fn request(_: &Self::Key, _: Instant) -> Q {
            Q::Status {}
        }

        fn read(_: R) -> Option<Result<Self::Answer, Error>> {
            None
        }
    }

    #[test]
    fn only_the_newest_question_is_answered() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.ask("pr", Ticket(2));
        cache.answer(Ticket(2), Ok("Priya"));
        cache.answer(Ticket(1), Ok("everyone with p"));
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(!cache.is_wanted(&"pr"));
    }

    #[test]
    fn what_was_shown_stays_until_the_new_answer_is_there() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.answer(Ticket(1), Ok("Priya"));
        cache.invalidate();
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(cache.is_wanted(&"p"));
    }

    #[test]
    fn what_is_learned_elsewhere_outlives_an_older_answer_and_is_asked_again() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.learn("p", "new");
        cache.answer(Ticket(1), Ok("old"));
        assert_eq!(cache.latest(), Some(&"new"));
        assert!(cache.is_wanted(&"p"));
    }

    #[test]
    fn a_failure_is_kept_beside_the_value() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.answer(Ticket(1), Ok("Priya"));
        cache.invalidate();
        cache.ask("p", Ticket(2));
        cache.answer(Ticket(2), Err(Error::failed("list candidates: disk full")));
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(cache.failure().is_some());
    }

    #[test]
    fn only_a_change_of_its_own_tables_makes_an_answer_old() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.answer(Ticket(1), Ok("Priya"));
        cache.invalidate_by("number");
        assert!(!cache.is_wanted(&"p"));
        cache.invalidate_by("word");
        assert!(cache.is_wanted(&"p"));
    }

    #[test]
    fn a_reply_to_something_else_is_a_failure() {
        let mut cache = Cache::<Words>::default();
        cache.ask("p", Ticket(1));
        cache.take(Ticket(1), Ok(R::Shutdown(Ok(()))));
        assert_eq!(cache.latest(), None);
        assert!(cache.failure().is_some());
    }
}
