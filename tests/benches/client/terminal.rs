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
use vt100::Parser;

/// Without output for so long, a frame is whole and no other is on its way.
const QUIET: Duration = Duration::from_millis(60);

/// How long the client may take for anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client's side of it ends with the client; dropping ends that.
pub struct Terminal {
    keys: File,
    /// What was drawn, and when.
    drawn: Receiver<(Instant, Vec<u8>)>,
    screen: Parser,
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
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                let frame = bytes[..read].to_vec();
                if tell.send((Instant::now(), frame)).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            keys,
            drawn,
            screen: Parser::new(rows, columns, 0),
            client,
        })
    }

    /// The client's process.
    pub fn pid(&self) -> u32 {
        self.client.id()
    }

    /// Presses a key; the time until its frame began to arrive.
    pub fn press(&mut self, key: &str) -> Result<Duration> {
        while let Ok((_, frame)) = self.drawn.try_recv() {
            self.screen.process(&frame);
        }
        let begun = Instant::now();
        self.type_in(key)?;
        let (drawn, frame) = self.drawn.recv_timeout(PATIENCE).with_context(|| {
            let shown = self.screen.screen().contents();
            format!("wait for a frame after {key:?}:\n{shown}")
        })?;
        self.screen.process(&frame);
        self.settle()?;
        Ok(drawn - begun)
    }

    /// Presses keys, and waits for nothing.
    pub fn type_in(&mut self, keys: &str) -> Result<()> {
        match self.keys.write_all(keys.as_bytes()) {
            Err(cause) if cause.kind() != ErrorKind::Interrupted => Err(cause.into()),
            _ => Ok(()),
        }
    }

    /// Waits until the screen shows this.
    pub fn until(&mut self, text: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let shown = self.screen.screen().contents();
            if shown.contains(text) {
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.drawn.recv_timeout(left) {
                Ok((_, frame)) => self.screen.process(&frame),
                Err(_) => bail!("{text:?} is never shown:\n{shown}"),
            }
        }
    }

    /// Waits until nothing is drawn any more.
    pub fn settle(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match self.drawn.recv_timeout(QUIET) {
                Ok((_, frame)) => self.screen.process(&frame),
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
