//! The end of the daemon, or of one of its lives.

use greenroom_protocol::Error;
use tokio::sync::watch;

use super::admission::Admitted;
use crate::services::Services;

/// The call that stops it.
pub(super) async fn shutdown(_: &Services, call: &Admitted<'_>) -> Result<(), Error> {
    call.connected.shutdown.begin();
    Ok(())
}

/// Asks the daemon to stop, or to begin again, and wakes everything that waits for it. Clones are
/// one, and of one life: in the next life they have all begun to stop.
#[derive(Clone, Default)]
pub struct Shutdown {
    asked: watch::Sender<Asked>,
    life: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    life: u32,
    mode: StopMode,
}

/// What the daemon is asked to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum StopMode {
    #[default]
    GoOn,
    /// Let go of everything, then begin again with what is stored by then.
    BeginAgain,
    Stop,
}

impl Shutdown {
    /// Begins to stop, in whatever life.
    pub fn begin(&self) {
        self.asked.send_modify(|asked| asked.mode = StopMode::Stop);
    }

    /// Begins to stop in order to begin again; stopping for good comes before it.
    pub fn begin_again(&self) {
        let life = self.life;
        self.asked.send_if_modified(|asked| {
            let goes_on = asked.life == life && asked.mode == StopMode::GoOn;
            if goes_on {
                asked.mode = StopMode::BeginAgain;
            }
            goes_on
        });
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        let over = |asked: &Asked| asked.life != self.life || asked.mode != StopMode::GoOn;
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.asked.subscribe().wait_for(over).await;
    }

    /// Whether it has begun to stop, and not in order to begin again.
    pub(crate) fn is_for_good(&self) -> bool {
        self.asked.borrow().mode == StopMode::Stop
    }

    /// Once everything of a life has ended: the next one, if the daemon begins again.
    pub(crate) fn next_life(&self) -> Option<Self> {
        let life = self.life + 1;
        let begins = self.asked.send_if_modified(|asked| {
            let begins = asked.mode == StopMode::BeginAgain;
            if begins {
                let mode = StopMode::GoOn;
                *asked = Asked { life, mode };
            }
            begins
        });
        let asked = self.asked.clone();
        begins.then_some(Self { asked, life })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn what_waits_in_one_life_is_told_even_in_the_next() {
        let first = Shutdown::default();
        let mut waits = Box::pin(first.begun());
        assert!(waits.as_mut().now_or_never().is_none());
        assert!(first.next_life().is_none());
        first.begin_again();
        let second = first.next_life().expect("another life");
        assert!(waits.now_or_never().is_some());
        assert!(second.begun().now_or_never().is_none());
        // What is left of the first life asks for nothing any more, but to stop.
        first.begin_again();
        assert!(second.next_life().is_none() && second.begun().now_or_never().is_none());
        first.begin();
        assert!(second.begun().now_or_never().is_some() && second.is_for_good());
        second.begin_again();
        assert!(second.next_life().is_none());
    }
}
