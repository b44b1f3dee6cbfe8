//! A service of one's own: Eve's, before there is one of the system's.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::inside::{done, ended, greenroom, run, systemctl};

/// What logging in starts for her; without PAM, which a system this small has not.
const MANAGER: &str = "\
[Service]
Type=notify
User=eve
Environment=XDG_RUNTIME_DIR=/run/user/2003
ExecStart=/lib/systemd/systemd --user
Delegate=yes
KillMode=mixed
";

pub fn story() -> anyhow::Result<()> {
    let runtime = [
        "-d",
        "-o",
        "eve",
        "-g",
        "eve",
        "-m",
        "700",
        "/run/user/2003",
    ];
    run(Command::new("install").args(runtime))?;
    fs::write("/run/systemd/system/eve.service", MANAGER)?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["start", "eve.service"])?;
    fs::create_dir_all("/home/eve/.cargo/bin")?;
    symlink(
        "/usr/local/bin/greenroomd",
        "/home/eve/.cargo/bin/greenroomd",
    )?;

    of_eve(&["start", "greenroomd.socket"])?;
    let setup = [
        "setup",
        "--workspace",
        "Home",
        "--name",
        "Eve",
        "--email",
        "eve@home.example",
    ];
    done("eve", &setup)?;
    let socket = "/run/user/2003/greenroom/greenroom.sock";
    let status = done("eve", &["daemon", "start"])?;
    ensure!(status["socket"] == socket, "{status}");
    ensure!(active()? == "active");
    println!("Eve's first call starts a daemon of her own");

    // She ends it, not what holds its socket; the next call starts another.
    done("eve", &["daemon", "stop"])?;
    ensure!(active()? != "active" && Path::new(socket).exists());
    let status = done("eve", &["status"])?;
    ensure!(status["workspace"]["name"] == "Home", "{status}");
    let restarted = greenroom("eve", &["daemon", "restart"]).status()?;
    ensure!(restarted.success() && active()? == "active");
    of_eve(&["stop", "greenroomd.service"])?;
    let restarted = greenroom("eve", &["daemon", "restart"]).status()?;
    ensure!(restarted.success() && active()? == "active");
    // Case C10: a file that a daemon of another life left is not taken for this one's log.
    let state = "/home/eve/.local/state/greenroom";
    fs::create_dir_all(state)?;
    fs::write(format!("{state}/greenroomd.log"), "a former life\n")?;
    run(Command::new("chown").args(["-R", "eve", "/home/eve/.local"]))?;
    let said = run(&mut greenroom("eve", &["daemon", "logs"]))?;
    ensure!(
        said.contains("Started greenroomd.service") && !said.contains("a former life"),
        "{said}"
    );
    println!("she stops and restarts it, and her systemd stays");

    // Case C7.
    let process = of_eve(&[
        "show",
        "--value",
        "--property=MainPID",
        "greenroomd.service",
    ])?;
    of_eve(&["reload", "greenroomd.service"])?;
    let now = of_eve(&[
        "show",
        "--value",
        "--property=MainPID",
        "greenroomd.service",
    ])?;
    ensure!(process == now && active()? == "active", "{process} {now}");
    println!("a reload ends nothing");
    Ok(())
}

/// Case C3: once there is one of the system's, hers ends and no other begins.
pub fn gives_way() -> anyhow::Result<()> {
    of_eve(&["stop", "greenroomd.socket", "greenroomd.service"])?;
    let started = of_eve(&["start", "greenroomd.service"]);
    ensure!(started.is_err() && active()? == "failed", "{started:?}");
    for verb in [
        &["status"][..],
        &["daemon", "start"],
        &["candidate", "list"],
    ] {
        let (code, refused) = ended("eve", verb)?;
        let why = refused["error"]["message"].as_str().unwrap_or_default();
        ensure!(
            code == 3 && why.contains("not in the group greenroom"),
            "{refused}"
        );
    }
    let own = [
        "--socket",
        "/run/user/2003/greenroom/greenroom.sock",
        "daemon",
        "start",
    ];
    let (code, refused) = ended("eve", &own)?;
    ensure!(
        code == 3 && refused.to_string().contains("system's daemon"),
        "{refused}"
    );
    println!("beside the system's daemon nobody has their own");
    Ok(())
}

/// `systemctl --user` as Eve.
fn of_eve(arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "eve", "--regid", "eve", "--init-groups"])
        .args(["systemctl", "--user"])
        .args(arguments)
        .env("XDG_RUNTIME_DIR", "/run/user/2003");
    run(&mut command)
}

fn active() -> anyhow::Result<String> {
    let asked = [
        "show",
        "--value",
        "--property=ActiveState",
        "greenroomd.service",
    ];
    Ok(of_eve(&asked)?.trim().to_owned())
}
