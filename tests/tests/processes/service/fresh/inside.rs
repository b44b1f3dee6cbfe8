//! Inside: which story runs on which machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{one, several};
use crate::service::booted::inside::run;

/// What is said first.
pub const SAID: &str = "a fresh Debian is up";

#[test]
#[ignore = "the stories, told in the systems that the other test boots"]
fn inside() {
    let Ok(machine) = std::env::var("GREENROOM_TEST_FRESH") else {
        println!("skipped: this is no system of the test's own");
        return;
    };
    println!("{SAID}");
    let told = match machine.as_str() {
        "first" => first(),
        _ => several::second(),
    };
    if let Err(error) = told {
        panic!("{error:#}");
    }
}

fn first() -> anyhow::Result<()> {
    let new = !Path::new("/etc/sysusers.d").exists();
    anyhow::ensure!(new, "a fresh Debian has no /etc/sysusers.d");
    people()?;
    one::story()?;
    several::first()
}

/// Dana and Sam, who are going to use it, and Eve, who is not.
pub fn people() -> anyhow::Result<()> {
    for user in ["dana", "sam", "eve"] {
        run(Command::new("useradd").args(["--create-home", "--shell", "/bin/bash", user]))?;
    }
    fs::write("/etc/hosts", "127.0.0.1 localhost server\n")?;
    Ok(())
}
