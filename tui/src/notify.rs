//! Telling a person who looks elsewhere: a notification on their desktop, and the terminal's bell for
//! what can't wait.
//!
//! Owns whether one is shown, and how. Off over ssh, where it would appear on another machine than
//! the person's, and where plain output is wanted; the bell is heard there too. Invariant: the words are this program's own;
//! nothing of a record, or of anybody outside, reaches a desktop or an escape sequence.

use std::io::{self, Write};
use std::process::Stdio;

use tokio::process::Command;

/// Rings the terminal; it says nothing else to it.
const BELL: &str = "\x07";

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The person's own Zoom connection ended.
    Reconnect,
    /// The app they waited for is approved.
    Approved,
    /// A candidate wrote about an interview that starts within a day.
    Urgent,
}

impl Notice {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Reconnect => "Your Zoom must be reconnected.",
            Self::Approved => "The Zoom app is approved: you can connect now.",
            Self::Urgent => "A candidate wrote about an interview that starts within 24 hours.",
        }
    }

    /// Whether the terminal rings for it.
    fn rings(self) -> bool {
        self == Self::Urgent
    }
}

/// How a notification reaches the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Desktop {
    /// Not at all.
    Off,
    /// By `notify-send`; where that is missing, by the terminal.
    Send,
    /// By the terminal, OSC 777 (urxvt, foot, WezTerm, Ghostty, VTE).
    Osc777,
    /// By the terminal, OSC 9 (iTerm2, kitty).
    Osc9,
}

impl Desktop {
    /// What the environment allows.
    pub(crate) fn of(plain: bool, environment: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let far = set("SSH_TTY").or_else(|| set("SSH_CONNECTION")).is_some();
        let term = set("TERM").unwrap_or_default();
        // The kernel's console prints what it does not know.
        if plain || far || matches!(term.as_str(), "" | "linux" | "dumb") {
            return Self::Off;
        }
        if set("WAYLAND_DISPLAY").or_else(|| set("DISPLAY")).is_some() {
            return Self::Send;
        }
        let program = set("TERM_PROGRAM").unwrap_or_default();
        match program == "iTerm.app" || term.starts_with("xterm-kitty") {
            true => Self::Osc9,
            false => Self::Osc777,
        }
    }

    /// Tells it. Nobody answers: a desktop without a place for notifications shows none.
    pub(crate) fn tell(self, notice: Notice) -> io::Result<()> {
        let sent = self == Self::Send && send(notice).is_ok();
        let mut out = io::stdout();
        out.write_all(self.written(notice, sent).as_bytes())?;
        out.flush()
    }

    /// What the terminal gets, where the desktop was notified otherwise or not.
    fn written(self, notice: Notice, sent: bool) -> String {
        let bell = if notice.rings() { BELL } else { "" };
        match self == Self::Off || sent {
            true => bell.to_owned(),
            false => format!("{bell}{}", self.sequence(notice)),
        }
    }

    fn sequence(self, notice: Notice) -> String {
        let words = notice.words();
        match self {
            Self::Osc9 => format!("\x1b]9;Greenroom: {words}\x1b\\"),
            _ => format!("\x1b]777;notify;Greenroom;{words}\x1b\\"),
        }
    }
}

fn send(notice: Notice) -> io::Result<()> {
    Command::new("notify-send")
        .args(["--app-name=Greenroom", "Greenroom", notice.words()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_whether_and_how() {
        let table: &[(&[(&str, &str)], Desktop)] = &[
            (
                &[("TERM", "xterm-256color"), ("DISPLAY", ":0")],
                Desktop::Send,
            ),
            (
                &[("TERM", "foot"), ("WAYLAND_DISPLAY", "wayland-0")],
                Desktop::Send,
            ),
            (&[("TERM", "xterm-256color")], Desktop::Osc777),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")],
                Desktop::Osc9,
            ),
            (&[("TERM", "xterm-kitty")], Desktop::Osc9),
            (
                &[
                    ("TERM", "xterm"),
                    ("DISPLAY", ":10"),
                    ("SSH_TTY", "/dev/pts/1"),
                ],
                Desktop::Off,
            ),
            (
                &[("TERM", "xterm"), ("SSH_CONNECTION", "a b c d")],
                Desktop::Off,
            ),
            (&[("TERM", "xterm"), ("SSH_TTY", "")], Desktop::Osc777),
            (&[("TERM", "linux")], Desktop::Off),
            (&[], Desktop::Off),
        ];
        for (variables, way) in table {
            let look = |name: &str| {
                let found = variables.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Desktop::of(false, look), *way, "{variables:?}");
            assert_eq!(Desktop::of(true, look), Desktop::Off, "plain");
        }
    }

    #[test]
    fn a_sequence_is_one_and_ends() {
        for way in [Desktop::Osc777, Desktop::Osc9] {
            for notice in [Notice::Reconnect, Notice::Approved, Notice::Urgent] {
                let sequence = way.sequence(notice);
                assert!(sequence.starts_with("\x1b]") && sequence.ends_with("\x1b\\"));
                assert_eq!(sequence.matches('\x1b').count(), 2);
            }
        }
    }

    #[test]
    fn what_cannot_wait_rings_wherever_the_person_is() {
        for way in [Desktop::Off, Desktop::Send, Desktop::Osc777, Desktop::Osc9] {
            for sent in [true, false] {
                let rings = |notice| way.written(notice, sent).starts_with(BELL);
                assert!(rings(Notice::Urgent), "{way:?}");
                assert!(!rings(Notice::Reconnect) && !rings(Notice::Approved));
            }
        }
        assert_eq!(Desktop::Off.written(Notice::Reconnect, false), "");
    }
}
