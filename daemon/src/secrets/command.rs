//! Runs a program that prints a secret: `pass`, `secret-tool`, `op`, and so on. It gets no terminal
//! and no input, so one that wants to ask somebody ends at the deadline instead of waiting for
//! ever; with it ends everything it started.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::MOST_BYTES;

/// How long a command may take: a keyring that wakes up, a vault at the other end of a network; not
/// a person who is away.
const DEADLINE: Duration = Duration::from_secs(30);

/// Why a command gave no secret. What it wrote to its standard error is not kept: it may be
/// anything.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no program to run.
    #[error("it is empty; name a program and its arguments")]
    Empty,
    /// It could not be started.
    #[error("{program} did not start: {cause}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        cause: io::Error,
    },
    /// It said itself that it failed.
    #[error("{program} ended with {status}; run it yourself to see what it says")]
    Status {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// It was still running at the deadline, and was ended.
    #[error(
        "{program} did not end within {} seconds; it must not ask anybody anything",
        after.as_secs()
    )]
    Deadline {
        /// The program.
        program: String,
        /// The deadline.
        after: Duration,
    },
    /// It printed more than any secret has.
    #[error("{program} printed more than {MOST_BYTES} bytes")]
    TooLong {
        /// The program.
        program: String,
    },
}

/// What the program prints, as it prints it.
pub(crate) async fn output(words: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    within(DEADLINE, words).await
}

async fn within(deadline: Duration, words: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let (name, arguments) = words.split_first().ok_or(CommandError::Empty)?;
    let program = || name.clone();
    let started = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let mut child = started.map_err(|cause| CommandError::Start {
        program: program(),
        cause,
    })?;
    let group = child.id();
    let printed = match tokio::time::timeout(deadline, printed(&mut child)).await {
        Ok(Ok(Some((status, _)))) if !status.success() => Err(CommandError::Status {
            program: program(),
            status,
        }),
        Ok(Ok(Some((_, bytes)))) => return Ok(bytes),
        Ok(Ok(None)) => Err(CommandError::TooLong { program: program() }),
        Ok(Err(cause)) => Err(CommandError::Start {
            program: program(),
            cause,
        }),
        Err(_) => Err(CommandError::Deadline {
            program: program(),
            after: deadline,
        }),
    };
    if let Some(group) = group.and_then(|id| Pid::from_raw(id.try_into().ok()?)) {
        // A process that has ended needs no signal.
        let _ = kill_process_group(group, Signal::KILL);
    }
    printed
}

/// All it prints and how it ends; nothing where it prints too much. The buffer never grows, so no
/// part of a secret is left behind in memory that was given back.
async fn printed(child: &mut Child) -> io::Result<Option<(ExitStatus, Zeroizing<Vec<u8>>)>> {
    let mut bytes = Zeroizing::new(vec![0; MOST_BYTES]);
    let mut length = 0;
    if let Some(mut pipe) = child.stdout.take() {
        loop {
            match pipe.read(&mut bytes[length..]).await? {
                0 if length == MOST_BYTES => return Ok(None),
                0 => break,
                read => length += read,
            }
        }
    }
    bytes.truncate(length);
    Ok(Some((child.wait().await?, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn no_shell_reads_the_words() {
        let printed = output(&words(&["printf", "%s", "$(id); `id` $HOME"])).await;
        assert_eq!(&**printed.unwrap(), b"$(id); `id` $HOME");
    }

    #[tokio::test]
    async fn a_command_that_fails_says_how_and_nothing_it_printed() {
        let told = |line: &'static [&'static str]| async {
            let refused = output(&words(line)).await.unwrap_err();
            format!("{refused} {refused:?}")
        };
        let failed = told(&["sh", "-c", "echo hunter2; echo hunter3 >&2; exit 3"]).await;
        assert!(failed.contains("sh ended with exit status: 3"), "{failed}");
        assert!(!failed.contains("hunter"), "{failed}");
        assert!(told(&["/does/not/exist"]).await.contains("did not start"));
        assert!(told(&[]).await.contains("it is empty"));
        let endless = told(&["yes", "hunter2"]).await;
        assert!(
            endless.contains("printed more than 8192 bytes"),
            "{endless}"
        );
    }

    #[tokio::test]
    async fn one_that_waits_for_ever_is_ended_with_all_it_started() {
        let dir = tempfile::tempdir().unwrap();
        let pid = dir.path().join("pid");
        let script = format!("sleep 1000 & echo $! > {}; wait", pid.display());
        let short = Duration::from_millis(300);
        let refused = within(short, &words(&["sh", "-c", &script])).await;
        assert!(matches!(refused, Err(CommandError::Deadline { .. })));
        let sleeping = std::fs::read_to_string(&pid).unwrap();
        let status = std::path::PathBuf::from(format!("/proc/{}/status", sleeping.trim()));
        // It ends as soon as the signal is delivered, and stays a zombie where nobody is left to
        // wait for it.
        while std::fs::read_to_string(&status).is_ok_and(|about| !about.contains("State:\tZ")) {
            tokio::task::yield_now().await;
        }
    }
}
