//! The system service, from its installation to a daemon that hangs and comes back.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, thread};

use anyhow::{Context, ensure};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{self, CLIENT_SECRET, Decision};
use greenroom_tests::sshd::{self, Sshd};
use serde_json::Value;

use super::inside::{done, ended, greenroom, run, systemctl, until};
use super::{key, own};
use crate::service::units;

pub fn story() -> anyhow::Result<()> {
    let zoom = zoom()?;
    without_a_key_it_says_so()?;
    install(&zoom)?;
    the_first_call_starts_it()?;
    own::gives_way()?;
    everybody_is_who_they_are()?;
    dana_connects_and_books()?;
    if sshd::is_there() {
        dana_comes_by_ssh()?;
    }
    key::story()?;
    it_comes_back_after_a_restart()?;
    what_was_backed_up_is_restored_while_it_runs()?;
    a_new_machine_is_restored_as_readme_says()?;
    one_that_hangs_is_started_again()?;
    systemd_finds_little_open()
}

/// A property of the service.
fn of_service(property: &str) -> anyhow::Result<String> {
    let said = systemctl(&[
        "show",
        "--value",
        "--property",
        property,
        "greenroomd.service",
    ])?;
    Ok(said.trim().to_owned())
}

/// A sandbox in the place of Zoom, and what it said when it was ready.
fn zoom() -> anyhow::Result<Value> {
    let mut zoom = Command::new("/usr/local/lib/greenroom/demo")
        .args(["sandbox", "--user", DANA])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(zoom.stdout.take().context("its output")?).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// The service, as an administrator who has forgotten a line meets it.
fn without_a_key_it_says_so() -> anyhow::Result<()> {
    ensure!(systemctl(&["start", "greenroomd.service"]).is_err());
    until("it has said why", || {
        Ok(journal()?.contains("systemd credential vault-key"))
    })?;
    systemctl(&["stop", "greenroomd.service", "greenroomd.socket"])?;
    let failed = Command::new("systemctl").arg("reset-failed").status()?;
    ensure!(failed.success(), "{failed}");
    println!("without a key it says how to give it one");
    Ok(())
}

/// What the service wrote.
fn journal() -> anyhow::Result<String> {
    run(Command::new("journalctl").args(["--no-pager", "-u", "greenroomd.service"]))
}

/// What README tells an administrator to do.
fn install(zoom: &Value) -> anyhow::Result<()> {
    let url = |name: &str| {
        let url = zoom[name].as_str().context("an address")?;
        // By name, so that names are found from within the service.
        anyhow::Ok(url.replace("127.0.0.1", "localhost"))
    };
    fs::write("/etc/hosts", "127.0.0.1 localhost\n")?;
    let config = format!(
        "[zoom]\nclient_id = {}\nclient_secret_command = [\"echo\", \"{CLIENT_SECRET}\"]\noauth_url = \"{}\"\napi_url = \"{}\"\n",
        zoom["client_id"],
        url("oauth_url")?,
        url("api_url")?
    );
    fs::write("/etc/greenroom/config.toml", config)?;
    fs::create_dir_all("/etc/credstore.encrypted")?;
    run(Command::new("sh").arg("-c").arg(
        "head -c 32 /dev/urandom | systemd-creds encrypt --name=vault-key - /etc/credstore.encrypted/vault-key",
    ))?;
    // Sooner than the minute or so of the real one.
    fs::create_dir_all("/etc/systemd/system/greenroomd.service.d")?;
    fs::write(
        "/etc/systemd/system/greenroomd.service.d/soon.conf",
        "[Service]\nWatchdogSec=5\n",
    )?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", "greenroomd.socket", "greenroomd.service"])?;
    systemctl(&["start", "greenroomd.socket"]).map(drop)
}

fn the_first_call_starts_it() -> anyhow::Result<()> {
    ensure!(of_service("ActiveState")? == "inactive");
    let socket = Path::new("/run/greenroom/greenroom.sock");
    let modes = (
        socket.metadata()?.mode() & 0o777,
        Path::new("/run/greenroom").metadata()?.mode() & 0o777,
    );
    ensure!(modes == (0o660, 0o750), "{modes:?}");
    let setup = [
        "setup",
        "--workspace",
        "Acme",
        "--name",
        "Dana Reyes",
        "--email",
        DANA,
        "--zone",
        "Europe/Berlin",
    ];
    done("root", &setup)?;
    ensure!(of_service("ActiveState")? == "active");
    let data = Path::new("/var/lib/greenroom").metadata()?;
    ensure!(data.mode() & 0o777 == 0o700, "{:o}", data.mode());
    println!("the first call starts the daemon");

    let checks =
        done("root", &["doctor"]).or_else(|_| ended("root", &["doctor"]).map(|(_, it)| it))?;
    let key = checks.to_string();
    ensure!(key.contains("the systemd credential"), "{key}");
    println!("the vault's key is systemd's");
    Ok(())
}

fn everybody_is_who_they_are() -> anyhow::Result<()> {
    // Root set it up, and was Dana until she has a Unix user of her own.
    done("root", &["member", "link", DANA, "--user", "dana"])?;
    let status = done("dana", &["status"])?;
    ensure!(status["caller"]["member"]["email"] == DANA, "{status}");
    ensure!(status["operator"] == false, "{status}");
    let status = done("root", &["status"])?;
    ensure!(
        status["caller"].is_null() && status["operator"] == true,
        "{status}"
    );

    let (code, refused) = ended("sam", &["job", "list"])?;
    ensure!(code == 5, "{refused}");
    let way = refused["error"]["hint"].as_str().unwrap_or_default();
    ensure!(
        way.contains("member link") && way.contains("2002"),
        "{refused}"
    );
    let here = ["--socket", "/run/greenroom/greenroom.sock", "status"];
    let (code, refused) = ended("eve", &here)?;
    ensure!(code == 3, "{refused}");
    let (code, refused) = ended("root", &["job", "list"])?;
    ensure!(code == 5, "{refused}");
    done("root", &["--as", DANA, "job", "list"])?;
    println!("linked, not linked, not in the group, root: each is known by their socket");
    Ok(())
}

fn dana_connects_and_books() -> anyhow::Result<()> {
    done("dana", &["job", "add", "Engineer"])?;
    add("Ana Ruiz", "ana@mail.example")?;
    let connect = ["zoom", "connect", "--no-browser"];
    let mut connecting = greenroom("dana", &connect).stdout(Stdio::piped()).spawn()?;
    let mut said = BufReader::new(connecting.stdout.take().context("its output")?).lines();
    let first: Value = serde_json::from_str(&said.next().context("a line")??)?;
    let address = first["authorize_url"].as_str().context("an address")?;
    browse(address)?;
    ensure!(connecting.wait()?.success(), "{:?}", said.next());
    let status = done("dana", &["zoom", "status"])?;
    ensure!(status["state"] == "connected", "{status}");
    println!("Dana connects her Zoom");

    let book = [
        "interview",
        "new",
        "--candidate",
        "ana@mail.example",
        "--start",
        "2030-01-02 10:00",
        "--confirm",
        "--idempotency-key",
        "k",
    ];
    let booked = done("dana", &book)?;
    ensure!(booked["meeting"]["state"] == "ready", "{booked}");
    println!("she books a meeting");
    Ok(())
}

fn add(name: &str, email: &str) -> anyhow::Result<Value> {
    done(
        "dana",
        &[
            "candidate",
            "add",
            "--name",
            name,
            "--email",
            email,
            "--job",
            "Engineer",
        ],
    )
}

/// Dana at her browser: allows, and is sent to where the client listens.
fn browse(address: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let location = sandbox::consent(address, DANA, Decision::Allow).await?;
        let page = sandbox::http_client()?.get(location).send().await?;
        ensure!(page.status().is_success(), "{}", page.status());
        Ok(())
    })
}

/// Eve's machine, so to speak: she may not speak to the daemon, but logs in to the server as Dana.
fn dana_comes_by_ssh() -> anyhow::Result<()> {
    run(Command::new("usermod").args(["--password", "*", "dana"]))?;
    let keys = Path::new("/srv/ssh");
    fs::create_dir_all(keys)?;
    let server = Sshd::start(keys)?;
    let local = "/home/eve/greenroom.sock";
    let socket = Path::new("/run/greenroom/greenroom.sock");
    let _ssh = server.forward("dana", Path::new(local), socket)?;
    run(Command::new("chown").args(["eve", local]))?;
    let status = done("eve", &["--socket", local, "--no-start", "status"])?;
    ensure!(status["caller"]["member"]["email"] == DANA, "{status}");
    println!("by ssh one is who one logged in as");
    Ok(())
}

fn candidates() -> anyhow::Result<Vec<String>> {
    let list = done("dana", &["candidate", "list", "--all"])?;
    let emails = list["items"].as_array().context("items")?.iter();
    Ok(emails
        .filter_map(|it| it["email"].as_str().map(str::to_owned))
        .collect())
}

fn it_comes_back_after_a_restart() -> anyhow::Result<()> {
    systemctl(&["restart", "greenroomd.service"])?;
    let interviews = done("dana", &["interview", "list", "--all"])?;
    ensure!(
        interviews["items"][0]["meeting"]["state"] == "ready",
        "{interviews}"
    );
    let status = done("dana", &["zoom", "status"])?;
    ensure!(status["state"] == "connected", "{status}");
    // Stopped, it is started by the next call; the socket stays.
    systemctl(&["stop", "greenroomd.service"])?;
    ensure!(of_service("ActiveState")? == "inactive");
    ensure!(candidates()? == ["ana@mail.example"]);
    ensure!(of_service("ActiveState")? == "active");
    println!("restarted, and stopped and called, it has everything");
    Ok(())
}

fn what_was_backed_up_is_restored_while_it_runs() -> anyhow::Result<()> {
    let process = of_service("MainPID")?;
    let backup = "/root/greenroom.backup";
    done("root", &["backup", backup])?;
    add("Mistaken", "mistaken@mail.example")?;
    done("root", &["--yes", "restore", backup])?;
    ensure!(candidates()? == ["ana@mail.example"]);
    // systemd saw no end in it: the same process runs, and goes on telling that it lives.
    ensure!(of_service("SubState")? == "running" && of_service("MainPID")? == process);
    println!("backed up and restored while it runs");
    Ok(())
}

/// Case C11: nothing is there but the backup and the key that was kept; both are root's.
fn a_new_machine_is_restored_as_readme_says() -> anyhow::Result<()> {
    done("root", &["backup", "/root/acme.backup"])?;
    let kept =
        "systemd-creds decrypt /etc/credstore.encrypted/vault-key - | base64 >/root/vault-key.kept";
    run(Command::new("bash").args(["-c", kept]))?;
    systemctl(&["stop", "greenroomd.socket", "greenroomd.service"])?;
    fs::remove_dir_all("/var/lib/greenroom")?;
    fs::remove_file("/etc/credstore.encrypted/vault-key")?;

    let readme = include_str!("../../../../../daemon/README.md");
    let lines = readme
        .split("```")
        .find(|part| part.contains("greenroomd restore acme.backup"));
    let lines = lines.and_then(|lines| lines.strip_prefix("sh\n"));
    let script = format!("set -e -o pipefail\n{}", lines.context("README says how")?);
    let said = run(Command::new("bash")
        .args(["-c", &script])
        .current_dir("/root"))?;
    ensure!(said.contains("/var/lib/greenroom/store"), "{said}");
    ensure!(candidates()? == ["ana@mail.example"]);
    let owner = fs::metadata("/var/lib/greenroom")?.uid();
    ensure!(owner != 0, "it is root's");
    for file in ["store/data/db", "store/vault-ring", "store/store-id"] {
        let found = fs::metadata(Path::new("/var/lib/greenroom").join(file))?.uid();
        ensure!(found == owner, "{file} belongs to {found}");
    }
    let left: Vec<_> = fs::read_dir("/var/lib/greenroom/store")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("incoming"))
        .collect();
    ensure!(left.is_empty(), "{left:?} is left");
    ensure!(!Path::new("/root/.local/share/greenroom").exists());

    // Beside the daemon that runs it refuses, and names it.
    let refused = Command::new("greenroomd")
        .args(["restore", "/root/acme.backup"])
        .output()?;
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    ensure!(
        !refused.status.success() && told.contains("greenroom.sock"),
        "{told}"
    );
    println!("a new machine is restored as README says");
    Ok(())
}

/// Stopped in the midst of work, as one that hangs: systemd misses its keep-alives and starts it
/// again.
fn one_that_hangs_is_started_again() -> anyhow::Result<()> {
    // The story goes faster than people, and systemd counts the starts of ten seconds.
    systemctl(&["reset-failed", "greenroomd.service"])?;
    let before = of_service("MainPID")?;
    let adding = thread::spawn(|| {
        let mut acknowledged = Vec::new();
        for number in 0.. {
            let email = format!("candidate{number}@mail.example");
            match add(&format!("Candidate {number}"), &email) {
                Ok(_) => acknowledged.push(email),
                Err(_) => break,
            }
        }
        acknowledged
    });
    until("some are added", || Ok(candidates()?.len() > 3))?;
    run(Command::new("kill").args(["-STOP", &before]))?;
    until("systemd started it again", || {
        let now = of_service("MainPID")?;
        Ok(now != before && now != "0" && of_service("ActiveState")? == "active")
    })?;
    ensure!(of_service("NRestarts")? == "1");
    let acknowledged = adding
        .join()
        .map_err(|_| anyhow::anyhow!("adding failed"))?;
    let found = candidates()?;
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|it| !found.contains(it))
        .collect();
    ensure!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let journal = journal()?;
    ensure!(journal.contains("Watchdog timeout"), "{journal}");
    println!("one that hangs is started again, and nothing acknowledged is lost");
    Ok(())
}

fn systemd_finds_little_open() -> anyhow::Result<()> {
    let judged = [
        "security",
        "--no-pager",
        "--threshold=15",
        "greenroomd.service",
    ];
    let said = run(Command::new("systemd-analyze").args(judged))?;
    let level = units::exposure(&said).context("a level")?;
    println!("systemd-analyze security: {level}");
    Ok(())
}
