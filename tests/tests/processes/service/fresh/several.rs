//! One daemon for several people: installed, used, upgraded, with another key, and moved to another
//! machine.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use greenroom_tests::sandbox::{self, CLIENT_SECRET, Decision};
use serde_json::Value;

use super::inside::people;
use super::readme::{ARRIVE, INSTALL, MEMBERS, REKEY, SSH, UPGRADE, block, keep, type_in};
use crate::service::booted::inside::{done, ended, greenroom, run, systemctl, until};

const DANA: &str = "dana@acme.example";

pub fn first() -> anyhow::Result<()> {
    type_in(block(INSTALL)?)?;
    println!("installed as README says");
    type_in(block(MEMBERS)?)?;
    let status = done("dana", &["status"])?;
    ensure!(status["caller"]["member"]["email"] == DANA, "{status}");
    ensure!(done("sam", &["status"])?["caller"]["member"]["name"] == "Sam Ito");
    println!("Dana and Sam are members");
    reloads_with_a_zoom()?;
    is_checked()?;
    nobody_has_their_own()?;
    by_ssh()?;

    let before = done("dana", &["status"])?;
    type_in(block(UPGRADE)?)?;
    let after = done("dana", &["status"])?;
    ensure!(
        before["store"] == after["store"] && before["pid"] != after["pid"],
        "{after}"
    );
    ensure!(fs::metadata("/root/greenroom/before-upgrade.backup").is_ok());
    still_there()?;
    println!("upgraded");

    type_in(block(REKEY)?)?;
    ensure!(done("dana", &["zoom", "status"])?["state"] == "connected");
    still_there()?;
    println!("its key is changed");

    type_in(&format!("greenroom backup acme.backup\n{}", keep()?))?;
    println!("what goes to another machine is kept: a backup and the key");
    Ok(())
}

pub fn second() -> anyhow::Result<()> {
    people()?;
    let (mut arrive, mut install) = (block(ARRIVE)?.lines(), String::new());
    let key = arrive.next().context("the line that takes the key along")?;
    for line in block(INSTALL)?.lines() {
        let line = if line.starts_with("head -c 32") {
            key
        } else {
            line
        };
        install.push_str(line);
        install.push('\n');
    }
    type_in(&install)?;
    type_in(&arrive.collect::<Vec<_>>().join("\n"))?;
    run(Command::new("usermod").args(["-aG", "greenroom", "dana"]))?;
    still_there()?;
    println!("arrived on another machine");
    Ok(())
}

/// Whatever was done, the job and who may see it are there.
fn still_there() -> anyhow::Result<()> {
    let jobs = done("root", &["--as", DANA, "job", "list"])?;
    ensure!(jobs.to_string().contains("Engineer"), "{jobs}");
    Ok(())
}

/// Case C7: the Zoom app comes with a reload, and nobody is turned away.
fn reloads_with_a_zoom() -> anyhow::Result<()> {
    done("dana", &["job", "add", "Engineer"])?;
    let mut zoom = Command::new("/mnt/test/demo")
        .args(["sandbox", "--user", DANA])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(zoom.stdout.take().context("its output")?).read_line(&mut line)?;
    let zoom: Value = serde_json::from_str(&line)?;
    let before = done("dana", &["status"])?;
    let config = format!(
        "[zoom]\nclient_id = {}\nclient_secret_command = [\"echo\", \"{CLIENT_SECRET}\"]\noauth_url = {}\napi_url = {}\n",
        zoom["client_id"], zoom["oauth_url"], zoom["api_url"]
    );
    fs::write("/etc/greenroom/config.toml", config)?;
    systemctl(&["reload", "greenroomd"])?;
    let after = done("dana", &["status"])?;
    ensure!(
        before["pid"] == after["pid"] && !after["sandbox"].is_null(),
        "{after}"
    );
    let journal = run(Command::new("journalctl").args(["--no-pager", "-u", "greenroomd"]))?;
    ensure!(journal.contains("zoom.client_id"), "{journal}");

    let connect = ["zoom", "connect", "--no-browser"];
    let mut connecting = greenroom("dana", &connect).stdout(Stdio::piped()).spawn()?;
    let mut said = BufReader::new(connecting.stdout.take().context("its output")?).lines();
    let first: Value = serde_json::from_str(&said.next().context("a line")??)?;
    let address = first["authorize_url"].as_str().context("an address")?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let location = sandbox::consent(address, DANA, Decision::Allow).await?;
        sandbox::http_client()?.get(location).send().await?;
        anyhow::Ok(())
    })?;
    ensure!(connecting.wait()?.success(), "{:?}", said.next());
    println!("a reload brought the Zoom app, and Dana is connected");

    // A bad one is refused, and says so.
    let good = fs::read("/etc/greenroom/config.toml")?;
    fs::write("/etc/greenroom/config.toml", "[zom]\n")?;
    ensure!(systemctl(&["reload", "greenroomd"]).is_err());
    let journal = run(Command::new("journalctl").args(["--no-pager", "-u", "greenroomd"]))?;
    ensure!(journal.contains("did you mean `zoom`"), "{journal}");
    ensure!(done("dana", &["status"])?["pid"] == before["pid"]);
    fs::write("/etc/greenroom/config.toml", good)?;
    println!("a bad configuration is refused");
    Ok(())
}

/// Case C8: root's check is the service's, while it runs and while it does not.
fn is_checked() -> anyhow::Result<()> {
    let said = type_in("greenroomd check")?;
    for words in [
        "/etc/greenroom/config.toml",
        "the systemd credential",
        "in use: process",
        "/run/greenroom/greenroom.sock",
    ] {
        ensure!(said.contains(words), "{words}: {said}");
    }
    systemctl(&["stop", "greenroomd.socket", "greenroomd.service"])?;
    let said = type_in("greenroomd check")?;
    ensure!(
        said.contains("/var/lib/greenroom/store, revision"),
        "{said}"
    );
    // As root, without the service's credential: the key is not lost.
    let without =
        type_in("greenroomd check --data /var/lib/greenroom --config /etc/greenroom/config.toml");
    let said = format!("{without:?}");
    ensure!(without.is_err() && !said.contains("--lost"), "{said}");
    let lost = type_in(
        "greenroomd rekey --lost --data /var/lib/greenroom --config /etc/greenroom/config.toml",
    );
    ensure!(lost.is_err(), "{lost:?}");

    let good = fs::read("/etc/greenroom/config.toml")?;
    fs::write("/etc/greenroom/config.toml", "[zom]\n")?;
    let refused = type_in("greenroomd check");
    ensure!(refused.is_err(), "{refused:?}");
    fs::write("/etc/greenroom/config.toml", good)?;
    println!("root checks what the service uses");
    Ok(())
}

/// Case C3, while the service is stopped.
fn nobody_has_their_own() -> anyhow::Result<()> {
    let why = |user: &str, arguments: &[&str]| {
        let (code, refused) = ended(user, arguments)?;
        ensure!(code == 3, "{user} {arguments:?}: {refused}");
        anyhow::Ok(refused.to_string())
    };
    for verb in [&["status"][..], &["daemon", "start"], &["job", "list"]] {
        let said = why("dana", verb)?;
        ensure!(said.contains("it is stopped"), "{said}");
    }
    let setup = [
        "setup",
        "--workspace",
        "Mine",
        "--name",
        "Eve",
        "--email",
        "eve@x.example",
        "--zone",
        "UTC",
    ];
    why("eve", &setup)?;
    why(
        "eve",
        &["--socket", "/home/eve/own.sock", "daemon", "start"],
    )?;
    let own = super::one::dana("systemctl --user start greenroomd.service");
    ensure!(own.is_err(), "{own:?}");

    systemctl(&["start", "greenroomd.socket", "greenroomd.service"])?;
    let said = why("eve", &["status"])?;
    ensure!(said.contains("usermod -aG greenroom eve"), "{said}");
    // Logged in before she was in the group.
    let old = Command::new("setpriv")
        .args(["--reuid", "dana", "--regid", "dana", "--clear-groups"])
        .args(["/usr/local/bin/greenroom", "--json", "status"])
        .env("HOME", "/home/dana")
        .output()?;
    let said = String::from_utf8_lossy(&old.stdout);
    ensure!(
        old.status.code() == Some(3) && said.contains("log out and in again"),
        "{said}"
    );

    // It cannot start: the reason is that it failed.
    let good = fs::read("/etc/greenroom/config.toml")?;
    fs::write("/etc/greenroom/config.toml", "[zom]\n")?;
    ensure!(systemctl(&["restart", "greenroomd.service"]).is_err());
    until("it has failed", || {
        let (code, refused) = ended("dana", &["status"])?;
        Ok(code == 3 && refused.to_string().contains("it has failed"))
    })?;
    fs::write("/etc/greenroom/config.toml", good)?;
    Command::new("systemctl").arg("reset-failed").status()?;
    systemctl(&["restart", "greenroomd.socket", "greenroomd.service"])?;
    done("dana", &["status"])?;
    println!("nobody starts a daemon of their own beside it, and each hears why it is away");
    Ok(())
}

/// Eve's machine, so to speak, from which Dana comes.
fn by_ssh() -> anyhow::Result<()> {
    let mut lines = block(SSH)?.lines();
    let (tunnel, client) = (
        lines.next().context("the tunnel")?,
        lines.next().context("the client")?,
    );
    type_in(
        "usermod --password '*' dana\n\
         setpriv --reuid eve --regid eve --init-groups bash -c 'mkdir -m 700 /home/eve/.ssh; \
         ssh-keygen -q -t ed25519 -N \"\" -f /home/eve/.ssh/id_ed25519; \
         echo StrictHostKeyChecking no > /home/eve/.ssh/config'\n\
         install -d -m 700 -o dana -g dana /home/dana/.ssh\n\
         install -m 600 -o dana -g dana /home/eve/.ssh/id_ed25519.pub /home/dana/.ssh/authorized_keys\n\
         systemctl start systemd-user-sessions.service ssh.service",
    )?;
    let script = format!(
        "cd\n{tunnel}\nfor i in $(seq 600); do [ -S ~/greenroom.sock ] && break; sleep 0.1; done\n\
         {client} --json status; ended=$?; kill %1; wait; \
         {client} --json status; [ $? = 3 ] && exit $ended"
    );
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid",
            "eve",
            "--regid",
            "eve",
            "--init-groups",
            "bash",
            "-c",
            &script,
        ])
        .env("HOME", "/home/eve");
    let said = run(&mut command)?;
    ensure!(said.contains(DANA), "{said}");
    println!("by ssh one is who one logged in as, and at a tunnel that is down nothing is started");
    Ok(())
}
