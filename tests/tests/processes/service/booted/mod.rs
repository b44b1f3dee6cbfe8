//! A system that systemd boots in a container of this machine's own programs, for as long as one
//! story takes: everything but `/usr` is new and goes with it, the network is a loopback of its
//! own, and nothing is left.

pub mod inside;
mod key;
mod own;
mod system;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use greenroom_tests::tools::{self, Tool};
use inside::{HERE, SAID};
use rustix::fs::{FlockOperation, flock};

use crate::service::units;

/// Where programs are, inside.
const PROGRAMS: &str = "/usr/local/lib/greenroom";

/// Tells the story and ends the system with it.
const STORY: &str = "\
[Unit]
SuccessAction=poweroff
FailureAction=exit
FailureActionExitStatus=1

[Service]
Type=oneshot
Environment=GREENROOM_TEST_INSIDE=1
ExecStart=/usr/local/lib/greenroom/story --ignored --exact service::booted::inside::inside --nocapture
ExecStopPost=/bin/sh -c 'journalctl --boot --no-pager --output=short-monotonic >/run/story/journal'
StandardOutput=file:/run/story/said
StandardError=inherit
TimeoutStartSec=300
";

/// Who lives there: Dana and Sam may speak to the daemon, Eve may not. sshd wants a user of its
/// own.
const PEOPLE: &str = "\
u dana 2001 \"Dana Reyes\" /home/dana /bin/sh
u sam 2002 \"Sam Ito\" /home/sam /bin/sh
u eve 2003 \"Eve Moss\" /home/eve /bin/sh
u sshd - \"sshd\" /run/sshd -
m dana greenroom
m sam greenroom
";

/// Whether a system can be booted here; where not, it says why.
pub fn boots() -> bool {
    if !rustix::process::geteuid().is_root() {
        tools::skipped("only root may boot a system in a container");
        return false;
    }
    let there = Command::new("systemd-nspawn").arg("--version").output();
    let there = there.is_ok_and(|asked| asked.status.success());
    if !there {
        tools::missing(Tool::Nspawn);
    }
    there
}

/// One system at a time, anyone who tests: two would share their control groups and end each other's
/// processes.
pub fn alone() -> std::io::Result<fs::File> {
    let lock = fs::File::create(std::env::temp_dir().join("greenroom-booted.lock"))?;
    flock(&lock, FlockOperation::LockExclusive)?;
    Ok(lock)
}

fn boot(directory: &Path) -> std::io::Result<Output> {
    let write = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::write(&path, text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map(|()| path)
    };
    let runs = |part: &str| format!("#!/bin/sh\nexec {PROGRAMS}/demo {part} \"$@\"\n");
    let (daemon, client) = (runs("daemon"), runs("client"));
    let ro = |from: &Path, to: &str| format!("--bind-ro={}:{to}", from.display());
    let shipped = |name: &str, to: &str| ro(&units::folder().join(name), to);
    let [said, state] = ["said", "state"].map(|name| directory.join(name));
    fs::create_dir(&said)?;
    fs::create_dir(&state)?;

    let machine = format!("greenroom-{}", std::process::id());
    // Longer than the story may take.
    Command::new("timeout")
        .args(["--kill-after=10", "330", "systemd-nspawn"])
        .args(["--quiet", "--directory=/", "--volatile=yes", "--boot"])
        .args(["--register=no", "--keep-unit", "--private-network"])
        .args(["--console=pipe", "--tmpfs=/usr/local:mode=0755"])
        .arg(format!("--machine={machine}"))
        .arg(ro(
            Path::new(env!("CARGO_BIN_EXE_demo")),
            &format!("{PROGRAMS}/demo"),
        ))
        .arg(ro(&std::env::current_exe()?, &format!("{PROGRAMS}/story")))
        .arg(ro(
            &write("greenroomd", &daemon)?,
            "/usr/local/bin/greenroomd",
        ))
        .arg(ro(
            &write("greenroom", &client)?,
            "/usr/local/bin/greenroom",
        ))
        .arg(shipped("system", "/usr/local/lib/systemd/system"))
        .arg(shipped("user", "/usr/local/lib/systemd/user"))
        .arg(shipped(
            "sysusers.d/greenroom.conf",
            "/etc/sysusers.d/greenroom.conf",
        ))
        .arg(shipped(
            "tmpfiles.d/greenroom.conf",
            "/etc/tmpfiles.d/greenroom.conf",
        ))
        .arg(ro(
            &write("people.conf", PEOPLE)?,
            "/etc/sysusers.d/people.conf",
        ))
        .arg(ro(
            &write("story.service", STORY)?,
            "/etc/systemd/system/story.service",
        ))
        .arg(format!("--bind={}:{HERE}", said.display()))
        .arg("--bind-ro=/etc/ssl")
        // systemd keeps no key for credentials in memory.
        .arg(format!("--bind={}:/var/lib/systemd", state.display()))
        .args([
            "systemd.unit=story.service",
            "systemd.mask=systemd-firstboot.service",
        ])
        .output()
}

#[test]
fn as_a_system_service_it_does_all_its_work() {
    if !boots() {
        return;
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let alone = alone().unwrap();
    let booted = boot(directory.path()).unwrap();
    drop(alone);
    let of = |name: &str| {
        let path = directory.path().join("said").join(name);
        fs::read_to_string(path).unwrap_or_default()
    };
    let (said, console) = (of("said"), String::from_utf8_lossy(&booted.stderr));
    if !said.contains(SAID) {
        return tools::skipped(&format!("no system could be booted here: {console}"));
    }
    assert!(booted.status.success(), "{said}\n{}", of("journal"));
    print!("{said}");
}
