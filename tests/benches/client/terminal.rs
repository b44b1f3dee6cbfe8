//! A terminal with the client in it: keys in, frames out.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Without output for so long, a frame is whole and no other is on its way.
const QUIET: Duration = Duration::from_millis(60);

/// How long the client may take for anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client's side of it ends with the client; dropping ends that.
pub struct Terminal {
    keys: File,
    /// When something was drawn.
    drawn: Receiver<Instant>,
    client: Child,
}

impl Terminal {
    /// Runs `command` in a terminal of this size.
    pub fn open(command: &mut Command, columns: u16, rows: u16) -> Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size)?;
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name.to_str().context("name the terminal")?)?;
        let end = || slave.try_clone().map(OwnedFd::from);
        let client = command
            .stdin(end()?)
            .stdout(end()?)
            .stderr(end()?)
            .env("TERM", "xterm-256color")
            .spawn()?;
        let keys = File::from(master);
        let (tell, drawn) = mpsc::channel();
        let mut output = keys.try_clone()?;
        thread::spawn(move || {
            let mut bytes = [0; 65536];
            while output.read(&mut bytes).is_ok_and(|read| read > 0) {
                if tell.send(Instant::now()).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            keys,
            drawn,
            client,
        })
    }

    /// The client's process.
    pub fn pid(&self) -> u32 {
        self.client.id()
    }

    /// Presses a key; the time until its frame began to arrive.
    pub fn press(&mut self, key: &str) -> Result<Duration> {
        while self.drawn.try_recv().is_ok() {}
        let begun = Instant::now();
        match self.keys.write_all(key.as_bytes()) {
            Err(cause) if cause.kind() != ErrorKind::Interrupted => return Err(cause.into()),
            _ => {}
        }
        let drawn = self
            .drawn
            .recv_timeout(PATIENCE)
            .context("wait for a frame")?;
        self.settle()?;
        Ok(drawn - begun)
    }

    /// Waits until nothing is drawn any more.
    pub fn settle(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match self.drawn.recv_timeout(QUIET) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => bail!("the client ended"),
            }
        }
        bail!("the client never stops drawing")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}
