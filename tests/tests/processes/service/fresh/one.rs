//! For yourself: "Use it", then "Run it as a service", in that order.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::readme::{FOR_YOURSELF, block};
use crate::service::booted::inside::{run, until};

pub fn story() -> anyhow::Result<()> {
    // What `cargo install` leaves, and a login with systemd's user manager.
    run(Command::new("bash").args([
        "-c",
        "set -e; cd /home/dana; mkdir -p .cargo/bin greenroom/daemon; \
         cp /root/greenroom/target/release/greenroom* .cargo/bin/; cp -r /root/greenroom/daemon/systemd greenroom/daemon/; \
         chown -R dana:dana /home/dana; loginctl enable-linger dana",
    ]))?;
    let manager = format!("/run/user/{}/systemd/private", uid()?);
    until("Dana's systemd runs", || Ok(fs::metadata(&manager).is_ok()))?;

    dana("greenroom setup --workspace Home --name Dana --email dana@home.example --zone UTC")?;
    dana("greenroom job add Cook")?;
    let before = status()?;
    ensure!(!in_service(&before)?, "the client started it");

    // Case C2.
    dana(&format!("cd ~/greenroom\n{}", block(FOR_YOURSELF)?))?;
    until("the service has taken over", || {
        Ok(status().is_ok_and(|status| in_service(&status).unwrap_or_default()))
    })?;
    let after = status()?;
    ensure!(after["store"] == before["store"], "{before} {after}");
    ensure!(dana("greenroom --json job list")?.contains("Cook"));
    println!("README in order: the service has taken over, with the data");

    // Case C10.
    fs::write(
        "/home/dana/.local/state/greenroom/greenroomd.log",
        "a former life\n",
    )?;
    let log = dana("greenroom daemon logs")?;
    ensure!(
        log.contains("ready") && !log.contains("a former life"),
        "{log}"
    );

    // Case C7.
    dana(
        "mkdir -p ~/.config/greenroom; printf '[store]\\nbackup_keep = 3\\n' > ~/.config/greenroom/config.toml",
    )?;
    dana("systemctl --user reload greenroomd.service")?;
    let reloaded = status()?;
    ensure!(
        reloaded["pid"] == after["pid"] && reloaded["backup"]["keep"] == 3,
        "{reloaded}"
    );
    dana("printf '[store]\\nbackup_kep = 9\\n' > ~/.config/greenroom/config.toml")?;
    ensure!(dana("systemctl --user reload greenroomd.service").is_err());
    ensure!(status()?["backup"]["keep"] == 3);
    dana("rm ~/.config/greenroom/config.toml")?;

    // Case C2.
    dana("greenroom daemon stop")?;
    dana("systemctl --user disable --now greenroomd.socket greenroomd.service")?;
    println!("her service reloads, logs to the journal and stops");
    Ok(())
}

fn uid() -> anyhow::Result<String> {
    Ok(run(Command::new("id").args(["-u", "dana"]))?
        .trim()
        .to_owned())
}

/// Runs commands as Dana does who is logged in.
pub fn dana(commands: &str) -> anyhow::Result<String> {
    let script = format!("set -e -o pipefail\ncd\n{commands}");
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid",
            "dana",
            "--regid",
            "dana",
            "--init-groups",
            "bash",
            "-c",
            &script,
        ])
        .env("HOME", "/home/dana")
        .env("PATH", "/home/dana/.cargo/bin:/usr/local/bin:/usr/bin:/bin")
        .env("XDG_RUNTIME_DIR", format!("/run/user/{}", uid()?));
    run(&mut command)
}

fn status() -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&dana("greenroom --json status")?)?)
}

/// Whether systemd runs the daemon that answered.
fn in_service(status: &Value) -> anyhow::Result<bool> {
    let process = status["pid"].as_u64().context("a process")?;
    let group = fs::read_to_string(format!("/proc/{process}/cgroup"))?;
    Ok(group.trim_end().ends_with("/greenroomd.service"))
}
