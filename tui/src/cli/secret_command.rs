//! Secrets that a program prints: `pass`, `secret-tool`, `op`.
//!
//! Invariant: what it prints is in nobody's arguments, logs or errors; no shell reads its words.

use std::process::Stdio;

use greenroom_protocol::Error;
use greenroom_protocol::secret::Opaque;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

/// The most that is read, in bytes: no secret is longer.
const MOST_BYTES: u64 = 4096;

/// What a program prints, without the white space around it. It may ask at the terminal.
///
/// # Errors
/// Usage: it does not start, fails, or prints nothing or too much.
pub(super) async fn printed(words: &[String], field: &'static str) -> Result<Opaque, Error> {
    let refused = |why: String| Error::usage(why).field(field);
    let Some((program, arguments)) = words.split_first() else {
        return Err(refused("Name a program that prints it".to_owned()));
    };
    let failed = |error: std::io::Error| refused(format!("Couldn't run {program}: {error}"));
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().map_err(failed)?;
    let mut printed = String::new();
    if let Some(pipe) = child.stdout.take() {
        let read = pipe.take(MOST_BYTES + 1).read_to_string(&mut printed).await;
        read.map_err(failed)?;
    }
    let printed = Opaque::new(printed);
    if printed.reveal().len() as u64 > MOST_BYTES {
        let why = format!("{program} printed more than any password has");
        return Err(refused(why));
    }
    let status = child.wait().await.map_err(failed)?;
    if !status.success() {
        return Err(refused(format!("{program} ended with {status}")));
    }
    match printed.reveal().trim() {
        "" => Err(refused(format!("{program} printed nothing"))),
        secret => Ok(Opaque::new(secret)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn what_a_program_prints_is_taken_as_it_is_and_no_shell_reads_its_words() {
        let told = printed(&words(&["printf", " open: $HOME\n"]), "password").await;
        assert_eq!(told.unwrap().reveal(), "open: $HOME");
    }

    #[tokio::test]
    async fn a_program_that_fails_says_how_and_nothing_it_printed() {
        for (line, why) in [
            (&["sh", "-c", "echo hunter2; exit 3"][..], "exit status: 3"),
            (&["/does/not/exist"][..], "Couldn't run /does/not/exist"),
            (&["true"][..], "true printed nothing"),
            (&["yes", "hunter2"][..], "more than any password"),
        ] {
            let refused = printed(&words(line), "password").await.unwrap_err();
            assert!(refused.message.contains(why), "{refused:?}");
            assert!(!format!("{refused:?}").contains("hunter"), "{refused:?}");
        }
    }
}
