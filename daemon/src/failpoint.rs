//! Owns the points at which a test kills the daemon: one between every two effects whose order is a
//! promise. An await that reads or waits has no effect, so being killed in it is being killed at
//! the point before it.
//!
//! `GREENROOM_FAILPOINT=CodeClaimed` ends the process there as `kill -9` does;
//! `CommitDurable:3/connection` when it comes there for the third time with a record of that table;
//! `CodeHere:panic` panics there instead, once; `CommitApplied:error/job` has the disk fail there,
//! every time. Several are separated by commas. In debug builds alone: in a release a point is
//! nothing, and the variable is not read.

#[cfg(debug_assertions)]
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

/// Whether points kill in this build.
pub const ARMED: bool = cfg!(debug_assertions);

/// The variable that names the point.
pub const VARIABLE: &str = "GREENROOM_FAILPOINT";

macro_rules! points {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A point on a way that must not be left half gone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Point {
            $($(#[$doc])* $name,)*
        }

        impl Point {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

points! {
    /// A commit is in the store's log, and nobody made it durable yet.
    CommitApplied,
    /// A commit is durable, and no one has heard of it.
    CommitDurable,
    /// Zoom's answer has begun to arrive.
    AnswerBegins,
    /// Zoom's answer has arrived, and nobody has looked at it.
    AnswerArrived,

    /// Keys are to be renewed; nothing says so yet.
    RenewalStarts,
    /// It is written down that Zoom is about to be asked.
    RenewalBegun,
    /// Zoom rotated the keys, and the new ones are here and nowhere else.
    RenewalAnswered,
    /// The new keys are durable; nobody uses them yet.
    RenewalKept,
    /// Zoom's refusal is here and nowhere else.
    RenewalRefused,
    /// The refusal is written down.
    RenewalFailed,

    /// An attempt to connect is about to be written down.
    ConnectStarts,
    /// It is written down; the browser's address was given to nobody.
    ConnectStarted,
    /// The code is here; the attempt still waits for it.
    CodeHere,
    /// It is written down that the code is about to be handed in.
    CodeClaimed,
    /// Zoom took the code, and the keys are here and nowhere else.
    CodeExchanged,
    /// The keys are durable; whose they are nobody knows.
    KeysKept,
    /// Zoom said whose they are.
    UserKnown,
    /// It is durable whose they are; what nobody wants is not revoked yet.
    ConnectSettled,
    /// Connecting came to nothing; nothing says so yet.
    AttemptEnds,
    /// It says so.
    AttemptEnded,

    /// A connection is about to be wiped.
    DisconnectStarts,
    /// It is wiped; Zoom does not know yet.
    Disconnected,
    /// Zoom is about to be asked to revoke.
    RevocationStarts,
    /// Zoom was asked; the keys are still kept.
    RevocationAsked,
    /// The keys are forgotten.
    RevocationForgotten,

    /// It is written down that Zoom is about to be asked for a meeting.
    MeetingNoted,
    /// Zoom made a meeting; nothing says so yet.
    MeetingMade,
    /// Zoom has a change; no record says so yet.
    MeetingChanged,
    /// Zoom deleted a meeting; nothing says so yet.
    MeetingDeleted,

    /// It is written down that a letter is about to leave.
    LetterNoted,
    /// A letter left; nothing says so yet.
    LetterLeft,

    /// Times are held for a candidate and the email is asked for; nobody has heard of it.
    TimesHeld,
    /// One of the times is booked; nobody has heard of it.
    TimeChosen,

    /// The waiting work is about to be read from the store.
    QueueRead,

    /// An email that came in is about to be read.
    EmailInHand,

    /// Changes can't be saved and that was said for long enough: the daemon is about to leave.
    FarewellOver,
}

/// Where a test said so, the process ends here.
pub(crate) fn failpoint(point: Point) {
    failpoint_about(point, |_| true);
}

/// The same at a point that many things come to: `about` says whether one of these is in hand.
#[cfg(debug_assertions)]
pub(crate) fn failpoint_about(point: Point, about: impl Fn(&str) -> bool) {
    let comes = |named: &&Named| !named.fails && named.comes(point, &about);
    let Some(named) = NAMED.iter().find(comes) else {
        return;
    };
    if named.times.fetch_sub(1, Ordering::SeqCst) != 1 {
        return;
    }
    assert!(!named.panics, "a test has it panic at {point:?}");
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    loop {
        std::thread::park();
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn failpoint_about(_: Point, _: impl Fn(&str) -> bool) {}

/// Where a test said so, what is done there fails.
#[cfg(debug_assertions)]
pub(crate) fn fails_at(point: Point, about: impl Fn(&str) -> bool) -> bool {
    let mut named = NAMED.iter();
    named.any(|named| named.fails && named.comes(point, &about))
}

#[cfg(not(debug_assertions))]
pub(crate) fn fails_at(_: Point, _: impl Fn(&str) -> bool) -> bool {
    false
}

/// What the variable says of a point.
#[cfg(debug_assertions)]
struct Named {
    point: String,
    times: AtomicU32,
    about: Option<String>,
    panics: bool,
    fails: bool,
}

#[cfg(debug_assertions)]
static NAMED: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let text = std::env::var(VARIABLE).unwrap_or_default();
    text.split(',').filter_map(Named::read).collect()
});

#[cfg(debug_assertions)]
impl Named {
    fn read(text: &str) -> Option<Self> {
        let (text, about) = match text.split_once('/') {
            Some((text, about)) => (text, Some(about.to_owned())),
            None => (text, None),
        };
        let (point, times) = text.split_once(':').unwrap_or((text, "1"));
        let panics = times == "panic";
        let fails = times == "error";
        let times = match panics || fails {
            true => 1,
            false => times.parse().ok()?,
        };
        Some(Self {
            point: point.to_owned(),
            times: AtomicU32::new(times),
            about,
            panics,
            fails,
        })
    }

    fn comes(&self, point: Point, about: impl Fn(&str) -> bool) -> bool {
        self.point == format!("{point:?}") && self.about.as_deref().is_none_or(about)
    }
}
