//! A value the daemon holds, as it was when it was last asked for.
//!
//! Owns the order of answers. Invariant: only the answer to the newest question is kept, and the
//! value shown before stays visible until it is there, so nothing flickers while typing.

use greenroom_protocol::Error;

use super::work::Ticket;

/// A mirrored value, known by a key (a search, an id).
#[derive(Debug)]
pub(crate) struct Cache<K, T> {
    held: Option<(K, T)>,
    fresh: bool,
    asked: Option<(K, Ticket)>,
    failure: Option<(K, Error)>,
}

impl<K, T> Default for Cache<K, T> {
    fn default() -> Self {
        Self {
            held: None,
            fresh: false,
            asked: None,
            failure: None,
        }
    }
}

impl<K: PartialEq + Clone, T> Cache<K, T> {
    /// The value of that key.
    pub(crate) fn get(&self, key: &K) -> Option<&T> {
        self.held
            .as_ref()
            .filter(|(held, _)| held == key)
            .map(|(_, value)| value)
    }

    /// The newest value there is, of whatever key.
    pub(crate) fn latest(&self) -> Option<&T> {
        self.held.as_ref().map(|(_, value)| value)
    }

    /// The same, to change it.
    pub(crate) fn latest_mut(&mut self) -> Option<&mut T> {
        self.held.as_mut().map(|(_, value)| value)
    }

    /// Why the last question got no value.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.failure.as_ref().map(|(_, error)| error)
    }

    /// Whether the daemon should be asked for this key. What failed is not asked again until it is
    /// [spoilt](Self::spoil): by a change, or when the connection comes back.
    pub(crate) fn is_wanted(&self, key: &K) -> bool {
        let asked = self.asked.as_ref().is_some_and(|(asked, _)| asked == key);
        let failed = self
            .failure
            .as_ref()
            .is_some_and(|(failed, _)| failed == key);
        if asked || failed {
            return false;
        }
        !(self.fresh && self.held.as_ref().is_some_and(|(held, _)| held == key))
    }

    /// Notes that it was asked.
    pub(crate) fn ask(&mut self, key: K, ticket: Ticket) {
        self.asked = Some((key, ticket));
    }

    /// Takes an answer; an answer to an older question is dropped. What was held is handed to
    /// `merge` when it was of the same key.
    pub(crate) fn answer(
        &mut self,
        ticket: Ticket,
        answer: Result<T, Error>,
        merge: impl FnOnce(T, T) -> T,
    ) {
        let Some((key, _)) = self.asked.take_if(|(_, asked)| *asked == ticket) else {
            return;
        };
        match answer {
            Ok(value) => {
                let value = match self.held.take() {
                    Some((held, old)) if held == key => merge(old, value),
                    _ => value,
                };
                self.held = Some((key, value));
                self.fresh = true;
                self.failure = None;
            }
            Err(error) => self.failure = Some((key, error)),
        }
    }

    /// Takes a value that came with another answer. Whatever was asked before is older and dropped.
    pub(crate) fn learn(&mut self, key: K, value: T) {
        self.held = Some((key, value));
        self.spoil();
    }

    /// Lets a question that failed be asked again.
    pub(crate) fn forgive(&mut self) {
        self.failure = None;
    }

    /// Marks the value as old.
    pub(crate) fn spoil(&mut self) {
        self.fresh = false;
        self.failure = None;
        // An answer under way may have been read before the change.
        self.asked = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newer<T>(_: T, new: T) -> T {
        new
    }

    #[test]
    fn only_the_newest_question_is_answered() {
        let mut cache = Cache::default();
        cache.ask("p", Ticket(1));
        cache.ask("pr", Ticket(2));
        cache.answer(Ticket(2), Ok("Priya"), newer);
        cache.answer(Ticket(1), Ok("everyone with p"), newer);
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(!cache.is_wanted(&"pr"));
    }

    #[test]
    fn what_was_shown_stays_until_the_new_answer_is_there() {
        let mut cache = Cache::default();
        cache.ask("p", Ticket(1));
        cache.answer(Ticket(1), Ok("Priya"), newer);
        cache.spoil();
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(cache.is_wanted(&"p"));
    }

    #[test]
    fn what_is_learned_elsewhere_outlives_an_older_answer_and_is_asked_again() {
        let mut cache = Cache::default();
        cache.ask("p", Ticket(1));
        cache.learn("p", "new");
        cache.answer(Ticket(1), Ok("old"), newer);
        assert_eq!(cache.latest(), Some(&"new"));
        assert!(cache.is_wanted(&"p"));
    }

    #[test]
    fn a_failure_is_kept_beside_the_value() {
        let mut cache = Cache::default();
        cache.ask("p", Ticket(1));
        cache.answer(Ticket(1), Ok("Priya"), newer);
        cache.spoil();
        cache.ask("p", Ticket(2));
        cache.answer(
            Ticket(2),
            Err(Error::failed("list candidates: disk full")),
            newer,
        );
        assert_eq!(cache.latest(), Some(&"Priya"));
        assert!(cache.failure().is_some());
    }
}
