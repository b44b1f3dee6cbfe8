//! What the person can undo, the newest last.
//!
//! One stack for moves in a pipeline, changes of interviews, hours and days off, and emails asked for
//! alone. Invariant: it never undoes what somebody else did: every entry names the state that this person's own change left, and the
//! daemon refuses when that is gone.

use greenroom_protocol::availability::{DaysOffEdit, MemberHoursSet};
use greenroom_protocol::id::{CandidateId, InterviewId, MailId};
use greenroom_protocol::mail::Mail;
use greenroom_protocol::pipeline::{CandidateMove, CandidateMoveMany, CandidateStateMany};

use super::{LISTING_SINCE, State};
use crate::keys::{Characters, Chord, Command, Context, Places};

/// Entries kept.
const MOST: usize = 20;

/// Something that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Undo {
    /// A move to another stage.
    Move {
        /// Who was moved.
        name: String,
        /// The move back.
        call: CandidateMove,
        /// The application's revision before the move.
        before: Option<u64>,
    },
    /// One change of several candidates.
    Several {
        /// Who, or how many.
        name: String,
        /// What undoes it.
        calls: Vec<Back>,
    },
    /// Emails that were asked for, and nothing else with them.
    Emails {
        /// To whom, or how many.
        name: String,
        /// Which.
        mails: Vec<MailId>,
    },
    /// Hours or days off, saved in a form.
    Saved {
        /// Which.
        name: String,
        /// What makes them as they were.
        call: Box<SavedBack>,
    },
    /// A change of an interview.
    Change {
        interview: InterviewId,
        /// With whom it is.
        name: String,
        candidate: CandidateId,
        /// The change's number.
        number: u32,
        /// What is so again once it is undone, where the interview's time does not say it.
        back: Option<String>,
    },
}

impl Undo {
    /// Whom it is about.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Move { name, .. }
            | Self::Change { name, .. }
            | Self::Several { name, .. }
            | Self::Saved { name, .. }
            | Self::Emails { name, .. } => name,
        }
    }

    /// Whether an email is about what this undoes.
    fn emails(&self, mail: &Mail) -> bool {
        match self {
            Self::Move { .. } | Self::Saved { .. } => false,
            Self::Change { interview, .. } => mail.interview == Some(*interview),
            Self::Several { calls, .. } => calls.iter().any(|back| back.emails(mail)),
            Self::Emails { mails, .. } => mails.contains(&mail.id),
        }
    }
}

/// What undoes hours or days off that were saved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SavedBack {
    Hours(MemberHoursSet),
    DaysOff(DaysOffEdit),
}

/// What undoes a change of several candidates, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Back {
    Move(CandidateMoveMany),
    State(CandidateStateMany),
}

impl Back {
    fn emails(&self, mail: &Mail) -> bool {
        let (Self::State(changes), Some(application)) = (self, mail.application) else {
            return false;
        };
        let application = application.to_string();
        changes
            .candidates
            .iter()
            .any(|it| it.candidate == application)
    }
}

/// The stack.
#[derive(Debug, Default)]
pub(crate) struct Undos(Vec<Undo>);

impl Undos {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts one on top. Of an interview only the newest change can be undone.
    pub(crate) fn push(&mut self, undo: Undo) {
        if let Undo::Change { interview: new, .. } = &undo {
            let same = |it: &Undo| matches!(it, Undo::Change { interview, .. } if interview == new);
            self.0.retain(|it| !same(it));
        }
        self.0.push(undo);
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
    }

    /// Takes this one from wherever it is.
    pub(crate) fn remove(&mut self, undo: &Undo) {
        self.0.retain(|it| it != undo);
    }

    pub(crate) fn pop(&mut self) -> Option<Undo> {
        self.0.pop()
    }

    /// Whether the change of an interview on top of the stack is this one.
    pub(crate) fn is_next(&self, id: InterviewId, change: u32) -> bool {
        let top = self.0.last();
        matches!(top, Some(Undo::Change { interview, number, .. }) if *interview == id && *number == change)
    }

    /// A move was undone and left the application at `now`: the move before it started from
    /// there.
    pub(crate) fn undone_move(&mut self, undone: &CandidateMove, before: Option<u64>, now: u64) {
        for undo in &mut self.0 {
            if let Undo::Move { call, .. } = undo
                && call.candidate == undone.candidate
                && call.job == undone.job
                && call.expected_revision == before
            {
                call.expected_revision = Some(now);
            }
        }
    }

    /// Forgets the change of an interview that was undone elsewhere.
    pub(crate) fn forget_change(&mut self, id: InterviewId) {
        let about = |it: &Undo| matches!(it, Undo::Change { interview, .. } if *interview == id);
        self.0.retain(|it| !about(it));
    }

    /// Forgets what is about a candidate, by id.
    pub(crate) fn forget(&mut self, candidate: &str) {
        let about = |it: &Undo| match it {
            Undo::Move { call, .. } => call.candidate == candidate,
            Undo::Change { candidate: id, .. } => id.to_string() == candidate,
            // The daemon refuses those of it that are gone.
            Undo::Several { .. } | Undo::Emails { .. } => false,
            // It is about members.
            Undo::Saved { .. } => false,
        };
        self.0.retain(|it| !about(it));
    }
}

/// The emails that go out soon because of what the person did here and can still undo, the first to
/// go first. What colleagues did, or this person in another window, is not among them.
pub(crate) fn leaving(state: &State) -> Vec<&Mail> {
    let waiting = state.cache.leaving.latest().into_iter();
    let waiting = waiting.flat_map(|page| &page.items);
    let mine = |mail: &&Mail| state.undo.0.iter().any(|undo| undo.emails(mail));
    let soon = |mail: &&Mail| mail.not_before.timestamp() > state.now;
    let mut all: Vec<_> = waiting.filter(mine).filter(soon).collect();
    all.sort_by_key(|mail| mail.not_before);
    all
}

/// "3 emails go out in 8 s"; empty where none is about to.
pub(crate) fn countdown(state: &State) -> String {
    let all = leaving(state);
    let Some(first) = all.first() else {
        return String::new();
    };
    let seconds = first.not_before.second() - state.now.as_second();
    match all.len() {
        1 => format!("1 email goes out in {seconds} s"),
        more => format!("{more} emails go out in {seconds} s"),
    }
}

/// Keeps how emails are undone that the person asked for and nothing else with them. What is said
/// of that, after what was done; empty where they can't be undone.
pub(crate) fn asked_for_emails(state: &mut State, name: &str, mails: Vec<MailId>) -> String {
    if mails.is_empty() || !undoes_emails(state) {
        return String::new();
    }
    let name = name.to_owned();
    state.undo.push(Undo::Emails { name, mails });
    let key = undo_key(state).map(|key| format!(" · {key} to undo"));
    key.unwrap_or_default()
}

/// Whether the daemon undoes emails alone, and refuses to email people again without being asked.
pub(crate) fn undoes_emails(state: &State) -> bool {
    let hello = state.link.hello();
    hello.is_none_or(|hello| hello.protocol >= LISTING_SINCE)
}

/// The key that undoes, wherever one is.
pub(crate) fn undo_key(state: &State) -> Option<Chord> {
    let places = Places::new(vec![Context::Everywhere], Characters::Commands);
    state.keymap.key(Command::Undo, &places)
}
