//! `greenroomd reload`: SIGHUP to the daemon that has the store, and what came of it.
//!
//! Invariant: a configuration that cannot be read is refused here already, and nobody is sent a
//! signal for it. Only the process that holds the store's lock is sent one. What came of it the
//! daemon writes into its lock file.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use greenroom_protocol::holder::{Holder, LOCK};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::{Options, unit};

/// How long it may take: opening everything again includes what is under way, which may take ten
/// seconds, and the scan of the store.
const PATIENCE: Duration = Duration::from_secs(80);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

pub(super) fn reload(options: &Options) -> anyhow::Result<()> {
    let root = rustix::process::geteuid().is_root();
    if root
        && options.names_nothing()
        && !options.service()
        && unit::Unit::of_the_system()?.is_some()
    {
        bail!("The system runs this daemon; use `systemctl reload greenroomd`");
    }
    let config = options.config()?;
    let directory = options.store_directory(&config);
    let holder = Holder::of(&directory)
        .with_context(|| format!("Couldn't read the lock in {}", directory.display()))?;
    let process = holder.and_then(|holder| i32::try_from(holder.process?).ok());
    let Some(pid) = process.and_then(Pid::from_raw) else {
        bail!("No daemon has the store in {}", directory.display());
    };
    let handle = pidfd_open(pid, PidfdFlags::empty()).context("Couldn't find the daemon")?;
    let before = answered(&directory).map_or(0, |(number, _)| number);
    pidfd_send_signal(&handle, Signal::HUP).context("Couldn't send SIGHUP to the daemon")?;
    let (end, look) = (Instant::now() + PATIENCE, Timespec::try_from(LOOK).ok());
    while Instant::now() < end {
        match answered(&directory) {
            Some((number, answer)) if number > before => match answer {
                Ok(text) => {
                    println!("{text}");
                    return Ok(());
                }
                Err(why) => bail!("Couldn't reload: {why}"),
            },
            // It becomes readable when the process ends.
            _ if poll(&mut [PollFd::new(&handle, PollFlags::IN)], look.as_ref()) != Ok(0) => {
                bail!("The daemon ended; see its log")
            }
            _ => {}
        }
    }
    bail!("The daemon did not say what came of the reload; see its log")
}

/// The number of the last reload, and what came of it.
fn answered(directory: &Path) -> Option<(u64, Result<String, String>)> {
    let text = std::fs::read_to_string(directory.join(LOCK)).ok()?;
    // Half a line is written right now.
    let whole = text.strip_suffix('\n')?;
    read(whole.lines().nth(2)?)
}

fn read(line: &str) -> Option<(u64, Result<String, String>)> {
    let mut words = line.strip_prefix("reload ")?.splitn(3, ' ');
    let number = words.next()?.parse().ok()?;
    let word = words.next()?;
    let text = words.next().unwrap_or_default().to_owned();
    match word {
        "done" => Some((number, Ok(text))),
        "refused" => Some((number, Err(text))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_reload_is_read_from_its_line() {
        let done = read("reload 2 done nothing changed");
        assert_eq!(done, Some((2, Ok("nothing changed".to_owned()))));
        let refused = read("reload 3 refused there is no `zom`");
        assert_eq!(refused, Some((3, Err("there is no `zom`".to_owned()))));
        assert_eq!(read("reload 3"), None);
        assert_eq!(read("/run/x.sock"), None);
    }
}
