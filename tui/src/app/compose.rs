//! Lending the terminal to the person's editor.
//!
//! Owns who has the keys meanwhile. Invariant: while the editor runs nothing of ours reads the terminal or draws on it, and what
//! the terminal sends to all of its programs (`^C`, `^Z`) ends nothing here; afterwards it is ours again, at the size it has then.

use std::io;
use std::process::ExitStatus;

use greenroom_protocol::Error;
use rustix::process::{Signal, kill_current_process_group};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::effects::World;
use super::event::{Done, Event};
use crate::editor::Sheet;
use crate::terminal::Guard;

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
    let ended = edit(Command::from(sheet.command())).await;
    guard.resume()?;
    world.read_terminal();
    let (columns, rows) = guard.size()?;
    // It may have another size now. A closed channel means that the client is ending.
    let _ = world.events.send(Event::Resize(columns, rows));
    Ok(sheet.written(ended).map(Done::Written))
}

/// Runs the editor to its end. When it stops itself the whole job does, so that the shell has the terminal.
async fn edit(mut editor: Command) -> io::Result<ExitStatus> {
    let mut stop = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    let mut editor = editor.spawn()?;
    loop {
        tokio::select! {
            ended = editor.wait() => return ended,
            _ = stop.recv() => kill_current_process_group(Signal::STOP)?,
        }
    }
}
