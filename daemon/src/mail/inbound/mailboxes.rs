//! Every mailbox is read beside the others: the configuration's, and that of each workspace which
//! has one of its own.
//!
//! Owns which mailboxes there are, when each is looked at, and whose replies it holds. Invariants: a
//! mailbox that fails waits longer each time and holds up no other; at most a few are looked at at
//! once; one that is no longer set up is not looked at again. A workspace proves by its own log-in
//! that it may read its mailbox, so two that name the same one read it separately. Must not read an
//! email: that is `receive`'s.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::BoxFuture;
use greenroom_protocol::id::WorkspaceId;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::receive::Reader;
use crate::clock::{Clock, Steady};
use crate::mail::Mail;
use crate::mail::route::Inbox;
use crate::work::line::Line;
use crate::work::lines::Next;
use crate::work::source::{self, End, Source};

/// Mailboxes looked at at once. A look is mostly waiting for a server.
const AT_ONCE: usize = 8;

/// The longest wait between looks that fail, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;

/// How long a mailbox waits on which the daemon crashed, in seconds.
const AFTER_A_CRASH: i64 = 30;

/// One place where replies come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mailbox {
    /// Files, of every workspace whose mailbox is no server.
    Folder,
    /// The server of the configuration, for every workspace without settings of its own.
    Configured,
    /// A workspace's own.
    Of(WorkspaceId),
}

/// Whose replies a mailbox holds, at this moment.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    mail: &'a Mail,
    mailbox: Mailbox,
}

impl<'a> Scope<'a> {
    /// Whose replies come into `mailbox`.
    #[must_use]
    pub fn new(mail: &'a Mail, mailbox: Mailbox) -> Self {
        Self { mail, mailbox }
    }

    /// Whether an email here may be about something of this workspace, where it names that.
    ///
    /// Besides the workspace's mailbox it is the configuration's, where the workspace's emails left
    /// by it before: the replies to those return there.
    #[must_use]
    pub fn holds_replies_to(&self, workspace: WorkspaceId) -> bool {
        let of_default = self.mailbox == self.mail.default_mailbox();
        self.is_mailbox_of(workspace) || of_default && self.mail.left_default(workspace)
    }

    /// Whether this is the workspace's mailbox: what names nothing of ours is for it too.
    #[must_use]
    pub fn is_mailbox_of(&self, workspace: WorkspaceId) -> bool {
        self.mail.mailbox_of(workspace) == Some(self.mailbox)
    }
}

/// All mailboxes, and when each is looked at.
pub struct Mailboxes {
    reader: Reader,
    mail: Mail,
    clock: Clock,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    line: Line<Steady, Mailbox>,
    /// Those there are, by the revision of their settings.
    known: BTreeMap<Mailbox, u64>,
    /// How often in a row each could not be looked at.
    failures: HashMap<Mailbox, u32>,
    /// Those a stop cut short.
    cut_short: Vec<Mailbox>,
}

impl Mailboxes {
    /// Those of `mail`, read by `reader`.
    #[must_use]
    pub fn new(mail: Mail, reader: Reader, clock: Clock) -> Self {
        Self {
            reader,
            mail,
            clock,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Reads them until `stop`, which also cuts short what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let (clock, mail) = (self.clock.clone(), self.mail.clone());
        let mut changes = mail.watch();
        let mailboxes = Arc::new(self);
        mailboxes.arrange();
        let arranging = mailboxes.clone();
        let heed = async move {
            while changes.changed().await.is_ok() {
                arranging.arrange();
            }
            std::future::pending().await
        };
        tokio::select! {
            () = source::run(mailboxes.clone(), &clock, stop) => {}
            () = heed => {}
        }
        let cut_short = std::mem::take(&mut mailboxes.state().cut_short);
        for mailbox in cut_short {
            mailboxes.reader.cut_short(mailbox).await;
        }
    }

    /// Goes by the mailboxes there are now. One that is new, set up anew, or can be read again is
    /// looked at at once.
    fn arrange(&self) {
        let (now, wanted) = (self.clock.steady(), self.mail.mailboxes());
        let mut state = self.state();
        let known = std::mem::replace(&mut state.known, wanted.clone());
        for mailbox in known.keys().filter(|it| !wanted.contains_key(*it)) {
            state.line.set(mailbox, None);
            state.failures.remove(mailbox);
        }
        let again = self.mail.wanted_again();
        for (mailbox, revision) in &wanted {
            if known.get(mailbox) != Some(revision) || again.contains(mailbox) {
                state.failures.remove(mailbox);
                state.line.set(mailbox, Some(now));
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// When a mailbox is looked at again, in seconds. Servers lock out a caller that keeps trying a
    /// wrong password.
    fn wait(every: i64, failures: u32) -> i64 {
        (every << failures.min(10)).min(LONGEST_WAIT).max(every)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Mailboxes {
    type Piece = Mailbox;

    const FINISHES: bool = false;

    fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    fn take(&self) -> Vec<Mailbox> {
        let now = self.clock.steady();
        let mut state = self.state();
        let room = AT_ONCE.saturating_sub(state.line.under_way());
        state.line.take(now, room)
    }

    fn next(&self) -> Next {
        let state = self.state();
        // One that is due waits for room, not for a moment.
        let full = state.line.under_way() >= AT_ONCE;
        Next {
            wall: None,
            steady: state.line.next().filter(|_| !full),
        }
    }

    fn carry_out<'a>(&'a self, mailbox: &'a Mailbox) -> BoxFuture<'a, End> {
        Box::pin(async move {
            let looked = self.reader.look_into(*mailbox).await;
            let now = self.clock.steady();
            let mut state = self.state();
            // It was set up anew meanwhile and is wanted at once, or is no longer there.
            if state.line.was_set(mailbox) || !state.known.contains_key(mailbox) {
                return End::Noted;
            }
            let failures = match &looked.outcome {
                Ok(()) => 0,
                Err(why) => {
                    tracing::warn!(?mailbox, %why, "answers could not be read");
                    state.failures.get(mailbox).copied().unwrap_or_default() + 1
                }
            };
            state.failures.insert(*mailbox, failures);
            let due = now.plus_seconds(Self::wait(looked.every, failures));
            state.line.set(mailbox, Some(due));
            End::Noted
        })
    }

    fn ended(&self, mailbox: &Mailbox, end: End) {
        let now = self.clock.steady();
        let mut state = self.state();
        match end {
            End::Noted | End::NotNoted => state.line.ended(mailbox),
            End::CutShort => {
                state.cut_short.push(*mailbox);
                state.line.ended(mailbox);
            }
            End::Crashed => {
                let failures = state.failures.entry(*mailbox).or_default();
                let wait = Self::wait(AFTER_A_CRASH, *failures);
                *failures += 1;
                tracing::error!(
                    ?mailbox,
                    seconds = wait,
                    "reading it crashed, and is tried again"
                );
                state.line.ended_until(mailbox, now, now.plus_seconds(wait));
            }
        }
        drop(state);
        self.changed.notify_one();
    }
}

impl Mail {
    /// Where the configuration has replies come in.
    pub(super) fn default_mailbox(&self) -> Mailbox {
        match self.default_route().inbox() {
            Inbox::Server { .. } | Inbox::Graph { .. } => Mailbox::Configured,
            Inbox::Folder(_) | Inbox::Unusable => Mailbox::Folder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_that_fails_waits_longer_each_time_up_to_a_quarter_of_an_hour() {
        let waits: Vec<_> = [0, 1, 2, 5, 6, 30]
            .map(|failures| Mailboxes::wait(30, failures))
            .into();
        assert_eq!(waits, [30, 60, 120, 900, 900, 900]);
        assert_eq!(Mailboxes::wait(3600, 4), 3600);
    }
}
