//! RequestContext a loop whether it still turns: a question that only the loop itself answers.

use std::future::pending;

use tokio::sync::{mpsc, oneshot};

/// Who asks. Clones ask the same loop.
#[derive(Clone)]
pub struct Pulse(mpsc::Sender<oneshot::Sender<()>>);

/// The loop's end: it answers one question each time it comes round.
pub struct Beating(mpsc::Receiver<oneshot::Sender<()>>);

/// Both ends.
pub fn pulse() -> (Pulse, Beating) {
    let (ask, asked) = mpsc::channel(1);
    (Pulse(ask), Beating(asked))
}

impl Pulse {
    /// Waits for the loop to come round; false when it has ended.
    pub async fn felt(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).await.is_ok() && answered.await.is_ok()
    }
}

impl Beating {
    /// Waits for a question and answers it. Dropped while it waits, it has taken no question.
    pub async fn beat(&mut self) {
        match self.0.recv().await {
            Some(question) => drop(question.send(())),
            // Nobody will ever ask again.
            None => pending().await,
        }
    }
}
