//! Which requests of a connection wait for their answers.
//!
//! tarpc drops a request whose id is still in flight without a word, and its caller would wait for
//! ever. Owns the ids in use, so that such a request is answered instead.

use std::collections::HashMap;
use std::time::Instant;

/// From so many ids on, those whose deadline is over are forgotten before another is added.
const MANY: usize = 512;

/// Ids in use, with the deadlines of their requests: past its deadline a request gets no answer any
/// more, and its id is free.
#[derive(Default)]
pub(super) struct InFlight {
    until: HashMap<u64, Instant>,
    /// Forgets what is over once there are so many.
    sweep_at: usize,
}

impl InFlight {
    /// Takes an id for a request; false where another request of that id waits for its answer.
    pub fn begin(&mut self, id: u64, deadline: Instant, now: Instant) -> bool {
        if self.until.get(&id).is_some_and(|until| *until > now) {
            return false;
        }
        if self.until.len() >= self.sweep_at.max(MANY) {
            self.until.retain(|_, until| *until > now);
            self.sweep_at = 2 * self.until.len();
        }
        self.until.insert(id, deadline);
        true
    }

    /// The request of this id was answered, or given up.
    pub fn end(&mut self, id: u64) {
        self.until.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_id_is_free_again_once_its_request_is_answered_or_its_deadline_is_over() {
        let now = Instant::now();
        let soon = now + Duration::from_secs(1);
        let mut ids = InFlight::default();
        assert!(ids.begin(7, soon, now));
        assert!(!ids.begin(7, soon, now));
        assert!(ids.begin(8, soon, now));
        ids.end(7);
        assert!(ids.begin(7, soon, now));
        assert!(ids.begin(7, soon + Duration::from_secs(1), soon));
    }

    #[test]
    fn requests_that_were_never_answered_are_forgotten() {
        let begun = Instant::now();
        let mut ids = InFlight::default();
        for id in 0..100_000 {
            let now = begun + Duration::from_millis(id);
            assert!(ids.begin(id, now + Duration::from_millis(10), now));
        }
        assert!(ids.until.len() <= MANY);
        // Those in flight are kept, however many they are.
        let mut ids = InFlight::default();
        let late = begun + Duration::from_secs(3600);
        assert!((0..4000).all(|id| ids.begin(id, late, begun)));
        assert!((0..4000).all(|id| !ids.begin(id, late, begun)));
    }
}
