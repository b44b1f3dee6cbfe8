//! Inside: what the stories have in common.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::{own, system};

/// What is said first: the system has booted.
pub const SAID: &str = "a system is up";

/// Where the story is written down, inside.
pub const HERE: &str = "/run/story";

/// How long systemd may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
#[ignore = "the story, told in the system that the other test boots"]
fn inside() {
    if std::env::var_os("GREENROOM_TEST_INSIDE").is_none() {
        println!("skipped: this is no system of the test's own");
        return;
    }
    println!("{SAID}");
    if let Err(error) = tell() {
        panic!("{error:#}");
    }
}

/// Everybody's story, in a system in which nothing of Greenroom runs yet.
fn tell() -> anyhow::Result<()> {
    for user in ["dana", "sam", "eve"] {
        let home = format!("/home/{user}");
        fs::create_dir_all(&home)?;
        run(Command::new("chown").args([user, &home]))?;
    }
    // A first boot with an empty /etc enables every unit there is, as no system does that has been
    // set up.
    systemctl(&["disable", "greenroomd.socket", "greenroomd.service"])?;
    // Nobody has a service of their own beside the system's, so hers comes first.
    own::story()?;
    system::story()
}

/// What a command says that has to work.
pub fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {said}{complained}");
    Ok(said)
}

pub fn systemctl(arguments: &[&str]) -> anyhow::Result<String> {
    run(Command::new("systemctl").args(arguments))
}

/// `greenroom --json …` as a Unix user, as they would type it.
pub fn greenroom(user: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", user, "--regid", user, "--init-groups"])
        .args(["/usr/local/bin/greenroom", "--json"])
        .args(arguments)
        .env("HOME", format!("/home/{user}"))
        .stdin(Stdio::null());
    command
}

/// The exit code and the answer.
pub fn ended(user: &str, arguments: &[&str]) -> anyhow::Result<(i32, Value)> {
    let output = greenroom(user, arguments).output()?;
    let answer = serde_json::from_slice(&output.stdout).with_context(|| {
        let complained = String::from_utf8_lossy(&output.stderr);
        format!("{user}: {arguments:?}: {complained}")
    })?;
    Ok((output.status.code().context("an exit code")?, answer))
}

/// A command that works.
pub fn done(user: &str, arguments: &[&str]) -> anyhow::Result<Value> {
    let (code, answer) = ended(user, arguments)?;
    ensure!(
        code == 0,
        "{user}: {arguments:?} ended with {code}: {answer}"
    );
    Ok(answer)
}

/// Waits until it is so.
pub fn until(what: &str, so: impl Fn() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    while !so()? {
        if Instant::now() > until {
            bail!("it never came to that: {what}");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
