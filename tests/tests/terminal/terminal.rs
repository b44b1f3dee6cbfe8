//! A pseudo-terminal with a program in it, and somebody who looks at the screen and types.
//!
//! Invariant: waiting is waiting for what the screen shows, with one deadline for all; everything
//! the program wrote is kept. The program is the leader of a session whose controlling terminal
//! this is, so that keys, sizes and hang-ups reach it as anywhere.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::fs::{Mode, OFlags, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout, timeout_at};
use vt100::{Parser, Screen};

/// How long anything on a screen may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Columns and rows.
pub type Size = (u16, u16);

/// Where most stories play: room for a list beside its preview.
pub const WIDE: Size = (120, 40);

pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1b";
pub const TAB: &str = "\t";
pub const CONTROL_C: &str = "\x03";
pub const CONTROL_S: &str = "\x13";
pub const CONTROL_U: &str = "\x15";
pub const CONTROL_Z: &str = "\x1a";

/// A terminal while its program runs.
pub struct Terminal {
    keys: Sender,
    /// Kept, so that its modes can still be read when the program is gone.
    slave: OwnedFd,
    before: Termios,
    child: Child,
    shown: Shown,
}

/// What a program wrote, and the screen it makes.
struct Shown {
    writing: Receiver,
    parser: Parser,
    output: Vec<u8>,
}

/// How a program ended, and what it left behind.
pub struct Left {
    /// The exit code; nothing when a signal ended it.
    pub code: Option<i32>,
    shown: Shown,
    modes_are_back: bool,
}

impl Terminal {
    /// Starts a program in a terminal of its own. `program` names it, its arguments and its
    /// environment.
    pub fn open(program: &std::process::Command, size: Size) -> anyhow::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = ptsname(&master, Vec::new())?;
        let slave = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(path, slave, Mode::empty())?;
        tcsetwinsize(&slave, winsize(size))?;
        let before = tcgetattr(&slave)?;
        let end = || slave.try_clone().map(Stdio::from);
        let mut command = Command::new("setsid");
        command
            .arg("--ctty")
            .arg(program.get_program())
            .args(program.get_args())
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .stdin(end()?)
            .stdout(end()?)
            .stderr(end()?)
            .kill_on_drop(true);
        let child = command.spawn().context("run setsid")?;
        fcntl_setfl(&master, OFlags::NONBLOCK)?;
        Ok(Self {
            // A terminal is read and written as a pipe is.
            keys: Sender::from_file_unchecked(master.try_clone()?.into())?,
            slave,
            before,
            child,
            shown: Shown {
                writing: Receiver::from_file_unchecked(master.into())?,
                parser: Parser::new(size.1, size.0, 0),
                output: Vec::new(),
            },
        })
    }

    /// What is on the screen, as far as it was looked at.
    pub fn screen(&self) -> &Screen {
        self.shown.parser.screen()
    }

    /// Waits until the screen shows this.
    pub async fn shows(&mut self, text: &str) -> anyhow::Result<()> {
        self.until(text, |screen| screen.contents().contains(text))
            .await
    }

    /// Waits until the screen no longer shows this.
    pub async fn shows_no(&mut self, text: &str) -> anyhow::Result<()> {
        let gone = |screen: &Screen| !screen.contents().contains(text);
        self.until(&format!("end of {text}"), gone).await
    }

    /// Waits until the screen is as it should be; `what` is said when it never is.
    pub async fn until(
        &mut self,
        what: &str,
        is_so: impl Fn(&Screen) -> bool,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self.screen()) {
            match timeout_at(deadline, self.shown.look()).await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => bail!("gone before {what:?}:\n{}", self.screen().contents()),
                Ok(Err(error)) => return Err(error).context("look at the screen"),
                Err(_) => bail!("never {what:?}:\n{}", self.screen().contents()),
            }
        }
        Ok(())
    }

    /// Types.
    pub async fn press(&mut self, keys: &str) -> anyhow::Result<()> {
        Ok(self.keys.write_all(keys.as_bytes()).await?)
    }

    /// Gives the window another size.
    pub fn resize(&mut self, size: Size) -> anyhow::Result<()> {
        self.shown.parser.screen_mut().set_size(size.1, size.0);
        Ok(tcsetwinsize(&self.keys, winsize(size))?)
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let id = self.child.id().context("it runs")?;
        let id = Pid::from_raw(id.try_into()?).context("a process")?;
        Ok(kill_process(id, signal)?)
    }

    /// Waits for the program's end.
    pub async fn left(mut self) -> anyhow::Result<Left> {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            tokio::select! {
                status = self.child.wait() => break status?,
                seen = self.shown.look() => drop(seen?),
                () = tokio::time::sleep_until(deadline) => {
                    bail!("it does not end:\n{}", self.screen().contents());
                }
            }
        };
        let modes_are_back = same_modes(&self.before, &tcgetattr(&self.slave)?);
        let Self {
            slave, mut shown, ..
        } = self;
        drop(slave);
        while shown.look().await? {}
        Ok(Left {
            code: status.code(),
            shown,
            modes_are_back,
        })
    }

    /// Takes the terminal away from under the program, and waits for its end.
    pub async fn vanish(self) -> anyhow::Result<Option<i32>> {
        let Self {
            keys,
            slave,
            mut child,
            shown,
            ..
        } = self;
        drop((keys, slave, shown));
        let status = timeout(PATIENCE, child.wait())
            .await
            .context("it goes on without a terminal")?;
        Ok(status?.code())
    }
}

impl Shown {
    /// Takes in what was written; false when nobody can write any more.
    async fn look(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        let read = match self.writing.read(&mut buffer).await {
            Ok(read) => read,
            // So Linux says that every other end is closed.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => 0,
            Err(error) => return Err(error),
        };
        self.parser.process(&buffer[..read]);
        self.output.extend_from_slice(&buffer[..read]);
        Ok(read > 0)
    }
}

impl Left {
    /// Fails unless a shell could go on in this terminal as if nothing had been there.
    pub fn is_as_before(&self) -> anyhow::Result<()> {
        let screen = self.shown.parser.screen();
        anyhow::ensure!(!screen.alternate_screen(), "still on the alternate screen");
        anyhow::ensure!(!screen.hide_cursor(), "the cursor is hidden");
        anyhow::ensure!(!screen.bracketed_paste(), "pastes are still bracketed");
        let mouse = screen.mouse_protocol_mode();
        anyhow::ensure!(
            mouse == vt100::MouseProtocolMode::None,
            "the mouse is taken"
        );
        anyhow::ensure!(self.modes_are_back, "the modes are others than before");
        Ok(())
    }

    /// Everything that was written.
    pub fn output(&self) -> anyhow::Result<&str> {
        Ok(std::str::from_utf8(&self.shown.output)?)
    }

    /// What stands on the screen.
    pub fn contents(&self) -> String {
        self.shown.parser.screen().contents()
    }
}

fn winsize((columns, rows): Size) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

fn same_modes(one: &Termios, other: &Termios) -> bool {
    one.input_modes == other.input_modes
        && one.output_modes == other.output_modes
        && one.control_modes == other.control_modes
        && one.local_modes == other.local_modes
}
