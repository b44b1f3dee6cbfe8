//! Lending the terminal to the person's editor.
//!
//! Owns who has the keys meanwhile. Invariant: while the editor runs nothing of ours reads the
//! terminal or draws on it, and what the terminal sends to all of its programs (`^C`, `^Z`) ends
//! nothing here; afterwards it is ours again, at the size it has then.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use greenroom_protocol::Error;
use rustix::process::{Pid, Signal, kill_current_process_group, kill_process};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::effects::World;
use crate::editor::Sheet;
use crate::state::event::{Done, Event};
use crate::terminal::Guard;

/// How long an editor may take to put its text down when everything ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// Lets the person edit a text; the loop waits for it.
pub(super) async fn compose(
    text: &str,
    guard: &mut Guard,
    world: &mut World,
) -> io::Result<Result<Done, Error>> {
    let sheet = match Sheet::lay_out(text) {
        Ok(sheet) => sheet,
        Err(error) => return Ok(Err(error)),
    };
    world.stop_reading().await;
    guard.lend();
    let written = match edit(Command::from(sheet.command())).await {
        Ended::Editor(ended) => sheet.written(ended),
        Ended::CutOff => Err(sheet.cut_off()),
    };
    if let Err(error) = guard.resume() {
        // Without a terminal the client ends, and nobody takes what was written.
        let _ = written.map_err(drop).map(|_| sheet.cut_off());
        return Err(error);
    }
    world.read_terminal();
    let (columns, rows) = guard.size()?;
    // It may have another size now. A closed channel means that the client is ending.
    let _ = world.events.send(Event::Resize(columns, rows));
    Ok(written.map(Done::Written))
}

/// How the editing ended.
enum Ended {
    Editor(io::Result<ExitStatus>),
    /// The terminal is gone, or the system ends us.
    CutOff,
}

/// Runs the editor to its end.
async fn edit(editor: Command) -> Ended {
    match watch(editor).await {
        Ok(ended) => ended,
        Err(error) => Ended::Editor(Err(error)),
    }
}

/// Watches over the editor. When it stops itself the whole job does, so that the shell has the
/// terminal.
async fn watch(mut editor: Command) -> io::Result<Ended> {
    let mut stop = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut editor = editor.spawn()?;
    loop {
        tokio::select! {
            ended = editor.wait() => return Ok(Ended::Editor(ended)),
            _ = stop.recv() => kill_current_process_group(Signal::STOP)?,
            _ = terminate.recv() => break,
            _ = hangup.recv() => break,
        }
    }
    let id = editor
        .id()
        .and_then(|id| Pid::from_raw(id.try_into().ok()?));
    if let Some(id) = id {
        // An editor that is gone already needs no word.
        let _ = kill_process(id, Signal::HUP);
        let _ = tokio::time::timeout(FAREWELL, editor.wait()).await;
    }
    Ok(Ended::CutOff)
}
