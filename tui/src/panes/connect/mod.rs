//! Connecting Zoom, Google or Microsoft: the permissions first, then waiting for the browser.
//!
//! Owns where a connect stands on this side. The code that comes back passes through and is never
//! kept or shown.

mod disconnect;
mod disconnect_account;
mod notices;
mod page;
mod permissions;
mod steps;
pub(crate) mod target;
#[cfg(test)]
mod tests;
mod waiting;

use crossterm::event::KeyEvent;
use greenroom_protocol::Error;
pub(crate) use page::ZoomPage;
use ratatui::layout::Rect;

pub(super) use disconnect::{ask as ask_to_disconnect, subject as subject_of_disconnect};
pub(super) use disconnect_account::ask as ask_to_disconnect_account;
pub(crate) use steps::{asked_admin, open, open_account, show_permissions};
use target::{Attempt, Target};

use crate::keys::{Command, Context, Places};
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject};
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, TextInput, below, part, row, text};
use crate::wording::zoom::{self, my_zoom};

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::Connect, Command::Disconnect],
    views: &[
        Command::SandboxAnswer,
        Command::CopyAddress,
        Command::ShowQr,
        Command::OpenBrowser,
        Command::AskAdmin,
        Command::PagePrivate,
        Command::PageInvalid,
    ],
    disabled_reason: |state, command| match command {
        Command::Connect => steps::disabled_reason(state),
        Command::Disconnect => disconnect::disabled_reason(state),
        Command::SandboxAnswer if !steps::has_sandbox(state) => Some("only with a sandbox"),
        Command::ShowQr => waiting::no_qr(state),
        _ => no_address(state),
    },
    dispatch: |state, command| {
        match command {
            Command::Connect => open(state),
            Command::Disconnect => ask_to_disconnect(state),
            _ => {}
        }
        Vec::new()
    },
    hint,
    on_answer: notices::on_answer,
    after_event: steps::follow,
    on_tick: steps::tick,
};

fn no_address(state: &State) -> Option<&'static str> {
    let connect = state.panes.below_help_as::<Connect>();
    let waits = connect.is_some_and(|it| matches!(it.phase, Phase::Waiting(_)));
    (!waits).then_some("no address yet")
}

/// Connecting is worth a hint where it is the matter, and everywhere once it is urgent.
fn hint(state: &State, command: Command) -> Hint {
    if command != Command::Connect {
        return Hint::Usual;
    }
    let subject = steps::subject(state);
    let own = subject.is_some_and(|member| state.is_me(member));
    let stuck = || subject.is_some_and(|member| zoom::stuck(state, member).is_some());
    let urgent = || !own || my_zoom(state).is_some_and(zoom::is_urgent);
    let shown = match state.pane().hints_at_connect(state) {
        ConnectHint::Never => false,
        ConnectHint::Stuck => stuck(),
        ConnectHint::Urgent => stuck() && urgent(),
        ConnectHint::Always => true,
    };
    match (shown, own) {
        (false, _) => Hint::Hidden,
        (true, true) => Hint::Words("connect Zoom"),
        (true, false) => Hint::Words("connect their Zoom"),
    }
}

/// Where a connect stands.
#[derive(Debug)]
pub(crate) enum Phase {
    /// The permissions and their reasons are read.
    Permissions,
    /// The address is asked for.
    Starting,
    /// The browser is waited for.
    Waiting(Attempt),
    /// The daemon finishes with the provider.
    Finishing(Attempt),
    Failed(Error),
}

/// A connect that is under way, or about to be.
#[derive(Debug)]
pub(crate) struct Connect {
    /// What is connected, and whose it is.
    pub(crate) target: Target,
    pub(crate) phase: Phase,
    pub(crate) paste: TextInput,
    pub(crate) pasting: bool,
    /// What is wrong with what was pasted.
    pub(crate) refused: Option<String>,
    /// The page the person says is shown there.
    pub(crate) page: Option<ZoomPage>,
    /// The address as a QR code is shown in place of what else there is to do.
    pub(crate) shows_qr: bool,
    /// The daemon's view of the connection has shown the attempt: where it no longer does, it is
    /// over.
    pub(crate) seen: bool,
}

impl Connect {
    pub(crate) fn new(target: Target) -> Self {
        Self {
            target,
            phase: Phase::Permissions,
            paste: TextInput::default(),
            pasting: false,
            refused: None,
            page: None,
            shows_qr: false,
            seen: false,
        }
    }

    /// The attempt whose answer is waited for here.
    pub(crate) fn waits_for(&self) -> Option<&Attempt> {
        match &self.phase {
            Phase::Waiting(attempt) => Some(attempt),
            _ => None,
        }
    }

    /// The same from its beginning.
    pub(crate) fn again(&self) -> Self {
        Self::new(self.target.clone())
    }

    fn context(&self) -> Context {
        match self.phase {
            Phase::Permissions | Phase::Failed(_) => Context::Permissions,
            Phase::Starting | Phase::Waiting(_) | Phase::Finishing(_) => Context::Waiting,
        }
    }

    fn is_typing(&self) -> bool {
        self.pasting && matches!(self.phase, Phase::Waiting(_))
    }

    /// Whether the daemon or the browser has been asked for something.
    pub(crate) fn is_under_way(&self) -> bool {
        !matches!(self.phase, Phase::Permissions | Phase::Failed(_))
    }

    /// Whether Esc leads back to the address rather than out.
    pub(crate) fn is_aside(&self) -> bool {
        matches!(self.phase, Phase::Waiting(_))
            && (self.pasting || self.page.is_some() || self.shows_qr)
    }

    /// The attempt under way.
    pub(crate) fn attempt(&self) -> Option<&Attempt> {
        match &self.phase {
            Phase::Waiting(attempt) | Phase::Finishing(attempt) => Some(attempt),
            _ => None,
        }
    }

    fn draw_short(&self, canvas: &mut Canvas<'_>, area: Rect, words: &str) {
        let inside = canvas.float(area, 50, 5, &self.target.title());
        canvas.text(row(inside, 1), words, theme::PLAIN);
    }

    fn draw_failed(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect, error: &Error) {
        const WIDTH: u16 = 70;
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let message = format!("✗ {}", error.message);
        let hint = error.hint.clone().unwrap_or_default();
        let by_hand = match self.target {
            Target::Zoom(_) => by_hand(state).unwrap_or_default(),
            Target::Account(_) => String::new(),
        };
        let lines = [&message, &hint, &by_hand].map(|words| match words.as_str() {
            "" => 0,
            words => text::wrap(words, cells).len() + 1,
        });
        let height = u16::try_from(lines.iter().sum::<usize>()).unwrap_or(8) + 4;
        let title = format!("Couldn't connect {}", self.target.name());
        let inside = canvas.float(area, WIDTH, height, &title);
        let mut rest = below(inside, 1);
        for (words, style) in [
            (&message, theme::BAD),
            (&hint, theme::PLAIN),
            (&by_hand, theme::PLAIN),
        ] {
            if !words.is_empty() {
                rest = below(rest, canvas.paragraph(rest, words, style) + 1);
            }
        }
        draw_buttons(
            canvas,
            row(inside, inside.height.saturating_sub(1)),
            "Try again",
        );
    }
}

impl Pane for Connect {
    fn places(&self, _: &State) -> Places {
        match self.is_typing() {
            true => Places::typing(self.context()),
            false => Places::over_screen(self.context()),
        }
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        match &self.phase {
            Phase::Permissions => permissions::draw(self, canvas, area),
            Phase::Failed(error) => self.draw_failed(state, canvas, area, error),
            Phase::Starting => {
                let words = format!("Getting {}'s address…", self.target.name());
                self.draw_short(canvas, area, &words);
            }
            Phase::Finishing(_) => {
                let words = format!("Approved in {}. Finishing…", self.target.name());
                self.draw_short(canvas, area, &words);
            }
            Phase::Waiting(attempt) => waiting::draw(self, state, canvas, area, attempt),
        }
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        match self.target {
            Target::Zoom(_) => vec![Need::Connections(())],
            Target::Account(_) => vec![Need::Accounts(())],
        }
    }

    fn dispatch(&self) -> Dispatch {
        steps::dispatch
    }

    fn disabled_reason(&self, _: &State, command: Command) -> Option<&'static str> {
        let waits = match self.phase {
            Phase::Permissions | Phase::Failed(_) => false,
            _ => !self.pasting,
        };
        (command == Command::Enter && waits).then_some("continue in the browser")
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        Some(Hint::Words(match command {
            Command::Enter => "continue",
            Command::NextField => "paste field",
            Command::Back if self.is_aside() => "back",
            Command::Back => "cancel",
            _ => return None,
        }))
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        self.is_typing() && self.paste.key(key)
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        steps::pasted
    }

    fn close(self: Box<Self>, state: &mut State) -> Vec<Action> {
        steps::left(state, &self)
    }

    /// An attempt's time left is shown to the second.
    fn counts_seconds(&self) -> bool {
        self.attempt().is_some()
    }
}

/// The way on without Zoom, where a form waits under the connect.
fn by_hand(state: &State) -> Option<String> {
    let key = key_of(state, Command::Manual)?;
    Some(format!(
        "Or continue without Zoom: {key} returns to the interview to enter link, meeting ID and passcode manually."
    ))
}

fn draw_buttons(canvas: &mut Canvas<'_>, line: Rect, button: &str) {
    canvas.text_right(line, "   Esc back", theme::DIM);
    let place = part(line, 0, line.width.saturating_sub(11));
    canvas.text_right(place, &format!("[ {button} ]"), theme::SELECTED);
}
