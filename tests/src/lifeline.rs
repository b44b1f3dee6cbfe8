//! Children that end with their parent, however it ends.
//!
//! The parent holds the writing end of the child's standard input and never writes. When the parent
//! is gone, even by a kill, the system closes the pipe; the child reads the end of it and stops as
//! on SIGTERM. A child whose standard input is no pipe was started by somebody else, systemd for
//! one, who ends it otherwise.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FileType, fstat};
use rustix::process::{Pid, Signal, kill_process};

/// How long a child may take to stop before it is killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// In the child: stop as on SIGTERM when the parent is gone.
pub fn follow() {
    let input = fstat(std::io::stdin()).map(|it| FileType::from_raw_mode(it.st_mode));
    if input != Ok(FileType::Fifo) {
        return;
    }
    thread::spawn(|| {
        let mut input = std::io::stdin().lock();
        let mut nothing = [0; 64];
        while matches!(input.read(&mut nothing), Ok(read) if read > 0) {}
        let _ = kill_process(rustix::process::getpid(), Signal::TERM);
    });
}

/// In the parent: a child that holds its end of the line. Dropping it stops the child and waits.
#[derive(Debug)]
pub struct Held(Child);

impl Held {
    /// Starts `command` with the line as its standard input.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn start(command: &mut Command) -> std::io::Result<Self> {
        command.stdin(Stdio::piped()).spawn().map(Self)
    }

    /// The child, for its output and its end.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Kills it at once, as a crash would, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.signal(Signal::TERM);
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match self.0.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                _ => return,
            }
        }
        self.kill();
    }
}
