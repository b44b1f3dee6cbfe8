//! Waiting for a value, with an end: the one place in the tests that pauses.
//!
//! Every wait says in words what it waits for and fails with them after [`PATIENCE`], so that a
//! story that got stuck names the place. Must not be used to let time pass: stories move their own
//! clock.

use std::time::{Duration, Instant};

/// How long anything may take before a test gives up on it. Long, because many tests run at a time
/// on machines that are busy; no test is waiting for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// Between one look and the next.
const PAUSE: Duration = Duration::from_millis(5);

/// The value, once a look finds it.
///
/// # Panics
///
/// After [`PATIENCE`], with what it waited for.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Deadline::new(what);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        deadline.pause().await;
    }
}

/// Returns once it is so.
///
/// # Panics
///
/// After [`PATIENCE`], with what it waited for.
pub async fn so(what: &str, mut look: impl AsyncFnMut() -> bool) {
    until(what, async || look().await.then_some(())).await;
}

/// [`so`] for code that is not async.
///
/// # Panics
///
/// After [`PATIENCE`], with what it waited for.
pub fn so_blocking(what: &str, mut look: impl FnMut() -> bool) {
    let deadline = Deadline::new(what);
    while !look() {
        deadline.check();
        std::thread::sleep(PAUSE);
    }
}

/// The end of a wait, for loops that do more than look.
#[derive(Debug)]
pub struct Deadline {
    what: String,
    until: Instant,
}

impl Deadline {
    /// One that begins now.
    #[must_use]
    pub fn new(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            until: Instant::now() + PATIENCE,
        }
    }

    /// One that begins now and names the place in the test where it was made.
    #[must_use]
    #[track_caller]
    pub fn here() -> Self {
        Self::new(&format!("see {}", std::panic::Location::caller()))
    }

    /// Does nothing before the end.
    ///
    /// # Panics
    ///
    /// Afterwards, with what was waited for.
    pub fn check(&self) {
        assert!(
            Instant::now() < self.until,
            "waited {} s in vain: {}",
            PATIENCE.as_secs(),
            self.what
        );
    }

    /// Pauses before the next look.
    ///
    /// # Panics
    ///
    /// After the end, with what was waited for.
    pub async fn pause(&self) {
        self.check();
        tokio::time::sleep(PAUSE).await;
    }
}
