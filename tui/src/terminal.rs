//! The terminal, taken and given back.
//!
//! Owns raw mode, the alternate screen, bracketed paste, mouse capture, the cursor and the title. Invariant:
//! however the client ends (return, error, panic, signal), [`release`] has run and the shell finds
//! its terminal as it was; releasing twice is harmless. Nothing else writes escape sequences that
//! change a mode.

use std::io::{self, Stdout, Write};
use std::mem::ManuallyDrop;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use ratatui::{Frame, Terminal};

/// Keeps the window's title, and brings it back: XTWINOPS 22 and 23 of xterm's control sequences.
/// Terminals that have no title pass them over.
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
const FORMER_TITLE: &[u8] = b"\x1b[23;2t";

/// Whether the terminal is ours now; read by the panic hook.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours. Dropping it gives it back.
pub(crate) struct Guard {
    /// Never dropped: ratatui's own drop writes to stderr when the terminal is gone, and panics
    /// when that is gone as well. Everything it would restore is ours to restore.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
    mouse: bool,
    /// What the window is called now.
    titled: String,
}

impl Guard {
    /// Takes the terminal, and sees to it that a panic gives it back before it is reported.
    pub(crate) fn take(mouse: bool) -> io::Result<Self> {
        install_hook();
        claim(mouse)?;
        let terminal =
            Terminal::new(CrosstermBackend::new(io::stdout())).inspect_err(|_| release())?;
        let terminal = ManuallyDrop::new(terminal);
        Ok(Self {
            terminal,
            mouse,
            titled: String::new(),
        })
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Names the window, where it has another name; `title` has no control characters.
    pub(crate) fn title(&mut self, title: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.titled == title || !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        title.clone_into(&mut self.titled);
        execute!(out, SetTitle(title))
    }

    /// Draws a frame, unless a panic in another task has given the terminal back.
    pub(crate) fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        // Held until the frame is out, so that nobody gives the terminal back in its middle. This
        // lock lets the same thread in again: a panic while rendering can.
        let _whole = io::stdout().lock();
        if TAKEN.load(Ordering::SeqCst) {
            self.terminal.draw(render)?;
        }
        Ok(())
    }

    /// Gives the terminal back and stops this process group, as ^Z does for any program. The stop
    /// may come after the return: wait for `SIGCONT` before [`Self::resume`].
    pub(crate) fn suspend(&mut self) -> io::Result<()> {
        release();
        Ok(rustix::process::kill_current_process_group(
            rustix::process::Signal::STOP,
        )?)
    }

    /// Gives the terminal to another program until [`Self::resume`].
    pub(crate) fn lend(&mut self) {
        release();
    }

    /// Takes the terminal again, empty.
    pub(crate) fn resume(&mut self) -> io::Result<()> {
        claim(self.mouse)?;
        self.titled.clear();
        // Not `clear`: it asks the terminal for its cursor, and the answer goes to the reader of
        // keys.
        let area = Rect::from((Position::ORIGIN, self.terminal.size()?));
        self.terminal.resize(area)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        release();
    }
}

/// Gives the terminal back. Errors are ignored: there is nobody left to tell when it is gone.
pub(crate) fn release() {
    let mut out = io::stdout().lock();
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = out.write_all(FORMER_TITLE);
    let _ = queue!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

fn claim(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    out.write_all(KEEP_TITLE).inspect_err(|_| release())?;
    execute!(
        out,
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide
    )
    .inspect_err(|_| release())?;
    if mouse {
        execute!(out, EnableMouseCapture).inspect_err(|_| release())?;
    }
    Ok(())
}

/// Chains to the hook that stands, so a panic's text lands on the restored screen.
fn install_hook() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            release();
            before(info);
        }));
    });
}
