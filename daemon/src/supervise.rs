//! The loops a life of the daemon needs, each by name, and what follows when one ends.
//!
//! Invariants: no loop ends unnoticed. One that ends before the daemon stops, by a panic or
//! otherwise, ends this life, so that the next begins with all of them; where that happens too often
//! the daemon gives up, says so and leaves it to the service manager. Must not know what a loop
//! does.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use greenroom_protocol::time::Instant;
use tokio::task::{Id, JoinError, JoinSet};

use crate::clock::{Clock, Steady};

/// How often within a minute the daemon begins again because a loop ended. What a new beginning
/// cures, it cures at once; what it does not would keep the daemon busy with nothing else.
const MOST_A_MINUTE: usize = 5;

/// Loops under way.
#[derive(Default)]
pub struct Loops {
    running: JoinSet<Result<(), String>>,
    names: HashMap<Id, &'static str>,
}

/// A loop that ended before it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its name.
    pub name: &'static str,
    /// Why, as far as it is known.
    pub why: String,
}

impl Loops {
    /// Starts one that goes on until the daemon stops.
    pub fn start(
        &mut self,
        name: &'static str,
        until_stop: impl Future<Output = Result<(), String>> + Send + 'static,
    ) {
        let id = self.running.spawn(until_stop).id();
        self.names.insert(id, name);
    }

    /// Waits until one ends before `stop`; `None`: the daemon stops.
    pub async fn first_to_end(&mut self, stop: impl Future<Output = ()>) -> Option<Ended> {
        let mut stop = Box::pin(stop);
        let ended = tokio::select! {
            biased;
            () = &mut stop => return None,
            Some(ended) = self.running.join_next_with_id() => ended,
        };
        let ended = self.ended(ended);
        // The daemon may have begun to stop just before, and the loop with it.
        match stop.now_or_never() {
            Some(()) => None,
            None => Some(ended),
        }
    }

    /// Waits for all but these, which go on.
    pub async fn join_all_but(&mut self, names: &[&str]) {
        let others = |it: &Self| it.names.values().any(|name| !names.contains(name));
        while others(self) && self.join_one().await {}
    }

    /// Waits for all that are left.
    pub async fn join(mut self) {
        while self.join_one().await {}
    }

    async fn join_one(&mut self) -> bool {
        let Some(ended) = self.running.join_next_with_id().await else {
            return false;
        };
        let failed = !matches!(ended, Ok((_, Ok(()))));
        let Ended { name, why } = self.ended(ended);
        if failed {
            tracing::error!(name, why, "a loop failed as the daemon stopped");
        }
        true
    }

    fn ended(&mut self, ended: Result<(Id, Result<(), String>), JoinError>) -> Ended {
        let (id, why) = match ended {
            Ok((id, Ok(()))) => (id, "it went no further".to_owned()),
            Ok((id, Err(why))) => (id, why),
            // The log has the panic's words and place, which may hold anything.
            Err(error) => (error.id(), "it panicked".to_owned()),
        };
        let name = self.names.remove(&id).unwrap_or("unnamed");
        Ended { name, why }
    }
}

/// How often the daemon began again because a loop ended. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Lives(Arc<Mutex<History>>);

#[derive(Debug, Default)]
struct History {
    /// When one ended, within the last minute.
    lately: VecDeque<Steady>,
    last: Option<(Instant, Ended)>,
    gave_up: bool,
}

/// What follows when a loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The daemon begins again.
    BeginAgain,
    /// It ends: that happened too often.
    GiveUp,
}

impl Lives {
    /// Notes that a loop ended, and says what follows.
    pub fn ended(&self, ended: Ended, clock: &Clock) -> Then {
        let (now, mut history) = (clock.steady(), self.history());
        history.lately.push_back(now);
        while history
            .lately
            .front()
            .is_some_and(|at| now.since(*at) >= 60)
        {
            history.lately.pop_front();
        }
        history.last = Some((clock.now(), ended));
        history.gave_up = history.lately.len() > MOST_A_MINUTE;
        match history.gave_up {
            true => Then::GiveUp,
            false => Then::BeginAgain,
        }
    }

    /// The last loop that ended before it should have, and when.
    #[must_use]
    pub fn last(&self) -> Option<(Instant, Ended)> {
        self.history().last.clone()
    }

    /// Why the daemon gave up, if it did.
    #[must_use]
    pub fn gave_up(&self) -> Option<String> {
        let history = self.history();
        let (_, Ended { name, why }) = history.last.as_ref().filter(|_| history.gave_up)?;
        Some(format!(
            "the loop \"{name}\" ended ({why}), as loops did {MOST_A_MINUTE} times before within \
             a minute"
        ))
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::clock::SetClock;

    fn ended(name: &'static str, why: &str) -> Ended {
        let why = why.to_owned();
        Ended { name, why }
    }

    #[tokio::test]
    async fn a_loop_that_ends_early_is_named_with_why_and_one_that_stops_is_not() {
        for (ends, why) in [
            (
                async { panic!("a test has it panic") }.boxed(),
                "it panicked",
            ),
            (ready(Err("no disk".to_owned())).boxed(), "no disk"),
            (ready(Ok(())).boxed(), "it went no further"),
        ] {
            let mut loops = Loops::default();
            loops.start("idle", pending());
            loops.start("ends", ends);
            assert_eq!(
                loops.first_to_end(pending()).await,
                Some(ended("ends", why))
            );
        }
        let mut loops = Loops::default();
        loops.start("stops", ready(Ok(())));
        assert_eq!(loops.first_to_end(ready(())).await, None);
        loops.join().await;
    }

    #[tokio::test]
    async fn those_that_others_need_are_waited_for_last() {
        let mut loops = Loops::default();
        let (end, needed) = tokio::sync::oneshot::channel::<()>();
        loops.start("needed", async { needed.await.map_err(|_| String::new()) });
        loops.start("needs it", ready(Ok(())));
        loops.join_all_but(&["needed"]).await;
        end.send(()).expect("it is still there");
        loops.join().await;
    }

    #[test]
    fn the_daemon_begins_again_a_few_times_a_minute_and_then_gives_up() {
        let (set, lives) = (SetClock::at(Instant::from_second(0)), Lives::default());
        let clock = set.clock();
        for _ in 0..20 {
            assert_eq!(
                lives.ended(ended("work", "it panicked"), &clock),
                Then::BeginAgain
            );
            set.advance(20);
        }
        set.advance(60);
        for _ in 0..MOST_A_MINUTE {
            assert_eq!(
                lives.ended(ended("work", "it panicked"), &clock),
                Then::BeginAgain
            );
            // A clock that is set must not let it spin.
            set.is_set_by(3_600);
        }
        assert_eq!(lives.gave_up(), None);
        assert_eq!(
            lives.ended(ended("work", "it panicked"), &clock),
            Then::GiveUp
        );
        assert!(
            lives
                .gave_up()
                .is_some_and(|why| why.contains("\"work\" ended (it panicked)"))
        );
        assert_eq!(lives.last().map(|(_, last)| last.name), Some("work"));
    }
}
