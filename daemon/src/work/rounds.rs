//! What is only done again and again: the nightly backup, the hosts of what begins soon.
//!
//! None of it is stored: a round that was missed needs no memory, the next one finds the same.
//! Invariant: at most one of a round is under way, and its wait goes by the clock that nobody sets.
//! A round that crashes is named in the log and comes again, later each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::backoff::LONGEST_WAIT_SECONDS;
use super::line::Line;
use super::lines::Next;
use super::source::{self, End, Source};
use crate::clock::{Clock, Steady};

/// How long a round waits that crashed once, in seconds.
const AFTER_A_CRASH_SECONDS: i64 = 30;

/// Something done again and again.
pub trait Round: Send + Sync + 'static {
    /// What the log calls it.
    fn name(&self) -> &'static str;

    /// Does it once, and says after how long it is wanted again.
    fn go(&self) -> BoxFuture<'_, Duration>;

    /// The daemon stops in the middle of it: what is to be noted of that.
    fn cut_short(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// All of them, each wanted at the start.
pub struct Rounds {
    rounds: HashMap<&'static str, Arc<dyn Round>>,
    clock: Clock,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    line: Line<Steady, &'static str>,
    /// How often a round crashed in a row.
    crashes: HashMap<&'static str, u32>,
    /// Those a stop cut short.
    cut_short: Vec<&'static str>,
}

impl Rounds {
    /// None yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            rounds: HashMap::new(),
            clock,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// With this one.
    #[must_use]
    pub fn with(mut self, round: impl Round) -> Self {
        let (name, now) = (round.name(), self.clock.steady());
        self.state().line.set(&name, Some(now));
        self.rounds.insert(name, Arc::new(round));
        self
    }

    /// Does them until `stop`, which also cuts short those under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let clock = self.clock.clone();
        let rounds = Arc::new(self);
        source::run(rounds.clone(), &clock, stop).await;
        let cut_short = std::mem::take(&mut rounds.state().cut_short);
        for name in cut_short {
            if let Some(round) = rounds.rounds.get(name) {
                round.cut_short().await;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How long a round waits that crashed: twice as long each time in a row.
    fn after_a_crash(&mut self, name: &'static str) -> i64 {
        let crashes = self.crashes.entry(name).or_default();
        let wait = AFTER_A_CRASH_SECONDS << (*crashes).min(10);
        *crashes += 1;
        wait.min(LONGEST_WAIT_SECONDS)
    }
}

impl Source for Rounds {
    type Piece = &'static str;

    const FINISHES: bool = false;

    fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    fn take(&self) -> Vec<&'static str> {
        let now = self.clock.steady();
        self.state().line.take(now, usize::MAX)
    }

    fn next(&self) -> Next {
        Next {
            wall: None,
            steady: self.state().line.next(),
        }
    }

    fn carry_out<'a>(&'a self, name: &'a &'static str) -> BoxFuture<'a, End> {
        Box::pin(async move {
            let Some(round) = self.rounds.get(name) else {
                return End::NotNoted;
            };
            let wait = round.go().await.as_secs();
            let wait = i64::try_from(wait).unwrap_or(LONGEST_WAIT_SECONDS).max(1);
            let due = self.clock.steady().plus_seconds(wait);
            let mut state = self.state();
            state.crashes.remove(name);
            state.line.set(name, Some(due));
            End::Noted
        })
    }

    fn ended(&self, name: &&'static str, end: End) {
        let now = self.clock.steady();
        let mut state = self.state();
        match end {
            End::Noted | End::NotNoted => state.line.ended(name),
            End::CutShort => {
                state.cut_short.push(name);
                state.line.ended(name);
            }
            End::Crashed => {
                let wait = state.after_a_crash(name);
                tracing::error!(
                    round = name,
                    seconds = wait,
                    "it crashed, and is tried again"
                );
                state.line.ended_until(name, now, now.plus_seconds(wait));
            }
        }
        drop(state);
        self.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use greenroom_protocol::time::Instant;
    use tokio::sync::{mpsc, oneshot};

    use super::*;
    use crate::clock::SetClock;

    /// Says that it was begun; panics the first two times.
    struct Panics {
        begun: mpsc::UnboundedSender<u32>,
        count: AtomicU32,
    }

    impl Round for Panics {
        fn name(&self) -> &'static str {
            "panics"
        }

        fn go(&self) -> BoxFuture<'_, Duration> {
            Box::pin(async {
                let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
                let _ = self.begun.send(count);
                assert!(count > 2, "a test has it panic");
                Duration::from_secs(600)
            })
        }
    }

    /// Says that it was begun and, once it is cut short, that it was.
    struct Hangs {
        begun: mpsc::UnboundedSender<&'static str>,
    }

    impl Round for Hangs {
        fn name(&self) -> &'static str {
            "hangs"
        }

        fn go(&self) -> BoxFuture<'_, Duration> {
            Box::pin(async {
                let _ = self.begun.send("begun");
                std::future::pending().await
            })
        }

        fn cut_short(&self) -> BoxFuture<'_, ()> {
            Box::pin(async {
                let _ = self.begun.send("cut short");
            })
        }
    }

    #[tokio::test]
    async fn a_round_that_panics_comes_again_later_each_time_and_then_as_usual() {
        let clock = SetClock::at(Instant::from_second(0));
        let (begun, mut rounds_begun) = mpsc::unbounded_channel();
        let count = AtomicU32::new(0);
        let rounds = Rounds::new(clock.clock()).with(Panics { begun, count });
        let rounds = Arc::new(rounds);
        let (end, stop) = oneshot::channel::<()>();
        let (running, its_clock) = (rounds.clone(), clock.clock());
        let running = tokio::spawn(async move {
            source::run(running, &its_clock, async { drop(stop.await) }).await;
        });
        // When each is wanted again: after 30 s, then 60 s, then 600 s.
        let mut at = 0;
        for (count, wait) in [(1, 30), (2, 60), (3, 600)] {
            assert_eq!(rounds_begun.recv().await, Some(count));
            let start = clock.clock().steady();
            while rounds.next().steady.is_none() {
                tokio::task::yield_now().await;
            }
            let next = rounds.next().steady.unwrap();
            assert_eq!(next.since(start), wait, "after {count} at {at}");
            clock.is_set_by(100_000);
            clock.advance(wait);
            at += wait;
        }
        assert_eq!(rounds_begun.recv().await, Some(4));
        end.send(()).unwrap();
        running.await.unwrap();
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_a_round_and_lets_it_note_that() {
        let clock = SetClock::at(Instant::from_second(0)).clock();
        let (begun, mut said) = mpsc::unbounded_channel();
        let rounds = Rounds::new(clock).with(Hangs { begun });
        let (end, stop) = oneshot::channel::<()>();
        let running = tokio::spawn(rounds.run(async { drop(stop.await) }));
        assert_eq!(said.recv().await, Some("begun"));
        end.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(said.recv().await, Some("cut short"));
    }
}
